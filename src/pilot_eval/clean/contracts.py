"""Contracts of the tables that clean hands on."""

import pandera.pandas as pa

from pilot_eval.tables import changes_contract, faults_contract, rejects_contract

PLACE = {
    "_file": pa.Column(str, description="delivered file"),
    "_row": pa.Column("Int64", description="physical line, sheet row or case number"),
    "_id": pa.Column(str, unique=True, description="row id: source and row"),
}

SHARE, CORRELATION = pa.Check.in_range(0, 1), pa.Check.in_range(-1.000001, 1.000001)

CONTRACTS = {
    "recode_items.cleaned": pa.DataFrameSchema(
        {
            **PLACE,
            "source": pa.Column(str, description="delivery"),
            "instrument": pa.Column(str, description="questionnaire"),
            "wave": pa.Column(str, description="wave of the study"),
            "completed": pa.Column(
                str, pa.Check.str_matches(r"^(\d{4}-\d{2}-\d{2})?$"), description="ISO day; empty: unknown"
            ),
            "area_said": pa.Column(str, description="area as the respondent has it; empty: not said"),
            "organisation_said": pa.Column(str, description="key of the organisation as delivered"),
            "organisation_name_said": pa.Column(str, description="name of the organisation as delivered"),
            "role_said": pa.Column(str, description="role as delivered"),
            "response": pa.Column(str, description="the survey house's number of the response"),
            "^[a-z][a-z0-9_]*$": pa.Column(
                None, nullable=True, required=False, regex=True,
                description="one column an item: numbers (null: missing), or text (empty: missing)",
            ),
        },
        strict=True,
        description="Responses under the names and codes of the codebook, a row a response of one delivery.",
    ),
    "recode_items.missing": pa.DataFrameSchema(
        {
            "_id": pa.Column(str, description="row id"),
            "item": pa.Column(str, description="item of the codebook"),
            "kind": pa.Column(
                str, pa.Check.str_length(min_value=1),
                description="a kind of the codebook, skipped (blank), not_asked, out_of_range, unreadable or undated",
            ),
        },
        unique=["_id", "item"],
        strict=True,
        description="Why an answer is missing, a row a missing cell; items not asked have none.",
    ),
    "recode_items.flags": pa.DataFrameSchema(
        {
            "_id": pa.Column(str, unique=True, description="row id"),
            "qc_speed": pa.Column(bool, description="answered faster than anybody reads"),
            "qc_straight": pa.Column(bool, description="one answer throughout a block of items"),
            "qc_test": pa.Column(bool, description="the name or address given is one of a test"),
            "seconds": pa.Column(float, pa.Check.ge(0), nullable=True, description="how long it took; null: unknown"),
        },
        strict=True,
        description="Signs of a careless response or a test, a row a response of the cleaned table; flagged ones are "
        "kept unless the study excludes them.",
    ),
    "recode_items.changes": changes_contract("clean"),
    "recode_items.rejects": rejects_contract("clean"),
    "recode_items.faults": faults_contract("clean"),
    "report_drift.drift": pa.DataFrameSchema(
        {
            "wave": pa.Column(str, description="wave of the delivery"),
            "item": pa.Column(str, description="item of the codebook"),
            "column": pa.Column(str, description="delivered column"),
            "n": pa.Column("Int64", pa.Check.ge(0), description="answers"),
            "mean": pa.Column(float, nullable=True, description="mean answer"),
            "sd": pa.Column(float, nullable=True, description="standard deviation"),
            "blank": pa.Column(float, SHARE, nullable=True, description="share of responses without an answer"),
            "item_rest": pa.Column(float, CORRELATION, nullable=True, description="correlation with the others"),
            "earlier_wave": pa.Column(str, description="wave it is compared with; empty: none"),
            "earlier_n": pa.Column("Int64", pa.Check.ge(0), description="answers at that wave"),
            "earlier_mean": pa.Column(float, nullable=True, description="mean answer at that wave"),
            "earlier_blank": pa.Column(float, SHARE, nullable=True, description="share without an answer then"),
            "earlier_item_rest": pa.Column(float, CORRELATION, nullable=True, description="correlation then"),
            "distance": pa.Column(
                float, SHARE, nullable=True, description="largest difference of cumulative shares (Kolmogorov-Smirnov)"
            ),
            "limit": pa.Column(float, nullable=True, description="distance above which a jump is reported"),
        },
        unique=["wave", "item"],
        strict=True,
        description="Each numeric answer of a delivery beside the wave before, a row a wave and item.",
    ),
    "report_drift.faults": faults_contract("clean (drift)"),
}  # fmt: skip
