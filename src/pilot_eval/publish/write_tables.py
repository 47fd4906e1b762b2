"""Every table as a tidy CSV: one row a number, with its ledger id, labels, unit and status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pilot_eval.publish.catalogue import CATALOGUE, NOTES, header, notes_of, say, source, title
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.rows import plain, row_labels, value_text

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "id", "outcome", "outcome_label", "area", "group", "group_label", "wave", "wave_label", "measure", "measure_label",
    "value", "shown", "n", "unit", "status", "data",
)  # fmt: skip


def write_tables(cells: pd.DataFrame, tables: Sequence[str], wording: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a study as text for machines.

    Parameters
    ----------
    cells : DataFrame
        Disclosed cells of ``hide_cells``.
    tables : sequence of str
        Names in catalogue order; one without cells gets a file with a header only.
    wording : mapping
        See ``catalogue.wording``.

    Returns
    -------
    dict
        ``tables``: a frame of ``COLUMNS`` per name, all text. ``catalogue``: per name its title, what a row is, notes,
        source, file and number of rows.
    """
    lookup = Lookup(cells)
    frames = [_frame(name, lookup, wording) for name in tables]
    catalogue = {
        name: {
            "file": f"{name}.csv",
            "title": title(name, wording),
            "about": say(CATALOGUE[name].about, wording),
            "notes": [say(NOTES[note], wording) for note in notes_of(name, wording)],
            "source": source(wording),
            "synthetic": wording["synthetic"],
            "rows": len(frame),
        }
        for name, frame in zip(tables, frames, strict=True)
    }
    return {"tables": frames, "catalogue": catalogue}


def _frame(table: str, cells: Lookup, wording: Mapping[str, Any]) -> pd.DataFrame:
    import pandas as pd

    data = "synthetic" if wording["synthetic"] else "collected"
    records = []
    for row in cells.rows(table):
        labels = row_labels(row, wording)
        shared = {
            "outcome": row.outcome, "outcome_label": plain(labels["outcome"]) if row.outcome else "",
            "area": plain(row.area_label), "group": plain(row.group),
            "group_label": plain(labels["group"]) if row.group else "",
            "wave": row.wave, "wave_label": plain(labels["wave"]) if row.wave else "", "data": data,
        }  # fmt: skip
        for column, cell in row.cells.items():
            own = {
                "id": cell.id, "measure": column, "measure_label": header(table, column, wording),
                "value": value_text(cell), "shown": cell.shown, "n": "" if cell.n is None else str(cell.n),
                "unit": plain(cell.unit), "status": cell.status,
            }  # fmt: skip
            records.append({**shared, **own})
    return pd.DataFrame(records, columns=list(COLUMNS), dtype="str")
