"""Keys that no register has, of organisations that it seems to have under another one (REG-05)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from rapidfuzz.distance import OSA

from pilot_eval.canonical import canonical
from pilot_eval.link.directory import Found

#: A key so near is mistyped, not another one.
SLIPS = 1


class Converted(NamedTuple):
    """A key said, the organisation that it may be now, and what of the two is the same."""

    rows: list[int]
    key: str
    organisation: str
    shared: tuple[str, ...]


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
    """Sound keys in no register, said beside the name of one organisation of it.

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
    by_key: dict[tuple[str, str], list[int]] = {}
    for place, (row, one) in enumerate(zip(rows, found, strict=True)):
        if row["organisation_said"] and row["organisation_name_said"] and not one.organisation and not one.outside:
            by_key.setdefault((row["source"], row["organisation_said"]), []).append(place)
    for (_, key), places in by_key.items():
        said = rows[places[0]]
        same = [organisation for organisation, likeness in found[places[0]].candidates if likeness == 1]
        alike = {one: _shared(said, register[one], attributes) for one in same if _another(key, one)}
        fits = [(one, shared) for one, shared in alike.items() if shared is not None]
        if len(fits) == 1 and re.fullmatch(patterns.get(register[fits[0][0]]["kind"], r"\S+"), key.strip()):
            yield Converted(places, key, *fits[0])


def _another(key: str, known: str) -> bool:
    """Whether two keys are more than a slip apart."""
    return OSA.distance(key, known, score_cutoff=SLIPS) > SLIPS


def _shared(said: Mapping[str, str], known: Mapping[str, str], attributes: Sequence[str]) -> tuple[str, ...] | None:
    """Attributes in which both agree; None when one differs."""
    pairs = {name: tuple(canonical(one[name]).replace(" ", "") for one in (said, known)) for name in attributes}
    filled = {name: pair for name, pair in pairs.items() if all(pair)}
    return tuple(filled) if all(one == other for one, other in filled.values()) else None
