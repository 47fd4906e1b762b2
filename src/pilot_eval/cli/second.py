"""Files that nobody registered: second deliveries of what is registered (REG-12), or unused (REG-14)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from pilot_eval.cli.rival import compared, differences
from pilot_eval.faults import Fault, StudyFaults, counted
from pilot_eval.readers.delivered import Delivered
from pilot_eval.readers.layout import layout_of
from pilot_eval.readers.read import read_delivery
from pilot_eval.study.cross_sources import SUPERSEDE, claim_of, in_use
from pilot_eval.study.delivery import Source
from pilot_eval.study.load import sha256_of

RAW = "data/raw"
#: What programs and people add to the name of a file that they have once already.
AGAIN = re.compile(
    r"([\s._-]*(\(\d+\)|(?<![a-z0-9])(copy|kopie|final|new|latest|corrected|resent|updated|v\d+)))+$", re.IGNORECASE
)
AHEAD = re.compile(r"^(copy of|kopie von)\s+", re.IGNORECASE)
#: A file under any name is a second delivery when it has most of the keys of the first, and nearly all of their cells.
MOST_KEYS, MOST_CELLS = 0.5, 0.9


def unregistered_fault(root: Path, path: str, sources: Sequence[Source]) -> Fault:
    """What is to be said of a file among the deliveries that no entry names.

    Parameters
    ----------
    root : Path
        The study's folder.
    path : str
        The file, relative to it.
    sources : sequence of Source
        What is registered.
    """
    content = sha256_of(root / path)
    twin = next((source for source in sources if source.sha256 == content), None)
    for source in in_use(sources) if twin is None else ():
        told = _second(root, path, source)
        if told:
            what = claim_of(source) if source.kind == "survey" else f"{source.kind} {source.source}"
            saw = f"two deliveries claim {what}: {source.path} ({counted(source.rows, 'row')}) and {path} ({told})"
            return Fault("REG-12", "STOP", RAW, saw, "one delivery", f"{SUPERSEDE}; or move it to {RAW}/unused")
    saw = "is in no line of config/sources.csv and is not used" + (f"; the same content as {twin.path}" if twin else "")
    return Fault("REG-14", "WARN", path, saw, "", f"Add it, or move it to {RAW}/unused")


def _second(root: Path, path: str, source: Source) -> str:
    """What a file has that a delivery has not, when it is that delivery once more with other cells; else nothing."""
    named = plain(path) == plain(source.path)
    if not named and PurePosixPath(path).suffix.lower() != PurePosixPath(source.path).suffix.lower():
        return ""
    try:
        before = read_delivery(root / source.path, source.path, layout_of(source))
        after = _read(root / path, path, source)
    except StudyFaults:
        return ""
    same = set(before.columns) & set(after.columns)
    if not (2 * len(same) >= len(before.columns) if named else _alike(before, after)):
        return ""
    found = compared(before, after)
    if found and not found.new + found.lost + found.changed and before.columns == after.columns:
        return ""  # saved once more, and nothing to decide
    return f"{counted(after.delivered, 'row')}; {differences(before, after)}"


def plain(path: str) -> str:
    """The name of a file without what is added to that of a second copy.

    Examples
    --------
    >>> plain("data/raw/Schools_w1 (1).csv") == plain("data/raw/schools_w1.csv")
    True
    >>> plain("data/raw/schools_w1.csv") == plain("data/raw/schools_w3_FINAL.csv")
    False
    """
    return AGAIN.sub("", AHEAD.sub("", PurePosixPath(path).stem)).casefold()


def _read(file: Path, path: str, source: Source) -> Delivered:
    """The file as the other is laid out, or as it shows itself."""
    try:
        return read_delivery(file, path, layout_of(source))
    except StudyFaults:
        return read_delivery(file, path)


def _alike(before: Delivered, after: Delivered) -> bool:
    found = compared(before, after)
    if found is None or set(before.columns) != set(after.columns) or not found.cells:
        return False
    fewer = min(len(before.rows), len(after.rows))
    return found.shared >= MOST_KEYS * fewer and found.changed <= (1 - MOST_CELLS) * found.cells
