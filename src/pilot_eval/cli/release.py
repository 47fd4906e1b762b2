"""Freeze ledger, tables and figure data in published/, as the release that reruns are held against."""

from __future__ import annotations

import argparse
from pathlib import Path

from pilot_eval.faults import Fault, StudyFaults

#: What is frozen, below ``results/``.
FROZEN = ("ledger.csv", "tables/*.csv", "figures/*.csv")
RECORD = "release.json"
#: Written when nothing that identifies a respondent was found in any output.
SCAN = "verify/leaks.json"


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Make the release and say of how many files."""
    from pilot_eval.study import load_study

    study = load_study(arguments.study)
    names = freeze(study.root, study.config.release)
    print(f"release {study.config.release}: {len(names)} files in {study.root / 'published'}")
    return 0


def freeze(root: Path, release: str) -> list[str]:
    """Copy the results of a study to its ``published/``; what an earlier release had besides is deleted.

    Returns
    -------
    list of str
        Paths of the files, relative to ``published/``.

    Raises
    ------
    StudyFaults
        RUN-13 when there are no results, RUN-09 when one was edited by hand, VER-10 when the leak scan has not passed.
    """
    from pilot_eval import files
    from pilot_eval.runs.records import RECORDS
    from pilot_eval.study.load import sha256_of
    from pilot_eval.verify.machine import machine

    results, published = root / "results", root / "published"
    found = sorted(file for pattern in FROZEN for file in results.glob(pattern))
    if not (results / "ledger.csv").is_file():
        action = "Run snakemake first"
        raise StudyFaults([Fault("RUN-13", "STOP", "results/ledger.csv", "there is no such file", "", action)])
    checksums = {file.relative_to(results).as_posix(): sha256_of(file) for file in found}
    faults = []
    for name, checksum in checksums.items():
        record = root / RECORDS / f"results/{name}.sha256"
        if record.is_file() and record.read_text("utf-8") != checksum:
            saw = "differs from what its rule wrote; it was edited by hand"
            faults.append(Fault("RUN-09", "STOP", f"results/{name}", saw, "", "Delete it and run again"))
    if not (results / SCAN).is_file():
        saw = "there is no such file: these results were not searched for respondents, or one was found"
        faults.append(Fault("VER-10", "STOP", f"results/{SCAN}", saw, "", "Run snakemake, and mend what it stops at"))
    if faults:
        raise StudyFaults(faults)
    for file in sorted(published.rglob("*")):
        if file.is_file() and file.suffix in (".csv", ".json"):
            file.unlink()
    for name in checksums:
        files.write_bytes(published / name, (results / name).read_bytes())
    files.write(published / RECORD, {"release": release, "platform": machine(), "files": checksums})
    return list(checksums)
