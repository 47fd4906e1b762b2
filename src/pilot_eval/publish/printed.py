"""What pages and figures say of a study besides its numbers, as plain values for a rule's params."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pilot_eval.study.good_practice import factor_sets

if TYPE_CHECKING:
    from pilot_eval.study import Study

#: What a question may ask of an outcome's change in everybody: contrast by key.
ASKED = {"asked": "overall", "varied": "between_areas"}
#: Keys that every title block needs.
TITLE = ("title", "short_title", "geography", "period", "organisation", "synthetic", "release", "words")
#: Keys that a figure needs.
DRAWN = (
    "geography", "period", "synthetic", "words", "waves", "roles", "areas_public_as", "outcomes", "scales",
    "questions", "asked", "starts", "evidence", "perceptions", "sides",
)  # fmt: skip
#: Keys that the summary needs; of a fit it names no more than which there are.
SUMMED = (*TITLE, "waves", "outcomes", "agreements", "fits", "people", "disclosure", "limits")
#: Keys that an area's pack needs.
PACKED = (
    *TITLE, "areas_public_as", "waves", "roles", "outcomes", "evidence", "people", "disclosure", "limits",
    "good_practice",
)  # fmt: skip
#: Keys that the report needs.
REPORTED = (
    *TITLE, "areas_public_as", "waves", "roles", "instruments", "outcomes", "scales", "questions", "evidence",
    "attendance", "perceptions", "sides", "agreements", "replications", "models", "fits", "challenges", "multiplicity",
    "linkage", "disclosure", "people", "background", "limits", "assumptions", "citation",
    "good_practice",
)  # fmt: skip

#: What a respondent must have been asked for a pass of linking to find anybody.
KEY_USES: dict[str, set[str]] = {
    "person": {"person"}, "email": {"email"}, "name_organisation": {"name"},
    "last_organisation_year": {"name", "birth_year"}, "first_organisation_year": {"name", "birth_year"},
    "name_year": {"name", "birth_year"},
}  # fmt: skip


def printed(study: Study, *keys: str) -> dict[str, Any]:
    """The named parts of a study as plain values, keys sorted.

    Parameters
    ----------
    study : Study
    *keys : str
        Fields of the study's configuration; ``outcomes``, ``scales``, ``agreements``, ``replications``,
        ``perceptions`` and ``models`` (lists in the order of the plan, each entry with its ``id``; an outcome with
        ``asked`` and ``varied``, the plan's questions about its change in everybody and about whether that differs
        between areas, empty where there are none); ``questions``
        (answer items with labels, over all instruments, each once); ``asked`` (those of the plan's
        questions that are about evidence); ``good_practice`` (critical success factors with a page, each with its
        pages); ``starts`` (those about change against the start, of
        outcomes that the plan has); ``fits`` (pairs of model and outcome); ``sides`` (the two kinds of
        organisation of a dyad, empty when there are none).

    Returns
    -------
    dict
        Strings, numbers, booleans, None, lists and dicts only: what Snakemake tracks as params.
    """
    config = study.config.model_dump(mode="json")
    asked = {item.use for items in study.codebooks.values() for item in items}
    config["linkage"]["keys"] = [key for key in config["linkage"]["keys"] if KEY_USES[key] <= asked]
    for wave in config["waves"]:  # days that are not known are not printed
        wave["start"] = None if wave["start"] == dt.date.min.isoformat() else wave["start"]
        wave["end"] = None if wave["end"] == dt.date.max.isoformat() else wave["end"]
    plan = study.plan.model_dump(mode="json")
    named = {name: plan[name] for name in ("outcomes", "agreements", "replications", "perceptions", "models")}
    named["scales"] = {name: scale.model_dump(mode="json") for name, scale in study.scales.items()}
    values: dict[str, Any] = {
        name: [{"id": key, **part} for key, part in parts.items()] for name, parts in named.items()
    }
    for outcome in values["outcomes"]:
        outcome |= {key: _asked(study, outcome["id"], what) for key, what in ASKED.items()}
    links = study.config.registers.links
    values |= {
        "questions": _questions(study),
        "asked": [{"id": key, **part} for key, part in plan["questions"].items() if "evidence" in part],
        "starts": [
            {"id": key, "outcome": part["outcome"], "parts": part["parts"]}
            for key, part in plan["questions"].items()
            if part["kind"] == "start" and part["outcome"] in plan["outcomes"]
        ],
        "fits": [list(pair) for pair in study.fits],
        "sides": [links.left, links.right] if links else [],
        "challenges": plan["challenges"],
        "multiplicity": plan["multiplicity"],
        "attendance": study.config.attendance is not None,
        "good_practice": _practice(study),
        "assumptions": [list(pair) for pair in study.config.assumptions.items()],
    }
    return {key: values[key] if key in values else config[key] for key in sorted(keys)}


def _asked(study: Study, outcome: str, contrast: str) -> str:
    """The plan's question about a change in everybody who was asked; the last one where it has several."""
    found = [
        name for name, one in study.plan.questions.items()
        if one.kind == "change" and not one.roles and not one.matched
        and (one.outcome, one.contrast) == (outcome, contrast)
    ]  # fmt: skip
    return found[-1] if found else ""


def _questions(study: Study) -> list[dict[str, Any]]:
    """Answer items with their labels; an item of several instruments stands once, as the first has it."""
    found: dict[str, dict[str, Any]] = {}
    for items in study.codebooks.values():
        for item in items:
            if item.use == "answer":
                labels = [[code, item.labels[code]] for code in item.codes()]
                found.setdefault(item.item, {"id": item.item, "label": item.label, "type": item.type, "labels": labels})
    return list(found.values())


def _practice(study: Study) -> list[dict[str, Any]]:
    """Critical success factors that pages of good practice are about, in the order of the configuration."""
    found = []
    for evidence in factor_sets(study.config, study.plan):
        for code, label in evidence.items.items():
            pages = [page for page in study.good_practice if code in page.about.factors]
            named = [{"name": page.name, "title": page.about.title} for page in pages]
            found += [{"label": label, "pages": named}] if named else []
    return found
