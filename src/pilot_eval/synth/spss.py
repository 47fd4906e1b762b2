"""A small SPSS system file writer: fixed creation date, code page 1252, multiple-response sets, user-missing values.

pyreadstat writes UTF-8 only, no sets, and the clock's time into the header. Layout after the PSPP developers' guide,
"System File Format"; values are compressed by SPSS's byte code, as SPSS itself does by default.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Value = float | str | None
Sets = Mapping[str, tuple[str, Sequence[str]]]
SYSMIS = -1.7976931348623157e308
HIGHEST, LOWEST = 1.7976931348623157e308, -1.7976931348623155e308
BIAS = 100
EPOCH = dt.date(1582, 10, 14)
FORMATS = {"A": 1, "F": 5, "DATE": 20}
CODE_PAGES = {"cp1252": (1252, "windows-1252")}


@dataclass(frozen=True)
class Variable:
    """One variable: numeric when ``width`` is 0, else text of at most that many bytes (255)."""

    name: str
    label: str = ""
    width: int = 0
    format: tuple[str, int, int] = ("F", 8, 0)
    labels: Mapping[float, str] = field(default_factory=dict)
    missing: Sequence[float] = ()
    measure: int = 1

    @property
    def segments(self) -> int:
        """Number of eight-byte pieces that a value takes."""
        return max(1, -(-self.width // 8))


def seconds(day: dt.date) -> float:
    """A date as SPSS stores it: seconds since the beginning of the Gregorian calendar."""
    return float((day - EPOCH).days * 86400)


def write_sav(
    variables: Sequence[Variable],
    rows: Sequence[Sequence[Value]],
    title: str,
    notes: Sequence[str] = (),
    sets: Sets | None = None,
    encoding: str = "cp1252",
    created: tuple[str, str] = ("01 Sep 15", "00:00:00"),
) -> bytes:
    """The bytes of a ``.sav``.

    Parameters
    ----------
    variables : sequence of Variable
    rows : sequence of rows
        One value a variable: a number, a text, or None for system-missing.
    title : str
        File label, at most 64 bytes.
    notes : sequence of str
        Lines of the document record, at most 80 bytes each.
    sets : mapping
        Multiple-response sets of tick boxes counted at 1: name, label, variables.
    encoding : {"cp1252"}
    created : (str, str)
        Date and time in the header.

    Returns
    -------
    bytes
    """
    short = {variable.name: f"V{index:05d}" for index, variable in enumerate(variables, 1)}
    parts = [_header(variables, len(rows), title, created, encoding)]
    parts += [_variable(variable, short[variable.name], encoding) for variable in variables]
    parts += _value_labels(variables, encoding)
    if notes:
        lines = b"".join(_padded(line, 80, encoding) for line in notes)
        parts.append(struct.pack("<ii", 6, len(notes)) + lines)
    parts += _extensions(variables, short, sets or {}, encoding)
    parts.append(struct.pack("<ii", 999, 0))
    parts.append(_compressed(variables, rows, encoding))
    return b"".join(parts)


def _padded(text: str, width: int, encoding: str) -> bytes:
    raw = text.encode(encoding)
    if len(raw) > width:
        raise ValueError(f"a text of {len(raw)} bytes does not fit {width}")
    return raw.ljust(width)


def _header(variables: Sequence[Variable], cases: int, title: str, created: tuple[str, str], encoding: str) -> bytes:
    return (
        b"$FL2"
        + _padded("@(#) SPSS DATA FILE pilot_eval synth", 60, encoding)
        + struct.pack("<iiiii", 2, sum(variable.segments for variable in variables), 1, 0, cases)
        + struct.pack("<d", BIAS)
        + _padded(created[0], 9, encoding)
        + _padded(created[1], 8, encoding)
        + _padded(title, 64, encoding)
        + b"\0" * 3
    )


def _variable(variable: Variable, short: str, encoding: str) -> bytes:
    kind, width, decimals = variable.format
    form = FORMATS[kind] << 16 | width << 8 | decimals
    label = variable.label.encode(encoding)[:255]
    record = struct.pack("<iiiiii", 2, variable.width, int(bool(label)), len(variable.missing), form, form)
    record += _padded(short, 8, encoding)
    if label:
        record += struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4)
    record += b"".join(struct.pack("<d", value) for value in variable.missing)
    blank = struct.pack("<iiiiii", 2, -1, 0, 0, 0, 0) + b" " * 8
    return record + blank * (variable.segments - 1)


def _value_labels(variables: Sequence[Variable], encoding: str) -> list[bytes]:
    """One pair of records for each set of labels, with the places of all variables that use it."""
    users: dict[tuple[tuple[float, str], ...], list[int]] = {}
    place = 1
    for variable in variables:
        if variable.labels:
            users.setdefault(tuple(sorted(variable.labels.items())), []).append(place)
        place += variable.segments
    records = []
    for labels, places in users.items():
        record = struct.pack("<ii", 3, len(labels))
        for value, text in labels:
            raw = text.encode(encoding)
            record += struct.pack("<dB", value, len(raw)) + raw.ljust(-(-(len(raw) + 1) // 8) * 8 - 1)
        records.append(record + struct.pack(f"<ii{len(places)}i", 4, len(places), *places))
    return records


def _extensions(
    variables: Sequence[Variable],
    short: Mapping[str, str],
    sets: Mapping[str, tuple[str, Sequence[str]]],
    encoding: str,
) -> list[bytes]:
    code, name = CODE_PAGES[encoding]
    records = [
        _extension(3, 4, struct.pack("<8i", 20, 0, 0, -1, 1, 1, 2, code)),
        _extension(4, 8, struct.pack("<3d", SYSMIS, HIGHEST, LOWEST)),
    ]
    if sets:
        lines = [
            f"${key}=D1 1 {len(label.encode(encoding))} {label} "
            + " ".join(short[member].lower() for member in members)
            for key, (label, members) in sets.items()
        ]
        records.append(_extension(7, 1, ("\n".join(lines) + "\n").encode(encoding)))
    display = [value for variable in variables for value in (variable.measure, min(max(8, variable.width), 40), 0)]
    records.append(_extension(11, 4, struct.pack(f"<{len(display)}i", *display)))
    long = "\t".join(f"{short[variable.name]}={variable.name}" for variable in variables)
    records.append(_extension(13, 1, long.encode(encoding)))
    records.append(_extension(20, 1, name.encode("ascii")))
    return records


def _extension(subtype: int, size: int, data: bytes) -> bytes:
    return struct.pack("<iiii", 7, subtype, size, len(data) // size) + data


def _compressed(variables: Sequence[Variable], rows: Sequence[Sequence[Value]], encoding: str) -> bytes:
    """Byte code: a small whole number, a mark for blanks or missing, or 253 with eight bytes of its own to follow."""
    codes, literals = bytearray(), []
    blocks: list[bytes] = []

    def put(code: int, literal: bytes = b"") -> None:
        codes.append(code)
        if literal:
            literals.append(literal)
        if len(codes) == 8:
            blocks.append(bytes(codes) + b"".join(literals))
            codes.clear()
            literals.clear()

    for row in rows:
        for variable, value in zip(variables, row, strict=True):
            if variable.width:
                raw = _padded(str(value or ""), variable.segments * 8, encoding)
                for start in range(0, len(raw), 8):
                    piece = raw[start : start + 8]
                    put(254) if piece == b" " * 8 else put(253, piece)
            elif value is None:
                put(255)
            elif float(value).is_integer() and 1 - BIAS <= float(value) <= 251 - BIAS:
                put(int(float(value)) + BIAS)
            else:
                put(253, struct.pack("<d", float(value)))
    if codes:
        codes.extend(b"\0" * (8 - len(codes)))
        blocks.append(bytes(codes) + b"".join(literals))
    return b"".join(blocks)
