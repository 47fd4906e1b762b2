"""The elimination against the dense definition, and its gradient against central differences."""

import numpy as np
import pytest
from dense import criterion
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from made_data import FORMULA, pilot

from pilot_eval.mixed.problem import prepare

MODELS = {
    "nested": (FORMULA, {}),
    "three waves": ("y ~ C(wave) + (C(wave) | area) + (1 | school) + (1 | resp)", {"waves": 3}),
    "uncorrelated": ("y ~ wave + (wave || area) + (1 | resp)", {}),
    "one factor": ("y ~ wave + (1 | resp)", {}),
    "slopes at two levels": ("y ~ wave + (wave | area) + (0 + wave | school) + (1 | resp)", {"waves": 3}),
    "a few movers": (FORMULA, {"movers": 0.1}),
    "many movers": (FORMULA, {"movers": 0.8, "waves": 3}),
    "crossed": ("y ~ 1 + (1 | school) + (1 | sex)", {}),
    "crossed below a slope": ("y ~ wave + (wave | area) + (1 | area:sex) + (1 | resp)", {"movers": 0.1}),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("reml", [True, False])
def test_criterion_is_that_of_the_whole_covariance_matrix(name: str, reml: bool) -> None:
    formula, how = MODELS[name]
    problem = prepare(formula, pilot(n_area=5, n_school=3, n_resp=4, **how))
    objective = problem.objective(problem.products(problem.design.y), reml)
    theta = 0.3 + 0.4 * np.random.default_rng(1).normal(size=problem.layout.n_theta)
    want = criterion(problem, theta, reml, problem.design.y)[0]
    assert objective.value(theta[None])[0] == pytest.approx(want, abs=1e-8)


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 10_000), reml=st.booleans(), weighted=st.booleans())
def test_gradient_equals_central_differences(name: str, seed: int, reml: bool, weighted: bool) -> None:
    formula, how = MODELS[name]
    data, rng = pilot(n_area=5, n_school=3, n_resp=4, **how), np.random.default_rng(seed)
    problem = prepare(formula, data, rng.uniform(0.3, 3.0, len(data)) if weighted else None)
    objective = problem.objective(problem.products(problem.design.y), reml)
    theta = 0.3 + 0.4 * rng.normal(size=problem.layout.n_theta)
    h = 1e-5
    steps = h * np.eye(len(theta))
    numeric = (objective.value(theta + steps) - objective.value(theta - steps)) / (2 * h)
    gradient = objective(theta[None])[1][0]
    assert np.abs(numeric - gradient).max() <= 1e-6 * np.abs(gradient).max()


def test_a_batch_gives_what_its_members_give_alone() -> None:
    problem = prepare(FORMULA, pilot())
    rng = np.random.default_rng(3)
    y = rng.normal(size=(problem.n, 4))
    theta = 0.5 + 0.2 * rng.normal(size=(4, problem.layout.n_theta))
    objective = problem.objective(problem.products(y), True)
    value, gradient = objective(theta)
    for k in range(4):
        alone = problem.objective(problem.products(y[:, k]), True)(theta[k : k + 1])
        assert value[k] == pytest.approx(alone[0][0], abs=1e-9)
        assert gradient[k] == pytest.approx(alone[1][0], rel=1e-9, abs=1e-9)
