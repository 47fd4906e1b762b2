"""The real workflow on the mini study: from delivered files to a verified page, and back again."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from flow import ROOT, copy_code, copy_study, differences, snakemake, would_run
from rulebook import rules


@pytest.fixture
def study(finished, tmp_path):
    """A finished study of one's own, records of the workflow included."""
    shutil.copytree(finished, tmp_path / "mini", symlinks=True)
    return tmp_path / "mini"


def test_it_ends_with_a_page_a_verdict_and_a_time(finished):
    assert (finished / "results" / "index.html").is_file()
    lines = (finished / "terminal.txt").read_text("utf-8").splitlines()
    assert any(line.endswith("results/index.html") for line in lines)
    assert any(line.startswith("verify: ") for line in lines)
    assert any(" jobs, model" in line for line in lines)


def test_every_rule_wrote_all_its_outputs(finished):
    for rule in rules():
        if "{question}" in rule.sections["output"]:
            continue  # this study's plan asks nothing; the shipped one does
        folder = finished / "logs" / rule.name
        assert folder.is_dir() or (finished / "logs" / f"{rule.name}.log").is_file(), rule.name


@pytest.mark.fault("RUN-14")
def test_snakemake_waits_for_jobs_and_not_for_the_clock(finished):
    # Its limit of jobs a second would set a clock at each look for jobs, and look again at each: more with every job.
    assert int(Path(finished.parent, "clocks").read_text("utf-8")) < len(list((finished.parent / "jobs").iterdir()))


