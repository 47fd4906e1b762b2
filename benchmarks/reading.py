"""Time from a delivered file to cleaned parquet: 200,000 rows of 80 columns, as CSV and as SPSS file, on one core.

``python benchmarks/reading.py`` prints a table in Markdown. Each file is read and cleaned in a process of its own, so
that its peak memory can be told.
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS, ITEMS = 200_000, 77


def made(folder: Path, suffix: str) -> Path:
    """A survey with ids, areas and likert items, some of them blank."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(1)
    answers = random.integers(1, 6, (ROWS, ITEMS)).astype("float64")
    answers[random.random((ROWS, ITEMS)) < 0.05] = np.nan
    table = pd.DataFrame(answers, columns=[f"q{n}" for n in range(1, ITEMS + 1)])
    table.insert(0, "id", [f"S{n:06d}" for n in range(ROWS)])
    table.insert(1, "area", random.choice(["Elm Vale", "Tor Hill"], ROWS))
    table.insert(2, "day", "2016-02-03")
    path = folder / f"wave.{suffix}"
    if suffix == "csv":
        table.astype({name: "Int64" for name in table.columns[3:]}).to_csv(path, index=False)
    else:
        import pyreadstat

        pyreadstat.write_sav(table, path)
    return path


def stages(path: Path) -> None:
    """Read and clean one file, and print the seconds of each stage and the peak memory."""
    from pilot_eval.clean.recode_items import recode_items
    from pilot_eval.files import write
    from pilot_eval.ingest.read_wave import read_wave
    from pilot_eval.study.delivery import Item, Source

    content = path.read_bytes()
    sha = hashlib.sha256(content).hexdigest()
    source = Source(
        source="wave", kind="survey", instrument="form", wave="before", path=path.name, format=path.suffix[1:],
        sha256=sha, bytes=len(content), rows=ROWS,
    ).model_dump(mode="json")  # fmt: skip
    del content
    labels = {1: "Never", 2: "Seldom", 3: "Now and then", 4: "Often", 5: "Always"}
    names = [("id", "text", "response"), ("area", "text", "area"), ("day", "date", "completed")]
    names += [(f"q{n}", "likert", "answer") for n in range(1, ITEMS + 1)]
    codebook = [
        Item(item=name if name[0] == "q" else f"the_{name}", label=f"Question {name}", type=kind, use=use,
             labels=labels if kind == "likert" else {}, names={"before": name}).model_dump(mode="json")
        for name, kind, use in names
    ]  # fmt: skip
    waves = [{"id": "before", "label": "Before", "start": "2016-01-01", "end": "2016-04-30", "months": 0}]
    begun = time.process_time()
    found = read_wave(path, source, codebook, sha)
    read = time.process_time()
    cleaned = recode_items(found["answers"], found["variables"], source, codebook, waves, [], [])["cleaned"]
    done = time.process_time()
    write(path.with_suffix(".parquet"), cleaned)
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{read - begun:.1f} {done - read:.1f} {end - done:.1f} {end - begun:.1f} {peak:.2f}")


def main() -> None:
    """Print the table."""
    print("| file | MB | read (s) | clean (s) | write (s) | all (s) | peak (GB) |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("csv", "sav"):
            path = made(Path(folder), suffix)
            size = path.stat().st_size / 1e6
            one_core = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            run = subprocess.run(
                [sys.executable, __file__, str(path)], env=one_core, capture_output=True, text=True, check=True
            )
            print(f"| {suffix} | {size:.0f} | " + " | ".join(run.stdout.split()) + " |")


if __name__ == "__main__":
    stages(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
