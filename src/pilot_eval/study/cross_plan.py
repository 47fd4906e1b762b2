"""``scales.yaml`` and ``models.yaml`` held against the study and its codebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pilot_eval.faults import Fault
from pilot_eval.study.cross_codebook import RESERVED
from pilot_eval.study.delivery import Item
from pilot_eval.study.draft import Draft, some
from pilot_eval.study.plan import ModelsConfig, Outcome, Scale, ScalesConfig
from pilot_eval.study.terms import names_in, wrong_form

SCALES, MODELS, STUDY = "scales.yaml", "models.yaml", "study.yaml"
#: Columns of the analysis table that a formula may name, beside attributes of codebooks and registers.
MODELLED = frozenset(
    {"wave", "months", "role", "area", "organisation", "organisation_kind", "instrument", "respondent", "unit"}
)
NUMERIC = frozenset({"likert", "ordinal", "binary", "count", "number"})


def scale_faults(draft: Draft, config: ScalesConfig) -> Iterator[Fault]:
    """Scales whose items do not exist, are no numbers, or cannot give a score."""
    for name, scale in some(config.scales) and config.scales.items():
        where: tuple[Any, ...] = ("scales", name)
        if name in RESERVED or name in (draft.items or ()):
            saw = f'"{name}" is {"an item" if name not in RESERVED else "a column of the analysis table"} too'
            yield draft.fault("CFG-39", SCALES, where, saw, "a name of its own", "Rename the scale")
        plain = [item.removeprefix("-") for item in scale.items]
        for index, item in enumerate(plain):
            yield from _number(draft, SCALES, (*where, "items", index), item)
            if item in plain[:index]:
                saw = f'"{item}" stands twice'
                yield draft.fault("CFG-22", SCALES, (*where, "items", index), saw, "once", "Delete one")
        yield from _scores(draft, where, scale, plain)


def _scores(draft: Draft, where: tuple[Any, ...], scale: Scale, plain: Sequence[str]) -> Iterator[Fault]:
    if scale.low >= scale.high:
        saw = f"low {scale.low:g}, high {scale.high:g}"
        yield draft.fault("CFG-37", SCALES, (*where, "low"), saw, "low < high", "Correct them")
    if scale.minimum > len(plain):
        saw = f"minimum {scale.minimum} of {len(plain)} items"
        yield draft.fault("CFG-37", SCALES, (*where, "minimum"), saw, f"{len(plain)} at most", "Correct it")
        return
    for index, signed in enumerate(scale.items):
        for _, item in draft.asked(plain[index])[:1]:
            ends = _ends(item)
            if ends is None:
                if signed.startswith("-"):
                    saw, expected = f'"{item.item}" is scored in reverse', "an item with labels, or low and high"
                    yield draft.fault("CFG-37", SCALES, (*where, "items", index), saw, expected, "Add them")
            elif scale.low < scale.high and (ends[0] < scale.low or ends[1] > scale.high):
                saw = f'"{item.item}" runs from {ends[0]:g} to {ends[1]:g}'
                yield draft.fault(
                    "CFG-37", SCALES, (*where, "items", index), saw, f"inside {scale.low:g} to {scale.high:g}",
                    "Correct low and high of the scale, or recode the item",
                )  # fmt: skip
    known = draft.items
    if known is not None and known >= set(plain) and not _waves_of(draft, plain, scale.minimum, None):
        saw = f"no wave of any instrument asks {scale.minimum} of the items"
        yield draft.fault("CFG-41", SCALES, (*where, "items"), saw, "a wave that does", "Correct items or minimum")


def _primary(plan: ModelsConfig) -> set[str]:
    """Models that are the first to name an outcome: these tell its change, others may describe one wave alone."""
    first: dict[str, str] = {}
    for name, model in _entries(plan.models):
        for outcome in model.outcomes or [known for known, _ in _entries(plan.outcomes)]:
            first.setdefault(outcome, name)
    return set(first.values())


def plan_faults(draft: Draft, plan: ModelsConfig) -> Iterator[Fault]:
    """Outcomes, models and comparisons that name what does not exist or cannot be estimated."""
    for name, outcome in _entries(plan.outcomes):
        yield from _outcome(draft, ("outcomes", name), outcome)
    outcomes = draft.declared(MODELS, "outcomes")
    columns = _columns(draft)
    primary = _primary(plan)
    for name, model in _entries(plan.models):
        where = ("models", name)
        yield from _all(draft, (*where, "outcomes"), model.outcomes, outcomes, "an outcome", "outcomes")
        wrong = wrong_form(model.formula)
        if wrong:
            expected = "{outcome} ~ terms + (columns | group)"
            yield draft.fault("CFG-42", MODELS, (*where, "formula"), wrong, expected, "Correct the formula")
        elif name in primary and not {"wave", "months"} & set(names_in(model.formula)):
            saw, expected = "no term of time", "wave or months: the first model of an outcome tells its change"
            yield draft.fault("CFG-42", MODELS, (*where, "formula"), saw, expected, "Add wave to the formula")
        for column in names_in(model.formula):
            yield from draft.unknown(
                MODELS, (*where, "formula"), column, columns, "a column of the analysis table",
                "Name a column, or an item of use attribute",
            )  # fmt: skip
    for name, replication in _entries(plan.replications):
        where = ("replications", name)
        yield from _all(draft, (*where, "outcomes"), replication.outcomes, outcomes, "an outcome", "outcomes")
        if replication.role is not None:
            yield from _all(
                draft, (*where, "role"), replication.role, draft.declared(STUDY, "roles"), "a role", "roles"
            )
    for name, perception in _entries(plan.perceptions):
        where = ("perceptions", name)
        yield from _all(draft, (*where, "outcome"), perception.outcome, outcomes, "an outcome", "outcomes")
        if draft.config is not None and draft.config.registers is not None and draft.config.registers.links is None:
            saw, expected = "two sides, but no links between organisations", "registers.links in study.yaml"
            yield draft.fault("CFG-38", MODELS, where, saw, expected, "Add the register of links, or delete the entry")
    yield from _agreements(draft, plan)
    for key in ("matched", "leave_areas_out"):
        named = some(getattr(some(plan.challenges), key, ()))
        yield from _all(draft, ("challenges", key), named, outcomes, "an outcome", "outcomes")


def _entries(part: Any) -> Any:
    return part.items() if part else ()


def _all(
    draft: Draft, where: tuple[Any, ...], names: str | Iterable[str], known: frozenset[str] | None, what: str, key: str
) -> Iterator[Fault]:
    """CFG-30 for each name of a list, or the one name, that is none of those known."""
    if isinstance(names, str):
        yield from draft.unknown(MODELS, where, names, known, what, f"Add it to {key}")
        return
    for index, name in enumerate(names):
        yield from draft.unknown(MODELS, (*where, index), name, known, what, f"Add it to {key}")


def _outcome(draft: Draft, where: tuple[Any, ...], outcome: Outcome) -> Iterator[Fault]:
    if (outcome.scale is None) == (outcome.item is None):
        saw = "neither a scale nor an item" if outcome.scale is None else "a scale and an item"
        yield draft.fault("CFG-38", MODELS, where, saw, "one of the two", "Correct it")
        return
    roles = draft.declared(STUDY, "roles")
    yield from _all(draft, (*where, "roles"), outcome.roles, roles, "a role", "roles in study.yaml")
    items, minimum = [outcome.item or ""], 1
    if outcome.scale is not None:
        scales = draft.declared(SCALES, "scales")
        yield from draft.unknown(
            MODELS, (*where, "scale"), outcome.scale, scales, "a scale", "Add it to config/scales.yaml"
        )
        scale = dict(some(draft.scales and draft.scales.scales)).get(outcome.scale)
        if scale is None:
            return
        items, minimum = [item.removeprefix("-") for item in scale.items], scale.minimum
    else:
        yield from _number(draft, MODELS, (*where, "item"), items[0])
    known = draft.items
    if known is None or not known >= set(items) or minimum > len(items):
        return
    if len(_waves_of(draft, items, minimum, None)) < 2:
        saw = "it is asked at fewer than two waves"
        yield draft.fault("CFG-41", MODELS, where, saw, "two waves, to see a change", "Choose another outcome")
    for index, role in enumerate(outcome.roles):
        if role in (roles or ()) and not _waves_of(draft, items, minimum, role):
            saw = f'nobody of role "{role}" is asked'
            yield draft.fault("CFG-41", MODELS, (*where, "roles", index), saw, "a role that is", "Delete the role")


def _agreements(draft: Draft, plan: ModelsConfig) -> Iterator[Fault]:
    for name, agreement in _entries(plan.agreements):
        where = ("agreements", name)
        yield from _number(draft, MODELS, (*where, "item"), agreement.item)
        waves = draft.declared(STUDY, "waves")
        yield from draft.unknown(MODELS, (*where, "wave"), agreement.wave, waves, "a wave", "Correct it")
        asked = draft.asked(agreement.item)
        if draft.items is None or not asked:
            continue
        if agreement.wave in (waves or ()) and all(item.names.get(agreement.wave) is None for _, item in asked):
            saw = f'"{agreement.item}" is not asked at wave {agreement.wave}'
            yield draft.fault("CFG-41", MODELS, (*where, "wave"), saw, "a wave at which it is", "Correct the wave")
        codes = asked[0][1].codes()
        for index, code in enumerate(agreement.agree):
            if codes and code not in codes:
                expected = "a code of the item: " + ", ".join(map(str, codes))
                saw = f"saw {code}"
                yield draft.fault("CFG-36", MODELS, (*where, "agree", index), saw, expected, "Correct the code")


def _number(draft: Draft, file: str, where: tuple[Any, ...], name: str) -> Iterator[Fault]:
    """An item whose answers can be averaged: it exists, is an answer, and a number."""
    yield from draft.unknown(file, where, name, draft.items, "an item", "Add it to a codebook")
    for instrument, item in draft.asked(name):
        if item.use != "answer" or item.type not in NUMERIC:
            saw = f'"{name}" is of type {item.type} and use {item.use} in codebook/{instrument}.csv'
            expected = "use answer and one of the types " + ", ".join(sorted(NUMERIC))
            yield draft.fault("CFG-40", file, where, saw, expected, "Choose another item, or correct the codebook")
            return


def _ends(item: Item) -> tuple[float, float] | None:
    """Least and greatest valid answer; None when the codebook does not say."""
    if item.labels:
        return min(item.labels), max(item.labels)
    return (item.low, item.high) if item.low is not None and item.high is not None else None


def _waves_of(draft: Draft, items: Sequence[str], minimum: int, role: str | None) -> set[str]:
    """Waves at which some instrument (that the role answers) asks enough of the items."""
    found: set[str] = set()
    for instrument in some(draft.config and draft.config.instruments):
        if role is not None and instrument.role not in (None, role):
            continue
        asked = [item for item in draft.codebooks.get(instrument.id, ()) if item.item in items]
        for wave in {wave for item in asked for wave in item.names}:
            if sum(item.names.get(wave) is not None for item in asked) >= minimum:
                found.add(wave)
    return found


def _columns(draft: Draft) -> frozenset[str] | None:
    """Names that a formula may use; None when not all codebooks could be read."""
    if draft.items is None or draft.config is None or draft.config.registers is None:
        return None
    of_items = {item.item for items in draft.codebooks.values() for item in items if item.use == "attribute"}
    of_registers = {name for entry in some(draft.config.registers.organisations) for name in entry.attributes}
    return MODELLED | of_items | of_registers
