"""The tables that say who answered, what they said and how reliable it is: no model stands behind them."""

from __future__ import annotations

from pilot_eval.publish.table import Table

_BOUNDS = {"low": "Lower bound", "high": "Upper bound"}
_RESPONSE = {
    "invited": "Invited", "responded": "Responded", "rate": "Response rate", "followed": "Followed to a later wave",
    "retention": "Retention rate",
}  # fmt: skip
# Persons invited are known by role only; an area has the organisations of the register instead.
_RESPONSE_BY_AREA = {
    "responded": "Responded", "followed": "Followed to a later wave", "retention": "Retention rate",
    "organisations": "{Organisations} in the register", "organisations_answered": "{Organisations} with an answer",
    "organisations_share": "Share of {organisations} with an answer",
}  # fmt: skip
_PAIRED = {
    "n": "Number of pairs", "mean_first": "Mean at first wave", "mean_last": "Mean at last wave", "change": "Change",
    **_BOUNDS, "sd_change": "Standard deviation of change", "t": "t statistic", "df": "Degrees of freedom",
    "p": "p value", "d_z": "Effect size d_z", "d_z_low": "Lower bound of d_z", "d_z_high": "Upper bound of d_z",
    "standardised": "Standardised change", "standardised_low": "Lower bound of standardised change",
    "standardised_high": "Upper bound of standardised change",
    "wilcoxon": "Wilcoxon signed-rank statistic", "wilcoxon_p": "Wilcoxon p value",
}  # fmt: skip
_PAIRED_NOTES = {"low": "interval", "d_z": "d_z", "standardised": "standardised"}

