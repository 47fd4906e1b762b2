"""Contracts of what ``disclose`` hands on."""

from __future__ import annotations

import pandera.pandas as pa

from pilot_eval.ledger import KINDS
from pilot_eval.tables import faults_contract

STATUSES = ("", "c", "x", "z", "u", "low")
REASONS = (
    "respondents", "organisations", "dominance", "all or none", "same row", "other wave", "other table", "sum",
)  # fmt: skip

_ID = pa.Check.str_matches(r"^[a-z0-9_.-]+$")

CONTRACTS: dict[str, pa.DataFrameSchema] = {
    "hide_cells.faults": faults_contract("disclose"),
    "hide_cells.cells": pa.DataFrameSchema(
        {
            "id": pa.Column("str", _ID, description="table.row.column; areas by their public code"),
            "table": pa.Column("str", description="table of the catalogue"),
            "row": pa.Column("str", _ID, description="outcome, area, group and wave, joined by full stops"),
            "column": pa.Column("str", description="measure, such as estimate, low or n"),
            "value": pa.Column("float64", nullable=True, description="the number of `shown`; missing when hidden"),
            "shown": pa.Column("str", description="as printed: 1,235, 0.13, <0.001, [c], [x], [z] or [low]"),
            "n": pa.Column("Int64", nullable=True, description="respondents behind it, rounded; missing when hidden"),
            "unit": pa.Column("str", description="unit of the value"),
            "status": pa.Column(
                "str", pa.Check.isin(STATUSES),
                description="c confidential, x not available, z not applicable, low rounds to zero, u low reliability",
            ),
            "estimand": pa.Column("str", description="what is estimated, in one sentence"),
            "rule": pa.Column("str", description="rule that made the number"),
            "kind": pa.Column("str", pa.Check.isin(KINDS), description="count, share, mean, estimate and so on"),
            "digits": pa.Column("Int64", description="decimals shown"),
            "outcome": pa.Column("str", description="outcome or scale; empty when none"),
            "area_letter": pa.Column("str", description="letter of the area, to find its cells; empty: all areas"),
            "area_label": pa.Column("str", description="the area as public outputs print it: its letter, or its name"),
            "group": pa.Column("str", description="further dimension: role, answer, step, term"),
            "group_label": pa.Column("str", description="the group in words, where its maker gave them"),
            "wave": pa.Column("str", description="wave; empty when none"),
            "order": pa.Column("Int64", description="place in its table: outcome, group, wave, area, column"),
        },
        strict=True, unique=["id"],
        description="Every number that may be published, rounded, one row a cell. All that people see is made of it.",
    ),
    "hide_cells.hidden": pa.DataFrameSchema(
        {
            "id": pa.Column("str", _ID, description="id as published"),
            "table": pa.Column("str", description="table of the catalogue"),
            "why": pa.Column("str", pa.Check.isin(REASONS), description="rule by which the cell was hidden"),
            "value": pa.Column("float64", description="exact value: private"),
            "n": pa.Column("Int64", nullable=True, description="exact number of respondents: private"),
        },
        strict=True, unique=["id"],
        description="Private log of the hidden cells: what was hidden and why. Never published.",
    ),
}  # fmt: skip
