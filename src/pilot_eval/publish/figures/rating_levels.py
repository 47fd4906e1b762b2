"""Heat table of ordered ratings: the share of areas at each level, on each occasion; nothing is averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.heat import canvas, draw_cell, draw_label, share_tone
from pilot_eval.publish.figures.style import EDGE, LINE, WIDTH, Drawing, width, wrap
from pilot_eval.publish.lookup import Cell, Lookup, Row
from pilot_eval.publish.wording import LEVEL

#: Inches: labels of rows, room between occasions, least height of a row.
LEFT, BETWEEN, LEAST = 2.55, 0.14, 0.34
#: Share by thing rated, occasion and level.
Grid = dict[tuple[str, str, int], Cell]


def draw(cells: Lookup, study: Mapping[str, Any], subject: str) -> Drawing:
    """Rows are the things rated; columns the levels, occasion by occasion; the median level has a heavy outline."""
    question = next(one for one in study["asked"] if one["id"] == subject)
    evidence = next(one for one in study["evidence"] if one["id"] == question["evidence"])
    areas = study["words"]["areas"]
    what = f"{evidence['label']}: share of {areas} at each level"
    levels = {int(level): name for level, name in evidence["levels"].items()}
    grid = {
        (item, occasion, level): row.cells["share"]
        for item in evidence["items"]
        for occasion in evidence["occasions"]
        for level in levels
        if (row := cells.row("rating_levels", group=f"{subject}.{item}.{occasion}.{level}")) and row.known("share")
    }
    if not grid:
        return say.nothing(study, what)
    moved = {item: cells.row("rating_moves", group=f"{subject}.{item}") for item in evidence["items"]}
    medians = _medians(moved, list(evidence["occasions"]))
    change = cells.row("rating_change", group=subject)
    title = _title(change, areas)
    told = [_told(item, evidence, grid, levels) for item in evidence["items"]]
    key = "; ".join(f"{level} {name}" for level, name in levels.items())
    named = [(evidence["items"][item], cells.row("rating_change", group=f"{subject}.{item}")) for item in moved]
    drawn = [
        ({"rated": evidence["items"][item], "occasion": evidence["occasions"][occasion], "level": levels[level]}, cell)
        for (item, occasion, level), cell in grid.items()
    ]
    drawn += [({"rated": evidence["items"][item], "occasion": evidence["occasions"][occasion], "level": "median"}, cell)
              for (item, occasion), cell in medians.items()]  # fmt: skip
    odds = [("All", change), *named]
    drawn += [({"rated": name, "occasion": "All", "level": "All"}, row.cells[column]) for name, row in odds
              if row is not None for column in ("odds_ratio", "low", "high") if row.known(column)]  # fmt: skip
    return Drawing(
        _picture(evidence, grid, medians, levels), title, say.subtitle(study, what),
        f"Heat table: {what}, on each occasion. {title}.",
        say.told(f"{title}.", _overall(change), _least(named), *told),
        say.joined(f"Levels: {key}. The darker the cell, the more {areas}; a heavy outline marks the median level.",
                   _bracketed(change), evidence["note"]),
        drawn,
    )  # fmt: skip


def _medians(moved: Mapping[str, Row | None], occasions: Sequence[str]) -> dict[tuple[str, str], Cell]:
    ends = ((occasions[0], "median_first"), (occasions[-1], "median_last"))
    return {
        (item, occasion): row.cells[name]
        for item, row in moved.items()
        for occasion, name in ends
        if row is not None and row.known(name)
    }


def _title(change: Row | None, areas: str) -> str:
    if change is None or not change.known("odds_ratio", "low", "high"):
        return f"How {areas} were rated on each occasion"
    if change.value("low") > 1:
        return f"Ratings of {areas} rose from the first to the last occasion"
    if change.value("high") < 1:
        return f"Ratings of {areas} fell from the first to the last occasion"
    return f"Ratings of {areas} show no clear change from the first to the last occasion"


def _overall(change: Row | None) -> str:
    if change is None or not change.known("odds_ratio", "low", "high"):
        return ""
    return f"Overall odds ratio of a higher rating: {say.interval(change, 'odds_ratio')}."


def _bracketed(change: Row | None) -> str:
    """What the numbers in brackets are, where the description has some."""
    known = change is not None and change.known("odds_ratio", "low", "high")
    return f"In brackets in the description: {LEVEL} interval of the odds ratio." if known else ""


def _least(named: Sequence[tuple[str, Row | None]]) -> str:
    """What moved least and what most, by the odds ratios of the model."""
    known = [(name, row.cells["odds_ratio"]) for name, row in named if row is not None and row.known("odds_ratio")]
    return say.extremes(known, " odds ratio") if len(known) > 1 else ""


def _told(item: str, evidence: Mapping[str, Any], grid: Grid, levels: Mapping[int, str]) -> str:
    parts = []
    for occasion, label in evidence["occasions"].items():
        found = [(name, grid.get((item, occasion, level))) for level, name in levels.items()]
        own = [f"{name} {cell.text}" for name, cell in found if cell is not None]
        if own:
            parts.append(f"{label}: {', '.join(own)}")
    return f"{evidence['items'][item]}. {'; '.join(parts)}." if parts else ""


def _picture(
    evidence: Mapping[str, Any], grid: Grid, medians: Mapping[tuple[str, str], Cell], levels: Mapping[int, str]
) -> Figure:
    occasions, items = evidence["occasions"], evidence["items"]
    block = (WIDTH - LEFT - EDGE - BETWEEN * (len(occasions) - 1)) / len(occasions)
    broad = min(block / len(levels), 0.75)
    heads = {occasion: wrap(name, broad * len(levels), 4, bold=True) for occasion, name in occasions.items()}
    labels = {item: wrap(name, LEFT - 0.12, 4) for item, name in items.items()}
    tall = {item: max(LEAST, len(lines) * LINE + 0.1) for item, lines in labels.items()}
    top = (max(map(len, heads.values())) + 1) * LINE + 0.2
    figure, axes = canvas(top + sum(tall.values()) + 0.05)
    roomy = broad > width("100%")
    for at, (occasion, head) in enumerate(heads.items()):
        start = LEFT + at * (broad * len(levels) + BETWEEN)
        axes.text(start, top - LINE - 0.14, "\n".join(head), va="bottom", fontweight="bold", linespacing=1.05)
        for place, level in enumerate(levels):
            axes.text(start + (place + 0.5) * broad, top - 0.07, str(level), ha="center", va="bottom")
        y = top
        for item in items:
            for place, level in enumerate(levels):
                cell = grid.get((item, occasion, level))
                median = medians.get((item, occasion))
                strong = median is not None and median.value == level
                text = cell.text if cell is not None and roomy else ""
                fill = share_tone(cell.value) if cell is not None else "#FFFFFF"
                draw_cell(axes, (start + place * broad, y), (broad, tall[item]), fill, text, strong)
            y += tall[item]
    y = top
    for item, lines in labels.items():
        draw_label(axes, EDGE, y + tall[item] / 2, lines)
        y += tall[item]
    return figure
