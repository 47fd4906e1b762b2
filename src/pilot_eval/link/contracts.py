"""Contracts of the tables that link hands on."""

import pandera.pandas as pa

from pilot_eval.link.likeness import FIELDS
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

#: What can link two responses, strictest first.
PASSES = (
    "decision",
    "person",
    "email",
    "name_organisation",
    "last_organisation_year",
    "first_organisation_year",
    "name_year",
    "likeness",
)


def _likeness(told: str) -> pa.Column:
    """A number from 0 to 1 that may be missing."""
    return pa.Column(float, pa.Check.in_range(0, 1), nullable=True, description=told)


PAIR = {
    "case": pa.Column(str, pa.Check.str_matches(r"^k[0-9a-f]{10}$"), description="name of the pair"),
    "one": pa.Column(str, description="pseudonym of the earlier response"),
    "other": pa.Column(str, description="pseudonym of the later response"),
    "one_id": pa.Column(str, description="row id of the earlier response"),
    "other_id": pa.Column(str, description="row id of the later response"),
    "score": _likeness("likeness as persons; missing: of two areas, or too little is known"),
    "pattern": pa.Column(str, description="how the fields agree: same, typo, other, missing"),
}

CONTRACTS = {
    "hash_identifiers.pseudonyms": pa.DataFrameSchema(
        {
            "_id": pa.Column(str, description="row id: source and row"),
            "kind": pa.Column(
                str, pa.Check.isin(["person", "email", "name", "name_part", "first", "last", "birth_year"]),
                description="what it was",
            ),
            "hash": pa.Column(str, pa.Check.str_matches(r"^[0-9a-f]{16}$"), description="keyed hash of its value"),
            "key_id": pa.Column(str, pa.Check.str_matches(r"^[0-9a-f]{8}$"), description="id of the key"),
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
                str, pa.Check.isin(["key", "predecessor", "name", "typed_name", "area", "none"]),
                description="what placed it: the organisation's key, one it had before, its name, a name like it, the "
                "stated area",
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
                str, pa.Check.isin(["", *PASSES]),
                description="what first linked it to another wave; empty: nothing did",
            ),
            "matched": pa.Column(bool, description="whether the person is seen at two waves or more"),
        },
        strict=True,
        description="Whose response it is, a row a response that is used: one a person, questionnaire and wave.",
    ),
    "score_pairs.pairs": pa.DataFrameSchema(
        {
            "_id": pa.Column(str, description="row id of the earlier response"),
            "other": pa.Column(str, description="row id of the later response, or of another one of the same wave"),
            "instrument": pa.Column(str, description="questionnaire"),
            "wave": pa.Column(str, description="wave of the earlier response"),
            "other_wave": pa.Column(str, description="wave of the other"),
            **{name: _likeness(f"likeness of {name.replace('_', ' ')}; missing: not known of both") for name in FIELDS},
            "score": _likeness("weighted mean of them; missing: too little is known"),
            "score_without_keys": _likeness("the same without what identifies alone, for the audit"),
            "role": _likeness("1 the same role, 0 another"),
        },
        unique=["_id", "other"],
        strict=True,
        description="Responses of one questionnaire and area that are alike as persons, a row a pair; no names.",
    ),
    "score_pairs.decoys": pa.DataFrameSchema(
        {
            "kind": pa.Column(str, pa.Check.isin(["other_area", "made_up"]), description="who cannot be the same"),
            "instrument": pa.Column(str, description="questionnaire"),
            "wave": pa.Column(str, description="wave of the respondents"),
            "other_wave": pa.Column(str, description="wave of the decoys"),
            "n_tried": pa.Column("Int64", pa.Check.ge(0), description="decoys"),
            "n_accepted": pa.Column("Int64", pa.Check.ge(0), description="decoys that were linked: false links"),
        },
        strict=True,
        description="Persons who cannot be the same, linked by the rules of the study, a row a kind and pair of waves.",
    ),
    "link_respondents.links": pa.DataFrameSchema(
        {
            **PAIR,
            "link_pass": pa.Column(str, pa.Check.isin(PASSES), description="what made the link"),
            "automatic": pa.Column(bool, description="whether it is made without decisions"),
            "used": pa.Column(bool, description="whether it is made in this run; a decision can prevent it"),
        },
        unique=["one_id", "other_id"],
        strict=True,
        description="Links between responses of one person, a row a pair that was joined.",
    ),
    "link_respondents.review": pa.DataFrameSchema(
        {
            **PAIR,
            "one_file": pa.Column(str, description="delivered file of the earlier response"),
            "one_row": pa.Column("Int64", description="its line, sheet row or case"),
            "other_file": pa.Column(str, description="delivered file of the later response"),
            "other_row": pa.Column("Int64", description="its line, sheet row or case"),
        },
        unique=["one_id", "other_id"],
        strict=True,
        description="Pairs that a person should decide, likeliest first; until then they count as not linked.",
    ),
    "link_respondents.variants": pa.DataFrameSchema(
        {
            "variant": pa.Column(str, pa.Check.isin(["tight", "default", "loose"]), description="threshold of links"),
            "_id": pa.Column(str, description="row id"),
            "respondent": pa.Column(str, pa.Check.str_matches(r"^r[0-9a-f]{10}$"), description="pseudonym"),
        },
        unique=["variant", "_id"],
        strict=True,
        description="Whose response it is with stricter and looser links, a row a variant and response.",
    ),
    "link_respondents.flow": pa.DataFrameSchema(
        {
            "wave": pa.Column(str, description="wave of the study"),
            "role": pa.Column(str, description="role; empty: unknown"),
            "area": pa.Column(str, description="area; empty: unknown"),
            "link_pass": pa.Column(str, pa.Check.isin(["", *PASSES]), description="what linked them; empty: nothing"),
            "n": pa.Column("Int64", pa.Check.ge(1), description="responses"),
        },
        unique=["wave", "role", "area", "link_pass"],
        strict=True,
        description="Responses by what linked them to another wave, a row a wave, role, area and pass.",
    ),
    "audit_links.audit": pa.DataFrameSchema(
        {
            "method": pa.Column(
                str, pa.Check.isin(["hidden_key", "sample", "reviewers", "decoys", "impossible"]),
                description="way of estimating",
            ),
            "measure": pa.Column(
                str, pa.Check.isin(["recall", "precision", "false_share", "agreement", "kappa"]),
                description="what is estimated",
            ),
            "by": pa.Column(str, description="what the level is of: role, area, stratum, kind, what; empty: all"),
            "level": pa.Column(str, description="level; empty: all, or unknown"),
            "n": pa.Column("Int64", pa.Check.ge(1), description="pairs or persons tried"),
            "n_events": pa.Column("Int64", pa.Check.ge(0), description="of them found, right, linked or contradicting"),
            "share": pa.Column(float, pa.Check.in_range(-1, 1), description="estimate; below 0: a kappa"),
            "low": pa.Column(float, pa.Check.in_range(-1, 1), description="lower 95 % bound"),
            "high": pa.Column(float, pa.Check.in_range(0, 1), description="upper 95 % bound"),
        },
        unique=["method", "measure", "by", "level"],
        strict=True,
        description="Errors of linking, a row an estimate; never from the scores of the linking itself.",
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
    "pair_dyads.faults": faults_contract("link (dyads)"),
}  # fmt: skip
