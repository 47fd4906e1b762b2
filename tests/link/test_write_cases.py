import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from made_links import link, people

from pilot_eval.files import write_bytes
from pilot_eval.link.write_cases import write_cases
from pilot_eval.study.sheets import read_decisions

ROWS = {
    "before": [{"name": "ann hill", "email": "e"}, {"name": "sam dale"}],
    "after": [{"name": "ann hill", "email": "e"}, {"name": "samuel dale"}],
}
DOUBT = [("form_before-3", "form_after-3", 0.85)]


def cases(decisions=(), size=300):
    made = link(DOUBT, decisions, **ROWS)
    placed, _, _ = people(**ROWS)
    said = pd.DataFrame([("form_before-3", "name", "=Sam Dale"), ("form_after-3", "name", "Samuel Dale")],
                        columns=["_id", "kind", "value"], dtype="str")  # fmt: skip
    return write_cases([said], placed, made["links"], made["review"], {"key_id": "0123abcd"}, decisions, size, 7)


def test_the_doubtful_come_before_a_sample_of_the_accepted():
    found = cases()["cases"]
    assert found["why"].tolist() == ["review", "sample"]
    row = found.iloc[0]
    assert (row["one_file"], row["one_row"], row["score"], row["decision"]) == ("data/raw/before.csv", "3", "0.85", "")
    assert cases(size=0)["cases"]["why"].tolist() == ["review"]


def test_names_are_in_the_private_table_only(tmp_path):
    made = cases()
    assert "Sam" not in made["cases"].to_csv()
    named = made["named"].iloc[0]
    assert (named["one_name"], named["other_name"], named["one_organisation"]) == ("'=Sam Dale", "Samuel Dale", "s1")
    write_bytes(tmp_path / "cases.identifiers.csv", made["named"].to_csv().encode())
    assert (tmp_path / "cases.identifiers.csv").stat().st_mode & 0o777 == 0o600


def test_the_list_with_its_decisions_is_the_next_file_of_decisions():
    listed = cases()["cases"]
    listed.loc[0, "decision"] = "same"
    decisions, faults = read_decisions(listed.to_csv(index=False), "config/link_decisions.csv")
    assert not faults
    again = [{"line": line, **decision.model_dump(mode="json")} for line, decision in decisions]
    made = link(DOUBT, again, **ROWS)
    assert made["respondents"]["link_pass"].tolist() == ["email", "decision"] * 2
    # what was decided stays in the list, once
    later = cases(again)["cases"]
    assert later["decision"].tolist() == ["same", ""] and later["case"].is_unique
