"""Contracts of the tables that ``describe`` hands on: parts of the ledger."""

from pilot_eval.parts import part_schema
from pilot_eval.tables import faults_contract

CONTRACTS = {
    "count_flow.part": part_schema(),
    "measure_response.part": part_schema(),
    "measure_response.faults": faults_contract("describe (response)"),
    "tabulate_items.part": part_schema(),
    "compare_waves.part": part_schema(),
    "compare_items.part": part_schema(),
    "compare_leavers.part": part_schema(),
    "compare_sides.part": part_schema(),
    "summarise_ratings.part": part_schema(),
}
