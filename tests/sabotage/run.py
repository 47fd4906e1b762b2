"""Apply each sabotage to a copy of the source, and see whether a test fails: ``python tests/sabotage/run.py [WORD]``.

The checkout is not touched. With a word only the sabotages whose name has it are tried. Exit status 0 when all were
caught.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from table import PACKAGE, ROOT, Sabotage, sabotages

PYTEST = ("-m", "pytest", "-n", "0", "-q", "-x", "-p", "no:cacheprovider", "--no-header", "--durations=0")


def main(words: Sequence[str]) -> int:
    """Try them all; print one line each."""
    chosen = [one for one in sabotages() if all(word in one.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="sabotage") as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        sound = {tests: not fails(source, tests) for tests in dict.fromkeys(one.tests for one in chosen)}
        caught = [_caught(one, source, sound[one.tests]) for one in chosen]
    print(f"caught {sum(caught)} of {len(chosen)}")
    return 0 if all(caught) else 1


def _caught(one: Sabotage, source: Path, sound: bool) -> bool:
    """Whether tests that pass without a sabotage fail with it."""
    if not sound:
        print(f"   NOT TRIED: {one.name} ({', '.join(one.tests)} fail without it)", flush=True)
        return False
    file = source / PACKAGE.name / one.file
    text = file.read_text("utf-8")
    begun = time.perf_counter()
    file.write_text(one.applied(text), encoding="utf-8")
    try:
        said = fails(source, one.tests)
    finally:
        file.write_text(text, encoding="utf-8")
    by = next((line.split(" - ")[0].split("::", 1)[-1] for line in said.splitlines() if line.startswith("FAILED")), "")
    verdict = f"caught by {by or 'an error'}" if said else "NOT CAUGHT"
    print(f"{verdict:>12}: {one.name} ({time.perf_counter() - begun:.0f} s)", flush=True)
    return bool(said)


def fails(source: Path, tests: Sequence[str]) -> str:
    """What pytest says of tests on a copy of the source; empty when they pass.

    Raises
    ------
    RuntimeError
        When the tests would not run on the copy, or none was found: nothing would be learnt.
    """
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    used = subprocess.run(
        [sys.executable, "-c", "import pilot_eval; print(pilot_eval.__file__)"],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if used.returncode == 0 and not used.stdout.startswith(str(source)):
        raise RuntimeError(f"the tests would run on {used.stdout.strip()}, not on the copy")
    done = subprocess.run(
        [sys.executable, *PYTEST, *tests], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"pytest could not run {', '.join(tests)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return "" if done.returncode == 0 else done.stdout[-3000:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
