"""A run against its release."""

import pandas as pd
import pytest

from pilot_eval.verify.compare_release import compare_release
from pilot_eval.verify.contracts import CONTRACTS
from pilot_eval.verify.differences import compare_tables

STUDY = {"title": "Small Trial", "final": False}
FRAME = "<html>{% block heading %}{% endblock %}{% block lead %}{% endblock %}{% block main %}{% endblock %}</html>\n"


def ledger(*rows):
    frame = pd.DataFrame(rows, columns=["id", "value", "shown", "n"], dtype="str")
    return frame.assign(unit="points", status="", rule="fit")


OURS = ledger(("t.a.n", "40", "40", "40"), ("t.b.change", "-0.13", "-0.13", "40"))
FIGURE = pd.DataFrame({"x": ["1", "2"], "y": ["0.5", "0.7"]}, dtype="str")


def template():
    from pathlib import Path

    import pilot_eval.verify

    return (Path(pilot_eval.verify.__file__).parent / "assets" / "comparison.html.jinja").read_text("utf-8")


CLAIM = {"id": "schools", "page": "12", "quantity": "schools", "claimed": "255", "rounding": "1"}
NO_CLAIMS = pd.DataFrame(columns=[*CLAIM, "ledger", "found", "verdict"], dtype="str")


def compare(released, made=None, platform="Python 3.11 on x86_64", claims=NO_CLAIMS):
    made = made or {"ledger.csv": OURS, "figures/f.csv": FIGURE}
    checksums = {path: f"sha of {path}" for path in released}
    out = compare_release(
        made=list(made.values()), released=list(released.values()), made_paths=list(made), checksums=checksums,
        claims=claims, platform=platform, study=STUDY, base=FRAME, style="", page=template(),
    )  # fmt: skip
    CONTRACTS["compare_release.comparison"].validate(out["comparison"])
    return out


def record(**more):
    return {"release": "1", "platform": "Python 3.11 on x86_64", "files": {}, **more}


def test_the_same_is_reproduced():
    out = compare({"figures/f.csv": FIGURE, "ledger.csv": OURS, "release.json": record()})
    assert (out["verdict"]["verdict"], out["verdict"]["equal"]) == ("reproduced", True)
    assert out["verdict"]["numbers"]["equal"] == 2
    assert "All 2 published numbers came out again" in out["html"] and "Nothing differs." in out["html"]


def test_no_release_is_said_and_is_no_difference():
    out = compare({})
    assert (out["verdict"]["verdict"], out["verdict"]["equal"]) == ("no release to compare with", None)
    assert len(out["comparison"]) == 0


def test_a_number_that_differs_says_by_how_much():
    theirs = ledger(("t.a.n", "40", "40", "40"), ("t.b.change", "-0.10", "-0.10", "40"))
    out = compare({"ledger.csv": theirs})
    row = out["comparison"].loc[lambda rows: rows["id"] == "t.b.change"].iloc[0]
    assert (row["published"], row["rerun"], row["difference"], row["result"]) == ("-0.10", "-0.13", "0.03", "differs")
    assert out["verdict"]["equal"] is False
    assert "1 of 2 published numbers" in out["verdict"]["sentence"]
    assert "0.03" in out["html"]


@pytest.mark.parametrize(
    ("theirs", "result"),
    [
        (ledger(("t.a.n", "40", "40", "40")), "new"),
        (pd.concat([OURS, ledger(("t.c.n", "10", "10", "10"))]), "missing"),
        (OURS.assign(n="45"), "differs"),
        (OURS.assign(status="c"), "differs"),
    ],
)
def test_every_way_to_differ_is_a_difference(theirs, result):
    out = compare({"ledger.csv": theirs})
    assert out["verdict"]["equal"] is False
    assert out["verdict"]["numbers"][result] >= 1


def test_wording_of_a_number_may_change():
    assert compare({"ledger.csv": OURS.assign(rule="other", estimand="in new words")})["verdict"]["equal"] is True


def test_figure_data_are_compared_cell_by_cell():
    theirs = FIGURE.assign(y=["0.5", "0.8"])
    out = compare({"ledger.csv": OURS, "figures/f.csv": theirs})
    row = out["comparison"].loc[lambda rows: rows["what"] == "cell"].iloc[0]
    assert (row["id"], row["column"], row["difference"]) == ("row 2", "y", "0.1")
    assert out["verdict"]["equal"] is False


def test_a_file_missing_is_a_difference_and_a_further_file_is_not():
    out = compare({"ledger.csv": OURS, "tables/gone.csv": FIGURE})
    assert out["verdict"]["equal"] is False and out["verdict"]["files"]["missing"] == 1
    out = compare({"ledger.csv": OURS})
    assert out["verdict"]["equal"] is True and out["verdict"]["files"]["new"] == 1


def test_elsewhere_one_unit_of_the_last_digit_is_within_tolerance():
    theirs = ledger(("t.a.n", "40", "40", "40"), ("t.b.change", "-0.12", "-0.12", "40"))
    elsewhere = {"ledger.csv": theirs, "release.json": record(platform="Python 3.12 on aarch64")}
    assert compare(elsewhere)["verdict"]["verdict"] == "reproduced within tolerance"
    assert compare({"ledger.csv": theirs, "release.json": record()})["verdict"]["equal"] is False
    far = ledger(("t.a.n", "40", "40", "40"), ("t.b.change", "-0.11", "-0.11", "40"))
    assert compare({**elsewhere, "ledger.csv": far})["verdict"]["equal"] is False


def test_a_release_altered_by_hand_is_told():
    out = compare({"ledger.csv": OURS, "release.json": record(files={"ledger.csv": "another sha"})})
    assert out["verdict"]["altered"] == ["ledger.csv"] and out["verdict"]["equal"] is False


def test_text_of_the_release_cannot_change_the_page():
    theirs = ledger(("t.a.n", "<script>", "40", "40"), ("t.b.change", "-0.13", "-0.13", "40"))
    assert "<script>" not in compare({"ledger.csv": theirs})["html"]


def test_claims_are_shown_and_change_no_verdict():
    claims = pd.DataFrame([{**CLAIM, "ledger": "t.a.n t.b.n", "found": "260", "verdict": "differs"}], dtype="str")
    release = {"ledger.csv": OURS}
    out = compare(release, claims=claims)
    assert out["verdict"] == compare(release)["verdict"]
    assert "0 of 1 are met" in out["html"] and "Schools (page 12)" in out["html"] and "t.a.n + t.b.n" in out["html"]
    assert "published elsewhere" not in compare(release)["html"]


def test_rows_without_ids_are_matched_by_place():
    one = pd.DataFrame({"id": ["a", "a"], "y": ["1", "2"]}, dtype="str")
    found = list(compare_tables(one, one.iloc[:1], ["y"], lenient=False))
    assert [(difference.id, difference.result) for difference in found] == [("row 1", "equal"), ("row 2", "missing")]
