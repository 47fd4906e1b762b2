"""Dates that do not fit: one of them is a slip, all of them are a form that was not declared."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from pilot_eval.clean.bad_cells import Bad, warnings
from pilot_eval.clean.dates import FORMS, ISO, SERIAL, fits, form_of, parse_day, swapped
from pilot_eval.clean.reading import Reading
from pilot_eval.faults import Fault

#: So many dates, all of the first twelve days of a month, leave it open which number is the month.
LEAST_DATES = 5


def date_faults(
    unread: Bad, outside: Bad, counts: Mapping[str, int], reading: Reading, source: Mapping[str, Any]
) -> list[Fault]:
    """CLN-19, CLN-20 and CLN-22 of a column of dates.

    Parameters
    ----------
    unread, outside : Bad
        Cells that are no date of the declared form, and days outside those allowed.
    counts : mapping of str to int
        Every different text of the column, and how often it stands there.
    reading : Reading
    source : mapping

    Returns
    -------
    list of Fault
    """
    form = source["date_format"] if source["format"] in ("csv", "xlsx") else ISO
    texts = [text.strip() for text in counts if text.strip()]
    found = _unread(unread, texts, form, reading, source) if unread.rows else []
    if not outside.rows:
        return found + _ambiguous(texts, form, reading, source)
    span = f"a day from {reading.earliest or 'any'} to {reading.latest or 'any'}"
    other = swapped(form)
    if other and len(outside.rows) > 1 and all(_within(text, other, reading, source) for text in outside.texts):
        told = f"{len(outside.rows)} of {outside.answered} dates lie outside when read as {form}"
        action = f"All of these lie within as {other}: set date_format in sources.csv"
        return [*found, _stop("CLN-19", told, span, action, outside, reading, source)]
    if outside.many and len(outside.rows) > outside.answered / 2 and reading.use == "completed":
        told = f"{len(outside.rows)} of {outside.answered} dates, such as {outside.texts[0].strip()}"
        action = "Have the waves been swapped? Correct sources.csv or the dates of the waves"
        return [*found, _stop("CLN-22", told, span, action, outside, reading, source)]
    action = "Treated as missing"
    if reading.use == "completed":
        action += "; the months of the wave are used"
    return found + warnings("CLN-22", outside, span, action, reading, source)


def _unread(bad: Bad, texts: list[str], form: str, reading: Reading, source: Mapping[str, Any]) -> list[Fault]:
    """Days that no calendar has are slips; texts of another form are the file's."""
    zone = source["timezone"]
    strange = bad.only(lambda text: parse_day(text.strip(), form, zone) is None and not _impossible(text, form))
    slips = bad.only(lambda text: text not in strange.texts)
    expected = "a date" if form == ISO else f"a date of the form {form}"
    found = warnings("CLN-20", slips, expected, "Treated as missing", reading, source)
    none = [text.strip() for text in strange.texts]
    if not none:
        return found
    other = form_of(texts) or form_of(none)
    serials = all(SERIAL.fullmatch(text) for text in none)
    if not (strange.many or (len(none) == bad.answered and (other or serials))):
        return warnings("CLN-20", strange, expected, "Treated as missing", reading, source) + found
    told = f"{len(none)} of {bad.answered} dates do not fit, such as {none[0][:40]}"
    action = "Set date_format in sources.csv, or correct the file"
    if serials:
        action = "These are serial numbers of a spreadsheet: ask for a new export with the column as dates"
    elif other:
        number = sum(fits(text, other) for text in texts)
        action = f"{'All' if number == len(texts) else 'These'} fit {other}: set date_format in sources.csv"
    return [_stop("CLN-19", told, f"dates of the declared form {form}", action, strange, reading, source), *found]


def _impossible(text: str, form: str) -> bool:
    """Whether a text has the numbers of a date of the form, and no usual form makes a day of them."""
    parts = [re.sub("[0-9]+", "9", one) for one in (text.strip(), dt.date(2000, 1, 1).strftime(form))]
    return parts[0] == parts[1] and not any(fits(text, other) for other in FORMS)


def _ambiguous(texts: list[str], form: str, reading: Reading, source: Mapping[str, Any]) -> list[Fault]:
    """CLN-19: which number is the day cannot be told from the dates, nor from the days that are allowed."""
    other = swapped(form)
    if other is None or form == ISO or len(texts) < LEAST_DATES:
        return []
    days = {parse_day(text, form, source["timezone"]) for text in texts}
    if len(days) < LEAST_DATES or not all(_within(text, other, reading, source) for text in texts):
        return []
    told, action = f"all {len(days)} days are dates as {form} and as {other}", f"Read as {form}: check with the sender"
    return [Fault("CLN-19", "WARN", source["path"], told, "a day after the 12th somewhere", action, None,
                  reading.column)]  # fmt: skip


def _within(text: str, form: str, reading: Reading, source: Mapping[str, Any]) -> bool:
    day = parse_day(text.strip(), form, source["timezone"])
    iso = "" if day is None else day.isoformat()
    return bool(day) and (reading.earliest or "") <= iso and (not reading.latest or iso <= reading.latest)


def _stop(
    kind: str, told: str, expected: str, action: str, bad: Bad, reading: Reading, source: Mapping[str, Any]
) -> Fault:
    return Fault(kind, "STOP", source["path"], told, expected, action, bad.rows[0], reading.column, len(bad.rows))
