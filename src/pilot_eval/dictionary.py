"""The data dictionary: every table that a stage hands on, as its contract has it.

``python -m pilot_eval.dictionary docs/data-dictionary.md`` writes it; a test fails when it drifts.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from pilot_eval.step import STAGES

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

HEAD = """# Data dictionary

Generated from the contracts (`python -m pilot_eval.dictionary docs/data-dictionary.md`). Each table is checked when it
is written. A column marked * may be missing a value. Columns that a study's own config adds (items, scales,
attributes) are not listed.
"""


def dictionary() -> str:
    """All contracts of all stages as one Markdown text, stages in the order of the data."""
    parts = [HEAD]
    for stage in STAGES:
        contracts = importlib.import_module(f"pilot_eval.{stage}.contracts").CONTRACTS
        parts.append(f"\n## {stage}\n")
        parts += [_table(name, schema) for name, schema in sorted(contracts.items())]
    return "".join(parts)


def _table(name: str, schema: DataFrameSchema) -> str:
    lines = [f"\n### {name}\n\n{' '.join((schema.description or '').split())}\n"]
    if schema.unique:
        lines.append(f"\nKey: {', '.join(f'`{column}`' for column in schema.unique)}\n")
    if schema.columns:
        lines.append("\n| column | type | what |\n|---|---|---|\n")
    for column, rule in schema.columns.items():
        star = "*" if rule.nullable else ""
        what = " ".join((rule.description or "").split()).replace("|", "\\|")
        lines.append(f"| `{column}`{star} | {rule.dtype or 'any'} | {what} |\n")
    return "".join(lines)


if __name__ == "__main__":
    from pilot_eval.files import write

    write(sys.argv[1], dictionary())
