"""The typed form of ``config/study.yaml``: everything about a study but its data and its plan."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticKnownError

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


def _legible(text: str) -> str:
    """A text of which something can be seen: marks of direction and of no width alone are none."""
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return text


def one_line(text: str) -> str:
    """A text that stands in one line of a table, whatever lines the file breaks it into."""
    return " ".join(text.split())


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_legible)]
Label = Annotated[Text, AfterValidator(one_line)]


class Part(BaseModel):
    """Base of every part of the configuration: unknown keys are faults, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Wave(Part):
    """One round of the surveys."""

    id: Slug
    label: Label
    start: dt.date = Field(
        default=dt.date.min,
        description="first day on which an answer of this wave can have been given; none: not known",
    )
    end: dt.date = Field(default=dt.date.max, description="last day; none: not known")
    months: float = Field(description="months since the first wave; 0 for the first")


class Role(Part):
    """What a respondent is in the pilot."""

    id: Slug
    label: Label
    share: float = Field(
        default=1.0, gt=0, description="weight of this role in the overall change; shares are scaled to add up to 1"
    )
    invited: int | None = Field(default=None, ge=1, description="persons invited at each wave, if known")


class Instrument(Part):
    """One questionnaire; its codebook is ``config/codebook/ID.csv``."""

    id: Slug
    label: Label
    role: Slug | None = Field(default=None, description="role of everybody who answers it; none: the codebook has it")
    organisation: Slug | None = Field(
        default=None, description="kind of organisation its respondents answer for; none: they answer for the area"
    )
    waves: tuple[Slug, ...] = Field(default=(), description="waves at which it is answered; none named: all")
    required: bool = Field(default=False, description="true: without a file for each of its waves nothing runs")


class Area(Part):
    """One place whose change the study wants to know."""

    code: Code
    name: Label
    aliases: tuple[str, ...] = Field(default=(), description="other spellings accepted in deliveries")


class OrganisationRegister(Part):
    """Authority table of one kind of organisation, a delivered file of kind ``register``."""

    kind: Slug
    source: Slug
    key: Text = Field(description="column with the organisation's key")
    pattern: str = Field(default=r"\S+", description="regular expression that a whole key must match")
    name: Text = Field(description="column with its name")
    area: Text = Field(description="column with its (home) area: code, name or alias")
    elsewhere: Literal["stop", "leave_out"] = Field(
        default="stop", description="leave_out: a register of the whole country; what lies in no area is not read"
    )
    attributes: tuple[Slug, ...] = Field(default=(), description="further columns, carried to the analysis table")

    @field_validator("pattern")
    @classmethod
    def _regular(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"a regular expression ({error})") from None
        return value


class GroupRegister(Part):
    """Authority table of commissioning groups: each belongs to one area."""

    source: Slug
    key: Text
    name: Text
    area: Text


class LinkRegister(Part):
    """Which organisation of one kind works with which of another: the dyads."""

    source: Slug
    left: Slug = Field(description="kind of organisation in the first column")
    left_key: Text
    right: Slug
    right_key: Text


class PredecessorRegister(Part):
    """Organisations that changed their key between waves.

    An official list of links tells each change from both sides, beside links of other kinds: then a column says which
    rows name a successor of the first key, and which a predecessor; all others are not read, nor are changes among
    organisations that no register of the study has.
    """

    source: Slug
    old: Text
    new: Text
    link: str = Field(default="", description="column that says what the second key is to the first")
    successor: tuple[Text, ...] = Field(default=(), description="words in it for a successor")
    predecessor: tuple[Text, ...] = Field(default=(), description="words in it for a predecessor")
    merge: Literal["", "pool", "exclude"] = Field(
        default="",
        description="organisations that became one; pool: one organisation at every wave; exclude: "
        "another at each wave to the models, so that no change of its own is estimated; empty: pool, and warn",
    )


class Registers(Part):
    """The study's authority tables; a study may have none."""

    organisations: tuple[OrganisationRegister, ...] = ()
    groups: GroupRegister | None = None
    links: LinkRegister | None = None
    predecessors: PredecessorRegister | None = None


class Evidence(Part):
    """A table of ratings that is not a survey: one row per area, item and (perhaps) occasion."""

    id: Slug
    label: Label
    source: Slug
    area: Text = "area"
    item: Text = Field(description="column with the item rated, such as a domain")
    value: Text = Field(description="column with the rating, a whole number")
    occasion: str | None = Field(default=None, description="column with the occasion, such as a workshop")
    coder: str | None = Field(
        default=None,
        description="column with who rated, where some cases were rated twice; of a case the rating of that coder "
        "counts who comes first in the file",
    )
    items: dict[str, Label] = Field(description="item code: its name")
    occasions: dict[str, Label] = Field(default={}, description="occasion code: its name, in time order")
    levels: dict[int, Label] = Field(description="rating: its name, in ascending order")
    note: str = ""


class Attendance(Part):
    """Counts of people at events: one row per area, occasion and group of people."""

    source: Slug
    area: Text = "area"
    occasion: Text
    group: Text
    count: Text


