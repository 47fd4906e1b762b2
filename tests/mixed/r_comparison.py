"""How far a fit of ours is from R's for each kind of stored case."""

from __future__ import annotations

from r_parts import (
    compare_coefficients,
    compare_counts,
    compare_marginal,
    compare_matrix,
    compare_modes,
    compare_new,
    compare_profile,
    compare_rows,
    compare_shares,
    compare_tests,
    compare_variances,
)
from r_results import Case, Differences, load, term

from pilot_eval.mixed import clmm, compare, glmer, lmer

#: What docs/mixed-models.md allows. Relative, unless another scale is named where they are used.
LINEAR = {
    "criterion": 1e-7, "estimate": 1e-6, "se": 1e-5, "variance": 1e-5, "df": 1e-4, "mode": 1e-5, "f": 1e-5, "p": 1e-3,
}  # fmt: skip
GENERAL = {"criterion": 1e-5, "estimate": 1e-4, "se": 1e-4, "variance": 1e-4, "df": 0.0, "mode": 1e-4, "p": 2e-3}
#: glmmTMB and ordinal stop earlier than lme4 does with an optimiser of one's own
ELSEWHERE = {"criterion": 1e-3, "estimate": 2e-3, "se": 5e-3, "variance": 4e-3}


def compare_linear(case: Case, seen: Differences) -> None:
    r, tol, call = case.results, LINEAR, case.call
    fit = lmer(call["formula"], case.data(), reml=call["reml"], weights=call.get("weights"))
    compare_counts(seen, fit, r)
    for what in ("criterion", "aic", "bic"):
        seen.close(what, getattr(fit, what), r[what], tol["criterion"], 1.0)
    seen.close("sigma", fit.sigma, r["sigma"], tol["se"])
    compare_coefficients(seen, fit.fixef, fit.se, r["coefficients"], tol)
    if "vcov" in r:
        compare_matrix(seen, "covariance", fit.vcov, r["vcov"], tol["se"])
        seen.same("coefficients", sorted(term(t) for t in fit.fixef.index), sorted(term(t) for t in r["vcov"]["terms"]))
    compare_variances(seen, fit.varcorr, r["varcorr"], tol["variance"])
    compare_modes(seen, fit, r["ranef"], tol)
    for key, ours in (("fitted", fit.fitted), ("marginal", fit.predict(re="none"))):
        compare_rows(seen, key, ours, r.get(key) or [], tol["mode"], r["sigma"])
    compare_new(seen, fit, case, r["sigma"], tol["mode"])
    compare_shares(seen, fit, r, tol["variance"])
    for method, key in (("satterthwaite", "satterthwaite"), ("kenward-roger", "kenward_roger")):
        if key in r:
            compare_tests(seen, fit, method, r[key], tol)
    for marginal in [*(r.get("means") or []), *(r.get("trends") or [])]:
        compare_marginal(seen, fit, marginal, tol)
    if "profile" in r:
        compare_profile(seen, fit, r["profile"])


def compare_general(case: Case, seen: Differences) -> None:
    r, call = case.results, case.call
    tol = GENERAL if "lme4" in case.versions else ELSEWHERE
    fit = glmer(call["formula"], case.data(), call["family"], n_agq=call["n_agq"])
    compare_counts(seen, fit, r)
    seen.close("log-likelihood", fit.loglik, r["loglik"], tol["criterion"], 1.0)
    compare_coefficients(seen, fit.fixef, fit.se, r["coefficients"], tol)
    compare_matrix(seen, "covariance", fit.vcov, r["vcov"], tol["se"])
    compare_variances(seen, fit.varcorr, r["varcorr"], tol["variance"])
    if "dispersion" in r:
        seen.close("dispersion", fit.dispersion, r["dispersion"], tol["variance"])
    if "ranef" in r:
        compare_modes(seen, fit, r["ranef"], tol)
        compare_rows(seen, "fitted", fit.predict(), r["fitted"], tol["mode"], r["fitted"])
        compare_rows(seen, "marginal", fit.predict(re="none", kind="link"), r["marginal"], tol["mode"], 1.0)
    compare_new(seen, fit, case, 1.0, GENERAL["mode"], kind="link")
    compare_shares(seen, fit, r, tol["variance"])
    for marginal in [*(r.get("means") or []), *(r.get("trends") or [])]:
        compare_marginal(seen, fit, marginal, tol)


def compare_ordered(case: Case, seen: Differences) -> None:
    r, tol = case.results, ELSEWHERE
    fit = clmm(case.call["formula"], case.data(), n_agq=case.call["n_agq"])
    compare_counts(seen, fit, r)
    seen.close("log-likelihood", fit.loglik, r["loglik"], tol["criterion"], 1.0)
    compare_coefficients(seen, fit.fixef, fit.se, r["coefficients"], tol)
    compare_coefficients(seen, fit.thresholds, fit.se, r["thresholds"], tol)
    compare_variances(seen, fit.varcorr, r["varcorr"], tol["variance"])


def compare_nested(case: Case, seen: Differences) -> None:
    r, data = case.results, case.data()
    test = compare(*(lmer(case.call[which], data, reml=False) for which in ("null", "formula")))
    seen.close("likelihood ratio", test.statistic, r["statistic"], 2 * LINEAR["criterion"], 1.0)
    seen.same("chi-squares", (list(test.df), list(test.weights)), (r["df"], r["weights"]))
    seen.close("p", test.p, r["p"], 1e-5)


KINDS = {
    "linear": compare_linear,
    "general": compare_general,
    "ordered": compare_ordered,
    "nested": compare_nested,
}


def differences(name: str) -> Differences:
    """How a stored case and a fit of ours differ."""
    case, seen = load(name), Differences()
    KINDS[case.call["kind"]](case, seen)
    return seen
