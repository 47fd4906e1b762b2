"""The delivered columns held against the codebook: names, and the labels that the file itself carries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pilot_eval.canonical import canonical
from pilot_eval.clean.reading import Reading
from pilot_eval.clean.values import kind_of
from pilot_eval.faults import Fault
from pilot_eval.study.delivery import IDENTIFYING
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
    known = {name for item in codebook for name in item["names"].values() if name}
    unknown = [column for column in columns if column not in known]
    missed: dict[str, str] = {}
    for item in codebook:
        if item["use"] in IDENTIFYING:
            continue
        missed |= {item["names"][wave]: item["label"] for wave in waves if item["names"].get(wave)}
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
    """Labels in the file that say something else than the codebook does.

    Yields
    ------
    Fault
        CLN-03 labels contradict, CLN-06 more codes than the codebook has, CLN-12 a valid code declared missing,
        CLN-13 one label for two codes.
    """
    for reading in readings:
        if not (reading.coded and reading.labels):
            continue
        delivered = {code: label for code, label in reading.file_labels.items() if not _missing(code, label, reading)}
        yield from _contradictions(reading, delivered, file)
        yield from _covered(reading, file)
        twice = [label for label, number in Counter(map(canonical, delivered.values())).items() if label and number > 1]
        for label in twice:
            codes = " and ".join(str(code) for code in sorted(delivered) if canonical(delivered[code]) == label)
            saw = f'codes {codes} share the label "{label}"'
            yield Fault("CLN-13", "STOP", file, saw, "a label each", "Correct the labels", None, reading.column)


def _contradictions(reading: Reading, delivered: Mapping[int, str], file: str) -> Iterator[Fault]:
    by_code = {code: word for word, code in reading.spoken.items()}
    wrong, beyond = [], []
    for code, label in sorted(delivered.items()):
        value = reading.code_of(float(code))
        said = by_code.get(code) if by_code else reading.labels.get(int(value)) if value is not None else None
        if said is None:
            beyond.append(code)
        elif canonical(said) != canonical(label):
            wrong.append((code, label, said))
    if wrong:
        code, label, said = wrong[0]
        yield Fault(
            "CLN-03", "STOP", file, f'label of {code} is "{label}"', f'"{said}" as the codebook has it',
            "Declare the wave as reversed or recoded, or correct the labels", None, reading.column, len(wrong),
        )  # fmt: skip
    elif beyond:
        codes = ", ".join(map(str, beyond))
        yield Fault(
            "CLN-06", "WARN", file, f"labels of codes {codes}", reading.expected(),
            "Answers with these codes are missing unless the codebook says what they mean", None, reading.column,
        )  # fmt: skip


def _covered(reading: Reading, file: str) -> Iterator[Fault]:
    for low, high in reading.file_missing:
        for code in sorted({*reading.recode, *(() if reading.recode else reading.labels)}):
            if low <= code <= high and code not in reading.missing:
                yield Fault(
                    "CLN-12", "STOP", file, f"code {code} is declared missing by the file", "a valid code",
                    "Correct the file, or declare the code as missing in the codebook", None, reading.column,
                )  # fmt: skip


def _missing(code: int, label: str, reading: Reading) -> bool:
    declared = any(low <= code <= high for low, high in reading.file_missing)
    return code in reading.missing or declared or kind_of(label) in map(kind_of, reading.missing.values())
