"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from pathlib import Path

from pilot_eval.faults import Fault, StudyFaults

#: Formats that belong together: SPSS writes both kinds of compression under either suffix.
FAMILY = {"sav": "SPSS data", "zsav": "SPSS data", "por": "an SPSS portable file", "xlsx": "an Excel workbook",
          "csv": "a text table"}  # fmt: skip
SUFFIX = {".sav": "sav", ".zsav": "zsav", ".por": "por", ".xlsx": "xlsx", ".csv": "csv", ".txt": "csv", ".tsv": "csv"}
#: First bytes of files that are no tables, and what they are.
MARKS = {
    b"%PDF-": "a PDF document", b"{\\rtf": "a word processor's document (RTF)", b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"PAR1": "a Parquet file", b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive", b"Rar!": "a RAR archive", b"RDX": "an R data file", b"RDA": "an R data file",
    b"SQLite format": "a database",
}  # fmt: skip
EBCDIC_POR = "ASCII SPSS PORT FILE".encode("cp500")
ADVICE = {
    "a ZIP archive": "Unpack it and register the file inside",
    "an encrypted SPSS file": "It has a password: save it without one in SPSS (File > Save As, no encryption)",
    "an old Excel file (.xls), or a workbook with a password": "Save it without a password as .xlsx or CSV",
    "a web page": "It is probably a login or error page: download the file again",
}


def contents(path: Path, file: str) -> bytes:
    """The bytes of a delivery.

    Raises
    ------
    StudyFaults
        RUN-13 when there is no such file, RUN-06 when it cannot be read, ING-22 when it is empty.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        fault = Fault("RUN-13", "STOP", file, "there is no such file", "a delivered file", "Check the path")
        raise StudyFaults([fault]) from None
    except OSError as error:
        saw = f"the file cannot be read ({(error.strerror or 'no access').lower()})"
        action = "Check the rights of the file and its folder"
        raise StudyFaults([Fault("RUN-06", "STOP", file, saw, "a file", action)]) from None
    if not content:
        raise StudyFaults([Fault("ING-22", "STOP", file, "the file is empty (0 bytes)", "", "Ask for it again")])
    return content


def kind_of(content: bytes) -> str:
    """``sav``, ``zsav``, ``por``, ``xlsx``, ``csv`` (any text), or what else it is, in words."""
    if content[:4] == b"$FL2":
        return "sav"
    if content[:4] == b"$FL3":
        return "zsav"
    if b"ENCRYPTEDSAV" in content[:64]:
        return "an encrypted SPSS file"
    start = content[:600].replace(b"\r", b"").replace(b"\n", b"")
    if start.startswith((b"ASCII SPSS PORT FILE", EBCDIC_POR)) or b"SPSSPORT" in start:
        return "por"
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "xlsx" if b"xl/" in content else "a ZIP archive"
    if content[:8] == bytes.fromhex("d0cf11e0a1b11ae1"):
        return "an old Excel file (.xls), or a workbook with a password"
    if content[:4] == b"<sta" or (content[:1] in b"qrs" and content[1:4] == b"\x02\x01\x00"):
        return "a Stata file"
    marked = next((kind for mark, kind in MARKS.items() if content.startswith(mark)), None)
    if marked:
        return marked
    text = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml")):
        return "a web page" if b"html" in text else "an XML file"
    if re.match(rb'[\[{]\s*("[^"]*"\s*[:,]|[\[{]\s*")', text):
        return "a JSON file"
    return "csv"


def check_kind(content: bytes, declared: str, file: str) -> str:
    """The true format of a file.

    Raises
    ------
    StudyFaults
        ING-25 when it is not what it is declared as.
    """
    kind = kind_of(content)
    if kind in FAMILY and FAMILY[kind] == FAMILY.get(declared):
        return kind
    if declared == "csv" and kind == "csv":
        return kind
    said = FAMILY.get(kind, kind)
    if kind == "csv":
        said = "text" if b"\0" not in content[:4096] else "binary data of an unknown kind, damaged perhaps"
    action = ADVICE.get(said, f'Register it as format "{kind}", or ask for the right file' if kind in FAMILY else
                        "Ask for the right file")  # fmt: skip
    expected = FAMILY.get(declared, declared)
    raise StudyFaults([Fault("ING-25", "STOP", file, f"this is {said}, not {expected}", "", action)])
