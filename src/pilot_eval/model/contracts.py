"""Contracts of the tables that ``model`` hands on."""

from pandera.pandas import Check, Column, DataFrameSchema

from pilot_eval.parts import part_schema
from pilot_eval.tables import faults_contract


def _number(told: str) -> Column:
    return Column("float64", nullable=True, description=told)


CHANGES = DataFrameSchema(
    {
        "area": Column("str", description="code"),
        "n": Column("Int64", Check.ge(0), description="respondents"),
        "n_first": Column("Int64", Check.ge(0), description="answers at the first wave"),
        "n_last": Column("Int64", Check.ge(0), description="answers at the last wave"),
        "n_organisations": Column("Int64", Check.ge(1), nullable=True, description="organisations; missing: none"),
        "n_organisations_least": Column(
            "Int64", Check.ge(1), nullable=True, description="organisations at the wave with fewest; missing: none"),
        "n_least": Column("Int64", Check.ge(1), nullable=True, description="answers at the wave with fewest"),
        "dominance": _number("at the wave with fewest others: all but the two largest organisations, in % of the "
                             "largest"),
        "alike": Column("bool", description="whether all answers of a wave are the same"),
        "raw": _number("difference of the means of all answers"),
        "estimate": _number("modelled change, drawn towards the change overall"),
        "se": _number("its standard error"),
        "low": _number("lower bound of the 95 % interval"),
        "high": _number("upper bound"),
        "above_zero": _number("probability that its change is above zero"),
        "above_mean": _number("probability that it is above the change overall"),
        "above_smallest": _number("probability that it is above the smallest change that matters"),
        "se_known": _number("standard error with the covariance parameters taken as known"),
        "status": Column("str", Check.isin(["", "u", "x", "z"]), description="u: answers at one wave only; x: none; "
                         "z: the model gives areas no change of their own"),
    },
    strict=True, unique=["area"], description="Change of one outcome: one row per area of the study.",
)  # fmt: skip

COEFFICIENTS = DataFrameSchema(
    {
        "term": Column("str", description="coefficient, as formulaic names it"),
        "estimate": _number("fixed effect"),
        "se": _number("standard error, by the method of the record"),
        "df": _number("degrees of freedom"),
        "statistic": _number("t"),
        "p": _number("two-sided p"),
        "low": _number("lower bound of the 95 % interval"),
        "high": _number("upper bound"),
    },
    strict=True, unique=["term"], description="Fixed effects of one model of one outcome: one row per coefficient.",
)  # fmt: skip

CONTRACTS = {
    "fit_change.part": part_schema(),
    "fit_change.areas": CHANGES,
    "fit_change.coefficients": COEFFICIENTS,
    "fit_change.faults": faults_contract("model"),
    "fit_natural.part": part_schema(),
    "fit_natural.faults": faults_contract("model (natural scales)"),
    "fit_sides.part": part_schema(),
    "fit_sides.faults": faults_contract("model (two sides)"),
    "fit_ratings.part": part_schema(),
    "fit_ratings.faults": faults_contract("model (ratings)"),
    "join_factors.part": part_schema(),
    "join_factors.faults": faults_contract("model (factors)"),
    "relate_start.part": part_schema(),
    "relate_start.faults": faults_contract("model (change against the start)"),
    "moderate_change.part": part_schema(),
    "moderate_change.faults": faults_contract("model (moderators)"),
    "separate_levels.part": part_schema(),
    "separate_levels.faults": faults_contract("model (levels)"),
}
