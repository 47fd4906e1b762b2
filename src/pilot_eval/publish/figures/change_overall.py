"""Change from the first to the last wave, outcome by outcome, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.rows import Line, Mark, Panel, draw_rows
from pilot_eval.publish.figures.style import Drawing
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.overall import change_evidence
from pilot_eval.publish.sentences import ALONE, NONE
from pilot_eval.publish.verdicts import verdict
from pilot_eval.publish.wording import LEVEL


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """One row an outcome; one panel a unit."""
    what = f"change from {study['waves'][0]['label']} to {study['waves'][-1]['label']} by outcome"
    panels: dict[str, list[Line]] = {}
    drawn, hidden, ways, found = [], [], [], []
    for outcome in study["outcomes"]:
        row = cells.change(outcome["id"])
        if row is None or not row.known("estimate", "low", "high"):
            hidden += [outcome["label"]] if row is not None and row.hidden else []
            continue
        mark = Mark(row.value("estimate"), row.value("low"), row.value("high"))
        label = outcome["label"] + ("" if outcome["higher_is_better"] else " (lower is better)")
        panels.setdefault(outcome["unit"], []).append(Line(label, (mark,), say.interval(row)))
        drawn += [({"outcome": outcome["label"]}, row.cells[name]) for name in ("estimate", "low", "high")]
        ways.append((outcome["label"], row))
        found.append((outcome["label"], change_evidence(cells, outcome)))
    if not panels:
        return say.nothing(study, what, hidden)
    figure = draw_rows([Panel(f"Change in {unit}", lines, zero="No change") for unit, lines in panels.items()])
    title = say.tally([(label, verdict(one)) for label, one in found], "outcomes")
    estimates = [(label, row.cells["estimate"]) for label, row in ways]
    unclear = [label for label, one in found if not one.outside]
    chance = [label for label, one in found if one.outside and not one.clear]
    spread = say.extremes_by_unit(estimates, " change")
    open_text = say.joined(
        f"The interval includes zero for {say.listed(unclear)}." if unclear else "",
        f"{ALONE.format(NONE[0.0]).removesuffix('.')}: {say.listed(chance)}." if chance else "",
    )
    return Drawing(
        figure, title, say.subtitle(study, f"{what}, with {LEVEL} intervals"),
        f"Dot plot with intervals: {what}. {title}.",
        say.told(f"{title}.", spread, open_text, *(f"{label}: {say.interval(row)}." for label, row in ways)),
        say.joined(say.INTERVALS, say.left_out(hidden)), drawn,
    )  # fmt: skip
