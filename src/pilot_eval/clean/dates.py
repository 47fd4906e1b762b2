"""Dates in the one form that the delivery declares, strictly: no guess at day and month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from pilot_eval.clean.values import Cell

#: Forms that a message may propose when a whole column does not fit the declared one.
FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%Y-%m-%d %H:%M:%S", "%d %B %Y")


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
        Missing of kind ``unreadable`` (CLN-20) or ``out_of_range`` (CLN-22) when it is no date, or none of the study.
    """
    plain = text.strip()
    if not plain:
        return Cell(None, "skipped", "spelling", "nothing but spaces")
    day = parse_day(plain, form, zone)
    if day is None:
        return Cell(None, "unreadable", "date", "no date of the declared form", "CLN-20")
    iso = day.isoformat()
    if (earliest and iso < earliest) or (latest and iso > latest):
        return Cell(None, "out_of_range", "date", f"outside {earliest or 'any day'} to {latest or 'any day'}", "CLN-22")
    return Cell(iso, "", "date", f"form {form}")


def parse_day(text: str, form: str, zone: str) -> dt.date | None:
    """The day of a text in the declared form, None when it does not fit."""
    try:
        moment = dt.datetime.strptime(text, form)
    except ValueError:
        if form != "%Y-%m-%d":
            return None
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(dt.UTC if zone == "UTC" else ZoneInfo(zone))
    return moment.date()


def form_of(texts: Iterable[str]) -> str | None:
    """The one usual form that all texts fit, None when none or several do."""
    found = [form for form in FORMS if all(_fits(text, form) for text in texts)]
    return found[0] if len(found) == 1 else None


def _fits(text: str, form: str) -> bool:
    try:
        dt.datetime.strptime(text.strip(), form)
    except ValueError:
        return False
    return True
