"""How one item is read at one wave: its column, words, codes, missing kinds, direction and range."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pilot_eval.canonical import canonical
from pilot_eval.study.condition import Condition, conditions

WHOLE = frozenset({"likert", "ordinal", "binary", "category", "count"})
NUMERIC = frozenset({"likert", "ordinal", "binary", "count", "number"})
#: Seconds in the units in which a file may give how long an answer took.
UNITS = {"": 1.0, "seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "milliseconds": 0.001}
YES, NO = frozenset({"yes", "y", "true", "t"}), frozenset({"no", "n", "false", "f"})


@dataclass(frozen=True, eq=False)
class Reading:
    """One item at one wave.

    Attributes
    ----------
    item, type, use, column, label : str
        Name in the study, type and use of the codebook, delivered column, wording.
    labels : dict of int to str
        Canonical codes.
    spoken : dict of str to int
        Words of the delivery: *delivered* code.
    words : dict of str to int
        Words of the codebook: canonical code.
    exact : frozenset of str
        Labels as the codebook spells them.
    delivered : tuple of int
        Codes of which the codebook gives the wave's own labels.
    missing : dict of int to str
        Delivered code: kind of missing, as the codebook has it.
    file_missing : tuple of (float, float)
        Ranges that the file itself declares missing.
    file_labels : dict of int to str
        Value labels of the file.
    recode : dict of int to int
        Delivered code: canonical code, before any reversal.
    turn : float or None
        Least plus greatest code when the wave is coded the other way round.
    low, high : float or None
    earliest, latest : str
        ISO days between which a date must lie; empty: no limit.
    set, unit : str
    option : str
        What the item stands for in a column that holds all chosen options of its set.
    asked_if : tuple of Condition
        The item is asked where all of these hold of other items.
    since, until : str
        ISO days of completion to which the reading applies; empty: no limit.
    """

    item: str
    type: str
    use: str
    column: str
    label: str = ""
    labels: dict[int, str] = field(default_factory=dict)
    spoken: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    delivered: tuple[int, ...] = ()
    missing: dict[int, str] = field(default_factory=dict)
    file_missing: tuple[tuple[float, float], ...] = ()
    file_labels: dict[int, str] = field(default_factory=dict)
    recode: dict[int, int] = field(default_factory=dict)
    turn: float | None = None
    low: float | None = None
    high: float | None = None
    earliest: str = ""
    latest: str = ""
    set: str = ""
    unit: str = ""
    option: str = ""
    asked_if: tuple[Condition, ...] = ()
    since: str = ""
    until: str = ""

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are answers."""
        return self.type in WHOLE

    @property
    def coded(self) -> bool:
        """Whether answers are numbers or codes; otherwise they are text or dates."""
        return self.type in NUMERIC or (self.type == "category" and bool(self.labels))

    @property
    def floats(self) -> bool:
        """Whether the cleaned column holds numbers; attributes do where they are measured or counted, else text."""
        measured = self.use == "attribute" and self.type in ("number", "count")
        return self.coded and (measured or self.use in ("answer", "weight", "duration"))

    @property
    def seconds(self) -> float:
        """Seconds in the item's unit; one when it is no unit of time."""
        return UNITS.get(self.unit.strip().lower(), 1.0)

    @property
    def scheme(self) -> tuple[int, ...]:
        """Codes that the wave may deliver, ascending; empty when none are listed."""
        return tuple(sorted(self.recode or self.labels))

    def applies(self, day: str) -> bool:
        """Whether the reading holds for a response of a day (ISO)."""
        return (not self.since or day >= self.since) and (not self.until or day <= self.until)

    def code_of(self, delivered: float) -> float | None:
        """Canonical value of a delivered number; None when the wave's coding has no such code."""
        value = delivered
        if self.recode and delivered == int(delivered):
            complete = set(self.recode.values()) >= set(self.labels)
            if int(delivered) not in self.recode and complete and self.labels:
                return None
            value = self.recode.get(int(delivered), delivered)
        return value if self.turn is None else self.turn - value

    def valid(self, value: float) -> bool:
        """Whether a canonical value is one of the codes, or within the range."""
        if self.labels and self.whole:
            return value in self.labels
        if (self.type == "binary" and value not in (0, 1)) or (self.type == "count" and value < 0):
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def expected(self) -> str:
        """Valid values as a message names them."""
        if self.labels:
            codes = sorted(self.labels)
            span = codes == list(range(codes[0], codes[-1] + 1)) and len(codes) > 2
            return f"{codes[0]} to {codes[-1]}" if span else " or ".join(map(str, codes))
        low, high = (None if bound is None else f"{bound:g}" for bound in (self.low, self.high))
        if self.type == "binary":
            return "0 or 1"
        kind = "a whole number" if self.whole else "a number"
        if low is not None and high is not None:
            return f"{kind} from {low} to {high}"
        if low is not None:
            return f"{kind} of at least {low}"
        return kind if high is None else f"{kind} of at most {high}"


