"""Rule ``read_wave``: one delivered survey file as a table of text, parted into answers and identifiers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.ingest.asked import Entry, column_faults, columns_of, names_of
from pilot_eval.ingest.cells import cell_faults, with_whole_keys
from pilot_eval.ingest.made_up import made_up_cells
from pilot_eval.readers.delivered import Delivered, Reject, stop
from pilot_eval.readers.registered import read_registered
from pilot_eval.study.delivery import IDENTIFYING, Source
from pilot_eval.tables import REJECT_COLUMNS, fault_table, frame_of

IDENTIFIERS = ("_file", "_row", "_id", "kind", "column", "value")
VARIABLES = ("column", "label", "type", "format", "value_labels", "missing", "n_missing")


def read_wave(delivery: Path, source: Mapping[str, Any], codebook: Sequence[Entry], content: str) -> dict[str, Any]:
    """Read one survey delivery.

    Parameters
    ----------
    delivery : Path
        The delivered file.
    source : mapping
        Its line of ``sources.csv``, as :class:`pilot_eval.study.delivery.Source`.
    codebook : sequence of mapping
        Of each item of its instrument: ``item``, ``type``, ``use`` and ``names`` (by wave); a ``label`` helps
        to find a column's new name.
    content : str
        The file's sha256 as the run found it: new content is read anew, however old its time stamp.

    Returns
    -------
    dict
        ``answers``: ``_file, _row, _id, _made_up`` and every column that the codebook names and that identifies
        nobody, as text exactly as delivered. ``identifiers``: the others that it names, one row a filled
        cell. ``variables``, ``rejects``, ``receipt`` and ``faults``. Columns that the codebook does not name go no
        further.

    Raises
    ------
    StudyFaults
        With all faults of the file, when one of them is a STOP.
    AssertionError
        When rows were lost.
    """
    entry = Source.model_validate(source)
    delivered, faults = gather(delivery, entry, codebook, content)
    stop(faults)
    found = tables(delivered, entry, codebook)
    receipt = receipt_of(delivered, entry)
    if receipt["rows_delivered"] != len(found["answers"]) + len(found["rejects"]):
        raise AssertionError(f"{entry.path}: rows were lost in reading: {receipt}")
    return {**found, "receipt": receipt, "faults": fault_table(faults)}


def gather(delivery: Path, source: Source, codebook: Sequence[Entry], content: str) -> tuple[Delivered, list[Fault]]:
    """A delivery with every fault that ingest can find in it, STOPs included.

    Raises
    ------
    StudyFaults
        When the file cannot be read at all.
    """
    expected = dict.fromkeys(name for entry in codebook for name in names_of(entry, source.wave))
    delivered = read_registered(delivery, source, content, tuple(expected))
    delivered, lost = with_whole_keys(delivered, codebook, source)
    more = [*column_faults(delivered, codebook, source), *lost, *cell_faults(delivered, codebook, source)]
    return delivered, [*delivered.faults, *more]


def tables(delivered: Delivered, source: Source, codebook: Sequence[Entry]) -> dict[str, pd.DataFrame]:
    """The tables of one delivery: ``answers``, ``identifiers``, ``variables`` and ``rejects``."""
    known = columns_of(delivered, codebook, source.wave)
    ids = [f"{source.source}-{row}" for row in delivered.rows]
    return {
        "answers": answers(delivered, known, ids, made_up_cells(delivered, codebook, source)),
        "identifiers": identifiers(delivered, known, ids),
        "variables": variables(delivered, known),
        "rejects": frame_of([reject_row(reject, source.path) for reject in delivered.rejects], REJECT_COLUMNS),
    }


def receipt_of(delivered: Delivered, source: Source) -> dict[str, Any]:
    """What was delivered and what became of it."""
    return {
        "source": source.source, "file": source.path, "sha256": source.sha256, "bytes": source.bytes,
        "encoding": delivered.encoding, "rows_delivered": delivered.delivered, "rows_read": len(delivered.rows),
        "rows_rejected": len(delivered.rejects), "rows_blank": delivered.blank, "columns": len(delivered.variables),
    }  # fmt: skip


def answers(
    delivered: Delivered, known: Mapping[str, Entry], ids: Sequence[str], made_up: Mapping[int, str]
) -> pd.DataFrame:
    """One row a record, its columns named as delivered; and the column in which the respondent's name is made up."""
    columns: dict[str, Any] = {"_file": [delivered.file] * len(ids), "_row": delivered.rows, "_id": list(ids)}
    columns["_made_up"] = [made_up.get(row, "") for row in delivered.rows]
    columns |= {name: delivered.column(name) for name, item in known.items() if item["use"] not in IDENTIFYING}
    return pd.DataFrame({
        name: pd.Series(cells, dtype="Int64" if name == "_row" else "str") for name, cells in columns.items()
    })  # fmt: skip


def identifiers(delivered: Delivered, known: Mapping[str, Entry], ids: Sequence[str]) -> pd.DataFrame:
    """One row a filled cell that may identify somebody, by record and column."""
    rows = [
        dict(zip(IDENTIFIERS, (delivered.file, row, ids[place], item["use"], name, cell), strict=True))
        for name, item in known.items()
        if item["use"] in IDENTIFYING
        for place, (row, cell) in enumerate(zip(delivered.rows, delivered.column(name), strict=True))
        if cell.strip()
    ]
    return frame_of(rows, IDENTIFIERS).sort_values(["_row", "column"], kind="stable", ignore_index=True)


def variables(delivered: Delivered, known: Mapping[str, Entry]) -> pd.DataFrame:
    """What the file says of its columns; one that no codebook names may identify somebody, for all we know."""
    rows = [
        {
            "column": variable.name,
            "label": variable.label,
            "type": variable.type,
            "format": variable.format,
            "value_labels": json.dumps(variable.value_labels, ensure_ascii=False),
            "missing": json.dumps(variable.missing.as_dict(), ensure_ascii=False),
            "n_missing": variable.n_missing,
        }
        for variable in delivered.variables
    ]
    identifying = [name not in known or known[name]["use"] in IDENTIFYING for name in delivered.columns]
    return frame_of(rows, VARIABLES).assign(identifying=identifying)


def reject_row(reject: Reject, file: str) -> dict[str, Any]:
    """A reject as a row of the table of rejects."""
    return dict(zip(REJECT_COLUMNS, (file, reject.row, reject.reason, reject.rule, reject.detail), strict=True))
