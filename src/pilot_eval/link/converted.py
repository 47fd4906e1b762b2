"""Keys that no register has, of organisations that it seems to have under another one (REG-05)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd
from rapidfuzz.distance import OSA

from pilot_eval.canonical import canonical
from pilot_eval.link.directory import Found

#: A key so near is mistyped, not another one, unless so many say it beside the organisation's name and nobody of the
#: delivery says the key that the register has.
SLIPS, AGREED = 1, 2


class Converted(NamedTuple):
    """A key said, the organisation that it may be now, and what of the two is the same."""

    rows: list[int]
    key: str
    organisation: str
    shared: tuple[str, ...]

    @property
    def line(self) -> str:
        """The two keys as the register of predecessors would have them: numbers are given out in ascending order."""
        keys = (self.organisation, self.key)
        issued = all(key.isascii() and key.isdigit() for key in keys) and len(self.key) == len(self.organisation)
        return ",".join(sorted(keys) if issued else keys)


def stated_attributes(frame: pd.DataFrame, attributes: Sequence[str]) -> pd.DataFrame:
    """What responses say of attributes of the register, empty where they do not.

    A text item says an attribute when its name has all words of it: ``school_postcode`` for ``postcode``.
    """
    texts = [str(name) for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    found = {
        attribute: next((name for name in texts if set(attribute.split("_")) <= set(name.split("_"))), None)
        for attribute in attributes
    }
    empty = pd.Series("", index=frame.index, dtype="str")
    return pd.DataFrame({one: frame[name].fillna("").astype("str") if name else empty for one, name in found.items()},
                        index=frame.index)  # fmt: skip


def converted(
    rows: Sequence[Mapping[str, str]], found: Sequence[Found], organisations: Sequence[Mapping[str, str]],
    patterns: Mapping[str, str], attributes: Sequence[str],
) -> Iterator[Converted]:  # fmt: skip
    """Sound keys in no register, said beside the name of one organisation of it by half or more of those who name one.

    Parameters
    ----------
    rows : sequence of mapping
        Responses, with what they say of the attributes.
    found : sequence of Found
        What the register says of each.
    organisations : sequence of mapping
        The register, with its attributes.
    patterns : mapping
        Kind of organisation: regular expression of a sound key.
    attributes : sequence of str
        Those of the register, such as a postcode: none that a response states too may differ.

    Yields
    ------
    Converted
        One for each key and delivery.
    """
    register = {one["organisation"]: one for one in organisations}
    used = {(row["source"], one.organisation) for row, one in zip(rows, found, strict=True) if one.by == "key"}
    by_key: dict[tuple[str, str], list[int]] = {}
    for place, (row, one) in enumerate(zip(rows, found, strict=True)):
        if row["organisation_said"] and not one.organisation:
            by_key.setdefault((row["source"], row["organisation_said"].strip()), []).append(place)
    for (source, key), places in by_key.items():
        named = [place for place in places if rows[place]["organisation_name_said"]]
        saying = _saying([found[place] for place in named])
        fits = []
        for known, those in saying.items():
            agreed = len(those) >= AGREED and (source, known) not in used
            shared = _shared([rows[named[place]] for place in those], register[known], attributes)
            if 2 * len(those) >= len(named) and shared is not None and (agreed or _another(key, known)):
                fits.append((known, shared))
        if len(fits) == 1 and re.fullmatch(patterns.get(register[fits[0][0]]["kind"], r"\S+"), key):
            yield Converted(places, key, *fits[0])


def kept_for_review(found: Sequence[Found], seem: Sequence[Converted]) -> list[Found]:
    """What the register says of each row, none of them outside that has a key of an organisation of the register.

    Whoever gives the key without the name speaks for the same organisation as those who give both.
    """
    kept = list(found)
    for one in seem:
        for place in one.rows:
            if not kept[place].candidates:
                kept[place] = replace(kept[place], candidates=((one.organisation, 1.0),), outside=False)
    return kept


def _saying(found: Sequence[Found]) -> dict[str, list[int]]:
    """Organisations whose very name is said, with the places of those who say it."""
    saying: dict[str, list[int]] = {}
    for place, one in enumerate(found):
        for organisation, likeness in one.candidates:
            if likeness == 1:
                saying.setdefault(organisation, []).append(place)
    return saying


def _another(key: str, known: str) -> bool:
    """Whether two keys are more than a slip apart."""
    return OSA.distance(key, known, score_cutoff=SLIPS) > SLIPS


def _shared(
    said: Sequence[Mapping[str, str]], known: Mapping[str, str], attributes: Sequence[str]
) -> tuple[str, ...] | None:  # fmt: skip
    """Attributes in which those who say any agree with the register; None when more say others."""
    found = [_of_one(one, known, attributes) for one in said]
    agree = [shared for shared in found if shared is not None]
    return max(agree, key=len) if agree and 2 * len(agree) >= len(found) else None


def _of_one(said: Mapping[str, str], known: Mapping[str, str], attributes: Sequence[str]) -> tuple[str, ...] | None:
    """Attributes in which both agree; None when one differs."""
    pairs = {name: tuple(canonical(one[name]).replace(" ", "") for one in (said, known)) for name in attributes}
    filled = {name: pair for name, pair in pairs.items() if all(pair)}
    return tuple(filled) if all(one == other for one, other in filled.values()) else None
