"""``sources.csv`` held against the study and the folder of delivered files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pilot_eval.faults import Fault
from pilot_eval.study.delivery import Source
from pilot_eval.study.draft import Draft

FILE = "sources.csv"
RAW = "data/raw/"


def source_faults(draft: Draft, sources: Sequence[Source], deliveries: bool) -> Iterator[Fault]:
    """Deliveries that name unknown waves or instruments, lie elsewhere, or stand there twice."""
    by_path: dict[str, Source] = {}
    by_content: dict[str, Source] = {}
    for source in sources:
        yield from _meaning(draft, source)
        yield from _path(draft, source, deliveries)
        other = by_path.setdefault(source.path, source)
        if other.sha256 != source.sha256:
            saw = f'another checksum than "{other.source}" has for the same file'
            yield draft.fault(
                "CFG-35", FILE, (source.source, "sha256"), saw, "one checksum per file", "Register it again"
            )
        twin = by_content.setdefault(source.sha256, source)
        if twin.path != source.path and source.bytes > 0:
            # One file may hold several waves side by side; the same content under two names is a wrong delivery.
            saw = f"same content as {twin.path} (sha256 {source.sha256[:8]}...)"
            yield draft.fault(
                "REG-13", FILE, (source.source, "sha256"), saw, "another file per delivery",
                "Ask for the right file; a file that holds several waves is registered with one path",
            )  # fmt: skip


def _meaning(draft: Draft, source: Source) -> Iterator[Fault]:
    name = source.source
    if source.kind != "survey":
        for column in ("instrument", "wave"):
            if getattr(source, column):
                saw = f'saw "{getattr(source, column)}"'
                expected = f"nothing for a source of kind {source.kind}"
                yield draft.fault("CFG-34", FILE, (name, column), saw, expected, "Empty the cell or correct the kind")
        return
    if not source.instrument:
        expected = "the instrument of the survey"
        yield draft.fault("CFG-11", FILE, (name, "instrument"), "an empty cell", expected, "Add it")
        return
    instruments = draft.declared("study.yaml", "instruments")
    yield from draft.unknown(
        FILE,
        (name, "instrument"),
        source.instrument,
        instruments,
        "an instrument",
        "Add it to instruments in study.yaml",
    )
    if source.wave:
        waves = draft.declared("study.yaml", "waves")
        yield from draft.unknown(
            FILE, (name, "wave"), source.wave, waves, "a wave", "Add it to study.yaml, or leave the cell empty"
        )
    elif source.instrument in draft.codebooks and all(
        item.use != "wave" for item in draft.codebooks[source.instrument]
    ):
        expected = "a wave, or an item of use wave in the codebook"
        yield draft.fault("CFG-38", FILE, (name, "wave"), "an empty cell", expected, "Name the wave")


def _path(draft: Draft, source: Source, deliveries: bool) -> Iterator[Fault]:
    """A delivered file lies below ``data/raw/`` of the study, under one spelling of its path."""
    path = source.path
    plain = str(PurePosixPath(path)) == path and ".." not in path.split("/") and "\\" not in path
    if not plain or not path.startswith(RAW):
        yield draft.fault(
            "CFG-33", FILE, (source.source, "path"), f'saw "{path}"', f"a path below {RAW}, without . .. or \\",
            "Put the file there",
        )  # fmt: skip
    elif deliveries and not os.path.isfile(draft.root / path):
        folder = (draft.root / path).parent
        locked = folder.is_dir() and not os.access(folder, os.X_OK)
        yield draft.fault(
            "CFG-04", FILE, (source.source, "path"),
            f"the folder of {path} is locked" if locked else f"there is no file {path}", "the delivered file",
            "Mend the rights of the folder" if locked else "Put it there, or delete the line",
        )  # fmt: skip
    if source.format == "csv" and source.delimiter == source.decimal:
        saw = f'"{source.delimiter}" as delimiter and as decimal mark'
        yield draft.fault("CFG-38", FILE, (source.source, "delimiter"), saw, "two characters", "Correct one of them")
