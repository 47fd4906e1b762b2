"""The two sides of a dyad and how each rates the same relationship."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.rows import Line, Mark, Panel, draw_rows
from pilot_eval.publish.figures.style import PALETTE, Drawing
from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.wording import LEVEL, sentence


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """One row a wave, one mark a side, the gap in words; one panel a perception."""
    left, right = [kind.replace("_", " ") for kind in (study["sides"] or ("left", "right"))]
    outcomes = {outcome["id"]: outcome for outcome in study["outcomes"]}
    panels, drawn, hidden, told = [], [], [], []
    last: Row | None = None
    for perception in study["perceptions"]:
        lines = []
        for wave in study["waves"]:
            row = cells.row("perceptions", group=perception["id"], wave=wave["id"])
            if row is None or not row.known("left_mean", "right_mean"):
                hidden += [f"{perception['label']}, {wave['label']}"] if row is not None and row.hidden else []
                continue
            marks = (
                Mark(row.value("left_mean"), colour=PALETTE[1], marker="o", label=f"{sentence(left)} side"),
                Mark(row.value("right_mean"), colour=PALETTE[2], marker="s", label=f"{sentence(right)} side"),
            )
            gap = f"{row.shown('gap')} ({row.shown('gap_low')} to {row.shown('gap_high')})"
            label = f"{perception['label']}, {wave['label']}" if len(study["perceptions"]) > 1 else wave["label"]
            lines.append(Line(label, marks, f"gap {gap}", joined=True))
            names = {"perception": perception["label"], "wave": wave["label"]}
            shown = ("left_mean", "right_mean", "gap", "gap_low", "gap_high")
            drawn += [(names, row.cells[name]) for name in shown if row.known(name)]
            told.append(
                f"{perception['label']}, {wave['label']}: {left} side {row.shown('left_mean')}, "
                f"{right} side {row.shown('right_mean')}, gap {gap}."
            )
            last = row
        if lines:
            panels.append(Panel(f"Average in {outcomes[perception['outcome']]['unit']}", lines))
    what = f"both sides of the same relationship, {left} and {right}"
    if not panels or last is None:
        return say.nothing(study, what, hidden)
    title = _title(study, last, left, right)
    return Drawing(
        draw_rows(panels), title, say.subtitle(study, f"{what}: average of each side and the gap between them"),
        f"Dot plot of pairs: {what}. {title}.",
        say.told(f"{title}.", say.extremes([(_side(names, cell, left, right), cell) for names, cell in drawn
                                              if cell.column.endswith("mean")], " average"), *told),
        say.joined(f"In brackets: {LEVEL} interval of the gap ({left} side less {right} side).", say.left_out(hidden)),
        drawn,
    )  # fmt: skip


def _side(names: Mapping[str, str], cell: Any, left: str, right: str) -> str:
    return f"{left if cell.column == 'left_mean' else right} side, {names['wave']}"


def _title(study: Mapping[str, Any], row: Row, left: str, right: str) -> str:
    wave = next(wave["label"] for wave in study["waves"] if wave["id"] == row.wave)
    if row.known("gap_low", "gap_high") and row.value("gap_low") <= 0 <= row.value("gap_high"):
        return f"At {wave} both sides rated their relationship alike"
    higher, lower = (left, right) if row.value("left_mean") > row.value("right_mean") else (right, left)
    return f"At {wave} the {higher} side rated the relationship higher than the {lower} side"
