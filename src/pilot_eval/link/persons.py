"""Which responses are one person's: twice in a wave, and from wave to wave; on hashes alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations


@dataclass
class Answer:
    """One response as linking sees it.

    Attributes
    ----------
    row : str
        Its id.
    instrument : str
        Persons are followed within one questionnaire: ids of two may coincide.
    wave : int
        Position of its wave.
    person, email, name : str
        Keyed hashes, empty when missing.
    parts : frozenset of str
        Hashes of the parts of the name.
    place : str
        Organisation, or area where the questionnaire has none; empty when unknown.
    """

    row: str
    instrument: str
    wave: int
    person: str = ""
    email: str = ""
    name: str = ""
    parts: frozenset[str] = frozenset()
    place: str = ""

    def key(self, which: str) -> str:
        """The value that a pass compares, empty when it cannot link: missing keys never join."""
        if which == "person":
            return self.person
        if which == "email":
            return self.email
        return f"{self.name}|{self.place}" if self.name and self.place else ""

    def adopt(self, other: Answer) -> None:
        """Fill what is missing from another response of the same person."""
        self.person, self.email = self.person or other.person, self.email or other.email
        self.name, self.parts = self.name or other.name, self.parts or other.parts
        self.place = self.place or other.place


@dataclass
class Groups:
    """Responses in groups that only grow (union by root)."""

    root: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[Answer]] = field(default_factory=dict)

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> Groups:
        """Every response on its own."""
        groups = cls()
        for answer in answers:
            groups.root[answer.row] = answer.row
            groups.members[answer.row] = [answer]
        return groups

    def group(self, answer: Answer) -> list[Answer]:
        """The group of a response."""
        return self.members[self.root[answer.row]]

    def join(self, one: Answer, other: Answer) -> None:
        """Make two groups one."""
        keep, gone = self.root[one.row], self.root[other.row]
        if keep != gone:
            for answer in self.members[gone]:
                self.root[answer.row] = keep
            self.members[keep] += self.members.pop(gone)


def agree(one: Answer, other: Answer, which: str) -> bool:
    """Whether nothing else that two responses say speaks against one person.

    The id of a person decides alone. A shared mailbox does not make one person of two names: between waves names agree
    when a part is the same, within a wave, where one response would be rejected, when one name has all parts of the
    other; a missing name agrees with any. Under one name in one place, a different id is another person; so is, in
    one wave, a different e-mail address.
    """
    if which == "person":
        return True
    if one.person and other.person and one.person != other.person:
        return False
    if which == "email":
        if not (one.parts and other.parts):
            return True
        if one.wave == other.wave:
            return one.parts <= other.parts or other.parts <= one.parts
        return bool(one.parts & other.parts)
    return one.wave != other.wave or not (one.email and other.email and one.email != other.email)


def fits(mine: Sequence[Answer], its: Sequence[Answer]) -> bool:
    """Whether two groups can be one person: not twice in a wave, and not two ids."""
    ids = {answer.person for answer in (*mine, *its)} - {""}
    return len(ids) <= 1 and not {answer.wave for answer in mine} & {answer.wave for answer in its}


def repeated(answers: Sequence[Answer], keys: Sequence[str]) -> list[list[Answer]]:
    """Groups of two and more responses of one person in one wave, in the order given."""
    groups = Groups.of(answers)
    for which in keys:
        for same in by_key(answers, which):
            for wave in sorted({answer.wave for answer in same}):
                for one, other in combinations([answer for answer in same if answer.wave == wave], 2):
                    if agree(one, other, which):
                        groups.join(one, other)
    place = {answer.row: number for number, answer in enumerate(answers)}
    found = [sorted(group, key=lambda answer: place[answer.row]) for group in groups.members.values()]
    return [group for group in found if len(group) > 1]


def followed(answers: Sequence[Answer], keys: Sequence[str]) -> tuple[list[list[Answer]], dict[str, str]]:
    """Every person's responses over the waves.

    Parameters
    ----------
    answers : sequence of Answer
        One a person and wave.
    keys : sequence of str
        Passes, strictest first. A key that two persons share in a wave does not link that wave.

    Returns
    -------
    persons : list of list of Answer
    passes : dict of str to str
        Row: the pass that first linked it to another wave.
    """
    groups = Groups.of(answers)
    passes: dict[str, str] = {}
    for which in keys:
        for same in by_key(answers, which):
            unique = [answer for answer in same if sum(other.wave == answer.wave for other in same) == 1]
            for one, other in combinations(sorted(unique, key=lambda answer: answer.wave), 2):
                mine, its = groups.group(one), groups.group(other)
                if mine is not its and fits(mine, its) and agree(one, other, which):
                    for answer in (one, other):
                        passes.setdefault(answer.row, which)
                    groups.join(one, other)
    return list(groups.members.values()), passes


def by_key(answers: Iterable[Answer], which: str) -> Iterator[list[Answer]]:
    """Responses of one questionnaire that have one key in common, in the order of the keys, not of the rows."""
    found: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        key = answer.key(which)
        if key:
            found.setdefault((answer.instrument, key), []).append(answer)
    return (group for _, group in sorted(found.items()) if len(group) > 1)


def reissued(answers: Sequence[Answer], waves: Sequence[str]) -> Iterator[tuple[str, str, str, int, int, int]]:
    """Pairs of waves between which hardly an id returns although most names do (LNK-12).

    Yields
    ------
    tuple
        Instrument, earlier and later wave, ids of the later wave, ids and names of it that were there before.
    """
    table: dict[tuple[str, int], list[Answer]] = {}
    for answer in answers:
        if answer.person and answer.key("name_organisation"):
            table.setdefault((answer.instrument, answer.wave), []).append(answer)
    for (instrument, early), (other, late) in combinations(sorted(table), 2):
        before, after = table[instrument, early], table[other, late]
        number = min(len(before), len(after))
        if instrument != other or number < 20:
            continue
        ids = _shared(before, after, "person")
        names = _shared(before, after, "name_organisation")
        if ids < 0.2 * number and names > 0.5 * number:
            yield instrument, waves[early], waves[late], number, ids, names


def _shared(before: Sequence[Answer], after: Sequence[Answer], which: str) -> int:
    return len({answer.key(which) for answer in before} & {answer.key(which) for answer in after})


def fullest(group: Sequence[Answer], policy: str, filled: Mapping[str, int], day: Mapping[str, str]) -> Answer:
    """The response of a person in a wave that is used.

    ``most_complete``: most answers, then the latest, then the first of the file; ``latest``: by day, then the first;
    ``first``: the first of the file.
    """
    if policy == "first":
        return group[0]
    if policy == "latest":
        return max(group, key=lambda answer: day[answer.row])
    return max(group, key=lambda answer: (filled[answer.row], day[answer.row]))
