"""Contracts of the tables that ``ingest`` hands on."""

from __future__ import annotations

import pandera.pandas as pa

from pilot_eval.study.delivery import IDENTIFYING
from pilot_eval.tables import faults_contract, rejects_contract

FILE = pa.Column("str", description="delivered file, relative to the study's folder")
ROW = pa.Column(
    "Int64", pa.Check.ge(1), description="physical line where the record starts (CSV), sheet row or case number"
)
ID = pa.Column("str", description="row id: source and _row")

ANSWERS = pa.DataFrameSchema(
    {
        "_file": FILE,
        "_row": ROW,
        "_id": pa.Column("str", unique=True, description="row id: source and _row"),
        "_made_up": pa.Column(
            "str", description="column whose name or address is one by which people try things out; empty: none"
        ),
        r"^(?!_file$|_row$|_id$|_made_up$)[\s\S]+$": pa.Column(
            "str", regex=True, required=False, description="a delivered column under its delivered name, as delivered"
        ),
    },
    strict=True,
    description="one row per usable record of one delivered survey file; no column identifies anybody",
)

IDENTIFIERS = pa.DataFrameSchema(
    {
        "_file": FILE,
        "_row": ROW,
        "_id": ID,
        "kind": pa.Column("str", pa.Check.isin(sorted(IDENTIFYING)), description="use in the codebook"),
        "column": pa.Column("str", description="delivered column"),
        "value": pa.Column("str", pa.Check.str_length(min_value=1), description="the cell as delivered; private"),
    },
    strict=True,
    unique=["_id", "column"],
    description="one row per filled cell that may identify a person; only link reads it",
)

VARIABLES = pa.DataFrameSchema(
    {
        "column": pa.Column("str", unique=True, description="delivered name"),
        "label": pa.Column("str", description="the file's own label"),
        "type": pa.Column(
            "str",
            pa.Check.isin(["numeric", "string", "date", "datetime", "time"]),
            description="as stored (SPSS) or as all cells are (CSV, xlsx)",
        ),
        "format": pa.Column("str", description="SPSS print format"),
        "value_labels": pa.Column("str", description="JSON object: code to label"),
        "missing": pa.Column("str", description="JSON object: values and ranges that the file declares missing"),
        "n_missing": pa.Column("Int64", pa.Check.ge(0), description="system-missing or empty cells"),
        "identifying": pa.Column(bool, description="true when the column is not among the answers for privacy"),
    },
    strict=True,
    description="one row per column of a delivered survey file, in delivered order",
)

CONTRACTS = {
    "read_wave.answers": ANSWERS,
    "read_wave.identifiers": IDENTIFIERS,
    "read_wave.variables": VARIABLES,
    "read_wave.rejects": rejects_contract("ingest"),
    "read_wave.faults": faults_contract("ingest"),
}
