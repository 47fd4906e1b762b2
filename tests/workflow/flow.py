"""Runs the real workflow on a copy of a study, as a person would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MINI = ROOT / "tests" / "mini"


def copy_study(folder, origin=MINI):
    """A private copy of a study: its config, its deliveries, its release if there is one."""
    for name in ("config", "data/raw", "notebooks", "published"):
        if (origin / name).is_dir():
            shutil.copytree(origin / name, Path(folder) / name)
    return Path(folder)


def snakemake(study, *arguments, cores=2, env=None, home=ROOT, python=sys.executable):
    """Run the workflow on a study and wait for it.

    Returns
    -------
    subprocess.CompletedProcess
        With ``returncode`` and the terminal's text in ``stderr``.
    """
    command = [
        str(python), "-m", "snakemake", "--snakefile", str(Path(home) / "Snakefile"),
        "--workflow-profile", str(Path(home) / "profiles" / "default"),
        "--cores", str(cores), *arguments, "--config", f"study={Path(study) / 'config' / 'study.yaml'}",
    ]  # fmt: skip
    settings = {**os.environ, "XDG_CACHE_HOME": str(ROOT / ".cache"), **(env or {})}
    return subprocess.run(command, cwd=home, env=settings, capture_output=True, text=True, errors="replace")


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
