"""The tables of what was rated or coded by area: ordered ratings and critical factors."""

from __future__ import annotations

from pilot_eval.publish.table import Table

_BOUNDS = {"low": "Lower bound", "high": "Upper bound"}

RATINGS: dict[str, Table] = {
    "rating_levels": Table(
        "Levels at which {areas} were rated",
        "Each row is one level of one thing rated, on one occasion. Levels are ordered and not averaged.",
        {"group": "What was rated, occasion and level"},
        {"rated": "Number of {areas} rated", "at_level": "Number of {areas} at the level", "share": "Share"},
    ),
    "rating_moves": Table(
        "{Areas} that moved to a higher or lower level between the first and the last occasion",
        "Each row is one thing rated, or all ratings together.",
        {"group": "What was rated"},
        {"both": "Rated on both occasions", "only_first": "Rated on the first only",
         "only_last": "Rated on the last only", "rose": "Higher", "same": "The same", "fell": "Lower",
         "median_first": "Median level, first occasion", "median_last": "Median level, last occasion"},
        ("median_level",),
    ),
    "rating_change": Table(
        "Change of ordered ratings of {areas}, cumulative logit mixed model",
        "Each row is one thing rated, or the mean of all that is rated (of the logarithms of the odds ratios).",
        {"group": "What was rated"},
        {"odds_ratio": "Odds ratio of a higher rating, last to first occasion", **_BOUNDS, "p": "p value",
         "apart": "Odds ratio relative to the mean of all", "apart_low": "Lower bound of that",
         "apart_high": "Upper bound of that", "least_of_all": "Probability that it moved least"},
        ("cause",), {"odds_ratio": "odds_ratio", "low": "interval", "least_of_all": "least_of_all"},
    ),
    "rating_reached": Table(
        "Probability that {areas} reach each level of ordered ratings, cumulative logit mixed model",
        "Each row is one level or higher: the probability is the mean over all that is rated, the levels are not "
        "averaged.",
        {"group": "Level"},
        {"first": "Probability, first occasion", "last": "Probability, last occasion",
         "shift": "Change of probability", **_BOUNDS, "p": "p value"},
        ("cause",), {"low": "interval"},
    ),
}  # fmt: skip

FACTORS: dict[str, Table] = {
    "joint_display": Table(
        "Strength of evidence from case studies beside the modelled change of {counted} {areas}",
        "Each row is one {area}: its modelled change, then the level at which each factor was coded.",
        {"group": "Question", "outcome": "Outcome", "area": "{Area}"},
        {"estimate": "Modelled change", **_BOUNDS},
        ("letters", "few_areas", "rounding", "disclosure"), {"low": "interval"}, counted="area",
    ),
    "factor_ranks": Table(
        "Rank correlation of strength of evidence and modelled change over {counted} {areas}",
        "Each row is one factor.",
        {"outcome": "Outcome", "group": "Factor"},
        {"areas": "Number of {areas}", "rho": "Spearman's correlation", **_BOUNDS, "p": "Permutation p value",
         "p_adjusted": "Adjusted p value", "tau": "Kendall's tau-b", "tau_low": "Lower bound of tau-b",
         "tau_high": "Upper bound of tau-b", "tau_p": "Permutation p value of tau-b"},
        ("few_areas", "rounding", "disclosure"),
        {"rho": "headline_rank", "low": "bonett_wright", "p_adjusted": "factor_family"}, counted="areas",
    ),
    "coding_agreement": Table(
        "Agreement of coders on cases that more than one of them coded",
        "Each row is one set of codes; a case is one factor in one {area}.",
        {"group": "Question"},
        {"cases": "Number of cases coded twice or more", "coders": "Number of coders",
         "same_code": "Share of pairs of codes that are the same", "kappa": "Cohen's weighted kappa",
         "kappa_low": "Lower bound of kappa", "kappa_high": "Upper bound of kappa",
         "alpha": "Krippendorff's alpha, ordinal", "alpha_low": "Lower bound of alpha",
         "alpha_high": "Upper bound of alpha"},
        ("coder_agreement",), {"kappa_low": "interval", "alpha_low": "interval"},
    ),
}  # fmt: skip

#: Notes that these tables alone have.
NOTES = {
    "median_level": "The median level is the lower one where two levels stand in the middle.",
    "odds_ratio": "Odds of being rated above any given level, averaged over {areas}: 1 is no change, 2 doubled odds.",
    "least_of_all": "How likely it is, by the model, that of all things rated this one moved least.",
    "few_areas": "These are associations in few {areas}. They do not show that a factor brought about change, and a "
    "weak or missing association does not show that it did not.",
    "headline_rank": "The headline is Spearman's correlation, since with few levels the interval of Kendall's tau-b "
    "is somewhat too narrow.",
    "bonett_wright": "The interval from lower to upper bound is a 95% interval by the method of Bonett and Wright.",
    "factor_family": "Adjusted by Benjamini and Hochberg for all factors of the question, as one family.",
    "coder_agreement": "Both coefficients are 1 where coders agree always, and 0 where they agree as often as chance "
    "would have it; distant codes count for more. Intervals take cases as independent.",
}
