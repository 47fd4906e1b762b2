"""What spreadsheets need beyond their cells: texts as they are, a language, the same bytes for the same content."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from pilot_eval.spreadsheet import plain

LANGUAGE = "en-GB"
CORE = "docProps/core.xml"
#: Parts of the archive that hold texts of cells; a marked-up table repeats its headers.
STRINGS = re.compile(r"xl/sharedStrings\.xml|xl/tables/table\d+\.xml")
#: A sign for private use, around the number of a text that is put in later.
MARK = "\ue000"
#: What no XML file can hold, and the sign above.
BARRED = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff\ue000]")
#: A text that looks as if it had a character by its number; the file has its first sign by number.
NUMBERED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
#: What gptables takes for a reference to a note or for a link, and what xlsxwriter leaves so in headers.
NOTATION = re.compile(rf"\$\$|\]\(|{NUMBERED.pattern}")
#: Creation time of every workbook: two runs give the same bytes.
PROPERTIES = {"created": dt.datetime(2000, 1, 1)}
FIXED = (2000, 1, 1, 0, 0, 0)


def clean(text: str) -> str:
    """A text as a cell or property has it: on one line, no formula, nothing that no XML file can hold.

    Examples
    --------
    >>> clean("=1+1"), clean("North\\nEast\\x01")
    ("'=1+1", 'North East')
    """
    return plain(BARRED.sub("", text))


class Texts:
    """Texts on their way through gptables, which refuses those without a Latin letter or digit and reads notations."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}

    def given(self, text: str) -> str:
        """A text as gptables takes it: no formula, on one line, and a token in its place where it must be."""
        text = clean(text)
        if not text.strip() or (re.search("[a-zA-Z0-9]", text) and not NOTATION.search(text)):
            return text
        return self._tokens.setdefault(text, f"{MARK}{len(self._tokens)}{MARK}")

    def by_token(self) -> dict[str, str]:
        """Texts that are put in later, by the token that stands for each until then."""
        return {token: text for text, token in self._tokens.items()}


def repacked(content: bytes, texts: Mapping[str, str]) -> bytes:
    """An .xlsx file with its language set, fixed times in its archive, and some texts put in place of their tokens.

    xlsxwriter drops the property ``language`` silently, and dates the files of the archive by the clock.

    Parameters
    ----------
    content : bytes
    texts : mapping of str to str
        See ``Texts.by_token``.
    """
    members = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if STRINGS.fullmatch(name):
                for token, text in texts.items():
                    written = NUMBERED.sub("_x005F_", escape(text, {'"': "&quot;"}))
                    data = data.replace(token.encode(), written.encode())
            if name == CORE:
                data = data.replace(
                    b"</cp:coreProperties>",
                    b"<dc:language>" + LANGUAGE.encode() + b"</dc:language></cp:coreProperties>",
                )
            members[name] = data
    return packed(members)


def packed(members: Mapping[str, bytes], stored: str = "") -> bytes:
    """An archive of files in the order given, with fixed times; the one named ``stored`` is not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()
