"""Every table as a tidy CSV: one row a number, with its ledger id, labels, unit and status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pilot_eval.faults import Fault
from pilot_eval.publish.catalogue import CATALOGUE, NOTES, header, notes_of, say, source, title
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.rows import counted, row_labels, sheet_of, value_text
from pilot_eval.spreadsheet import formula, plain
from pilot_eval.tables import fault_table

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "id", "outcome", "outcome_label", "area", "group", "group_label", "wave", "wave_label", "measure", "measure_label",
    "value", "shown", "n", "unit", "status", "data",
)  # fmt: skip
#: Columns whose text comes from the study.
LABELS = ("outcome_label", "area", "group", "group_label", "wave_label", "measure_label", "unit")


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
        source, file and number of rows. ``faults``: labels that a spreadsheet program would take for a formula
        (PUB-01).
    """
    lookup = Lookup(cells)
    frames = [_frame(name, lookup, wording) for name in tables]
    catalogue = {
        name: {
            "file": f"{name}.csv",
            "title": title(name, wording, counted(sheet_of(name, lookup))),
            "about": say(CATALOGUE[name].about, wording),
            "notes": [say(NOTES[note], wording) for note in notes_of(name, wording)],
            "source": source(wording),
            "synthetic": wording["synthetic"],
            "rows": len(frame),
        }
        for name, frame in zip(tables, frames, strict=True)
    }
    faults = [fault for name, frame in zip(tables, frames, strict=True) for fault in _formulas(name, frame)]
    return {"tables": frames, "catalogue": catalogue, "faults": fault_table(faults)}


def _formulas(table: str, frame: pd.DataFrame) -> Iterator[Fault]:
    """Labels that were written with an apostrophe first, column by column."""
    for column in LABELS:
        said = frame[column].str.removeprefix("'")
        turned = frame[column].str.startswith("'") & said.map(formula).astype(bool)
        if turned.any():
            row, first = int(turned.to_numpy().argmax()), said[turned].iloc[0].lstrip()[:1]
            saw = f"{int(turned.sum())} labels begin with a sign of a formula, such as {first!r}"
            action = "An apostrophe stands before them; reword the label in config/ to have none"
            yield Fault("PUB-01", "FIX", f"results/tables/{table}.csv", saw, "plain text", action, row + 2, column,
                        int(turned.sum()))  # fmt: skip


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
                "id": cell.id, "measure": column, "measure_label": plain(header(table, column, wording)),
                "value": value_text(cell), "shown": cell.shown, "n": "" if cell.n is None else str(cell.n),
                "unit": plain(cell.unit), "status": cell.status,
            }  # fmt: skip
            records.append({**shared, **own})
    return pd.DataFrame(records, columns=list(COLUMNS), dtype="str")
