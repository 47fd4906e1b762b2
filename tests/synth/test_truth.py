"""The truth file, the truth as analysed, and the published shapes."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.synth.answers import Answers
from pilot_eval.synth.design import Design
from pilot_eval.synth.draw import draw_parts
from pilot_eval.synth.latent import Latent
from pilot_eval.synth.observed import FILE, observe_truth
from pilot_eval.synth.published import keep_published
from pilot_eval.synth.response import Responses
from pilot_eval.synth.truth import Plan, read_truth

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def observed() -> dict[tuple[str, str, str], dict[str, str]]:
    rows = csv.DictReader((ROOT / FILE).open(encoding="utf-8"))
    return {(row["estimand"], row["outcome"], row["group"]): row for row in rows}


def test_a_fault_of_the_truth_file_names_its_line_and_the_nearest_word(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    file = tmp_path / "config/truth.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("item_spread:", "item_spred:", 1), encoding="utf-8")
    line = text[: text.index("item_spread:")].count("\n") + 1
    with pytest.raises(StudyFaults, match="item_spread") as error:
        read_truth(tmp_path)
    assert any(fault.row == line for fault in error.value.faults)


def test_every_number_of_the_truth_has_a_reason(plan: Plan) -> None:
    assert all(trait.because for trait in plan.truth.traits.values())
    assert set(plan.study.outcomes) <= set(plan.truth.traits)
    for name, outcome in plan.study.outcomes.items():
        assert set(plan.truth.traits[name].start) == set(outcome.roles)


def test_truth_is_known_well_for_every_outcome_and_role(plan: Plan, observed: dict) -> None:
    for name, outcome in plan.study.outcomes.items():
        keys = [("change_overall", name, ""), ("sd_change", name, "")]
        for key in [*keys, *(("change_by_role", name, role) for role in outcome.roles)]:
            assert int(observed[key]["areas"]) >= 5000
            assert float(observed[key]["mc_error"]) < 0.006, key
    total = sum(float(observed["change_by_role", "communication", role.id]["value"]) * role.share
                for role in plan.study.config.roles)  # fmt: skip
    assert float(observed["change_overall", "communication", ""]["value"]) == pytest.approx(total, abs=1e-4)


def test_published_shapes_are_true(plan: Plan, observed: dict) -> None:
    change = {name: float(observed["change_overall", name, ""]["value"]) for name in plan.study.outcomes}
    assert all(value > 0 for value in change.values())
    assert change["sat_cypmhs"] > 4 * max(change["sat_specialist"], change["sat_other"])
    assert float(observed["agree", "routes_improved", ""]["value"]) == pytest.approx(0.78, abs=0.01)


def test_the_file_is_what_the_truth_file_gives(plan: Plan, observed: dict) -> None:
    """A smaller run agrees within its own and the file's Monte-Carlo error."""
    again = list(csv.DictReader(observe_truth(plan, areas=22 * 60).splitlines()))
    assert len(again) == len(observed)
    far = []
    for row in again:
        known = observed[row["estimand"], row["outcome"], row["group"]]
        if row["estimand"] != "sd_change":
            far.append((float(row["value"]) - float(known["value"])) / float(row["mc_error"]))
    assert np.abs(far).max() < 4


def test_published_results_hold_in_the_shipped_study_and_nothing_else_moves(plan: Plan, design: Design) -> None:
    parts: tuple[Latent, Answers, Responses] = draw_parts(plan, design, plan.truth.seed)
    before = {item: values.copy() for item, values in parts[1].items()}
    draws = keep_published(plan, design, *parts)
    held = {bounds.trait for bounds in plan.truth.published}
    assert set(draws) == held and max(draws.values()) < 100
    moved = {item for item, values in parts[1].items() if not np.array_equal(values, before[item], equal_nan=True)}
    assert moved == {trait for trait, number in draws.items() if number}
    assert all(number == 0 for number in keep_published(plan, design, *parts).values())


def test_bounds_that_contradict_the_truth_are_refused(plan: Plan, design: Design) -> None:
    impossible = plan.truth.published[0].model_copy(update={"t": (90.0, 99.0)})
    truth = plan.truth.model_copy(update={"published": (impossible,)})
    with pytest.raises(ValueError, match="none of"):
        keep_published(Plan(plan.study, truth), design, *draw_parts(plan, design, 1))
