"""Contracts of the tables that ``challenge`` hands on."""

from pandera.pandas import Check, Column, DataFrameSchema

from pilot_eval.parts import part_schema


def _number(told: str) -> Column:
    return Column("float64", nullable=True, description=told)


ESTIMATE = {
    "estimate": _number("mean change from the first to the last wave"),
    "low": _number("lower bound of the 95 % interval"),
    "high": _number("upper bound"),
    "reason": Column("str", description="why there is no estimate; empty when there is"),
}

CONTRACTS = {
    "refit_matched.part": part_schema(),
    "refit_matched.estimates": DataFrameSchema(
        {"outcome": Column("str"), "n": Column("Int64", Check.ge(0), description="answers used"), **ESTIMATE},
        strict=True, unique=["outcome"], description="Change of matched respondents: one row, the outcome.",
    ),
    "leave_areas_out.part": part_schema(),
    "leave_areas_out.estimates": DataFrameSchema(
        {"area": Column("str", description="area left out"), **ESTIMATE},
        strict=True, unique=["area"], description="Change of one outcome without an area: one row per area left out.",
    ),
    "adjust_tests.part": part_schema(),
    "adjust_tests.tests": DataFrameSchema(
        {
            "outcome": Column("str"),
            "p": Column("float64", Check.in_range(0, 1), nullable=True, description="of the outcome's primary model"),
            "p_adjusted": Column("float64", Check.in_range(0, 1), nullable=True, description="all outcomes together"),
        },
        strict=True, unique=["outcome"], description="Tests of overall change: one row per outcome with a model.",
    ),
}  # fmt: skip
