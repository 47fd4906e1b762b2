"""SPSS moments: seconds since 14 October 1582, as ISO text."""

from __future__ import annotations

import datetime as dt

EPOCH = dt.datetime(1582, 10, 14)
DAYS = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR")
MOMENTS = ("DATETIME", "YMDHMS")
SPANS = ("TIME", "DTIME", "MTIME")


def kind_of_format(format: str) -> str:
    """``date``, ``datetime``, ``time``, ``string`` or ``numeric`` for an SPSS format such as ``ADATE10``."""
    name = format.rstrip("0123456789.").upper()
    for kind, names in (("date", DAYS), ("datetime", MOMENTS), ("time", SPANS), ("string", ("A", "AHEX"))):
        if name in names:
            return kind
    return "numeric"


def moment_text(seconds: float, kind: str) -> str | None:
    """A moment as ISO text (``2016-07-04``, ``2016-07-04T10:15:00``, ``27:30:00``); None when there is no such day."""
    if kind == "time":
        whole = round(abs(seconds))
        sign = "-" if seconds < 0 else ""
        return f"{sign}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    if seconds < 0:
        return None
    try:
        moment = EPOCH + dt.timedelta(seconds=round(seconds))
    except OverflowError:
        return None
    return moment.date().isoformat() if kind == "date" else moment.isoformat()


def year_of(seconds: float) -> int:
    """The (impossible) year of a moment, for messages."""
    return int(1582.79 + seconds / (365.2425 * 86400))
