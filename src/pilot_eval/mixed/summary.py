"""A fit as text, laid out like lme4's summary, with what lme4 leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from .lmm import LmmFit


def _frame(table: pd.DataFrame, **kwargs: Any) -> str:
    return str(table.to_string(**kwargs))


def random_part(varcorr: pd.DataFrame) -> str:
    """Groups, names, variances, standard deviations and correlations."""
    rows, last = [], None
    records: list[dict[str, Any]] = [dict(zip(varcorr.columns, r, strict=True)) for r in varcorr.to_numpy()]
    for row in records:
        if isinstance(row["term2"], str):
            continue
        pairs = [r["sdcor"] for r in records if r["group"] == row["group"] and r["term2"] == row["term1"]]
        group = row["group"] if row["group"] != last else ""
        name = row["term1"] if isinstance(row["term1"], str) else ""
        text = " ".join(f"{v:.2f}" for v in pairs)
        rows.append((group, name, f"{row['vcov']:.5g}", f"{row['sdcor']:.5g}", text))
        last = row["group"]
    table = pd.DataFrame(rows, columns=["Groups", "Name", "Variance", "Std.Dev.", "Corr"])
    return _frame(table, index=False)


def counts(nobs: int, ngroups: dict[str, int]) -> str:
    return f"Number of obs: {nobs}, groups: " + "; ".join(f"{k}, {v}" for k, v in ngroups.items())


def dropped_text(n: int, reasons: dict[str, int]) -> str:
    if not n:
        return "Rows dropped: none"
    return f"Rows dropped: {n} (missing " + ", ".join(f"{k} {v}" for k, v in reasons.items()) + ")"


def coefficients(table: pd.DataFrame) -> str:
    """Fixed effects with four significant digits and p-values."""
    shown = table[["estimate", "se", "df", "statistic", "p"]].copy()
    for name in ("estimate", "se", "statistic"):
        shown[name] = shown[name].map(lambda v: f"{v:.4g}")
    shown["df"] = shown["df"].map(lambda v: "inf" if np.isinf(v) else f"{v:.1f}")
    shown["p"] = shown["p"].map(lambda v: "<0.0001" if v < 1e-4 else f"{v:.4f}")
    shown.index.name = None
    return _frame(shown)


def summary(fit: LmmFit) -> str:
    """See `LmmFit.summary`."""
    tests = fit.tests()
    diagnostics = fit.diagnostics()
    kind = "REML" if fit.reml else "maximum likelihood"
    scaled = fit.residuals("scaled")
    five = "  ".join(f"{q} {v:.4f}" for q, v in zip(("Min", "1Q", "Median", "3Q", "Max"), _five(scaled), strict=True))
    lines = [
        f"Linear mixed model fit by {kind}",
        f"Formula: {fit.formula}",
        "",
        f"{'REML criterion' if fit.reml else 'Deviance'} at convergence: {fit.criterion:.4f}",
        f"AIC {fit.aic:.2f}  BIC {fit.bic:.2f}  logLik {fit.loglik:.3f}",
        "",
        f"Scaled residuals: {five}",
        "",
        "Random effects:",
        random_part(fit.varcorr),
        counts(fit.nobs, fit.ngroups),
        dropped_text(fit.problem.rows.n_dropped, fit.dropped),
        "",
        f"Fixed effects (df: {tests.attrs['df']}):",
        coefficients(tests),
        "",
        f"Optimum: largest scaled gradient {diagnostics.scaled_gradient:.1e}, "
        f"{fit.optimum.evaluations} evaluations, {fit.optimum.restarts} restarts, {fit.optimum.optima} optima seen",
    ]
    if fit.singular:
        lines.append("Singular fit: " + "; ".join(diagnostics.singular_directions))
    return "\n".join(lines)


def _five(values: pd.Series) -> list[float]:
    return [float(v) for v in np.quantile(values.to_numpy(), [0.0, 0.25, 0.5, 0.75, 1.0])]


def summary_general(fit: Any) -> str:
    """See `GlmmFit.summary`."""
    tests = fit.tests()
    how = "Laplace approximation" if fit.n_agq == 1 else f"adaptive Gauss-Hermite quadrature, {fit.n_agq} nodes"
    lines = [
        f"Generalised linear mixed model ({fit.family.name}) fit by {how}",
        f"Formula: {fit.formula}",
        "",
        f"AIC {fit.aic:.2f}  BIC {fit.bic:.2f}  logLik {fit.loglik:.3f}",
        "",
        "Random effects:",
        random_part(fit.varcorr),
        counts(fit.nobs, fit.ngroups),
        dropped_text(fit.problem.rows.n_dropped, fit.dropped),
        "",
        "Fixed effects (df: normal):",
        coefficients(tests) if len(tests) else "none",
    ]
    if hasattr(fit, "thresholds"):
        lines += ["", "Thresholds:", str(fit.thresholds.to_string())]
    diagnostics = fit.diagnostics()
    lines += [
        "",
        f"Optimum: largest scaled gradient {diagnostics.scaled_gradient:.1e}, {fit.optimum.restarts} restarts",
    ]
    if fit.singular:
        lines.append("Singular fit: " + "; ".join(diagnostics.singular_directions))
    return "\n".join(lines)
