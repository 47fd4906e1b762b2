"""Five hundred names, addresses and remarks in the deliveries: none comes out, and one that did would be found."""

import io
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_broken_disk import jobs_of

from pilot_eval import step
from pilot_eval.faults import StudyFaults


def canaries(study):
    """What respondents gave, as typed, by kind; remarks that many made are nobody's."""
    tables = (study / "data/processed/ingest").rglob("*.identifiers.parquet")
    return pd.concat([pd.read_parquet(file) for file in tables])[["kind", "value"]].drop_duplicates()


def everything_made(study):
    """Bytes of all files after clean, logs and Snakemake's own records, members of archives by themselves."""
    early = {"ingest", "clean", "register"}
    for top in ("data/processed", "results", "logs", ".snakemake"):
        for file in (study / top).rglob("*"):
            if not file.is_file() or ".identifiers." in file.name or early & set(file.relative_to(study).parts[2:3]):
                continue
            content = file.read_bytes()
            if file.suffix == ".parquet":
                content = pd.read_parquet(file).to_csv().encode()
            elif zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(file) as archive:
                    content = b"\n".join(archive.read(name) for name in archive.namelist())
            yield file, content


def test_no_canary_is_in_anything_that_was_made(finished):
    """Looked for by a plain search for each, not by the rule that the run itself has."""
    known = canaries(finished)
    values = [value.encode() for value in known["value"] if len(value) >= 8]
    assert len(values) >= 500 and set(known["kind"]) >= {"name", "email", "free_text"}
    for file, content in everything_made(finished):
        assert [value for value in values if value in content] == [], file


@pytest.mark.fault("VER-10")
def test_a_canary_that_comes_out_stops_the_run_in_every_form(finished, tmp_path, monkeypatch):
    import shutil

    study = shutil.copytree(finished, tmp_path / "mini", symlinks=True)
    monkeypatch.chdir(study)
    (job,) = [job for job in jobs_of(finished) if job.rule == "find_leaks"]
    assert step.call(job.rule, job.input, job.params)["leaks"]["found"] == 0
    known = canaries(study).groupby("kind")["value"].first()
    ledger, page = Path("results/ledger.csv"), Path("results/report/report.html")
    ledger.write_bytes(ledger.read_bytes() + known["email"].encode())
    page.write_bytes(page.read_bytes().replace(b"</p>", f" {known['name']}</p>".encode(), 1))
    with zipfile.ZipFile("results/workbook.xlsx", "a") as archive:
        archive.writestr("xl/comments.xml", f"<t>{known['name']}</t>")
    table = Path("data/processed/link/place_respondents/review.parquet")
    pd.DataFrame({"note": [known["email"]]}).to_parquet(table)
    log = Path("logs/read_wave/diary_spring.log")
    log.write_text(f"done with {known['name'].upper()}\n", encoding="utf-8")
    with pytest.raises(StudyFaults) as error:
        step.call(job.rule, job.input, job.params)
    planted = {ledger: "e-mail", page: "name", Path("results/workbook.xlsx"): "name", table: "e-mail", log: "name"}
    assert {(fault.file, fault.saw.partition("(")[2].partition(",")[0]) for fault in error.value.faults} == {
        (path.as_posix(), kind) for path, kind in planted.items()
    }
