"""Who stayed and who left, who answered and who did not."""

import pandas as pd
import pytest

from pilot_eval.describe.compare_leavers import compare_leavers, share_difference

REGISTER = pd.DataFrame(
    {
        "organisation": ["s1", "s2", "s3", "s4"],
        "kind": "school",
        "phase": ["primary", "primary", "secondary", "secondary"],
    }
)
ROLES = [{"id": "teacher", "label": "Teachers"}, {"id": "nurse", "label": "Nurses"}]


def compared(analysis, attributes=(), register=REGISTER):
    return compare_leavers(analysis, register, list(attributes), ROLES, ["north", "south"], ["baseline", "followup"])[
        "part"
    ]


def test_roles_of_those_who_left_and_stayed(analysis, value):
    """At baseline 4 teachers, one left; 3 nurses, one left."""
    part = compared(analysis)
    assert [value(part, "leavers", name, "role-teacher")["value"] for name in ("n", "followed")] == [4, 3]
    assert value(part, "leavers", "retention", "role-nurse")["value"] == pytest.approx(2 / 3)
    cell = value(part, "leavers", "difference", "role-teacher")
    assert cell["value"] == pytest.approx(share_difference(1 / 2, 3 / 5)) and cell["n"] == 1
    assert cell["group_label"] == "Role: Teachers"
    assert value(part, "leavers", "n", "area-north")["value"] == 3


def test_standardised_difference_by_hand():
    assert share_difference(0.6, 0.4) == pytest.approx(0.2 / 0.24**0.5)
    assert share_difference(1.0, 1.0) is None


def test_organisations_that_answered(analysis, value):
    part = compared(analysis, [{"name": "phase", "label": "Phase"}])
    assert value(part, "answering", "organisations_share", "school-phase-secondary.baseline")["value"] == 0.5
    cell = value(part, "answering", "difference", "school-phase-primary.baseline")
    assert cell["value"] == pytest.approx(share_difference(2 / 3, 0.0))
    assert pd.isna(cell["n"]) and cell["n_organisations"] == 0


def test_a_property_with_one_level_or_many_tells_no_groups(analysis):
    again = analysis.assign(respondent=analysis["respondent"] + "b")
    analysis = pd.concat([analysis, again], ignore_index=True)
    analysis = analysis.assign(phase="primary", post=[f"p{n}" for n in range(len(analysis))])
    part = compared(
        analysis, [{"name": "phase", "label": "Phase"}, {"name": "post", "label": "Post"}], REGISTER.iloc[:0]
    )
    assert not part["group"].str.startswith(("phase", "post")).any() and not (part["table"] == "answering").any()


def test_nobody_left_has_no_difference(analysis, value):
    stayed = analysis[~analysis["respondent"].isin(["r3", "r8"])]
    assert value(compared(stayed), "leavers", "difference", "role-nurse")["status"] == "x"


def test_a_number_is_compared_by_its_means(analysis, value):
    ages = {"r1": 30.0, "r2": 40.0, "r3": 50.0, "r4": 35.0, "r6": 45.0, "r7": 30.0, "r8": 60.0}
    analysis = analysis.assign(age=analysis["respondent"].map(ages))
    part = compared(analysis, [{"name": "age", "label": "Age"}])
    stayed, left = pd.Series([30.0, 40, 35, 45, 30]), pd.Series([50.0, 60])
    spread = ((stayed.var() + left.var()) / 2) ** 0.5
    cell = value(part, "leavers", "difference", "age")
    assert cell["value"] == pytest.approx((55 - stayed.mean()) / spread) and cell["n"] == 2
