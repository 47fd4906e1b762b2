"""Fits that end at a boundary are at the best optimum that can be found from many starts."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.mixed import lmer
from pilot_eval.mixed.optimise import minimise

FORMULAS = [
    "y ~ wave + (1 + wave | area) + (1 | school)",
    "y ~ wave * role + (1 + wave | area) + (1 + wave | school)",
    "y ~ wave * role + (1 + wave + role | area)",
    "y ~ wave + (1 + wave || area) + (1 | school)",
    "y ~ wave * role + (wave | area) + (1 | school) + (1 | person)",
]


def pilot(seed: int) -> pd.DataFrame:
    """A small pilot most of whose variances are so small that they are estimated as zero."""
    rng = np.random.default_rng(seed)
    areas = int(rng.integers(3, 14))
    schools = areas * int(rng.integers(2, 8))
    people = schools * 3
    person = rng.integers(0, people, people * 2)
    school = rng.integers(0, schools, people)[person]
    area = np.arange(schools)[school] % areas
    wave, role = rng.integers(0, 2, len(person)).astype(float), (person % 2).astype(float)
    own = [0.5 * rng.choice([0.0, 0.1, 0.6]) * rng.normal(size=n) for n in (areas, areas, schools, people)]
    y = 0.3 * wave + own[0][area] + own[1][area] * wave + own[2][school] + own[3][person]
    y += rng.standard_t(4, len(person))
    groups = {"area": area, "school": school, "person": person}
    labels = {name: [f"{name}{k:04d}" for k in codes] for name, codes in groups.items()}
    return pd.DataFrame({"y": y, "wave": wave, "role": role, **labels})


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("seed", range(6))
def test_no_random_start_finds_a_better_optimum(formula: str, seed: int) -> None:
    fit = lmer(formula, pilot(seed))
    layout, rng = fit.problem.layout, np.random.default_rng(seed)
    off = 1.0 - layout.start()
    starts = [rng.uniform(0, 2.5, layout.n_theta) * layout.start() + rng.normal(size=len(off)) * off for _ in range(20)]
    ends = minimise(lambda theta, _: fit.objective(theta), np.stack(starts))
    assert ends.converged.sum() > 10
    assert fit.criterion <= ends.value[ends.converged].min() + 1e-7


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("width", [1, 3, 7])
def test_members_that_wait_end_where_they_would_have_ended(width: int) -> None:
    fit = lmer(FORMULAS[0], pilot(1))
    rng = np.random.default_rng(8)
    starts = np.abs(rng.normal(0.5, 0.5, (12, len(fit.optimum.theta))))
    most = []

    def function(theta, which):
        most.append(len(np.unique(which)))
        return fit.objective(theta)

    hessian = np.eye(starts.shape[1])
    waited = minimise(function, starts, hessian, width=width)
    at_once = minimise(lambda theta, _: fit.objective(theta), starts, hessian)
    assert max(most) == width
    assert waited.converged.tolist() == at_once.converged.tolist()
    assert np.abs(waited.value - at_once.value).max() < 1e-9
    assert waited.iterations == at_once.iterations
