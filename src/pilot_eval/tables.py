"""The tables that several stages hand on in one form: faults, rejected rows, changed cells; with their contracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pilot_eval.faults import SEVERITIES, Fault

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import Column, DataFrameSchema

FAULT_COLUMNS = tuple(field.name for field in fields(Fault))
REJECT_COLUMNS = ("_file", "_row", "reason", "rule", "detail")
CHANGE_COLUMNS = ("_file", "_row", "_id", "variable", "from_value", "to_value", "rule", "why")


def fault_table(faults: Iterable[Fault]) -> pd.DataFrame:
    """Faults as a table, a row each, in the order given.

    Returns
    -------
    DataFrame
        Columns of :class:`Fault`; ``row`` is null when no single row is meant.
    """
    return frame_of([{name: getattr(fault, name) for name in FAULT_COLUMNS} for fault in faults], FAULT_COLUMNS)


def frame_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a frame whose types do not depend on how many there are.

    Columns named ``_row``, ``row``, ``count`` or ``n...`` are whole numbers, all others text.
    """
    import pandas as pd

    found = pd.DataFrame.from_records([dict(row) for row in rows], columns=list(columns))
    for column in columns:
        whole = column in ("_row", "row", "count", "n") or column.startswith("n_")
        found[column] = found[column].astype("Int64" if whole else "str")
    return found


def faults_contract(stage: str) -> DataFrameSchema:
    """Contract of a stage's table of faults."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            "id": pa.Column(str, pa.Check.str_matches(r"^[A-Z]{3}-\d+[a-z]?$"), description="kind, see docs/faults.md"),
            "severity": pa.Column(str, pa.Check.isin(SEVERITIES), description="what happened to it"),
            "file": pa.Column(str, description="delivered file"),
            "row": pa.Column("Int64", nullable=True, description="line, sheet row or case; null: no single row"),
            "column": pa.Column(str, description="delivered column; empty: the row or file as a whole"),
            "saw": pa.Column(str, description="what stood there, never an identifying value"),
            "expected": pa.Column(str, description="what should have"),
            "action": pa.Column(str, description="what to do"),
            "count": pa.Column("Int64", pa.Check.ge(1), description="rows that show the same"),
        },
        strict=True,
        description=f"What {stage} found wrong or mended, a row a fault.",
    )


def rejects_contract(stage: str, more: Mapping[str, Column] | None = None) -> DataFrameSchema:
    """Contract of a stage's rejected rows, with any further columns."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            "_file": pa.Column(str, description="delivered file"),
            "_row": pa.Column("Int64", description="line, sheet row or case"),
            "reason": pa.Column(str, pa.Check.str_matches(r"^[a-z_]+$"), description="why the row is not used"),
            "rule": pa.Column(str, description="kind of fault, see docs/faults.md"),
            "detail": pa.Column(str, description="the reason in words, never an identifying value"),
            **(more or {}),
        },
        strict=True,
        description=f"Rows that {stage} does not hand on, a row each: rows in = rows out + these.",
    )


def changes_contract(stage: str) -> DataFrameSchema:
    """Contract of a stage's change log."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            "_file": pa.Column(str, description="delivered file"),
            "_row": pa.Column("Int64", description="line, sheet row or case"),
            "_id": pa.Column(str, description="row id: source and row"),
            "variable": pa.Column(str, description="the study's name of the column"),
            "from_value": pa.Column(str, description="text as delivered"),
            "to_value": pa.Column(str, description="value as handed on, as text; empty: missing"),
            "rule": pa.Column(str, pa.Check.str_matches(r"^[a-z_]+$"), description="what changed it"),
            "why": pa.Column(str, description="the reason in words"),
        },
        unique=["_id", "variable"],
        strict=True,
        description=f"Cells that {stage} changed, a row each: applied to what came in, they give what went out.",
    )
