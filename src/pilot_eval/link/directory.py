"""The register as respondents meet it: an organisation by its key, by a key it had before, by its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio, token_sort_ratio

from pilot_eval.canonical import INVISIBLE, expanded

#: Likeness of names, 0 to 100, from which a key that is one slip away may be meant.
LIKE_WITH_KEY = 80
#: Likeness from which a name typed freely is one of the area's, and how far the second must be behind.
ACCEPT, GAP = 90, 5
#: Likeness of an organisation whose key stands where it does not belong.
BY_KEY = 0.99


@dataclass(frozen=True)
class Found:
    """What the register says of one respondent's organisation.

    Attributes
    ----------
    organisation : str
        Empty when it is not known for certain.
    by : {"key", "predecessor", "name", "typed_name", ""}
    rule, why : str
        How the delivered key was corrected, empty when it was not.
    candidates : tuple of (str, float)
        Organisations that a person should consider, likeliest first, with their likeness from 0 to 1.
    outside : bool
        A sound key of an organisation that is not in the register, and near none that is.
    named : str
        Another organisation, whose name stands beside the key.
    """

    organisation: str = ""
    by: str = ""
    rule: str = ""
    why: str = ""
    candidates: tuple[tuple[str, float], ...] = ()
    outside: bool = False
    named: str = ""


@dataclass(frozen=True)
class Directory:
    """Organisations of one kind.

    Attributes
    ----------
    areas, names : dict of str to str
        Area and name, in the form that is compared, by key.
    successors : dict of str to str
        Key of before: key in the register.
    pattern : str
        Regular expression that a sound key matches.
    folded : dict of str to str
        Keys by their form without case; empty where two are alike.
    aliases : dict of str to str
        Other names, in the form that is compared: key.
    alike : bool
        Whether a name that is only like one may be accepted.
    """

    areas: dict[str, str]
    names: dict[str, str]
    successors: dict[str, str]
    pattern: str = r"\S+"
    folded: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    alike: bool = True

    @classmethod
    def of(
        cls, organisations: pd.DataFrame, kind: str, pattern: str, predecessors: pd.DataFrame,
        typed: Mapping[str, Any] | None = None,
    ) -> Directory:  # fmt: skip
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
        typed : mapping, optional
            ``accept`` and ``aliases`` of the kind's entry in ``linkage.organisations``.
        """
        typed = typed or {"accept": "alike", "aliases": {}}
        of_kind = organisations[organisations["kind"] == kind]
        keys = of_kind["organisation"]
        areas = dict(zip(keys, of_kind["area"], strict=True))
        heads = successors(predecessors, areas)
        folded: dict[str, str] = {}
        for key in {**heads, **areas}:
            folded[key.casefold()] = "" if key.casefold() in folded else key
        names = {key: expanded(name) for key, name in zip(keys, of_kind["name"], strict=True)}
        aliases = {expanded(name): heads.get(key, key) for name, key in typed["aliases"].items()}
        return cls(areas, names, heads, pattern, folded, aliases, typed["accept"] == "alike")

    def find(self, key: str, name: str, area: str) -> Found:
        """The organisation that a respondent means.

        Parameters
        ----------
        key, name : str
            As delivered, empty when not asked or not answered.
        area : str
            Code of the area that the respondent states, empty when none is known.
        """
        said, key = key, "".join(INVISIBLE.sub("", unicodedata.normalize("NFKC", key)).split())
        if not key:
            return self._by_name(name, area) if name else Found()
        known, rule, why = self._known(key)
        if known:
            head = self.successors.get(known, known)
            by = "key" if head == known else "predecessor"
            rule = rule or ("predecessor" if by == "predecessor" else "")
            return Found(head, by, rule, why or "key of before", named=self._another(head, name))
        candidates = self._within(said) or self._candidates(key, name, area)
        sound = re.fullmatch(self.pattern, key) is not None
        return Found(candidates=candidates, outside=sound and not candidates)

    def _known(self, key: str) -> tuple[str, str, str]:
        """The register's spelling of a key, and what had to be mended."""
        if key in self.areas or key in self.successors:
            return key, "", ""
        if self.folded.get(key.casefold()):
            return self.folded[key.casefold()], "spelling", "upper and lower case"
        bare = re.sub(r"""^'|^="(.*)"$""", r"\1", key)
        if bare != key and (bare in self.areas or bare in self.successors):
            return bare, "spelling", "marked as text for a spreadsheet"
        whole = re.sub(r"^(\d+)\.0+$", r"\1", key)
        if whole != key and (whole in self.areas or whole in self.successors):
            return whole, "number", "a number with decimals"
        widths = {len(known) for known in self.areas}
        padded = key.zfill(max(widths, default=0))
        if len(widths) == 1 and padded != key and padded in self.areas:
            return padded, "number", "lost leading zeros"
        return "", "", ""

    def _another(self, key: str, name: str) -> str:
        """The organisation that has a name, when the one of the key has another; empty when nobody is named so."""
        said = expanded(name)
        owners = {self.successors.get(known, known) for known, other in self.names.items() if other == said}
        return "" if not owners or key in owners or self.aliases.get(said) == key else min(owners)

    def _by_name(self, name: str, area: str) -> Found:
        """By the same name or an alias; within a stated area also by a name that is like one of its organisations'
        and like no other, and has no word of another organisation in place of one of its own."""
        said = expanded(name)
        if self.aliases.get(said) in self.areas:
            return Found(self.aliases[said], "name")
        scope = [key for key, home in self.areas.items() if not area or home == area]
        same = [key for key in scope if self.names[key] == said]
        if len({self.successors.get(key, key) for key in same}) == 1:
            return Found(self.successors.get(same[0], same[0]), "name")
        keyed = self._within(name)
        ranked = keyed or self._ranked(same or scope, said, 0)
        if area and self.alike and not keyed and ranked and not same:
            best, second = (*ranked, ("", 0.0))[:2]
            if 100 * best[1] >= ACCEPT and 100 * (best[1] - second[1]) >= GAP and not self._parts(said, best[0]):
                return Found(best[0], "typed_name", "typed_name", "a name like that of one organisation of the area",
                             ranked)  # fmt: skip
        return Found(candidates=ranked)

    def _within(self, text: str) -> tuple[tuple[str, float], ...]:
        """Organisations whose keys stand in a text among other words, for a person to say which is meant."""
        words = re.findall(r"[\w-]+", INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))
        heads = [self.successors.get(word, word) for word in words if word in self.areas or word in self.successors]
        # told by a key, not by a name that is the same: that would be a likeness of 1
        return tuple((key, BY_KEY) for key in sorted(set(heads)))[:3]

    def _parts(self, said: str, key: str) -> bool:
        """Whether a name has a word that the register knows, but not of this organisation.

        A girls' school is no slip of a boys' school.
        """
        own = {word for known, name in self.names.items() if self.successors.get(known, known) == key
               for word in name.split()}  # fmt: skip
        own |= {word.removesuffix("s") for word in own} | {f"{word}s" for word in own}
        return any(word in self.vocabulary for word in said.split() if word not in own)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Words of all names, single letters left out."""
        return frozenset(word for name in self.names.values() for word in name.split() if len(word) > 1)

    def _candidates(self, key: str, name: str, area: str) -> tuple[tuple[str, float], ...]:
        """Organisations whose key is one slip away, or whose name is the one said."""
        near = {self.successors.get(known, known) for known in {**self.areas, **self.successors}
                if OSA.distance(key, known, score_cutoff=1) <= 1}  # fmt: skip
        if name:
            said = expanded(name)
            same = {known for known, home in self.areas.items()
                    if (not area or home == area) and self.names[known] == said}  # fmt: skip
            ranked = dict(self._ranked(same, said, 100)) | dict(self._ranked(near, said, LIKE_WITH_KEY))
        else:
            near = {known for known in near if not area or self.areas[known] == area}
            ranked = dict.fromkeys(near, round(1 - 1 / max(len(key), 1), 4)) if len(near) == 1 else {}
        return tuple(sorted(ranked.items(), key=lambda pair: (-pair[1], pair[0])))[:3]

    def _ranked(self, keys: list[str] | set[str], said: str, least: float) -> tuple[tuple[str, float], ...]:
        scores: dict[str, float] = {}
        for key in keys:  # an organisation is called by the names that it had before, too
            # words in any order, or as they stand: a slip in a first letter changes the order of sorted words
            score = max(token_sort_ratio(said, self.names[key]), ratio(said, self.names[key]))
            head = self.successors.get(key, key)
            scores[head] = max(score, scores.get(head, 0.0))
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
