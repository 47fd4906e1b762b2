"""Who answers, and which items are left out: depends on the area and on what was observed before, on nothing hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pilot_eval.synth.answers import Answers, item_called
from pilot_eval.synth.design import Design
from pilot_eval.synth.latent import Bools, Floats, Latent
from pilot_eval.synth.streams import stream
from pilot_eval.synth.truth import Plan

if TYPE_CHECKING:
    from pilot_eval.study.plan import Outcome

#: Marks beside the declared codes of missing kinds: an answer was given; nothing at all was marked.
GIVEN, BLANK = -1000, -1001
Kinds = dict[str, npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Responses:
    """Who answered what.

    Attributes
    ----------
    answered : array (posts, 2)
        Whether the holder of a post answered at a wave.
    missing : dict
        Item: array (posts, 2) with the declared code of the kind of missing answer, or ``GIVEN``, or ``BLANK``.
    """

    answered: Bools
    missing: Kinds


def respond(plan: Plan, design: Design, latent: Latent, answers: Answers, seed: int) -> Responses:
    """Draw item non-response, then response at both waves."""
    truth, rng = plan.truth.response, stream(seed, "response")
    missing = _leave_out(plan, answers, rng)
    by_role = {
        name: np.array([getattr(truth, name)[role] for role in plan.roles])[design.role]
        for name in ("baseline", "stay", "late", "fresh")
    }
    area = truth.area_sd * rng.standard_normal((2, len(plan.study.areas)))[:, design.home]
    drawn = rng.random((2, len(design.role)))
    first = drawn[0] < _expit(_logit(by_role["baseline"]) + area[0])
    seen = score(plan, plan.study.outcomes[truth.outcome], answers, missing)[:, 0]
    seen = np.where(np.isnan(seen), truth.centre, seen)
    logit = np.where(first, _logit(by_role["stay"]) + truth.slope * (seen - truth.centre), _logit(by_role["late"]))
    logit = np.where(latent.replaced, _logit(by_role["fresh"]), logit)
    return Responses(np.column_stack([first, drawn[1] < _expit(logit + area[1])]), missing)


def score(plan: Plan, outcome: Outcome, answers: Answers, missing: Kinds | None = None) -> Floats:
    """An outcome as analysed: an item's code, or the mean of a scale's items where enough were answered.

    Returns
    -------
    array (posts, 2)
        NaN where it was not asked or not answered.
    """
    if outcome.item:
        return _shown(answers, missing, outcome.item)
    scale = plan.study.scales[str(outcome.scale)]
    total, given = np.zeros((2, 1, 1))
    for name in scale.items:
        item = name.removeprefix("-")
        codes = _shown(answers, missing, item)
        codes = scale.low + scale.high - codes if name.startswith("-") else codes
        known = ~np.isnan(codes)
        total, given = total + np.where(known, codes, 0.0), given + known
    return np.asarray(np.where(given >= scale.minimum, total / np.maximum(given, 1), np.nan))


def _shown(answers: Answers, missing: Kinds | None, item: str) -> Floats:
    if missing is None or item not in missing:
        return answers[item]
    return np.where(missing[item] != GIVEN, np.nan, answers[item])


def _leave_out(plan: Plan, answers: Answers, rng: np.random.Generator) -> Kinds:
    """Kind of missing for each item that can be left out: those with declared kinds."""
    found: Kinds = {}
    for name, values in answers.items():
        declared = {kind: code for code, kind in item_called(plan, name).missing.items()}
        if not declared:
            continue
        marks = np.full(values.shape, GIVEN)
        drawn, least = rng.random(values.shape), 0.0
        for kind, chance in plan.truth.no_answer.model_dump().items():
            if kind == "blank" or kind in declared:
                inside = (drawn >= least) & (drawn < least + chance) & ~np.isnan(values)
                marks[inside] = BLANK if kind == "blank" else declared[kind]
                least += chance
        found[name] = marks
    return found


def _logit(share: Floats) -> Floats:
    return np.log(share / (1 - share))


def _expit(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-value)))
