"""The delivered columns held against the codebook: names, and the labels that the file itself carries."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pilot_eval.canonical import canonical
from pilot_eval.clean.options import shared
from pilot_eval.clean.reading import Reading, word_code
from pilot_eval.clean.values import USUAL_MISSING, kind_of
from pilot_eval.faults import Fault
from pilot_eval.study.delivery import IDENTIFYING, delivered_columns
from pilot_eval.study.typed import nearest


def name_faults(
    columns: Sequence[str], labels: Mapping[str, str], codebook: Sequence[Mapping[str, Any]], waves: Iterable[str],
    file: str,
) -> Iterator[Fault]:  # fmt: skip
    """Columns that are missing, and columns that no item of the codebook knows.

    Parameters
    ----------
    columns : sequence of str
        Delivered columns that are not identifying.
    labels : mapping of str to str
        Every delivered column's wording, identifying ones included.
    codebook : sequence of mapping
    waves : iterable of str
        Waves of which the file has answers.
    file : str

    Yields
    ------
    Fault
        CLN-01: STOP for a missing column, WARN for an unknown one.
    """
    known = {part for item in codebook for name in item["names"].values() if name
             for part in delivered_columns(name, item["set"])}  # fmt: skip
    unknown = [column for column in columns if column not in known]
    missed: dict[str, str] = {}
    for item in codebook:
        if item["use"] in IDENTIFYING:
            continue
        missed |= {part: item["label"] for wave in waves if item["names"].get(wave)
                   for part in delivered_columns(item["names"][wave], item["set"])}  # fmt: skip
    for column in (column for column in missed if column not in columns):
        same = [name for name in unknown if canonical(labels.get(name, "")) == canonical(missed[column])]
        near = same[0] if same else nearest(column, unknown)
        action = f'Is it now "{near}"? Then say so in the codebook' if near else "Correct the codebook or the file"
        yield Fault("CLN-01", "STOP", file, "there is no such column", "as in the codebook", action, None, column)
    for column in unknown:
        yield Fault(
            "CLN-01", "WARN", file, "the codebook does not know this column", "", "It is not used", None, column
        )  # fmt: skip


def label_faults(readings: Iterable[Reading], file: str) -> Iterator[Fault]:
    """Labels in the file that say something else than the codebook does; a column of a set's options has its own.

    Yields
    ------
    Fault
        CLN-03 labels contradict (CLN-26: yes and no), CLN-06 other points than the codebook has, CLN-07 other words,
        CLN-12 a valid code declared missing, CLN-13 one label for two codes.
    """
    readings = list(readings)
    options = shared([reading for reading in readings if not reading.since])
    for reading in readings:
        if not reading.coded or (reading.set, reading.column) in options:
            continue
        yield from _covered(reading, file)
        if not reading.labels:
            continue
        delivered = {code: label for code, label in reading.file_labels.items() if not _missing(code, label, reading)}
        yield from _contradictions(reading, delivered, file)
        yield from _twice(reading, delivered, file)


def _twice(reading: Reading, delivered: Mapping[int, str], file: str) -> Iterator[Fault]:
    found: dict[str, list[int]] = {}
    for code, label in sorted(delivered.items()):
        found.setdefault(canonical(label), []).append(code)
    for label, codes in found.items():
        # a recode that brings both to one code has been decided
        if label and len(codes) > 1 and len({reading.code_of(float(code)) for code in codes}) > 1:
            saw = f'codes {" and ".join(map(str, codes))} share the label "{delivered[codes[0]].strip()}"'
            severity = "STOP" if reading.use == "answer" else "WARN"
            yield Fault("CLN-13", severity, file, saw, "a label each", "Correct the labels", None, reading.column)


def _contradictions(reading: Reading, delivered: Mapping[int, str], file: str) -> Iterator[Fault]:
    by_code = {code: word for word, code in reading.spoken.items()}
    wrong, reworded, beyond, meant = [], [], [], []
    for code, label in sorted(delivered.items()):
        value = reading.code_of(float(code))
        said = by_code.get(code) if by_code else reading.labels.get(int(value)) if value is not None else None
        other = word_code(label, reading.spoken if by_code else reading.words)
        meant += [] if other is None else [other]
        if said is not None and canonical(said) == canonical(label):
            continue
        if other is not None:
            wrong.append((code, label, said or f"nothing for {code}"))
        elif said is None:
            beyond.append(code)
        else:
            reworded.append((code, label, said))
    if _moved(delivered, reading, by_code):
        low, high = min(delivered), max(delivered)
        yield Fault(
            "CLN-05", "STOP", file, f"the labels stand at codes {low} to {high}", reading.expected(),
            "Declare recode for the wave in the codebook, or correct the export", None, reading.column, len(delivered),
        )  # fmt: skip
        return
    further = _further(beyond, reading)
    number, points = len(delivered), len(reading.delivered or reading.labels)
    rising = meant == sorted(meant, reverse=reading.turn is not None and not by_code)
    if further or (wrong and number != points and rising and len(reading.labels) > 2):
        yield Fault(
            "CLN-06", "STOP", file, f"{number} labelled values", f"{points}: {reading.expected()}",
            "Declare recode for the wave in the codebook, or leave the item out of change", None, reading.column,
        )  # fmt: skip
    elif wrong:
        code, label, said = wrong[0]
        kind = "CLN-26" if reading.type == "binary" else "CLN-03"
        yield Fault(
            kind, "STOP", file, f'label of {code} is "{label.strip()}"', f'"{said}" as the codebook has it',
            "Declare the wave as reversed or recoded, or correct the labels", None, reading.column, len(wrong),
        )  # fmt: skip
    if reworded and not wrong and not further:
        code, label, said = reworded[0]
        severity = "STOP" if reading.use == "answer" else "WARN"
        yield Fault(
            "CLN-07", severity, file, f'label of {code} is "{label.strip()}"', f'"{said}" as the codebook has it',
            "If it means the same, write it in labels of the wave in the codebook", None, reading.column, len(reworded),
        )  # fmt: skip
    if beyond and not further:
        codes = ", ".join(map(str, beyond))
        yield Fault(
            "CLN-06", "WARN", file, f"labels of codes {codes}", reading.expected(),
            "Answers with these codes are missing unless the codebook says what they mean", None, reading.column,
        )  # fmt: skip


def _moved(delivered: Mapping[int, str], reading: Reading, by_code: Mapping[int, str]) -> bool:
    """Whether every label of a scale stands at the same distance from the code that the codebook gives it."""
    if by_code or reading.recode or reading.turn is not None or len(delivered) < 3 or reading.type == "binary":
        return False
    steps = {None if (code := word_code(label, reading.words)) is None else own - code
             for own, label in delivered.items()}  # fmt: skip
    return len(steps) == 1 and steps.isdisjoint({0, None})


def _further(beyond: Sequence[int], reading: Reading) -> list[int]:
    """Labelled codes that go on where the codebook's end: more points, and no codes for missing answers."""
    high = max(reading.scheme, default=0)
    row = [code for place, code in enumerate(code for code in beyond if code > high) if code == high + 1 + place]
    return row if set(row) - USUAL_MISSING else []


