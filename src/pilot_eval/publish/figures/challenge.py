"""Does the answer stand: the change by the main model, by matched respondents only, and with areas left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.rows import Line, Mark, Panel, draw_rows
from pilot_eval.publish.figures.style import MUTED, PALETTE, Drawing
from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.wording import direction


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """A group of rows an outcome, a row for each way to estimate its change; one panel a unit."""
    words = study["words"]
    what = "the overall change, estimated in other ways"
    ways = {
        "main": "main",
        "matched": "matched",
        "leave_areas_out": f"less one {words['area']}",
    }
    panels: dict[str, list[Line]] = {}
    drawn, hidden, told, moved = [], [], [], []
    for outcome in study["outcomes"]:
        found: dict[str, Row | None] = {"main": cells.change(outcome["id"])}
        found |= {way: cells.row("challenge", outcome["id"], group=way) for way in ("matched", "leave_areas_out")}
        hidden += [f"{outcome['label']}, {ways[way]}" for way, row in found.items() if row is not None and row.hidden]
        lines, said = [], []
        for way, row in found.items():
            line, names, text = _line(way, ways[way], row)
            if line is not None and row is not None:
                lines.append(line)
                said.append(f"{ways[way]} {text}")
                drawn += [({"outcome": outcome["label"], "estimate": ways[way]}, row.cells[name]) for name in names]
        if len(lines) < 2:
            continue
        first = replace(lines[0], label=outcome["label"], span=len(lines), gap=bool(panels.get(outcome["unit"])))
        panels.setdefault(outcome["unit"], []).extend([first, *lines[1:]])
        told.append(f"{outcome['label']}: {'; '.join(said)}.")
        moved += [outcome["label"]] if _moves(found["main"], found["matched"]) else []
    if not panels:
        return say.nothing(study, what, hidden)
    title = (
        f"Only among matched {words['respondents']} the answer differs for {say.listed(moved)}"
        if moved else "The answers stand when the change is estimated in other ways"
    )  # fmt: skip
    drawn = [pair for pair in drawn if any(pair[0]["outcome"] in text for text in told)]
    return Drawing(
        draw_rows(
            [Panel(f"Change in {unit}", lines, zero="No change") for unit, lines in panels.items()],
            widest=2.3,
        ),
        title, say.subtitle(study, what), f"Dot plot with intervals: {what}. {title}.",
        say.told(f"{title}.", *told),
        say.joined(
            say.INTERVALS,
            f"Main: the main model, all {words['respondents']}. Matched: only {words['respondents']} who answered at "
            f"more than one wave. Grey bars: least to greatest change when one {words['area']} is left out.",
            say.left_out(hidden),
        ), drawn,
    )  # fmt: skip


def _line(way: str, label: str, row: Row | None) -> tuple[Line | None, tuple[str, ...], str]:
    """A row of the figure, the columns it draws, and its numbers in words."""
    if row is not None and way == "leave_areas_out" and row.known("least", "greatest"):
        text = f"{row.shown('least')} to {row.shown('greatest')}"
        middle = (row.value("least") + row.value("greatest")) / 2
        mark = Mark(middle, row.value("least"), row.value("greatest"), MUTED, wide=True)
        return Line("", (mark,), f"{label} {text}"), ("least", "greatest"), text
    if row is not None and row.known("estimate", "low", "high"):
        colour, marker = (PALETTE[0], "o") if way == "main" else (PALETTE[1], "s")
        mark = Mark(row.value("estimate"), row.value("low"), row.value("high"), colour, marker)
        return Line("", (mark,), f"{label} {say.interval(row)}"), ("estimate", "low", "high"), say.interval(row)
    return None, (), ""


def _moves(main: Row | None, other: Row | None) -> bool:
    """Whether another estimate would be read otherwise: up, down or open."""
    return "hidden" not in (direction(main), direction(other)) and direction(main) != direction(other)
