"""Where a published number comes from: its table, estimand, rule, code and inputs."""

from __future__ import annotations

import argparse
import csv
import difflib
import json
import re
import sys
from pathlib import Path

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.study.load import root_of

LEDGER = "results/ledger.csv"
CATALOGUE = "results/tables/catalogue.json"
HIDDEN = "data/processed/disclose/hide_cells/hidden.parquet"
HOME = Path(__file__).resolve().parents[3]
MEANING = {
    "c": "confidential: hidden by disclosure control",
    "x": "not available",
    "z": "not applicable",
    "low": "rounds to zero but is not zero",
    "u": "low reliability",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("id", metavar="ID", help="id in results/ledger.csv, such as change_overall.OUTCOME.estimate")


def run(arguments: argparse.Namespace) -> int:
    """Print what is known of a number; 1 when the ledger has no such id."""
    root = root_of(arguments.study)
    if not (root / LEDGER).is_file():
        raise StudyFaults([Fault("RUN-13", "STOP", LEDGER, "there is no such file", "", "Run snakemake first")])
    with (root / LEDGER).open(encoding="utf-8", newline="") as stream:
        ledger = {row["id"]: row for row in csv.DictReader(stream)}
    cell = ledger.get(arguments.id)
    if cell is None:
        near = difflib.get_close_matches(arguments.id, list(ledger), n=5, cutoff=0.6)
        sys.stderr.write(f"the ledger has no {arguments.id}\n" + "".join(f"  did you mean {name}?\n" for name in near))
        return 1
    row = [other for other in ledger.values() if (other["table"], other["row"]) == (cell["table"], cell["row"])]
    print("\n".join(explain(root, cell, row)))
    return 0


def explain(root: Path, cell: dict[str, str], row: list[dict[str, str]]) -> list[str]:
    """Lines about one number.

    Parameters
    ----------
    root : Path
        The study's folder.
    cell : dict
        Its line of the ledger.
    row : list of dict
        All numbers of the same row of its table.
    """
    title = table_title(root, cell["table"])
    lines = [cell["id"], f"  value      {cell['shown']} {cell['unit']}".rstrip()]
    if cell["status"]:
        lines.append(f"  status     {MEANING.get(cell['status'], cell['status'])}{reason(root, cell)}")
    lines.append(f"  behind it  {cell['n'] + ' respondents (rounded)' if cell['n'] else 'not told, or no respondents'}")
    lines.append(f"  table      {cell['table']}: {title}" if title else f"  table      {cell['table']}")
    lines.append("  row        " + ", ".join(f"{other['column']} {other['shown']}" for other in row))
    lines += [f"  estimand   {cell['estimand']}"] if cell["estimand"] else []
    stage, inputs = rule_inputs(cell["rule"])
    lines.append(f"  rule       {cell['rule']}, stage {stage}")
    lines.append(f"  code       src/pilot_eval/{stage}/{cell['rule']}.py")
    return [*lines, *(f"  {'inputs' if place == 0 else '':<10} {line}" for place, line in enumerate(inputs))]


def table_title(root: Path, table: str) -> str:
    """Title of a table, empty when the catalogue is not there or does not have it."""
    file = root / CATALOGUE
    if not file.is_file():
        return ""
    return str(json.loads(file.read_text(encoding="utf-8")).get(table, {}).get("title", ""))


def reason(root: Path, cell: dict[str, str]) -> str:
    """Why a number was hidden, from the private log where this machine has it; never the number."""
    if cell["status"] != "c" or not (root / HIDDEN).is_file():
        return ""
    import pandas as pd

    log = pd.read_parquet(root / HIDDEN, columns=["id", "why"])
    why = log.loc[log["id"] == cell["id"], "why"]
    return f" (rule: {why.iloc[0]})" if len(why) else ""


def rule_inputs(rule: str) -> tuple[str, list[str]]:
    """Stage of a rule and its inputs as its rule file has them.

    Raises
    ------
    LookupError
        When no rule file has it.
    """
    over_lines = re.MULTILINE | re.DOTALL
    for file in sorted((HOME / "rules").glob("*.smk")):
        block = re.search(rf"^rule {re.escape(rule)}:\n(.*?)(?=^\S|\Z)", file.read_text("utf-8"), over_lines)
        if block:
            section = re.search(r"^    input:\n(.*?)(?=^    \w)", block[1], over_lines)
            lines = [line.strip() for line in section[1].splitlines()] if section else []
            return file.stem, [line for line in lines if line and not line.startswith(("code=", "#"))]
    raise LookupError(f"no rule file has a rule {rule}")
