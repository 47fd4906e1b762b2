"""Apply each sabotage to a copy of the source, and see whether a test fails: ``python tests/sabotage/run.py [WORD]``.

The checkout is not touched. With a word only the sabotages whose name has it are tried. Exit status 0 when all were
caught. Each try is a fork of one process that has imported the heavy libraries but nothing of ours: a copy's source is
read afresh, pandas is not.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from table import PACKAGE, ROOT, Sabotage, sabotages

HEAVY = ("formulaic", "hypothesis", "pandas", "pandera.pandas", "pytest", "scipy.optimize", "scipy.stats")
PYTEST = ("-n", "0", "-q", "-x", "-p", "no:cacheprovider", "--no-header", "--durations=0")


def main(words: Sequence[str]) -> int:
    """Try them all; print one line each."""
    chosen = [one for one in sabotages() if all(word in one.name for word in words)]
    os.environ["OMP_NUM_THREADS"] = "1"
    sys.dont_write_bytecode = True
    for name in HEAVY:
        import_module(name)

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
        print(f"NOT TRIED: {one.name} ({', '.join(one.tests)} fail without it)", flush=True)
        return False
    file = source / PACKAGE.name / one.file
    text = file.read_text("utf-8")
    begun = time.perf_counter()
    file.write_text(one.applied(text), encoding="utf-8")
    try:
        failed = fails(source, one.tests)
    finally:
        file.write_text(text, encoding="utf-8")
    verdict = f"caught by {failed[0].rpartition('::')[2]}" if failed else "NOT CAUGHT"
    print(f"{one.name}: {verdict} ({time.perf_counter() - begun:.0f} s)", flush=True)
    return bool(failed)


def fails(source: Path, tests: Sequence[str]) -> list[str]:
    """The first test that fails on a copy of the source, if one does.

    Raises
    ------
    RuntimeError
        When pytest could not run them: nothing would be learnt.
    """
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
        child = multiprocessing.get_context("fork").Process(target=_run, args=(source, tests, said.name))
        child.start()
        child.join()
        text = said.read()
    if child.exitcode not in (0, 1, 2):
        raise RuntimeError(f"pytest could not run {', '.join(tests)}:\n{text[-3000:]}")
    return [line.split()[1] for line in text.splitlines() if line.startswith(("FAILED ", "ERROR "))]


def _run(source: Path, tests: Sequence[str], said: str) -> None:
    """In a fork: run tests on the copy, and end with pytest's exit status."""
    import pytest

    stream = os.open(said, os.O_WRONLY)
    os.dup2(stream, 1)
    os.dup2(stream, 2)
    os.chdir(ROOT)
    sys.path.insert(0, str(source))
    import pilot_eval

    if not str(pilot_eval.__file__).startswith(str(source)):
        os._exit(99)
    status = pytest.main([*PYTEST, *tests])
    sys.stdout.flush()
    os._exit(int(status))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
