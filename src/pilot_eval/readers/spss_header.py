"""The dictionary of an SPSS system file, as far as pyreadstat does not tell: encoding, number and place of the cases.

Layout of the records: PSPP's "System File Format".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

CODE_PAGES = {2: "windows-1252", 3: "windows-1252", 28591: "iso-8859-1", 1250: "cp1250", 1251: "cp1251",
              1252: "windows-1252", 65001: "utf-8"}  # fmt: skip


#: After "$FL2" or "$FL3".
MAGIC = b"@(#) SPSS"


@dataclass(frozen=True)
class SpssHeader:
    """What the file says of itself.

    ``encoding`` is ``""`` when the file names none; ``cases`` is -1 when its writer did not know. ``compression`` is 0
    for none, 1 by rows, 2 by zlib; ``width`` is the length of a case in units of 8 bytes; the data begin at ``start``.
    """

    order: str
    cases: int
    encoding: str
    compression: int = 0
    width: int = 0
    start: int = 0


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
        compression = struct.unpack_from(f"{order}i", content, 72)[0]
        return SpssHeader(order, cases, *_dictionary(content, order, compression))
    except (struct.error, StopIteration, IndexError):
        raise ValueError("the dictionary ends early") from None


def misfit(content: bytes, header: SpssHeader) -> str:
    """What does not fit about the length of a file, ``""`` when nothing can be said against it.

    Two files that were joined, and bytes after the last case: readers stop at the end of the first file, in silence.
    """
    again = content.find(MAGIC, 8)
    if again > 0 and content[again - 4 : again] in (b"$FL2", b"$FL3"):
        return f"a second SPSS file begins at byte {again - 4:,}: two files were joined"
    if header.compression == 2:
        try:
            _, place, length = struct.unpack_from(f"{header.order}3q", content, header.start)
        except struct.error:
            return "it ends before its data"
        if place + length != len(content):
            return f"its data should end at byte {place + length:,}, the file has {len(content):,}"
    if header.compression == 0 and header.width:
        over = (len(content) - header.start) % (8 * header.width)
        if over:
            return f"{over:,} bytes are left after the last whole case"
    return ""


def with_unknown_cases(content: bytes, header: SpssHeader) -> bytes:
    """The same file with the case count blanked, so that all cases that are there are read."""
    return content[:80] + struct.pack(f"{header.order}i", -1) + content[84:]


def _dictionary(content: bytes, order: str, compression: int) -> tuple[str, int, int, int]:
    """Encoding, compression, width of a case and place of the data."""

    def number(place: int) -> int:
        return int(struct.unpack_from(f"{order}i", content, place)[0])

    named, page, width = "", "", 0
    place = 176
    while True:
        kind = number(place)
        place += 4
        if kind == 999:
            return named or page, compression, width, place + 4
        if kind == 2:
            width += 1
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
