"""Answers to the questions of one outcome: diverging stacked bars, one per wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.heat import draw_label
from pilot_eval.publish.figures.plan import asked
from pilot_eval.publish.figures.style import DIVERGING, EDGE, INK, LINE, WIDTH, Drawing, ink_on, width, wrap
from pilot_eval.publish.lookup import Cell, Lookup
from pilot_eval.publish.wording import sentence

#: Questions drawn at most: those that moved most; the others stand in the table.
MOST = 10
#: Inches: height of a bar, room between bars, most that the names of waves take.
BAR, GAP, MOST_LEFT = 0.27, 0.06, 1.6
#: Inches from the left of an answer's colour to its name.
KEY = 0.27
#: A question and its shares by wave.
Block = tuple[Mapping[str, Any], Mapping[str, Sequence[Cell]]]


def draw(cells: Lookup, study: Mapping[str, Any], subject: str) -> Drawing:
    """A heading a question, a bar a wave; grey middles stand over the centre line."""
    questions, waves = asked(study)[subject], study["waves"]
    what = f"answers to the questions on {_about(study, subject, questions)}, % of {study['words']['respondents']}"
    blocks, hidden = [], []
    for question in questions:
        bars = {}
        for wave in waves:
            shares = _shares(cells, question, wave["id"])
            if shares and all(cell.known for cell in shares):
                bars[wave["id"]] = shares
            elif any(cell.hidden for cell in shares):
                hidden.append(f"{question['label']} ({wave['label']})")
        if bars:
            blocks.append((question, bars))
    if not blocks:
        return say.nothing(study, what, hidden)
    chosen = sorted(sorted(blocks, key=lambda block: -abs(_moved(block[1], waves)))[:MOST], key=blocks.index)
    levels = [label for _, label in questions[0]["labels"]]
    title = _title(chosen, waves, levels[-1]) or sentence(what)
    drawn = [
        ({"question": question["label"], "wave": wave["label"], "answer": label}, cell)
        for question, bars in chosen for wave in waves if wave["id"] in bars
        for (_, label), cell in zip(question["labels"], bars[wave["id"]], strict=True)
    ]  # fmt: skip
    tops = [(question["label"], bars[waves[-1]["id"]][-1]) for question, bars in chosen if waves[-1]["id"] in bars]
    fewer = "The questions whose answers moved most are drawn." if len(chosen) < len(blocks) else ""
    centre = "Bars are placed so that the middle of the answers lies on the centre line."
    return Drawing(
        _picture(chosen, waves, levels), title, say.subtitle(study, what), f"Stacked bars: {what}. {title}.",
        say.told(f"{title}.", say.extremes(tops, f" share of “{levels[-1]}” at {waves[-1]['label']}"),
                   *_told(chosen, waves, levels)),
        say.joined(centre, fewer, say.left_out(hidden)), drawn,
    )  # fmt: skip


def _title(chosen: Sequence[Block], waves: Sequence[Mapping[str, Any]], top: str) -> str:
    """Which way the answers moved, told of the questions that can be compared; empty when none can."""
    ends = {waves[0]["id"], waves[-1]["id"]}
    both = [bars for question, bars in chosen if not question["reversed"] and ends <= set(bars)]
    up = sum(_moved(bars, waves) > 0 for bars in both)
    share = "all" if up == len(both) else "most" if 2 * up > len(both) else "some" if up else "none"
    told = sum(not question["reversed"] for question, _ in chosen)
    which = "questions" if len(both) == told else "questions that can be compared"
    return f"Answers moved towards “{top}” for {share} of the {which}" if both else ""


def _about(study: Mapping[str, Any], subject: str, questions: Sequence[Mapping[str, Any]]) -> str:
    outcome = next(outcome for outcome in study["outcomes"] if outcome["id"] == subject)
    named = [
        entry["label"] for entry in study["outcomes"] if entry["item"] in {question["id"] for question in questions}
    ]
    return say.listed([outcome["label"]] if outcome["scale"] else named)


def _shares(cells: Lookup, question: Mapping[str, Any], wave: str) -> list[Cell]:
    rows = [cells.row("items", group=f"{question['id']}.{code}", wave=wave) for code, _ in question["labels"]]
    return [row.cells["share"] for row in rows if row is not None and "share" in row.cells] if all(rows) else []


def _moved(bars: Mapping[str, Sequence[Cell]], waves: Sequence[Mapping[str, Any]]) -> float:
    """By how many codes the average answer moved from the first to the last wave; 0 when one of them is not shown."""
    first, last = bars.get(waves[0]["id"]), bars.get(waves[-1]["id"])
    if first is None or last is None:
        return 0.0
    return sum(at * (later.value - earlier.value) for at, (earlier, later) in enumerate(zip(first, last, strict=True)))


def _told(
    chosen: Sequence[Block], waves: Sequence[Mapping[str, Any]],
    levels: Sequence[str],
) -> list[str]:  # fmt: skip
    return [
        f"{question['label']}, {wave['label']}: "
        + ", ".join(f"{level} {cell.text}" for level, cell in zip(levels, bars[wave["id"]], strict=True)) + "."
        for question, bars in chosen for wave in waves if wave["id"] in bars
    ]  # fmt: skip


def _colours(number: int) -> list[str]:
    """Colours from one end to the other, the grey in the middle of odd numbers only."""
    kept = {3: (1, 3, 6), 4: (0, 1, 4, 6), 5: (0, 1, 3, 4, 6), 6: (0, 1, 2, 4, 5, 6), 7: tuple(range(7))}[number]
    return [DIVERGING[at] for at in kept]


def _picture(
    chosen: Sequence[Block], waves: Sequence[Mapping[str, Any]],
    levels: Sequence[str],
) -> Figure:  # fmt: skip
    left = min(MOST_LEFT, max(width(wave["label"]) for wave in waves)) + 0.12 + EDGE
    names = {wave["id"]: wrap(wave["label"], left - 0.1 - EDGE, 2) for wave in waves}
    bar = max(BAR, max(map(len, names.values())) * LINE)
    strip = _strip(levels)
    top = (max(line for line, _, _ in strip) + 1) * (LINE + 0.07) + 0.1
    headings = [wrap(_heading(question), WIDTH - 2 * EDGE, 3, bold=True) for question, _ in chosen]
    tall = sum(len(lines) * LINE + len(waves) * (bar + GAP) + 0.22 for lines in headings) + top + 0.05
    figure = Figure(figsize=(WIDTH, tall))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(tall, 0))
    axes.axis("off")
    colours = _colours(len(levels))
    for row, x, at in strip:
        y = 0.04 + row * (LINE + 0.07)
        axes.add_patch(Rectangle((x + EDGE, y), 0.2, 0.19, facecolor=colours[at], edgecolor=INK, lw=0.7))
        axes.text(x + EDGE + KEY, y + 0.1, wrap(levels[at], WIDTH - 2 * EDGE - KEY, 1)[0], va="center_baseline")
    extent = _extent(chosen, len(levels))
    inch = (WIDTH - left - EDGE - 0.02) / (2 * extent)
    centre = left + extent * inch
    y = top
    for (_, bars), lines in zip(chosen, headings, strict=True):
        for at, line in enumerate(lines):
            axes.text(EDGE, y + (at + 0.5) * LINE, line, va="center_baseline", fontweight="bold")
        y += len(lines) * LINE + 0.03
        start = y
        for wave in waves:
            draw_label(axes, EDGE, y + bar / 2, names[wave["id"]])
            if wave["id"] in bars:
                _bar(axes, bars[wave["id"]], colours, centre, inch, y + (bar - BAR) / 2)
            else:
                axes.text(left + 0.05, y + bar / 2, "[c]", va="center")
            y += bar + GAP
        axes.plot([centre, centre], [start - 0.02, y - GAP + 0.02], color=INK, lw=1, zorder=1)
        y += 0.19
    return figure


def _heading(question: Mapping[str, Any]) -> str:
    return f"{question['label']} (counts the other way)" if question["reversed"] else question["label"]


def _strip(levels: Sequence[str]) -> list[tuple[int, float, int]]:
    """Place of each answer's name above the bars: line, inches from the left, number of the answer."""
    places, line, x = [], 0, 0.0
    for at, level in enumerate(levels):
        need = KEY + width(level)
        if x and x + need > WIDTH - 2 * EDGE:
            line, x = line + 1, 0.0
        places.append((line, x, at))
        x += need + 0.3
    return places


def _below(shares: Sequence[Cell], number: int) -> float:
    """Percent of answers to the left of the centre line: those below the middle, and half of a middle answer."""
    return 100 * (
        sum(cell.value for cell in shares[: number // 2]) + (shares[number // 2].value / 2 if number % 2 else 0.0)
    )


def _extent(chosen: Sequence[Block], number: int) -> float:
    sides = [_below(shares, number) for _, bars in chosen for shares in bars.values()]
    return max([*sides, *(100 - side for side in sides), 50.0])


def _bar(axes: Axes, shares: Sequence[Cell], colours: Sequence[str], centre: float, inch: float, y: float) -> None:
    x = centre - _below(shares, len(shares)) * inch
    for cell, colour in zip(shares, colours, strict=True):
        wide = 100 * cell.value * inch
        axes.add_patch(Rectangle((x, y), wide, BAR, facecolor=colour, edgecolor=INK, lw=0.5, zorder=2))
        text = f"{100 * cell.value:.0f}"
        if wide > width(text) + 0.06:
            axes.text(
                x + wide / 2, y + BAR / 2, text, ha="center", va="center_baseline", color=ink_on(colour), zorder=3
            )
        x += wide
