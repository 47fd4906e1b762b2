"""Make a key of the study's own for the pseudonyms of its respondents.

The key goes to the file that ``secret.file`` of ``study.yaml`` names, readable by its owner only. It never goes to git:
whoever has it can tell whose answers are whose.
"""

from __future__ import annotations

import argparse
import os
import secrets

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.study.lines import read_yaml
from pilot_eval.study.load import root_of
from pilot_eval.study.model import Secret


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Write the key; an existing one is kept, for without it nobody would be found again."""
    root = root_of(arguments.study)
    # The study may still be refused, perhaps for want of a key of its own: read nothing but where the key goes.
    config, _ = read_yaml((root / "config/study.yaml").read_text(encoding="utf-8"), "config/study.yaml")
    name = Secret.model_validate(config.get("secret") or {}).file
    file = root / name
    try:
        stream = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        action = "Keep it: with another key nobody is found again in later waves"
        raise StudyFaults([Fault("LNK-14", "STOP", name, "there is a key already", "", action)]) from None
    with os.fdopen(stream, "w", encoding="ascii") as opened:
        opened.write(secrets.token_hex(32) + "\n")
    print(f"{file}: made. Keep a copy in a safe place; never commit it.")
    return 0
