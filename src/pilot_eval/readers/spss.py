"""Read SPSS files: codes as stored, user-missing kinds kept, text decoded by us, every case counted.

All text is read as bytes (latin-1 maps each byte to one character) and decoded here, strictly: pyreadstat silently
cuts a text off at a byte that the declared encoding does not have.
"""

from __future__ import annotations

import codecs
import io
import math
from collections.abc import Callable
from typing import Any

from pilot_eval.faults import Fault, StudyFaults, counted
from pilot_eval.readers.delivered import Delivered, Missing, Variable, number_text, stop
from pilot_eval.readers.layout import Layout, decodes, number_faults
from pilot_eval.readers.moments import kind_of_format, moment_text, year_of
from pilot_eval.readers.spss_header import SpssHeader, misfit, read_header, with_unknown_cases

#: Whole numbers up to here are codes, few and dense.
LARGEST_CODE = 1000
Decode = Callable[[str], str]


def read_spss(content: bytes, layout: Layout, file: str) -> Delivered:
    """An SPSS system file (``.sav``, ``.zsav``) as delivered.

    Raises
    ------
    StudyFaults
        ING-24 truncated or damaged, ING-23 no cases, ING-26 text in another encoding than declared.
    """
    import pyreadstat

    try:
        header = read_header(content)
        data, meta = pyreadstat.read_sav(
            io.BytesIO(with_unknown_cases(content, header)), output_format="dict", user_missing=True,
            disable_datetime_conversion=True, encoding="ISO-8859-1",
        )  # fmt: skip
        _check_names(data, meta)
    except Exception as error:  # pyreadstat raises bare exceptions of several kinds for one and the same damage
        raise StudyFaults([_damaged(content, file, error)]) from None
    rows = len(next(iter(data.values()), []))
    faults = _case_faults(header, rows, content, file)
    stop(faults)  # what was read beyond the cases is no text
    encoding = _encoding(header, layout, data, meta, faults, file)
    stop(faults)

    def decode(text: str) -> str:
        return text if text.isascii() else text.encode("latin-1").decode(encoding)

    found = _variables(data, meta, decode, file, faults)
    sets = {decode(name): _set(entry, decode) for name, entry in (getattr(meta, "mr_sets", None) or {}).items()}
    return _delivered(found, layout, _name(encoding), rows, sets, faults, file)


def read_portable(content: bytes, layout: Layout, file: str) -> Delivered:
    """An SPSS portable file (``.por``); its user-missing codes cannot be told from blanks, and it says so."""
    import pyreadstat

    try:
        data, meta = pyreadstat.read_por(io.BytesIO(content), output_format="dict", disable_datetime_conversion=True)
    except Exception as error:  # as above
        raise StudyFaults([_damaged(content, file, error)]) from None
    rows = len(next(iter(data.values()), []))
    saw = "a portable file gives user-missing codes as blanks, so that kinds of missing are lost"
    faults = [Fault("ING-29", "WARN", file, saw, "", "Ask for a .sav file if the kinds matter")]
    found = _variables(data, meta, lambda text: text, file, faults)
    return _delivered(found, layout, "", rows, {}, faults, file)


def _delivered(
    found: list[tuple[Variable, list[str]]], layout: Layout, encoding: str, rows: int, sets: Any, faults: list[Fault],
    file: str,
) -> Delivered:  # fmt: skip
    faults += number_faults(rows, layout, file)
    stop(faults)
    variables = tuple(variable for variable, _ in found)
    cells = tuple(column for _, column in found)
    return Delivered(
        file, layout.format, encoding, variables, cells, list(range(1, rows + 1)), sets=sets, faults=tuple(faults)
    )


def _set(entry: dict[str, Any], decode: Decode) -> dict[str, object]:
    """A multiple-response set: its label and its variables."""
    label, names = decode(entry.get("label") or ""), [decode(name) for name in entry["variable_list"]]
    return {"label": label, "variables": names}


def _damaged(content: bytes, file: str, error: Exception) -> Fault:
    try:
        cases = read_header(content).cases
        told = f"; its header announces {cases:,} cases" if cases >= 0 else ""
    except ValueError:
        told = "; its dictionary is not whole"
    said = str(error).strip().rstrip(".") or type(error).__name__
    saw = f"ends early or is damaged ({len(content):,} bytes{told}): {said}"
    action = "Transfer the file again and compare its size with the sender's"
    return Fault("ING-24", "STOP", file, saw, "a whole SPSS file", action)


