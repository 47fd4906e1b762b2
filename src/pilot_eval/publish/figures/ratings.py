"""Heat table of ratings that are no survey: each thing rated, on each occasion or in each area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.style import EDGE, INK, LINE, SEQUENTIAL, WIDTH, Drawing, ink_on, width, wrap
from pilot_eval.publish.lookup import Cell, Lookup

Grid = dict[str, dict[str, Cell]]


def draw(cells: Lookup, study: Mapping[str, Any], subject: str) -> Drawing:
    """Rows are the things rated; columns the occasions, or the areas where there is one occasion only."""
    evidence = next(entry for entry in study["evidence"] if entry["id"] == subject)
    words = study["words"]
    columns, grid = _by_occasion(cells, evidence, words) if evidence["occasions"] else _by_area(cells, evidence, study)
    what = (
        f"{evidence['label']}: average rating of all {words['areas']}" if evidence["occasions"] else evidence["label"]
    )
    hidden = [
        f"{evidence['items'][item]} ({column})"
        for item, row in grid.items()
        for column, cell in row.items()
        if cell.hidden
    ]
    found = [(item, column, cell) for item, row in grid.items() for column, cell in row.items() if cell.known]
    if not found:
        return say.nothing(study, what, hidden)
    levels = [int(level) for level in evidence["levels"]]
    named = {int(level): name for level, name in evidence["levels"].items()}
    scale = f"from {min(levels)} ({named[min(levels)]}) to {max(levels)} ({named[max(levels)]})"
    last = columns[-1]
    ends = [
        (evidence["items"][item], cell) for item, column, cell in found if column == last or not evidence["occasions"]
    ]
    told = [
        f"{evidence['items'][item]}: {', '.join(parts)}."
        for item, row in grid.items()
        if (parts := [f"{column} {cell.text}" for column, cell in row.items() if cell.known])
    ]
    title = _title(evidence, grid, columns)
    where = f" at {last}" if evidence["occasions"] else ""
    return Drawing(
        _picture({item: evidence["items"][item] for item in grid}, columns, grid, levels),
        title, say.subtitle(study, f"{what}, {scale}"),
        f"Heat table: {what}. {title}.", say.told(f"{title}.", say.extremes(ends, f" rating{where}"), *told),
        say.joined("The darker the cell, the higher the rating.", evidence["note"], say.left_out(hidden)),
        [({"rated": evidence["items"][item], "place": column}, cell) for item, column, cell in found],
    )  # fmt: skip


def _by_occasion(cells: Lookup, evidence: Mapping[str, Any], words: Mapping[str, str]) -> tuple[list[str], Grid]:
    grid: Grid = {}
    for item in evidence["items"]:
        for occasion, label in evidence["occasions"].items():
            row = cells.row("ratings", area="", group=f"{evidence['id']}.{item}.{occasion}")
            if row is not None and "mean" in row.cells:
                grid.setdefault(item, {})[label] = row.cells["mean"]
    return list(evidence["occasions"].values()), grid


def _by_area(cells: Lookup, evidence: Mapping[str, Any], study: Mapping[str, Any]) -> tuple[list[str], Grid]:
    """Ratings of single areas; of all areas together when their names leave no room."""
    grid: Grid = {}
    columns: dict[str, None] = {}
    for item in evidence["items"]:
        for row in cells.rows("ratings", group=f"{evidence['id']}.{item}"):
            if row.area and "mean" in row.cells:
                grid.setdefault(item, {})[row.area_label] = row.cells["mean"]
                columns[row.area_label] = None
    named = sorted(columns, key=lambda name: (len(name), name))
    if named and max(map(width, named)) < (WIDTH - 2.7) / len(named):
        return named, grid
    words = study["words"]
    rows = {item: cells.row("ratings", area="", group=f"{evidence['id']}.{item}") for item in evidence["items"]}
    whole = f"All {words['areas']}"
    return [whole], {item: {whole: row.cells["mean"]} for item, row in rows.items() if row is not None}


def _title(evidence: Mapping[str, Any], grid: Grid, columns: Sequence[str]) -> str:
    ends = {columns[0], columns[-1]}
    both = [row for row in grid.values() if all(end in row and row[end].known for end in ends)]
    if evidence["occasions"] and len(ends) > 1 and both:
        up = sum(row[columns[-1]].value > row[columns[0]].value for row in both)
        share = "All" if up == len(both) else "Most" if 2 * up > len(both) else "Some" if up else "None"
        return f"{share} of the ratings were higher on the last occasion than on the first"
    return str(evidence["label"])


def _fill(value: float, levels: Sequence[int], drawn: tuple[float, float]) -> str:
    """Single levels keep a tone each; averages fall into thirds of the range that is drawn."""
    tones = ("#FFFFFF", *SEQUENTIAL) if len(levels) == 4 else SEQUENTIAL
    low, high = drawn
    if {low, high} <= set(levels) and len(levels) == len(tones) and value in levels:
        return tones[sorted(levels).index(int(value))]
    part = (value - low) / (high - low) if high > low else 0.0
    return SEQUENTIAL[min(2, int(3 * part))]


def _picture(items: Mapping[str, str], columns: Sequence[str], grid: Grid, levels: Sequence[int]) -> Figure:
    left = 2.6 if len(columns) > 4 else 3.6
    broad = min(1.55, (WIDTH - left - EDGE) / len(columns))
    heads = [wrap(column, broad - 0.08 if len(columns) <= 4 else 1.0, 5, bold=True) for column in columns]
    labels = {item: wrap(name, left - 0.15, 3) for item, name in items.items()}
    tall = {item: max(0.36, len(lines) * LINE + 0.12) for item, lines in labels.items()}
    top = max(len(head) for head in heads) * LINE + 0.12
    total = top + sum(tall.values()) + 0.05
    figure = Figure(figsize=(WIDTH, total))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(total, 0))
    axes.axis("off")
    for at, head in enumerate(heads):
        axes.text(left + (at + 0.5) * broad, top - 0.07, "\n".join(head), ha="center", va="bottom", fontweight="bold",
                  linespacing=1.05)  # fmt: skip
    values = [cell.value for row in grid.values() for cell in row.values() if cell.known]
    drawn = min(values), max(values)
    y = top
    for item, lines in labels.items():
        for at, line in enumerate(lines):
            axes.text(EDGE, y + tall[item] / 2 + (at - (len(lines) - 1) / 2) * LINE, line, va="center_baseline")
        for at, column in enumerate(columns):
            cell = grid[item].get(column)
            known = cell is not None and cell.known
            fill = _fill(cell.value, levels, drawn) if cell is not None and known else "#FFFFFF"
            axes.add_patch(Rectangle((left + at * broad, y), broad, tall[item], facecolor=fill, edgecolor=INK, lw=0.6))
            text = "" if cell is None else _short(cell) if len(columns) > 4 else cell.text
            axes.text(left + (at + 0.5) * broad, y + tall[item] / 2, text, ha="center", va="center_baseline",
                      color=ink_on(fill))  # fmt: skip
        y += tall[item]
    return figure


def _short(cell: Cell) -> str:
    """A rating of one area by its level, as narrow columns have room for."""
    return f"{cell.value:g}" if cell.known else cell.shown
