"""Draws: the right columns, the same from the same seed, drop-out that depends on what was seen."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from pilot_eval.synth.answers import Answers, bounds, give_answers, item_called
from pilot_eval.synth.design import Design
from pilot_eval.synth.draw import draw_parts, draw_study
from pilot_eval.synth.latent import Latent, draw_latent
from pilot_eval.synth.response import GIVEN, Responses, score
from pilot_eval.synth.truth import Plan

Parts = tuple[Latent, Answers, Responses]


def test_a_study_has_a_row_for_each_respondent_and_wave(plan: Plan) -> None:
    frame = draw_study(plan, 1)
    assert list(frame) == ["wave", "role", "area", "organisation", "respondent", *plan.study.outcomes]
    assert not frame.duplicated(["respondent", "wave"]).any()
    assert set(frame["area"]) == set(plan.study.areas) and set(frame["wave"]) == set(plan.study.waves)
    assert frame.groupby("respondent")[["area", "organisation", "role"]].nunique().max().max() == 1
    alone = frame[frame["role"].isin(["commissioner", "other"])]
    assert (alone["organisation"] == "area:" + alone["area"]).all()


def test_outcomes_are_asked_of_their_roles_and_within_bounds(plan: Plan) -> None:
    frame = draw_study(plan, 2)
    for name, outcome in plan.study.outcomes.items():
        assert set(frame.loc[frame[name].notna(), "role"]) == set(outcome.roles)
        scale = plan.study.scales.get(str(outcome.scale))
        low, high = (scale.low, scale.high) if scale else bounds(item_called(plan, str(outcome.item)))
        assert frame[name].min() >= low and frame[name].max() <= high


def test_the_seed_decides_and_another_gives_another_study(plan: Plan) -> None:
    pd.testing.assert_frame_equal(draw_study(plan, 3), draw_study(plan, 3))
    assert draw_study(plan, 3)["communication"].mean() != draw_study(plan, 4)["communication"].mean()


def test_a_draw_is_quick(plan: Plan) -> None:
    start = time.perf_counter()
    for seed in range(10):
        draw_study(plan, seed)
    assert time.perf_counter() - start < 3


def test_staying_depends_on_the_answer_seen_at_first(plan: Plan, design: Design) -> None:
    stayed, left = [], []
    for seed in range(40):
        latent, answers, responses = draw_parts(plan, design, seed)
        seen = score(plan, plan.study.outcomes[plan.truth.response.outcome], answers, responses.missing)[:, 0]
        same = responses.answered[:, 0] & ~latent.replaced & np.isfinite(seen)
        stayed.append(seen[same & responses.answered[:, 1]].mean())
        left.append(seen[same & ~responses.answered[:, 1]].mean())
    assert np.mean(stayed) - np.mean(left) > 0.1


def test_a_part_of_the_contacts_is_replaced(plan: Plan, design: Design) -> None:
    shares = [draw_latent(plan, design, seed).replaced[design.role == 0].mean() for seed in range(30)]
    assert abs(np.mean(shares) - 0.15) < 0.01


def test_area_effects_have_the_sizes_of_the_truth_file(plan: Plan, design: Design) -> None:
    draws = np.concatenate([draw_latent(plan, design, seed).area_change for seed in range(100)])
    wanted = np.array([trait.sd.change for trait in plan.truth.traits.values()])
    assert np.allclose(draws.std(axis=0), wanted, atol=0.02)


def test_answers_are_codes_of_the_codebook(plan: Plan, design: Design, parts: Parts) -> None:
    for item, values in parts[1].items():
        entry, known = item_called(plan, item), values[np.isfinite(values)]
        low, high = bounds(entry)
        assert known.size and known.min() >= low and known.max() <= high, item
        assert (known * (2 if entry.type == "number" else 1) % 1 == 0).all(), item


def test_counts_and_waits_fit_together(plan: Plan, parts: Parts) -> None:
    answers = parts[1]
    for part, whole in (("referrals_inappropriate", "referrals_made"), ("referrals_unsuitable", "referrals_received")):
        known = np.isfinite(answers[whole])
        assert (answers[part][known] <= answers[whole][known]).all()
    came, weeks = answers["response_came"], answers["weeks_response"]
    assert (weeks[came == 0] <= plan.truth.traits["weeks_response"].open[1]).all()
    assert 0.05 < np.nanmean(came == 0) < 0.6


def test_items_left_out_have_a_declared_kind_or_none(plan: Plan, parts: Parts) -> None:
    _, answers, responses = parts
    for item, marks in responses.missing.items():
        declared = set(item_called(plan, item).missing)
        assert set(np.unique(marks)) - {GIVEN, -1001} <= declared
        assert (marks[np.isnan(answers[item])] == GIVEN).all()
    left_out = np.mean([np.mean(marks != GIVEN) for marks in responses.missing.values()])
    assert 0.005 < left_out < 0.06


def test_linked_organisations_see_one_relationship(plan: Plan, design: Design) -> None:
    left, right = design.links.T
    index = list(plan.truth.traits).index("joint_working")
    both = []
    for seed in range(150):
        latent = draw_latent(plan, design, seed).value[:, 0, index]
        mean = {place: latent[design.place == place].mean() for place in (left[40], right[40])}
        both.append([mean[left[40]], mean[right[40]]])
    assert np.corrcoef(np.array(both).T)[0, 1] > 0.1


def test_items_scored_in_reverse_go_down_when_the_scale_goes_up(plan: Plan, design: Design) -> None:
    latent = draw_latent(plan, design, 5)
    answers = give_answers(plan, design, latent, 5)
    for items in (plan.items_of(name) for name in ("joint_working", "knowledge")):
        straight = [answers[item] for item, backwards in items if not backwards]
        for item, backwards in items:
            known = np.isfinite(answers[item])
            r = np.corrcoef(np.mean(straight, axis=0)[known], answers[item][known])[0, 1]
            assert (r < -0.2) if backwards else (r > 0.2), item
