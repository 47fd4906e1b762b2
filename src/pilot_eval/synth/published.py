"""The shipped study given what is published: the chance part of an item is drawn until what was delivered fits."""

from __future__ import annotations

import numpy as np

from pilot_eval.study.truth import Published
from pilot_eval.synth.answers import Answers, asked, measure
from pilot_eval.synth.design import Design
from pilot_eval.synth.latent import Floats, Latent
from pilot_eval.synth.response import GIVEN, Responses
from pilot_eval.synth.streams import stream
from pilot_eval.synth.truth import Plan

MOST = 2000


def keep_published(
    plan: Plan, design: Design, latent: Latent, answers: Answers, responses: Responses
) -> dict[str, int]:
    """Draw the published items anew, in place, until what was delivered of each keeps its bounds.

    Returns
    -------
    dict
        Trait: number of draws after the first.

    Raises
    ------
    ValueError
        When no draw keeps the bounds: the truth file contradicts itself.
    """
    draws: dict[str, int] = {}
    traits = list(plan.truth.traits)
    for bounds in plan.truth.published:
        trait = plan.truth.traits[bounds.trait]
        ((item, _),) = plan.items_of(bounds.trait)
        for attempt in range(MOST):
            if attempt:
                rng = stream(plan.truth.seed, f"published {bounds.trait} {attempt}")
                measure(plan, bounds.trait, trait, latent.value[:, :, traits.index(bounds.trait)], rng, answers)
                answers[item][~asked(plan, design, item)] = np.nan
            if _kept(bounds, _delivered(answers[item], item, responses), latent):
                draws[bounds.trait] = attempt
                break
        else:
            raise ValueError(f"{bounds.trait}: none of {MOST} draws keeps the published bounds")
    return draws


def _delivered(codes: Floats, item: str, responses: Responses) -> Floats:
    """What was answered of an item: array (posts, 2), NaN for the rest."""
    known = responses.answered & (responses.missing[item] == GIVEN)
    return np.where(known, codes, np.nan)


def _kept(bounds: Published, codes: Floats, latent: Latent) -> bool:
    if bounds.t is not None:
        change = (codes[:, 1] - codes[:, 0])[~latent.replaced]
        change = change[np.isfinite(change)]
        t = change.mean() / (change.std(ddof=1) / np.sqrt(len(change)))
        return bool(bounds.t[0] <= t <= bounds.t[1])
    last = codes[:, 1][np.isfinite(codes[:, 1])]
    low, high = bounds.share or (0.0, 1.0)
    return bool(low <= np.isin(last, bounds.agree).mean() <= high)
