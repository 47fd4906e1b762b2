"""Feedback packs: one page an area, which names that area and no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pilot_eval.publish.answers import SENTENCES
from pilot_eval.publish.figures.plan import headlines
from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.page import number, render
from pilot_eval.publish.questions import Rating, Standing
from pilot_eval.publish.questions import questions as for_discussion
from pilot_eval.publish.strip import Strip, draw_strip, limits
from pilot_eval.publish.wording import LEVEL, direction, in_unit, not_estimated, signed

if TYPE_CHECKING:
    import pandas as pd

#: Probability from which on one can be fairly sure that an area changed more, or less, than the programme.
SURE = 0.9


def write_packs(
    cells: pd.DataFrame, areas: pd.DataFrame, base: str, template: str, css: str, pages: Sequence[str],
    questions: Sequence[Mapping[str, Any]], study: Mapping[str, Any],
) -> dict[str, list[str]]:  # fmt: skip
    """Write the pack of every area.

    Parameters
    ----------
    cells : DataFrame
        Disclosed cells of ``hide_cells``.
    areas : DataFrame
        ``area, name, letter``: the private key; of each row only its own pack learns.
    base, template, css : str
        Frame of every page, the pack's own template, and the look.
    pages : sequence of str
        Area of each page, in the order in which they are written: which page is whose hangs on no order of ``areas``.
    questions : sequence of mapping
        The plan's pre-specified questions, as ``write_findings`` has them; packs tell the answers of those about a
        headline outcome.
    study : mapping
        What packs say of the study (``printed.PACKED``).

    Returns
    -------
    dict
        ``packs``: the pages, in the order of ``pages``.
    """
    lookup = Lookup(cells)
    templates = {"base.html.jinja": base, "pack.html.jinja": template}
    shared = {
        "css": css, "study": study, "final": signed(study["people"]), "level": LEVEL,
        "num": number(lookup, anchored=False), "first": study["waves"][0], "last": study["waves"][-1],
        "programme": programme(lookup, questions, study["outcomes"]),
    }  # fmt: skip
    known = {str(area["area"]): area for area in areas.to_dict("records")}
    packs = []
    for code in pages:
        own = pack(lookup, str(known[code]["letter"]), study)
        packs.append(render(templates, "pack.html.jinja", here=known[code]["name"], **shared, **own))
    return {"packs": packs}


def programme(
    lookup: Lookup, questions: Sequence[Mapping[str, Any]], outcomes: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What was found in the whole programme: the report's own sentences about the headline outcomes."""
    main = {outcome["id"] for outcome in headlines(outcomes)}
    asked = [question for question in questions if question["outcome"]["id"] in main]
    return [SENTENCES[question["kind"]](lookup, question).text for question in asked]


def pack(lookup: Lookup, letter: str, study: Mapping[str, Any]) -> dict[str, Any]:
    """What one area's pack says: its results beside the programme, its response, its ratings, its questions."""
    standings = [found for outcome in study["outcomes"] if (found := _standing(lookup, letter, outcome)) is not None]
    response = _response(lookup, letter, study)
    ratings = [rated for evidence in study["evidence"] if (rated := _ratings(lookup, letter, evidence)) is not None]
    fewer = len(response) > 1 and response[-1]["own"].value("responded") < response[0]["own"].value("responded")
    lowest = next((rating["lowest"] for rating in ratings if rating["lowest"] is not None), None)
    return {
        "results": _with_strips(lookup, letter, standings, study),
        "missing": [
            outcome["label"] for outcome in study["outcomes"]
            if outcome["id"] not in {standing.outcome["id"] for standing in standings}
        ],
        "estimated": not all(not_estimated(lookup.change(outcome["id"])) for outcome in study["outcomes"]),
        "scores": _scores(lookup, letter, study),
        "otherwise": [one.outcome["label"] for one in standings if _otherwise(lookup, letter, one, study)],
        "response": response,
        "ratings": ratings,
        "questions": for_discussion(standings, lowest, fewer, study["words"]),
    }  # fmt: skip


def _standing(lookup: Lookup, letter: str, outcome: Mapping[str, Any]) -> Standing | None:
    row = lookup.row("change_by_area", outcome=outcome["id"], area=letter)
    # An area with answers at one wave only has no change of its own.
    if row is None or row.borrowed or not row.known("estimate", "low", "high"):
        return None
    whole = lookup.change(outcome["id"])
    if whole is None or not whole.known("estimate"):
        return Standing(outcome, row, None, direction(row), "unknown", 0.0)
    programme = whole.value("estimate")
    beside = "more" if row.value("low") > programme else "less" if row.value("high") < programme else "alike"
    # The programme's change is uncertain too, and this area is part of it: its interval alone does not make sure.
    more = row.value("above_mean")
    if (beside == "more" and more < SURE) or (beside == "less" and more > 1 - SURE):
        beside = "unsure"
    width = (row.value("high") - row.value("low")) or 1.0
    lead = (row.value("estimate") - programme) / width
    if not outcome["higher_is_better"]:
        lead, beside = -lead, {"more": "less", "less": "more"}.get(beside, beside)
    return Standing(outcome, row, whole, direction(row), beside, lead)


