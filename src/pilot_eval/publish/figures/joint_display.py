"""Joint display: strength of evidence of each factor in each area, under the area's modelled change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pilot_eval.publish.evidence_tables import NOTES
from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.heat import canvas, draw_cell, draw_label, level_tone
from pilot_eval.publish.figures.style import EDGE, HIGHLIGHT, INK, LINE, WIDTH, Drawing, width, wrap
from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.sentences import low
from pilot_eval.publish.wording import area_name

#: Inches: labels of factors at most and at least, height of the changes, least height of a row, room of the axis.
LEFT, NARROW, BROADEST, TALL, LEAST, AXIS = 2.3, 1.7, 0.45, 1.5, 0.3, 0.5
#: Up to so many areas leave room for intervals.
FEW = 12
LEVEL = 0.05


def draw(cells: Lookup, study: Mapping[str, Any], subject: str) -> Drawing:
    """Columns are areas in the order of their change, rows factors in the order of their correlation with it."""
    question = next(one for one in study["asked"] if one["id"] == subject)
    evidence = next(one for one in study["evidence"] if one["id"] == question["evidence"])
    outcome = next((one for one in study["outcomes"] if one["id"] == question["outcome"]), None)
    label = outcome["label"] if outcome else question["outcome"]
    rows = list(cells.rows("joint_display", group=subject))
    areas = [row for row in rows if row.known("estimate") and not row.borrowed]
    what = f"{evidence['label']}, beside the change in {low(label)} of each {study['words']['area']}"
    hidden = [area_name(study, row.area_label) for row in rows if row.hidden]
    if outcome is None or not any(cell.known for row in rows for cell in row.cells.values()):
        return say.nothing(study, what, hidden)
    areas.sort(key=lambda row: -row.value("estimate"))
    others = [row for row in rows if row not in areas]
    ranks = {item: cells.row("factor_ranks", group=f"{subject}.{item}") for item in evidence["items"]}
    order = sorted(ranks, key=lambda item: -_rho(ranks[item]))
    title = _title(ranks, evidence["items"], label, bool(areas), study["words"]["areas"])
    levels = {int(level): name for level, name in evidence["levels"].items()}
    changes = [(area_name(study, row.area_label), row.cells["estimate"]) for row in areas]
    told = [
        f"{evidence['items'][item]}: {say.interval(row, 'rho')}." for item in order if (row := ranks[item]) is not None
        and row.known("rho")
    ]  # fmt: skip
    key = "; ".join(f"{level} {name}" for level, name in levels.items())
    named = {item: evidence["items"][item] for item in order}
    drawn = [({"area": area_name(study, row.area_label), "of": label}, row.cells[name])
             for row in areas for name in ("estimate", "low", "high") if row.known(name)]  # fmt: skip
    drawn += [({"area": area_name(study, row.area_label), "of": evidence["items"][item]}, row.cells[f"strength_{item}"])
              for item in order for row in [*areas, *others] if row.known(f"strength_{item}")]  # fmt: skip
    drawn += [({"area": f"All {study['words']['areas']}", "of": evidence["items"][item]}, row.cells[name])
              for item in order if (row := ranks[item]) is not None
              for name in ("rho", "low", "high") if row.known(name)]  # fmt: skip
    return Drawing(
        _picture(areas, others, named, ranks, list(levels), outcome["unit"]),
        title, say.subtitle(study, f"{what}, {outcome['unit']}"),
        f"Joint display: {what}. {title}.",
        say.told(f"{title}.", say.extremes(changes, " change"), "Spearman's rank correlations of factors with change:",
                 *told),
        say.joined(NOTES["few_areas"].format(**study["words"]), say.INTERVALS, f"Levels: {key}.",
                   _unnamed([*areas, *others], study), _apart(others, study), say.left_out(hidden), evidence["note"]),
        drawn,
    )  # fmt: skip


def _rho(row: Row | None) -> float:
    """A correlation to sort by; factors without one come last."""
    return row.value("rho") if row is not None and row.known("rho") else -2.0


def _title(ranks: Mapping[str, Row | None], names: Mapping[str, str], label: str, any_shown: bool, areas: str) -> str:
    if not any_shown:
        return f"No change in {low(label)} can be shown beside the evidence"
    clear = [names[item] for item, row in ranks.items()
             if row is not None and row.known("p_adjusted") and row.value("p_adjusted") < LEVEL]  # fmt: skip
    # Over how many stands in the table: those with a confidential change count too, and are not drawn.
    over = f"change in {low(label)} over the {areas}"
    if clear:
        return f"Evidence of {say.listed(clear)} goes with {over}"
    return f"No factor goes clearly with {over}"


def _apart(others: Sequence[Row], study: Mapping[str, Any]) -> str:
    names = [area_name(study, row.area_label) for row in others]
    return f"On the right, without a change of their own that can be shown: {say.listed(names)}." if names else ""


def _unnamed(columns: Sequence[Row], study: Mapping[str, Any]) -> str:
    """The areas in order, where the picture has no room for their names."""
    if _fit(columns):
        return ""
    return f"Columns from left to right: {say.listed([area_name(study, row.area_label) for row in columns])}."


def _picture(
    areas: Sequence[Row], others: Sequence[Row], items: Mapping[str, str], ranks: Mapping[str, Row | None],
    levels: Sequence[int], unit: str,
) -> Figure:  # fmt: skip
    columns = [*areas, *others]
    left, broad = _layout(columns)
    texts = {item: _correlation(ranks[item], len(columns) <= FEW) for item in items}
    labels = {item: wrap(name, left - 0.12, 3) for item, name in items.items()}
    tall = {item: max(LEAST, len(lines) * LINE + 0.06) for item, lines in labels.items()}
    top = TALL + LINE + 0.14
    figure, axes = canvas(top + sum(tall.values()) + 0.05)
    height = top + sum(tall.values()) + 0.05
    _changes(figure, areas, (left, broad, height), unit)
    for at, row in enumerate(columns if _fit(columns) else ()):
        axes.text(left + (at + 0.5) * broad, top - 0.06, row.area_label, ha="center", va="bottom", fontweight="bold")
    end = left + broad * len(columns) + 0.08
    head = "Correlation" if end + width("Correlation", bold=True) < WIDTH else "rho"
    axes.text(end, top - 0.06, head, va="bottom", fontweight="bold")
    y = top
    for item, lines in labels.items():
        draw_label(axes, EDGE, y + tall[item] / 2, lines)
        for at, row in enumerate(columns):
            known = row.known(f"strength_{item}")
            value = row.value(f"strength_{item}")
            text = f"{value:g}" if known and broad > width("0") + 0.04 else ""
            fill = level_tone(value, levels) if known else "#FFFFFF"
            draw_cell(axes, (left + at * broad, y), (broad, tall[item]), fill, text)
        axes.text(end, y + tall[item] / 2, texts[item], va="center_baseline")
        y += tall[item]
    return figure


def _layout(columns: Sequence[Row]) -> tuple[float, float]:
    """Width of the labels and of a column: correlations have their intervals where columns are few."""
    few = len(columns) <= FEW
    left, right = (LEFT, width("−0.00 (−0.00 to −0.00)")) if few else (NARROW, width("change"))
    return left, min(BROADEST, (WIDTH - left - right - 0.12 - EDGE) / max(len(columns), 1))


def _fit(columns: Sequence[Row]) -> bool:
    """Whether columns are broad enough for the names of their areas."""
    return all(width(row.area_label, bold=True) < _layout(columns)[1] for row in columns)


def _changes(figure: Figure, areas: Sequence[Row], place: tuple[float, float, float], unit: str) -> None:
    """Change of each area with its interval, above the area's column."""
    left, broad, height = place
    if not areas:
        return
    box = (left / WIDTH, 1 - TALL / height, broad * len(areas) / WIDTH, (TALL - 0.08) / height)
    axes = figure.add_axes(box)
    axes.set_xlim(-0.5, len(areas) - 0.5)
    for at, row in enumerate(areas):
        if row.known("low", "high"):
            axes.plot([at, at], [row.value("low"), row.value("high")], color=HIGHLIGHT, lw=2)
        axes.plot([at], [row.value("estimate")], "o", color=HIGHLIGHT, ms=6)
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0.0), max(high, 0.0))
    axes.axhline(0.0, color=INK, lw=1)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    lines = wrap(f"Change, {unit}", left - AXIS - 0.1, 4)
    figure.text(EDGE / WIDTH, 1 - TALL / 2 / height, "\n".join(lines), va="center", linespacing=1.1)
    end = left + broad * len(areas) + 0.08
    zero = wrap("No change", WIDTH - EDGE - end, 2)
    figure.text(end / WIDTH, _at_zero(axes.get_ylim(), height), "\n".join(zero), va="center", linespacing=1.1)


def _at_zero(limits: tuple[float, float], height: float) -> float:
    low, high = limits
    bottom = 1 - TALL / height
    return bottom + (0.0 - low) / (high - low) * (TALL - 0.08) / height


def _correlation(row: Row | None, roomy: bool) -> str:
    if row is None or not row.known("rho"):
        return "[x]"
    return say.interval(row, "rho") if roomy else row.shown("rho")
