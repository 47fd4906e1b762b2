"""The shipped study, run whole: every planted fault found and no other, truth recovered, the release met."""

import csv
import json
import re
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from flow import ROOT, copy_study, snakemake
from rulebook import rules

#: Rules of the change log by which a delivered value is not merely read but found wrong.
MENDED = {"range", "predecessor", "spelling"}
LISTS = {"changes": "*changes.parquet", "rejects": "*rejects.parquet", "review": "*review.parquet"}


@pytest.fixture(scope="module")
def seed(tmp_path_factory):
    """The shipped study in a folder of its own, run to the end on two cores."""
    study = copy_study(tmp_path_factory.mktemp("seed"), ROOT)
    done = snakemake(study)
    assert done.returncode == 0, done.stderr
    return study


def found(study, kind):
    """Rows of the change logs, rejects or review lists of all stages that name a fault: (file, row, column)."""
    rows = set()
    for file in sorted((study / "data/processed").rglob(LISTS[kind])):
        table = pd.read_parquet(file)
        if kind == "changes":
            no_date = (table["rule"] == "date") & (table["to_value"] == "")
            table = table[table["rule"].isin(MENDED) | no_date]
        rows |= {(row["_file"], int(row["_row"])) for row in table.to_dict("records")}
    return rows


def planted():
    with (ROOT / "data/raw/planted.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_planted_fault_is_found_where_it_was_planted(seed):
    places = {kind: found(seed, kind) for kind in LISTS}
    missed = [
        row
        for row in planted()
        if not any((row["file"], int(row["row"])) in places[kind] for kind in row["record"].split(" or "))
    ]
    assert missed == []


def test_nothing_but_the_planted_faults_is_found(seed):
    known = {(row["file"], int(row["row"])) for row in planted()}
    for kind in LISTS:
        assert found(seed, kind) - known == set(), kind


def test_every_rule_ran(seed):
    ran = {folder.name for folder in (seed / "logs").iterdir()}
    assert [rule.name for rule in rules() if rule.name not in ran and f"{rule.name}.log" not in ran] == []


def test_truth_is_recovered(seed):
    truth = pd.read_csv(ROOT / "config" / "truth_observed.csv")
    truth = truth[truth["estimand"] == "change_overall"].set_index("outcome")["value"]
    parts = [pd.read_parquet(file) for file in (seed / "data/processed/model/fit_change").rglob("*.part.parquet")]
    part = pd.concat(parts)
    overall = part[part["table"] == "change_overall"].pivot(index="outcome", columns="column", values="value")
    assert set(overall.index) == set(truth.index)
    missed = [name for name, row in overall.iterrows() if not row["low"] <= truth[name] <= row["high"]]
    assert len(missed) <= 1, missed


def test_the_published_shapes_hold(seed):
    table = pd.read_csv(seed / "results/tables/replication.csv")
    rows = table.pivot(index="outcome", columns="measure", values="value").astype(float)
    assert (rows["change"] > 0).all() and len(rows) == 3
    assert (rows["p"] < 0.01).sum() == 1


def test_the_release_is_met(seed):
    verdict = json.loads((seed / "results/verify/verdict.json").read_text("utf-8"))
    assert verdict["equal"] is True, verdict["sentence"]


def test_no_identifier_leaves_the_private_folders(seed):
    """Names and e-mail addresses of the deliveries stand in no log, result or table after link."""
    identifiers = pd.concat(
        pd.read_parquet(file) for file in (seed / "data/processed/ingest").rglob("*.identifiers.parquet")
    )
    secret = {value for value in identifiers["value"] if len(value) > 8}
    assert len(secret) > 100

    def told(text):
        return [word for word in secret if word in text]

    for file in [*(seed / "results").rglob("*"), *(seed / "logs").rglob("*.log")]:
        if file.suffix in {".csv", ".html", ".json", ".svg", ".log"}:
            assert not told(file.read_text("utf-8")), file
    for file in (seed / "data/processed").rglob("*.parquet"):
        if "identifiers" not in file.name:
            text = pd.read_parquet(file).to_csv(index=False)
            assert not told(text), file


def test_public_outputs_do_not_name_areas_and_packs_name_their_own_only(seed):
    from pilot_eval.study import load_study

    names = {area.code: area.name for area in load_study(seed).config.areas}
    public = [*(seed / "results/tables").glob("*"), *(seed / "results/figures").glob("*.[scj]*")]
    public += [seed / "results/ledger.csv", seed / "results/report/report.html"]
    for file in public:
        text = file.read_text("utf-8")
        assert [name for name in names.values() if re.search(rf"\b{re.escape(name)}\b", text)] == [], file
    for code, name in names.items():
        text = (seed / "results/packs" / f"{code}.html").read_text("utf-8")
        assert name in text
        assert [other for other in names.values() if other not in name and re.search(rf"\b{other}\b", text)] == []
