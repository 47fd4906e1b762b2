"""Numbers that are no codes of their item: slips, undeclared missing codes, another base, more points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pilot_eval.clean.bad_cells import LARGEST_SHARE, LEAST_ROWS, Bad, warnings
from pilot_eval.clean.reading import Reading
from pilot_eval.clean.values import USUAL_MISSING, Cell, parse_number, plain_digits
from pilot_eval.faults import Fault

#: An undeclared missing code that stands in so many rows of a column stops the file, however long it is.
LEAST_OF_A_CODE = 5
#: Codes below which heaps of numbers are natural.
LEAST_SPIKE, SPIKE_ROWS, SPIKE_TIMES = 77, 5, 3


def off_scale(bad: Bad, cells: Mapping[str, Cell], reading: Reading, source: Mapping[str, Any]) -> list[Fault]:
    """CLN-05, 06, 08, 10 or 26: what numbers outside the scale of an item mean.

    Parameters
    ----------
    bad : Bad
        The cells outside.
    cells : mapping of str to Cell
        What became of every text of the column.
    reading : Reading
    source : mapping

    Returns
    -------
    list of Fault
    """
    counts = Counter(_number(text) for text in bad.texts)
    seen = {_number(text) for text, cell in cells.items() if cell.value is not None}
    stop = _other_coding(bad, counts, seen, reading, source)
    if stop:
        return stop
    usual = {code: number for code, number in counts.items() if code in USUAL_MISSING}
    found: list[Fault] = []
    if usual and (sum(usual.values()) > LARGEST_SHARE * bad.answered or max(usual.values()) >= LEAST_OF_A_CODE):
        told = " and ".join(f"{code:g} in {number} row{'s' * (number > 1)}" for code, number in sorted(usual.items()))
        kinds = ", ".join(f"{code:g}=KIND" for code in sorted(usual))
        action = f"If they mean missing, add {kinds} to missing in the codebook; else correct the file"
        found.append(_fault("CLN-10", f"saw {told}", reading.expected(), action, bad, reading, source, set(usual)))
    others = {code for code in counts if code not in usual}
    rest = sum(counts[code] for code in others)
    if rest and bad.many and rest > LARGEST_SHARE * bad.answered:
        texts = dict.fromkeys(text.strip() for text in _only(bad, others).texts)
        told = f"saw {', '.join(list(texts)[:4])} in {rest} of {bad.answered} answers"
        action = "Declare the codes as missing, or the wave's coding, in the codebook; or correct the file"
        found.append(_fault("CLN-08", told, reading.expected(), action, bad, reading, source, others))
    if found:
        return found
    return [
        fault
        for kind, codes in (("CLN-08", others), ("CLN-10", set(usual)))
        for fault in warnings(
            kind, _only(bad, codes), reading.expected(),
            "Treated as missing; declare the code in the codebook if it means missing", reading, source,
        )
    ]  # fmt: skip


def _other_coding(
    bad: Bad, counts: Mapping[float, int], seen: set[float], reading: Reading, source: Mapping[str, Any]
) -> list[Fault]:
    """The codes of another questionnaire: yes and no counted otherwise, another base, more points."""
    codes = reading.scheme or (0, 1)
    if not reading.scheme and reading.low is not None and reading.high is not None:
        codes = (int(reading.low), int(reading.high))
    if reading.type == "binary":
        held = sorted({code for code in (*counts, *seen) if code in (0, 1, 2)})
        if set(held) - set(codes):
            told = f"holds {', '.join(f'{code:g}' for code in held)}"
            action = 'Which code is "no"? Declare recode for the wave, such as 1=1|2=0'
            return [_fault("CLN-26", told, f"{codes[0]} or {codes[-1]}", action, bad, reading, source, set(counts))]
        return []
    low, high = codes[0], codes[-1]
    if not (reading.type in ("likert", "ordinal") and high - low >= 2) or reading.recode:
        return []
    for beyond, gone, step in ((low - 1, high, 1), (high + 1, low, -1)):
        number = counts.get(beyond, 0)
        many = number > LARGEST_SHARE * bad.answered and number >= LEAST_ROWS
        others = sum(counts[code] for code in set(counts) - USUAL_MISSING - {beyond})
        slips = others < LEAST_ROWS and others <= LARGEST_SHARE * bad.answered
        # 9 may well be a missing code on a scale to 8; that nobody chose the other end tells
        unsure = beyond in USUAL_MISSING and (gone in seen or not many or beyond < 0)
        if not number or not slips or unsure:
            continue
        if (gone not in seen and (many or step == 1)) or (number > 1 and step == 1):
            span = f"values {min(low, beyond)} to {max(high, beyond)}" if gone in seen else (
                f"values {low - step} to {high - step} (no {gone} in {bad.answered} answers)"
            )  # fmt: skip
            action = f"Declare recode {low - step}={low}|... for the wave in the codebook, or correct the export"
            return [_fault("CLN-05", span, f"{low} to {high}", action, bad, reading, source, {beyond})]
    further = sorted(code for code in counts if code > high)
    row = list(range(high + 1, high + 1 + len(further)))
    if len(further) > 1 and further == row and set(row) - USUAL_MISSING and bad.many:
        told = f"values up to {further[-1]:g} in {sum(counts[code] for code in further)} of {bad.answered} answers"
        action = "Has the wave more points? Declare recode for it, or leave the item out"
        return [_fault("CLN-06", told, f"{low} to {high}", action, bad, reading, source, set(further))]
    return []


def spikes(
    counts: Mapping[str, int], cells: Sequence[Cell], reading: Reading, source: Mapping[str, Any]
) -> list[Fault]:
    """CLN-11: a usual missing code that stands out among the numbers of a count; it is kept as a number."""
    if reading.type not in ("count", "number") or reading.use != "answer":
        return []
    numbers: Counter[float] = Counter()
    for text, cell in zip(counts, cells, strict=True):
        if isinstance(cell.value, float):
            numbers[cell.value] += counts[text]
    found = []
    for code in sorted(USUAL_MISSING & set(numbers)):
        near = [numbers.get(code + step, 0) for step in (-3, -2, -1, 1, 2, 3) if code + step not in USUAL_MISSING]
        mean = sum(near) / len(near) if near else 0.0
        below = code < 0 and all(number in USUAL_MISSING or number >= 0 for number in numbers)
        if numbers[code] >= SPIKE_ROWS and numbers[code] > SPIKE_TIMES * mean and (code >= LEAST_SPIKE or below):
            told = f"{code:g} stands {numbers[code]} times, numbers near it {mean:.1f} times on average"
            action = f"Kept as a number: add {code:g}=KIND to missing in the codebook if it means missing"
            found.append(Fault("CLN-11", "WARN", source["path"], told, "no heap at a code for missing", action, None,
                               reading.column, numbers[code]))  # fmt: skip
    return found


def unweighted(
    rows: Any, places: Any, cells: Sequence[Cell], reading: Reading, source: Mapping[str, Any]
) -> list[Fault]:
    """CLN-28: weights below zero, or all zero, stop the file; a zero is counted, a missing one warned of."""
    values = [cells[place].value for place in places]
    first = {
        what: next((int(row) for row, value in zip(rows, values, strict=True) if test(value)), None)
        for what, test in (
            ("below", lambda value: value is not None and value < 0), ("zero", lambda value: value == 0),
            ("none", lambda value: value is None), ("above", lambda value: value is not None and value > 0),
        )
    }  # fmt: skip
    file, column = source["path"], reading.column
    if first["below"] is not None:
        low = next(value for value in values if value is not None and value < 0)
        number = sum(value is not None and value < 0 for value in values)
        return [Fault("CLN-28", "STOP", file, f"saw {low:g}", "a weight above 0",
                      "Ask the survey house for corrected weights", first["below"], column, number)]  # fmt: skip
    if values and first["above"] is None:
        return [Fault("CLN-28", "STOP", file, "no weight is above 0", "weights above 0",
                      "Ask the survey house for corrected weights", first["zero"] or first["none"], column,
                      len(values))]  # fmt: skip
    found = []
    if first["none"] is not None:
        number = sum(value is None for value in values)
        told, action = f"{number} responses have no weight", "Kept without one; nothing weighted can use them"
        found.append(Fault("CLN-28", "WARN", file, told, "a weight above 0", action, first["none"], column, number))
    if first["zero"] is not None:
        number = sum(value == 0 for value in values)
        found.append(Fault("CLN-28", "OK", file, f"{number} weights are 0", "", "", first["zero"], column, number))
    return found


def _fault(kind: str, what: str, expected: str, action: str, bad: Bad, reading: Reading, source: Mapping[str, Any],
           codes: set[float]) -> Fault:  # fmt: skip
    rows = _only(bad, codes).rows
    return Fault(kind, "STOP", source["path"], what, expected, action, rows[0], reading.column, len(rows))


def _only(bad: Bad, codes: set[float]) -> Bad:
    return bad.only(lambda text: _number(text) in codes)


def _number(text: str) -> float:
    """The number of a cell that was read as one; infinite when it was a word that stands for a code."""
    plain = plain_digits(text).strip().replace(",", ".")
    number = parse_number(plain, ".")
    return float("inf") if number is None else float(round(number)) if abs(number - round(number)) < 1e-6 else number