class Secret(Part):
    """Where the key of the pseudonyms comes from: the environment first, then a file git ignores."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")] = "PILOT_EVAL_KEY"
    file: Text = "config/secret.key"
    key_id: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{8})?$")] = Field(
        default="", description="id of the key with which the study was begun: another key stops the run"
    )


class Disclosure(Part):
    """Least numbers behind anything published."""

    min_respondents: int = Field(default=10, ge=1)
    min_organisations: int = Field(default=3, ge=1)
    round_counts_to: int = Field(default=5, ge=1)
    because: Text


class Weights(Part):
    """Weight of each field in the likeness of two persons."""

    last: float = Field(default=3, gt=0)
    email: float = Field(default=3, ge=0)
    first: float = Field(default=2, gt=0)
    organisation: float = Field(default=2, ge=0)
    birth_year: float = Field(default=2, ge=0)


class TypedNames(Part):
    """How organisations of one kind are found by a name that respondents typed freely."""

    kind: Slug
    accept: Literal["alike", "exact"] = Field(
        default="alike", description="alike: a name that is like one alone; exact: the register's name or an alias only"
    )
    aliases: dict[str, Text] = Field(default={}, description="another name: key of the organisation")


Share = Annotated[float, Field(ge=0, le=1)]


class Linkage(Part):
    """How respondents are followed from wave to wave and which of a person's answers is used."""

    keys: tuple[
        Literal[
            "person", "email", "name_organisation", "last_organisation_year", "first_organisation_year", "name_year"
        ], ...
    ] = Field(
        default=(
            "person", "email", "name_organisation", "last_organisation_year", "first_organisation_year", "name_year"
        ),
        description="passes, strictest first",
    )  # fmt: skip
    duplicates: Literal["most_complete", "latest_complete", "latest", "first"] = "most_complete"
    scorer: Literal["likeness", "splink"] = Field(
        default="likeness", description="what scores the pairs that no key links; splink needs the extra of that name"
    )
    weights: Weights = Weights()
    accept: Share = Field(default=0.92, description="least likeness of a link")
    review: Share = Field(default=0.80, description="least likeness of a pair that a person should decide")
    gap: Share = Field(default=0.05, description="how far the second likeliest must be behind")
    tight: Share = Field(default=0.95, description="accept in the stricter variant of the links")
    loose: Share = Field(default=0.85, description="accept in the looser variant of the links")
    sample: int = Field(default=300, ge=0, description="accepted links drawn for a person to check")
    organisations: tuple[TypedNames, ...] = Field(
        default=(), description="names that respondents type; kinds not listed: alike"
    )

    @model_validator(mode="after")
    def _ascending(self) -> Linkage:
        """Thresholds rise from review over loose and accept to tight."""
        if not self.review <= self.loose <= self.accept <= self.tight:
            raise ValueError("thresholds that rise: review, loose, accept, tight")
        return self


class People(Part):
    """Human fields of the quality assurance: a publication is final only when all are filled."""

    analyst: str = ""
    assurer: str = ""
    approver: str = ""


class Words(Part):
    """What this study calls its units, as printed in titles and text."""

    area: Label = "area"
    areas: Label = "areas"
    organisation: Label = "organisation"
    organisations: Label = "organisations"
    respondent: Label = "respondent"
    respondents: Label = "respondents"


class StudyConfig(Part):
    """``config/study.yaml``."""

    title: Label
    short_title: Label
    geography: Label
    period: Label
    organisation: Label = Field(description="who publishes; author of the workbook")
    synthetic: bool = Field(description="true: everything made from it says so")
    release: Label = Field(default="0.1", description="number of the release, printed in the report")
    citation: str = ""
    words: Words = Words()
    seed: int = Field(description="seed of every random number of the study")
    waves: tuple[Wave, ...] = Field(min_length=2)
    roles: tuple[Role, ...] = Field(min_length=1)
    instruments: tuple[Instrument, ...] = Field(min_length=1)
    areas: tuple[Area, ...] = Field(min_length=1)
    areas_public_as: Literal["letter", "name"] = "letter"
    registers: Registers = Registers()
    evidence: tuple[Evidence, ...] = ()
    attendance: Attendance | None = None
    label_sets: dict[Slug, dict[int, Label]] = Field(default={}, description="named answer scales: code: label")
    secret: Secret = Secret()
    disclosure: Disclosure
    linkage: Linkage = Linkage()
    exclude: tuple[Literal["speeders", "straight_liners", "test_names"], ...] = Field(
        default=(), description="flagged responses that are rejected instead of kept"
    )
    people: People = People()
    background: tuple[Text, ...] = Field(default=(), description="paragraphs that open the report")
    limits: tuple[Text, ...] = Field(default=(), description="what this study cannot show, said in the report")
    assumptions: dict[str, Text] = Field(default={}, description="assumption: because")

    @field_validator("areas", mode="before", json_schema_input_type=list[Area | str])
    @classmethod
    def _plain_names(cls, value: object) -> object:
        """Accept plain names: ``- Camden`` is ``{code: camden, name: Camden}``."""
        if not isinstance(value, list):
            return value
        return [{"code": area_code(entry), "name": entry} if isinstance(entry, str) else entry for entry in value]


def area_code(name: str) -> str:
    """File-safe code of an area's name: ``"East & West (North)"`` gives ``"east-west-north"``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
