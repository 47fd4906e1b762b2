"""Tables of change as the plan asks about it: of a population, between roles, between areas; and shares of levels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pilot_eval.publish.table import Table

NOTES = {
    "chance": "Probability that the modelled change of an {area} is above zero, above the change overall, and above "
    "the smallest change that matters, given the answers and the differences between {areas} that the model estimates.",
    "spread": "From the profile of the likelihood. The bootstrap's interval stands beside it; it never begins at zero.",
    "boundary_test": "Likelihood-ratio test of no differences between {areas}, by the distribution that holds where "
    "the spread cannot be below zero.",
    "moderators": "Properties were not given at random: what goes with change need not bring it about. Of two levels "
    "the difference is that of the second less the first, in the order of the table of levels.",
    "levels": "Within: the value of an {organisation} at a wave above its own mean over the waves, differences between "
    "waves taken out; {organisations} seen once say nothing of it. Between: the mean of an {organisation}.",
    "shares": "The share of a level is that of its own differences in the variance of an answer at the first wave; the "
    "intra-class correlation is the likeness of two answers of one group.",
}

_BOUNDS = {"low": "Lower bound", "high": "Upper bound"}
_TEST = {"se": "Standard error", "statistic": "t statistic", "df": "Degrees of freedom", "p": "p value"}
SPREAD = {"low": "Lower bound", "high": "Upper bound", "boot_low": "Lower bound, bootstrap",
          "boot_high": "Upper bound, bootstrap", "statistic": "Likelihood ratio", "p": "p value"}  # fmt: skip
SPREAD_NOTES = {"low": "spread", "p": "boundary_test"}

CHANGE: dict[str, Table] = {
    "change_of_population": Table(
        "Change in parts of the {respondents} that the plan asks about, mixed model",
        "Each row is one question: the change from the first to the last wave in some roles, or in those who answered "
        "at both.",
        {"outcome": "Outcome", "group": "Question"}, {"estimate": "Change", **_BOUNDS, **_TEST},
        ("cause", "rounding", "disclosure"), {"low": "interval"},
    ),
    "change_between_roles": Table(
        "Differences in change between two roles of {respondents}, mixed model",
        "Each row is one question: the change in the first role less that in the second.",
        {"outcome": "Outcome", "group": "Question"}, {"estimate": "Difference of change", **_BOUNDS, **_TEST},
        ("cause", "rounding", "disclosure"), {"low": "interval"},
    ),
    "change_between_areas": Table(
        "Does change differ between {areas}? Mixed model",
        "Each row is one question: the standard deviation of change between {areas}, and the test that it is zero.",
        {"outcome": "Outcome", "group": "Question"},
        {"sd_change": "Standard deviation of change between {areas}", **SPREAD},
        ("cause", "rounding", "disclosure"), SPREAD_NOTES,
    ),
}  # fmt: skip

MODERATORS: dict[str, Table] = {
    "moderators": Table(
        "Does change go with properties of {areas}, {organisations} and {respondents}? Mixed model",
        "Each row is one question: how change differs between two levels of the property, or per unit of it, and the "
        "test that it does not differ at all.",
        {"outcome": "Outcome", "group": "Property"},
        {"estimate": "Difference of change", **_BOUNDS, "se": "Standard error",
         "per_sd": "Difference per standard deviation of the property",
         "per_sd_low": "Lower bound per standard deviation", "per_sd_high": "Upper bound per standard deviation",
         "f": "F statistic", "num_df": "Numerator degrees of freedom", "df": "Denominator degrees of freedom",
         "p": "p value"},
        ("cause", "moderators", "rounding", "disclosure"), {"low": "interval"},
    ),
    "moderator_levels": Table(
        "Change among {respondents} by level of properties that the plan asks about, mixed model",
        "Each row is one level of one property, or one standard deviation below and above its mean.",
        {"outcome": "Outcome", "group": "Property and level"}, {"estimate": "Change", **_BOUNDS, **_TEST},
        ("cause", "moderators", "rounding", "disclosure"), {"low": "interval"},
    ),
}  # fmt: skip

LEVELS: dict[str, Table] = {
    "levels": Table(
        "What goes with outcomes within {organisations} and between them, mixed model",
        "Each row is one part of one question: what goes with one more unit of the predictor.",
        {"outcome": "Outcome", "group": "Predictor and part"},
        {"estimate": "Difference of the outcome", **_BOUNDS, **_TEST},
        ("cause", "levels", "rounding", "disclosure"), {"low": "interval"},
    ),
}  # fmt: skip

#: Table: which questions it answers.
ANSWERED_BY: dict[str, Callable[[Any], bool]] = {
    "change_of_population": lambda asked: asked.contrast == "overall" and (asked.matched or len(asked.roles) > 1),
    "change_between_roles": lambda asked: asked.contrast == "between_roles",
    "change_between_areas": lambda asked: asked.contrast == "between_areas",
}

SHARES = Table(
    "Shares of {areas}, {organisations} and {respondents} in the differences between answers at the first wave",
    "Each row is one level of one outcome, the finest first.", {"outcome": "Outcome", "group": "Level"},
    {"variance_share": "Share of the variance", "icc": "Intra-class correlation"}, ("shares", "rounding", "disclosure"),
)  # fmt: skip
