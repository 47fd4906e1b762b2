"""Fill the entry of a delivery in ``config/sources.csv`` from the file itself."""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pilot_eval.faults import Fault, StudyFaults, report
from pilot_eval.files import write
from pilot_eval.study.delivery import Source
from pilot_eval.study.load import root_of, sha256_of
from pilot_eval.study.sheets import read_rows
from pilot_eval.study.typed import nearest, typed

SOURCES = "config/sources.csv"
REDELIVERIES = "config/redeliveries.csv"
RAW = "data/raw/"
#: What a person must say when the file's name does not; the rest stands in the file.
ASKED = ("kind", "source", "instrument", "wave")
KINDS = ("survey", "register", "evidence")
Row = dict[str, str]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=f"delivered files below {RAW}")
    parser.add_argument("--source", help="short name of the delivery (default: from the file's name)")
    parser.add_argument("--kind", choices=KINDS, help="what it holds (default: survey)")
    parser.add_argument("--instrument", help="survey: its questionnaire")
    parser.add_argument("--wave", help='survey: its wave; "" when a column of the file says it')
    parser.add_argument("--supplier", default="", help="who sent it")
    parser.add_argument("--received", default="", help="on which day, such as 2016-07-04")
    parser.add_argument("--part", default="", help="which part of a wave it is, where several files make up one")
    parser.add_argument("--supersedes", metavar="SOURCE", default="", help="the delivery that it replaces")
    parser.add_argument("--because", metavar="REASON", help="why: a replaced delivery, or other content of a file")
    parser.add_argument(
        "--set", dest="said", metavar="COLUMN=VALUE", action="append", default=[],
        help="what the file does not show of itself, such as sheet=Answers, header_row=3, timezone=Europe/London",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Register files; 0 done, 1 faults (then nothing is written)."""
    root = root_of(arguments.study)
    header, rows = registered(root)
    config = study_words(root)
    faults: list[Fault] = []
    notes: list[str] = []
    reasons: list[Row] = []
    for file in arguments.files:
        try:
            notes += register(file, root, rows, arguments, config, reasons)
        except StudyFaults as error:
            faults += error.faults
    if len(arguments.files) > 1 and arguments.source:
        saw = f"{len(arguments.files)} files under one name"
        faults.append(Fault("CFG-22", "STOP", SOURCES, saw, "one file with --source", "Register them one by one"))
    if faults:
        sys.stderr.write("".join(f"{line}\n" for line in report(faults)))
        return 1
    header += [name for name in Source.model_fields if name not in header and any(row.get(name) for row in rows)]
    write(root / SOURCES, as_csv(header, rows))
    if reasons:
        remember(root, reasons)
    print("\n".join(notes))
    return 0


def registered(root: Path) -> tuple[list[str], list[Row]]:
    """Columns and rows of ``sources.csv``; none when the study has no such file yet."""
    try:
        text = (root / SOURCES).read_text(encoding="utf-8")
    except FileNotFoundError:
        return [], []
    found, faults = read_rows(text, SOURCES, tuple(Source.model_fields))
    if faults:
        raise StudyFaults(faults)
    header = next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))), [])
    return [name.strip() for name in header], [row for _, row in found]


def study_words(root: Path) -> dict[str, list[str]]:
    """Waves and instruments of the study, whatever else may be wrong with it."""
    from pilot_eval.study.lines import read_yaml

    file = "config/study.yaml"
    value, _ = read_yaml((root / file).read_text(encoding="utf-8"), file)
    words: dict[str, list[str]] = {}
    for key, name in (("waves", "wave"), ("instruments", "instrument")):
        entries: Any = value.get(key) or []
        words[name] = [str(entry["id"]) for entry in entries if isinstance(entry, dict) and "id" in entry]
    return words


def register(
    file: Path, root: Path, rows: list[Row], arguments: argparse.Namespace, config: Mapping[str, list[str]],
    reasons: list[Row],
) -> list[str]:  # fmt: skip
    """Fill the rows of one file, in place, and say what was done.

    Raises
    ------
    StudyFaults
        When the file cannot be read, lies elsewhere, is registered with other content, or too little is known of it.
    """
    path = file.resolve()
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(file)
    if not name.startswith(RAW):
        expected = f"a file below {RAW} of the study"
        raise StudyFaults([Fault("CFG-33", "STOP", name, "it lies elsewhere", expected, "Put it there")])
    facts = facts_of(path, name, words_said(arguments.said))
    for row in rows:
        if row["path"] != name and row.get("sha256") == facts["sha256"]:
            saw = f"same content as {row['path']} (sha256 {facts['sha256'][:8]}...)"
            action = "Ask for the right file; one that holds several waves is registered with one path"
            raise StudyFaults([Fault("REG-13", "STOP", name, saw, "another file per delivery", action)])
    known = [row for row in rows if row["path"] == name or row["source"] == arguments.source]
    if not known:
        row = dict.fromkeys(Source.model_fields, "")
        row |= said_of(path, arguments, config, rows)
        row |= {"path": name, "part": arguments.part, "supersedes": arguments.supersedes}
        check_rivals(row | facts, rows, root, arguments)
        row["because"] = (arguments.because or "") if arguments.supersedes else ""
        known = [row]
        rows.append(row)
    notes = []
    for row in known:
        before = row.get("sha256", "")
        if before == facts["sha256"] and row["path"] == name:
            notes.append(f"{row['source']}: unchanged")
            continue
        if before.strip("0") and not arguments.because:
            now = facts["sha256"][:8]
            saw = f'"{row["source"]}" is registered with other content (sha256 {before[:8]}..., now {now}...)'
            action = "If the new content is right, say why: --because REASON"
            raise StudyFaults([Fault("REG-12", "STOP", name, saw, "", action)])
        if before.strip("0"):
            entry = {"source": row["source"], "old_sha256": before, "new_sha256": facts["sha256"]}
            reasons.append({**entry, "because": arguments.because})
        row |= {**facts, "path": name}
        row |= {key: getattr(arguments, key) for key in ("supplier", "received") if getattr(arguments, key)}
        notes.append(
            f"{row['source']}: {name}, {facts['format']}, {facts['rows']} rows, sha256 {facts['sha256'][:8]}..."
        )
    return notes


def check_rivals(row: Row, rows: Sequence[Row], root: Path, arguments: argparse.Namespace) -> None:
    """Refuse a second delivery of one wave and instrument that does not say what becomes of the first.

    Raises
    ------
    StudyFaults
        REG-12 with what the two hold in common.
    """
    from pilot_eval.cli.rival import told_between

    if arguments.supersedes and not arguments.because:
        saw = f'it supersedes "{arguments.supersedes}" for no reason'
        raise StudyFaults([Fault("REG-12", "STOP", row["path"], saw, "a reason", "Say why: --because REASON")])
    gone = {other.get("supersedes") for other in rows} | {arguments.supersedes}
    claim = ("survey", row["instrument"], row["wave"], row["part"])
    for other in rows:
        if (other["kind"], other["instrument"], other["wave"], other.get("part", "")) != claim or other[
            "source"
        ] in gone:
            continue
        parts = [
            {key: cell for key, cell in one.items() if cell and key in Source.model_fields} for one in (other, row)
        ]
        told = told_between(root, *(Source.model_validate(part) for part in parts))
        saw = f'"{other["source"]}" ({other["path"]}) delivers that instrument and wave already{told}'
        action = f"Say --supersedes {other['source']} --because REASON, or --part NAME if together they are the wave"
        raise StudyFaults([Fault("REG-12", "STOP", row["path"], saw, "one delivery", action)])


def words_said(words: Sequence[str]) -> Row:
    """``COLUMN=VALUE`` as a mapping.

    Raises
    ------
    StudyFaults
        CFG-20 when there is no such column.
    """
    said = {}
    for word in words:
        column, _, value = word.partition("=")
        if column not in Source.model_fields:
            near = nearest(column, Source.model_fields)
            action = f'Did you mean "{near}"?' if near else "Name a column of it"
            saw, expected = f'unknown column "{column}"', "one of " + ", ".join(Source.model_fields)
            raise StudyFaults([Fault("CFG-20", "STOP", SOURCES, saw, expected, action)])
        said[column] = value
    return said


def facts_of(path: Path, name: str, said: Row) -> Row:
    """What a file says of itself, and what a person says of it."""
    from pilot_eval.readers.kinds import contents
    from pilot_eval.readers.layout import find_date_format
    from pilot_eval.readers.misfits import NO_RECORD
    from pilot_eval.readers.read import own_layout, read_delivery

    layout = own_layout(contents(path, name), path, name)
    names = {field.name for field in fields(layout)} & said.keys()
    if names:
        filled = {"source": "s", "kind": "survey", "path": "p", "format": layout.format, "sha256": "0" * 64, "bytes": 0,
                  "rows": 0, **{key: said[key] for key in names}}  # fmt: skip
        entry, wrong = typed(Source, filled, SOURCES, lambda where: (None, str(where[0])))
        if entry is None:
            raise StudyFaults(wrong)
        names |= {"decimal"} if entry.thousands == "." else set()
        layout = replace(layout, **{key: getattr(entry, key) for key in names})
    delivered = read_delivery(path, name, layout)
    facts = {
        "format": layout.format,
        "sha256": sha256_of(path),
        "bytes": str(path.stat().st_size),
        "rows": str(delivered.delivered - sum(reject.reason in NO_RECORD for reject in delivered.rejects)),
        "header": "" if layout.header == "plain" else layout.header,
    }
    if layout.format == "csv":
        facts |= {"encoding": layout.encoding, "decimal": layout.decimal}
        facts |= {"thousands": "space" if layout.thousands == " " else layout.thousands} if layout.thousands else {}
        facts["delimiter"] = "tab" if layout.delimiter == "\t" else layout.delimiter
        facts["date_format"] = find_date_format(delivered.cells)
    elif delivered.encoding:
        facts["encoding"] = {"windows-1252": "cp1252"}.get(delivered.encoding, delivered.encoding.lower())
    return facts | said


def said_of(path: Path, arguments: argparse.Namespace, config: Mapping[str, list[str]], rows: Sequence[Row]) -> Row:
    """Source, kind, instrument and wave: from the options, the file's name, or the person at the terminal."""
    stem = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    stem = stem if stem[:1].isalpha() else f"file_{stem}"
    kind = arguments.kind or ("survey" if arguments.instrument or arguments.wave else None)
    kind = kind or ask("kind", KINDS, "survey", path)
    source = arguments.source or ask("source", (), stem[:40], path)
    taken = [row["path"] for row in rows if row["source"] == source]
    if taken:
        saw = f'the name "{source}" belongs to {taken[0]}'
        raise StudyFaults([Fault("CFG-22", "STOP", SOURCES, saw, "one file per source", "Give --source another name")])
    row = {"kind": kind, "source": source, "instrument": "", "wave": ""}
    if kind == "survey":
        for key in ("instrument", "wave"):
            told = getattr(arguments, key)
            row[key] = guessed(key, stem, config[key], path) if told is None else told
    return row


def guessed(key: str, stem: str, words: Sequence[str], path: Path) -> str:
    """The one of the study's words that the file's name holds, or what the person says."""
    held = [word for word in words if re.search(rf"(^|_){re.escape(word)}(_|$)", stem)]
    if len(held) == 1:
        return held[0]
    return words[0] if len(words) == 1 else ask(key, words, "", path)


def ask(key: str, words: Sequence[str], default: str, path: Path) -> str:
    """Ask the person at the terminal; without one, the default, or a fault that names the option."""
    if not sys.stdin.isatty():
        if default:
            return default
        expected = "one of " + ", ".join(words)
        raise StudyFaults([Fault("CFG-11", "STOP", path.name, f"its {key} is not known", expected, f"Give --{key}")])
    choice = f" ({', '.join(words)})" if words else ""
    answer = input(f"{path.name}: {key}{choice}{f' [{default}]' if default else ''}: ").strip()
    return answer or default


def as_csv(header: Sequence[str], rows: Sequence[Row]) -> str:
    """Rows as the text of a CSV file."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, header, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def remember(root: Path, reasons: Sequence[Row]) -> None:
    """Add the reasons for new content to the study's list of redeliveries."""
    file = root / REDELIVERIES
    columns = ("source", "old_sha256", "new_sha256", "because")
    before: list[Row] = []
    if file.is_file():
        before = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    write(file, as_csv(columns, [*before, *reasons]))
