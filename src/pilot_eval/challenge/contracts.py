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
    "vary_links.part": part_schema(),
    "vary_links.estimates": DataFrameSchema(
        {
            "variant": Column("str", Check.isin(["default", "loose", "tight", "unlinked"]), description="which links"),
            "n": Column("Int64", Check.ge(0), description="answers used"),
            "respondents": Column("Int64", Check.ge(0), description="persons behind them"),
            "followed": Column("Int64", Check.ge(0), description="of them with answers at two waves or more"),
            **ESTIMATE,
        },
        strict=True, unique=["variant"], description="Change of one outcome with other links: one row per variant.",
    ),
    "compare_linked.differences": DataFrameSchema(
        {
            "wave": Column("str"),
            "what": Column("str", description="outcome, or column of levels"),
            "level": Column("str", description="level whose share is compared; empty: the outcome's mean"),
            "n_linked": Column("Int64", Check.ge(0), description="linked responses"),
            "n_unlinked": Column("Int64", Check.ge(0), description="responses that nothing links"),
            "linked": _number("mean or share of the linked"),
            "unlinked": _number("mean or share of the unlinked"),
            "difference": _number("their difference in standard deviations"),
            "flagged": Column("bool", description="whether it is above 0.1"),
        },
        strict=True, unique=["wave", "what", "level"],
        description="Linked and unlinked responses compared: one row per wave and outcome or level.",
    ),
    "correct_slopes.slopes": DataFrameSchema(
        {
            "outcome": Column("str"),
            "audit": Column("str", Check.isin(["", "sample", "hidden_key"]), description="what tells of false links"),
            "n": Column("Int64", Check.ge(0), description="respondents with both answers"),
            "false_share": Column("float64", Check.in_range(0, 1), nullable=True, description="share of false links"),
            "slope": _number("slope of change on the start within areas, as linked"),
            "low": _number("lower bound of its 95 % interval"),
            "high": _number("upper bound"),
            "corrected": _number("the slope without what false links add"),
            "corrected_low": _number("lower bound of its 95 % interval"),
            "corrected_high": _number("upper bound"),
        },
        strict=True, unique=["outcome"],
        description="Change on the start, with false links taken out: one row an outcome.",
    ),
    "adjust_tests.part": part_schema(),
    "adjust_tests.tests": DataFrameSchema(
        {
            "question": Column("str", description="question of the plan; empty: none asks for this change"),
            "outcome": Column("str", description="outcome; empty where the question has none"),
            "family": Column("str", description="tests adjusted together"),
            "p": Column("float64", Check.in_range(0, 1), nullable=True, description="of the question's model"),
            "p_adjusted": Column("float64", Check.in_range(0, 1), nullable=True, description="within the family"),
        },
        strict=True, unique=["question", "outcome"], description="Tests of the plan: one row per question or outcome.",
    ),
}  # fmt: skip
