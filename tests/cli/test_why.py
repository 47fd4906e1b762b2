"""Where a published number comes from."""

import json

import pandas as pd
import pytest

from pilot_eval.cli import main

HEAD = "id,table,row,column,value,shown,n,unit,status,estimand,rule\n"
LINES = (
    "flow.asked.t0.n,flow,asked.t0,n,40,40,40,,,people asked,hide_cells\n"
    "flow.left.t0.n,flow,left.t0,n,,[c],,,c,people who left,hide_cells\n"
)


@pytest.fixture
def study(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/study.yaml").write_text("title: x\n", encoding="utf-8")
    (tmp_path / "results/tables").mkdir(parents=True)
    (tmp_path / "results/ledger.csv").write_text(HEAD + LINES, encoding="utf-8")
    catalogue = {"flow": {"title": "Flow of people"}}
    (tmp_path / "results/tables/catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")
    log = tmp_path / "data/processed/disclose/hide_cells/hidden.parquet"
    log.parent.mkdir(parents=True)
    pd.DataFrame({"id": ["flow.left.t0.n"], "why": ["respondents"], "value": [3.0]}).to_parquet(log)
    return tmp_path


def why(study, name, capsys):
    status = main(["why", name, "--study", str(study)])
    shown = capsys.readouterr()
    return status, shown.out + shown.err


def test_it_tells_table_estimand_rule_code_and_inputs(study, capsys):
    status, text = why(study, "flow.asked.t0.n", capsys)
    assert status == 0
    for word in ("Flow of people", "people asked", "40 respondents", "disclose/hide_cells.py", "read_registers/areas"):
        assert word in text


def test_a_hidden_number_says_by_which_rule_and_never_what_it_is(study, capsys):
    _, text = why(study, "flow.left.t0.n", capsys)
    assert "confidential" in text and "respondents)" in text
    assert "3" not in text.replace("flow.left.t0.n", "")


def test_a_misspelt_id_gets_the_nearest(study, capsys):
    status, text = why(study, "flow.askd.t0.n", capsys)
    assert status == 1 and "did you mean flow.asked.t0.n?" in text


def test_without_results_it_says_what_to_do(study, capsys):
    (study / "results/ledger.csv").unlink()
    status, text = why(study, "flow.asked.t0.n", capsys)
    assert status == 1 and "[RUN-13]" in text and "Run snakemake first" in text
