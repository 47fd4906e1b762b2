"""``pilot-eval inspect FILE``: a file has arrived; what is in it, and what is wrong with it."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilot_eval.faults import Fault, StudyFaults, report

if TYPE_CHECKING:
    from pilot_eval.readers.delivered import Delivered, Variable
    from pilot_eval.study import Study

FINE, FAULTS, UNREADABLE = 0, 1, 2
#: What is wrong with single numbers or keys of a column says nothing more where the whole column stops.
UNREAD = frozenset(
    {"ING-06", "ING-07", "CLN-08", "CLN-09", "CLN-10", "CLN-24", "CLN-25", "REG-02", "REG-05", "LNK-08", "LNK-09"}
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a delivered file (.sav .zsav .por .csv .xlsx)")
    parser.add_argument("--as", dest="source", metavar="SOURCE", help="hold it against this entry of sources.csv")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Inspect a file; 0 fine, 1 faults, 2 unreadable."""
    from pilot_eval.readers.read import read_delivery

    file = str(arguments.file)
    delivered: Delivered | None = None
    try:
        if arguments.source:
            delivered, faults = held_against(arguments.file, arguments.source, arguments.study)
        else:
            delivered = read_delivery(arguments.file, file)
            faults = delivered.faults
    except StudyFaults as error:
        faults = error.faults
    status = UNREADABLE if delivered is None else FAULTS if any(f.severity != "OK" for f in faults) else FINE
    if arguments.json:
        print(json.dumps(as_object(file, delivered, faults, status), ensure_ascii=True, allow_nan=False))
    else:
        print("\n".join(as_lines(file, delivered, faults, status)))
    if status == UNREADABLE:
        sys.stderr.write("\n".join(report(faults)) + "\n")
    return status


def held_against(path: Path, name: str, study_path: str) -> tuple[Delivered, tuple[Fault, ...]]:
    """A file read as an entry of ``sources.csv`` says, with all that ingest and clean find wrong with it,
    and how it has drifted from the wave before.

    Raises
    ------
    StudyFaults
        When the study has faults, has no such entry, or the file cannot be read.
    """
    from pilot_eval.study import load_study
    from pilot_eval.study.load import sha256_of
    from pilot_eval.study.typed import nearest

    study = load_study(study_path, deliveries=False)
    source = next((source for source in study.sources if source.source == name), None)
    if source is None:
        near = nearest(name, [source.source for source in study.sources])
        action = f'Did you mean "{near}"?' if near else "Register it: pilot-eval register FILE"
        fault = Fault("CFG-30", "STOP", "config/sources.csv", f'there is no source "{name}"', "", action)
        raise StudyFaults([fault])
    source = source.model_copy(update={"path": str(path)})
    content = sha256_of(path)
    twice = [*same_content(study, name, content, str(path)), *beside_another(study, path)]
    if source.kind != "survey":
        from pilot_eval.cli.placed import authority_faults
        from pilot_eval.readers.registered import read_registered

        delivered = read_registered(path, source, content)
        more = [fault for fault in authority_faults(study, source) if fault not in delivered.faults]
        return delivered, (*twice, *delivered.faults, *more)
    from pilot_eval.cli.cleaned import clean_faults
    from pilot_eval.ingest.read_wave import gather, tables

    codebook = [item.model_dump(mode="json") for item in study.codebooks[source.instrument]]
    delivered, faults = gather(path, source, codebook, content)
    faults = [*twice, *faults, *kinds_of_missing(delivered)]
    # A later stage that finds the same cell wrong says nothing new of it.
    known = {(fault.id, fault.column) for fault in faults}
    cells = {(fault.row, fault.column) for fault in faults if fault.column and fault.row is not None}
    marks = {fault.column for fault in faults if fault.id in UNREAD and fault.severity == "STOP"}
    found = tables(delivered, source, codebook)
    more = clean_faults(study, source, found, codebook)
    new = [
        fault for fault in more if (fault.id, fault.column) not in known and (fault.row, fault.column) not in cells
        and not (fault.column in marks and fault.id in UNREAD)
    ]  # fmt: skip
    return delivered, (*faults, *new)


def same_content(study: Study, name: str, content: str, file: str) -> list[Fault]:
    """REG-13 when the file is a copy of what another entry delivers under another path."""
    own = study.source(name).path
    for other in study.sources:
        if other.sha256 == content and other.path != own:
            saw = f"same content as {other.path} (sha256 {content[:8]}...)"
            expected = "another file per delivery"
            return [Fault("REG-13", "STOP", file, saw, expected, "Ask for the right file")]
    return []


