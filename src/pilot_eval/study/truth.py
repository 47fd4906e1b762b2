"""``config/truth.yaml``, typed: what a synthetic study is made of, each number with its reason."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pilot_eval.study.model import Part, Text


class Organisations(Part):
    """How many organisations of a kind there are, where, and what they are called."""

    number: int = Field(ge=1)
    least: int = Field(ge=1, description="in each area")
    because: Text
    key: Text = Field(description="format of a key, such as '{:06d}'")
    keys: tuple[int, int]
    keys_because: Text
    named_by: str = Field(description="attribute that decides which names are used")
    names: dict[str, tuple[str, ...]] = Field(description="forms of a name, with {place} and {saint}")
    attributes: dict[str, dict[str, float]] = Field(description="attribute: value: probability")
    attributes_because: Text
    per: Literal["area"] = "area"
    two_areas: int = 0
    two_areas_because: str = ""


class Groups(Part):
    """Commissioning groups: one an area, and a second in those named."""

    second: tuple[str, ...]
    second_because: Text
    key: Text
    names: tuple[str, str]


class Posts(Part):
    """Where the posts of a role are: over organisations of a kind, groups, or areas."""

    per: str
    replaced: float = Field(ge=0, lt=1, description="probability that another person holds the post at follow-up")


class Response(Part):
    """Who answers; probabilities by role."""

    baseline: dict[str, float]
    stay: dict[str, float]
    late: dict[str, float]
    fresh: dict[str, float]
    area_sd: float
    outcome: str = Field(description="outcome whose observed score at the first wave decides about staying")
    slope: float = Field(description="logits per point of that score")
    centre: float
    because: Text


class NoAnswer(Part):
    """Probabilities of the kinds of missing answers."""

    dont_know: float
    refused: float
    blank: float
    not_applicable: float


class Shared(Part):
    """Share of each variance that is common to all traits."""

    area: float
    organisation: float
    respondent: float
    occasion: float


class Spread(Part):
    """Standard deviations of a trait by level, in latent units."""

    start: float
    change: float
    correlation: float
    organisation: float
    respondent: float
    occasion: float
    item: float


class Trait(Part):
    """One latent thing that one or more items measure."""

    form: Literal["rounded", "yes", "count", "part", "wait"] = "rounded"
    item: str = Field(default="", description="the item; empty: the outcome of the trait's name has them")
    of: str = Field(default="", description="part: the item with the whole")
    came: str = Field(default="", description="wait: the item that says whether it is over")
    open: tuple[float, float] = Field(default=(52.0, 52.0), description="wait: weeks since it began, least and most")
    start: dict[str, float]
    change: dict[str, float]
    sd: Spread
    because: Text


class Shift(Part):
    """What an attribute of the organisation adds."""

    start: float = 0.0
    change: float = 0.0


class Pairs(Part):
    """How far linked organisations share one relationship."""

    share: float = Field(ge=0, le=1)
    because: Text


class Ratings(Part):
    """Ratings of areas: mean of each item at first, gain by the last occasion, dependence on an area's change."""

    start: tuple[float, ...]
    gain: float
    follows: str = Field(description="outcome whose change in an area the ratings go with")
    weight: float
    sd: float
    areas: int
    twice: int = Field(default=0, ge=0, description="of these areas, how many a second coder rated too")
    apart: float = Field(default=0.0, ge=0, description="spread of the second coder about the first, in levels")


class Attendance(Part):
    """People at the events, in all."""

    groups: dict[str, int]
    occasions: tuple[str, ...]
    because: Text


class Published(Part):
    """What is published of one item, as bounds that the shipped study is made to keep."""

    trait: str
    t: tuple[float, float] | None = Field(default=None, description="paired t of those who answered twice")
    share: tuple[float, float] | None = Field(default=None, description="share of codes in agree at the last wave")
    agree: tuple[int, ...] = ()


class Delivery(Part):
    """How a delivery is written: codes unless said otherwise."""

    words: tuple[str, ...] = ()
    text_keys: bool = False
    blank_unticked: bool = False


class Outsider(Part):
    """Somebody of an organisation that is in no register."""

    name: Text
    email: Text
    key: Text
    organisation: Text


class Dirt(Part):
    """One kind of planted fault."""

    kind: Literal[
        "identical_row", "same_response", "person_twice", "mistyped_key", "out_of_range", "undeclared_code",
        "impossible_date", "misspelt_area", "area_alias", "test_response", "outside_pilot", "new_key",
    ]  # fmt: skip
    source: str
    item: str = ""
    value: int | str | None = None
    times: int = Field(ge=1)


class Truth(Part):
    """``config/truth.yaml``."""

    seed: int
    seed_because: Text
    organisations: dict[str, Organisations]
    groups: Groups
    people: dict[str, Posts]
    people_because: Text
    response: Response
    no_answer: NoAnswer
    no_answer_because: Text
    shared: Shared
    shared_because: Text
    attributes: dict[str, dict[str, Shift]]
    attributes_because: Text
    pairs: Pairs
    traits: dict[str, Trait]
    item_spread: float
    item_spread_because: Text
    answers: dict[str, dict[int, float]]
    ticks: dict[str, tuple[float, float]]
    answers_because: Text
    evidence: dict[str, Ratings]
    evidence_because: Text
    attendance: Attendance
    published: tuple[Published, ...] = ()
    published_because: Text
    comments: tuple[str, ...] = Field(min_length=1)
    deliveries: dict[str, Delivery] = {}
    outsider: Outsider
    dirt: tuple[Dirt, ...]
    dirt_because: Text
