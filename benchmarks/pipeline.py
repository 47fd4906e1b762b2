"""How long the workflow takes: from nothing, with nothing to do, and after one model's formula changed.

``python benchmarks/pipeline.py REVISION`` runs the shipped study in a temporary folder on two cores and writes
``benchmarks/pipeline.md``. An earlier revision runs in turn with this one: seconds are those of a machine at an hour,
their ratio is not. Run it on a quiet machine.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "workflow"))

from flow import copy_study, snakemake  # noqa: E402


def timed(study: Path, **options: Any) -> float:
    """Seconds of one run on two cores."""
    start = time.perf_counter()
    done = snakemake(study, **options)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - start


def beside(revision: str) -> tuple[list[float], list[float]]:
    """Seconds of two whole runs each of an earlier revision and of this one, in turn."""
    found: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "old"
        subprocess.run(["git", "-C", str(ROOT), "worktree", "add", "-q", "--detach", str(old), revision], check=True)
        try:
            for turn in range(2):
                for seconds, home in zip(found, (old, ROOT), strict=True):
                    study = copy_study(Path(folder) / f"{home.name}-{turn}", home)
                    seconds.append(timed(study, home=home, env={"PYTHONPATH": str(home / "src")}))
        finally:
            subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(old)], check=True)
    return found


def peaks(study: Path) -> dict[str, tuple[float, float]]:
    """Greatest resident memory (MB) and longest time (s) of each rule, from Snakemake's own benchmark files."""
    found: dict[str, tuple[float, float]] = {}
    for file in sorted((study / "logs").rglob("*.tsv")):
        rule = file.relative_to(study / "logs").parts[0].removesuffix(".tsv")
        row = next(csv.DictReader(file.open(encoding="utf-8"), delimiter="\t"))
        memory = float(row["max_rss"]) if re.fullmatch(r"[\d.]+", row["max_rss"]) else 0.0
        old = found.get(rule, (0.0, 0.0))
        found[rule] = (max(old[0], memory), max(old[1], float(row["s"])))
    return found


def main(revision: str) -> None:
    """Run beside an earlier revision, then alone; change, run again, and write the table."""
    before, now = beside(revision)
    with tempfile.TemporaryDirectory() as folder:
        study = copy_study(Path(folder) / "study", ROOT)
        whole = timed(study)
        again = min(timed(study) for _ in range(3))
        plan = study / "config" / "models.yaml"
        text = plan.read_text("utf-8")
        changed = text.replace("wave * role + (1 + wave | area)", "wave * role + (1 | area)", 1)
        if changed == text:
            raise SystemExit("the formula to change was not found in config/models.yaml")
        plan.write_text(changed, encoding="utf-8")
        formula = timed(study)
        rules = peaks(study)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pilot_eval.cli", "--help"], check=True, stdout=subprocess.DEVNULL)
    help_time = time.perf_counter() - start
    rows = [
        ("whole DAG from nothing, two cores", f"{whole:.0f} s", "60 s (90 s with the full outputs)"),
        (
            f"the same, beside revision {revision}: {told(before)}, in turn {told(now)}",
            f"{min(now) / min(before):.2f}",
            "",
        ),
        ("again, nothing to do", f"{again:.1f} s", "2 s"),
        ("one model's formula changed", f"{formula:.0f} s", "15 s (45 s with the full outputs)"),
        ("greatest memory of a job", f"{max(memory for memory, _ in rules.values()):.0f} MB", "500 MB"),
        ("`pilot-eval --help`", f"{help_time:.2f} s", "0.2 s"),
    ]
    lines = ["# The workflow's time\n", "\nThe shipped study, two cores; `python benchmarks/pipeline.py REVISION`.\n\n"]
    lines.append("| what | measured | goal |\n|---|---|---|\n")
    lines += [f"| {what} | {measured} | {goal} |\n" for what, measured, goal in rows]
    lines.append("\n| rule | longest job (s) | greatest memory (MB) |\n|---|---|---|\n")
    lines += [f"| {rule} | {seconds:.1f} | {memory:.0f} |\n" for rule, (memory, seconds) in sorted(rules.items())]
    (ROOT / "benchmarks" / "pipeline.md").write_text("".join(lines), encoding="utf-8")
    sys.stdout.write("".join(lines))


def told(seconds: list[float]) -> str:
    """Seconds of several runs, in words."""
    return " and ".join(f"{one:.0f}" for one in seconds) + " s"


if __name__ == "__main__":
    main(sys.argv[1])
