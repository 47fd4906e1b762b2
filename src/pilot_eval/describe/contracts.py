"""Contracts of the tables that ``describe`` hands on: parts of the ledger."""

from pilot_eval.parts import part_schema

RULES = (
    "count_flow", "measure_response", "tabulate_items", "compare_waves", "compare_sides", "summarise_ratings",
)  # fmt: skip
CONTRACTS = {f"{rule}.part": part_schema() for rule in RULES}
