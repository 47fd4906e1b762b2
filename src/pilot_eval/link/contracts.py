"""Contracts of the tables that link hands on."""

import pandera.pandas as pa

from pilot_eval.tables import changes_contract, faults_contract, rejects_contract

ID = pa.Column(str, unique=True, description="row id: source and row")
WHO = {
    "_id": ID,
    "source": pa.Column(str, description="delivery"),
    "instrument": pa.Column(str, description="questionnaire"),
    "wave": pa.Column(str, description="wave of the study"),
    "role": pa.Column(str, description="role in the study; empty: unknown"),
    "area": pa.Column(str, description="code of the area; empty: unknown"),
}

CONTRACTS = {
    "hash_identifiers.pseudonyms": pa.DataFrameSchema(
        {
            "_id": pa.Column(str, description="row id: source and row"),
            "kind": pa.Column(str, pa.Check.isin(["person", "email", "name", "name_part"]), description="what it was"),
            "hash": pa.Column(str, pa.Check.str_matches(r"^[0-9a-f]{16}$"), description="keyed hash of its value"),
        },
        unique=["_id", "kind", "hash"],
        strict=True,
        description="Keyed hashes instead of identifiers, a row a value of a response.",
    ),
    "place_respondents.placed": pa.DataFrameSchema(
        {
            **WHO,
            "_file": pa.Column(str, description="delivered file"),
            "_row": pa.Column("Int64", description="line, sheet row or case"),
            "organisation": pa.Column(str, description="key in the register; empty: none, or not known for certain"),
            "organisation_kind": pa.Column(str, description="kind of organisation; empty: none"),
            "placed_by": pa.Column(
                str, pa.Check.isin(["key", "predecessor", "name", "area", "none"]),
                description="what placed it: the organisation's key, one it had before, its name, the stated area",
            ),
        },
        strict=True,
        description="Where each response belongs, a row a response.",
    ),
    "place_respondents.changes": changes_contract("link"),
    "place_respondents.rejects": rejects_contract("link (placing)", WHO),
    "place_respondents.review": pa.DataFrameSchema(
        {
            "_id": pa.Column(str, description="row id"),
            "_file": pa.Column(str, description="delivered file"),
            "_row": pa.Column("Int64", description="line, sheet row or case"),
            "column": pa.Column(str, description="delivered column"),
            "value": pa.Column(str, description="as delivered"),
            "candidate": pa.Column(str, description="organisation or area it may mean"),
            "score": pa.Column(float, pa.Check.in_range(0, 1), description="likeness"),
        },
        strict=True,
        description="Places that a person should decide, a row a candidate; until then they count as unknown.",
    ),
    "place_respondents.faults": faults_contract("link (placing)"),
    "link_respondents.respondents": pa.DataFrameSchema(
        {
            "_id": ID,
            "respondent": pa.Column(str, pa.Check.str_matches(r"^r[0-9a-f]{10}$"), description="pseudonym"),
            "link_pass": pa.Column(
                str, pa.Check.isin(["", "person", "email", "name_organisation"]),
                description="key that first linked it to another wave; empty: none did",
            ),
            "matched": pa.Column(bool, description="whether the person is seen at two waves or more"),
        },
        strict=True,
        description="Whose response it is, a row a response that is used: one a person, questionnaire and wave.",
    ),
    "link_respondents.rejects": rejects_contract("link (persons)", WHO),
    "link_respondents.match_rates": pa.DataFrameSchema(
        {
            "wave": pa.Column(str, description="wave of the study"),
            "role": pa.Column(str, description="role; empty: unknown"),
            "area": pa.Column(str, description="area; empty: unknown"),
            "n": pa.Column("Int64", pa.Check.ge(1), description="responses"),
            "n_matched": pa.Column("Int64", pa.Check.ge(0), description="of persons seen at another wave too"),
        },
        unique=["wave", "role", "area"],
        strict=True,
        description="How many responses could be followed, a row a wave, role and area.",
    ),
    "link_respondents.moved": pa.DataFrameSchema(
        {
            "respondent": pa.Column(str, description="pseudonym"),
            "what": pa.Column(str, pa.Check.isin(["organisation", "area", "role"]), description="what changed"),
            "from": pa.Column(str, description="at the earlier wave"),
            "to": pa.Column(str, description="at the next wave of the person"),
        },
        strict=True,
        description="Persons whose organisation, area or role changed between waves, a row a change.",
    ),
    "link_respondents.faults": faults_contract("link (persons)"),
    "pair_dyads.dyads": pa.DataFrameSchema(
        {
            "left": pa.Column(str, description="organisation on the left of the link"),
            "right": pa.Column(str, description="organisation on the right"),
            "wave": pa.Column(str, description="wave of the study"),
            "left_id": pa.Column(str, description="row ids of the left side's responses, joined by spaces"),
            "right_id": pa.Column(str, description="row ids of the right side's responses, joined by spaces"),
            "sided": pa.Column(str, pa.Check.isin(["both", "left", "right"]), description="which sides answered"),
        },
        unique=["left", "right", "wave"],
        strict=True,
        description="Linked organisations of which a side answered, a row a link and wave.",
    ),
}  # fmt: skip
