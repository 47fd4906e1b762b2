"""``sources.csv`` held against the study and the folder of delivered files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pilot_eval.faults import Fault
from pilot_eval.study.delivery import Item, Source
from pilot_eval.study.draft import Draft, some
from pilot_eval.study.model import Instrument

FILE = "sources.csv"
RAW = "data/raw/"
SUPERSEDE = (
    "Name the old one in supersedes and say why in because; "
    "or name the part of each in part, if together they are the wave"
)


def in_use(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Deliveries that no other one supersedes."""
    old = {source.supersedes for source in sources}
    return tuple(source for source in sources if source.source not in old)


def rivals(sources: Sequence[Source]) -> Iterator[tuple[Source, Source]]:
    """Pairs of surveys in use that claim one instrument and wave, and are not said to be parts of it."""
    first: dict[tuple[str, str, str], Source] = {}
    for source in in_use(sources):
        if source.kind == "survey":
            other = first.setdefault((source.instrument, source.wave, source.part), source)
            if other is not source:
                yield other, source


def source_faults(draft: Draft, sources: Sequence[Source], deliveries: bool) -> Iterator[Fault]:
    """Deliveries that name unknown waves or instruments, lie elsewhere, or stand there twice."""
    yield from _superseded(draft, sources)
    for other, source in rivals(sources):
        saw = f'"{other.source}" and "{source.source}" both claim {claim_of(source)}'
        yield draft.fault("REG-12", FILE, (source.source, "wave"), saw, "one delivery", SUPERSEDE)
    yield from _not_delivered(draft, sources)
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


def claim_of(source: Source) -> str:
    """Wave and instrument of a survey, for messages."""
    return (f"wave {source.wave}, " if source.wave else "") + f"instrument {source.instrument}"


def _superseded(draft: Draft, sources: Sequence[Source]) -> Iterator[Fault]:
    """A delivery supersedes one that exists, is of its kind, and says why; nothing reads the old one any more."""
    known = {source.source: source for source in sources}
    for source in sources:
        if not source.supersedes:
            continue
        where, old = (source.source, "supersedes"), known.get(source.supersedes)
        if old is None or old is source:
            yield from draft.unknown(
                FILE, where, source.supersedes, known.keys() - {source.source}, "another source", "Correct it"
            )
            if old is None:
                continue
        kind = (source.kind, source.instrument, source.wave)
        if old is not None and (old.kind, old.instrument, old.wave) != kind:
            saw = f'"{old.source}" is of another kind, instrument or wave'
            yield draft.fault("REG-12", FILE, where, saw, "what it replaces", "Correct it")
        if not source.because:
            expected = "the reason"
            yield draft.fault("REG-12", FILE, (source.source, "because"), "an empty cell", expected, "Say why")
    if sources and not in_use(sources):
        first = sources[0]
        yield draft.fault("REG-12", FILE, (first.source, "supersedes"), "a circle", "one that is in use", "Correct it")
    yield from _read_though_superseded(draft, sources)


def _read_though_superseded(draft: Draft, sources: Sequence[Source]) -> Iterator[Fault]:
    """A register of ``study.yaml`` whose source was replaced: the new one must be named there."""
    follower = {source.supersedes: source.source for source in sources if source.supersedes}
    config = draft.config
    if config is None or not follower:
        return
    registers = config.registers
    single = (registers.groups, registers.links, registers.predecessors) if registers else ()
    readers = (*some(registers and registers.organisations), *single, *some(config.evidence), config.attendance)
    named = [reader.source for reader in readers if reader]
    for name in dict.fromkeys(named):
        if name in follower:
            saw = f'study.yaml reads "{name}", which "{follower[name]}" supersedes'
            action = f'Set source to "{follower[name]}" in study.yaml'
            yield draft.fault("REG-12", FILE, (follower[name], "supersedes"), saw, "the delivery in use", action)


def _not_delivered(draft: Draft, sources: Sequence[Source]) -> Iterator[Fault]:
    """Unknown waves of an instrument, and REG-15: a required one without a file of one of its waves."""
    for place, instrument in enumerate(some(draft.config and draft.config.instruments)):
        for wave in instrument.waves:
            known, where = draft.declared("study.yaml", "waves"), ("instruments", place, "waves")
            yield from draft.unknown("study.yaml", where, wave, known, "a wave", "Add it to waves")
        if not instrument.required:
            continue
        waves = [wave.id for wave in some(draft.config and draft.config.waves)]
        for wave in missing_waves(instrument, waves, sources, draft.codebooks.get(instrument.id, ())):
            saw = f"no file for instrument {instrument.id}, wave {wave}, which is required"
            where = ("instruments", place, "required")
            action = f"Register the file, or leave {wave} out of the instrument's waves"
            yield draft.fault("REG-15", "study.yaml", where, saw, "", action)


def missing_waves(
    instrument: Instrument, waves: Sequence[str], sources: Sequence[Source], items: Sequence[Item]
) -> list[str]:
    """Waves at which an instrument is answered and of which no file is registered."""
    of_it = [source for source in in_use(sources) if source.kind == "survey" and source.instrument == instrument.id]
    if any(not source.wave for source in of_it):
        return []  # a column of the file says the wave
    asked = [wave for wave in instrument.waves or waves if not items or any(item.names.get(wave) for item in items)]
    return [wave for wave in asked if wave not in {source.wave for source in of_it}]


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
    if (source.header == "none") != bool(source.columns):
        saw = "no names" if source.header == "none" else f"names, but header is {source.header}"
        expected = "the names of the columns of a file without a header, and of no other"
        yield draft.fault("CFG-38", FILE, (source.source, "columns"), saw, expected, "Correct one of them")
    if source.thousands == source.decimal or (source.thousands == "." and source.format != "csv"):
        saw = f'"{source.thousands}" as the mark of thousands and of decimals'
        yield draft.fault("CFG-38", FILE, (source.source, "thousands"), saw, "two characters", "Correct one of them")
    # Beside points for thousands, decimal commas can only stand in quotation marks.
    if source.format == "csv" and source.delimiter == source.decimal and source.thousands != ".":
        saw = f'"{source.delimiter}" as delimiter and as decimal mark'
        yield draft.fault("CFG-38", FILE, (source.source, "delimiter"), saw, "two characters", "Correct one of them")
