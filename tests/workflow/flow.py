"""Runs the real workflow on a copy of a study, as a person would."""

import filecmp
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MINI = ROOT / "tests" / "mini"
#: On the path of Python, it reaches into the jobs (see its ``sitecustomize.py``).
SHIM = Path(__file__).parent / "shim"


def copy_study(folder, origin=MINI):
    """A private copy of a study: its config, its deliveries, its release if there is one.

    In the mini study's diaries everybody has something to say: what must not come out again.
    """
    for name in ("config", "data/raw", "notebooks", "published"):
        if (origin / name).is_dir():
            shutil.copytree(origin / name, Path(folder) / name)
    if origin == MINI:
        for diary in sorted(Path(folder, "data/raw").glob("diary_s*.csv")):
            plant_remarks(Path(folder), diary)
    return Path(folder)


def plant_remarks(study, diary):
    """Fill the last column, remarks, where it is empty, and register the file anew."""
    before = diary.read_bytes()
    remark = rb"\1\2At \1 the seventh gate creaked behind the old pear tree"
    diary.write_bytes(re.sub(rb"(?m)^(\w{6})(.*[,;])(?=\r?$)", remark, before))
    sources = study / "config/sources.csv"
    text = sources.read_text("utf-8")
    old, new = (f"{hashlib.sha256(content).hexdigest()},{len(content)}," for content in (before, diary.read_bytes()))
    assert old in text
    sources.write_text(text.replace(old, new), encoding="utf-8")


def copy_code(home):
    """A copy of the code and of all that a workflow needs beside a study, to be changed at will."""
    for part in ("src", "rules", "profiles", "notebooks"):
        shutil.copytree(ROOT / part, home / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for part in ("Snakefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / part, home / part)
    return home


def command(study, *arguments, cores=2, home=ROOT, python=sys.executable):
    """The call of Snakemake for a study."""
    return [
        str(python), "-m", "snakemake", "--snakefile", str(Path(home) / "Snakefile"),
        "--workflow-profile", str(Path(home) / "profiles" / "default"),
        "--cores", str(cores), *arguments, "--config", f"study={Path(study) / 'config' / 'study.yaml'}",
    ]  # fmt: skip


def surroundings(env):
    """Environment of a run: this one's, with changes."""
    settings = {**os.environ, "XDG_CACHE_HOME": str(ROOT / ".cache"), **(env or {})}
    settings["PYTHONPATH"] = os.pathsep.join(filter(None, [settings.get("PYTHONPATH"), str(SHIM)]))
    return settings


def snakemake(study, *arguments, env=None, cwd=None, home=ROOT, **options):
    """Run the workflow on a study and wait for it.

    Returns
    -------
    subprocess.CompletedProcess
        With ``returncode`` and the terminal's text in ``stderr``.
    """
    call = command(study, *arguments, home=home, **options)
    return subprocess.run(
        call, cwd=cwd or home, env=surroundings(env), capture_output=True, text=True, errors="replace"
    )


def start(study, *arguments, env=None, **options):
    """Begin a run in a process group of its own, and do not wait."""
    return subprocess.Popen(
        command(study, *arguments, **options), cwd=ROOT, env=surroundings(env), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
    )  # fmt: skip


def would_run(study, *arguments, **options):
    """Names of the rules that a dry run lists, with how many jobs of each."""
    done = snakemake(study, "-n", "--quiet", "reason", *arguments, **options)
    assert done.returncode == 0, done.stderr
    text = done.stdout + done.stderr
    jobs = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) == 2 and words[1].isdigit() and words[0] not in ("total", "job"):
            jobs[words[0]] = int(words[1])
    return jobs


def differences(one, two):
    """Files that differ or stand on one side only, below two folders."""
    found = []
    stack = [filecmp.dircmp(one, two)]
    while stack:
        here = stack.pop()
        found += [str(Path(here.left) / name) for name in [*here.left_only, *here.right_only, *here.funny_files]]
        _, unequal, broken = filecmp.cmpfiles(here.left, here.right, here.common_files, shallow=False)
        found += [str(Path(here.left) / name) for name in [*unequal, *broken]]
        stack += here.subdirs.values()
    return found
