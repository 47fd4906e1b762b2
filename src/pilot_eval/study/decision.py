"""The typed form of ``config/link_decisions.csv``: what a person decided of pairs that may be one respondent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pilot_eval.study.model import Part

Pseudonym = Annotated[str, StringConstraints(pattern=r"^p[0-9a-f]{10}$")]


class Decision(Part):
    """One pair: a line of ``config/link_decisions.csv``, that is of the review list with its ``decision`` filled in."""

    case: Annotated[str, StringConstraints(pattern=r"^k[0-9a-f]{10}$")]
    one: Pseudonym = Field(description="pseudonym of the earlier response")
    other: Pseudonym = Field(description="pseudonym of the later response")
    key_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")] = Field(
        description="id of the key of the pseudonyms"
    )
    decision: Literal["", "same", "different", "unsure"] = Field(
        default="",
        description="same person or not; unsure: stays unlinked and is asked no more; empty: not decided yet",
    )
    second: Literal["", "same", "different", "unsure"] = Field(
        default="",
        description="what a second reviewer said without having seen the first; links go by decision alone",
    )
    why: str = Field(default="", description="review or sample, as the list says")
    one_file: str = ""
    one_row: str = ""
    other_file: str = ""
    other_row: str = ""
    score: str = ""
    pattern: str = Field(default="", description="how the fields agree")
    note: str = Field(default="", description="reason of the decision; names nobody")
