"""New draws of the same study, analysis-like and without dirt: what benchmarks of coverage refit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pilot_eval.synth.answers import Answers, give_answers
from pilot_eval.synth.design import Design, make_design
from pilot_eval.synth.latent import Latent, draw_latent
from pilot_eval.synth.response import Responses, respond, score
from pilot_eval.synth.truth import Plan

if TYPE_CHECKING:
    import pandas as pd


def draw_parts(plan: Plan, design: Design, seed: int) -> tuple[Latent, Answers, Responses]:
    """Latent values, complete answers and responses of one draw."""
    latent = draw_latent(plan, design, seed)
    answers = give_answers(plan, design, latent, seed)
    return latent, answers, respond(plan, design, latent, answers, seed)


def draw_study(truth: Plan, seed: int) -> pd.DataFrame:
    """One more study of the same design and truth: other people, other areas' effects, other drop-out, no dirt.

    Parameters
    ----------
    truth : Plan
        From :func:`pilot_eval.synth.truth.read_truth`.
    seed : int

    Returns
    -------
    DataFrame
        One row per respondent and wave who answered: ``wave`` and ``role`` (ids of the study), ``area`` (code),
        ``organisation`` (key, or ``area:CODE`` for those who answer for the area), ``respondent``, and one float column
        per outcome, NaN where it was not asked or not answered. Sorted by respondent and wave.
    """
    import pandas as pd

    plan, design = truth, make_design(truth)
    latent, answers, responses = draw_parts(plan, design, seed)
    post, wave = np.nonzero(responses.answered)
    names = np.array([[f"p{number:04d}a", f"p{number:04d}b"] for number in range(len(design.role))], dtype=object)
    other = (latent.replaced[post] & (wave == 1)).astype(np.int64)
    waves = np.array([plan.study.waves[0], plan.study.waves[-1]], dtype=object)
    columns = {
        "wave": waves[wave],
        "role": np.array(plan.roles, dtype=object)[design.role[post]],
        "area": np.array(plan.study.areas, dtype=object)[design.home[post]],
        "organisation": design.unit[post],
        "respondent": names[post, other],
    }
    scores = {
        name: score(plan, outcome, answers, responses.missing)[post, wave]
        for name, outcome in plan.study.outcomes.items()
    }
    return pd.DataFrame({**{name: pd.Series(values, dtype="str") for name, values in columns.items()}, **scores})
