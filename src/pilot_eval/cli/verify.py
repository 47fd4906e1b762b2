"""Run what is missing and hold the results against the release (snakemake verified); exit 1 on a difference."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from pilot_eval.study.load import root_of

HOME = Path(__file__).resolve().parents[3]


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Run the goal; 0 when every published number came out again, 1 otherwise."""
    return 1 if subprocess.run(command(root_of(arguments.study)), cwd=HOME, check=False).returncode else 0


def command(root: Path) -> list[str]:
    """The call of Snakemake for a study's folder."""
    return [
        sys.executable, "-m", "snakemake", "verified", "--snakefile", str(HOME / "Snakefile"),
        "--workflow-profile", str(HOME / "profiles" / "default"),
        "--config", f"study={root / 'config' / 'study.yaml'}",
    ]  # fmt: skip
