"""One sentence per question: which words are used when, and where each number comes from."""

import re

import pandas as pd
import pytest

from pilot_eval.publish.contracts import CONTRACTS
from pilot_eval.publish.verdicts import Evidence, verdict
from pilot_eval.publish.write_findings import write_findings

CAUSAL = re.compile(r"caus|because of|effect|impact|led to|due to|thanks|approximately significant|trend", re.I)
OUTCOME = {"id": "mood", "label": "Mood", "unit": "points on a 1 to 5 scale"}


def cells(**tables):
    """Disclosed cells: table: (row words, {column: shown}); a marker in square brackets is a status."""
    found = []
    for table, (place, columns) in tables.items():
        row = ".".join(word for word in place if word)
        for column, shown in columns.items():
            status = shown.strip("[]") if shown.startswith("[") else ""
            found.append(
                {
                    "id": f"{table}.{row}.{column}", "table": table, "row": row, "column": column,
                    "value": None if status else float(shown.lstrip("<")), "shown": shown, "n": 50, "unit": "points",
                    "status": status, "kind": "p" if column.startswith("p") else "estimate",
                    "outcome": place[0], "area_letter": "", "area_label": "", "group": place[1], "group_label": "",
                    "wave": "",
                }
            )  # fmt: skip
    return pd.DataFrame(found)


def question(**more):
    return {
        "question": "mood_rose", "kind": "change", "contrast": "overall", "asks": "Did mood rise?",
        "estimand": "mean change", "family": "primary", "roles": [], "matched": False, "outcome": OUTCOME,
        "areas": "areas", "organisations": "schools", "label": "Mood", **more,
    }  # fmt: skip


def tell(estimate, low, high, p="0.010", p_equivalence=None, **more):
    tables = {
        "change_overall": (("mood", ""), {"estimate": estimate, "low": low, "high": high}),
        "questions_adjusted": (("mood", "mood_rose"), {"p": p, "p_adjusted": p}),
    }
    if p_equivalence is not None:
        tables["equivalence"] = (("mood", "mood_rose"), {"margin": "0.20", "p_equivalence": p_equivalence})
    table = write_findings(cells(**tables), [question(**more)], False)["findings"]
    CONTRACTS["write_findings.findings"].validate(table)
    return table.iloc[0]


@pytest.mark.parametrize(
    ("numbers", "word", "said"),
    [
        (("0.42", "0.30", "0.54"), "up", "Mood rose by 0.42 points on a 1 to 5 scale (95% interval 0.30 to 0.54; "),
        (("-0.42", "-0.54", "-0.30"), "down", "Mood fell by 0.42 points"),
        (("0.10", "-0.02", "0.22", "0.200"), "no clear change", "no clear change in mood: 0.10 points"),
        (("0.10", "0.01", "0.19", "0.060"), "no clear change", "no clear change in mood"),
        (("0.02", "-0.05", "0.09", "0.600", "0.001"), "no change that matters", "no change in mood that matters"),
        (("[c]", "[c]", "[c]", "[c]"), "too few to say", "Too few answers to say."),
        (("[x]", "[x]", "[x]", "[x]"), "not available", "Not available"),
    ],
)
def test_words_follow_the_numbers(numbers, word, said):
    found = tell(*numbers)
    assert found["verdict"] == word
    assert said in found["finding"]
    assert not CAUSAL.search(found["finding"])


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (("0.42", "0.30", "0.54", "0.010", "0.900"), "whole interval is at or beyond 0.20"),
        (("0.30", "0.10", "0.50", "0.010", "0.900"), "also holds changes below 0.20"),
        (("0.15", "0.05", "0.25", "0.010", "0.200"), "estimate is below 0.20"),
        (("0.10", "-0.10", "0.30", "0.300", "0.200"), "0.20, the smallest that matters, cannot be ruled out"),
        (("0.02", "-0.05", "0.09", "0.600", "0.001"), "0.20 or more can be ruled out"),
    ],
)
def test_a_change_stands_beside_the_smallest_that_matters(numbers, said):
    assert said in tell(*numbers)["finding"]


def test_every_number_of_a_sentence_is_a_cell_that_is_named():
    found = tell("0.42", "0.30", "0.54", "<0.001", "0.900")
    text = found["finding"].replace(OUTCOME["unit"], "").replace("95% interval", "").replace("90% interval", "")
    assert found["ids"].split() == [
        "change_overall.mood.estimate", "change_overall.mood.low", "change_overall.mood.high",
        "questions_adjusted.mood.mood_rose.p_adjusted", "equivalence.mood.mood_rose.margin",
    ]  # fmt: skip
    assert re.findall(r"<?\d[\d.]*\d", text) == ["0.42", "0.30", "0.54", "<0.001", "0.20"]


