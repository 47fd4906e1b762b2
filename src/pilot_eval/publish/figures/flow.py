"""Participant flow: who was there, who answered, who left, at each wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.style import EDGE, HIGHLIGHT, INK, LINE, WIDTH, Drawing, wrap
from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.wording import level_of, sentence

#: Boxes that leave before the first wave, and between one wave and another. Who did not respond at a later wave may
#: never have responded, so that this is no exit from the wave before.
UNUSED = {"no_role", "no_area", "no_outcome"}
EXITS, LATER_EXITS = {"not_responded", "lost", *UNUSED}, {"lost", *UNUSED}
GAP, PAD = 0.2, 0.09


@dataclass
class Step:
    """What a column shows at one wave: those who leave before it, and those who are there."""

    exits: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """Records across the top, then a column a level: each kind of organisation, and respondents; areas below."""
    words, waves = study["words"], study["waves"]
    what = f"flow of {words['organisations']} and {words['respondents']} through the study"
    rows = list(cells.rows("flow"))
    if not rows:
        return say.nothing(study, what)
    kinds = [row.group.split(".")[1] for row in rows if row.group.count(".") == 2 and row.group.endswith(".registered")]
    levels = [(f"organisations.{kind}", sentence(kind.replace("_", " "))) for kind in kinds[:2]]
    levels = levels or [("organisations", sentence(words["organisations"]))]
    levels.append(("respondents", sentence(words["respondents"])))
    columns = [(title, _steps(rows, level, waves)) for level, title in levels]
    columns = [(title, steps) for title, steps in columns if any(step.there for step in steps)]
    records = [row for row in rows if row.group.startswith("records.")]
    areas = [row for row in rows if row.group.startswith("areas.")]
    ends = [
        (label, row.cells["n"])
        for label, row in (
            (f"{wave['label']}", cells.row("flow", group=f"respondents.{wave['id']}.responded")) for wave in waves
        )
        if row is not None
    ]
    title = "; ".join(f"{cell.text} {words['respondents']} answered at {label}" for label, cell in ends) or sentence(
        what
    )
    named = {wave["id"]: wave["label"] for wave in waves}
    hidden = [_label(row, named) for row in rows if row.hidden]
    return Drawing(
        _picture(records, columns, areas, waves, sentence(words["areas"])), title, say.subtitle(study, what),
        f"Flow chart: {what}. {title}.",
        say.told(f"{title}.", *(f"{_label(row, named)}: {row.shown('n')}." for row in rows)),
        say.joined("Counts are rounded, so that parts may not add up to the whole.",
                   "[c] is confidential." if hidden else ""),
        [({"box": _label(row, named)}, row.cells["n"]) for row in rows if row.known("n")],
    )  # fmt: skip


def _label(row: Row, waves: Mapping[str, str]) -> str:
    """A box in words: level, wave, what is counted."""
    return ", ".join([level_of(row), *([waves[row.wave]] if row.wave else []), row.group_label])


def _steps(rows: Sequence[Row], level: str, waves: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The steps of one level: before the first wave, then one a wave."""
    places = {"": 0, **{wave["id"]: at + 1 for at, wave in enumerate(waves)}}
    steps = [Step() for _ in places]
    for row in rows:
        own = row.group.removeprefix(f"{level}.")
        words = own.split(".")
        if own == row.group or len(words) > 2 or (len(words) == 2 and words[0] not in places):
            continue
        at = places[row.wave]
        if words[-1] == "invited" and row.wave == waves[0]["id"]:
            at = 0
        text = f"{row.group_label}: {row.shown('n')}"
        leaves = words[-1] in (EXITS if at < 2 else LATER_EXITS)
        (steps[at].exits if leaves else steps[at].there).append(text)
    return steps


