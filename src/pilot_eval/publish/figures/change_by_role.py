"""Change of each outcome by role of the respondents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.rows import Line, Mark, Panel, draw_rows
from pilot_eval.publish.figures.style import PALETTE, Drawing
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.wording import LEVEL


def draw(cells: Lookup, study: Mapping[str, Any], subject: str = "") -> Drawing:
    """A heading an outcome, a row a role that answered it, and the overall change; one panel a unit."""
    first, last = study["waves"][0]["label"], study["waves"][-1]["label"]
    what = f"change from {first} to {last} by role of the {study['words']['respondents']}"
    panels: dict[str, list[Line]] = {}
    drawn, hidden, told = [], [], []
    for outcome in study["outcomes"]:
        found = [
            (role["label"], cells.row("change_by_role", outcome["id"], group=role["id"])) for role in study["roles"]
        ]
        rows = [(label, row) for label, row in found if row is not None and row.known("estimate")]
        hidden += [f"{outcome['label']}, {label}" for label, row in found if row is not None and row.hidden]
        if len(rows) < 2:
            continue
        whole = cells.change(outcome["id"])
        lines = [Line(outcome["label"], gap=bool(panels.get(outcome["unit"])))]
        if whole is not None and whole.known("estimate"):
            mark = Mark(whole.value("estimate"), whole.value("low"), whole.value("high"), "#3D3D3D", "D")
            lines.append(Line("All roles", (mark,), say.interval(whole)))
            names = {"outcome": outcome["label"], "role": "All roles"}
            drawn += [(names, whole.cells[name]) for name in ("estimate", "low", "high") if whole.known(name)]
        for label, row in rows:
            mark = Mark(row.value("estimate"), row.value("low"), row.value("high"), PALETTE[0])
            lines.append(Line(label, (mark,), say.interval(row)))
            names = {"outcome": outcome["label"], "role": label}
            drawn += [(names, row.cells[name]) for name in ("estimate", "low", "high") if row.known(name)]
        panels.setdefault(outcome["unit"], []).extend(lines)
        overall = f" Overall {say.interval(whole)}." if whole is not None and whole.known("estimate") else ""
        told.append(
            f"{outcome['label']}: {say.extremes([(label, row.cells['estimate']) for label, row in rows])}{overall}"
        )
    if not panels:
        return say.nothing(study, what, hidden)
    title = "Change differed between roles" if _differs(cells, study) else "Change was similar in all roles"
    return Drawing(
        draw_rows([Panel(f"Change in {unit}", lines, zero="No change") for unit, lines in panels.items()]),
        title, say.subtitle(study, f"{what}, with {LEVEL} intervals"),
        f"Dot plot with intervals: {what}. {title}.", say.told(f"{title}.", *told),
        say.joined(say.INTERVALS, say.left_out(hidden)), drawn,
    )  # fmt: skip


def _differs(cells: Lookup, study: Mapping[str, Any]) -> bool:
    """Whether the intervals of two roles lie apart for any outcome."""
    for outcome in study["outcomes"]:
        rows = [row for row in cells.rows("change_by_role", outcome["id"]) if row.known("low", "high")]
        if rows and max(row.value("low") for row in rows) > min(row.value("high") for row in rows):
            return True
    return False
