"""Tidy tables from disclosed cells."""

import pandas as pd
import pytest

from pilot_eval.files import as_bytes
from pilot_eval.publish.catalogue import CATALOGUE, NOTES, header, label, say, significance, title
from pilot_eval.publish.contracts import CONTRACTS
from pilot_eval.publish.write_tables import COLUMNS, write_tables

WORDING = {
    "title": "Small Trial", "short_title": "Trial", "geography": "Three valleys", "period": "2020 to 2021",
    "organisation": "Us", "synthetic": True, "areas_public_as": "letter", "release": "1", "final": False,
    "words": {"area": "valley", "areas": "valleys", "organisation": "farm", "organisations": "farms",
              "respondent": "farmer", "respondents": "farmers"},
    "waves": {"t0": "Spring", "t1": "Autumn"}, "roles": {"owner": "Owners", "hand": "Farm hands"},
    "outcomes": {"mood": {"label": "=Mood", "unit": "points"}}, "scales": {},
    "names": {"routes": "Routes are known"}, "models": {"main": "Main model"},
    "limits": {"min_respondents": 5, "min_organisations": 3, "round_counts_to": 5, "multiplicity": "Holm"},
}  # fmt: skip


def cell(table, column, value, shown, **more):
    row = {"outcome": "", "area_letter": "", "group": "", "group_label": "", "wave": "", **more}
    words = [word for word in (row["outcome"], row["area_letter"].lower(), row["group"], row["wave"]) if word]
    row |= {"table": table, "row": ".".join(words) or "all", "column": column, "value": value, "shown": shown}
    row["area_label"] = row["area_letter"]
    row["id"] = f"{table}.{row['row']}.{column}"
    given = {"n": 40, "unit": "points", "status": "", "estimand": "", "rule": "r", "kind": "estimate", "digits": 2}
    return {**given, **row}


def disclosed(rows):
    frame = pd.DataFrame(rows)
    frame["n"] = frame["n"].astype("Int64")
    frame["order"] = range(len(frame))
    return frame


def overall():
    return disclosed(
        [
            cell("change_overall", "estimate", -0.1, "-0.10", outcome="mood"),
            cell("change_overall", "p", 0.001, "<0.001", outcome="mood", kind="p", digits=3, unit=""),
            cell("response_by_area", "followed", 1235.0, "1,235", area_letter="A", wave="t0", kind="count", unit=""),
            cell("response_by_area", "responded", float("nan"), "[c]", area_letter="A", wave="t0", status="c", n=None),
        ]
    )


@pytest.fixture(scope="module")
def written():
    return write_tables(overall(), ["change_overall", "response_by_area", "ratings"], WORDING)


def test_one_row_a_number_with_its_id_and_labels(written):
    change = written["tables"][0]
    assert list(change.columns) == list(COLUMNS)
    assert change.loc[0, ["id", "measure", "value", "n", "status"]].tolist() == [
        "change_overall.mood.estimate", "estimate", "-0.10", "40", ""]  # fmt: skip
    response = written["tables"][1]
    assert response["value"].tolist() == ["1235", ""]
    assert response["shown"].tolist() == ["1,235", "[c]"]
    assert change.loc[0, "shown"] == "-0.10"
    assert response["status"].tolist() == ["", "c"]
    assert response["wave_label"].tolist() == ["Spring", "Spring"]
    for table in written["tables"]:
        CONTRACTS["write_tables.tables"].validate(table)


def test_never_a_marker_inside_a_number(written):
    for table in written["tables"]:
        numbers = pd.to_numeric(table["value"].where(table["value"] != "", "0"))
        assert numbers.notna().all()


def test_no_label_is_a_formula(written):
    assert written["tables"][0]["outcome_label"].tolist() == ["'=Mood", "'=Mood"]


def test_a_table_without_cells_has_a_header_only(written):
    assert as_bytes(".csv", written["tables"][2]).decode() == ",".join(COLUMNS) + "\n"
    assert written["catalogue"]["ratings"]["rows"] == 0


def test_every_file_says_that_it_is_synthetic(written):
    assert set(written["tables"][0]["data"]) == {"synthetic"}
    assert all(entry["synthetic"] for entry in written["catalogue"].values())


def test_titles_have_subject_population_geography_and_period():
    assert (
        title("change_by_area", WORDING) == "Change in each outcome by valley, mixed model, Three valleys, 2020 to 2021"
    )


def test_the_whole_catalogue_can_be_said_in_any_words():
    for name, table in CATALOGUE.items():
        texts = [title(name, WORDING), say(table.about, WORDING), *(say(NOTES[note], WORDING) for note in table.notes)]
        texts += [header(name, column, WORDING) for column in (*table.rows, *table.measures)]
        assert not any("{" in text or not text for text in texts)
        assert set((table.noted or {}).values()) <= set(NOTES)
        headers = [header(name, column, WORDING) for column in (*table.rows, *table.measures)]
        assert len(set(headers)) == len(headers)


@pytest.mark.parametrize(
    ("dimension", "code", "words"),
    [
        ("outcome", "mood", "=Mood"), ("wave", "t1", "Autumn"), ("group", "owner", "Owners"), ("group", "", "All"),
        ("group", "role:hand", "Farm hands"), ("group", "routes", "Routes are known"), ("group", "else", "else"),
        ("group", "main.wave", "Main model: wave"), ("group", "leave_areas_out", "Each valley left out in turn"),
        ("group", "routes.part-1-of-3", "Routes are known: part 1 of 3"),
        ("group", "routes.difference", "Routes are known: highest less lowest start"),
    ],
)  # fmt: skip
def test_codes_in_words(dimension, code, words):
    assert label(dimension, code, WORDING) == words


def test_significance_is_said_in_words():
    assert [significance(p) for p in (0.001, 0.02, 0.05)] == [
        "Significant at the 1% level", "Significant at the 5% level", "Not significant at the 5% level"]  # fmt: skip
