"""What a person decided of doubtful pairs, brought to the responses of this run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.link.answers import case_of
from pilot_eval.link.persons import Answer, Evidence, Groups, Pair

FILE = "config/link_decisions.csv"
#: A decision as the study hands it on: line of the file and its cells.
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Decided:
    """Decisions of this run.

    Attributes
    ----------
    same, apart : frozenset of Pair
        Row ids; ``apart`` holds those who are different or not known for certain.
    cases : mapping of str to str
        Case and decision, undecided ones left out.
    faults : tuple of Fault
    """

    same: frozenset[Pair]
    apart: frozenset[Pair]
    cases: Mapping[str, str]
    faults: tuple[Fault, ...]

    def beside(self, evidence: Evidence) -> Evidence:
        """Evidence with these decisions."""
        return replace(evidence, same=self.same, apart=self.apart)


def decided(
    entries: Sequence[Entry], answers: Sequence[Answer], whose: Mapping[str, str], key_id: str
) -> Decided:  # fmt: skip
    """Bring decisions to row ids.

    Parameters
    ----------
    entries : sequence of mapping
        ``line case one other key_id decision``.
    answers : sequence of Answer
        All responses of the run.
    whose : mapping of str to str
        Pseudonym by row id.
    key_id : str
        Of the key of this run.

    Raises
    ------
    StudyFaults
        LNK-13 when they were made with another key, LNK-17 when a line does not name its own case, LNK-19 when they
        contradict one another.
    """
    taken = [entry for entry in entries if entry["decision"]]
    stops = [
        Fault("LNK-13", "STOP", FILE, f"the pseudonyms were made with key {entry['key_id']}", f"key {key_id}",
              "Restore that key, or decide again on the list of this run", entry["line"], "key_id")
        for entry in taken if entry["key_id"] != key_id
    ]  # fmt: skip
    stops += [
        Fault("LNK-17", "STOP", FILE, f"case {entry['case']} is not that of one and other",
              case_of(entry["one"], entry["other"]), "Copy the line from the list again", entry["line"], "case")
        for entry in taken if entry["case"] != case_of(entry["one"], entry["other"])
    ]  # fmt: skip
    stops += [
        Fault("LNK-17", "STOP", FILE, f"case {entry['case']} names one response twice", "two responses",
              "Copy the line from the list again", entry["line"], "other")
        for entry in taken if entry["one"] == entry["other"]
    ]  # fmt: skip
    if stops:
        raise StudyFaults(stops)
    rows: dict[str, list[str]] = {}
    for answer in answers:
        if answer.row in whose:
            rows.setdefault(whose[answer.row], []).append(answer.row)
    gone = [entry for entry in taken if not (entry["one"] in rows and entry["other"] in rows)]
    faults = [
        Fault("LNK-18", "WARN", FILE, f"case {entry['case']} names a response that this run does not have",
              "pseudonyms of the list", "Not used; delete the line, or see whether a delivery changed", entry["line"],
              "other" if entry["one"] in rows else "one")
        for entry in gone
    ]  # fmt: skip
    there = [entry for entry in taken if entry not in gone]
    same = {frozenset((rows[entry["one"]][0], rows[entry["other"]][0])) for entry in there
            if entry["decision"] == "same"}  # fmt: skip
    apart = {frozenset((one, other)) for entry in there if entry["decision"] != "same"
             for one in rows[entry["one"]] for other in rows[entry["other"]]}  # fmt: skip
    _refuse_contradictions(there, answers, rows)
    cases = {entry["case"]: entry["decision"] for entry in there}
    return Decided(frozenset(same), frozenset(apart), cases, tuple(faults))


def _refuse_contradictions(
    entries: Sequence[Entry], answers: Sequence[Answer], rows: Mapping[str, Sequence[str]]
) -> None:  # fmt: skip
    """Stop when decisions make one person of two questionnaires, of two responses of a wave by way of a third, or
    say of two responses that they are one person's and that they are not, or may not be."""
    groups = Groups.of(answers)
    faults, first = [], {entry["case"]: entry for entry in reversed(entries)}
    revised = [entry for entry in entries if entry["decision"] != first[entry["case"]]["decision"]]
    for entry in revised:
        before = first[entry["case"]]
        saw = f'is "{before["decision"]}" in line {before["line"]} and "{entry["decision"]}" here'
        faults.append(_contradiction(entry, saw))
    for entry in entries:
        if entry["decision"] == "same":
            one, other = rows[entry["one"]][0], rows[entry["other"]][0]
            mine, its = groups.group(one), groups.group(other)
            direct = len(mine) == len(its) == 1
            twice = {answer.wave for answer in mine} & {answer.wave for answer in its}
            clash = twice and not direct and mine is not its
            if clash or mine[0].instrument != its[0].instrument:
                saw = "two questionnaires" if mine[0].instrument != its[0].instrument else "two responses of one wave"
                faults.append(_contradiction(entry, f"makes one person of {saw}"))
            else:
                groups.join(one, other)
    faults += [
        _contradiction(entry, "parts two responses that other lines make one person")
        for entry in entries
        if entry["decision"] != "same"
        and entry["case"] not in {other["case"] for other in revised}
        and groups.root[rows[entry["one"]][0]] == groups.root[rows[entry["other"]][0]]
    ]
    if faults:
        raise StudyFaults(faults)


def _contradiction(entry: Entry, saw: str) -> Fault:
    return Fault(
        "LNK-19", "STOP", FILE, f"case {entry['case']} {saw}", "decisions that agree", "Correct one of the lines",
        entry["line"], "decision",
    )  # fmt: skip
