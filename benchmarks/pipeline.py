"""How long the workflow takes: from nothing, with nothing to do, and after one model's formula changed.

``python benchmarks/pipeline.py`` runs the shipped study in a temporary folder on two cores and writes
``benchmarks/pipeline.md``. Run it on a quiet machine.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "workflow"))

from flow import copy_study, snakemake  # noqa: E402


def timed(study: Path, *arguments: str) -> float:
    """Seconds of one run on two cores."""
    start = time.perf_counter()
    done = snakemake(study, *arguments)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - start


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


def main() -> None:
    """Run, change, run again, and write the table."""
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
        ("whole DAG from nothing, two cores", f"{whole:.0f} s", "60 s"),
        ("again, nothing to do", f"{again:.1f} s", "2 s"),
        ("one model's formula changed", f"{formula:.0f} s", "15 s (45 s with the full outputs)"),
        ("greatest memory of a job", f"{max(memory for memory, _ in rules.values()):.0f} MB", "500 MB"),
        ("`pilot-eval --help`", f"{help_time:.2f} s", "0.2 s"),
    ]
    lines = ["# The workflow's time\n", "\nThe shipped study, two cores; `python benchmarks/pipeline.py`.\n\n"]
    lines.append("| what | measured | goal |\n|---|---|---|\n")
    lines += [f"| {what} | {measured} | {goal} |\n" for what, measured, goal in rows]
    lines.append("\n| rule | longest job (s) | greatest memory (MB) |\n|---|---|---|\n")
    lines += [f"| {rule} | {seconds:.1f} | {memory:.0f} |\n" for rule, (memory, seconds) in sorted(rules.items())]
    (ROOT / "benchmarks" / "pipeline.md").write_text("".join(lines), encoding="utf-8")
    sys.stdout.write("".join(lines))


if __name__ == "__main__":
    main()
