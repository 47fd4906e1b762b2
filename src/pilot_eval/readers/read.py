"""The one way in: a delivered file, whatever its format."""

from __future__ import annotations

from pathlib import Path

from pilot_eval.readers.delivered import Delivered
from pilot_eval.readers.kinds import SUFFIX, check_kind, contents, kind_of
from pilot_eval.readers.layout import Layout, find_layout
from pilot_eval.readers.spss import read_portable, read_spss
from pilot_eval.readers.text import read_text
from pilot_eval.readers.workbook import read_workbook

READERS = {
    "sav": read_spss, "zsav": read_spss, "por": read_portable, "csv": read_text, "xlsx": read_workbook,
}  # fmt: skip


def read_delivery(path: Path, file: str, layout: Layout | None = None) -> Delivered:
    """Read a delivered file.

    Parameters
    ----------
    path : Path
    file : str
        Its name in messages, relative to the study's folder.
    layout : Layout, optional
        As declared; left out, the file's own first bytes and lines decide.

    Returns
    -------
    Delivered
        With the faults that leave it usable.

    Raises
    ------
    StudyFaults
        When it cannot be used, with every fault found up to there.
    """
    content = contents(path, file)
    if layout is None:
        layout = own_layout(content, path, file)
    check_kind(content, layout.format, file)
    return READERS[layout.format](content, layout, file)


def own_layout(content: bytes, path: Path, file: str) -> Layout:
    """The layout of a file of which nothing is declared; its suffix says what it is meant to be."""
    meant = SUFFIX.get(path.suffix.lower())
    kind = check_kind(content, meant, file) if meant else check_kind(content, kind_of(content), file)
    return find_layout(content) if kind == "csv" else Layout(kind)
