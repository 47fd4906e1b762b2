"""How far parts of a fit are from what R gave: coefficients, variances, modes, tests, means, predictions, profiles."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from r_results import Case, Differences, group, number, records, term, typed, value

from pilot_eval.mixed import GlmmFit, LmmFit

#: bounds by R interpolate a spline: share of the interval's length
PROFILE = 2e-3


def by_term(table: pd.Series | pd.DataFrame) -> Any:
    return table.set_axis([term(name) for name in table.index])


def compare_counts(seen: Differences, fit: LmmFit | GlmmFit, r: dict[str, Any]) -> None:
    seen.same("rows", fit.nobs, r["nobs"])
    seen.same("singular", fit.singular, r["singular"])
    seen.same("converged", fit.converged, True)
    for row in records(r.get("ngroups")):
        seen.same(
            f"groups of {row['group']}", {group(k): n for k, n in fit.ngroups.items()}[group(row["group"])], row["n"]
        )


def compare_coefficients(
    seen: Differences, estimate: pd.Series, se: pd.Series, table: dict[str, list[Any]], tol: dict[str, float]
) -> None:
    ours, ours_se = by_term(estimate), by_term(se)
    for row in records(table):
        name = term(row["term"])
        seen.close(f"coefficient [{name}]", ours[name], row["estimate"], tol["estimate"], number(row["se"]))
        seen.close(f"standard error [{name}]", ours_se[name], row["se"], tol["se"])


def compare_matrix(seen: Differences, what: str, ours: pd.DataFrame, r: dict[str, Any], allowed: float) -> None:
    """A covariance matrix, in units of the standard errors."""
    mine = by_term(by_term(ours).T).T
    names, want = [term(t) for t in r["terms"]], np.array(r["values"], dtype=float)
    se = np.sqrt(np.diag(want))
    for i, row in enumerate(names):
        for j, column in enumerate(names[: i + 1]):
            seen.close(f"{what} [{row}, {column}]", mine.loc[row, column], want[i, j], allowed, se[i] * se[j])


def variances(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, ...], float]:
    """Variances and covariances by group and terms, whatever their order."""
    out = {}
    for row in rows:
        terms = sorted(term(t) for t in (row["term1"], row["term2"]) if isinstance(t, str) and t)
        out[(group(row["group"]), *terms)] = float(row["vcov"])
    return out


def compare_variances(seen: Differences, ours: pd.DataFrame, table: dict[str, list[Any]], allowed: float) -> None:
    """Relative; a covariance, to the product of its standard deviations; what is nearly zero, to all variance."""
    mine, want = variances(ours.to_dict("records")), variances(records(table))
    floor = 1e-3 * sum(v for key, v in want.items() if len(key) < 3)
    for key, variance in want.items():
        scale = variance if len(key) < 3 else math.sqrt(want[key[:2]] * want[(key[0], key[2])])
        seen.close(f"variance [{key}]", mine.get(key, math.nan), variance, allowed, max(scale, floor))


def compare_modes(seen: Differences, fit: LmmFit | GlmmFit, table: dict[str, list[Any]], tol: dict[str, float]) -> None:
    """Conditional modes in their SD, their standard errors, and (linear) the groups' own coefficients."""
    rows = pd.DataFrame(table)
    for (name, column), part in rows.groupby(["group", "term"], sort=False):
        ours = fit.ranef(str(name), interval=0.95)
        place = pd.Index([group(level) for level in ours.index]).get_indexer([group(v) for v in part["level"]])
        mine = next(c for c in ours.columns if term(c) == term(column))
        se = part["se"].astype(float)
        scale = max(float(part["estimate"].astype(float).std(ddof=0)), 1e-3 * se.max())
        labels = [f"{name}, {level}, {column}" for level in part["level"]]
        seen.all_close("mode", labels, ours[mine].iloc[place], part["estimate"], tol["mode"], scale)
        seen.all_close("mode's se", labels, ours[f"{mine}:se"].iloc[place], se, tol["se"], se.max())
        if isinstance(fit, LmmFit) and "NA" not in set(part["own"]):
            own, own_se = fit.area_effects(mine, str(name)).iloc[place], part["own_se"].astype(float)
            seen.all_close("own", labels, own["estimate"], part["own"], tol["mode"], own_se)
            seen.all_close("own se", labels, own["se"], own_se, tol["se"], own_se)


