"""Tables of change against the start."""

from __future__ import annotations

from pilot_eval.publish.table import Table

NOTES = {
    "start": "Observed change falls with the observed start even where change does not depend on the start, since the "
    "error of an observed start is missing at the end (regression to the mean). The first column has no such bias: it "
    "relates true starts and true changes by a model. Where it is [x], the {areas} began too much alike to say.",
    "start_parts": "Random halves of each {area}'s {organisations}: one says where it started, the other how it "
    "changed, over many halvings.",
}
#: Rows below a question's own; parts are told by their number.
LEVELS = {"organisations": "between {organisations} of one {area}", "difference": "highest less lowest start"}

START: dict[str, Table] = {
    "start_slope": Table(
        "Change against the start among {respondents}, regression to the mean taken out",
        "Each row is one question, between {areas}; or, below it, between {organisations} of one {area}.",
        {"outcome": "Outcome", "group": "Question"},
        {"estimate": "Change per unit of the true start", "low": "Lower bound", "high": "Upper bound", "p": "p value",
         "naive": "Observed change per unit of the observed start", "bias": "Bias of the latter from sampling errors",
         "sd_start": "Standard deviation of true starts",
         "zero_share": "Share of bootstrap fits without differences at the start"},
        ("start", "cause", "rounding", "disclosure"), {"low": "interval"},
    ),
    "start_parts": Table(
        "Change among {respondents} by parts of the start, start and change from different {organisations}",
        "Each row is one part of the {areas}, from the lowest start up, or the difference of the outer parts.",
        {"outcome": "Outcome", "group": "Question and part"},
        {"mean_first": "Mean start", "change": "Change", "low": "Lower bound", "high": "Upper bound"},
        ("start_parts", "cause", "rounding", "disclosure"), {"low": "interval"},
    ),
    "start_by_area": Table(
        "Start and change among {respondents} of each {area}", "Each row is one question and {area}.",
        {"outcome": "Outcome", "group": "Question", "area": "{Area}"},
        {"mean_first": "Observed mean at first wave", "start": "Modelled start", "estimate": "Modelled change"},
        ("letters", "cause", "rounding", "disclosure"),
    ),
}  # fmt: skip
