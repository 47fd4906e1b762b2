"""The quality pages."""

import re
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made import FIT

from pilot_eval.publish import qa_tables
from pilot_eval.publish.write_qa import write_qa

WORDING = {
    "title": "Small Trial", "short_title": "Trial", "geography": "Valleys", "period": "2020", "organisation": "Us",
    "synthetic": True, "release": "1", "final": False, "roles": {"owner": "Owners"}, "scales": {"mood": "Mood"},
    "outcomes": {"mood": {"label": "Mood", "unit": "points"}},
    "waves": {"t0": "Spring"}, "limits": {"min_respondents": 5, "min_organisations": 3, "round_counts_to": 5},
}  # fmt: skip
BASE = "<html>{{ study.title }}{% block title %}{% endblock %}{% block main %}{% endblock %}"
SOURCE = {
    "source": "s1", "path": "data/raw/s1.csv", "kind": "survey", "supplier": "House", "received": "2020-05-01",
    "sha256": "ab", "bytes": 10, "rows": 9,
}  # fmt: skip
RECEIPT = {"source": "s1", "file": "data/raw/s1.csv", "sha256": "ab", "rows_read": 8, "rows_rejected": 1, "columns": 4}
SLOPES = ["outcome", "audit", "n", "false_share", "slope", "low", "high", "corrected", "corrected_low",
          "corrected_high"]  # fmt: skip
AUDIT = ["method", "measure", "by", "level", "n", "n_events", "share", "low", "high"]
RATES = ["wave", "role", "area", "n", "n_matched"]
CONTRACT = 'CONTRACTS = {"read_wave.answers": 1, "read_wave.faults": 2}\nTEXT = "a b.c"\n'
LOCK = b"pandas==3.1.1 \\\n    --hash=sha256:00\nnumpy==2.4.0 ; python_version < '3.12' \\\n    --hash=sha256:11\n"


def log(columns, *rows):
    return pd.DataFrame(rows, columns=columns)


def rejects(number, reason="duplicate_record"):
    return log(
        ["_file", "_row", "reason", "rule", "detail"], *[("s1.csv", row, reason, "CLN-1", "") for row in range(number)]
    )


def cell(shown, **more):
    given = {"id": "reliability.mood.all.t0.alpha", "table": "reliability", "row": "mood.all.t0", "column": "alpha"}
    given |= {"value": float(shown), "shown": shown, "n": 40, "unit": "", "status": "", "kind": "statistic"}
    given |= {"outcome": "mood", "area_letter": "", "area_label": "", "group": "all", "group_label": "", "wave": "t0"}
    return pd.DataFrame([{**given, **more}])


def rules_with(places):
    return log(["rule", "says", "places", "first"], ("no_merged", "No <cells> are merged.", str(places), "Table_1 A1"))


