"""``config/truth.yaml`` held against the study that it fills: every name it uses is declared there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pilot_eval.faults import Fault
from pilot_eval.study.draft import Draft
from pilot_eval.study.load import Study
from pilot_eval.study.truth import Truth

NAME = "truth.yaml"
Where = tuple[Any, ...]
#: Where the posts of a role can be, beside the kinds of organisation of the study.
PLACES = ("area", "group")


def truth_faults(study: Study, truth: Truth, lines: Mapping[Any, int]) -> list[Fault]:
    """Names that mean nothing in the study, and roles of the study of which the truth file says nothing.

    Parameters
    ----------
    study : Study
    truth : Truth
    lines : mapping
        Line of every key of the truth file, by its path.

    Returns
    -------
    list of Fault
        CFG-30, with the nearest name that exists, and CFG-11.
    """
    draft = Draft(study.root, lines={NAME: lines})
    roles = [role.id for role in study.config.roles]
    items = {item.item for book in study.codebooks.values() for item in book}
    return [
        *_design(draft, study, truth, roles),
        *_people(draft, study, truth, roles),
        *_traits(draft, study, truth, roles, items),
        *_deliveries(draft, study, truth, items),
    ]


def _one(draft: Draft, where: Where, name: str, known: Iterable[str], what: str) -> Iterator[Fault]:
    """CFG-30 when a name is none of those known."""
    yield from draft.unknown(NAME, where, name, known, what, "Correct it or delete it")


def _each(draft: Draft, where: Where, names: Iterable[str], known: Iterable[str], what: str) -> Iterator[Fault]:
    """CFG-30 for each name of a mapping or list that is none of those known."""
    known = list(known)
    for place, name in enumerate(names):
        yield from _one(draft, (*where, name if (*where, name) in draft.lines[NAME] else place), name, known, what)


def _all(draft: Draft, where: Where, names: Iterable[str], wanted: Iterable[str], what: str) -> Iterator[Fault]:
    """CFG-11 for each name that a mapping has to hold and does not."""
    given = set(names)
    for name in wanted:
        if name not in given:
            yield draft.fault("CFG-11", NAME, where, f'"{name}" is missing', f"every {what} of the study", "Add it")


def _design(draft: Draft, study: Study, truth: Truth, roles: list[str]) -> Iterator[Fault]:
    kinds = {entry.kind: entry for entry in study.config.registers.organisations}
    yield from _each(draft, ("organisations",), truth.organisations, kinds, "a kind of organisation")
    yield from _all(draft, ("organisations",), truth.organisations, kinds, "kind of organisation")
    for name, entry in truth.organisations.items():
        where = ("organisations", name)
        attributes = kinds[name].attributes if name in kinds else tuple(entry.attributes)
        yield from _each(draft, (*where, "attributes"), entry.attributes, attributes, "an attribute of the register")
        yield from _all(draft, (*where, "attributes"), entry.attributes, attributes, "attribute")
        yield from _one(draft, (*where, "named_by"), entry.named_by, entry.attributes, "an attribute")
        values = entry.attributes.get(entry.named_by, entry.names)
        yield from _all(draft, (*where, "names"), entry.names, values, f"value of {entry.named_by}")
    yield from _each(draft, ("groups", "second"), truth.groups.second, study.areas, "an area")
    yield from _each(draft, ("people",), truth.people, roles, "a role")
    yield from _all(draft, ("people",), truth.people, roles, "role")
    for name, post in truth.people.items():
        yield from _one(draft, ("people", name, "per"), post.per, [*kinds, *PLACES], "a place")
    known = [attribute for entry in truth.organisations.values() for attribute in entry.attributes]
    yield from _each(draft, ("attributes",), truth.attributes, known, "an attribute")


def _people(draft: Draft, study: Study, truth: Truth, roles: list[str]) -> Iterator[Fault]:
    response = truth.response
    for key in ("baseline", "stay", "late", "fresh"):
        rates = getattr(response, key)
        yield from _each(draft, ("response", key), rates, roles, "a role")
        yield from _all(draft, ("response", key), rates, roles, "role")
    yield from _one(draft, ("response", "outcome"), response.outcome, study.outcomes, "an outcome")


def _traits(draft: Draft, study: Study, truth: Truth, roles: list[str], items: set[str]) -> Iterator[Fault]:
    free = [name for name, trait in truth.traits.items() if not trait.item]
    yield from _each(draft, ("traits",), free, study.outcomes, "an outcome (or give the trait an item)")
    yield from _all(draft, ("traits",), truth.traits, study.outcomes, "outcome")
    for name, trait in truth.traits.items():
        where = ("traits", name)
        for key in ("start", "change"):
            yield from _each(draft, (*where, key), getattr(trait, key), roles, "a role")
        for key in ("item", "of", "came"):
            if getattr(trait, key):
                yield from _one(draft, (*where, key), getattr(trait, key), items, "an item")
    for key in ("answers", "ticks"):
        yield from _each(draft, (key,), getattr(truth, key), items, "an item")
    evidence = [entry.id for entry in study.config.evidence]
    yield from _each(draft, ("evidence",), truth.evidence, evidence, "evidence")
    for name, ratings in truth.evidence.items():
        yield from _one(draft, ("evidence", name, "follows"), ratings.follows, truth.traits, "a trait")
    for place, bounds in enumerate(truth.published):
        yield from _one(draft, ("published", place, "trait"), bounds.trait, truth.traits, "a trait")


def _deliveries(draft: Draft, study: Study, truth: Truth, items: set[str]) -> Iterator[Fault]:
    sources = [source.source for source in study.surveys]
    yield from _each(draft, ("deliveries",), truth.deliveries, sources, "a survey of sources.csv")
    for name, delivery in truth.deliveries.items():
        yield from _each(draft, ("deliveries", name, "words"), delivery.words, items, "an item")
    for place, dirt in enumerate(truth.dirt):
        where = ("dirt", place)
        yield from _one(draft, (*where, "source"), dirt.source, sources, "a survey of sources.csv")
        if dirt.item:
            yield from _one(draft, (*where, "item"), dirt.item, items, "an item")
