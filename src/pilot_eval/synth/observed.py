"""The truth as analysed: what rounded, floored answers of everybody show, by simulation from the same truth file.

Latent change is not what means of five-point answers show. The generator therefore draws the study many times without
drop-out and dirt and takes the mean of every estimand; the spread between the draws gives the Monte-Carlo error.
"""

from __future__ import annotations

import numpy as np

from pilot_eval.synth.answers import give_answers
from pilot_eval.synth.design import Design, make_design
from pilot_eval.synth.latent import Bools, Floats, draw_latent
from pilot_eval.synth.response import score
from pilot_eval.synth.truth import Plan
from pilot_eval.synth.write import csv_bytes

FILE = "config/truth_observed.csv"
COLUMNS = ("estimand", "outcome", "group", "value", "mc_error", "areas", "studies", "note")
AREAS = 22_000
#: Added to the seed: the draws that make the truth are none of the shipped study's own.
FIRST_SEED = 1_000_000_000

Estimates = dict[tuple[str, str, str], float]

NOTES = {
    "change_overall": "mean over roles of last less first wave, weighted by the roles' shares",
    "change_by_role": "mean of last less first wave over all posts of the role",
    "mean_first": "mean at the first wave over roles, weighted by the roles' shares",
    "mean_last": "mean at the last wave over roles, weighted by the roles' shares",
    "sd_change": "standard deviation between areas of the change, from the covariance of two halves of each area",
    "agree": "share of all respondents of all roles who agree, at the wave asked",
}


def observe_truth(plan: Plan, areas: int = AREAS) -> str:
    """Truth of every estimand, as CSV text.

    Parameters
    ----------
    plan : Plan
    areas : int
        Areas simulated in all, at least; the study is drawn as often as that takes.

    Returns
    -------
    str
        Columns ``COLUMNS``. ``mc_error`` is the standard error of ``value``; for ``sd_change`` by the delta method.
    """
    design, studies = make_design(plan), -(-areas // len(plan.study.areas))
    drawn = [_one(plan, design, plan.truth.seed + FIRST_SEED + number) for number in range(studies)]
    rows = []
    for key in drawn[0]:
        values = np.array([estimates[key] for estimates in drawn])
        value, error = values.mean(), values.std(ddof=1) / np.sqrt(studies)
        if key[0] == "sd_change":
            value = np.sqrt(max(value, 0.0))
            error = error / (2 * value) if value > 0 else np.nan
        numbers = [f"{value:.5f}", f"{error:.5f}", str(studies * len(plan.study.areas)), str(studies)]
        rows.append([*key, *numbers, NOTES[key[0]]])
    return csv_bytes(COLUMNS, rows)[0].decode("utf-8")


def _one(plan: Plan, design: Design, seed: int) -> Estimates:
    """Every estimand in one complete draw; the variance between areas in place of its root."""
    latent = draw_latent(plan, design, seed)
    answers = give_answers(plan, design, latent, seed)
    half = _halves(design, seed)
    shares = {role.id: role.share for role in plan.study.config.roles}
    found: Estimates = {}
    for name, outcome in plan.study.outcomes.items():
        scores = score(plan, outcome, answers)
        asked = [role for role in plan.roles if np.isfinite(scores[design.role == plan.roles.index(role)]).any()]
        weights = np.array([shares[role] for role in asked])
        means = np.array([np.nanmean(scores[design.role == plan.roles.index(role)], axis=0) for role in asked])
        first, last = weights @ means / weights.sum()
        found["change_overall", name, ""] = last - first
        found["mean_first", name, ""], found["mean_last", name, ""] = first, last
        for role, mean in zip(asked, means, strict=True):
            found["change_by_role", name, role] = mean[1] - mean[0]
        found["sd_change", name, ""] = _variance_between(design, scores[:, 1] - scores[:, 0], half)
    for name, agreement in plan.study.plan.agreements.items():
        wave = 0 if agreement.wave == plan.study.waves[0] else 1
        codes = answers[agreement.item][:, wave]
        codes = codes[np.isfinite(codes)]
        found["agree", name, ""] = float(np.isin(codes, agreement.agree).mean())
    return found


def _halves(design: Design, seed: int) -> Bools:
    """Split the units of each area at random into two halves: organisations whole, other posts singly."""
    rng = np.random.default_rng(seed)
    single = np.arange(len(design.role)) + len(design.key)
    unit = np.where(design.place >= 0, design.place, single)
    order = rng.permutation(unit.max() + 1)
    half = np.zeros(len(unit), dtype=bool)
    for role in np.unique(design.role):
        for area in np.unique(design.home):
            here = np.flatnonzero((design.role == role) & (design.home == area))
            units = np.unique(unit[here])
            chosen = units[np.argsort(order[units])][: len(units) // 2]
            half[here] = np.isin(unit[here], chosen)
    return half


def _variance_between(design: Design, change: Floats, half: Bools) -> float:
    """Covariance over areas of the mean changes in two halves, roles centred: their sampling errors are independent."""
    known = np.isfinite(change)
    change, role, home, half = change[known], design.role[known], design.home[known], half[known]
    sums = np.bincount(role, weights=change)
    centred = change - (sums / np.maximum(np.bincount(role), 1))[role]
    means = np.array(
        [[centred[(home == area) & (half == side)].mean() for area in np.unique(home)] for side in (False, True)]
    )
    return float(np.cov(means)[0, 1])
