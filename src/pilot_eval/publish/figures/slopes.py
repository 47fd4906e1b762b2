"""From wave to wave: the average of each role for the headline outcomes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.plan import headlines
from pilot_eval.publish.figures.rows import spread
from pilot_eval.publish.figures.style import EDGE, LINE, MARKERS, PALETTE, WIDTH, Drawing, width, wrap
from pilot_eval.publish.lookup import Cell, Lookup, Row
from pilot_eval.publish.wording import LEVEL

#: Series that one panel can hold and still be read.
MOST = 4
TALL, HEAD, AXIS = 2.5, 0.55, 0.56
#: Inches: below an axis beside the names of waves, between two of them.
FOOT, BETWEEN = 0.42 - LINE, 0.1
#: Room before the first and after the last wave, as a share of the time between them.
BEFORE, AFTER = 0.18, 0.09
POINTER = {"arrowstyle": "-", "lw": 1.2, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)}


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """A panel an outcome, a line a role (at most four), labelled at its right end."""
    waves, words = study["waves"], study["words"]
    everybody = f"All {words['respondents']}"
    panels, drawn, hidden, told = [], [], [], []
    for outcome in headlines(study["outcomes"]):
        groups = [(f"role:{role['id']}", role["label"]) for role in study["roles"]]
        if not any(cells.row("means", outcome["id"], "", group) for group, _ in groups):
            groups = [("all", everybody)]
        series = []
        for at, (group, label) in enumerate(groups[:MOST]):
            rows = {wave["id"]: cells.row("means", outcome["id"], "", group, wave["id"]) for wave in waves}
            known = {wave: row for wave, row in rows.items() if row is not None and row.known("mean")}
            if any(row is not None and row.hidden for row in rows.values()):
                hidden.append(f"{outcome['label']}, {label}")
            if len(known) > 1:
                series.append((label, known, at))
                for wave in waves:
                    if wave["id"] in known:
                        place = {"outcome": outcome["label"], "group": label, "wave": wave["label"]}
                        row = known[wave["id"]]
                        drawn += [(place, row.cells[name]) for name in ("mean", "low", "high") if row.known(name)]
        if series:
            panels.append((outcome, series))
            told.append(f"{outcome['label']}: {_told(waves, series)}")
    what = (
        f"average at each wave by role of the {words['respondents']}"
        if len(study["roles"]) > 1
        else "average at each wave"
    )
    if not panels:
        return say.nothing(study, what, hidden)
    title = _title(waves, panels)
    return Drawing(
        _picture(panels, waves), title, say.subtitle(study, f"{what}, headline outcomes, with {LEVEL} intervals"),
        f"Line chart: {what}. {title}.", say.told(f"{title}.", *told),
        say.joined(say.INTERVALS, "The vertical axis does not start at zero.", say.left_out(hidden)), drawn,
    )  # fmt: skip


Series = tuple[str, Mapping[str, Row], int]


def _told(waves: Sequence[Mapping[str, Any]], series: Sequence[Series]) -> str:
    last = waves[-1]
    ends: list[tuple[str, Cell]] = [
        (label, known[last["id"]].cells["mean"]) for label, known, _ in series if last["id"] in known
    ]
    lines = [
        f"{label} "
        + ", ".join(f"{known[wave['id']].shown('mean')} at {wave['label']}" for wave in waves if wave["id"] in known)
        for label, known, _ in series
    ]
    return say.joined(
        "; ".join(lines) + ".", say.extremes(ends, f" average at {last['label']}") if len(ends) > 1 else ""
    )


def _title(waves: Sequence[Mapping[str, Any]], panels: Sequence[tuple[Mapping[str, Any], Sequence[Series]]]) -> str:
    first, last = waves[0]["id"], waves[-1]["id"]
    both = [known for _, series in panels for _, known, _ in series if first in known and last in known]
    if not both:
        return f"Averages from {waves[0]['label']} to {waves[-1]['label']}"
    up = sum(known[last].value("mean") > known[first].value("mean") for known in both)
    share = "every" if up == len(both) else "almost every" if up > 0.8 * len(both) else "not every"
    line = "role" if any(len(series) > 1 for _, series in panels) else "headline outcome"
    return f"Averages went up for {share} {line} from {waves[0]['label']} to {waves[-1]['label']}"


def _picture(
    panels: Sequence[tuple[Mapping[str, Any], Sequence[Series]]], waves: Sequence[Mapping[str, Any]]
) -> Figure:
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    broad = WIDTH / columns
    rooms = [
        min(1.3 if columns > 1 else 2.4, max(width(label) for label, _, _ in series)) + 0.16 for _, series in panels
    ]
    names = _wave_names(waves, broad - AXIS - max(rooms) - 0.1)
    tall = HEAD + TALL + FOOT + max(map(len, names)) * LINE
    figure = Figure(figsize=(WIDTH, rows * tall))
    for at, (outcome, series) in enumerate(panels):
        left, top = (at % columns) * broad, (at // columns) * tall
        room = rooms[at]
        axes = figure.add_axes(
            ((left + AXIS) / WIDTH, 1 - (top + HEAD + TALL) / (rows * tall), (broad - AXIS - room - 0.1) / WIDTH,
             TALL / (rows * tall))
        )  # fmt: skip
        heading = [*wrap(outcome["label"], broad - 0.15, 1, bold=True), *wrap(outcome["unit"], broad - 0.15, 1)]
        for line, text in enumerate(heading):
            figure.text((left + EDGE) / WIDTH, 1 - (top + 0.06 + line * LINE) / (rows * tall), text, va="top",
                        fontweight="normal" if line else "bold")  # fmt: skip
        _panel(axes, series, waves, room)
        axes.set_xticks([wave["months"] for wave in waves], ["\n".join(lines) for lines in names], linespacing=1.05)
    return figure


def _wave_names(waves: Sequence[Mapping[str, Any]], axis: float) -> list[list[str]]:
    """Names of the waves below an axis of that many inches, each broken so that it leaves room for its neighbours."""
    months = [wave["months"] for wave in waves]
    steps = [later - earlier for earlier, later in itertools.pairwise(months)]
    inch = axis / (max(months) - min(months)) / (1 + BEFORE + AFTER)
    before = 2 * (AXIS - EDGE + BEFORE * (max(months) - min(months)) * inch)
    return [wrap(wave["label"], min(before, min(steps) * inch) - BETWEEN, 4) for wave in waves]


def _panel(axes: Axes, series: Sequence[Series], waves: Sequence[Mapping[str, Any]], room: float) -> None:
    months = {wave["id"]: wave["months"] for wave in waves}
    span = max(months.values()) - min(months.values())
    axes.set_xlim(min(months.values()) - BEFORE * span, max(months.values()) + AFTER * span)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    ends = []
    for label, known, at in series:
        shift = (at - (len(series) - 1) / 2) * 0.022 * span
        x = [months[wave["id"]] + shift for wave in waves if wave["id"] in known]
        rows = [known[wave["id"]] for wave in waves if wave["id"] in known]
        y = [row.value("mean") for row in rows]
        axes.plot(x, y, color=PALETTE[at], marker=MARKERS[at], ms=7, lw=2, mec="#0B0C0C", mew=0.6, zorder=3)
        for place, row in zip(x, rows, strict=True):
            if row.known("low", "high"):
                axes.plot([place] * 2, [row.value("low"), row.value("high")], color=PALETTE[at], lw=1.3, zorder=2)
        ends.append((y[-1], label, at))
    _label_ends(axes, sorted(ends), room)


def _label_ends(axes: Axes, ends: Sequence[tuple[float, str, int]], room: float) -> None:
    """Names at the right ends of the lines, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    inch = (high - low) / TALL
    texts = [wrap(label, room - 0.16, 2) for _, label, _ in ends]
    half = [len(lines) * LINE * inch / 2 for lines in texts]
    places = [value for value, _, _ in ends]
    places = spread(places, [2 * size + 0.04 * inch for size in half], low - TALL * inch, high + TALL * inch)
    right = axes.get_xlim()[1]
    for (value, _, at), lines, place in zip(ends, texts, places, strict=True):
        axes.annotate(
            "\n".join(lines), (right, value), xytext=(10, (place - value) / inch * 72), textcoords="offset points",
            va="center", linespacing=1.05, annotation_clip=False,
            arrowprops={"color": PALETTE[at], **POINTER},
        )  # fmt: skip
