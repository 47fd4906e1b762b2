"""The design is the published one, and what the report does not give is laid out as the truth file says."""

from __future__ import annotations

import csv
import io

import numpy as np

from pilot_eval.synth.design import Design, make_design
from pilot_eval.synth.names import make_names
from pilot_eval.synth.truth import Plan


def sheet(plan: Plan, made: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made[plan.study.source(name).path].decode())))


def test_published_numbers_of_the_design(plan: Plan, design: Design, made: dict[str, bytes]) -> None:
    assert len(plan.study.areas) == 22
    assert len(sheet(plan, made, "register_groups")) == 27
    assert len(sheet(plan, made, "register_schools")) == 255
    assert len(plan.study.config.instruments) == 4
    assert [wave.months for wave in plan.study.config.waves] == [0, 10]
    assert len({row["area"] for row in sheet(plan, made, "evidence_factors")}) == 10
    ratings = sheet(plan, made, "evidence_cascade")
    assert len(ratings) == 22 * 7 * 2 and {row["rating"] for row in ratings} <= set("1234")
    people = sheet(plan, made, "attendance")
    assert len(people) == 22 * 2 * 2 and min(int(row["participants"]) for row in people) > 0
    for group, total in (("education", 570), ("mental_health", 340)):
        assert sum(int(row["participants"]) for row in people if row["profession"] == group) == total


def test_posts_are_as_many_as_persons_invited(plan: Plan, design: Design) -> None:
    counts = np.bincount(design.role)
    assert counts.tolist() == [role.invited for role in plan.study.config.roles]
    schools = design.place[design.role == 0]
    assert len(np.unique(schools)) == 255 and np.bincount(schools).max() == 2


def test_every_area_has_every_kind(plan: Plan, design: Design) -> None:
    for kind, wanted in plan.truth.organisations.items():
        here = np.bincount(design.area[design.kind == kind], minlength=22)
        assert here.sum() == wanted.number and here.min() >= wanted.least


def test_links_join_each_left_organisation_with_one_that_serves_its_area(design: Design) -> None:
    left, right = design.links.T
    assert len(np.unique(left)) == len(left) == 255
    assert ((design.area[left] == design.area[right]) | (design.area[left] == design.second[right])).all()
    assert (design.second >= 0).sum() == 8
    assert any(design.area[left] != design.area[right]), "some teams serve a second area"


def test_keys_are_unique_and_in_the_range_that_no_register_uses(plan: Plan, design: Design) -> None:
    assert len(set(design.key)) == len(design.key)
    for kind, wanted in plan.truth.organisations.items():
        keys = {wanted.key.format(number) for number in range(wanted.keys[0], wanted.keys[1] + 1)}
        assert set(design.key[design.kind == kind]) <= keys
    assert min(int(key) for key in design.key[design.kind == "school"]) > 900000


def test_names_are_unique_and_fit_the_code_page(plan: Plan, design: Design) -> None:
    names = make_names(plan, design)
    for found in (names.organisation, names.person.ravel(), names.email.ravel()):
        assert len(set(found)) == len(found)
        assert all(text.encode("cp1252") for text in found)
    assert any("ë" in name for name in names.organisation) and any("’" in name for name in names.organisation)


def test_the_design_is_the_same_every_time(plan: Plan, design: Design) -> None:
    again = make_design(plan)
    assert (again.key == design.key).all() and (again.links == design.links).all()
