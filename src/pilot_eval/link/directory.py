"""The register as respondents meet it: an organisation by its key, by a key it had before, by its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio

from pilot_eval.canonical import canonical

#: Likeness of names, 0 to 100: beside a key that is one slip away, and on its own.
LIKE_WITH_KEY, LIKE_ALONE = 80, 85


@dataclass(frozen=True)
class Found:
    """What the register says of one respondent's organisation.

    Attributes
    ----------
    organisation : str
        Empty when it is not known for certain.
    by : {"key", "predecessor", "name", ""}
    rule, why : str
        How the delivered key was corrected, empty when it was not.
    candidates : tuple of (str, float)
        Organisations that a person should consider, likeliest first, with their likeness from 0 to 1.
    outside : bool
        A sound key of an organisation that is not in the register, and near none that is.
    """

    organisation: str = ""
    by: str = ""
    rule: str = ""
    why: str = ""
    candidates: tuple[tuple[str, float], ...] = ()
    outside: bool = False


@dataclass(frozen=True)
class Directory:
    """Organisations of one kind."""

    areas: dict[str, str]
    names: dict[str, str]
    successors: dict[str, str]
    pattern: str = r"\S+"
    folded: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, organisations: pd.DataFrame, kind: str, pattern: str, predecessors: pd.DataFrame) -> Directory:
        """The directory of a kind.

        Parameters
        ----------
        organisations : DataFrame
            ``organisation kind name area``.
        kind : str
        pattern : str
            Regular expression that a sound key matches.
        predecessors : DataFrame
            ``old new``.
        """
        of_kind = organisations[organisations["kind"] == kind]
        keys = of_kind["organisation"]
        areas = dict(zip(keys, of_kind["area"], strict=True))
        heads = successors(predecessors, areas)
        folded: dict[str, str] = {}
        for key in {**heads, **areas}:
            folded[key.casefold()] = "" if key.casefold() in folded else key
        return cls(areas, dict(zip(keys, of_kind["name"], strict=True)), heads, pattern, folded)

    def find(self, key: str, name: str, area: str) -> Found:
        """The organisation that a respondent means.

        Parameters
        ----------
        key, name : str
            As delivered, empty when not asked or not answered.
        area : str
            Code of the area that the respondent states, empty when none is known.
        """
        key = "".join(unicodedata.normalize("NFKC", key).split())
        if not key:
            return self._by_name(name, area) if name else Found()
        known, rule, why = self._known(key)
        if known:
            head = self.successors.get(known, known)
            by = "key" if head == known else "predecessor"
            return Found(head, by, rule or ("predecessor" if by == "predecessor" else ""), why or "key of before")
        candidates = self._candidates(key, name, area)
        sound = re.fullmatch(self.pattern, key) is not None
        return Found(candidates=candidates, outside=sound and not candidates)

    def _known(self, key: str) -> tuple[str, str, str]:
        """The register's spelling of a key, and what had to be mended."""
        if key in self.areas or key in self.successors:
            return key, "", ""
        if self.folded.get(key.casefold()):
            return self.folded[key.casefold()], "spelling", "upper and lower case"
        whole = re.sub(r"^(\d+)\.0+$", r"\1", key)
        if whole != key and (whole in self.areas or whole in self.successors):
            return whole, "number", "a number with decimals"
        widths = {len(known) for known in self.areas}
        padded = key.zfill(max(widths, default=0))
        if len(widths) == 1 and padded != key and padded in self.areas:
            return padded, "number", "lost leading zeros"
        return "", "", ""

    def _by_name(self, name: str, area: str) -> Found:
        said = canonical(name)
        scope = [key for key, home in self.areas.items() if not area or home == area]
        same = [key for key in scope if canonical(self.names[key]) == said]
        if len(same) == 1:
            return Found(same[0], "name")
        return Found(candidates=self._ranked(same or scope, said, LIKE_ALONE))

    def _candidates(self, key: str, name: str, area: str) -> tuple[tuple[str, float], ...]:
        """Organisations whose key is one slip away, or whose name is the one said."""
        near = {self.successors.get(known, known) for known in {**self.areas, **self.successors}
                if OSA.distance(key, known, score_cutoff=1) <= 1}  # fmt: skip
        if name:
            said = canonical(name)
            same = {known for known, home in self.areas.items()
                    if (not area or home == area) and canonical(self.names[known]) == said}  # fmt: skip
            ranked = dict(self._ranked(same, said, 100)) | dict(self._ranked(near, said, LIKE_WITH_KEY))
        else:
            near = {known for known in near if not area or self.areas[known] == area}
            ranked = dict.fromkeys(near, round(1 - 1 / max(len(key), 1), 4)) if len(near) == 1 else {}
        return tuple(sorted(ranked.items(), key=lambda pair: (-pair[1], pair[0])))[:3]

    def _ranked(self, keys: list[str] | set[str], said: str, least: float) -> tuple[tuple[str, float], ...]:
        scores = {key: token_sort_ratio(said, canonical(self.names[key])) for key in keys}
        found = [(key, round(score / 100, 4)) for key, score in scores.items() if score >= least]
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:3])


def successors(predecessors: pd.DataFrame, known: Mapping[str, str]) -> dict[str, str]:
    """For each key of a chain of successors, the one by which the register knows the organisation.

    Parameters
    ----------
    predecessors : DataFrame
        ``old new``.
    known : mapping
        Keys of the register.

    Returns
    -------
    dict of str to str
        Key of a chain: the latest key of the chain that the register has. A key that could be several organisations
        is left out.
    """
    later = dict(zip(predecessors["old"], predecessors["new"], strict=True))
    chains: dict[str, list[str]] = {}
    for start in later:
        chain = [start]
        while chain[-1] in later and later[chain[-1]] not in chain:
            chain.append(later[chain[-1]])
        chains[start] = chain
    heads: dict[str, set[str]] = {}
    for chain in chains.values():
        listed = [key for key in chain if key in known]
        for key in chain if listed else ():
            heads.setdefault(key, set()).add(listed[-1])
    return {key: next(iter(found)) for key, found in heads.items() if len(found) == 1}
