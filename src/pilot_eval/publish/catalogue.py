"""The table catalogue: titles, headers and notes of every table, in the words of whichever study is run.

Study-neutral and free of pandas: rule files ask :func:`tables_for` which tables a study has; tables, workbook and
report take titles, headers and labels from here, so that one table has one wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pilot_eval.publish.answer_tables import ANSWER_TABLES
from pilot_eval.publish.change_tables import ANSWERED_BY, SHARES, SPREAD, SPREAD_NOTES
from pilot_eval.publish.change_tables import NOTES as CHANGE_NOTES
from pilot_eval.publish.described_tables import DESCRIBED
from pilot_eval.publish.evidence_tables import NOTES as EVIDENCE_NOTES
from pilot_eval.publish.natural_tables import NOTES as NATURAL_NOTES
from pilot_eval.publish.sides_tables import NOTES as SIDES_NOTES
from pilot_eval.publish.start_tables import LEVELS as START_LEVELS
from pilot_eval.publish.start_tables import NOTES as START_NOTES
from pilot_eval.publish.table import Table

if TYPE_CHECKING:
    from pilot_eval.study import Study

SYNTHETIC = "Synthetic data: made by a generator, not collected from people. No number is a finding."

#: Shorthand in place of a number (Analysis Function, "Symbols in tables").
SHORTHAND = {
    "c": "[c] confidential: hidden, because too few people or organisations stand behind it or because it would reveal "
    "a number that is hidden",
    "x": "[x] not available",
    "z": "[z] not applicable",
    "low": "[low] rounds to zero but is not zero",
    "u": "[u] low reliability: there are answers at one wave only, so that the estimate is drawn from all others",
}

NOTES = {
    "rounding": "Counts are rounded to the nearest {round_counts_to}; percentages are computed from rounded counts. "
    "Parts may therefore not add up to totals. Every other number is rounded once, at the end, half away from zero.",
    "disclosure": "Nothing is shown that rests on fewer than {min_respondents} {respondents} or fewer than "
    "{min_organisations} {organisations}, nor a share of 0% or 100%.",
    "equivalence": "Two one-sided tests, not adjusted: below 0.05 exactly when the 90% interval lies inside plus and "
    "minus the smallest change that matters. Then no change that matters is shown; without that, a change that is not "
    "significant is inconclusive.",
    "interval": "The interval from lower to upper bound is a 95% interval.",
    "standardised": "Change divided by the standard deviation of all scores at the first wave, with Hedges' correction "
    "for small samples.",
    "families": "Pre-specified questions are adjusted by Holm within their family, exploratory ones together by "
    "Benjamini and Hochberg.",
    "p_adjusted": "Adjusted for the number of tests in its family; outcomes that no question of the plan asks about "
    "are adjusted together ({multiplicity}).",
    "raw": "Raw change is the difference between the means of the two waves; the modelled change is drawn towards the "
    "change overall, the more so the fewer {respondents} an {area} has.",
    "letters": "{Areas} are shown by letter. The letters follow no order of name, size or result.",
    "cause": "Change is the difference between waves. Without a comparison group it does not show what caused it.",
    "matched": "Matched: {respondents} who answered at more than one wave.",
    "new_area": "Range in which the change of a further {area} like these would lie with 95% probability.",
    **CHANGE_NOTES,
    **START_NOTES,
    **SIDES_NOTES,
    **EVIDENCE_NOTES,
    **NATURAL_NOTES,
    "d_z": "Mean change divided by the standard deviation of the change.",
    "ignored": "Answers of one {organisation} or {area} are taken as independent, as publications do; the mixed models "
    "allow for their likeness.",
    "clustered": "The interval from lower to upper bound is a 95% interval that allows for the likeness of answers "
    "from one {area}.",
    "deff": "How many times as large the variance is as if all answers were independent.",
    "share_difference": "Difference of two shares divided by their standard deviation; beyond 0.1 the groups differ "
    "more than chance would have it in a comparison at random.",
    "odds": "Number who moved from no to yes for each who moved from yes to no.",
    "omega": "Share of the variance of the summed items that one common factor explains.",
    "congruence": "Tucker's coefficient: 1 where the items load in the same proportions; below 0.85 the scale may not "
    "mean the same at both waves.",
}

#: Groups that are no role and no name of the study.
GROUPS = {
    "": "All",
    "all": "All",
    "matched": "Matched {respondents}",
    "unmatched": "{Respondents} of one wave only",
    "leave_areas_out": "Each {area} left out in turn",
    "links_tight": "Only the surest links between waves",
    "links_loose": "Less sure links between waves too",
    "links_unlinked": "No links between waves",
    "off_boundary": "Without the random terms at a boundary",
    "area": "{Areas}",
    "organisation": "{Organisations} within {areas}",
    "respondent": "{Respondents} within {organisations}",
    "residual": "Answers of one {respondent}, and error",
}


_BOUNDS = {"low": "Lower bound", "high": "Upper bound"}
_TEST = {"statistic": "t statistic", "df": "Degrees of freedom", "p": "p value"}
_ESTIMATE = {"estimate": "Estimate", "se": "Standard error"}

CATALOGUE: dict[str, Table] = {
    **DESCRIBED,
    "change_overall": Table(
        "Change in each outcome among {respondents} overall, mixed model",
        "Each row is one outcome: the change from the first wave that the model estimates.",
        {"outcome": "Outcome", "wave": "Wave"},
        {"estimate": "Change", **_BOUNDS, "se": "Standard error", **_TEST, "p_adjusted": "Adjusted p value",
         "standardised": "Standardised change"},
        ("cause", "rounding", "disclosure"),
        {"low": "interval", "p_adjusted": "p_adjusted", "standardised": "standardised"},
    ),
    "change_adjusted": Table(
        "Tests of change, adjusted for the number of outcomes", "Each row is one outcome.", {"outcome": "Outcome"},
        {"p": "p value", "p_adjusted": "Adjusted p value"}, ("disclosure",), {"p_adjusted": "p_adjusted"},
    ),
    "questions_adjusted": Table(
        "Tests of the questions of the analysis plan, adjusted family by family", "Each row is one question.",
        {"outcome": "Outcome", "group": "Question"}, {"p": "p value", "p_adjusted": "Adjusted p value"},
        ("disclosure",), {"p_adjusted": "families"},
    ),
    "change_by_role": Table(
        "Change in each outcome by role of {respondents}, mixed model", "Each row is one outcome and role.",
        {"outcome": "Outcome", "group": "Role", "wave": "Wave"},
        {"estimate": "Change", **_BOUNDS, "se": "Standard error", **_TEST},
        ("cause", "rounding", "disclosure"), {"low": "interval"},
    ),
    "change_by_area": Table(
        "Change in each outcome by {area}, mixed model", "Each row is one outcome and {area}.",
        {"outcome": "Outcome", "area": "{Area}"},
        {"raw": "Raw change", "estimate": "Modelled change", **_BOUNDS, "se": "Standard error",
         "above_zero": "Probability above zero", "above_mean": "Probability above the change overall",
         "above_smallest": "Probability above the smallest change that matters"},
        ("letters", "cause", "rounding", "disclosure"), {"raw": "raw", "low": "interval", "above_zero": "chance"},
    ),
    "change_variation": Table(
        "Differences between {areas} in each outcome, mixed model", "Each row is one outcome.", {"outcome": "Outcome"},
        {"sd_change": "Standard deviation of change between {areas}", **SPREAD,
         "sd_start": "Standard deviation of the start between {areas}",
         "icc_area": "Intra-class correlation of {areas}",
         "new_low": "Lower bound for a new {area}", "new_high": "Upper bound for a new {area}"},
        ("rounding", "disclosure"), {"new_low": "new_area", **SPREAD_NOTES},
    ),
    "variance_shares": SHARES,
    "model_terms": Table(
        "Terms of every mixed model", "Each row is one term of one model of one outcome.",
        {"outcome": "Outcome", "group": "Model and term"}, {**_ESTIMATE, "statistic": "t statistic"}, ("disclosure",),
    ),
    "challenge": Table(
        "Change in each outcome under other ways of analysis", "Each row is one outcome and way of analysis.",
        {"outcome": "Outcome", "group": "Analysis"},
        {"estimate": "Change", **_BOUNDS, "least": "Least change", "greatest": "Greatest change"},
        ("cause", "rounding", "disclosure"), {"low": "interval"},
    ),
    **{name: table for tables in ANSWER_TABLES.values() for name, table in tables.items()},
}  # fmt: skip


def tables_for(study: Study) -> list[str]:
    """Names of the tables that a study has, in catalogue order; told from its configuration alone."""
    absent = {
        "replication": not study.plan.replications,
        "agreement": not study.plan.agreements,
        "perceptions": not study.plan.perceptions,
        "answering": not study.config.registers.organisations,
        "ratings": not study.config.evidence,
        "attendance": study.config.attendance is None,
        "change_by_role": len(study.config.roles) < 2,
        "questions_adjusted": not study.plan.questions,
    }
    for kind, tables in ANSWER_TABLES.items():
        absent |= dict.fromkeys(tables, not study.questions_of(kind))
    changes = [study.plan.questions[name] for name in study.questions_of("change")]
    absent |= {name: not any(ANSWERED_BY[name](question) for question in changes) for name in ANSWERED_BY}
    return [name for name in CATALOGUE if not absent.get(name, False)]


def wording(study: Study) -> dict[str, Any]:
    """The study's words as plain values: what titles, labels and notes need, and nothing else.

    Returns
    -------
    dict
        ``title, short_title, geography, period, organisation, synthetic, areas_public_as, release, words, waves,
        roles, outcomes, scales, models, names`` (labels of replications, agreements, perceptions and questions),
        ``rated`` (what evidence rates), ``sides`` (kinds of organisation that links join), ``limits`` (numbers of the
        notes) and ``final`` (whether analyst, assurer and approver are named).
    """
    config, plan = study.config, study.plan
    named = {name: entry.label for name, entry in plan.replications.items()}
    named |= {name: entry.label for name, entry in plan.agreements.items()}
    named |= {name: entry.label for name, entry in plan.perceptions.items()}
    named |= {name: question.label for name, question in plan.questions.items()}
    people, links = config.people, config.registers.links
    return {
        "title": config.title,
        "short_title": config.short_title,
        "geography": config.geography,
        "period": config.period,
        "organisation": config.organisation,
        "synthetic": config.synthetic,
        "areas_public_as": config.areas_public_as,
        "release": config.release,
        "words": config.words.model_dump(mode="json"),
        "waves": {wave.id: wave.label for wave in config.waves},
        "roles": {role.id: role.label for role in config.roles},
        "outcomes": {name: {"label": outcome.label, "unit": outcome.unit} for name, outcome in plan.outcomes.items()},
        "scales": {name: scale.label for name, scale in study.scales.items()},
        "names": named,
        "rated": {code: name for one in config.evidence for code, name in one.items.items()},
        "sides": [links.left, links.right] if links else [],
        "models": {name: model.label for name, model in plan.models.items()},
        "limits": {
            **config.disclosure.model_dump(mode="json", exclude={"because"}),
            "multiplicity": {"holm": "Holm", "fdr_bh": "Benjamini and Hochberg", "none": "none"}[plan.multiplicity],
        },
        "final": bool(people.analyst and people.assurer and people.approver),
    }


def say(text: str, wording: Mapping[str, Any]) -> str:
    """A text of the catalogue in the study's words; a capitalised key gives the word with a capital."""
    words = {**wording["words"], **{key.capitalize(): _capital(word) for key, word in wording["words"].items()}}
    sides = dict(zip(("left", "right"), wording.get("sides") or ("first", "second"), strict=True))
    return text.format(**words, **sides, **wording["limits"])


