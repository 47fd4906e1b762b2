"""Contracts of the tables that ``publish`` hands on, to people and to ``verify``."""

from __future__ import annotations

import pandera.pandas as pa

from pilot_eval.publish.verdicts import VERDICTS
from pilot_eval.tables import faults_contract


def _rules_kept(of: str, place: str) -> pa.DataFrameSchema:
    """What a linter hands on: every rule, and where it is broken."""
    return pa.DataFrameSchema(
        {
            "rule": pa.Column("str", description=f"rule of {of}"),
            "says": pa.Column("str", description="the rule in words"),
            "places": pa.Column("str", pa.Check.str_matches(r"^\d+$"), description="places in which it is broken"),
            "first": pa.Column("str", description=f"the first of them: {place}; empty when none"),
        },
        strict=True, unique=["rule"], description=f"Rules of {of} and whether they are kept.",
    )  # fmt: skip


CONTRACTS: dict[str, pa.DataFrameSchema] = {
    "write_tables.tables": pa.DataFrameSchema(
        {
            "id": pa.Column("str", pa.Check.str_matches(r"^[a-z0-9_.-]+$"), description="id in the ledger"),
            "outcome": pa.Column("str", description="outcome or scale; empty when none"),
            "outcome_label": pa.Column("str", description="the outcome in words"),
            "area": pa.Column("str", description="the area as the public sees it; empty: all areas"),
            "group": pa.Column("str", description="role, answer, step or term; empty when none"),
            "group_label": pa.Column("str", description="the group in words"),
            "wave": pa.Column("str", description="wave; empty when none"),
            "wave_label": pa.Column("str", description="the wave in words"),
            "measure": pa.Column("str", description="what the value is, such as estimate, low or n"),
            "measure_label": pa.Column("str", description="the measure in words"),
            "value": pa.Column("str", description="the number as published; empty when the status says why"),
            "shown": pa.Column("str", description="the number as printed, such as <0.001 for a p value of 0.001"),
            "n": pa.Column("str", description="respondents behind it, rounded; empty where none or hidden"),
            "unit": pa.Column("str", description="unit of the value"),
            "status": pa.Column(
                "str", pa.Check.isin(("", "c", "x", "z", "u", "low")),
                description="c confidential, x not available, z not applicable, low rounds to zero, u low reliability",
            ),
            "data": pa.Column("str", pa.Check.isin(("synthetic", "collected")), description="where answers come from"),
        },
        strict=True, unique=["id"], description="A published table, one row a number.",
    ),
    "write_findings.findings": pa.DataFrameSchema(
        {
            "question": pa.Column("str", description="question of the plan"),
            "asks": pa.Column("str", description="the question in words"),
            "finding": pa.Column("str", description="the answer in one or two sentences"),
            "verdict": pa.Column("str", pa.Check.isin(VERDICTS), description="by the rules of verdicts"),
            "status": pa.Column("str", pa.Check.isin(("pre-specified", "exploratory")), description="in the plan"),
            "family": pa.Column("str", description="tests adjusted together"),
            "estimand": pa.Column("str", description="what was estimated"),
            "ids": pa.Column("str", description="ledger ids of the sentence's numbers, blanks between"),
            "data": pa.Column("str", pa.Check.isin(("synthetic", "collected")), description="where answers come from"),
        },
        strict=True, unique=["question"], description="What each question of the plan was answered.",
    ),
    "lint_workbook.kept": _rules_kept("the workbook", "a sheet and a cell"),
    "draw_figures.kept": _rules_kept("figures", "a figure and where in it"),
    "lint_pages.kept": _rules_kept("pages", "a page and a line"),
    "write_tables.faults": faults_contract("publish (tables)"),
}  # fmt: skip
