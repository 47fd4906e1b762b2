"""A first codebook from a file's own labels and missing values, to be corrected by hand."""

from __future__ import annotations

import argparse
import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pilot_eval.study.cross_codebook import RESERVED
from pilot_eval.study.sheets import ITEM_COLUMNS

if TYPE_CHECKING:
    from pilot_eval.readers.delivered import Delivered, Variable

#: Words in a variable's name or label that tell what it is for.
USES = (
    (r"e-?mail", "email"), (r"phone|mobile|fax", "phone"), (r"(first|last|full|sur|contact|your) ?name", "name"),
    (r"comment|remark|other.*specify|please (say|describe|explain)", "free_text"),
)  # fmt: skip
SHORT_CODE = 12
MOST_CODES = 30
MOST_POINTS = 11


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a delivered file, best an SPSS one with labels")


def run(arguments: argparse.Namespace) -> int:
    """Print the codebook."""
    from pilot_eval.readers.read import read_delivery

    print(codebook(read_delivery(arguments.file, str(arguments.file))), end="")
    return 0


def codebook(delivered: Delivered) -> str:
    """A codebook as CSV: an item a variable, with a note where a person has to decide.

    Text that may identify somebody is given an identifying use: better one use too many than one name too many.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ITEM_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    sets = {
        member: item_name(name, set())
        for name, entry in delivered.sets.items()
        if isinstance(entry["variables"], list)
        for member in entry["variables"]
    }
    taken, uses = set(RESERVED), set[str]()
    for variable, cells in zip(delivered.variables, delivered.cells, strict=True):
        row = item(variable, cells)
        row |= {"item": item_name(variable.name, taken), "name": variable.name}
        if variable.name in sets:
            row |= {"set": sets[variable.name], "type": "binary", "use": "answer", "note": "tick box of a set"}
        if row["use"] == "response" and "response" in uses:
            row["use"] = "attribute"
        uses.add(row["use"])
        taken.add(row["item"])
        writer.writerow(row)
    return stream.getvalue()


def item_name(name: str, taken: set[str]) -> str:
    """A short name of letters, digits and _ that no other item has."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    plain = (plain if plain[:1].isalpha() else f"v_{plain}")[:36].rstrip("_")
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}_{number}", number + 1
    return found


def item(variable: Variable, cells: list[str]) -> dict[str, str]:
    """What a variable's own description and its cells tell of the item."""
    missing = {code: label for code, label in codes_of(variable).items() if variable.missing.holds(str(code))}
    missing |= {int(code): "" for code in variable.missing.values if whole(code) and int(code) not in missing}
    labels = {code: label for code, label in codes_of(variable).items() if code not in missing}
    ranges = ["missing from {} to {}: write the codes".format(*pair) for pair in variable.missing.ranges]
    kind, use, note = kind_of(variable, labels, [cell for cell in cells if cell and not variable.missing.holds(cell)])
    return {
        "label": " ".join((variable.label or variable.name).split()),
        "type": kind,
        "use": use,
        "labels": pairs(labels),
        "missing": pairs({code: missing_kind(label) for code, label in missing.items()}),
        "note": "; ".join(filter(None, [note, *ranges])),
    }


def whole(code: str) -> bool:
    """Whether a code is a whole number: only those can stand in a codebook."""
    return re.fullmatch(r"-?\d+", code.strip()) is not None


def codes_of(variable: Variable) -> dict[int, str]:
    """Labelled whole-number codes in ascending order."""
    found = {int(code): label for code, label in variable.value_labels.items() if whole(code)}
    return dict(sorted(found.items()))


def kind_of(variable: Variable, labels: dict[int, str], filled: list[str]) -> tuple[str, str, str]:
    """Type, use and note of an item."""
    said = f"{variable.name} {variable.label}".lower()
    numbers = all(whole(cell) for cell in filled)
    if variable.type in ("date", "datetime"):
        return "date", "attribute", "use completed if it is the day of the answer"
    if labels:
        if len(labels) == 2:
            return "binary", "answer", ""
        steps = sorted(labels)
        if len(labels) <= MOST_POINTS and steps == list(range(steps[0], steps[0] + len(steps))):
            return "likert", "answer", "type category if the codes have no order"
        return "category", "attribute", "check type and use"
    use = next((use for pattern, use in USES if re.search(pattern, said)), "")
    if not use and any("@" in cell for cell in filled):
        use = "email"
    if use:
        return "text", use, "identifying: it goes no further than link"
    if filled and len(set(filled)) == len(filled) and re.search(r"(^|_|\b)(id|resp|response|case)", said):
        return "text", "response", "response id, unless it identifies a person: then person"
    if variable.type == "numeric":
        return ("count" if numbers and not any(cell.startswith("-") for cell in filled) else "number"), "answer", ""
    if len(set(filled)) <= MOST_CODES and all(len(cell) <= SHORT_CODE for cell in filled):
        return "text", "attribute", "check the use"
    return "text", "free_text", "identifying unless you say otherwise: check the use"


def missing_kind(label: str) -> str:
    """The kind of missing that a label means: ``"Don't know"`` is ``dont_know``."""
    return re.sub(r"[^a-z0-9]+", "_", label.lower().replace("'", "").replace("’", "")).strip("_") or "missing"


def pairs(codes: dict[int, str]) -> str:
    """Codes and labels as a codebook writes them."""
    return "|".join(f"{code}={' '.join(label.replace('|', '/').split()) or code}" for code, label in codes.items())
