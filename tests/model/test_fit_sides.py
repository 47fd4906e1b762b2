"""Two sides of one relationship: the gap, who moved, how far both agree."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.model.contracts import CONTRACTS
from pilot_eval.model.dyad_agreement import agreement
from pilot_eval.model.dyads import rated_dyads
from pilot_eval.model.fit_sides import fit_sides

WAVES = ["before", "after"]
QUESTION = {"question": "sides", "replicates": 400}
RATING = {"column": "trust", "unit": "points", "digits": 2, "sides": ["school", "service"]}


def study(seed, areas=22, services=3, schools=4, gap=-0.4, moved=(0.5, 0.3), shared=0.5):
    """Schools that share services: each answers once a wave, areas have something of their own in common."""
    random = np.random.default_rng(seed)
    answers, links = [], []

    def answer(area, organisation, wave, value):
        row = {"_id": f"{organisation}-{wave}", "wave": wave, "area": area, "respondent": f"p-{organisation}"}
        answers.append(row | {"organisation": organisation, "trust": value})

    for k in range(areas):
        area, common = f"a{k:02}", random.normal(0, shared)
        for j in range(services):
            service, own = f"{area}t{j}", random.normal(0, 0.3)
            for step, wave in enumerate(WAVES):
                answer(area, service, wave, 3 - gap + common + own + step * moved[1] + random.normal(0, 0.3))
            for i in range(schools):
                school, other = f"{service}s{i}", random.normal(0, 0.3)
                for step, wave in enumerate(WAVES):
                    answer(area, school, wave, 3 + common + other + step * moved[0] + random.normal(0, 0.4))
                    links.append((school, service, wave, f"{school}-{wave}", f"{service}-{wave}", "both"))
    dyads = pd.DataFrame(links, columns=["left", "right", "wave", "left_id", "right_id", "sided"])
    return pd.DataFrame(answers), dyads


def made(analysis, dyads, question=QUESTION, perception=RATING):
    result = fit_sides(analysis, dyads, question, perception, WAVES, seed=1)
    for name in ("part", "faults"):
        CONTRACTS[f"fit_sides.{name}"].validate(result[name], lazy=True)
    return result


def value(result, table, row, column):
    found = result["part"].set_index("id").loc[f"{table}.{row}.{column}"]
    return found["value"] if found["status"] == "" else found["status"]


def test_gap_its_change_and_who_moved_are_recovered():
    """Bias and coverage over 10 small studies: gap -0.4, school side + 0.5, service side + 0.3."""
    truth = {("sides_gap", "sides.before"): -0.4, ("sides_gap", "sides-change.after"): 0.2,
             ("sides_moved", "sides-left.after"): 0.5, ("sides_moved", "sides-right.after"): 0.3}  # fmt: skip
    held = dict.fromkeys(truth, 0)
    found = {place: [] for place in truth}
    for seed in range(10):
        result = made(*study(seed, areas=8, schools=2), QUESTION | {"replicates": 50})
        for place, true in truth.items():
            low, high, estimate = (value(result, *place, column) for column in ("low", "high", "estimate"))
            held[place] += low <= true <= high
            found[place].append(estimate)
    for place, true in truth.items():
        spread = np.std(found[place]) / np.sqrt(10)
        assert abs(np.mean(found[place]) - true) < 3 * spread, place
        assert held[place] >= 8, place


def test_agreement_of_dyads_that_share_services_is_recovered():
    """Shared variance 0.25 of 0.43 and 0.5 - 0.16: mean squares over dyads would be biased by the copies."""
    truth = 0.25 / (0.25 + (0.09 + 0.16 + 0.09 + 0.09) / 2 + 0.16 / 2)
    found = []
    for seed in range(12):
        rated = rated_dyads(*study(seed), "trust", WAVES)
        found.append(agreement(rated[rated["wave"] == "before"], 50, seed=1)["icc"])
    assert abs(np.mean(found) - truth) < 3 * np.std(found) / np.sqrt(12)


def test_with_one_dyad_an_area_it_is_the_classical_coefficient():
    """McGraw and Wong's ICC(A,1) from the mean squares of a two-way table."""
    random = np.random.default_rng(3)
    scores = random.normal(size=(30, 1)) + random.normal(size=(30, 2)) + [0.0, 0.7]
    grand, dyad, rater = scores.mean(), scores.mean(axis=1), scores.mean(axis=0)
    msr = 2 * ((dyad - grand) ** 2).sum() / 29
    msc = 30 * ((rater - grand) ** 2).sum()
    mse = ((scores - dyad[:, None] - rater + grand) ** 2).sum() / 29
    rated = pd.DataFrame(
        {"left_score": scores[:, 0], "right_score": scores[:, 1], "area": [f"a{n}" for n in range(30)]}
    )
    found = agreement(rated, 500, seed=1)
    assert found["icc"] == pytest.approx((msr - mse) / (msr + mse + 2 / 30 * (msc - mse)), rel=1e-12)
    assert found["icc_low"] < found["icc"] < found["icc_high"]
    assert found == agreement(rated.sample(frac=1, random_state=1), 500, seed=1)


def test_links_of_one_side_are_counted_and_in_no_gap():
    analysis, dyads = study(5, areas=6)
    silent = analysis["organisation"].isin(["a00t0"]) & (analysis["wave"] == "after")
    result = made(analysis[~silent], dyads)
    assert value(result, "sides_answered", "sides.after", "left_only") == 4
    assert value(result, "sides_answered", "sides.after", "both") == 6 * 12 - 4
    cell = result["part"].set_index("id").loc["sides_answered.sides.after.left_only"]
    assert (cell["n"], cell["sum"]) == (4, "sides.after")


def test_a_school_with_several_services_is_crossed():
    analysis, dyads = study(7, areas=8)
    more = dyads[dyads["left"].str.endswith("t0s0")]
    other = more["right"].str.replace("t0", "t1", regex=False)
    second = more.assign(
        right=other, right_id=[f"{name}-{wave}" for name, wave in zip(other, more["wave"], strict=True)]
    )
    result = made(analysis, pd.concat([dyads, second], ignore_index=True))
    gap = result["part"].set_index("id").loc["sides_gap.sides.before.estimate"]
    assert "(1 | left) + (1 | right) + (1 | right_wave)" in gap["estimand"]


@pytest.mark.fault("MOD-30")
@pytest.mark.parametrize("missing", ["perception", "column", "wave", "links"])
def test_what_cannot_be_compared_is_said_and_stops_nothing(missing):
    analysis, dyads = study(1, areas=4)
    perception = {"perception": None, "column": RATING | {"column": "never"}}.get(missing, RATING)
    if missing == "wave":
        analysis = analysis[analysis["wave"] == "before"]
    if missing == "links":
        dyads = dyads.iloc[:0]
    result = made(analysis, dyads, perception=perception)
    told = result["faults"][result["faults"]["id"] == "MOD-30"]
    assert len(told) and (told["severity"] == "WARN").all() and (told["file"] == "question sides").all()
    gap = result["part"].query("table == 'sides_gap' and column == 'estimate'")
    assert len(gap) and (gap["status"] == "x").all()


def test_few_areas_have_no_agreement():
    result = made(*study(1, areas=2))
    assert value(result, "sides_agreement", "sides.before", "icc") == "x"
