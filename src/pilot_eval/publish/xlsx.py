"""What spreadsheets need beyond their cells: a language, and the same bytes for the same content."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

LANGUAGE = "en-GB"
CORE = "docProps/core.xml"
STRINGS = "xl/sharedStrings.xml"
#: Creation time of every workbook: two runs give the same bytes.
PROPERTIES = {"created": dt.datetime(2000, 1, 1)}
FIXED = (2000, 1, 1, 0, 0, 0)


def repacked(content: bytes, texts: Mapping[str, str]) -> bytes:
    """An .xlsx file with its language set, fixed times in its archive, and some texts put in place of their tokens.

    xlsxwriter drops the property ``language`` silently, and dates the files of the archive by the clock; gptables
    refuses texts in other than Latin letters.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == STRINGS:
                for token, text in texts.items():
                    data = data.replace(token.encode(), escape(text).encode())
            if name == CORE:
                data = data.replace(
                    b"</cp:coreProperties>",
                    b"<dc:language>" + LANGUAGE.encode() + b"</dc:language></cp:coreProperties>",
                )
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, data)
    return buffer.getvalue()
