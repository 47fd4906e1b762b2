"""Average of each outcome at each wave, of the respondents who answered at all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.rows import Line, Mark, Panel, draw_rows
from pilot_eval.publish.figures.style import Drawing, wave_style
from pilot_eval.publish.lookup import Lookup, Row

#: Groups of respondents, the comparable one first.
GROUPS = {"matched": "the same {respondents} at each wave", "all": "all {respondents} of each wave"}


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """One row an outcome, one mark a wave; one panel a unit."""
    group = next((name for name in GROUPS if cells.row("means", group=name) is not None), "matched")
    whom = GROUPS[group].format(respondents=study["words"]["respondents"])
    what = f"average of each outcome at each wave, {whom}"
    style = wave_style(study["waves"])
    panels: dict[str, list[Line]] = {}
    drawn, hidden, pairs = [], [], []
    for outcome in study["outcomes"]:
        rows = {wave["id"]: cells.row("means", outcome["id"], "", group, wave["id"]) for wave in study["waves"]}
        known = {wave: row for wave, row in rows.items() if row is not None and row.known("mean")}
        if not known:
            hidden += [outcome["label"]] if any(row is not None and row.hidden for row in rows.values()) else []
            continue
        first = outcome["unit"] not in panels
        marks = tuple(
            Mark(
                row.value("mean"), row.value("low"), row.value("high"), *style[wave["id"]],
                label=wave["label"] if first else "",
            )
            for wave in study["waves"] if (row := known.get(wave["id"])) is not None
        )  # fmt: skip
        panels.setdefault(outcome["unit"], []).append(Line(outcome["label"], marks))
        for wave in study["waves"]:
            row = known.get(wave["id"])
            if row is not None:
                names = {"outcome": outcome["label"], "wave": wave["label"]}
                drawn += [(names, row.cells[name]) for name in ("mean", "low", "high") if row.known(name)]
        pairs.append((outcome["label"], known))
    if not panels:
        return say.nothing(study, what, hidden)
    title = _title(study, pairs)
    last = study["waves"][-1]
    ends = [(label, known[last["id"]].cells["mean"]) for label, known in pairs if last["id"] in known]
    told = [f"{label}: {_told(study, known)}." for label, known in pairs]
    return Drawing(
        draw_rows([Panel(f"Average in {unit}", lines) for unit, lines in panels.items()]),
        title, say.subtitle(study, what), f"Dot plot with intervals: {what}. {title}.",
        say.told(f"{title}.", say.extremes_by_unit(ends, f" average at {last['label']}"), *told),
        say.joined(say.INTERVALS, say.left_out(hidden)), drawn,
    )  # fmt: skip


def _title(study: Mapping[str, Any], pairs: list[tuple[str, dict[str, Row]]]) -> str:
    first, last = study["waves"][0], study["waves"][-1]
    both = [known for _, known in pairs if first["id"] in known and last["id"] in known]
    if not both:
        return f"Averages from {first['label']} to {last['label']}"
    higher = sum(known[last["id"]].value("mean") > known[first["id"]].value("mean") for known in both)
    share = "all" if higher == len(both) else "most" if 2 * higher > len(both) else "some" if higher else "none"
    return f"Averages were higher at {last['label']} than at {first['label']} for {share} of the outcomes"


def _told(study: Mapping[str, Any], known: Mapping[str, Row]) -> str:
    return ", ".join(
        f"{known[wave['id']].shown('mean')} at {wave['label']}" for wave in study["waves"] if wave["id"] in known
    )
