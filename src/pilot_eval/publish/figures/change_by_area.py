"""Change of one outcome area by area, beside the whole programme and what a new area may expect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.figures import say
from pilot_eval.publish.figures.rows import Line, Mark, Panel, Reference, draw_rows
from pilot_eval.publish.figures.style import PALETTE, Drawing
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.wording import LEVEL, area_name


def draw(cells: Lookup, study: Mapping[str, Any], subject: str) -> Drawing:
    """One row an area, sorted by its estimate; the programme's change as a line with its interval."""
    outcome = next(outcome for outcome in study["outcomes"] if outcome["id"] == subject)
    words = study["words"]
    first, last = study["waves"][0]["label"], study["waves"][-1]["label"]
    what = f"{outcome['label']}: change from {first} to {last} in each {words['area']}"
    found = [
        (area_name(study, row.area_label), row) for row in cells.rows("change_by_area", outcome=subject) if row.area
    ]
    hidden = [label for label, row in found if row.hidden]
    borrowed = [label for label, row in found if row.borrowed]
    rows = [(label, row) for label, row in found if row.known("estimate", "low", "high") and not row.borrowed]
    if not rows:
        return say.nothing(study, what, hidden)
    rows.sort(key=lambda pair: (-pair[1].value("estimate"), pair[0]))
    lines = [Line(label, (Mark(row.value("estimate"), row.value("low"), row.value("high")),)) for label, row in rows]
    drawn = [({"area": label}, row.cells[name]) for label, row in rows for name in ("estimate", "low", "high")]
    whole, spread = cells.change(subject), cells.row("change_variation", outcome=subject)
    all_areas = f"All {words['areas']}"
    told, expected, reference = "", "", None
    if whole is not None and whole.known("estimate", "low", "high"):
        reference = Reference(
            whole.value("estimate"), whole.value("low"), whole.value("high"), f"{all_areas} {whole.shown('estimate')}"
        )
        told = f"{all_areas}: {say.interval(whole)}."
        drawn += [({"area": all_areas}, whole.cells[name]) for name in ("estimate", "low", "high")]
        if spread is not None and spread.known("new_low", "new_high"):
            ends = spread.value("new_low"), spread.value("new_high")
            new = Mark(whole.value("estimate"), *ends, PALETTE[2], "D", dashed=True)
            lines.append(Line(f"A new {words['area']}", (new,), gap=True))
            ends_text = f"{spread.shown('new_low')} to {spread.shown('new_high')}"
            expected = f"In a new {words['area']} a change from {ends_text} is expected."
            drawn += [({"area": f"A new {words['area']}"}, spread.cells[name]) for name in ("new_low", "new_high")]
    panel = Panel(f"Change in {outcome['unit']}", lines, zero="No change", reference=reference)
    top, least = rows[0], rows[-1]
    title = (
        f"{outcome['label']}: the change in the {words['areas']} ranges from {least[1].shown('estimate')} "
        f"to {top[1].shown('estimate')}"
    )
    if whole is not None and whole.known("estimate"):
        title += f", overall it is {whole.shown('estimate')}"
    estimates = [(label, row.cells["estimate"]) for label, row in rows]
    dashed = f"The dashed line is the range expected for a new {words['area']}." if expected else ""
    band = "The shaded band is that of the whole." if reference else ""
    return Drawing(
        draw_rows([panel]), title, say.subtitle(study, f"{what}, {outcome['unit']}, with {LEVEL} intervals"),
        f"Dot plot with intervals, one row for each {words['area']}. {title}.",
        say.told(f"{title}.", say.extremes(estimates, " change"), told, expected,
                   *(f"{label}: {say.interval(row)}." for label, row in rows)),
        say.joined(say.INTERVALS, band, dashed, say.left_out(hidden), say.borrowed(borrowed)), drawn,
    )  # fmt: skip