def _check_names(data: dict[str, Any], meta: Any) -> None:
    """Refuse a dictionary in which a variable has no name, or the name of another.

    Raises
    ------
    ValueError
    """
    if None in meta.column_names or len(data) != len(meta.column_names):
        raise ValueError("its variables have no names of their own")


def _case_faults(header: SpssHeader, rows: int, content: bytes, file: str) -> list[Fault]:
    action = "Transfer the file again and compare its size with the sender's"
    odd = misfit(content, header)
    if odd and rows >= header.cases:
        return [Fault("ING-24", "STOP", file, odd, "one whole SPSS file", action)]
    if header.cases < 0 or header.cases == rows:
        return []
    if rows < header.cases:
        saw = f"ends early: {rows:,} cases in {len(content):,} bytes"
    else:
        saw = f"more data than announced: {rows:,} cases; it is damaged, or two files were joined"
    return [Fault("ING-24", "STOP", file, saw, f"the {header.cases:,} cases that its header announces", action)]


def _name(encoding: str) -> str:
    """Python's name of an encoding as people write it."""
    return {"cp1252": "windows-1252", "utf-8": "UTF-8"}.get(encoding, encoding)


def _encoding(
    header: SpssHeader, layout: Layout, data: dict[str, Any], meta: Any, faults: list[Fault], file: str
) -> str:
    """Python's name of the encoding of a file's text; ING-26 when the text is in none or another."""
    texts = _texts(data, meta)
    joined = b"\n".join(text.encode("latin-1") for _, _, text in texts)
    declared = _known(layout.encoding)
    if declared in ("utf-8", "utf-8-sig", "ascii", ""):
        declared = _known(header.encoding)
    if not declared:
        declared = "utf-8" if decodes(joined, "utf-8") else "cp1252"
        if not joined.isascii():
            saw = f"the file names no encoding; read as {_name(declared)}"
            faults.append(Fault("ING-26", "WARN", file, saw, "", "Set encoding if letters look wrong"))
    bad = [(case, name) for case, name, text in texts if not _fits(text, declared)]
    if bad:
        case, raw = bad[0]
        fits = next((name for name in ("utf-8", "cp1252") if name != declared and decodes(joined, name)), "")
        saw = f"bytes are not {_name(declared)} as the file declares, in {counted(len(bad), 'text')}"
        action = f"Set encoding to {fits}" if fits else "Ask for a new export as UTF-8"
        column = raw if raw.isascii() else ""
        faults.append(Fault("ING-26", "STOP", file, saw, "", action, case, column, len(bad)))
    elif declared in ("cp1252", "iso8859-1") and not joined.isascii() and decodes(joined, "utf-8"):
        saw = f"declared {_name(declared)} but the bytes are valid UTF-8"
        faults.append(Fault("ING-02", "WARN", file, saw, "", "Set encoding to utf-8 if letters look wrong"))
    return declared


def _known(encoding: str) -> str:
    """Python's name of an encoding, ``""`` when it has none."""
    try:
        return codecs.lookup(encoding).name if encoding else ""
    except (LookupError, ValueError):
        return ""