def test_same_bytes_elsewhere(finished, tmp_path):
    """Two cores, another folder, locale, time zone and hash seed; made more than two seconds later."""
    other = copy_study(tmp_path / "elsewhere")
    done = snakemake(other, cores=2, env={"LC_ALL": "C.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "77"})
    assert done.returncode == 0, done.stderr
    assert differences(finished / "results", other / "results") == []


def test_a_second_run_has_nothing_to_do(finished):
    assert would_run(finished) == {}


@pytest.mark.fault("RUN-12")
def test_an_environment_in_a_path_with_a_space(tmp_path):
    """Snakemake starts the interpreter of a script unquoted; our rule files mend that."""
    home = tmp_path / "an environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    inner = next((home / "lib").glob("python*")) / "site-packages" / "base.pth"
    inner.write_text(f"{sysconfig.get_paths()['purelib']}\n{ROOT / 'src'}\n", encoding="utf-8")
    mini = copy_study(tmp_path / "mini")
    done = snakemake(mini, "read_registers", python=home / "bin" / "python")
    assert done.returncode == 0, done.stderr


def test_a_formula_changed_refits_that_model_only(study):
    plan = study / "config" / "models.yaml"
    text = plan.read_text("utf-8")
    name, formula = first_formula(text)
    other = re.sub(r"\([^()|]*\| area\)", "(1 | area)", formula)
    assert other != formula
    plan.write_text(text.replace(formula, other, 1), encoding="utf-8")
    jobs = would_run(study)
    outcomes = fitted_by(study, name)
    assert jobs["fit_change"] == len(outcomes)
    assert not {"read_wave", "recode_items", "score_scales", "compare_waves"} & set(jobs)
    assert {"hide_cells", "write_report", "compare_release"} <= set(jobs)


NUMBERS = {"fit_change", "hide_cells"}
#: File of the study, text there, text instead, rules that must run again, rules that must not.
FLIPS = {
    "title": (
        "study.yaml",
        "title: Allotment mentors",
        "title: Mentors",
        {"write_report"},
        NUMBERS,
    ),
    "people": ("study.yaml", "seed:", "people: {analyst: A}\nseed:", {"write_report"}, NUMBERS),
    "share": ("study.yaml", "label: Volunteer,", "label: Volunteer, share: 0.5,", {"fit_change"}, {"score_scales"}),
    "threshold": ("study.yaml", "min_respondents: 10", "min_respondents: 11", {"hide_cells"}, {"fit_change"}),
    "months": ("study.yaml", "months: 10", "months: 11", {"score_scales", "fit_change"}, {"read_wave", "recode_items"}),
    "wave": ("study.yaml", "label: Spring 2021", "label: Spring", {"write_report"}, {"read_wave"}),
    "area": ("study.yaml", "Osyth Fields", "Osyths Field", {"read_registers"}, {"read_wave", "recode_items"}),
    "minimum": ("scales.yaml", "minimum: 3", "minimum: 2", {"score_scales", "fit_change"}, {"recode_items"}),
    "scale label": (
        "scales.yaml",
        "label: Skill in",
        "label: Skills in",
        {"draw_figures"},
        NUMBERS,
    ),
    "outcome label": (
        "models.yaml",
        "label: Skill in",
        "label: Skills in",
        {"write_report"},
        NUMBERS,
    ),
    "because": ("models.yaml", "What mentors are for.", "Why mentors?", {"write_qa"}, NUMBERS),
    "supplier": ("sources.csv", "tests/mini/make.py", "the makers", {"write_qa"}, {"read_wave", "hide_cells"}),
}


@pytest.mark.parametrize("key", FLIPS)
def test_a_key_flipped_reruns_what_reads_it_and_no_more(study, key):
    """The config as an input would rerun everything; rules take the keys they need as params."""
    name, there, instead, wanted, unwanted = FLIPS[key]
    file = study / "config" / name
    text = file.read_text("utf-8")
    assert there in text
    file.write_text(text.replace(there, instead), encoding="utf-8")
    jobs = set(would_run(study))
    assert wanted <= jobs, jobs
    assert not unwanted & jobs, jobs


def test_a_study_without_good_practice_makes_no_page_of_it_and_all_else(study):
    shutil.rmtree(study / "config" / "good_practice")
    jobs = would_run(study)
    assert "write_good_practice" not in jobs and {"write_packs", "write_report", "write_index"} <= set(jobs)


def test_pdf_is_made_when_asked_for_and_kept_as_new_as_its_page(study):
    assert "pdf" not in would_run(study)
    assert would_run(study, "--printshellcmds", "pdf") == {"pdf": 1}
    for name in ("report", "summary"):
        old = study / "results/report" / f"{name}.pdf"
        old.write_bytes(b"%PDF")
        os.utime(old, (1e9, 1e9))
    assert would_run(study)["pdf"] == 1


@pytest.mark.fault("RUN-08")
def test_the_report_changed_refits_nothing(finished, tmp_path):
    """A copy of the code in which one module of the report differs: only what stands on it runs."""
    home = copy_code(tmp_path / "home")
    env = {"PYTHONPATH": str(home / "src")}
    mini = shutil.copytree(finished, home / "mini", symlinks=True)
    assert snakemake(mini, "--touch", home=home, env=env).returncode == 0
    assert would_run(mini, home=home, env=env) == {}
    with (home / "src/pilot_eval/publish/write_report.py").open("a", encoding="utf-8") as stream:
        stream.write("\n# another wording\n")
    jobs = set(would_run(mini, home=home, env=env))
    assert "write_report" in jobs
    assert not {"fit_change", "read_wave", "hide_cells", "draw_figures", "write_packs"} & jobs


@pytest.mark.fault("RUN-07")
def test_new_content_with_an_older_time_is_seen(study):
    raw = next((study / "data" / "raw").rglob("*.csv"))
    sources = study / "config" / "sources.csv"
    before = raw.stat()
    text = raw.read_bytes()
    raw.write_bytes(text + b"\n")
    os.utime(raw, (before.st_atime - 1e6, before.st_mtime - 1e6))
    done = snakemake(study)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert raw.name in done.stderr and "sha256" in done.stderr
    raw.write_bytes(text)
    assert sources.is_file()


@pytest.mark.parametrize("damage", ["cut", "empty", "other type", "gone"])
def test_a_damaged_delivery_is_one_clear_message(study, damage):
    survey = survey_file(study)
    whole = survey.read_bytes()
    if damage == "gone":
        survey.unlink()
    else:
        survey.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "other type": b"PK\x03\x04" + whole}[damage])
    done = snakemake(study)
    stops = [line for line in done.stderr.splitlines() if " STOP " in line]
    assert done.returncode == 1
    assert len(stops) == 1 and survey.name in stops[0], done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    survey.write_bytes(whole)
    again = snakemake(study, f"data/processed/ingest/read_wave/{survey.stem}.answers.parquet")
    assert again.returncode == 0, again.stderr
    assert not list(study.rglob(".*.parquet.*"))


