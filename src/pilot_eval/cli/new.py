"""Make an empty study: a folder with commented config that checks without faults, to be filled in."""

from __future__ import annotations

import argparse
from pathlib import Path

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.files import write_bytes
from pilot_eval.study.schema import schemas

BLANK = Path(__file__).parent / "blank"
#: A name that git would act on in our own repository, and the one it gets.
RENAMED = {"gitignore": ".gitignore"}


def configure(parser: argparse.ArgumentParser) -> None:
    """The folder to be made."""
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet, or is empty")


def run(arguments: argparse.Namespace) -> int:
    """Write the files and say what comes next.

    Raises
    ------
    StudyFaults
        CFG-06 when something is in the folder already; nothing is written then.
    """
    folder: Path = arguments.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyFaults(
            [Fault("CFG-06", "STOP", str(folder), "is not empty", "a new or an empty folder", "Name another folder")]
        )
    (folder / "data/raw").mkdir(parents=True, exist_ok=True)
    for file in sorted(path for path in BLANK.rglob("*") if path.is_file()):
        inside = file.relative_to(BLANK)
        write_bytes(folder / inside.with_name(RENAMED.get(inside.name, inside.name)), file.read_bytes())
    for name, text in schemas().items():
        write_bytes(folder / "config/schema" / name, text.encode("utf-8"))
    print(f"{folder}: made. Next: read {folder / 'README.md'}, then edit {folder / 'config/study.yaml'}.")
    return 0
