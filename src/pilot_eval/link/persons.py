"""Which responses are one person's: twice in a wave, and from wave to wave; on hashes and likenesses alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import combinations

#: Two responses, in either order.
Pair = frozenset[str]
#: Keys that find a person twice in one wave, where a response would be rejected; the others are for a later wave only.
WITHIN_WAVE = ("person", "email", "name_organisation")
#: From this share of the fullest response's answers a response counts as complete.
COMPLETE = 0.9


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
    person, email, name, first, last, birth_year : str
        Keyed hashes, empty when missing.
    parts : frozenset of str
        Hashes of the parts of the name.
    place : str
        Organisation, or area where the questionnaire has none; empty when unknown.
    role : str
        Empty when unknown.
    """

    row: str
    instrument: str
    wave: int
    person: str = ""
    email: str = ""
    name: str = ""
    parts: frozenset[str] = frozenset()
    place: str = ""
    first: str = ""
    last: str = ""
    birth_year: str = ""
    role: str = ""

    def key(self, which: str) -> str:
        """The value that a pass compares, empty when it cannot link: missing keys never join."""
        if which in ("person", "email"):
            return str(getattr(self, which))
        fields = {
            "name_organisation": (self.name, self.place),
            "last_organisation_year": (self.last, self.place, self.birth_year),
            "first_organisation_year": (self.first, self.place, self.birth_year),
            "name_year": (self.first and self.name, self.birth_year),
        }[which]
        return "|".join(fields) if all(fields) else ""

    def adopt(self, other: Answer) -> None:
        """Fill what is missing from another response of the same person."""
        if not self.name:
            self.name, self.parts, self.first, self.last = other.name, other.parts, other.first, other.last
        for name in ("person", "email", "place", "birth_year", "role"):
            setattr(self, name, getattr(self, name) or getattr(other, name))


@dataclass(frozen=True)
class Evidence:
    """What is known of pairs of responses beside their hashes.

    Attributes
    ----------
    alike : set of Pair
        Whose first and last names are alike though not the same.
    same, apart : sets of Pair
        What a person decided.
    """

    alike: AbstractSet[Pair] = frozenset()
    same: AbstractSet[Pair] = frozenset()
    apart: AbstractSet[Pair] = frozenset()


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

    def group(self, row: str) -> list[Answer]:
        """The group of a response."""
        return self.members[self.root[row]]

    def join(self, one: str, other: str) -> None:
        """Make two groups one."""
        keep, gone = self.root[one], self.root[other]
        if keep != gone:
            for answer in self.members[gone]:
                self.root[answer.row] = keep
            self.members[keep] += self.members.pop(gone)


def agree(one: Answer, other: Answer, which: str, evidence: Evidence) -> bool:
    """Whether nothing else that two responses say speaks against one person.

    The id of a person decides alone. A shared mailbox does not make one person of two names: between waves names agree
    when a part is the same, within a wave, where one response would be rejected, when one name has all parts of the
    other; in either case when first and last names are alike. A missing name agrees with any. Under one name in one
    place, a different id is another person; so is, in one wave, a different e-mail address, and by any key but an id a
    different year of birth.
    """
    if which == "person":
        return True
    for fact in ("person", "birth_year"):
        mine, its = getattr(one, fact), getattr(other, fact)
        if mine and its and mine != its and (fact == "person" or which != "email"):
            return False
    if which == "email":
        if not (one.parts and other.parts) or frozenset((one.row, other.row)) in evidence.alike:
            return True
        if one.wave == other.wave:
            return one.parts <= other.parts or other.parts <= one.parts
        return bool(one.parts & other.parts)
    return one.wave != other.wave or not (one.email and other.email and one.email != other.email)


def elsewhere(one: Answer, other: Answer) -> bool:
    """Whether two responses speak for two places: in one wave both count, each for its own."""
    return bool(one.place and other.place and one.place != other.place)


def fits(mine: Sequence[Answer], its: Sequence[Answer], evidence: Evidence) -> bool:
    """Whether two groups can be one person: not twice in a wave, not two ids, not parted by a decision."""
    ids = {answer.person for answer in (*mine, *its)} - {""}
    if len(ids) > 1 or {answer.wave for answer in mine} & {answer.wave for answer in its}:
        return False
    return not any(frozenset((one.row, other.row)) in evidence.apart for one in mine for other in its)


def repeated(answers: Sequence[Answer], keys: Sequence[str], evidence: Evidence) -> list[list[Answer]]:
    """Groups of two and more responses of one person for one place in one wave, in the order given."""
    groups = Groups.of(answers)
    waves = {answer.row: answer.wave for answer in answers}
    for pair in sorted(map(sorted, evidence.same)):
        if len(pair) == 2 and waves[pair[0]] == waves[pair[1]]:
            groups.join(*pair)
    for which in [key for key in keys if key in WITHIN_WAVE]:
        for same in by_key(answers, which):
            for one, other in combinations(same, 2):
                apart = elsewhere(one, other) or frozenset((one.row, other.row)) in evidence.apart
                if one.wave == other.wave and not apart and agree(one, other, which, evidence):
                    groups.join(one.row, other.row)
    place = {answer.row: number for number, answer in enumerate(answers)}
    found = [sorted(group, key=lambda answer: place[answer.row]) for group in groups.members.values()]
    return [group for group in found if len(group) > 1]