def write(**more):
    given = {
        "cells": cell("0.82"),
        "hidden": log(["id", "table", "why", "value", "n"], ("reliability.x", "reliability", "sum", 1.0, 2)),
        "receipts": [RECEIPT],
        "rejects": [rejects(7), rejects(2, "test_respondent")],
        "changes": [log(["_file", "rule"], *[("s1.csv", "range")] * 6)],
        "faults": [log(["id", "severity", "file", "count"], ("CLN-1", "FIX", "s1.csv", 6))],
        "balance": log(["source", "stage", "rows_in", "rows_out", "rows_rejected"], ("s1", "clean", 9, 8, 1)),
        "rates": log(
            ["wave", "role", "area", "n", "n_matched"], ("t0", "owner", "a", 21, 3), ("t0", "owner", "b", 22, 14)
        ),
        "flow": log(
            ["wave", "role", "area", "link_pass", "n"],
            ("t0", "owner", "a", "email", 13),
            ("t0", "owner", "b", "email", 10),
            ("t0", "owner", "b", "", 4),
        ),
        "audit": log(
            AUDIT,
            ("hidden_key", "recall", "", "", 23, 22, 22 / 23, 0.79, 0.99),
            ("hidden_key", "recall", "area", "a", 13, 13, 1.0, 0.77, 1.0),
            ("decoys", "false_share", "kind", "made_up", 500, 2, 0.004, 0.001, 0.014),
            ("impossible", "false_share", "what", "date", 4, 0, 0.0, 0.0, 0.49),
        ),
        "differences": log(
            ["wave", "difference", "flagged"], ("t0", 0.2, True), ("t0", 0.0, False), ("t0", None, False)
        ),
        "slopes": log(
            SLOPES,
            ("mood", "sample", 43, 0.1, -0.5, -0.6, -0.4, -0.444, -0.56, -0.33),
            ("rare", "", 3, None, -0.2, -0.9, 0.5, None, None, None),
            ("none", "", 0, *[None] * 7),
        ),
        "fits": [FIT],
        "workbook_rules": rules_with(0),
        "figure_rules": rules_with(0),
        "page_rules": rules_with(0),
        "contracts": [CONTRACT],
        "lock": LOCK,
        "base": BASE,
        "style": "",
        "page": open_template(),
        "sources": [SOURCE],
        "people": {"analyst": "", "assurer": "B", "approver": "C"},
        "assumptions": [["study", "what <b>", "why"]],
        "plan": {"frozen": "2015-09-01", "sha256": "0123456789", "deviations": []},
        "wording": WORDING,
    }
    return write_qa(**{**given, **more})


def open_template():
    from pathlib import Path

    import pilot_eval.publish

    return (Path(pilot_eval.publish.__file__).parent / "assets" / "qa.html.jinja").read_text("utf-8")


@pytest.fixture(scope="module")
def written():
    return write()


def results(written):
    return {check["check"]: check["result"] for check in written["checks"]}


def test_a_good_run_passes_but_for_the_signatures(written):
    found = results(written)
    assert found.pop("Signed by people") == "To read"
    assert set(found.values()) == {"Passed"}
    assert "no analyst" in written["checks"][-1]["detail"]


@pytest.mark.parametrize(
    ("check", "more"),
    [
        ("No row is lost", {"balance": log(["rows_in", "rows_out", "rows_rejected"], (9, 7, 1))}),
        ("Files are those registered", {"receipts": [{**RECEIPT, "sha256": "cd"}]}),
        ("Faults of the deliveries", {"faults": [log(["id", "severity", "file", "count"], ("X-1", "WARN", "f", 1))]}),
        ("Convergence", {"fits": [{**FIT, "converged": False}]}),
        ("Convergence", {"fits": [{**FIT, "status": "refused", "reason": "no areas"}]}),
        ("Double programming", {"fits": [{**FIT, "second_fit": {"done": False, "reason": "crossed"}}]}),
        ("Reliability of the scales", {"cells": cell("0.55")}),
        ("Accessible workbook", {"workbook_rules": rules_with(2)}),
        ("Readable figures", {"figure_rules": rules_with(2)}),
        ("Accessible pages", {"page_rules": rules_with(2)}),
        ("Analysis plan", {"plan": {"frozen": "", "sha256": "", "deviations": []}}),
        ("Analysis plan", {"plan": {"frozen": "2015-09-01", "sha256": "01", "deviations": [["a", "2", "3"]]}}),
    ],
)
def test_what_is_wrong_is_not_passed(check, more):
    assert results(write(**more))[check] != "Passed"


def test_small_counts_are_confidential(written):
    table = written["rejects"].set_index("reason")
    assert table.loc["duplicate_record", ["count", "status"]].tolist() == ["7", ""]
    assert table.loc["test_respondent", ["count", "status"]].tolist() == ["", "c"]


def test_what_linked_is_counted_and_rounded(written):
    assert written["link_flow"].values.tolist() == [
        ["Spring", "e-mail address", "25", ""],
        ["Spring", "nothing", "", "c"],
    ]