def compare_tests(seen: Differences, fit: LmmFit, method: str, r: dict[str, Any], tol: dict[str, float]) -> None:
    """Coefficients' tests, the adjusted covariance and type III F by a method of degrees of freedom."""
    ours = by_term(fit.tests(df=method))
    for row in records(r["tests"]):
        where = f"{method} [{term(row['term'])}]"
        _compare_estimate(seen, where, ours.loc[term(row["term"])], row, tol)
    if "vcov" in r:
        adjusted = pd.DataFrame(fit.basis(method).covariance(), index=fit.fixef.index, columns=fit.fixef.index)
        compare_matrix(seen, "adjusted covariance", adjusted, r["vcov"], tol["se"])
    anova = by_term(fit.anova(df=method))
    for row in records(r.get("anova")):
        ours_row, where = anova.loc[term(row["term"])], f"{method} F [{row['term']}]"
        seen.same(f"numerator df {where}", int(ours_row["num_df"]), row["num_df"])
        seen.close(where, ours_row["statistic"], row["statistic"], tol["f"])
        seen.close(f"denominator df {where}", ours_row["den_df"], row["den_df"], tol["df"])
        seen.close(f"p of {where}", ours_row["p"], row["p"], tol["p"], max(number(row["p"]), 1e-12))


def _compare_estimate(
    seen: Differences, where: str, ours: Any, row: dict[str, Any], tol: dict[str, float], sign: int = 1
) -> None:
    """Estimate, standard error, df, statistic, p and (where R gave them) the bounds."""
    se = number(row["se"])
    seen.close(f"estimate {where}", sign * ours["estimate"], row["estimate"], tol["estimate"], se)
    seen.close(f"se {where}", ours["se"], row["se"], tol["se"])
    seen.close(f"df {where}", ours["df"], row["df"], tol["df"])
    seen.close(
        f"statistic {where}", sign * ours["statistic"], row["statistic"], 1e-4, max(abs(number(row["statistic"])), 1.0)
    )
    seen.close(f"p {where}", ours["p"], row["p"], tol["p"], max(number(row["p"]), 1e-12))
    if "low" in row:
        bounds = ("low", "high") if sign > 0 else ("high", "low")
        for bound, mine in zip(("low", "high"), bounds, strict=True):
            seen.close(f"{bound} {where}", sign * ours[mine], row[bound], 10 * tol["se"], se)


def compare_marginal(seen: Differences, fit: LmmFit | GlmmFit, r: dict[str, Any], tol: dict[str, float]) -> None:
    """Marginal means or slopes, all pairs with p by Holm and Tukey, and a contrast of one's own."""
    by, within, at = r["by"], r["within"], r.get("at") or None
    if "var" in r:
        means, what = fit.emtrends(r["var"], by, at=at, df=r["df"]), f"slope, {r['df']}"
    else:
        means, what = fit.emmeans(by, at=at, df=r["df"], weights=r["weights"]), f"mean, {r['df']}"
    ours = {_key(row, by): row for row in means.to_dict("records")}
    seen.same(f"cells of {by}", len(ours), len(records(r["rows"])))
    for row in records(r["rows"]):
        _compare_estimate(seen, f"{what} [{_key(row, by)}]", ours[_key(row, by)], row, tol)
    if "pairs" in r:
        hows = (
            ["holm"] if r["df"] == "satterthwaite" else ["holm", "tukey"]
        )  # p by Tukey is slow, and df is an argument
        tables = {how: means.contrasts("pairwise", within or None, adjust=how) for how in hows}
        rows = {how: {_pair(row, within): row for row in table.to_dict("records")} for how, table in tables.items()}
        for row in records(r["pairs"]):
            key = _key(row, within), value_pair(row["first"], row["second"])
            forward = key in rows["holm"]
            mine = key if forward else (key[0], key[1][::-1])
            where = f"difference, {r['df']} [{key}]"
            _compare_estimate(seen, where, rows["holm"][mine], row, tol, 1 if forward else -1)
            for how in hows:
                if how == "tukey" and number(row["df"]) < 2:
                    continue  # R's ptukey takes no such df
                size = max(number(row[how]), 1e-6)
                seen.close(f"p by {how} {where}", rows[how][mine]["p_adjusted"], row[how], tol["p"], size)
    if "custom" in r:
        table = means.contrasts({"custom": r["custom"]["weights"]}, within or None)
        custom = {_key(row, within): row for row in table.to_dict("records")}
        for row in records(r["custom"]["rows"]):
            _compare_estimate(seen, f"contrast, {r['df']} [{_key(row, within)}]", custom[_key(row, within)], row, tol)


