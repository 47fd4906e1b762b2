"""What the terminal shows of a run."""

import logging
from types import SimpleNamespace

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_pilot import SAID, LogHandler, fault_lines


@pytest.fixture
def handler(monkeypatch):
    monkeypatch.delenv("PILOT_EVAL_DEBUG", raising=False)
    return LogHandler(SimpleNamespace(dryrun=False, verbose=False), None)


def record(event=None, level=logging.INFO, message="", **more):
    made = logging.LogRecord("snakemake", level, "", 0, message, None, None)
    made.__dict__.update({"event": event, **more})
    return made


def test_progress_names_the_stage_once_and_the_end(handler, capsys):
    handler.emit(record(LogEvent.JOB_INFO, rule_name="no_such_rule"))
    handler.stage = "model"
    for done in (1, 2, 3):
        handler.emit(record(LogEvent.PROGRESS, done=done, total=3))
    assert capsys.readouterr().err.splitlines() == ["1 of 3 jobs, model", "3 of 3 jobs, model"]


def test_a_failed_job_shows_its_fault_lines_and_no_more(handler, capsys, tmp_path):
    log = tmp_path / "a.log"
    log.write_text("[X-1] STOP a.csv: empty.\n[X-2] STOP b.csv: empty.\n\nTraceback ...", encoding="utf-8")
    handler.emit(record(LogEvent.JOB_ERROR, logging.ERROR, rule_name="read_wave", log=[str(log)]))
    handler.emit(record(LogEvent.ERROR, logging.ERROR, "WorkflowError: something"))
    assert capsys.readouterr().err.splitlines() == ["[X-1] STOP a.csv: empty.", "[X-2] STOP b.csv: empty."]


@pytest.mark.fault("RUN-03")
@pytest.mark.parametrize(("number", "said"), [(9, "killed by the system (signal 9)"), (11, "signal 11"), (0, "a word")])
def test_a_job_that_was_killed_is_explained(number, said):
    (line,) = fault_lines("read_wave", ["/nonexistent/a.log"], number)
    assert line.startswith("[RUN-03] STOP rule read_wave") and said in line


def test_a_killed_job_is_one_line(handler, capsys):
    said = "CalledProcessError in file x.smk: Command 'python' died with <Signals.SIGKILL: 9>."
    handler.emit(record(LogEvent.ERROR, logging.ERROR, said))
    handler.emit(record(LogEvent.JOB_ERROR, logging.ERROR, rule_name="read_wave", log=[]))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("[RUN-03] STOP rule read_wave: was killed by the system (signal 9)")


def test_a_job_that_has_spoken_for_itself_is_not_told_again(handler, capsys):
    handler.emit(record(LogEvent.ERROR, logging.ERROR, f"Command 'python' {SAID}"))
    handler.emit(record(LogEvent.JOB_ERROR, logging.ERROR, rule_name="read_wave", log=[]))
    assert capsys.readouterr().err == ""


@pytest.mark.fault("RUN-05", "RUN-06")
@pytest.mark.parametrize(("said", "kind"), [("[Errno 28] No space left on device: 'a/b.json'", "RUN-05"),
                                            ("[Errno 30] Read-only file system: 'a/b.json'", "RUN-06")])  # fmt: skip
def test_what_the_system_refuses_to_snakemake_is_one_line(handler, capsys, said, kind):
    handler.emit(record(LogEvent.ERROR, logging.ERROR, f"Traceback ...\nOSError: {said}\n"))
    handler.emit(record(LogEvent.ERROR, logging.ERROR, f"WorkflowError: {said}"))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"[{kind}] STOP a/b.json: ")


def test_of_a_kind_of_fault_a_run_shows_twenty_lines(handler, capsys, tmp_path):
    for number in range(3):
        log = tmp_path / f"{number}.log"
        log.write_text(
            "\n".join(f"[ING-14] STOP {number}.csv, row {row}: empty." for row in range(15)), encoding="utf-8"
        )
        handler.emit(record(LogEvent.JOB_ERROR, logging.ERROR, rule_name="read_wave", log=[str(log)]))
    assert len(capsys.readouterr().err.splitlines()) == 20


def test_errors_that_no_job_explains_are_shown(handler, capsys):
    handler.emit(record(LogEvent.ERROR, logging.ERROR, "MissingInputException: a"))
    assert "MissingInputException" in capsys.readouterr().err


def test_nothing_to_be_done_is_said(handler, capsys):
    handler.emit(record(None, message="Nothing to be done (all requested files are present and up to date)."))
    handler.emit(record(None, message="Building DAG of jobs..."))
    assert capsys.readouterr().err.startswith("Nothing to be done")
