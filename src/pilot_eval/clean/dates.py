"""Dates in the one form that the delivery declares, strictly: no guess at day and month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from pilot_eval.clean.values import Cell

ISO = "%Y-%m-%d"
#: Forms that a message may propose when a whole column does not fit the declared one.
FORMS = (
    ISO, "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%m/%d/%y", "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%Y/%m/%d", "%d %B %Y", "%d-%b-%Y",
)  # fmt: skip
#: Days by which programs mean "no date": the first day that a format can hold, or the last.
SENTINELS = frozenset({"0001-01-01", "1582-10-14", "1899-12-30", "1899-12-31", "1900-01-01", "9999-12-31"})
#: Such days that may as well be somebody's day of birth.
DOUBTFUL = frozenset({"1904-01-01", "1970-01-01"})
SERIAL = re.compile(r"[2-6][0-9]{4}(\.[0-9]+)?")


def read_date(text: str, form: str, zone: str, earliest: str, latest: str) -> Cell:
    """A date as ISO text.

    Parameters
    ----------
    text : str
        As delivered.
    form : str
        Declared form (``strptime``); ISO dates and times that ingest wrote from SPSS numbers are read as well when
        the form is the default.
    zone : str
        Time zone of the delivery: a time with an offset is taken to the day it was there.
    earliest, latest : str
        ISO days between which it must lie, empty for no limit.

    Returns
    -------
    Cell
        Missing of kind ``unreadable`` (CLN-20) or ``out_of_range`` (CLN-20 for a day that programs write for "no
        date", else CLN-22) when it is no date, or none of the study.
    """
    plain = text.strip()
    if not plain:
        return Cell(None, "skipped", "spelling", "nothing but spaces")
    moment = parse_moment(plain, form, zone)
    if moment is None:
        return Cell(None, "unreadable", "date", "no date of the declared form", "CLN-20")
    iso = moment.date().isoformat()
    outside = bool((earliest and iso < earliest) or (latest and iso > latest))
    if iso in SENTINELS or (outside and iso in DOUBTFUL):
        return Cell(None, "out_of_range", "date", "a day that stands for no date", "CLN-20")
    if outside:
        return Cell(None, "out_of_range", "date", f"outside {earliest or 'any day'} to {latest or 'any day'}", "CLN-22")
    return Cell(iso, "", "date", f"form {form}", fix="CLN-21" if in_clock_change(moment, zone) else "")


def parse_moment(text: str, form: str, zone: str) -> dt.datetime | None:
    """The moment of a text in the declared form, without a zone as clocks showed it there; None when it does not fit.

    Its ``tzinfo`` is the zone when the text said an offset.
    """
    try:
        moment = dt.datetime.strptime(text, form)
    except ValueError:
        if form != ISO:
            return None
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return None
    try:
        return moment if moment.tzinfo is None else moment.astimezone(zone_of(zone))
    except OverflowError:
        return None


def parse_day(text: str, form: str, zone: str) -> dt.date | None:
    """The day of a text in the declared form, None when it does not fit."""
    moment = parse_moment(text, form, zone)
    return None if moment is None else moment.date()


def zone_of(zone: str) -> dt.tzinfo:
    """A time zone by its name."""
    return dt.UTC if zone == "UTC" else ZoneInfo(zone)


def in_clock_change(moment: dt.datetime, zone: str) -> bool:
    """Whether clocks showed a time twice or never: it is read as summer time."""
    if zone == "UTC" or moment.tzinfo is not None or moment.time() == dt.time():
        return False
    place = zone_of(zone)
    offsets = {moment.replace(tzinfo=place, fold=fold).utcoffset() for fold in (0, 1)}
    return len(offsets) > 1


def form_of(texts: Iterable[str]) -> str | None:
    """The one usual form that all texts fit, None when none or several do."""
    texts = list(texts)
    found = [form for form in FORMS if all(fits(text, form) for text in texts)]
    return found[0] if len(found) == 1 else None


def fits(text: str, form: str) -> bool:
    """Whether a text is a date of a form."""
    try:
        dt.datetime.strptime(text.strip(), form)
    except ValueError:
        return False
    return True


def swapped(form: str) -> str | None:
    """A form with day and month the other way round; None when it names the month in words, or no number of it."""
    if "%d" not in form or "%m" not in form:
        return None
    return form.translate(str.maketrans("dm", "md"))
