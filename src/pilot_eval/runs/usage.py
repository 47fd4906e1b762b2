"""What a job used, by its own word: Snakemake measures the process that waits for a fork of the warm one."""

from __future__ import annotations

import csv
import io
import json
import resource
import sys
from pathlib import Path

from pilot_eval import files

USED = Path(".snakemake/pilot_eval/used")
#: Columns of Snakemake's benchmark files that a job knows better.
KNOWN = ("max_rss", "mean_load", "cpu_time")
#: Its columns that stay: the time that went by.
STAY = ("s", "h:m:s")
#: Units of the greatest memory that the system tells, in a megabyte.
IN_MB = 1 << 20 if sys.platform == "darwin" else 1 << 10


def note(log: Path) -> None:
    """Keep what this process has used so far: its greatest memory (MB) and processor time (s)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime + below.ru_utime + below.ru_stime
    memory = max(used.ru_maxrss, below.ru_maxrss) / IN_MB
    files.write((USED / log).with_suffix(".json"), {"max_rss": memory, "cpu_time": seconds})


def put_right() -> None:
    """Put what the jobs of a run noted into their benchmark files; what nobody measured becomes ``NA``."""
    for path in sorted(USED.rglob("*.json")):
        table = path.relative_to(USED).with_suffix(".tsv")
        if table.is_file():
            (row,) = csv.DictReader(io.StringIO(table.read_text("utf-8")), delimiter="\t")
            used = json.loads(path.read_text("utf-8"))
            used["mean_load"] = 100 * used["cpu_time"] / max(float(row["s"]), 0.01)
            known = {name: f"{used[name]:.2f}" for name in KNOWN}
            kept = {name: row[name] for name in STAY}
            stream = io.StringIO()
            writer = csv.DictWriter(stream, list(row), restval="NA", delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerow({**kept, **known})
            files.write(table, stream.getvalue().encode())
        path.unlink()
