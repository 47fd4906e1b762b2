"""The shipped study, read and drawn once for all tests of the generator."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pilot_eval.synth.answers import Answers
from pilot_eval.synth.design import Design, make_design
from pilot_eval.synth.draw import draw_parts
from pilot_eval.synth.latent import Latent
from pilot_eval.synth.make import make_study
from pilot_eval.synth.response import Responses
from pilot_eval.synth.truth import Plan, read_truth

sys.path.insert(0, str(Path(__file__).parent))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def plan() -> Plan:
    return read_truth(ROOT)


@pytest.fixture(scope="session")
def design(plan: Plan) -> Design:
    return make_design(plan)


@pytest.fixture(scope="session")
def made(plan: Plan) -> dict[str, bytes]:
    return make_study(plan)


@pytest.fixture(scope="session")
def parts(plan: Plan, design: Design) -> tuple[Latent, Answers, Responses]:
    return draw_parts(plan, design, 11)
