"""Codebooks held against the study, against themselves and against one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault
from pilot_eval.study.condition import conditions
from pilot_eval.study.delivery import Item, delivered_columns
from pilot_eval.study.draft import Draft, some
from pilot_eval.study.model import Instrument

#: Columns that the analysis table and the tables before it have of their own.
RESERVED = frozenset(
    {
        "source", "instrument", "wave", "completed", "area_said", "organisation_said", "organisation_name_said",
        "role_said", "response", "months", "role", "area", "organisation", "organisation_kind", "respondent", "matched",
        "unit",
    }
)  # fmt: skip
#: Uses of which a wave has one column at most.
SINGLE = frozenset(
    {
        "response", "person", "organisation", "organisation_name", "area", "role", "wave", "completed", "started",
        "duration", "status", "weight",
    }
)  # fmt: skip
#: Uses that ask for a type.
TYPES = {
    "completed": ("date",),
    "started": ("date",),
    "duration": ("number", "count"),
    "weight": ("number", "count"),
}
ORDERED = frozenset({"likert", "ordinal"})


def codebook_faults(draft: Draft) -> Iterator[Fault]:
    """What contradicts itself in a codebook, or another codebook."""
    config = draft.config
    if config is None:
        return
    seen: dict[str, tuple[str, Item]] = {}
    attributes = {name for register in some(config.registers and config.registers.organisations)
                  for name in register.attributes}  # fmt: skip
    for instrument in some(config.instruments):
        items = draft.codebooks.get(instrument.id)
        if items is None:
            continue
        file = f"codebook/{instrument.id}.csv"
        yield from _columns(draft, file, items)
        yield from _needed(draft, file, instrument, items)
        yield from _asked(draft, file, items)
        for item in items:
            yield from _waves(draft, file, item)
            for line in (item, *item.later):
                yield from _codes(draft, file, line)
                yield from _range(draft, file, line)
            if item.use in ("answer", "attribute"):
                yield from _name(draft, file, item, attributes)
                if item.item in seen:
                    yield from _same(draft, file, item, *seen[item.item])
                seen.setdefault(item.item, (instrument.id, item))


def _columns(draft: Draft, file: str, items: Sequence[Item]) -> Iterator[Fault]:
    """One delivered column is one item, and a wave has one column of each single use.

    Items of one set may share a column, or the same several: they hold the options that were chosen.
    """
    columns: dict[tuple[str, str], Item] = {}
    uses: dict[tuple[str, str], str] = {}
    for item in items:
        for wave, name in item.names.items():
            if name is None:
                continue
            for column in delivered_columns(name, item.set):
                first = columns.setdefault((wave, column), item)
                if first is not item and not (item.set and item.set == first.set and name == first.names[wave]):
                    saw = f'column "{column}" at wave {wave} is "{first.item}" too'
                    yield draft.fault("CFG-35", file, (item.item, "name"), saw, "one item per column", "Correct a name")
            if item.use in SINGLE:
                other = uses.setdefault((wave, item.use), item.item)
                if other != item.item:
                    saw = f'use "{item.use}" at wave {wave}, as "{other}" has'
                    yield draft.fault("CFG-35", file, (item.item, "use"), saw, "one such item", "Correct one of them")


def _needed(draft: Draft, file: str, instrument: Instrument, items: Sequence[Item]) -> Iterator[Fault]:
    """What places a respondent: a role, and an organisation or an area."""
    uses = {item.use for item in items}
    lines = draft.lines[file]
    first = items[0].item if items else next(iter(lines), "")
    if len(items) < len(lines):
        return
    if instrument.role is None and "role" not in uses:
        yield draft.fault(
            "CFG-38", file, (first, "use"), f'nothing says the role of who answers "{instrument.id}"',
            "an item of use role, or role: in study.yaml", "Add one of the two",
        )  # fmt: skip
    one_area = draft.config is not None and len(some(draft.config.areas)) == 1
    if not one_area and not uses & {"organisation", "organisation_name", "area"}:
        yield draft.fault(
            "CFG-38", file, (first, "use"), f'nothing says where who answers "{instrument.id}" is from',
            "an item of use organisation, organisation_name or area", "Add one",
        )  # fmt: skip


def _waves(draft: Draft, file: str, item: Item) -> Iterator[Fault]:
    waves = tuple(item.names)
    for wave in item.reversed:
        yield from draft.unknown(file, (item.item, "reversed"), wave, waves, "a wave", "Correct it")
    if item.reversed and not item.labels and (item.low is None or item.high is None):
        saw, expected = "a reversed item without ends", "labels, or low and high"
        yield draft.fault("CFG-37", file, (item.item, "reversed"), saw, expected, "Add them")
    if all(column is None for column in item.names.values()):
        saw = "the item is asked at no wave"
        yield draft.fault("CFG-35", file, (item.item, "name"), saw, "one wave at least", "Delete the line")


def _codes(draft: Draft, file: str, item: Item) -> Iterator[Fault]:
    """Every code means one thing: an answer, or a kind of missing."""
    both = sorted(set(item.labels) & set(item.missing))
    for code in both:
        saw = f"code {code} is an answer and missing"
        yield draft.fault("CFG-36", file, (item.item, "missing"), saw, "one of the two", "Correct labels or missing")
    if not item.labels and item.low is not None and item.high is not None:
        for code in item.missing:
            if item.low <= code <= item.high:
                saw = f"missing code {code} lies between low and high"
                yield draft.fault("CFG-36", file, (item.item, "missing"), saw, "a code outside", "Correct the bounds")
    forms = [canonical(label) for label in item.labels.values()]
    for code, form in zip(item.labels, forms, strict=True):
        if form and forms.index(form) != list(item.labels).index(code):
            saw = f'label "{item.labels[code]}" stands for two codes'
            yield draft.fault("CFG-36", file, (item.item, "labels"), saw, "one code per label", "Reword one")
    meant = set(item.labels) | set(item.missing)
    if not item.labels:
        return
    for wave, recode in item.recodes.items():
        for old, new in recode.items():
            if new not in meant:
                saw, expected = f"{old}={new}", f"a code of the item: {_listed(meant)}"
                yield draft.fault("CFG-36", file, (item.item, f"recode.{wave}"), saw, expected, "Correct the code")
    for wave, labels in item.wave_labels.items():
        for code in labels:
            if code not in meant | set(item.recodes.get(wave, {})):
                saw, expected = f'code {code} of "{labels[code]}"', f"a code of the item: {_listed(meant)}"
                yield draft.fault("CFG-36", file, (item.item, f"labels.{wave}"), saw, expected, "Correct the code")


def _range(draft: Draft, file: str, item: Item) -> Iterator[Fault]:
    where = (item.item, "low")
    if item.low is not None and item.high is not None and item.low > item.high:
        yield draft.fault(
            "CFG-37", file, where, f"low {item.low:g} above high {item.high:g}", "low <= high", "Swap them"
        )
    if item.earliest is not None and item.latest is not None and item.earliest > item.latest:
        saw = f"low {item.earliest} after high {item.latest}"
        yield draft.fault("CFG-37", file, where, saw, "low <= high", "Swap them")
    if item.use == "answer" and item.type in ORDERED and not item.labels and (item.low is None or item.high is None):
        saw, expected = f"type {item.type} without codes", "labels, or low and high"
        yield draft.fault("CFG-37", file, (item.item, "labels"), saw, expected, "Add them")
    if item.type not in TYPES.get(item.use, (item.type,)):
        saw, expected = f"type {item.type} for an item of use {item.use}", "type " + " or ".join(TYPES[item.use])
        yield draft.fault("CFG-37", file, (item.item, "type"), saw, expected, "Correct the type or the use")
    if item.since is not None and item.until is not None and item.since > item.until:
        saw = f"from {item.since} after until {item.until}"
        yield draft.fault("CFG-37", file, (item.item, "from"), saw, "from <= until", "Swap them")


def _asked(draft: Draft, file: str, items: Sequence[Item]) -> Iterator[Fault]:
    """Items that decide whether another is asked: answers with numbers, before it, of the same codebook."""
    before: dict[str, Item] = {}
    for item in items:
        for condition in conditions(item.asked_if):
            where, other = (item.item, "asked_if"), before.get(condition.item)
            if other is None:
                yield from draft.unknown(
                    file, where, condition.item, before, "an answer in a line above", "Move its line up, or correct it"
                )
            elif other.labels and (wrong := [code for code in condition.codes if code not in other.labels]):
                saw = f"code {wrong[0]:g} of {condition.item}"
                yield draft.fault("CFG-36", file, where, saw, f"one of {_listed(other.codes())}", "Correct the code")
        if item.use == "answer" and item.type not in ("text", "date"):
            before[item.item] = item


def _name(draft: Draft, file: str, item: Item, attributes: set[str]) -> Iterator[Fault]:
    if item.item in RESERVED or item.item in attributes:
        owner = "an attribute of a register" if item.item in attributes else "a column of the analysis table"
        saw = f'"{item.item}" is {owner}'
        yield draft.fault("CFG-39", file, (item.item, "item"), saw, "a name of its own", "Rename the item")


def _same(draft: Draft, file: str, item: Item, instrument: str, other: Item) -> Iterator[Fault]:
    """An item of two instruments is one column of the analysis table: it must mean the same in both."""
    for column in ("type", "use"):
        if getattr(item, column) != getattr(other, column):
            saw, expected = str(getattr(item, column)), f"{getattr(other, column)}, as in codebook/{instrument}.csv"
            yield draft.fault("CFG-40", file, (item.item, column), saw, expected, "Correct one, or rename one item")
    if item.codes() != other.codes():
        saw, expected = f"codes {_listed(item.codes())}", f"{_listed(other.codes())}, as in codebook/{instrument}.csv"
        yield draft.fault("CFG-40", file, (item.item, "labels"), saw, expected, "Correct one, or rename one item")


def _listed(codes: Sequence[int] | set[int]) -> str:
    return ", ".join(map(str, sorted(codes))) or "none"
