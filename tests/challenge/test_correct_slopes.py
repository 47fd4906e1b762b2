"""The slope of change on the start, beside a truth that is known because the links were made false on purpose."""

import numpy as np
import pandas as pd
import pytest

from pilot_eval.challenge.contracts import CONTRACTS
from pilot_eval.challenge.correct_slopes import correct_slopes, false_share

AREAS, EACH = 22, 64
OUTCOME = {"outcome": "trust", "column": "score", "roles": ["lead"]}
#: Change on the start within areas: the correlation of both answers less one.
TRUE = 0.55 - 1


def simulated(seed, false=0.0, across=False):
    """Persons with both answers, of whom a share got the later answer of another, of the area or of any."""
    random = np.random.default_rng(seed)
    area = np.repeat(np.arange(AREAS), EACH)
    first = random.normal(0, 1, area.size)
    last = 0.3 + random.normal(0, 0.15, AREAS)[area] + 0.55 * first + random.normal(0, np.sqrt(1 - 0.55**2), area.size)
    first = first + random.normal(0, 0.3, AREAS)[area]
    for home in [np.arange(area.size)] if across else [np.flatnonzero(area == one) for one in range(AREAS)]:
        chosen = random.permutation(home)[: round(false * home.size)]
        last[chosen] = np.roll(last[chosen], 1)
    rows = [pd.DataFrame({"respondent": [f"r{n}" for n in range(area.size)], "wave": wave, "score": values,
                          "area": [f"a{one:02d}" for one in area], "role": "lead", "unit": "u", "organisation": "o"})
            for wave, values in (("before", first), ("after", last))]  # fmt: skip
    return pd.concat(rows, ignore_index=True).assign(_id=lambda table: [f"x-{row}" for row in table.index])


def audited(share, method="sample"):
    rows = [
        (method, "precision", "", share, share - 0.02, min(1, share + 0.02)),
        (method, "precision", "role", 0.1, 0, 1),
    ]
    return pd.DataFrame(rows, columns=["method", "measure", "by", "share", "low", "high"])


def links(*passes):
    return pd.DataFrame({"link_pass": list(passes or ["name_organisation"]), "used": True})


def slopes(rows, audit, made=None):
    found = correct_slopes(rows, audit, links() if made is None else made, [OUTCOME], ["before", "after"])["slopes"]
    return CONTRACTS["correct_slopes.slopes"].validate(found).iloc[0]


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("false", [0.0, 0.1, 0.2])
def test_the_corrected_slope_is_the_true_one_whatever_share_of_links_is_false(false, across):
    found = pd.DataFrame([slopes(simulated(seed, false, across), audited(1 - false)) for seed in range(12)])
    noise = 4 * found["corrected"].std() / np.sqrt(len(found))
    assert found["corrected"].mean() == pytest.approx(TRUE, abs=noise) and noise < 0.06
    # as linked the weak seem to gain more than they did, by f of what both answers share
    assert found["slope"].mean() == pytest.approx(TRUE - false * 0.55, abs=noise)
    covered = (found["corrected_low"] < TRUE) & (found["corrected_high"] > TRUE)
    assert covered.sum() >= 10
    assert (found["corrected_high"] - found["corrected_low"] >= found["high"] - found["low"]).all()


def test_within_areas_it_is_the_regression_with_areas_as_fixed_effects():
    rows = simulated(3)
    wide = rows.pivot(index=["respondent", "area"], columns="wave", values="score").reset_index()
    design = np.column_stack([wide["before"], pd.get_dummies(wide["area"]).to_numpy(float)])
    expected = np.linalg.lstsq(design, (wide["after"] - wide["before"]).to_numpy(), rcond=None)[0][0]
    assert slopes(rows, audited(1.0))["slope"] == pytest.approx(expected, abs=1e-9)


def test_the_audit_by_a_hidden_key_speaks_of_links_without_a_key():
    made = links("email", "person", "likeness", "name_organisation")
    found = false_share(audited(0.9, method="hidden_key"), made)
    assert (found.audit, found.share) == ("hidden_key", pytest.approx(0.05))
    both = pd.concat([audited(0.9, method="hidden_key"), audited(0.96)])
    assert false_share(both, made)[0::2] == (pytest.approx(0.04), "sample")


def test_without_an_audit_or_enough_pairs_nothing_is_corrected():
    row = slopes(simulated(1), audited(1.0).iloc[:0])
    assert row["audit"] == "" and np.isnan(row["corrected"]) and row["slope"] == pytest.approx(TRUE, abs=0.1)
    few = slopes(simulated(1).groupby("area").head(0), audited(1.0))
    assert few["n"] == 0 and np.isnan(few["slope"])
