"""The typed form of ``config/sources.csv`` and ``config/codebook/*.csv``: deliveries and their items."""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from pilot_eval.study.condition import conditions
from pilot_eval.study.model import Label, Part, Slug, Text, one_line

IDENTIFYING = frozenset({"person", "email", "name", "birth_year", "phone", "free_text"})
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Source(Part):
    """One delivered file: a line of ``config/sources.csv``."""

    source: Slug
    kind: Literal["survey", "register", "evidence"]
    instrument: str = Field(default="", description="survey: its instrument; otherwise empty")
    wave: str = Field(default="", description="survey: its wave; empty when a column of the file says it")
    path: Text = Field(description="relative to the study's folder")
    format: Literal["sav", "zsav", "por", "csv", "xlsx"]
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", "'", " "] = Field(
        default="", description="mark that sets thousands apart, or space; . makes the decimal mark a comma"
    )
    date_format: str = "%Y-%m-%d"
    timezone: str = "UTC"
    header: Literal["plain", "qualtrics", "surveymonkey", "none"] = "plain"
    header_row: int = Field(default=1, ge=1, description="physical row of the header; rows above it are not read")
    columns: tuple[str, ...] = Field(
        default=(), description='header none: names of the columns, | between; "-": unused'
    )
    extra_fields: int = Field(default=0, ge=0, description="fields of rows after the header's last; not used")
    max_rows: int = Field(default=1_000_000, ge=1, description="a file of more rows is the wrong one")
    may_be_empty: bool = Field(default=False, description="a header without records is a delivery too")
    sheet: str = ""
    sha256: Sha
    bytes: int = Field(ge=0)
    rows: int = Field(ge=0, description="records, header lines not counted")
    supplier: str = ""
    received: dt.date | None = None
    part: str = Field(default="", description="which part this file is, where several files make up one wave")
    supersedes: str = Field(default="", description="source that this delivery replaces; that one is not used")
    because: str = Field(default="", description="why it replaces it")

    @model_validator(mode="before")
    @classmethod
    def _marks(cls, value: object) -> object:
        """A point cannot set thousands apart and begin the decimals: where nobody said more, those begin with a comma.

        ``space`` is a word of its own, as ``tab`` is.
        """
        if isinstance(value, Mapping) and value.get("thousands"):
            said = {"decimal": ","} if value["thousands"] == "." and not value.get("decimal") else {}
            return {**value, **said, "thousands": " " if value["thousands"] == "space" else value["thousands"]}
        return value

    @field_validator("columns", mode="before", json_schema_input_type=str)
    @classmethod
    def _names(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split("|")) if isinstance(value, str) else value

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str) -> str:
        """``tab`` is a word of its own: cells of ``sources.csv`` lose the white space around them."""
        value = "\t" if value == "tab" else value
        if len(value) != 1:
            raise ValueError("one character, or tab")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            codecs.lookup(value)
        except (LookupError, ValueError):
            raise ValueError("an encoding such as utf-8, cp1252 or utf-16") from None
        return value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if value != "UTC":
            import zoneinfo

            try:
                zoneinfo.ZoneInfo(value)
            except (OSError, ValueError, LookupError):
                raise ValueError("a time zone such as Europe/London") from None
        return value


class Item(Part):
    """One question of an instrument: a line of its codebook.

    The CSV columns are the fields below plus, for any wave W, ``name.W`` (the delivered column's name at
    that wave, ``-`` when not asked), ``recode.W`` (``delivered=code|...``) and ``labels.W`` (the delivered labels
    where a wave words them otherwise). ``labels`` and ``missing`` are written ``1=Never|2=Seldom``, or ``@set`` for
    one of ``label_sets`` in ``study.yaml``. An item whose coding changed within a wave has several lines, each with the
    days (``from``, ``until``) on which it holds: the first is the item, the others are its ``later``.
    """

    item: Slug
    label: Label
    type: Literal["likert", "ordinal", "binary", "category", "count", "number", "date", "text"]
    use: Literal[
        "answer", "attribute", "response", "person", "email", "name", "birth_year", "phone", "free_text",
        "organisation", "organisation_name", "area", "role", "wave", "completed", "started", "duration",
        "status", "weight",
    ] = "answer"  # fmt: skip
    labels: dict[int, Label] = {}
    wave_labels: dict[str, dict[int, str]] = {}
    missing: dict[int, str] = Field(default={}, description="delivered code: kind of missing")
    names: dict[str, str | None] = Field(description="wave: delivered column, None when not asked")
    recodes: dict[str, dict[int, int]] = {}
    reversed: tuple[str, ...] = Field(default=(), description="waves whose delivered codes run the other way")
    low: float | None = None
    high: float | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    set: str = Field(default="", description="multiple-response set that this tick box belongs to")
    asked_if: str = Field(default="", description="asked only when this holds of other items: has_lead = 1")
    since: dt.date | None = Field(default=None, description="first day of completion to which the line applies")
    until: dt.date | None = Field(default=None, description="last such day")
    later: tuple[Item, ...] = Field(default=(), description="further lines of the item, for other days")
    unit: Annotated[str, AfterValidator(one_line)] = ""
    note: str = ""

    @field_validator("asked_if")
    @classmethod
    def _comparison(cls, value: str) -> str:
        conditions(value)
        return value

    @property
    def identifying(self) -> bool:
        """Whether the answers may identify a person: they never leave ``ingest`` but to ``link``."""
        return self.use in IDENTIFYING

    def codes(self) -> tuple[int, ...]:
        """Valid codes, ascending; empty for items without labels."""
        return tuple(sorted(self.labels))


def delivered_columns(name: str, set_name: str) -> tuple[str, ...]:
    """Columns that an item's name stands for: an option of a set may be spread over several, ``c1|c2|c3``."""
    return tuple(part.strip() for part in name.split("|")) if set_name else (name,)


def read_pairs(text: str) -> dict[int, str]:
    """``"1=Never|2=Seldom"`` as a mapping.

    Raises
    ------
    ValueError
        When a part has no ``=`` or its left side is no whole number; the message names the part.
    """
    pairs: dict[int, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split("|"))):
        match = re.fullmatch(r"(-?\d+)\s*=\s*(.+)", part)
        if match is None:
            raise ValueError(f'saw "{part}"; expected code=label')
        if int(match[1]) in pairs:
            raise ValueError(f"code {match[1]} stands twice")
        pairs[int(match[1])] = match[2].strip()
    return pairs
