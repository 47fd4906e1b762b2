"""Kinds of fault: scales."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "SCO-01",
        "Too few items answered for a score",
        ("OK",),
        "a respondent who left all five items of a scale empty, or four of them",
        "a row sum gives 0.0 for nobody's answer, the worst score there is",
        "No score, never 0; counted by scale among those who were asked. The answers themselves are kept.",
        "Nothing. To score with fewer answers, lower `minimum` in scales.yaml.",
    ),
    Kind(
        "SCO-02",
        "Everybody gives the same answer",
        ("WARN",),
        "all 160 scores of a scale at the follow-up are 5",
        "alpha and correlations become NaN, and a mixed model fails or fits a variance of nothing",
        "Alpha is not available; the outcome is not modelled and stands as not available, with that reason, in the "
        "report and on the quality pages. Other outcomes go on.",
        "Check the delivery and its codebook: a column of one value is often a default of the survey tool.",
    ),
    Kind(
        "SCO-03",
        "Answers that lack a role or another variable of the model",
        ("WARN",),
        "the role is empty for everybody at the first wave",
        "`dropna` leaves nothing, and a later step fails with a message of linear algebra; or rows go without a word",
        "Rows that lack a variable are counted and left out of that model. Where none is left the outcome is not "
        "available, and the message says what is missing in how many. Other outcomes go on.",
        "Look for the variable in the codebook and the delivery.",
    ),
    Kind(
        "SCO-04",
        "Alpha below zero",
        ("WARN",),
        "one of three items is coded the other way round",
        "the alpha is printed, or NaN where the sum of the items does not vary at all",
        "Scores stay as they are; the item that goes against the rest most is named, with its correlation.",
        "Check the questionnaire; if the item runs the other way, write it with a leading `-` in scales.yaml.",
    ),
    Kind(
        "SCO-05",
        "An item asked at some waves only",
        ("WARN",),
        "the follow-up has a fifth item that the first wave had not",
        "scores of the two waves measure different things, and their difference counts as change",
        "Within a questionnaire a score uses the items of all its waves; the others are kept and tabulated, and the "
        "score from all items, of those who answered all, stands beside it. With fewer than `minimum` common items all "
        "are scored, and the message says that waves differ.",
        "Nothing, or ask the same items again.",
    ),
    Kind(
        "SCO-06",
        "One name for two things in the analysis table",
        ("STOP",),
        "an item is called `unit`, or a number in one questionnaire and text in another",
        "one column overwrites the other",
        "The run stops and names each such column.",
        "Rename the item in its codebook.",
    ),
    Kind(
        "SCO-07",
        "An item that does not go with its scale",
        ("WARN",),
        "one of five items correlates 0.03 with the other four in 200 answers",
        "the score averages it in, and the scale's change is diluted by what that item measures",
        "An item whose correlation with the rest is below 0.2 with 95 % certainty is named, by wave; scores keep it. "
        "Scales of two items cannot say which of them is meant.",
        "Check its wording and coding; leave it out of the scale, for the same reason at every wave.",
    ),
    Kind(
        "SCO-08",
        "Items that load otherwise than at the first wave",
        ("WARN",),
        "an item goes with its scale at the first wave and against it at the second",
        "scores of both waves are compared as if they measured the same",
        "The congruence of the loadings (Tucker) stands in a table for every scale; below 0.85 the scale is named, and "
        "the item whose loading differs most.",
        "Check wording and coding of that item at both waves.",
    ),
)
