"""Contracts of what ``verify`` writes."""

from __future__ import annotations

import pandera.pandas as pa

from pilot_eval.verify.differences import RESULTS
from pilot_eval.verify.meet_claims import VERDICTS

CONTRACTS: dict[str, pa.DataFrameSchema] = {
    "compare_release.comparison": pa.DataFrameSchema(
        {
            "what": pa.Column("str", pa.Check.isin(("file", "number", "cell")), description="what is compared"),
            "file": pa.Column("str", description="file of the release, relative to its folder"),
            "id": pa.Column("str", description="id in the ledger, or the row's place; empty: the whole file"),
            "column": pa.Column("str", description="column that is furthest apart; empty: the row or file as a whole"),
            "published": pa.Column("str", description="text in the release"),
            "rerun": pa.Column("str", description="text in this run"),
            "difference": pa.Column("str", description="how far apart, where both are numbers"),
            "tolerance": pa.Column("str", description="how far apart they may be"),
            "result": pa.Column("str", pa.Check.isin(RESULTS), description="equal, or in which way not"),
        },
        strict=True,
        description="A row per file, per published number, and per cell of tables and figure data that is not equal.",
    ),
    "meet_claims.claims": pa.DataFrameSchema(
        {
            "id": pa.Column("str", unique=True, description="short name of the claim"),
            "page": pa.Column("str", description="where it was published; empty: not said"),
            "quantity": pa.Column("str", description="what was counted or measured"),
            "claimed": pa.Column("str", description="as published elsewhere"),
            "rounding": pa.Column("str", description="what the claimed number is a multiple of"),
            "ledger": pa.Column("str", description="ids in the ledger whose sum is the number; empty: there is none"),
            "found": pa.Column("str", description="as published by this run; empty: it has no such number"),
            "verdict": pa.Column("str", pa.Check.isin(VERDICTS), description="whether the claim is met"),
        },
        strict=True,
        description="A row per number published elsewhere (config/claims.csv), in the order of that file.",
    ),
}
