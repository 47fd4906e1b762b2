"""Who answered, area by area and wave by wave."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.rows import Line, Mark, Panel, draw_rows
from pilot_eval.publish.figures.style import Drawing, wave_style
from pilot_eval.publish.lookup import Cell, Lookup
from pilot_eval.publish.wording import area_name, sentence


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """One row an area, one mark a wave: numbers of respondents, since nobody knows those invited by area."""
    words, waves = study["words"], study["waves"]
    rows = [row for row in cells.rows("response_by_area") if row.area]
    column, unit = "responded", f"{sentence(words['respondents'])} who answered (rounded)"
    what = f"number of {words['respondents']} by {words['area']} and wave"
    style = wave_style(waves)
    names = {row.area: area_name(study, row.area_label) for row in rows}
    lines: list[Line] = []
    drawn, hidden = [], []
    ends: list[tuple[str, Cell]] = []
    for area, label in names.items():
        own = {row.wave: row for row in rows if row.area == area}
        known = {wave: row for wave, row in own.items() if row.known(column)}
        if len(known) < len(own):
            hidden.append(label)
        if not known:
            continue
        marks = [
            Mark(
                known[wave["id"]].value(column), math.nan, math.nan, *style[wave["id"]],
                label="" if lines else wave["label"],
            )
            for wave in waves if wave["id"] in known
        ]  # fmt: skip
        lines.append(Line(label, tuple(marks)))
        drawn += [({"area": label, "wave": wave["label"]}, known[wave["id"]].cells[column])
                  for wave in waves if wave["id"] in known]  # fmt: skip
        if waves[-1]["id"] in known:
            ends.append((label, known[waves[-1]["id"]].cells[column]))
    if not lines:
        return say.nothing(study, what, hidden)
    most = max(mark.value for line in lines for mark in line.marks)
    limits = (0.0, most * 1.06)
    everywhere = f"All {words['areas']}"
    whole = [
        (wave["label"], row.cells[column])
        for wave in waves
        if (row := cells.row("response_by_area", area="", group="", wave=wave["id"])) is not None and row.known(column)
    ]
    drawn += [({"area": everywhere, "wave": wave}, cell) for wave, cell in whole]
    fewer = sum(marks[0].value > marks[-1].value for marks in (line.marks for line in lines) if len(marks) > 1)
    share = "most" if 2 * fewer > len(lines) else "some" if fewer else "no"
    group = words["areas"] if share != "no" else words["area"]
    title = (
        f"In {share} {group} fewer {words['respondents']} answered at {waves[-1]['label']} than at {waves[0]['label']}"
    )
    return Drawing(
        draw_rows([Panel(unit, lines, limits=limits)]), title, say.subtitle(study, what),
        f"Dot plot, one row for each {words['area']}: {what}. {title}.",
        say.told(f"{title}.", say.extremes(ends, f" number at {waves[-1]['label']}"),
                 *(f"{everywhere}, {wave}: {cell.text}." for wave, cell in whole)),
        say.left_out(hidden), drawn,
    )  # fmt: skip
