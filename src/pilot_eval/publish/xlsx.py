"""What spreadsheets need beyond their cells: a language, and the same bytes for the same content."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

LANGUAGE = "en-GB"
CORE = "docProps/core.xml"
#: Creation time of every workbook: two runs give the same bytes.
PROPERTIES = {"created": dt.datetime(2000, 1, 1)}
FIXED = (2000, 1, 1, 0, 0, 0)


def repacked(content: bytes) -> bytes:
    """An .xlsx file with its language set and fixed times in its archive.

    xlsxwriter drops the property ``language`` silently, and dates the files of the archive by the clock.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
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
