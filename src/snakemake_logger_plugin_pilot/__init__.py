"""What a person sees on the terminal while the workflow runs: progress by stage, and bare fault lines.

A Snakemake logger plugin (profile ``logger: pilot``). Tracebacks stand in the log of the job that failed; with
``PILOT_EVAL_DEBUG=1``, in a dry run and with ``--verbose`` everything that Snakemake says is printed.
"""

# ruff: noqa: I001 - interrupts come first: what follows takes a second to import

from __future__ import annotations

import snakemake_logger_plugin_pilot.interrupts  # noqa: F401

import logging
import os
import re
import signal
import sys
from collections import Counter
from pathlib import Path

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from pilot_eval.faults import SHOWN_PER_ID
from pilot_eval.runs.refusals import refusal
from pilot_eval.step import STAGES, TOLD

#: What Snakemake itself says of a job that failed or was killed; the job's own lines follow.
ENDED = ("returned non-zero exit status", "died with <Signals.")
KILLED = re.compile(r"died with <Signals\.\w+: (\d+)>")
#: The job's own line stands on the terminal already: its log could not hold it.
SAID = f"returned non-zero exit status {TOLD}."
#: How Python says what the system refused to Snakemake itself: number, words, file.
REFUSED = re.compile(r"\[Errno (\d+)\] ([^:\n]*)(?:: '([^'\n]*)')?")
KIND = re.compile(r"\[([A-Z]{3}-\d+[a-z]?)\]")
PACKAGE = Path(__file__).resolve().parent.parent / "pilot_eval"


class LogHandler(LogHandlerBase):
    """Prints one line of progress per stage (or one that is rewritten, on a terminal) and the faults of failed jobs."""

    def __post_init__(self) -> None:
        # What Snakemake cannot write to a log of its own (an accent in an ASCII locale) is no news for the terminal.
        logging.raiseExceptions = False
        self.stage = ""
        self.shown = ""
        self.failed = False
        self.signal = 0
        self.said = False
        self.lines: Counter[str] = Counter()

    @property
    def writes_to_stream(self) -> bool:
        """It takes the place of Snakemake's own messages."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """Snakemake's own log in ``.snakemake/log`` stays as it is."""
        return False

    @property
    def has_filter(self) -> bool:
        """Snakemake's filter (``--quiet`` and its like) holds here too."""
        return False

    @property
    def has_formatter(self) -> bool:
        """Messages shown as they are use Snakemake's own form."""
        return False

    @property
    def needs_rulegraph(self) -> bool:
        """The graph is not shown."""
        return False

    def emit(self, record: logging.LogRecord) -> None:
        """Show one record of Snakemake's log, or nothing."""
        event = getattr(record, "event", None)
        if self._everything():
            text = self.format(record)
            if text and text != "None":
                _print(text)
        elif event == LogEvent.JOB_INFO:
            self.stage = stage_of(record.__dict__["rule_name"]) or self.stage
        elif event == LogEvent.PROGRESS:
            self._progress(record.__dict__["done"], record.__dict__["total"])
        elif event == LogEvent.JOB_ERROR:
            self._job_failed(record.__dict__["rule_name"], record.__dict__["log"] or [])
        elif record.levelno >= logging.ERROR and any(words in record.getMessage() for words in ENDED):
            killed = KILLED.search(record.getMessage())
            self.signal = int(killed[1]) if killed else 0
            self.said = SAID in record.getMessage()
        elif self._is_news(record, event):
            refused = REFUSED.search(record.getMessage()) if record.levelno >= logging.ERROR else None
            if refused:
                self.failed = True
                _print(refusal(OSError(int(refused[1]), refused[2], refused[3])).message)
            else:
                _print(self.format(record))

    def _everything(self) -> bool:
        settings = self.common_settings
        asked = "--lint" in sys.argv or os.environ.get("PILOT_EVAL_DEBUG") == "1"
        return bool(settings.dryrun or settings.verbose or asked)

    def _is_news(self, record: logging.LogRecord, event: LogEvent | None) -> bool:
        """Errors that no job has explained yet, and that there was nothing to do."""
        if record.levelno >= logging.ERROR:
            return not self.failed
        return event is None and "Nothing to be done" in record.getMessage()

    def _job_failed(self, rule: str, logs: list[str]) -> None:
        """Show why a job failed; of each kind of fault no more lines in a run than a person reads."""
        self.failed = True
        for line in [] if self.said else fault_lines(rule, logs, self.signal):
            kind = KIND.match(line)
            name = kind[1] if kind else ""
            self.lines[name] += 1
            if not name or self.lines[name] <= SHOWN_PER_ID:
                _print(line)

    def _progress(self, done: int, total: int) -> None:
        text = f"{done} of {total} jobs, {self.stage}"
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            sys.stderr.write(f"\r\033[K{text}{end}")
            sys.stderr.flush()
        elif self.stage != self.shown or done == total:
            _print(text)
        self.shown = self.stage


def stage_of(rule: str) -> str | None:
    """The stage whose folder has a module of the rule's name."""
    return next((stage for stage in STAGES if (PACKAGE / stage / f"{rule}.py").is_file()), None)


def fault_lines(rule: str, logs: list[str], killed_by: int = 0) -> list[str]:
    """The fault lines at the head of a failed job's log; one line of ours when it left none.

    Parameters
    ----------
    rule : str
    logs : list of str
    killed_by : int
        Number of the signal that ended the job; 0 for none.
    """
    for log in logs:
        path = Path(log)
        if path.is_file():
            head = path.read_text(encoding="utf-8", errors="replace").split("\n\n", 1)[0].splitlines()
            if head and head != ["done"]:
                return head
    if killed_by == signal.SIGKILL:
        what = f"was killed by the system (signal {killed_by}), probably out of memory"
    elif killed_by:
        what = f"was ended by signal {killed_by}"
    else:
        what = "ended without a word"
    action = "Run again with --cores 1 or on a larger machine; finished outputs are kept"
    return [f"[RUN-03] STOP rule {rule}: {what}. {action}."]


def _print(text: str) -> None:
    sys.stderr.write(text.encode(sys.stderr.encoding or "ascii", "backslashreplace").decode(sys.stderr.encoding) + "\n")
    sys.stderr.flush()
