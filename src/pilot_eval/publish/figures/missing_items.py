"""Map of missing answers: of each item of the scales, at each wave, the share without an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.heat import canvas, draw_cell, draw_label
from pilot_eval.publish.figures.style import EDGE, LINE, PAPER, RAMP, WIDTH, Drawing, width, wrap
from pilot_eval.publish.lookup import Cell, Lookup

#: Inches: most that labels take, breadth of a column, least height of a row, room around a scale's name.
LEFT, BROADEST, LEAST, AROUND = 4.2, 1.3, 0.3, 0.12
#: Shares from which on a tone is darker.
STEPS = (0.05, 0.1, 0.2)
TONES = "White: below 5% missing; then a tone each from 5%, 10% and 20% on."


@dataclass(frozen=True)
class Item:
    """An item of a scale, in words, with its missing answers by wave."""

    scale: str
    label: str
    missing: Mapping[str, Cell]


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """Rows are items, scale by scale; columns are waves."""
    waves = study["waves"]
    what = f"share of {study['words']['respondents']} asked without an answer, items of the scales at each wave"
    items = _items(cells, study)
    hidden = [f"{item.label} ({wave['label']})" for item in items for wave in waves
              if wave["id"] in item.missing and item.missing[wave["id"]].hidden]  # fmt: skip
    found = [(item, wave["label"], cell) for item in items for wave in waves
             if (cell := item.missing.get(wave["id"])) is not None and cell.known]  # fmt: skip
    if not found:
        return say.nothing(study, what, hidden)
    most = max((cell for _, _, cell in found), key=lambda cell: cell.value)
    which = "Of the items shown none" if hidden else "No item"
    title = f"{which} lacks more than {most.text} of its answers"
    told = [
        f"{item.label} ({item.scale}): {', '.join(parts)}." for item in items
        if (parts := [f"{wave} {cell.text}" for one, wave, cell in found if one is item])
    ]  # fmt: skip
    named = [(f"{item.label}, {wave}", cell) for item, wave, cell in found]
    return Drawing(
        _picture(items, waves), title, say.subtitle(study, what), f"Heat table: {what}. {title}.",
        say.told(f"{title}.", say.extremes(named, " share without an answer"), *told),
        say.joined(TONES, say.left_out(hidden)),
        [({"scale": item.scale, "item": item.label, "wave": wave}, cell) for item, wave, cell in found],
    )  # fmt: skip


def _items(cells: Lookup, study: Mapping[str, Any]) -> list[Item]:
    """Items in the order of their scales, among all respondents; those that no wave asked are left out."""
    items = []
    for scale in study["scales"]:
        for name in scale["items"]:
            rows = {wave["id"]: cells.row("scale_items", scale["id"], group=name.removeprefix("-"), wave=wave["id"])
                    for wave in study["waves"]}  # fmt: skip
            known = {wave: row for wave, row in rows.items() if row is not None and "missing" in row.cells}
            if known:
                label = next(iter(known.values())).group_label
                items.append(Item(scale["label"], label, {wave: row.cells["missing"] for wave, row in known.items()}))
    return items


def _tone(share: float) -> str:
    return RAMP[sum(share >= step for step in STEPS)]


def _picture(items: Sequence[Item], waves: Sequence[Mapping[str, Any]]) -> Figure:
    left = LEFT if len(waves) <= 3 else LEFT - 1
    broad = min(BROADEST, (WIDTH - left - EDGE) / len(waves))
    heads = [wrap(wave["label"], broad - 0.08, 4, bold=True) for wave in waves]
    scales = {at: wrap(item.scale, WIDTH - 2 * EDGE, 2, bold=True) for at, item in enumerate(items)
              if not at or items[at - 1].scale != item.scale}  # fmt: skip
    labels = [wrap(item.label, left - 0.12, 3) for item in items]
    tall = [max(LEAST, len(lines) * LINE + 0.08) for lines in labels]
    top = max(map(len, heads)) * LINE + 0.1
    names = sum(len(lines) * LINE + AROUND for lines in scales.values())
    figure, axes = canvas(top + names + sum(tall) + 0.05)
    for at, head in enumerate(heads):
        for line, text in enumerate(reversed(head)):
            axes.text(left + (at + 0.5) * broad, top - 0.06 - (line + 0.5) * LINE, text, ha="center",
                      va="center_baseline", fontweight="bold")  # fmt: skip
    roomy = broad > width("00.0%") + 0.04
    y = top
    for place, (item, lines, high) in enumerate(zip(items, labels, tall, strict=True)):
        if name := scales.get(place):
            for at, text in enumerate(name):
                axes.text(EDGE, y + 0.08 + (at + 0.5) * LINE, text, va="center_baseline", fontweight="bold")
            y += len(name) * LINE + AROUND
        draw_label(axes, EDGE, y + high / 2, lines)
        for at, wave in enumerate(waves):
            cell = item.missing.get(wave["id"])
            fill = _tone(cell.value) if cell is not None and cell.known else PAPER
            text = "" if cell is None or not roomy else cell.text
            draw_cell(axes, (left + at * broad, y), (broad, high), fill, text)
        y += high
    return figure
