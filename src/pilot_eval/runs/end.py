"""What is said and kept when a run has ended, well or not."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pilot_eval import files
from pilot_eval.faults import SEVERITIES, SHOWN_PER_ID, Fault
from pilot_eval.runs.records import MANIFEST, checksum
from pilot_eval.step import STOPPED
from pilot_eval.tables import FAULT_COLUMNS

FAULTS = "data/processed/qa/faults.csv"


def frozen(paths: Iterable[str]) -> dict[str, str]:
    """Checksums of the files that no rule makes, as the run found them; empty for one that is not there."""
    return {path: checksum(path) if Path(path).is_file() else "" for path in paths}


def of_all(checksums: Iterable[str]) -> str:
    """One checksum of several files, whatever they are called: a study that was moved is the same."""
    return hashlib.sha256(" ".join(checksums).encode()).hexdigest()


def changed_meanwhile(before: Mapping[str, str]) -> Iterator[Fault]:
    """Configuration, deliveries or code that changed while the run was going: RUN-10.

    The manifest, which vouches for the run, is taken away; the next run makes again what the change concerns.
    """
    now = frozen(before)
    for path in [path for path in before if now[path] != before[path]]:
        MANIFEST.unlink(missing_ok=True)
        when = time.strftime("%H:%M:%S", time.localtime(Path(path).stat().st_mtime)) if now[path] else "deleted"
        saw = f"was changed while the run was going ({when}); the outputs of this run are not valid: no {MANIFEST}"
        yield Fault("RUN-10", "STOP", path, saw, "", "Run again")


def gather_faults(outputs: Iterable[str]) -> list[dict[str, Any]]:
    """All faults of all files, of this run and of the outputs that it did not need to make again.

    Parameters
    ----------
    outputs : iterable of str
        Outputs of all rules; those that end in ``faults.parquet`` are read.

    Returns
    -------
    list of dict
        Worst first, then by file and place. They are written to ``data/processed/qa/faults.csv``, for its owner only:
        a fault names the row of a respondent.
    """
    import pyarrow.parquet

    rows: list[dict[str, Any]] = []
    for path in outputs:
        if path.endswith("faults.parquet") and Path(path).is_file():
            rows += pyarrow.parquet.read_table(path).to_pylist()
    for record in sorted(STOPPED.rglob("*.json")):
        rows += json.loads(record.read_text("utf-8"))
    rows = [{name: row[name] for name in FAULT_COLUMNS} for row in rows]
    rows = [dict(row) for row in dict.fromkeys(tuple(row.items()) for row in rows)]
    rows.sort(key=_place)
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [*FAULT_COLUMNS, "message"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "message": Fault(**row).message} for row in rows)
    files.write(FAULTS, stream.getvalue())
    return rows


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return SEVERITIES.index(row["severity"]), row["file"], row["row"] or 0, row["id"], row["column"], row["saw"]


def not_shown(faults: Sequence[Mapping[str, Any]]) -> list[str]:
    """Of each kind that stops, how many were too many for the terminal."""
    stops = Counter(fault["id"] for fault in faults if fault["severity"] == "STOP")
    return [
        f"[{kind}] and {number - SHOWN_PER_ID} more of this kind, all in {FAULTS}."
        for kind, number in sorted(stops.items())
        if number > SHOWN_PER_ID
    ]
