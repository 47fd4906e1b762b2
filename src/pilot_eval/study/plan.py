"""The typed form of ``config/scales.yaml`` and ``config/models.yaml``: composites and the analysis plan."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pilot_eval.study.model import Label, Part, Slug, Text
from pilot_eval.study.question import Question


class Scale(Part):
    """A composite: the mean of its items when enough of them were answered."""

    label: Label
    items: tuple[str, ...] = Field(min_length=1, description="codebook items; a leading '-' scores an item in reverse")
    minimum: int = Field(ge=1, description="least number of items answered for a score")
    low: float = Field(description="least possible score")
    high: float = Field(description="greatest possible score")
    higher: Label = Field(default="better", description="what a higher score means")


class ScalesConfig(Part):
    """``config/scales.yaml``."""

    scales: dict[Slug, Scale] = Field(min_length=1)


class Outcome(Part):
    """One thing whose change is estimated: a scale, or a single item of the codebooks."""

    label: Label
    scale: Slug | None = Field(default=None, description="the scale; give either this or item")
    item: Slug | None = Field(default=None, description="the item; give either this or scale")
    unit: Label = Field(description="unit of the outcome, such as 'points on a 1 to 5 scale'")
    roles: tuple[Slug, ...] = Field(default=(), description="roles asked; none: all that have answers")
    higher_is_better: bool = True
    headline: bool = False
    smallest_change: float | None = Field(default=None, description="smallest change that matters, in units")
    digits: int = Field(default=2, ge=0, le=6)
    because: Text


class Model(Part):
    """A mixed-effects specification, fitted to each outcome that it names."""

    label: Label
    formula: Text = Field(description="lme4 notation with {outcome}; wave, role, area, organisation, respondent")
    outcomes: tuple[Slug, ...] = Field(default=(), description="outcomes; none: all")
    reml: bool = True
    because: Text


class Agreement(Part):
    """A pooled share of respondents who agree with a statement."""

    label: Label
    item: Slug
    wave: Slug
    agree: tuple[int, ...] = Field(min_length=1)
    because: Text


class Replication(Part):
    """A table of paired comparisons laid out as an earlier publication had it."""

    label: Label
    outcomes: tuple[Slug, ...] = Field(min_length=1)
    role: Slug | None = None
    because: Text


class Perception(Part):
    """Both sides of a dyad rate the same relationship."""

    label: Label
    outcome: Slug
    because: Text


class Challenges(Part):
    """Which outcomes are fitted again, and how."""

    matched: tuple[Slug, ...] = Field(default=(), description="outcomes refitted on matched respondents; none: all")
    leave_areas_out: tuple[Slug, ...] = ()


class ModelsConfig(Part):
    """``config/models.yaml``: the analysis plan. The first model that names an outcome is its primary model."""

    outcomes: dict[Slug, Outcome] = Field(min_length=1)
    models: dict[Slug, Model] = Field(min_length=1)
    agreements: dict[Slug, Agreement] = {}
    replications: dict[Slug, Replication] = {}
    perceptions: dict[Slug, Perception] = {}
    questions: dict[Slug, Question] = {}
    challenges: Challenges = Challenges()
    multiplicity: Literal["holm", "fdr_bh", "none"] = "holm"
    replicates: int = Field(
        default=1000, ge=50, description="bootstrap replicates behind the intervals of areas and of their spread"
    )
