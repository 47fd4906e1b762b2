"""Figures of ratings and of the joint display: what they draw of disclosed cells, and what they say."""

import re
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made import made_areas, made_study

from pilot_eval.disclose.hide_cells import hide_cells
from pilot_eval.parts import measured, part_of
from pilot_eval.publish.draw_figures import draw_figures
from pilot_eval.publish.figures.heat import level_tone, share_tone
from pilot_eval.publish.figures.plan import planned_figures
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.rows import counted, sheet_of

CODES = ["east-end", "northam", "south-bank", "westbury", "midmoor", "hilltop"]
AREAS = made_areas(CODES)
LETTER = AREAS.set_index("area")["letter"]
CODED = {
    "id": "codes", "label": "Reasons for success", "items": {"lead": "A lead", "paths": "Clear paths"},
    "occasions": {}, "levels": {"0": "No evidence", "1": "Some", "2": "Strong"}, "note": "Coded by two.",
}  # fmt: skip
STUDY = made_study()
STUDY |= {
    "evidence": [*STUDY["evidence"], CODED],
    "asked": [{"id": "rose", "kind": "ratings", "evidence": "walks"},
              {"id": "why", "kind": "factors", "evidence": "codes", "outcome": "calm"}],
}  # fmt: skip
STRENGTH = dict(zip(CODES, [2, 0, 1, 2, 0, 1], strict=True))


def rating_cells(low=1.4):
    levels, moves, change = [], [], []
    for item, name in STUDY["evidence"][0]["items"].items():
        for occasion, at in (("v1", (4, 2, 0)), ("v2", (0, 2, 4))):
            for level, number in enumerate(at, start=1):
                levels += measured(
                    {"rated": 6, "at_level": number, "share": number / 6}, group=f"rose.{item}.{occasion}.{level}"
                )
        moves += measured({"median_first": 1, "median_last": 3}, group=f"rose.{item}", group_label=name)
        change += measured({"odds_ratio": 2.0 if item == "a" else 3.0}, group=f"rose.{item}")
    change += measured({"odds_ratio": 2.5, "low": low, "high": 4.1}, group="rose")
    return {"rating_levels": levels, "rating_moves": moves, "rating_change": change}


def factor_cells(few="northam", p_adjusted=0.2):
    display, ranks = [], []
    for at, area in enumerate(CODES):
        place = {"outcome": "calm", "area": area, "group": "why"}
        n = 2 if area == few else 30
        display += measured(
            {"estimate": 0.1 * at, "low": 0.1 * at - 0.2, "high": 0.1 * at + 0.2}, unit="points", n=n, **place
        )
        for item in CODED["items"]:
            display.append(
                {"column": f"strength_{item}", "kind": "statistic", "digits": 0, "value": STRENGTH[area], **place}
            )
    for item, rho in (("lead", -0.3), ("paths", 0.6)):
        shared = {"outcome": "calm", "group": f"why.{item}", "group_label": CODED["items"][item]}
        (areas,) = measured({"areas": 6}, **shared)
        ranks.append({**areas, "unit": "areas"})
        ranks += measured({"rho": rho, "low": rho - 0.3, "high": rho + 0.3, "p_adjusted": p_adjusted}, n=180, **shared)
    return {"joint_display": display, "factor_ranks": ranks}


def disclosed(tables):
    limits = {"min_respondents": 5, "min_organisations": 1, "round_counts_to": 5}
    return hide_cells([part_of("made", tables)], AREAS, limits, "letter", ["calm"])["cells"]


def drawn(tables, study=STUDY):
    plan = [one for one in planned_figures(study) if one["kind"] in ("rating_levels", "joint_display")]
    found = draw_figures(disclosed(tables), plan, study)
    assert set(found.pop("kept")["places"]) == {"0"}
    return {one["kind"]: {key: values[at] for key, values in found.items()} for at, one in enumerate(plan)}


@pytest.fixture(scope="module")
def figures():
    return drawn({**rating_cells(), **factor_cells()})


def test_evidence_that_a_question_asks_about_is_drawn_once():
    names = [one["name"] for one in planned_figures(STUDY)]
    assert "rating_levels_rose" in names and "joint_display_why" in names and "ratings_walks" not in names
    lost = {**STUDY, "asked": [{"id": "gone", "kind": "ratings", "evidence": "none"}]}
    assert "ratings_walks" in [one["name"] for one in planned_figures(lost)]


