"""Change against the start, with regression to the mean taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.rows import Line, Mark, Panel, draw_rows
from pilot_eval.publish.figures.style import PALETTE, Drawing
from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.wording import LEVEL

#: What a part of the areas is called, by the number of parts.
PARTS = {
    2: ("lower half", "upper half"), 3: ("lowest third", "middle third", "highest third"),
    4: ("lowest quarter", "second quarter", "third quarter", "highest quarter"),
    5: ("lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth"),
}  # fmt: skip
OURS, NAIVE = "True start (model)", "Observed start"


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """One panel a unit with change by parts of the start, and one with the slopes, true and observed, side by side."""
    areas = study["words"]["areas"]
    what = f"change of {areas} by where they started"
    outcomes = {outcome["id"]: outcome for outcome in study["outcomes"]}
    by_unit: dict[str, list[Line]] = {}
    slopes: list[Line] = []
    drawn, hidden, told, related = [], [], [], []
    for question in study["starts"]:
        outcome = outcomes[question["outcome"]]
        parts = _parts(cells, question)
        hidden += [f"{outcome['label']}, {part}" for part, row in parts if row.hidden]
        known = [(part, row) for part, row in parts if row.known("change")]
        if known:
            lines = by_unit.setdefault(outcome["unit"], [])
            lines.append(Line(outcome["label"], gap=bool(lines)))
        for part, row in known:
            mark = Mark(row.value("change"), row.value("low"), row.value("high"), PALETTE[0])
            start = f", start {row.shown('mean_first')}" if row.known("mean_first") else ""
            by_unit[outcome["unit"]].append(
                Line(f"{part[0].upper()}{part[1:]}{start}", (mark,), say.interval(row, "change"))
            )
            names = {"outcome": outcome["label"], "part": part}
            drawn += [(names, row.cells[name]) for name in ("mean_first", "change", "low", "high") if row.known(name)]
        slope = cells.row("start_slope", outcome["id"], group=question["id"])
        if known:
            extremes = say.extremes([(part, row.cells["change"]) for part, row in known], " change")
            told.append(f"{outcome['label']}: {extremes}")
        if slope is not None and slope.known("estimate"):
            slopes.append(Line(outcome["label"], gap=bool(slopes)))
            mark = Mark(slope.value("estimate"), slope.value("low"), slope.value("high"), PALETTE[0])
            slopes.append(Line(OURS, (mark,), say.interval(slope)))
            names = {"outcome": outcome["label"], "part": OURS}
            drawn += [(names, slope.cells[name]) for name in ("estimate", "low", "high") if slope.known(name)]
            told.append(f"{outcome['label']}, change per unit of the true start: {say.interval(slope)}.")
            related.append(slope.known("low", "high") and not slope.value("low") <= 0 <= slope.value("high"))
        if slopes and slope is not None and slope.known("estimate", "naive"):
            mark = Mark(slope.value("naive"), colour=PALETTE[3], marker="s")
            slopes.append(Line(NAIVE, (mark,), slope.shown("naive")))
            drawn.append(({"outcome": outcome["label"], "part": NAIVE}, slope.cells["naive"]))
            told.append(f"{outcome['label']}, per unit of the observed start: {slope.shown('naive')}.")
    if not by_unit and not slopes:
        return say.nothing(study, what, hidden)
    panels = [Panel(f"Change in {unit}", lines, zero="No change") for unit, lines in by_unit.items()]
    if slopes:
        panels.append(Panel("Change per unit of the start", slopes, zero="No relation"))
    title = _title(related)
    return Drawing(
        draw_rows(panels), title, say.subtitle(study, f"{what}, with {LEVEL} intervals"),
        f"Dot plot with intervals: {what}. {title}.", say.told(f"{title}.", *told),
        say.joined(
            say.INTERVALS,
            f"Start and change of a part come from different {study['words']['organisations']}. Change per unit of the "
            "observed start falls by regression to the mean alone, so no interval is drawn for it.",
            say.left_out(hidden),
        ),
        drawn,
    )  # fmt: skip


def _parts(cells: Lookup, question: Mapping[str, Any]) -> list[tuple[str, Row]]:
    """Parts of the areas from the lowest start up, those that the ledger has."""
    number = question["parts"]
    found = [
        (name, cells.row("start_parts", question["outcome"], group=f"{question['id']}.part-{at}-of-{number}"))
        for at, name in enumerate(PARTS[number], start=1)
    ]
    return [(name, row) for name, row in found if row is not None]


def _title(related: list[bool]) -> str:
    """The headline: whether change clearly depends on the start for any outcome."""
    if not related:
        return "Change by where it started"
    if any(related):
        return "Change depended on the start" if all(related) else "Change depended on the start for some outcomes"
    return "Change did not clearly depend on the start"