def test_equivalence_and_not_knowing_are_two_things():
    assert verdict(Evidence(-0.1, 0.1, 0.9, 0.01)) == "no change that matters"
    assert verdict(Evidence(-0.1, 0.1, 0.9)) == "no clear change"
    assert verdict(Evidence(0.1, 0.3, 0.2)) == "no clear change"  # not after adjustment
    assert verdict(Evidence(0.1, 0.3)) == "up"
    assert verdict(Evidence(0.8, 0.9, none=1.0)) == "down"
    assert verdict(Evidence(absent=True)) == "not available"


@pytest.mark.parametrize(
    ("numbers", "word", "said"),
    [
        (
            ("-0.40", "-0.70", "-0.10", "0.010"),
            "related",
            "The change in mood was larger in areas that started lower: -0.40 for each point",
        ),
        (
            ("0.40", "0.10", "0.70", "0.010"),
            "related",
            "The change in mood was larger in areas that started higher: 0.40 for each point",
        ),
        (
            ("-0.11", "-0.60", "0.40", "0.600"),
            "no clear relation",
            "The change in mood did not clearly depend on where areas started",
        ),
        (("[x]", "[x]", "[x]", "[x]"), "not available", "The starts differ too little to say"),
    ],
)
def test_change_against_the_start(numbers, word, said):
    estimate, low, high, p = numbers
    alike = "0.300" if estimate == "[x]" else "0.000"
    slope = {"estimate": estimate, "low": low, "high": high, "naive": "-0.20", "zero_share": alike}
    tables = {
        "start_slope": (("mood", "mood_low"), slope),
        "start_parts": (("mood", "mood_low.part-1-of-3"), {"change": "0.37", "low": "0.16", "high": "0.58"}),
        "questions_adjusted": (("mood", "mood_low"), {"p": p, "p_adjusted": p}),
    }
    asked = question(question="mood_low", kind="start", parts=3)
    found = write_findings(cells(**tables), [asked], False)["findings"]
    CONTRACTS["write_findings.findings"].validate(found)
    row = found.iloc[0]
    assert row["verdict"] == word and said in row["finding"].replace("\u2212", "-")
    assert CAUSAL.search(row["finding"]) is None
    if estimate != "[x]":
        assert "left in. In the areas that started lowest the change was 0.37 points" in row["finding"]
        assert row["ids"].split()[:3] == [f"start_slope.mood.mood_low.{name}" for name in ("estimate", "low", "high")]


def said_of(asked, **tables):
    tables = {"questions_adjusted": (("", "asked"), {"p": "0.010", "p_adjusted": "0.010"}), **tables}
    found = write_findings(cells(**tables), [question(question="asked", **asked)], False)["findings"]
    CONTRACTS["write_findings.findings"].validate(found)
    assert not CAUSAL.search(found["finding"].iloc[0])
    return found["verdict"].iloc[0], found["finding"].iloc[0]


BOUNDS = {"low": "0.10", "high": "0.30"}
RATIOS = {"ratio": "1.20", "ratio_low": "1.10", "ratio_high": "1.30"}


@pytest.mark.parametrize(
    ("asked", "tables", "verdict", "part"),
    [
        (
            {"contrast": "between_roles", "between_labels": ["Leads", "NHS staff"]},
            {"change_between_roles": {"estimate": "0.20", **BOUNDS}},
            "differs", "Among leads the change in mood was greater than among NHS staff by 0.20",
        ),
        (
            {"contrast": "between_areas"}, {"change_between_areas": {"sd_change": "0.15", **BOUNDS}},
            "differs", "differed between areas: the standard deviation of their changes is 0.15 (95% interval 0.10",
        ),
        (
            {"kind": "natural", "form": "share"},
            {"natural_change": {"change": "-8.0", "low": "-12.0", "high": "-4.0", "level_first": "30.0",
                                "level_last": "22.0"}},
            "down", "the share fell by 8.0 percentage points (95% interval 4.0 to 12.0; adjusted p 0.010). "
            "It was 30.0% at first and 22.0% at last.",
        ),
        (
            {"kind": "natural", "form": "count"}, {"natural_change": {"change": "0.50", **RATIOS}},
            "up", "the expected number rose, to 1.20 times the first (95% interval 1.10 to 1.30",
        ),
        (
            {"kind": "moderator", "label": "School phase"},
            {"moderators": {"estimate": "[z]", "low": "[z]", "high": "[z]", "f": "5.10", "p": "0.010"}},
            "related", "The change in mood went with school phase (F statistic 5.10; adjusted p 0.010).",
        ),
        (
            {"kind": "moderator", "label": "Size"}, {"moderators": {"estimate": "0.20", **BOUNDS, "p": "0.010"}},
            "related", "(difference of change 0.20 points on a 1 to 5 scale, 95% interval 0.10 to 0.30",
        ),
        (
            {"kind": "levels", "label": "Frequency of contact"}, {"levels": {"estimate": "0.20", **BOUNDS}},
            "related", "contact was higher than is usual in the same schools, mood was higher by 0.20",
        ),
        (
            {"kind": "natural", "form": "ordered"}, {"natural_change": RATIOS},
            "up", "higher answers became more likely, odds ratio 1.20",
        ),
    ],
)  # fmt: skip
def test_each_kind_has_its_words(asked, tables, verdict, part):
    placed = {name: (("", "asked"), columns) for name, columns in tables.items()}
    found = said_of(asked, **placed)
    assert found[0] == verdict
    assert part in found[1]