def _key(row: dict[str, Any], columns: list[str]) -> tuple[str, ...]:
    return tuple(value(row[c]) for c in columns)


def value_pair(first: object, second: object) -> tuple[str, str]:
    one, other = (" ".join(value(v) for v in str(name).split(" ")) for name in (first, second))
    return one, other


def _pair(row: dict[str, Any], within: list[str]) -> tuple[tuple[str, ...], tuple[str, str]]:
    first, second = row["contrast"].split(" - ")
    return _key(row, within), value_pair(first, second)


def compare_shares(seen: Differences, fit: LmmFit | GlmmFit, r: dict[str, Any], allowed: float) -> None:
    ours = fit.icc()["share"]
    ours.index = pd.Index([group(name) for name in ours.index])
    for row in records(r.get("icc")):
        seen.close(f"share of variance [{row['group']}]", ours[group(row["group"])], row["share"], allowed, 1.0)
    for row in records(r.get("r2")):
        seen.close(f"R2 [{row['kind']}]", fit.r2()[row["kind"]], row["value"], allowed, 1.0)


def compare_new(seen: Differences, fit: Any, case: Case, scale: float, allowed: float, **kind: str) -> None:
    """Predictions for rows R was asked about, the last of groups it had not seen."""
    r = case.results.get("new")
    if r is None:
        return
    rows = typed(pd.DataFrame(r["rows"]), case.levels)
    for which in ("all", "none"):
        ours = fit.predict(rows, re=which, **kind)
        seen.all_close(f"prediction, {which}", map(str, rows.index), ours, r[which], allowed, scale)


def compare_rows(seen: Differences, what: str, ours: pd.Series, theirs: list[Any], allowed: float, scale: Any) -> None:
    """The first rows used."""
    first = ours.iloc[: len(theirs)]
    seen.all_close(what, map(str, first.index), first, theirs, allowed, scale)


def compare_profile(seen: Differences, fit: LmmFit, table: dict[str, list[Any]]) -> None:
    """Bounds of standard deviations and correlations: R interpolates a spline, so relative to their distance."""
    ours = {}
    for row in fit.profile_ci().to_dict("records"):
        terms = sorted(term(t) for t in (row["term1"], row["term2"]) if isinstance(t, str) and t)
        ours[(group(row["group"]), *terms)] = (row["low"], row["high"])
    for row in records(table):
        match = re.fullmatch(r"(?:sd|cor)_(.*)\|(.*)", row["name"])
        key: tuple[str, ...] = ("Residual",)
        if match:
            terms = sorted(term(t) for t in re.split(r"\.(?=\(Intercept\))", match.group(1)))
            key = (group(match.group(2)), *terms)
        low, high = number(row["low"]), number(row["high"])
        for bound, mine, want in zip(("low", "high"), ours[key], (low, high), strict=True):
            seen.close(f"profile {bound} [{key}]", mine, want, PROFILE, high - low)
