"""The dictionary of an SPSS system file, as far as pyreadstat does not tell: encoding and number of cases.

Layout of the records: PSPP's "System File Format".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

CODE_PAGES = {2: "windows-1252", 3: "windows-1252", 28591: "iso-8859-1", 1250: "cp1250", 1251: "cp1251",
              1252: "windows-1252", 65001: "utf-8"}  # fmt: skip


@dataclass(frozen=True)
class SpssHeader:
    """``encoding`` is ``""`` when the file names none; ``cases`` is -1 when its writer did not know."""

    order: str
    cases: int
    encoding: str


def read_header(content: bytes) -> SpssHeader:
    """Walk the dictionary of a ``.sav`` or ``.zsav`` file.

    Raises
    ------
    ValueError
        When it ends early or holds what no dictionary holds.
    """
    try:
        order = next(sign for sign in "<>" if struct.unpack_from(f"{sign}i", content, 64)[0] in (2, 3))
        cases = struct.unpack_from(f"{order}i", content, 80)[0]
        return SpssHeader(order, cases, _encoding(content, order))
    except (struct.error, StopIteration, IndexError):
        raise ValueError("the dictionary ends early") from None


def with_unknown_cases(content: bytes, header: SpssHeader) -> bytes:
    """The same file with the case count blanked, so that all cases that are there are read."""
    return content[:80] + struct.pack(f"{header.order}i", -1) + content[84:]


def _encoding(content: bytes, order: str) -> str:
    def number(place: int) -> int:
        return int(struct.unpack_from(f"{order}i", content, place)[0])

    named, page = "", ""
    place = 176
    while True:
        kind = number(place)
        place += 4
        if kind == 999:
            return named or page
        if kind == 2:
            labelled, missing = number(place + 4), abs(number(place + 8))
            place += 28
            if labelled:
                place += 4 + (number(place) + 3) // 4 * 4
            place += 8 * missing
        elif kind == 3:
            count = number(place)
            place += 4
            for _ in range(count):
                place += 8 + (content[place + 8] + 8) // 8 * 8
        elif kind == 4:
            place += 4 + 4 * number(place)
        elif kind == 6:
            place += 4 + 80 * number(place)
        elif kind == 7:
            subtype, size, count = number(place), number(place + 4), number(place + 8)
            data = content[place + 12 : place + 12 + size * count]
            place += 12 + size * count
            if subtype == 20:
                named = data.decode("ascii", "replace").strip()
            elif subtype == 3 and len(data) >= 32:
                page = CODE_PAGES.get(struct.unpack_from(f"{order}8i", data)[7], "")
        else:
            raise ValueError(f"record of unknown kind {kind}")
        if place < 0 or place > len(content):
            raise ValueError("the dictionary ends early")