#: In the order of the catalogue.
DESCRIBED: dict[str, Table] = {
    "flow": Table(
        "Flow of {organisations} and of {respondents} through the study",
        "Each row is one step of the way from those invited to those analysed, at one wave.",
        {"group": "Step", "wave": "Wave"}, {"n": "Number"}, ("rounding", "disclosure"),
    ),
    "response_by_area": Table(
        "Response and retention of {respondents} by {area}", "Each row is one {area} at one wave.",
        {"area": "{Area}", "wave": "Wave"}, _RESPONSE_BY_AREA, ("letters", "rounding", "disclosure"),
    ),
    "response_by_role": Table(
        "Response and retention of {respondents} by role", "Each row is one role at one wave.",
        {"group": "Role", "wave": "Wave"}, _RESPONSE, ("rounding", "disclosure"),
    ),
    "attrition": Table(
        "Scores at the first wave of {respondents} who stayed and who left",
        "Each row is one outcome: did those who left differ from those who stayed?", {"outcome": "Outcome"},
        {"n": "Number of {respondents}", "stayed_mean": "Mean of those who stayed",
         "left_mean": "Mean of those who left",
         "difference": "Standardised difference"},
        ("rounding", "disclosure"), {"difference": "standardised"},
    ),
    "items": Table(
        "Answers of {respondents} to each question", "Each row is one answer to one question at one wave.",
        {"group": "Question and answer", "wave": "Wave"}, {"n": "Number of {respondents}", "share": "Share"},
        ("rounding", "disclosure"),
    ),
    "reliability": Table(
        "Reliability of the scales among {respondents}", "Each row is one scale at one wave, for one role or all.",
        {"outcome": "Scale", "group": "Role", "wave": "Wave"},
        {"n": "Number of {respondents}", "missing": "Share without a score", "alpha": "Cronbach's alpha",
         "alpha_low": "Lower bound of alpha", "alpha_high": "Upper bound of alpha", "omega": "Omega total",
         "floor": "Share at the least possible score", "ceiling": "Share at the greatest possible score"},
        ("rounding", "disclosure"), {"alpha_low": "interval", "omega": "omega"},
    ),
    "scale_items": Table(
        "Items of the scales among {respondents}",
        "Each row is one item of one scale at one wave, for all roles or one; reversed items are turned.",
        {"outcome": "Scale", "group": "Item", "wave": "Wave"},
        {"n": "Number of answers", "missing": "Share without an answer", "mean": "Mean", "sd": "Standard deviation",
         "item_rest": "Correlation with the other items", "loading": "Loading on the common factor"},
        ("rounding", "disclosure"),
    ),
    "scale_stability": Table(
        "Loadings of the scales at later waves compared with the first, among {respondents}",
        "Each row is one scale at a later wave, for one role or all.",
        {"outcome": "Scale", "group": "Role", "wave": "Wave"}, {"congruence": "Congruence of loadings"},
        ("disclosure",), {"congruence": "congruence"},
    ),
    "leavers": Table(
        "{Respondents} of the first wave by whether they answered at the last",
        "Each row is one role, {area} or property; the difference compares those who left with those who stayed.",
        {"group": "Who", "area": "{Area}"},
        {"n": "Number of {respondents}", "followed": "Followed to the last wave", "retention": "Retention rate",
         "difference": "Standardised difference"},
        ("letters", "rounding", "disclosure"), {"difference": "share_difference"},
    ),
    "answering": Table(
        "{Organisations} by whether anybody answered for them",
        "Each row is one property at one wave; the difference compares those with an answer and those without.",
        {"group": "Property", "wave": "Wave"},
        {"organisations": "{Organisations} in the register", "organisations_answered": "{Organisations} with an answer",
         "organisations_share": "Share of {organisations} with an answer", "difference": "Standardised difference"},
        ("rounding", "disclosure"), {"difference": "share_difference"},
    ),
    "paired": Table(
        "Change of {respondents} who answered at both waves, paired comparison as published, clustering ignored",
        "Each row is one outcome, for all roles or one; to the last wave, or to the one named.",
        {"outcome": "Outcome", "group": "Role", "wave": "Wave"}, _PAIRED,
        ("cause", "ignored", "rounding", "disclosure"), _PAIRED_NOTES,
    ),
    "unpaired": Table(
        "Change between {respondents} of the first and the last wave without pairs, as published, clustering ignored",
        "Each row is one outcome, for all {respondents} or those of one wave only; beside the paired comparison.",
        {"outcome": "Outcome", "group": "Who"},
        {"n_first": "Number at first wave", "n_last": "Number at last wave", "mean_first": "Mean at first wave",
         "mean_last": "Mean at last wave", "change": "Change", **_BOUNDS, "t": "Welch t statistic",
         "df": "Degrees of freedom", "p": "p value"},
        ("cause", "ignored", "rounding", "disclosure"), {"low": "interval"},
    ),
    "item_changes": Table(
        "Change in each question of {respondents} who answered at both waves, as published, clustering ignored",
        "Each row is one question with three answers or more.", {"group": "Question"},
        {**{name: words for name, words in _PAIRED.items() if not name.startswith("standardised")},
         "bowker": "Bowker statistic", "bowker_df": "Bowker degrees of freedom", "bowker_p": "Bowker p value",
         "marginal": "Stuart-Maxwell statistic", "marginal_df": "Stuart-Maxwell degrees of freedom",
         "marginal_p": "Stuart-Maxwell p value"},
        ("cause", "ignored", "rounding", "disclosure"), {"low": "interval", "d_z": "d_z"},
    ),
    "share_changes": Table(
        "Change in each yes-or-no question of {respondents} who answered at both waves, as published, clustering "
        "ignored", "Each row is one question; the shares are of those who gave the higher answer.",
        {"group": "Question"},
        {"n": "Number of pairs", "share_first": "Share at first wave", "share_last": "Share at last wave",
         "change": "Change in the share", **_BOUNDS, "mcnemar": "McNemar statistic", "mcnemar_p": "McNemar p value",
         "exact_p": "Exact p value", "mid_p": "Mid-p value", "odds": "Odds of moving up",
         "odds_low": "Lower bound of odds", "odds_high": "Upper bound of odds"},
        ("cause", "ignored", "rounding", "disclosure"), {"low": "interval", "odds": "odds"},
    ),
    "means": Table(
        "Mean scores of {respondents} at each wave",
        "Each row is one outcome at one wave among one set of {respondents}.",
        {"outcome": "Outcome", "group": "Who", "wave": "Wave"},
        {"n": "Number of {respondents}", "mean": "Mean", **_BOUNDS, "sd": "Standard deviation"},
        ("matched", "rounding", "disclosure"), {"low": "interval"},
    ),
    "means_by_area": Table(
        "Mean scores of {respondents} of each {area} at each wave",
        "Each row is one outcome in one {area} at one wave.",
        {"outcome": "Outcome", "area": "{Area}", "wave": "Wave"}, {"mean": "Mean"},
        ("letters", "rounding", "disclosure"),
    ),
    "replication": Table(
        "Paired comparisons laid out as an earlier publication had them, clustering ignored",
        "Each row is one outcome.",
        {"group": "Comparison", "outcome": "Outcome"}, _PAIRED, ("cause", "ignored", "rounding", "disclosure"),
        _PAIRED_NOTES,
    ),
    "agreement": Table(
        "Agreement of {respondents} with statements, all surveys pooled", "Each row is one statement.",
        {"group": "Statement"},
        {"n": "Number of {respondents}", "agree": "Share who agree", **_BOUNDS, "deff": "Design effect"},
        ("rounding", "disclosure"), {"low": "clustered", "deff": "deff"},
    ),
    "perceptions": Table(
        "The same relationship as both of its sides rate it", "Each row is one relationship at one wave.",
        {"group": "Relationship", "wave": "Wave"},
        {"n": "Number of pairs", "left_mean": "Mean of the {left} side", "right_mean": "Mean of the {right} side",
         "gap": "Gap, {left} less {right}", "gap_low": "Lower bound of gap", "gap_high": "Upper bound of gap"},
        ("rounding", "disclosure"), {"gap_low": "interval"},
    ),
    "ratings": Table(
        "Ratings of {areas}", "Each row is one thing rated, on one occasion, in one {area} or in all.",
        {"group": "What was rated", "area": "{Area}"},
        {"n": "Number of ratings", "mean": "Rating; of all {areas} the average level"}, ("letters",),
    ),
    "attendance": Table(
        "People who took part in events", "Each row is one occasion and group of people, in one {area} or in all.",
        {"group": "Occasion and group", "area": "{Area}"}, {"n": "Number of people"},
        ("letters", "rounding", "disclosure"),
    ),
}  # fmt: skip
