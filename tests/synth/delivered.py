"""Delivered files read by other means than the generator's own: pyreadstat and the csv module."""

from __future__ import annotations

import csv
import datetime as dt
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyreadstat


class Row(NamedTuple):
    """One record: physical line or case number, and its cells as text."""

    place: int
    cells: dict[str, str]


def read_rows(path: Path, source: Mapping[str, Any]) -> list[Row]:
    """Records of a delivered file."""
    return _read(path, source.get("delimiter") or ",", source.get("encoding") or "utf-8")


@functools.cache
def _read(path: Path, delimiter: str, encoding: str) -> list[Row]:
    if path.suffix == ".csv":
        with path.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            header, rows, line = next(reader), [], reader.line_num
            for record in reader:
                rows.append(Row(line + 1, dict(zip(header, record, strict=True))))
                line = reader.line_num
        return rows
    frame, _ = pyreadstat.read_sav(str(path), user_missing=True)
    records = frame.to_dict("records")
    return [Row(case, {name: _text(value) for name, value in row.items()}) for case, row in enumerate(records, 1)]


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
