"""Contracts of the tables that score hands on."""

import pandera.pandas as pa

from pilot_eval.parts import part_schema
from pilot_eval.tables import faults_contract

SHARE = pa.Check.in_range(0, 1)
PLACE = {
    "scale": pa.Column(str, description="scale of the study"),
    "wave": pa.Column(str, description="wave of the study"),
    "role": pa.Column(str, description="role, or all"),
}

CONTRACTS = {
    "score_scales.analysis": pa.DataFrameSchema(
        {
            "_file": pa.Column(str, description="delivered file"),
            "_row": pa.Column("Int64", description="line, sheet row or case"),
            "_id": pa.Column(str, unique=True, description="row id: source and row"),
            "source": pa.Column(str, description="delivery"),
            "instrument": pa.Column(str, description="questionnaire"),
            "wave": pa.Column(str, description="wave of the study"),
            "months": pa.Column(float, description="months since the first wave"),
            "role": pa.Column(str, description="role; empty: unknown"),
            "area": pa.Column(str, description="code of the area; empty: unknown"),
            "organisation": pa.Column(str, description="key in the register; empty: none or unknown"),
            "organisation_kind": pa.Column(str, description="kind of organisation; empty: none"),
            "unit": pa.Column(
                str,
                description="what models use as organisation: organisation, area:CODE, or organisation:WAVE if merged",
            ),
            "respondent": pa.Column(str, description="pseudonym, the same at every wave"),
            "matched": pa.Column(bool, description="whether the respondent is seen at two waves or more"),
            "completed": pa.Column(str, description="ISO day; empty: unknown"),
            "^[a-z][a-z0-9_]*$": pa.Column(
                None, nullable=True, required=False, regex=True,
                description="attributes (text), items (numbers or text) and composite scores (numbers)",
            ),
        },
        unique=["respondent", "wave"],
        strict=True,
        description="The analysis table, a row a respondent and wave; respondents seen once are in it.",
    ),
    "score_scales.second": pa.DataFrameSchema(
        {
            "scale": pa.Column(str, description="scale of the study"),
            "instrument": pa.Column(str, description="questionnaire"),
            "wave": pa.Column(str, description="wave of the study"),
            "items_common": pa.Column("Int64", pa.Check.ge(0), description="items asked at every wave"),
            "items_all": pa.Column("Int64", pa.Check.ge(0), description="items asked at this wave"),
            "n": pa.Column("Int64", pa.Check.ge(0), description="respondents who answered all of them"),
            "mean_common": pa.Column(float, nullable=True, description="mean of their score from the common items"),
            "sd_common": pa.Column(float, nullable=True, description="its standard deviation"),
            "mean_all": pa.Column(float, nullable=True, description="mean of their score from all items"),
            "sd_all": pa.Column(float, nullable=True, description="its standard deviation"),
        },
        unique=["scale", "instrument", "wave"],
        strict=True,
        description="Scales of which a questionnaire asked other items at another wave: both scores of the same "
        "respondents, a row a scale, questionnaire and wave.",
    ),
    "score_scales.balance": pa.DataFrameSchema(
        {
            "source": pa.Column(str, description="delivery"),
            "stage": pa.Column(
                str, pa.Check.isin(["ingest", "clean", "link_places", "link_persons", "score"]), description="step"
            ),
            "rows_in": pa.Column("Int64", pa.Check.ge(0), description="rows taken in"),
            "rows_out": pa.Column("Int64", pa.Check.ge(0), description="rows handed on"),
            "rows_rejected": pa.Column("Int64", pa.Check.ge(0), description="rows in a rejects table"),
        },
        checks=pa.Check(
            lambda frame: frame["rows_in"] == frame["rows_out"] + frame["rows_rejected"], name="no row is lost"
        ),
        unique=["source", "stage"],
        strict=True,
        description="What became of every row, a row a delivery and step.",
    ),
    "score_scales.faults": faults_contract("score (scales)"),
    "measure_scales.reliability": pa.DataFrameSchema(
        {
            **PLACE,
            "items": pa.Column("Int64", pa.Check.ge(1), description="items asked"),
            "n": pa.Column("Int64", pa.Check.ge(1), description="respondents with a score"),
            "n_organisations": pa.Column("Int64", nullable=True, description="organisations behind them; null: none"),
            "missing": pa.Column(float, SHARE, description="share of those asked who have no score"),
            "alpha": pa.Column(float, nullable=True, description="Cronbach's raw alpha from pairwise covariances"),
            "alpha_low": pa.Column(float, nullable=True, description="lower bound of Feldt's 95 % interval of alpha"),
            "alpha_high": pa.Column(float, nullable=True, description="upper bound"),
            "omega": pa.Column(float, nullable=True, description="omega total of one factor"),
            "floor": pa.Column(float, SHARE, description="share of scores at the lowest possible"),
            "ceiling": pa.Column(float, SHARE, description="share of scores at the highest possible"),
        },
        unique=["scale", "wave", "role"],
        strict=True,
        description="How reliable each composite is, a row a scale, wave and role.",
    ),
    "measure_scales.item_statistics": pa.DataFrameSchema(
        {
            **PLACE,
            "item": pa.Column(str, description="item of the scale, turned where the scale turns it"),
            "n": pa.Column("Int64", pa.Check.ge(1), description="answers"),
            "n_organisations": pa.Column("Int64", nullable=True, description="organisations behind them; null: none"),
            "missing": pa.Column(float, SHARE, description="share of those asked who gave no answer"),
            "mean": pa.Column(float, description="mean answer"),
            "sd": pa.Column(float, nullable=True, description="standard deviation"),
            "item_rest": pa.Column(float, nullable=True, description="correlation with the sum of the other items"),
            "loading": pa.Column(float, nullable=True, description="loading on the common factor"),
        },
        unique=["scale", "wave", "role", "item"],
        strict=True,
        description="How each item goes with the rest of its scale, a row an item, wave and role.",
    ),
    "measure_scales.stability": pa.DataFrameSchema(
        {
            **PLACE,
            "first": pa.Column(str, description="wave with which it is compared"),
            "congruence": pa.Column(float, description="Tucker's congruence of the loadings of both waves"),
            "item": pa.Column(str, description="item whose loading differs most"),
            "n": pa.Column("Int64", pa.Check.ge(1), description="respondents with a score"),
            "n_organisations": pa.Column("Int64", nullable=True, description="organisations behind them; null: none"),
        },
        unique=["scale", "wave", "role"],
        strict=True,
        description="Whether the items of a scale load as at its first wave, a row a scale, later wave and role.",
    ),
    "measure_scales.part": part_schema(),
    "measure_scales.faults": faults_contract("score (reliability)"),
}  # fmt: skip
