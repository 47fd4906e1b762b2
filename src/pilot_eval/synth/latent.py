"""Latent values of every trait, post and wave: area, organisation, respondent and occasion, each with its variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pilot_eval.synth.design import Design
from pilot_eval.synth.streams import stream
from pilot_eval.synth.truth import Plan

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Latent:
    """Latent values of one draw.

    Attributes
    ----------
    value : array (posts, 2, traits)
        NaN where the role has no such trait.
    area_change : array (areas, traits)
        Deviation of each area's latent change from its mean.
    replaced : array over posts
        Whether another person holds the post at the last wave.
    """

    value: Floats
    area_change: Floats
    replaced: Bools


def draw_latent(plan: Plan, design: Design, seed: int) -> Latent:
    """Draw all latent values of a study from a seed."""
    truth, traits = plan.truth, list(plan.truth.traits.values())
    rng = stream(seed, "latent")
    areas, posts, width = len(plan.study.areas), len(design.role), len(traits)
    sd = {
        name: np.array([getattr(trait.sd, name) for trait in traits])
        for name in ("start", "change", "correlation", "organisation", "respondent", "occasion")
    }
    start, change = _means(plan, "start"), _means(plan, "change")
    area_start = _normal(rng, (areas, width), truth.shared.area)
    other = _normal(rng, (areas, width), truth.shared.area)
    area_change = sd["change"] * (sd["correlation"] * area_start + np.sqrt(1 - np.square(sd["correlation"])) * other)
    organisation = _related(plan, design, _normal(rng, (len(design.key), width), truth.shared.organisation))
    person = sd["respondent"] * _normal(rng, (2, posts, width), truth.shared.respondent)
    occasion = sd["occasion"] * _normal(rng, (2, posts, width), truth.shared.occasion)
    chance = np.array([truth.people[role].replaced for role in plan.roles])
    replaced = rng.random(posts) < chance[design.role]
    shift = _shifts(plan, design)
    rounded = np.array([trait.form == "rounded" for trait in traits])

    base = start[design.role] + (sd["start"] * area_start)[design.home] + rounded * shift[0][:, None]
    inside = (sd["organisation"] * organisation)[design.place]
    base = base + np.where(design.place[:, None] >= 0, inside, 0.0)
    step = change[design.role] + area_change[design.home] + rounded * shift[1][:, None]
    value = np.empty((posts, 2, width))
    value[:, 0] = base + person[0] + occasion[0]
    value[:, 1] = base + step + np.where(replaced[:, None], person[1], person[0]) + occasion[1]
    return Latent(value, area_change, replaced)


def _means(plan: Plan, name: str) -> Floats:
    """Array (roles, traits): NaN where the role has no such trait; no change where none is given."""
    empty = 0.0 if name == "change" else np.nan
    return np.array(
        [[getattr(trait, name).get(role, empty) for trait in plan.truth.traits.values()] for role in plan.roles]
    )


def _normal(rng: np.random.Generator, shape: tuple[int, ...], shared: float) -> Floats:
    """Standard normal values whose last axis shares part of the variance."""
    common = rng.standard_normal((*shape[:-1], 1))
    return np.asarray(np.sqrt(shared) * common + np.sqrt(1 - shared) * rng.standard_normal(shape))


def _related(plan: Plan, design: Design, values: Floats) -> Floats:
    """Let the left side of a link share part of its variance with the right side."""
    share = plan.truth.pairs.share
    left, right = design.links.T
    values[left] = np.sqrt(share) * values[right] + np.sqrt(1 - share) * values[left]
    return values


def _shifts(plan: Plan, design: Design) -> tuple[Floats, Floats]:
    """What attributes of the organisation add to the start and to the change, over posts."""
    start, change = np.zeros(len(design.role)), np.zeros(len(design.role))
    for name, values in plan.truth.attributes.items():
        held = np.where(design.place >= 0, design.attributes[name][design.place], "")
        for value, shift in values.items():
            start[held == value] += shift.start
            change[held == value] += shift.change
    return start, change