def _otherwise(lookup: Lookup, letter: str, standing: Standing, study: Mapping[str, Any]) -> bool:
    """Whether the area's scores moved the other way than its estimated change: few answers lean on the programme's."""
    first, last = (
        lookup.row("means_by_area", standing.outcome["id"], letter, wave=study["waves"][at]["id"]) for at in (0, -1)
    )
    if first is None or last is None or not (first.known("mean") and last.known("mean")):
        return False
    moved = last.value("mean") - first.value("mean")
    return (standing.way == "up" and moved < 0) or (standing.way == "down" and moved > 0)


def _with_strips(
    lookup: Lookup, letter: str, standings: list[Standing], study: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Each outcome with its strip; those of one unit on one scale."""
    strips = {standing.outcome["id"]: _strip(lookup, letter, standing) for standing in standings}
    found = []
    for standing in standings:
        unit = standing.outcome["unit"]
        scale = limits([strips[other.outcome["id"]] for other in standings if other.outcome["unit"] == unit])
        row, whole = standing.row, standing.whole
        alt = (
            f"{standing.outcome['label']}: change here {row.shown('estimate')}, interval {row.shown('low')} to "
            f"{row.shown('high')}" + (f"; programme {whole.shown('estimate')}" if whole is not None else "")
            + f"; the other {study['words']['areas']} as grey dots."
        )  # fmt: skip
        programme = f"All {study['words']['areas']} {whole.shown('estimate')}" if whole is not None else ""
        here = f"Here {row.shown('estimate')}"
        picture = draw_strip(strips[standing.outcome["id"]], scale, here, programme, alt)
        found.append(
            {"standing": standing, "outcome": standing.outcome, "row": row, "whole": whole, "strip": picture,
             "unit": in_unit(unit).strip()}
        )  # fmt: skip
    return found


def _strip(lookup: Lookup, letter: str, standing: Standing) -> Strip:
    row = standing.row
    others = [
        other.value("estimate")
        for other in lookup.rows("change_by_area", outcome=standing.outcome["id"])
        if other.area not in ("", letter) and other.known("estimate") and not other.borrowed
    ]
    whole = standing.whole.value("estimate") if standing.whole is not None else float("nan")
    return Strip(row.value("estimate"), row.value("low"), row.value("high"), whole, others)


def _scores(lookup: Lookup, letter: str, study: Mapping[str, Any]) -> dict[str, Any]:
    """The area's mean scores beside all respondents', wave by wave: what there is to see before any change is."""
    waves = [wave for wave in study["waves"] if lookup.row("means_by_area", area=letter, wave=wave["id"])]
    lines = []
    for outcome in study["outcomes"]:
        own = [lookup.row("means_by_area", outcome["id"], letter, wave=wave["id"]) for wave in waves]
        whole = [lookup.row("means", outcome["id"], "", "all", wave["id"]) for wave in waves]
        if any(row is not None and row.known("mean") for row in own):
            cells = [
                row.shown("mean") if row is not None else "[x]" for pair in zip(own, whole, strict=True) for row in pair
            ]
            lines.append((outcome["label"], outcome["unit"], cells))
    return {"waves": waves, "lines": lines}


def _response(lookup: Lookup, letter: str, study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Per wave the area's response and that of all areas, where the area's may be shown."""
    found = []
    for wave in study["waves"]:
        own = lookup.row("response_by_area", area=letter, wave=wave["id"])
        if own is not None and own.known("responded"):
            whole = lookup.row("response_by_area", area="", group="", wave=wave["id"])
            found.append({"wave": wave, "own": own, "whole": whole})
    return found


def _ratings(lookup: Lookup, letter: str, evidence: Mapping[str, Any]) -> dict[str, Any] | None:
    """The area's ratings, item by item and occasion by occasion, and the one that was lowest at last."""
    occasions = list(evidence["occasions"].items()) or [("", "")]
    levels = {int(level): label for level, label in evidence["levels"].items()}
    lines: list[tuple[str, list[str], str]] = []
    rated: list[tuple[float, str]] = []
    for item, name in evidence["items"].items():
        groups = [".".join(filter(None, (evidence["id"], item, occasion))) for occasion, _ in occasions]
        own = [lookup.row("ratings", area=letter, group=group) for group in groups]
        if any(row is not None and row.known("mean") for row in own):
            whole = lookup.row("ratings", area="", group=groups[-1])
            lines.append((name, [_level(row, levels) for row in own], "[x]" if whole is None else whole.shown("mean")))
            last = own[-1]
            rated += [(last.value("mean"), name)] if last is not None and last.known("mean") else []
    if not lines:
        return None
    lowest = None
    if rated:
        value, name = min(rated, key=lambda pair: pair[0])
        level = levels.get(round(value), f"{value:g}")
        as_low = sum(other == value for other, _ in rated)
        lowest = Rating(name, occasions[-1][1], level, value >= max(levels), as_low == 1, as_low == len(rated) > 1)
    return {
        "label": evidence["label"],
        "occasions": [label for _, label in occasions],
        "lines": lines,
        "levels": levels,
        "lowest": lowest,
    }


def _level(row: Row | None, levels: Mapping[int, str]) -> str:
    """A rating in words with its number; a mean of several as published."""
    if row is None:
        return "[x]"
    value = row.value("mean")
    return f"{levels[int(value)]} ({value:g})" if value in levels else row.shown("mean")