def _fits(text: str, encoding: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("latin-1").decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _texts(data: dict[str, Any], meta: Any) -> list[tuple[int | None, str, str]]:
    """Every text of a file that is not plain ASCII, with its case number (None: in the dictionary) and variable."""
    found: list[tuple[int | None, str, str]] = []
    for name, label in zip(meta.column_names, meta.column_labels, strict=True):
        found += [(None, name, text) for text in (name, label or "")]
        labels = meta.variable_value_labels.get(name) or {}
        spans = getattr(meta, "missing_ranges", {}).get(name) or []
        codes = [*labels, *(end for span in spans for end in span.values())]
        found += [(None, name, text) for text in (*labels.values(), *codes) if isinstance(text, str)]
    for name, entry in (getattr(meta, "mr_sets", None) or {}).items():
        found += [(None, name, text) for text in (name, entry.get("label") or "", *entry["variable_list"])]
    for name, column in data.items():
        if meta.readstat_variable_types[name] == "string":
            odd = {cell for cell in set(column) if isinstance(cell, str) and not cell.isascii()}
            first = {cell: column.index(cell) + 1 for cell in odd}
            found += [(case, name, cell) for cell, case in sorted(first.items(), key=lambda pair: pair[1])]
    return [entry for entry in found if not entry[2].isascii()]


def _variables(
    data: dict[str, Any], meta: Any, decode: Decode, file: str, faults: list[Fault]
) -> list[tuple[Variable, list[str]]]:
    found = []
    for name, label in zip(meta.column_names, meta.column_labels, strict=True):
        format = meta.original_variable_types[name] or ""
        text = meta.readstat_variable_types[name] == "string"
        kind = "string" if text else kind_of_format(format)
        missing = _missing(getattr(meta, "missing_ranges", {}).get(name) or [], text, decode)
        said = meta.variable_value_labels.get(name) or {}
        labels = {_code(code, decode): decode(text or "") for code, text in said.items()}
        column = data[name]
        if text:
            texts = {cell: decode(cell or "") for cell in set(column)}
            cells, absent = list(map(texts.__getitem__, column)), 0
        else:
            cells, absent = _number_cells(column, kind, missing, decode(name), file, faults)
        held = {cell for cell in set(cells) if missing.holds(cell)} if missing else set()
        user = sum(map(held.__contains__, cells)) if held else 0
        found.append((Variable(decode(name), decode(label or ""), kind, format, labels, missing, absent, user), cells))
    return found


def _code(code: Any, decode: Decode) -> str:
    return decode(code) if isinstance(code, str) else number_text(float(code))


def _missing(ranges: list[dict[str, Any]], text: bool, decode: Decode) -> Missing:
    values: list[str] = []
    spans: list[tuple[float | None, float | None]] = []
    for entry in ranges:
        low, high = entry["lo"], entry["hi"]
        if text or isinstance(low, str):
            values.append(decode(str(low)).rstrip())
        elif low == high:
            values.append(number_text(float(low)))
        else:
            spans.append((_end(low), _end(high)))
    return Missing(tuple(values), tuple(spans))


def _end(value: Any) -> float | None:
    """An end of a range; SPSS writes LOWEST and HIGHEST as the outermost numbers."""
    number = float(value)
    return None if math.isinf(number) or abs(number) > 1e300 else number


def _different(numbers: Any) -> tuple[Any, Any]:
    """The different numbers of a column, and for each cell the place of its own among them.

    Codes are counted off without sorting: a column of answers holds few whole numbers, and blanks.
    """
    import numpy as np

    blank = np.isnan(numbers)
    filled = numbers[~blank]
    if not filled.size or np.abs(filled).max() > LARGEST_CODE or (filled != np.rint(filled)).any():
        return np.unique(numbers, return_inverse=True)
    low, high = int(filled.min()), int(filled.max())
    codes = np.where(blank, high + 1, numbers).astype("int64") - low
    return np.append(np.arange(low, high + 1, dtype="float64"), np.nan), codes


def _number_cells(
    column: list[Any], kind: str, missing: Missing, name: str, file: str, faults: list[Fault]
) -> tuple[list[str], int]:
    """Cells of a numeric variable as text, and how many were system-missing; impossible moments become missing."""
    import numpy as np

    numbers = np.fromiter(column, dtype="float64", count=len(column))
    different, which = _different(numbers)
    texts, impossible = [], []
    for value in different.tolist():
        plain = number_text(value) if math.isfinite(value) else ""
        number = not plain or kind == "numeric" or missing.holds(plain)
        moment = plain if number else moment_text(value, kind)
        texts.append(moment or "")
        impossible.append(value == value and not moment)
    cells = np.array(texts, dtype=object)[which].tolist()
    found = np.flatnonzero(np.array(impossible)[which]) if any(impossible) else ()
    wrong = [(int(place) + 1, float(numbers[place])) for place in found]
    absent = cells.count("") - len(wrong)
    if wrong:
        case, value = wrong[0]
        saw = (
            f"saw {number_text(value)} s (year {year_of(value)})" if math.isfinite(value) else "saw an infinite number"
        )
        expected = "a moment between 1582 and 9999" if kind != "numeric" else "a number"
        faults.append(Fault("ING-28", "WARN", file, saw, expected, "Treated as missing", case, name, len(wrong)))
    return cells, absent