def test_errors_of_linking_are_told_without_small_groups(written):
    assert written["link_audit"].values.tolist() == [
        ["links by id or e-mail address, made again without it", "share of persons found again", "25", "0.96", "0.79",
         "0.99", ""],
        ["made-up persons that were linked", "share of links that are wrong", "500", "0.00", "0.00", "0.01", ""],
        ["links against the order of the dates", "share of links that are wrong", "", "", "", "", "c"],
    ]  # fmt: skip


def test_linked_and_unlinked_are_compared_by_number(written):
    assert written["linked_compared"].values.tolist() == [["Spring", "2", "1"]]
    whole, rare = written["start_slopes"].to_dict("records")
    assert (whole["outcome"], whole["n"], whole["slope"], whole["corrected"]) == ("Mood", "45", "-0.50", "-0.44")
    assert (rare["n"], rare["slope"], rare["status"]) == ("", "", "c")


def test_the_page_has_signs_where_the_files_have_letters_and_nothing(written):
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", written["html"])
    assert 's1.csv</th><td>test_respondent</td><td>CLN-1</td><td class="n">[c]</td>' in rows
    assert 's1.csv</th><td>duplicate_record</td><td>CLN-1</td><td class="n">7</td>' in rows
    assert "pandas</th><td>3.1.1</td><td>[z]</td>" in rows


def test_paths_may_be_broken_checksums_are_short_and_numbers_stand_at_the_right(written):
    html = write(sources=[{**SOURCE, "path": "data/raw/a_<b>.csv", "sha256": "0f" * 32}])["html"]
    assert '<th scope="row">data/<wbr>raw/<wbr>a_<wbr>&lt;b&gt;.csv</th>' in html
    assert "<td>0f0f0f0f…</td>" in html
    assert '<th scope="col" class="n">Bytes</th>' in html and f'<td class="n">{SOURCE["bytes"]}</td>' in html


def test_match_rates_add_up_areas_and_are_rounded(written):
    assert written["match_rates"].values.tolist() == [["Spring", "Owners", "45", "15", "0.33", ""]]


def test_the_data_log_says_what_was_read(written):
    row = written["data_log"].iloc[0]
    assert row[["file", "sha256", "rows", "rows_read", "rows_rejected"]].tolist() == [
        "data/raw/s1.csv",
        "ab",
        "9",
        "8",
        "1",
    ]


def test_contracts_and_versions_come_from_text():
    assert qa_tables.contracts_kept([CONTRACT]).values.tolist() == [["read_wave", "answers"], ["read_wave", "faults"]]
    assert qa_tables.software(LOCK).values.tolist() == [
        ["pandas", "3.1.1", ""],
        ["numpy", "2.4.0", "python_version < '3.12'"],
    ]


def test_the_page_escapes_text_and_names_every_table(written):
    assert "what &lt;b&gt;" in written["html"]
    assert all(f'href="{name}.csv"' in written["html"] for name in written if name not in ("html", "checks"))


def test_logs_may_be_empty():
    empty = write(rejects=[rejects(0)], changes=[], faults=[log(["id", "severity", "file", "count"])])
    assert "Rows not used, by file and reason: none." in empty["html"]


def test_one_of_a_thing_is_no_more_than_one(written):
    details = {check["check"]: check["detail"] for check in written["checks"]}
    assert details["No row is lost"] == "rows in = rows out + rejects in 1 step of 1"
    assert details["Faults of the deliveries"] == "0 rejections, 1 correction and 0 warnings in the log"
    assert details["Analysis plan"].endswith("; 0 deviations since")
    planned = write(plan={"frozen": "2015-09-01", "sha256": "01", "deviations": [["a", "2", "3"]]})["checks"]
    assert any(check["detail"].endswith("; 1 deviation since") for check in planned)
