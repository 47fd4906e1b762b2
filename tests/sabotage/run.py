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
        _used(source)
        broken = fails(source, sorted({test for one in chosen for test in one.tests}), "--maxfail=0")
        caught = [_caught(one, source, broken) for one in chosen]
    print(f"caught {sum(caught)} of {len(chosen)}")
    return 0 if all(caught) else 1


def _used(source: Path) -> None:
    """Make sure that tests would import the copy: else nothing would be learnt."""
    code = "import pilot_eval; print(pilot_eval.__file__)"
    done = subprocess.run([sys.executable, "-c", code], env=_with(source), capture_output=True, text=True, check=True)
    if not done.stdout.startswith(str(source)):
        raise RuntimeError(f"the tests would run on {done.stdout.strip()}, not on the copy")


def _with(source: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}


def _caught(one: Sabotage, source: Path, broken: Sequence[str]) -> bool:
    """Whether tests that pass without a sabotage fail with it."""
    before = [test for test in broken if test.startswith(one.tests)]
    if before:
        print(f"   NOT TRIED: {one.name} ({before[0]} fails without it)", flush=True)
        return False
    file = source / PACKAGE.name / one.file
    text = file.read_text("utf-8")
    begun = time.perf_counter()
    file.write_text(one.applied(text), encoding="utf-8")
    try:
        failed = fails(source, one.tests)
    finally:
        file.write_text(text, encoding="utf-8")
    verdict = f"caught by {failed[0].partition('::')[2] or failed[0]}" if failed else "NOT CAUGHT"
    print(f"{one.name}: {verdict} ({time.perf_counter() - begun:.0f} s)", flush=True)
    return bool(failed)


def fails(source: Path, tests: Sequence[str], *options: str) -> list[str]:
    """Tests that fail on a copy of the source.

    Raises
    ------
    RuntimeError
        When pytest could not run them: nothing would be learnt.
    """
    done = subprocess.run(
        [sys.executable, *PYTEST, *options, *tests], env=_with(source), cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1, 2):
        raise RuntimeError(f"pytest could not run {', '.join(tests)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    lines = done.stdout.splitlines()
    return [line.split()[1] for line in lines if line.startswith(("FAILED ", "ERROR "))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
