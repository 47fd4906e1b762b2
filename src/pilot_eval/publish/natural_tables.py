"""The tables of change on natural scales: percentage points, ratios, weeks, odds."""

from __future__ import annotations

from pilot_eval.publish.table import Table

_BOUNDS = {"low": "Lower bound", "high": "Upper bound"}

NATURAL: dict[str, Table] = {
    "natural_change": Table(
        "Change on natural scales among {respondents}, generalised mixed models",
        "Each row is one question, among all asked or in one role. Shares are in per cent and their change in "
        "percentage points, waits in weeks; ordered answers have an odds ratio only.",
        {"group": "Question", "wave": "Wave"},
        {"level_first": "Level at first wave", "level_last": "Level at last wave", "change": "Change", **_BOUNDS,
         "ratio": "Ratio of last to first", "ratio_low": "Lower bound of ratio", "ratio_high": "Upper bound of ratio",
         "statistic": "Test statistic", "p": "p value"},
        ("averaged", "cause", "rounding", "disclosure"), {"low": "interval", "ratio": "natural_ratio"},
    ),
    "natural_levels": Table(
        "Change in ordered answers of {respondents}, cumulative logit mixed models",
        "Each row is one answer to one question: the percentage that gives it, and that gives it or a higher one.",
        {"group": "Question and answer"},
        {"given_first": "Gave it, first wave (%)", "given_last": "Gave it, last wave (%)",
         "change": "Change in percentage points", **_BOUNDS,
         "reached_first": "Gave it or higher, first wave (%)", "reached_last": "Gave it or higher, last wave (%)",
         "reached_change": "Change of that in percentage points", "reached_low": "Lower bound of that",
         "reached_high": "Upper bound of that"},
        ("averaged", "cause", "rounding", "disclosure"), {"low": "interval"},
    ),
    "natural_waits": Table(
        "Waits that {respondents} tell of, by wave", "Each row is one question at one wave.",
        {"group": "Question", "wave": "Wave"},
        {"n": "Number of {respondents}", "open": "Share not over yet", "median": "Median weeks (Kaplan-Meier)",
         "median_low": "Lower bound of median", "median_high": "Upper bound of median"},
        ("ignored", "rounding", "disclosure"), {"median_low": "interval"},
    ),
}  # fmt: skip

NOTES = {
    "averaged": "Estimated by a mixed model and averaged over all {respondents} and over the differences between "
    "{areas}, {organisations} and {respondents} that it allows for. The test is on the scale of the model.",
    "natural_ratio": "1 is no change. Of numbers it is the ratio of expected numbers, of waits that of median weeks, "
    "of ordered answers the odds ratio of a higher answer.",
}