def beside_another(study: Study, path: Path) -> list[Fault]:
    """REG-12 when the file lies among the deliveries, unregistered, and is one of them once more."""
    root, file = study.root.resolve(), path.resolve()
    inside = file.relative_to(root).as_posix() if file.is_relative_to(root) else ""
    if not inside.startswith("data/raw/") or any(source.path == inside for source in study.sources):
        return []
    from pilot_eval.cli.second import unregistered_fault

    found = unregistered_fault(study.root, inside, study.sources)
    return [found] if found.id == "REG-12" else []


def kinds_of_missing(delivered: Delivered) -> list[Fault]:
    """ING-29: the codes that an SPSS file declares missing, which are kept apart from blanks."""
    faults = []
    for variable, cells in zip(delivered.variables, delivered.cells, strict=True):
        if variable.n_user_missing:
            held = {cell for cell in set(cells) if variable.missing.holds(cell)}
            codes = Counter(filter(held.__contains__, cells))
            told = ", ".join(f"{variable.value_labels.get(code, code)} ({codes[code]})" for code in sorted(codes)[:4])
            saw = f"{told} kept as kinds of missing"
            number = variable.n_user_missing
            faults.append(Fault("ING-29", "OK", delivered.file, saw, column=variable.name, count=number))
    return faults


def as_object(file: str, delivered: Delivered | None, faults: tuple[Fault, ...], status: int) -> dict[str, Any]:
    """What ``--json`` prints; its form is promised to other programs."""
    return {
        "file": file,
        "format": delivered.format if delivered else None,
        "encoding": (delivered.encoding or None) if delivered else None,
        "rows": delivered.delivered if delivered else None,
        "columns": len(delivered.variables) if delivered else None,
        "variables": [variable_object(delivered, place) for place in range(len(delivered.variables))]
        if delivered
        else [],
        "multiple_response_sets": delivered.sets if delivered else {},
        "faults": [fault_object(fault) for fault in faults],
        "verdict": ("fine", "faults", "unreadable")[status],
    }


def fault_object(fault: Fault) -> dict[str, object]:
    """A fault with what was seen under ``value``."""
    found = fault.as_dict()
    found["value"] = found.pop("saw")
    return found


def variable_object(delivered: Delivered, place: int) -> dict[str, Any]:
    """One variable; texts are counted, never shown: they may identify somebody."""
    from pilot_eval.readers.delivered import as_number
    from pilot_eval.readers.numerals import ungrouped

    variable = delivered.variables[place]
    filled = {cell for cell in delivered.cells[place] if cell}
    low: object = None
    high: object = None
    if variable.type == "numeric":
        decimal, thousands = delivered.decimal, delivered.thousands
        plain = (ungrouped(cell, thousands, decimal) for cell in filled)
        numbers = [number for cell in plain if (number := as_number(cell, decimal)) is not None]
        low, high = min(numbers, default=None), max(numbers, default=None)
    elif variable.type in ("date", "datetime"):
        low, high = min(filled, default=None), max(filled, default=None)
    return {
        "name": variable.name,
        "label": variable.label or None,
        "type": variable.type,
        "format": variable.format or None,
        "value_labels": variable.value_labels,
        "missing": variable.missing.as_dict(),
        "n_missing": variable.n_missing,
        "n_user_missing": variable.n_user_missing,
        "n_distinct": len(filled),
        "min": low,
        "max": high,
    }


def as_lines(file: str, delivered: Delivered | None, faults: tuple[Fault, ...], status: int) -> list[str]:
    """What a person reads: the file, a line per variable, the faults, the verdict."""
    if delivered is None:
        return [f"{file}: unreadable"]
    head = f"{file}: {delivered.format}, {delivered.delivered:,} rows, {len(delivered.variables):,} columns"
    lines = [head + (f", {delivered.encoding}" if delivered.encoding else ""), ""]
    width = min(max(len(name) for name in delivered.columns), 32)
    lines += [variable_line(delivered, place, width) for place in range(len(delivered.variables))]
    lines += [f"set {name}: {entry['label']}" for name, entry in delivered.sets.items()]
    shown = [fault for fault in faults if fault.severity != "OK"]
    lines += ["", *report(shown)] if shown else []
    return [*lines, "", "fine" if status == FINE else f"{len(shown)} faults"]


def variable_line(delivered: Delivered, place: int, width: int) -> str:
    """One variable in a line: name, type, label, labelled codes, what is missing."""
    variable = delivered.variables[place]
    parts = [f"{variable.name:<{width}} {variable.type:<8}", variable.label, codes_of(variable)]
    parts.append(f"{variable.n_missing} missing" if variable.n_missing else "")
    parts.append(f"{variable.n_user_missing} with a missing code" if variable.n_user_missing else "")
    return "  ".join(part for part in parts if part).rstrip()


def codes_of(variable: Variable, most: int = 6) -> str:
    """The first labelled codes of a variable."""
    pairs = [f"{code}={label}" for code, label in variable.value_labels.items()]
    return "|".join(pairs[:most]) + ("|..." if len(pairs) > most else "")
