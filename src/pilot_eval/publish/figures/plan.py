"""Which figures a study has: known from its configuration alone, before any number is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: Answer scales with fewer codes are said in words, those with more are drawn as scores.
FEWEST, MOST = 3, 7
#: Kind of a question about evidence: the figure of its answer.
DRAWN_AS = {"ratings": "rating_levels", "factors": "joint_display"}

#: The one figure of the summary, which every study has: the change of all outcomes.
SUMMARY = "change_overall"


def planned_figures(study: Mapping[str, Any]) -> list[dict[str, str]]:
    """Figures of a study, in the order of the report.

    Parameters
    ----------
    study : mapping
        ``printed(study, *DRAWN)``.

    Returns
    -------
    list of dict
        ``name`` (of its files), ``kind`` (the module that draws it) and ``subject`` (the outcome, scale or evidence
        that it is about, empty when it is about all).
    """
    kinds: list[tuple[str, str]] = [
        ("flow", ""),
        ("response", ""),
        ("change_overall", ""),
        ("means", ""),
        ("slopes", ""),
    ]
    if len(study["roles"]) > 1:
        kinds.append(("change_by_role", ""))
    main = headlines(study["outcomes"])
    kinds += [("change_by_area", outcome["id"]) for outcome in main]
    if study["starts"]:
        kinds.append(("change_by_start", ""))
    kinds += [("answers", outcome) for outcome in asked(study)]
    if study["perceptions"]:
        kinds.append(("two_sides", ""))
    # What a question asks about is drawn as its answer; other evidence as it was delivered.
    known = {evidence["id"] for evidence in study["evidence"]}
    answered = [question for question in study["asked"] if question["evidence"] in known]
    shown = {question["evidence"] for question in answered}
    kinds += [("ratings", evidence["id"]) for evidence in study["evidence"] if evidence["id"] not in shown]
    kinds += [(DRAWN_AS[question["kind"]], question["id"]) for question in answered]
    kinds.append(("challenge", ""))
    if study["scales"]:
        kinds.append(("missing_items", ""))
    return [
        {"name": f"{kind}_{subject}" if subject else kind, "kind": kind, "subject": subject} for kind, subject in kinds
    ]


def headlines(outcomes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The headline outcomes; the first one where the plan names none."""
    return [outcome for outcome in outcomes if outcome["headline"]] or list(outcomes[:1])


def asked(study: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Questions whose answers are drawn as bars, by the outcome under whose name they stand.

    The questions of each headline outcome's scale stand together; outcomes that are single questions stand with
    those that have the same answers, under the first one's name.
    """
    questions = {question["id"]: question for question in study["questions"]}
    scales = {scale["id"]: scale for scale in study["scales"]}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for outcome in headlines(study["outcomes"]):
        if outcome["scale"]:
            drawn: list[Mapping[str, Any]] = [
                {**questions[name], "reversed": item.startswith("-")}
                for item in scales[outcome["scale"]]["items"]
                if (name := item.removeprefix("-")) in questions and _drawable(questions[name])
            ]
            if drawn:
                found[outcome["id"]] = drawn
    singles: dict[str, str] = {}
    for outcome in study["outcomes"]:
        question = questions.get(outcome["item"] or "")
        if question and _drawable(question):
            under = singles.setdefault(str(question["labels"]), outcome["id"])
            found.setdefault(under, []).append({**question, "reversed": False})
    return found


def _drawable(question: Mapping[str, Any]) -> bool:
    return FEWEST <= len(question["labels"]) <= MOST and question["type"] in ("likert", "ordinal")