def title(table: str, wording: Mapping[str, Any], counted: str = "") -> str:
    """Title of a table: subject, population, geography, period; ``counted`` as ``rows.counted`` gives it."""
    return f"{subject(table, wording, counted)}, {wording['geography']}, {wording['period']}"


def subject(table: str, wording: Mapping[str, Any], counted: str = "") -> str:
    """Title of a table without place and period."""
    return say(CATALOGUE[table].title.replace("{counted}", counted or "few"), wording)


def notes_of(table: str, wording: Mapping[str, Any]) -> list[str]:
    """Keys of the notes to a whole table: that letters stand for areas is said only where they do."""
    return [note for note in CATALOGUE[table].notes if note != "letters" or wording["areas_public_as"] == "letter"]


def source(wording: Mapping[str, Any]) -> str:
    """Where the numbers of a study come from, as a line under a table or figure."""
    return f"Source: {wording['title']}, release {wording['release']}."


def header(table: str, column: str, wording: Mapping[str, Any]) -> str:
    """Header of a dimension or measure of a table, in words; the name itself for a measure the catalogue lacks."""
    known = CATALOGUE[table]
    told = {**known.measures, **known.rows}.get(column)
    own, _, code = column.partition("_")
    if told is None and own == "strength" and code in wording["rated"]:
        return str(wording["rated"][code])
    return say(told or column.replace("_", " ").capitalize(), wording)


def label(dimension: str, code: str, wording: Mapping[str, Any]) -> str:
    """A code in words: an outcome or scale, a wave, or a role or other group; the code itself when it has no words."""
    if dimension == "outcome":
        outcome = wording["outcomes"].get(code)
        return str(outcome["label"] if outcome else wording["scales"].get(code, code))
    if dimension == "wave":
        return str(wording["waves"].get(code, code))
    model, _, term = code.partition(".")
    if term and model in wording["models"]:
        return f"{wording['models'][model]}: {term}"
    if term and model in wording["names"]:
        return f"{wording['names'][model]}: {say(START_LEVELS.get(term, term.replace('-', ' ')), wording)}"
    known = {name: say(text, wording) for name, text in GROUPS.items()} | wording["names"] | wording["roles"]
    return str(known.get(code.removeprefix("role:"), code))


def significance(p: float) -> str:
    """The outcome of a test in words, never in asterisks."""
    for level in (1, 5):
        if p < level / 100:
            return f"Significant at the {level}% level"
    return "Not significant at the 5% level"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