def followed(answers: Sequence[Answer], keys: Sequence[str], evidence: Evidence) -> tuple[Groups, dict[Pair, str]]:
    """Every person's responses over the waves, by decisions and exact keys.

    Parameters
    ----------
    answers : sequence of Answer
        One a person, place and wave.
    keys : sequence of str
        Passes, strictest first. A key that two persons share in a wave does not link that wave; where it is shared by
        two places, it still links within each.
    evidence : Evidence

    Returns
    -------
    groups : Groups
        A group a person.
    links : dict of Pair to str
        Pairs that were joined, and by what: ``decision`` or a key.
    """
    groups = Groups.of(answers)
    links: dict[Pair, str] = {}

    def link(one: Answer, other: Answer, which: str) -> None:
        mine, its = groups.group(one.row), groups.group(other.row)
        if mine is not its and fits(mine, its, evidence) and agree(one, other, which, evidence):
            links[frozenset((one.row, other.row))] = which
            groups.join(one.row, other.row)

    known = {answer.row: answer for answer in answers}
    for pair in sorted(map(sorted, evidence.same)):
        # a person may know better than two ids; contradictory decisions were refused before
        if len(pair) == 2 and all(row in known for row in pair) and known[pair[0]].wave != known[pair[1]].wave:
            links[frozenset(pair)] = "decision"
            groups.join(*pair)
    for which in keys:
        for same in by_key(answers, which):
            for shared in (same, *_by_place(same)):
                unique = [answer for answer in shared if sum(other.wave == answer.wave for other in shared) == 1]
                for one, other in combinations(sorted(unique, key=lambda answer: answer.wave), 2):
                    link(one, other, which)
    return groups, links


def by_key(answers: Iterable[Answer], which: str) -> Iterator[list[Answer]]:
    """Responses of one questionnaire that have one key in common, in the order of the keys, not of the rows."""
    found: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        key = answer.key(which)
        if key:
            found.setdefault((answer.instrument, key), []).append(answer)
    return (sorted(group, key=_order) for _, group in sorted(found.items()) if len(group) > 1)


def _by_place(same: Sequence[Answer]) -> list[list[Answer]]:
    places = sorted({answer.place for answer in same if answer.place})
    return [[answer for answer in same if answer.place == place] for place in places] if len(places) > 1 else []


def _order(answer: Answer) -> tuple[int, str, str]:
    return answer.wave, answer.place, answer.row


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


def other_ids(answers: Sequence[Answer], waves: Sequence[str]) -> Iterator[tuple[str, str, list[str], int]]:
    """Persons of one name and organisation at two waves whose ids differ: some ids may have been issued anew.

    Yields
    ------
    tuple
        Earlier and later wave, rows of the later one, and how many rows of it have both id and name.
    """
    table: dict[tuple[str, int], dict[str, list[Answer]]] = {}
    for answer in answers:
        if answer.person and answer.key("name_organisation"):
            known = table.setdefault((answer.instrument, answer.wave), {})
            known.setdefault(answer.key("name_organisation"), []).append(answer)
    for (instrument, early), (other, late) in combinations(sorted(table), 2):
        if instrument == other:
            before, after = table[instrument, early], table[other, late]
            pairs = [(before[name][0], after[name][0]) for name in sorted(before.keys() & after.keys())
                     if len(before[name]) == len(after[name]) == 1]  # fmt: skip
            rows = [new.row for old, new in pairs if old.person != new.person]
            yield waves[early], waves[late], rows, sum(map(len, after.values()))


def _shared(before: Sequence[Answer], after: Sequence[Answer], which: str) -> int:
    return len({answer.key(which) for answer in before} & {answer.key(which) for answer in after})


def fullest(group: Sequence[Answer], policy: str, filled: Mapping[str, int], day: Mapping[str, str]) -> Answer:
    """The response of a person in a wave that is used.

    ``most_complete``: most answers, then the latest, then the first of the file; ``latest_complete``: of those with at
    least :data:`COMPLETE` of the answers of the fullest, the latest; ``latest``: by day, then the first; ``first``: the
    first of the file.
    """
    if policy == "first":
        return group[0]
    if policy == "most_complete":
        return max(group, key=lambda answer: (filled[answer.row], day[answer.row]))
    if policy == "latest_complete":
        most = max(filled[answer.row] for answer in group)
        group = [answer for answer in group if filled[answer.row] >= COMPLETE * most]
    return max(group, key=lambda answer: day[answer.row])
