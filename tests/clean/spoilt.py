"""A delivered sheet that knows where each of its cells came from, so that it can be spoilt and accounted for."""

import csv
import io
import random
from dataclasses import dataclass, field

RECORD, NONE = "record", "none"


@dataclass
class Line:
    """One line of a sheet.

    ``origin`` is the place of the sound record that it was made of, None for what somebody added; ``kind`` is
    ``RECORD``, or ``NONE`` for what is no record at all; ``raw`` is the text that stands there in its stead when no
    program would write it.
    """

    cells: list
    origin: int | None = None
    kind: str = RECORD
    raw: str | None = None
    origins: tuple = ()


@dataclass
class Sheet:
    """A sound delivery and what became of it."""

    source: dict
    names: list
    columns: list
    lines: list
    sound: list
    ends: str = "\r\n"
    encoding: str = "utf-8"
    mark: bool = False
    above: list = field(default_factory=list)
    header_raw: str | None = None
    delimiter: str = ","
    quote: int = csv.QUOTE_MINIMAL
    last: bytes = b""
    kept: float = 1.0
    mixed: bool = False
    untold: set = field(default_factory=set)
    places: dict = field(default_factory=dict)
    first: list = field(default_factory=list)
    others: list = field(default_factory=list)

    @classmethod
    def of(cls, source, content):
        """The sheet of a sound file."""
        text = content.decode("utf-8-sig" if source["encoding"] == "utf-8" else source["encoding"])
        names, *records = csv.reader(io.StringIO(text, newline=""), delimiter=source["delimiter"])
        lines = [Line(list(cells), place) for place, cells in enumerate(records)]
        mark = content.startswith(b"\xef\xbb\xbf")
        return cls(source, list(names), list(names), lines, [list(cells) for cells in records],
                   encoding=source["encoding"], mark=mark, delimiter=source["delimiter"],
                   first=list(names))  # fmt: skip

    def place(self, column):
        """Where a column of the sound file stands now; None when it is lost."""
        return self.columns.index(column) if column in self.columns else None

    def records(self):
        """Lines that are records and were not spoilt as a whole."""
        return [line for line in self.lines if line.kind == RECORD and line.raw is None]

    def cell(self, line, column):
        """The text of a line in a column of the sound file."""
        return line.cells[self.place(column)]

    def was(self, line, column):
        """The text that the sound record had there; None when there was no such record."""
        return None if line.origin is None else self.sound[line.origin][self.first.index(column)]

    def spoil(self, sequence, operators, last):
        """Let people change cells and rows, then a program write the text."""
        order = list(operators)
        for name, seed in sorted(sequence, key=lambda one: order.index(one[0]) if one[0] in last else -1):
            if self.records():
                operators[name](self, random.Random(seed))
        return self

    def written(self, cells):
        """A record as a program writes it."""
        stream = io.StringIO()
        csv.writer(stream, delimiter=self.delimiter, quoting=self.quote).writerow(cells)
        return stream.getvalue().removesuffix("\r\n")

    def content(self):
        """The file's bytes; fills ``places``: physical row of each line."""
        parts = [*self.above, self.written(self.names) if self.header_raw is None else self.header_raw]
        row = 1 + sum(rows_of(part) for part in parts)
        self.places = {}
        for line in self.lines:
            text = self.written(line.cells) if line.raw is None else line.raw
            self.places[row] = line
            row += rows_of(text)
            parts.append(text)
        ends = ("\r\n", "\n") if self.mixed else (self.ends,)
        text = "".join(part + ends[place % len(ends)] for place, part in enumerate(parts))
        content = text.encode(self.encoding, "replace")  # as programs do that have no such letter
        content = (b"\xef\xbb\xbf" if self.mark else b"") + content + self.last
        return content

    def decoded(self, text):
        """A text as whoever trusts the declared encoding reads it; None when nobody can."""
        try:
            return text.encode(self.encoding, "replace").decode(self.source["encoding"])
        except UnicodeError:
            return None


def rows_of(text):
    """Physical lines of a written record."""
    return 1 + text.count("\n") + text.replace("\r\n", "").count("\r")