def test_ratings_are_shares_at_levels_and_no_averages(figures):
    one = figures["rating_levels"]
    assert one["words"]["title"] == "Ratings of districts rose from the first to the last occasion"
    assert "2.50 (1.40 to 4.10)" in one["words"]["description"] and "lowest 2.00 (Light)" in one["words"]["description"]
    assert "First visit: Poor 67%, Fair 33%, Good 0%" in one["words"]["description"]
    assert set(one["data"]["column"]) == {"share", "median_first", "median_last", "odds_ratio", "low", "high"}
    assert "67%" in one["svg"] and "heavy outline marks the median level" in one["words"]["note"]


def test_no_clear_change_is_said_as_such():
    one = drawn(rating_cells(low=0.8))["rating_levels"]
    assert "no clear change" in one["words"]["title"]


def test_areas_stand_in_the_order_of_their_change_and_factors_in_that_of_their_correlation(figures):
    one = figures["joint_display"]
    places = {letter: one["svg"].index(f">{letter}</text>") for letter in LETTER}
    seen = [LETTER[area] for area in ["hilltop", "midmoor", "westbury", "south-bank", "east-end", "northam"]]
    assert sorted(places, key=places.get) == seen
    assert one["svg"].index("Clear paths") < one["svg"].index("A lead")


def test_the_number_of_areas_and_the_limits_are_said(figures):
    words = figures["joint_display"]["words"]
    assert words["title"] == "No factor goes clearly with change in calm over the districts"
    assert "associations in few districts" in words["note"]
    clear = drawn(factor_cells(p_adjusted=0.01))["joint_display"]["words"]["title"]
    assert clear.startswith("Evidence of A lead and Clear paths goes with change in calm")


def test_a_confidential_change_is_not_drawn_but_its_codes_are(figures):
    one, letter = figures["joint_display"], LETTER["northam"]
    assert f"confidential [c]: District {letter}" in one["words"]["note"]
    own = one["data"].query(f"area == 'District {letter}'")
    assert set(own["column"]) == {"strength_lead", "strength_paths"}


def test_data_are_published_cells_and_no_other(figures):
    lookup = Lookup(disclosed({**rating_cells(), **factor_cells()}))
    for figure in figures.values():
        for record in figure["data"].to_dict("records"):
            assert record["shown"] == lookup[record["id"]].shown
        assert min(float(size) for size in re.findall(r"font-size: ([\d.]+)px", figure["svg"])) >= 12


def test_nothing_to_show_is_a_figure_that_says_so():
    none = {"rating_change": measured({"odds_ratio": None}, group="rose")}
    for figure in drawn(none).values():
        assert figure["words"]["title"].endswith("nothing can be shown.") and figure["png"]


def test_titles_of_tables_give_the_number_of_areas():
    lookup = Lookup(disclosed(factor_cells()))
    assert counted(sheet_of("joint_display", lookup)) == "6" and counted(sheet_of("factor_ranks", lookup)) == "6"


def test_many_areas_have_no_letters_and_the_note_names_them():
    codes = [f"area-{at}" for at in range(45)]
    areas = made_areas(codes)
    cells = [measured({"estimate": at / 45, "low": 0.0, "high": 1.0}, unit="points", n=30, outcome="calm", area=area,
                      group="why") for at, area in enumerate(codes)]  # fmt: skip
    part = part_of("made", {"joint_display": [cell for own in cells for cell in own]})
    limits = {"min_respondents": 5, "min_organisations": 1, "round_counts_to": 5}
    found = hide_cells([part], areas, limits, "letter", ["calm"])["cells"]
    plan = [{"name": "j", "kind": "joint_display", "subject": "why"}]
    words = draw_figures(found, plan, STUDY)["words"][0]
    assert "Columns from left to right: District " in words["note"]


@pytest.mark.parametrize(("levels", "tones"), [([1, 2, 3, 4], 4), ([0, 1], 2), ([1, 2, 3, 4, 5, 6, 7], 4)])
def test_a_higher_level_is_never_lighter(levels, tones):
    found = [level_tone(level, levels) for level in levels]
    assert len(set(found)) == tones and found[0] == "#FFFFFF"
    assert pd.Series(found).groupby(found, sort=False).ngroups == tones
    assert share_tone(0) != share_tone(0.01) and share_tone(1.0) == share_tone(0.99)
