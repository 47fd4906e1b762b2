"""``study.yaml`` held against itself, the deliveries and the key of the pseudonyms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault
from pilot_eval.key import key_of_pseudonyms
from pilot_eval.study.draft import Draft, some
from pilot_eval.study.model import StudyConfig

FILE = "study.yaml"
PUBLIC_KEY = "public-synthetic-"
# Names of devices: no file of that name can be written on some systems, and packs are named after areas.
DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}


def config_faults(draft: Draft, config: StudyConfig) -> Iterator[Fault]:
    """What contradicts itself in ``study.yaml``, or names what does not exist."""
    for key in ("waves", "roles", "instruments", "evidence"):
        yield from _twice(draft, (key,), "id", [entry.id for entry in some(getattr(config, key))])
    yield from _waves(draft, config)
    yield from _areas(draft, config)
    kinds = draft.declared(FILE, "registers", "organisations", key="kind") or frozenset()
    for index, instrument in enumerate(some(config.instruments)):
        where = ("instruments", index)
        if instrument.role is not None:
            roles = draft.declared(FILE, "roles")
            yield from draft.unknown(FILE, (*where, "role"), instrument.role, roles, "a role", "Add it to roles")
        if instrument.organisation is not None:
            yield from draft.unknown(
                FILE, (*where, "organisation"), instrument.organisation, kinds, "a kind of organisation",
                "Add its register to registers.organisations",
            )  # fmt: skip
    yield from _registers(draft, config, kinds)
    yield from _evidence(draft, config)
    yield from _labels(draft, config)
    yield from _key(draft, config)
    typed_names = some(config.linkage.organisations) if config.linkage else []
    yield from _twice(draft, ("linkage", "organisations"), "kind", [entry.kind for entry in typed_names])
    for index, entry in enumerate(typed_names):
        place = ("linkage", "organisations", index, "kind")
        yield from draft.unknown(FILE, place, entry.kind, kinds, "a kind of organisation", "Add its register")


def _twice(draft: Draft, where: tuple[str, ...], key: str, names: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield draft.fault("CFG-22", FILE, (*where, index, key), f'"{name}" stands twice', "one", "Rename one")
        seen.add(name)


def _waves(draft: Draft, config: StudyConfig) -> Iterator[Fault]:
    waves = some(config.waves)
    for index, wave in enumerate(waves):
        where = ("waves", index)
        if wave.end < wave.start:
            yield draft.fault(
                "CFG-31", FILE, (*where, "end"), f"saw {wave.end}", f"a day not before {wave.start}, its start",
                "Correct one of the two",
            )  # fmt: skip
        if index == 0:
            if wave.months != 0:
                saw, expected = f"saw {wave.months:g}", "0 for the first wave"
                yield draft.fault("CFG-31", FILE, (*where, "months"), saw, expected, "Count months from the first wave")
            continue
        before = waves[index - 1]
        if "start" in wave.model_fields_set and wave.start <= before.start:
            yield draft.fault(
                "CFG-31", FILE, (*where, "start"), f"saw {wave.start}", f"a day after {before.start}, the start of "
                f'"{before.id}"', "Put the waves in order of time",
            )  # fmt: skip
        if wave.months <= before.months:
            yield draft.fault(
                "CFG-31", FILE, (*where, "months"), f"saw {wave.months:g}",
                f'more than the {before.months:g} of "{before.id}"', "Count months from the first wave",
            )  # fmt: skip


def _areas(draft: Draft, config: StudyConfig) -> Iterator[Fault]:
    """Two areas that one spelling would mean: answers would go to either."""
    codes: dict[str, int] = {}
    meant: dict[str, int] = {}
    areas = some(config.areas)
    for index, area in enumerate(areas):
        where = ("areas", index)
        if area.code in DEVICES:
            yield draft.fault("CFG-32", FILE, where, f'code "{area.code}"', "no name of a device", "Give another code")
        if codes.setdefault(area.code, index) != index:
            other = areas[codes[area.code]].name
            saw = f'"{area.name}" and "{other}" have the code "{area.code}"'
            yield draft.fault("CFG-32", FILE, where, saw, "one area per code", "Give one of them another code")
        for spelling in dict.fromkeys((area.name, *area.aliases)):
            form = canonical(spelling)
            first = meant.setdefault(form, index)
            if first != index and area.code != areas[first].code:
                saw = f'"{spelling}" means "{areas[first].name}" too'
                yield draft.fault(
                    "CFG-32", FILE, where, saw, "one area per spelling (case, spaces and punctuation do not count)",
                    "Change a name or an alias",
                )  # fmt: skip


def _registers(draft: Draft, config: StudyConfig, kinds: frozenset[str]) -> Iterator[Fault]:
    registers = config.registers
    if registers is None:
        return
    organisations = some(registers.organisations)
    yield from _twice(draft, ("registers", "organisations"), "kind", [entry.kind for entry in organisations])
    places: list[tuple[tuple[Any, ...], str]] = [
        (("registers", "organisations", index), entry.source) for index, entry in enumerate(organisations)
    ]
    for name in ("groups", "links", "predecessors"):
        entry = getattr(registers, name)
        if entry is not None:
            places.append((("registers", name), entry.source))
    for where, source in places:
        yield from _delivery(draft, (*where, "source"), source, "register")
    if registers.links is not None:
        for side in ("left", "right"):
            where = ("registers", "links", side)
            kind = getattr(registers.links, side)
            yield from draft.unknown(FILE, where, kind, kinds, "a kind of organisation", "Add its register")


def _evidence(draft: Draft, config: StudyConfig) -> Iterator[Fault]:
    for index, entry in enumerate(some(config.evidence)):
        yield from _delivery(draft, ("evidence", index, "source"), entry.source, "evidence")
        levels = list(entry.levels)
        if levels != sorted(levels):
            saw = "levels " + ", ".join(map(str, levels))
            yield draft.fault("CFG-36", FILE, ("evidence", index, "levels"), saw, "ascending levels", "Reorder them")
        if entry.occasions and entry.occasion is None:
            where = ("evidence", index, "occasions")
            yield draft.fault("CFG-38", FILE, where, "occasions, but no column", "occasion: COLUMN", "Name the column")
    if config.attendance is not None:
        yield from _delivery(draft, ("attendance", "source"), config.attendance.source, "evidence")


def _delivery(draft: Draft, where: tuple[Any, ...], name: str, kind: str) -> Iterator[Fault]:
    """A delivery named in ``study.yaml``: a line of ``sources.csv`` of the right kind."""
    if draft.sources is None:
        return
    known = frozenset(draft.lines["sources.csv"])
    yield from draft.unknown(FILE, where, name, known, "a source", "Add its line to config/sources.csv")
    for source in draft.sources:
        if source.source == name and source.kind != kind:
            saw = f'"{name}" is of kind {source.kind}'
            yield draft.fault(
                "CFG-34", FILE, where, saw, f"a source of kind {kind}", "Correct it here or in sources.csv"
            )


def _labels(draft: Draft, config: StudyConfig) -> Iterator[Fault]:
    for name, labels in (config.label_sets or {}).items():
        forms = [canonical(label) for label in labels.values()]
        for code, form in zip(labels, forms, strict=True):
            if form and forms.count(form) > 1:
                saw = f'label "{labels[code]}" stands twice'
                yield draft.fault("CFG-36", FILE, ("label_sets", name, code), saw, "one code per label", "Reword one")


def _key(draft: Draft, config: StudyConfig) -> Iterator[Fault]:
    """The public key of made-up data would let anybody undo the pseudonyms of real people."""
    if config.secret is None or config.synthetic is not False:
        return
    key = key_of_pseudonyms(config.secret.name, draft.root / config.secret.file)
    if key.startswith(PUBLIC_KEY.encode()):
        yield draft.fault(
            "LNK-15", FILE, ("secret",) if "secret" in draft.raw[FILE] else ("synthetic",),
            "the key of the pseudonyms is the public one of synthetic studies", "a key of your own",
            "Make one with pilot-eval new-key",
        )  # fmt: skip