def _picture(
    records: Sequence[Row], columns: Sequence[tuple[str, Sequence[Step]]], areas: Sequence[Row],
    waves: Sequence[Mapping[str, Any]], everywhere: str,
) -> Figure:  # fmt: skip
    tall = 30.0
    figure = Figure(figsize=(WIDTH, tall))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    y = _draw_records(axes, records)
    broad = min(3.2, (WIDTH - 2 * EDGE - 0.2 * (len(columns) - 1)) / max(len(columns), 1))
    lefts = [at * (broad + 0.2) + EDGE for at in range(len(columns))]
    heads = [wrap(title, broad - 0.02, 2, bold=True) for title, _ in columns]
    for left, head in zip(lefts, heads, strict=True):
        for at, line in enumerate(head):
            _write(axes, left, y + at * LINE, line, True)
    y += max((len(head) for head in heads), default=0) * LINE + 0.08
    below = [0.0] * len(columns)
    for at in range(len(waves) + 1):
        shown = [steps[at] for _, steps in columns]
        if at and any(step.exits for step in shown):
            ends = [_draw_box(axes, left + 0.5, y, broad - 0.52, step.exits, exit=True) if step.exits else y
                    for left, step in zip(lefts, shown, strict=True)]  # fmt: skip
            for left, step, end in zip(lefts, shown, ends, strict=True):
                if step.exits:
                    axes.annotate("", (left + 0.5, (y + end) / 2), (left + 0.22, (y + end) / 2), arrowprops=ARROW)
            y = max(ends) + GAP
        if not any(step.there for step in shown):
            continue
        wave = str(waves[at - 1]["label"]) if at else ""
        ends = [_draw_box(axes, left, y, broad - 0.02, step.there, wave) if step.there else y
                for left, step in zip(lefts, shown, strict=True)]  # fmt: skip
        for place, (left, step) in enumerate(zip(lefts, shown, strict=True)):
            if step.there and below[place]:
                axes.annotate("", (left + 0.22, y), (left + 0.22, below[place]), arrowprops=ARROW)
        below = [end if step.there else old for end, step, old in zip(ends, shown, below, strict=True)]
        y = max(ends) + GAP
    if areas:
        named = {wave["id"]: f"{wave['label']}: " for wave in waves}
        lines = [
            f"{named.get(row.wave, '')}{row.group_label[:1].lower()}{row.group_label[1:]} {row.shown('n')}"
            for row in areas
        ]
        y = _draw_box(axes, EDGE, y, WIDTH - 2 * EDGE, ["; ".join(lines)], everywhere) + EDGE
    _crop(figure, axes, y)
    return figure


ARROW = {"arrowstyle": "-|>", "color": INK, "lw": 1.1, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 11}


def _crop(figure: Figure, axes: Axes, tall: float) -> None:
    figure.set_size_inches(WIDTH, tall)
    axes.set(xlim=(0, WIDTH), ylim=(tall, 0))


def _draw_records(axes: Axes, records: Sequence[Row]) -> float:
    """Records delivered, those not used with the reasons beside them, records analysed; returns where they end."""
    if not records:
        return 0.02
    there = [f"{row.group_label}: {row.shown('n')}" for row in records if ".rejected." not in row.group]
    reasons = [f"{row.group_label}: {row.shown('n')}" for row in records if ".rejected." in row.group]
    end = _draw_box(axes, EDGE, EDGE, 2.6, there[:1])
    gone = _draw_box(axes, 3.1, EDGE, WIDTH - 3.1 - EDGE, reasons, exit=True) if reasons else end
    if reasons:
        axes.annotate("", (3.1, (end + EDGE) / 2), (2.6 + EDGE, (end + EDGE) / 2), arrowprops=ARROW)
    if len(there) > 1:
        start = max(end + GAP, gone - (end - EDGE))
        axes.annotate("", (0.25, start), (0.25, end), arrowprops=ARROW)
        end = _draw_box(axes, EDGE, start, 2.6, there[1:])
    return max(end, gone) + GAP


def _draw_box(
    axes: Axes, x: float, y: float, broad: float, texts: Sequence[str], head: str = "", exit: bool = False
) -> float:
    """A box with its lines, the heading in bold; returns where it ends."""
    lines = [(line, False) for text in texts for line in wrap(text, broad - 2 * PAD, 8)]
    if head:
        lines = [*((line, True) for line in wrap(head, broad - 2 * PAD, 3, bold=True)), *lines]
    tall = len(lines) * LINE + 2 * PAD
    edge, style = ("#3D3D3D", (0, (4, 2))) if exit else (HIGHLIGHT, "-")
    axes.add_patch(Rectangle((x, y), broad, tall, facecolor="#FFFFFF", edgecolor=edge, lw=1.3, ls=style, zorder=3))
    for at, (line, bold) in enumerate(lines):
        _write(axes, x + PAD, y + PAD + at * LINE, line, bold)
    return y + tall


def _write(axes: Axes, x: float, y: float, text: str, bold: bool) -> None:
    """A line of text below ``y``; its base line, not its own height, decides where it stands."""
    axes.text(x, y + 0.158, text, va="baseline", fontweight="bold" if bold else "normal", zorder=4)
