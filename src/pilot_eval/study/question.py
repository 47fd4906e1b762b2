"""Questions of the analysis plan: what is asked, of whom, by which model, and how sure an answer must be.

Each kind of question is answered by one rule. A question whose variables the study lacks stops nothing: its rule says
"not available" and why, and everything else runs.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pilot_eval.study.model import Label, Part, Slug, Text

EXPLORATORY = "exploratory"


class Asked(Part):
    """What every question states."""

    label: Label = Field(description="its name in tables")
    asks: Label = Field(description="the question, as a reader would ask it")
    estimand: Label = Field(description="what is estimated, in words")
    roles: tuple[Slug, ...] = Field(default=(), description="population: roles; none: all that the outcome has")
    matched: bool = Field(default=False, description="population: true for those alone who answered at both ends")
    family: Slug = Field(default=EXPLORATORY, description="tests adjusted together: 'exploratory' by Benjamini and "
                         "Hochberg, any other, which is pre-specified, by Holm")  # fmt: skip
    smallest_change: float | None = Field(default=None, gt=0, description="smallest change that matters, in units")
    because: Text


class ChangeQuestion(Asked):
    """Change of an outcome by its primary model (rule ``fit_change``)."""

    kind: Literal["change"]
    outcome: Slug
    contrast: Literal["overall", "between_roles", "between_areas"] = Field(
        default="overall",
        description="overall: is there a change; between_roles: does it differ between two roles; between_areas: does "
        "it vary between areas",
    )
    between: tuple[Slug, Slug] | None = Field(default=None, description="the two roles of between_roles")


class StartQuestion(Asked):
    """Change against the start, regression to the mean taken out (rule ``relate_start``)."""

    kind: Literal["start"]
    outcome: Slug
    parts: int = Field(default=3, ge=2, le=5, description="groups of areas by their start")
    splits: int = Field(default=50, ge=1, description="random halvings of the areas' organisations")
    replicates: int = Field(default=1000, ge=50, description="bootstrap replicates")


class ModeratorQuestion(Asked):
    """Does change go with a property of areas or organisations (rule ``moderate_change``)?"""

    kind: Literal["moderator"]
    outcome: Slug
    moderator: Text = Field(
        description="column of the analysis table, or EVIDENCE_start, EVIDENCE_gain (means of an area's ratings), "
        "EVIDENCE_coded (is the area among those coded), several_groups (has it more than one)"
    )


class LevelsQuestion(Asked):
    """Does an outcome go with a predictor within and between organisations (rule ``separate_levels``)?"""

    kind: Literal["levels"]
    outcome: Slug
    predictor: Slug = Field(description="scale or item of the analysis table")


class SidesQuestion(Asked):
    """How two sides of one relationship rate it (rule ``fit_sides``)."""

    kind: Literal["sides"]
    perception: Slug
    replicates: int = Field(default=500, ge=50, description="bootstrap replicates")


class NaturalQuestion(Asked):
    """Change on an outcome's natural scale: percentage points, ratios, weeks, odds (rule ``fit_natural``)."""

    kind: Literal["natural"]
    form: Literal["share", "yes_no", "count", "weeks", "ordered"] = Field(
        description="share: part of a count (binomial); yes_no: 0 or 1 (binomial); count: negative binomial; weeks: a "
        "wait, log(weeks + 0.5); ordered: one Likert item (cumulative logit)"
    )
    item: Slug = Field(description="the item; for share the number out of trials")
    trials: Slug | None = Field(default=None, description="share: item with the number out of which")
    exposure: Slug | None = Field(default=None, description="count: item or attribute by which it is divided")
    came: Slug | None = Field(default=None, description="weeks: yes-or-no item, 0 where the wait was not over yet")


class RatingsQuestion(Asked):
    """Ordered ratings of areas at two occasions (rule ``fit_ratings``)."""

    kind: Literal["ratings"]
    evidence: Slug


class FactorsQuestion(Asked):
    """Strength of evidence beside the areas' modelled change (rule ``join_factors``)."""

    kind: Literal["factors"]
    evidence: Slug
    outcome: Slug
    permutations: int = Field(default=10_000, ge=999)


Question = Annotated[
    ChangeQuestion
    | StartQuestion
    | ModeratorQuestion
    | LevelsQuestion
    | SidesQuestion
    | NaturalQuestion
    | RatingsQuestion
    | FactorsQuestion,
    Field(discriminator="kind"),
]
