"""Contracts of the tables that ``register`` hands on."""

from __future__ import annotations

import pandera.pandas as pa

from pilot_eval.tables import faults_contract

AREA = pa.Column("str", pa.Check.str_matches(r"^[a-z0-9][a-z0-9-]*$"), description="area code")

CONTRACTS = {
    "read_registers.areas": pa.DataFrameSchema(
        {
            "area": pa.Column("str", pa.Check.str_matches(r"^[a-z0-9][a-z0-9-]*$"), unique=True, description="code"),
            "name": pa.Column("str", unique=True, description="name; not for public outputs where areas are letters"),
            "letter": pa.Column("str", pa.Check.str_matches("^[A-Z]+$"), unique=True, description="public letter"),
            "order": pa.Column("Int64", pa.Check.ge(1), unique=True, description="place of the letter, from 1"),
        },
        strict=True,
        description="one row per area of the study, in the order of the study",
    ),
    "read_registers.aliases": pa.DataFrameSchema(
        {
            "spelling": pa.Column("str", unique=True, description="canonical form of a code, name or alias"),
            "area": AREA,
        },
        strict=True,
        description="one row per spelling that means an area",
    ),
    "read_registers.organisations": pa.DataFrameSchema(
        {
            "organisation": pa.Column(
                "str", pa.Check.str_matches(r"\S"), unique=True, description="key, unique over all kinds"
            ),
            "kind": pa.Column("str", description="kind of organisation, as in study.yaml"),
            "name": pa.Column("str", description="name in the register"),
            "area": pa.Column(
                "str",
                pa.Check.str_matches(r"^([a-z0-9][a-z0-9-]*)?$"),
                description="code of its home area; empty when it serves several and none is named",
            ),
            r"^(?!(organisation|kind|name|area)$)[a-z][a-z0-9_]*$": pa.Column(
                "str", regex=True, required=False, description="an attribute of the register; empty for other kinds"
            ),
        },
        strict=True,
        description="one row per organisation of a register",
    ),
    "read_registers.groups": pa.DataFrameSchema(
        {
            "group": pa.Column("str", unique=True, description="key of the group"),
            "name": pa.Column("str", description="its name"),
            "area": AREA,
        },
        strict=True,
        description="one row per commissioning group",
    ),
    "read_registers.links": pa.DataFrameSchema(
        {
            "left": pa.Column("str", description="organisation"),
            "right": pa.Column("str", description="organisation that it works with"),
            "left_kind": pa.Column("str", description="kind of the left organisation"),
            "right_kind": pa.Column("str", description="kind of the right one"),
        },
        strict=True,
        unique=["left", "right"],
        description="one row per pair of organisations that work together",
    ),
    "read_registers.predecessors": pa.DataFrameSchema(
        {
            "old": pa.Column("str", unique=True, description="key that an organisation gave up"),
            "new": pa.Column("str", description="key that followed it"),
        },
        strict=True,
        description="one row per change of key; of each chain the register has one key or more",
    ),
    "read_registers.faults": faults_contract("register"),
    "read_evidence.ratings": pa.DataFrameSchema(
        {
            "evidence": pa.Column("str", description="table of ratings, as in study.yaml"),
            "area": AREA,
            "item": pa.Column("str", description="code of what is rated"),
            "occasion": pa.Column("str", description="code of the occasion; empty when there is none"),
            "value": pa.Column("Int64", nullable=True, description="the rating; null: not given"),
        },
        strict=True,
        unique=["evidence", "area", "item", "occasion"],
        description="one row per area, item and occasion of a table of ratings",
    ),
    "read_evidence.codings": pa.DataFrameSchema(
        {
            "evidence": pa.Column("str", description="table of ratings, as in study.yaml"),
            "area": AREA,
            "item": pa.Column("str", description="code of what is rated"),
            "occasion": pa.Column("str", description="code of the occasion; empty when there is none"),
            "coder": pa.Column("str", pa.Check.str_matches(r"\S"), description="who rated, as delivered"),
            "value": pa.Column("Int64", nullable=True, description="the rating; null: not given"),
        },
        strict=True,
        unique=["evidence", "area", "item", "occasion", "coder"],
        description="one row per area, item, occasion and coder of tables that say who rated",
    ),
    "read_evidence.attendance": pa.DataFrameSchema(
        {
            "area": AREA,
            "occasion": pa.Column("str", description="occasion as delivered"),
            "group": pa.Column("str", description="group of people as delivered"),
            "count": pa.Column("Int64", pa.Check.ge(0), description="people who came"),
        },
        strict=True,
        unique=["area", "occasion", "group"],
        description="one row per area, occasion and group of people",
    ),
    "read_evidence.faults": faults_contract("register"),
}