ALONE = "Taken alone the interval excludes zero; among so many tests that may be chance."


@pytest.mark.parametrize(("p", "low", "said"), [("0.200", "0.10", True), ("0.010", "0.10", False),
                                                ("0.200", "-0.10", False)])  # fmt: skip
def test_an_interval_that_seems_to_say_more_than_the_words_is_explained(p, low, said):
    assert (ALONE in tell("0.20", low, "0.30", p)["finding"]) == said
    bounds = {"estimate": "0.20", "low": low, "high": "0.30"}
    for asked, tables in (
        ({"kind": "moderator"}, {"moderators": {**bounds, "p": p}}),
        ({"kind": "levels"}, {"levels": bounds}),
        ({"kind": "change", "contrast": "between_roles", "between_labels": ["A", "B"]},
         {"change_between_roles": bounds}),
    ):  # fmt: skip
        placed = {name: (("", "asked"), columns) for name, columns in tables.items()}
        test = {"questions_adjusted": (("", "asked"), {"p": p, "p_adjusted": p})}
        assert (ALONE in said_of(asked, **{**test, **placed})[1]) == said, asked


def test_ratings_name_what_moved_least():
    change = {"odds_ratio": "2.00", "low": "1.50", "high": "2.70"}
    least = {"odds_ratio": "1.10", "low": "0.60", "high": "2.00"}
    table = pd.concat(
        [cells(rating_change=(("", "asked"), change)), cells(rating_change=(("", "asked.d1"), change)),
         cells(rating_change=(("", "asked.d2"), least))]
    )  # fmt: skip
    table.loc[table["group"] == "asked.d2", "group_label"] = "Contact"
    found = write_findings(table, [question(question="asked", kind="ratings")], False)["findings"].iloc[0]
    assert found["verdict"] == "up"
    assert "What moved least was “Contact”, odds ratio 1.10 (95% interval 0.60 to 2.00)." in found["finding"]


@pytest.mark.parametrize(("p", "verdict"), [("0.010", "related"), ("0.300", "no clear relation")])
def test_factors_are_associations_in_few_areas(p, verdict):
    ranks = {"areas": "10", "rho": "0.70", "low": "0.10", "high": "0.90", "p_adjusted": p}
    found = said_of({"kind": "factors"}, factor_ranks=(("mood", "asked.f1"), ranks))
    assert found[0] == verdict
    assert "These are associations in few areas (10)." in found[1]


def test_the_gap_between_two_sides_and_their_agreement():
    found = said_of(
        {"kind": "sides"}, sides_gap=(("", "asked.change"), {"estimate": "-0.20", "low": "-0.30", "high": "-0.10"}),
        sides_agreement=(("", "asked"), {"icc": "0.45", "icc_low": "0.30", "icc_high": "0.60"}),
    )  # fmt: skip
    assert found[0] == "differs"
    assert "moved down by 0.20" in found[1] and "agreement at last was 0.45" in found[1]


def test_every_kind_of_question_has_words():
    from typing import get_args

    from pilot_eval.publish.answers import SENTENCES
    from pilot_eval.study.question import Question

    kinds = {get_args(part.model_fields["kind"].annotation)[0] for part in get_args(get_args(Question)[0])}
    assert kinds == set(SENTENCES)


def test_a_plan_without_questions_has_no_findings():
    found = write_findings(cells(change_overall=(("mood", ""), {"estimate": "0.42"})), [], False)["findings"]
    CONTRACTS["write_findings.findings"].validate(found)
    assert found.empty