def test_a_lost_column_is_one_clear_message(study):
    """A delivery that was registered anew, without a column that the codebook names."""
    survey = survey_file(study)
    survey.write_text(survey.read_text("utf-8").replace(",B1,", ",Z9,", 1), encoding="utf-8")
    sources = study / "config" / "sources.csv"
    old = next(line for line in sources.read_text("utf-8").splitlines() if survey.name in line)
    cells = old.split(",")
    checksum = next(cell for cell in cells if len(cell) == 64)
    size = cells[cells.index(checksum) + 1]
    content = survey.read_bytes()
    new = old.replace(checksum, hashlib.sha256(content).hexdigest()).replace(f",{size},", f",{len(content)},")
    sources.write_text(sources.read_text("utf-8").replace(old, new), encoding="utf-8")
    done = snakemake(study)
    stops = [line for line in done.stderr.splitlines() if " STOP " in line]
    assert done.returncode == 1
    assert len(stops) == 1 and "[CLN-01]" in stops[0] and survey.name in stops[0], done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.fault("RUN-06")
def test_a_folder_that_is_a_file_is_one_clear_message(study):
    shutil.rmtree(study / "results")
    (study / "results").write_text("in the way", encoding="utf-8")
    done = snakemake(study)
    assert done.returncode == 1
    assert any(line.startswith("[RUN-") and "results" in line for line in done.stderr.splitlines()), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.fault("RUN-09")
def test_an_intermediate_edited_by_hand_is_refused(study):
    table = study / "data/processed/score/score_scales/analysis.parquet"
    table.write_bytes(table.read_bytes() + b" ")
    done = snakemake(study)
    assert done.returncode == 1
    assert "[RUN-09]" in done.stderr and "analysis.parquet" in done.stderr


def test_a_job_that_failed_once_leaves_no_old_page(study, finished):
    """A missing intermediate under a finished page counts as nothing to be done, unless all asks for everything."""
    analysis = study / "data/processed/score/score_scales/analysis.parquet"
    survey = survey_file(study)
    whole = survey.read_bytes()
    analysis.unlink()
    survey.write_bytes(b"")
    assert snakemake(study).returncode == 1
    survey.write_bytes(whole)
    done = snakemake(study)
    assert done.returncode == 0, done.stderr
    assert analysis.is_file()
    assert differences(finished / "results", study / "results") == []


@pytest.mark.fault("RUN-11")
def test_config_faults_come_in_one_list_before_any_job(study):
    text = (study / "config" / "study.yaml").read_text("utf-8")
    (study / "config" / "study.yaml").write_text(text.replace("seed:", "sead:", 1), encoding="utf-8")
    plan = study / "config" / "models.yaml"
    plan.write_text(plan.read_text("utf-8") + "\nmodles: {}\n", encoding="utf-8")
    done = snakemake(study)
    assert done.returncode == 1
    assert 'unknown key "sead"' in done.stderr and 'unknown key "modles"' in done.stderr
    assert "Traceback" not in done.stderr


def test_verified_fails_on_a_difference(study):
    released = study / "published" / "ledger.csv"
    released.parent.mkdir(exist_ok=True)
    shutil.copy(study / "results" / "ledger.csv", released)
    assert snakemake(study, "verified").returncode == 0
    rows = released.read_text("utf-8").splitlines()
    released.write_text("\n".join([*rows[:1], *rows[2:]]) + "\n", encoding="utf-8")
    done = snakemake(study, "verified")
    assert done.returncode == 1
    assert snakemake(study).returncode == 0
    verdict = json.loads((study / "results/verify/verdict.json").read_text("utf-8"))
    assert verdict["equal"] is False


def first_formula(text):
    """Name and formula of the first model of a plan."""
    import yaml

    models = yaml.safe_load(text)["models"]
    name = next(iter(models))
    return name, models[name]["formula"]


def fitted_by(study, model):
    """Outcomes to which a model of a study is fitted."""
    from pilot_eval.study import load_study

    return [outcome for name, outcome in load_study(study).fits if name == model]


def survey_file(study):
    """The first survey delivery of a study."""
    from pilot_eval.study import load_study

    return study / load_study(study).surveys[0].path
