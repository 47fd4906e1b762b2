"""Tables of two sides of one relationship."""

from __future__ import annotations

from pilot_eval.publish.table import Table

NOTES = {
    "sides_model": "From a mixed model with effects of both sides' {organisations}, which are crossed since one may "
    "stand in many links, at each wave and over all, and of {areas}.",
    "icc": "ICC(A,1): 1 where both sides give the same rating, 0 where they agree no more than any two would. The "
    "interval comes from drawing {areas} anew.",
}

_TEST = {
    "low": "Lower bound", "high": "Upper bound", "se": "Standard error", "statistic": "t statistic",
    "df": "Degrees of freedom", "p": "p value",
}  # fmt: skip

SIDES: dict[str, Table] = {
    "sides_answered": Table(
        "Links between {organisations} by the sides that rated them", "Each row is one question at one wave.",
        {"group": "Question", "wave": "Wave"},
        {"both": "Rated by both sides", "left_only": "By the {left} side only",
         "right_only": "By the {right} side only"},
        ("rounding", "disclosure"),
    ),
    "sides_gap": Table(
        "Gap between both sides of a link, {left} less {right}",
        "Each row is one question at one wave, or the change in its gap since the first wave.",
        {"group": "Question", "wave": "Wave"}, {"estimate": "Gap", **_TEST},
        ("sides_model", "cause", "rounding", "disclosure"), {"low": "interval"},
    ),
    "sides_moved": Table(
        "Change of each side of the links that both sides rated", "Each row is one side at one later wave.",
        {"group": "Side", "wave": "Wave"}, {"estimate": "Change", **_TEST},
        ("cause", "rounding", "disclosure"), {"low": "interval"},
    ),
    "sides_agreement": Table(
        "Agreement of both sides of a link", "Each row is one question at one wave.",
        {"group": "Question", "wave": "Wave"},
        {"icc": "Agreement", "icc_low": "Lower bound", "icc_high": "Upper bound"},
        ("rounding", "disclosure"), {"icc": "icc", "icc_low": "interval"},
    ),
}  # fmt: skip
