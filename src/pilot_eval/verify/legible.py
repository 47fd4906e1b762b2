"""What can be read in a file, whatever its form: the text that a leak would stand in."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence

#: Marks inside a sentence, in pages, spreadsheets and documents; all others part what stands before them from what
#: follows.
INLINE = (
    r"</?(?:a|abbr|b|code|em|i|mark|small|span|strong|sub|sup|u|r|rPr|t"
    r"|w:(?:b|bCs|bookmark\w+|hyperlink|i|iCs|proofErr|r|rFonts|rPr|rStyle|t))\b[^>]*>"
)
SPOKEN = re.compile(
    r"""\b(?:title|alt|aria-label|content|summary|label|name|value|data-[\w-]+|href|descr|Target|w:val)"""
    r"""\s*=\s*"([^"]*)\""""
)
DATA_URI = re.compile(r"data:[\w/+.-]*;base64,[\w+/=\s]*")
MARKUP = {"html", "svg", "xml", "rels", "jinja"}
ZIPPED = {"xlsx", "ods", "docx", "zip"}
#: Most cells of most tables; nobody is called so.
DECIMAL = re.compile(r"-?\d+\.\d+")
#: A file in a file in a file ...: deep enough for any office document.
DEPTH = 3


def legible(name: str, content: bytes, depth: int = 0) -> str:
    """The text of a file. What does not belong together (cells, paragraphs) stands on lines of its own.

    Parameters
    ----------
    name : str
        Its path; the form is told by its end.
    content : bytes

    Returns
    -------
    str
        Cells of tables, text and spoken attributes of pages, members of archives, text chunks of pictures; of any
        other file its bytes as letters.
    """
    end = name.rpartition(".")[2].lower()
    if end == "parquet":
        return _parquet(content)
    if end in ZIPPED and depth < DEPTH and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(legible(member, archive.read(member), depth + 1) for member in archive.namelist())
    if end == "png":
        return "\n".join(_chunks(content))
    text = content.decode("utf-8", "replace")
    if end in ("csv", "tsv"):
        return _rows(csv.reader(io.StringIO(text), delimiter="\t" if end == "tsv" else ","))
    if end in MARKUP:
        text = DATA_URI.sub("", text)
        spoken = SPOKEN.findall(text)
        text = re.sub(r"<[^>]*>", "\n", re.sub(r"\s+", " ", re.sub(INLINE, " ", text)))
        return html.unescape("\n".join([text, *spoken]))
    return text


def _rows(rows: Iterable[Sequence[str]]) -> str:
    """Cells, one a line; words alone in neighbouring cells stay together: given name and surname may be two columns."""
    lines: list[str] = []
    for row in rows:
        after_word = False
        for cell in row:
            if cell.isalpha():
                lines += (" " if after_word else "\n", cell)
                after_word = True
            elif not DECIMAL.fullmatch(cell):
                lines += ("\n", cell)
                after_word = False
        lines.append("\n")
    return "".join(lines)


def _parquet(content: bytes) -> str:
    """The text columns of a table and its columns' names."""
    import pyarrow.parquet
    import pyarrow.types as kinds

    table = pyarrow.parquet.read_table(io.BytesIO(content))
    written = [
        field.name for field in table.schema
        if kinds.is_string(field.type) or kinds.is_large_string(field.type) or kinds.is_dictionary(field.type)
    ]  # fmt: skip
    columns = [["" if cell is None else str(cell) for cell in table[name].to_pylist()] for name in written]
    return _rows([table.column_names, *zip(*columns, strict=True)])


def _chunks(content: bytes) -> Iterator[str]:
    """Text that a PNG picture carries beside the picture."""
    place = 8
    while place + 8 <= len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        kind, data = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"):
            for part in (data, data.partition(b"\0")[2].lstrip(b"\0\1")):
                yield _inflated(part).decode("utf-8", "replace")
        place += length + 12


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data
