"""Contracts of the tables that clean hands on."""

import pandera.pandas as pa

from pilot_eval.tables import changes_contract, faults_contract, rejects_contract

PLACE = {
    "_file": pa.Column(str, description="delivered file"),
    "_row": pa.Column("Int64", description="physical line, sheet row or case number"),
    "_id": pa.Column(str, unique=True, description="row id: source and row"),
}

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
                description="a kind of the codebook, skipped (blank), out_of_range or unreadable",
            ),
        },
        unique=["_id", "item"],
        strict=True,
        description="Why an answer is missing, a row a missing cell; items not asked have none.",
    ),
    "recode_items.changes": changes_contract("clean"),
    "recode_items.rejects": rejects_contract("clean"),
    "recode_items.faults": faults_contract("clean"),
}  # fmt: skip