def _covered(reading: Reading, file: str) -> Iterator[Fault]:
    """CLN-12: what the file declares missing and the codebook has as an answer."""
    for low, high in reading.file_missing:
        ends = ("lowest" if low == -math.inf else f"{low:g}", "highest" if high == math.inf else f"{high:g}")
        span = ends[0] if low == high else " to ".join(ends)
        codes = [code for code in reading.scheme if low <= code <= high and code not in reading.missing]
        told = ""
        if codes:
            value = reading.code_of(float(codes[0]))
            label = reading.file_labels.get(codes[0]) or reading.labels.get(int(value) if value is not None else 0, "")
            told = f'valid code {codes[0]} "{label}"'
        elif not reading.scheme and reading.low is not None and reading.high is not None:
            inside = low <= reading.high and high >= reading.low
            known = low == high and low in reading.missing
            told = f"valid numbers from {reading.low:g} to {reading.high:g}" if inside and not known else ""
        if told:
            yield Fault(
                "CLN-12", "STOP", file, f"the file declares {span} missing, which covers the {told}", "valid answers",
                "Correct the file, or declare the code as missing in the codebook", None, reading.column,
            )  # fmt: skip


def _missing(code: int, label: str, reading: Reading) -> bool:
    declared = any(low <= code <= high for low, high in reading.file_missing)
    return code in reading.missing or declared or kind_of(label) in map(kind_of, reading.missing.values())