def reading_of(item: Mapping[str, Any], wave: str, variable: Mapping[str, Any] | None) -> Reading | None:
    """An item of the codebook as it is read at a wave.

    Parameters
    ----------
    item : mapping
        A codebook item as plain values; codes may be text (JSON).
    wave : str
    variable : mapping or None
        The column's line of the file's metadata, None when the file has no such column.

    Returns
    -------
    Reading or None
        None when the item was not asked at the wave.
    """
    column = item["names"].get(wave)
    if column is None:
        return None
    labels = _codes(item["labels"])
    delivered = _codes(item["wave_labels"].get(wave) or {})
    turned = wave in item["reversed"]
    low, high = item["low"], item["high"]
    ends = (min(labels), max(labels)) if labels else (low, high)
    return Reading(
        item=item["item"],
        type=item["type"],
        use=item["use"],
        column=column,
        label=item["label"],
        labels=labels,
        spoken=words_of(delivered),
        words=words_of(labels),
        exact=frozenset(" ".join(label.split()) for label in (*labels.values(), *delivered.values())),
        delivered=tuple(sorted(delivered)),
        missing=_codes(item["missing"]),
        file_missing=missing_ranges(variable),
        file_labels=file_labels(variable),
        recode={int(old): int(new) for old, new in item["recodes"].get(wave, {}).items()},
        turn=float(ends[0] + ends[1]) if turned and None not in ends else None,
        low=low,
        high=high,
        earliest=item["earliest"] or "",
        latest=item["latest"] or "",
        set=item["set"],
        unit=item["unit"],
        option=delivered.get(1) or labels.get(1) or item["label"],
        asked_if=conditions(item["asked_if"]),
        since=item["since"] or "",
        until=item["until"] or "",
    )


def readings_of(item: Mapping[str, Any], wave: str, variable: Mapping[str, Any] | None) -> list[Reading]:
    """An item as it is read at a wave: once for each span of days with a coding of its own; see :func:`reading_of`."""
    found = [reading_of(line, wave, variable) for line in (item, *item["later"])]
    return [reading for reading in found if reading is not None]


def bare(text: str) -> str:
    """A label without case, width and extra spaces, but with its punctuation: ``">5"`` and ``"<5"`` stay two."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def word_code(text: str, words: Mapping[str, int]) -> int | None:
    """Code of a word: with its punctuation, or else without."""
    found = words.get(bare(text))
    return words.get(canonical(text)) if found is None else found


def words_of(labels: Mapping[int, str]) -> dict[str, int]:
    """Words by which a code may be named: labels as they stand, and without punctuation where that stays unique."""
    loose = Counter(canonical(label) for label in labels.values())
    found = {canonical(label): code for code, label in labels.items() if loose[canonical(label)] == 1}
    found.pop("", None)
    return found | {bare(label): code for code, label in labels.items()}


def _codes(mapping: Mapping[Any, str]) -> dict[int, str]:
    return {int(code): label for code, label in mapping.items()}


def file_labels(variable: Mapping[str, Any] | None) -> dict[int, str]:
    found = {}
    for code, label in json.loads((variable or {}).get("value_labels") or "{}").items():
        try:
            number = float(code)
        except ValueError:
            continue
        if number == int(number):
            found[int(number)] = str(label)
    return found


def missing_ranges(variable: Mapping[str, Any] | None) -> tuple[tuple[float, float], ...]:
    declared = json.loads((variable or {}).get("missing") or "{}")
    found = []
    for value in declared.get("values", ()):
        try:
            found.append((float(value), float(value)))
        except (TypeError, ValueError):
            continue
    for low, high in declared.get("ranges", ()):
        found.append((float("-inf") if low is None else float(low), float("inf") if high is None else float(high)))
    return tuple(found)
