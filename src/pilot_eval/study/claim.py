"""The typed form of ``config/claims.csv``: numbers published elsewhere that a run should meet."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from pilot_eval.study.model import Part, Slug, Text

LedgerId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+(\.[a-z0-9_-]+){2,}$")]
# Few enough digits that the arithmetic on them is exact.
Number = Annotated[Decimal, Field(max_digits=15, decimal_places=9)]
SIGNS = (-1, 0, 1)


class Claim(Part):
    """One number published elsewhere: a line of ``config/claims.csv``."""

    id: Slug
    page: str = Field(default="", description="page of the publication, or another place in it")
    quantity: Text = Field(description="what was counted or measured, in words")
    value: Number = Field(description="as published, in the unit of the ledger")
    rounding: Annotated[Number, Field(gt=0)] = Field(description="what the value is a multiple of, such as 1 or 0.01")
    kind: Literal["design", "result", "sign"] = Field(
        description="design: true by the pilot's design; result: found by it; sign: -1, 0 or 1, the sign of a result"
    )
    note: str = ""
    ledger: tuple[LedgerId, ...] = Field(
        default=(), description="ids in the ledger, with spaces between, whose sum is the number; empty: there is none"
    )

    @field_validator("ledger", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    @field_validator("rounding")
    @classmethod
    def _divides_the_value(cls, rounding: Decimal, others: ValidationInfo) -> Decimal:
        """A value with more digits than its rounding could never be met."""
        if others.data.get("value", Decimal(0)) % rounding:
            raise ValueError("a number of which the value is a multiple")
        return rounding

    @field_validator("kind")
    @classmethod
    def _signs(cls, kind: str, others: ValidationInfo) -> str:
        if kind == "sign" and others.data.get("value", 0) not in SIGNS:
            raise ValueError("design or result, unless the value is -1, 0 or 1")
        return kind
