"""Sentences about change: whether there was any, in whom, where, and whether it went with the start."""

from __future__ import annotations

import math

from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.sentences import (
    FIXED,
    Question,
    Said,
    Sentence,
    adjusted_p,
    alone,
    evidence,
    interval,
    low,
    number,
    say,
    told_test,
    without_number,
)
from pilot_eval.publish.verdicts import DIFFERS, LEVEL, verdict
from pilot_eval.publish.wording import in_unit


def change_sentence(lookup: Lookup, question: Question) -> Sentence:
    """Change of an outcome: in a population, between two roles, or between areas."""
    if question["contrast"] == "between_roles":
        return _roles_sentence(lookup, question)
    if question["contrast"] == "between_areas":
        return _areas_sentence(lookup, question)
    outcome = question["outcome"]
    row = _change_row(lookup, question)
    small = lookup.row("equivalence", group=question["question"])
    shown = small.value("p_equivalence") if small is not None else math.nan
    found = evidence(row, adjusted_p(lookup, question), shown)
    word = verdict(found)
    if word in FIXED:
        return Sentence(word, FIXED[word])
    text = {
        "up": f"{outcome['label']} rose by ",
        "down": f"{outcome['label']} fell by ",
        "no clear change": f"There was no clear change in {low(outcome['label'])}: ",
        "no change that matters": f"There was no change in {low(outcome['label'])} that matters: ",
    }[word]
    down = word == "down"
    inside = f"{interval(row, unsigned=down)}{told_test(lookup, question)}"
    text += f"{number(row, 'estimate', down)}{in_unit(outcome['unit'])} ({inside})."
    return Sentence(word, text + alone(found) + _size(word, row, small))


def _change_row(lookup: Lookup, question: Question) -> Row | None:
    """Where the change that is asked for stands: with its outcome, with its role, or under the question's own name."""
    outcome, roles = question["outcome"]["id"], question["roles"]
    if question["matched"] or len(roles) > 1:
        return lookup.row("change_of_population", group=question["question"])
    return lookup.row("change_by_role", outcome=outcome, group=roles[0]) if roles else lookup.change(outcome)


def _size(word: str, row: Row | None, small: Row | None) -> str:
    """The change beside the smallest one that matters."""
    if row is None or small is None or not small.known("margin"):
        return ""
    margin = small.value("margin")
    least = min(abs(row.value("low")), abs(row.value("high")))
    if word == "no change that matters":
        return f" Changes of {number(small, 'margin')} or more can be ruled out (90% interval)."
    if word == "no clear change":
        return f" A change of {number(small, 'margin')}, the smallest that matters, cannot be ruled out."
    if least >= margin:
        return f" The whole interval is at or beyond {number(small, 'margin')}, the smallest change that matters."
    if abs(row.value("estimate")) < margin:
        return f" The estimate is below {number(small, 'margin')}, the smallest change that matters."
    return f" The interval also holds changes below {number(small, 'margin')}, the smallest that matters."


def _roles_sentence(lookup: Lookup, question: Question) -> Sentence:
    """The change in one role beside that in another."""
    one, other = question["between_labels"]
    what = f"the change in {low(question['outcome']['label'])}"
    said = Said(
        f"Among {low(one)} {what} was greater than among {low(other)} by ",
        f"Among {low(one)} {what} was smaller than among {low(other)} by ",
        f"There was no clear difference in {what} between {low(one)} and {low(other)}: ",
        unit=in_unit(question["outcome"]["unit"]), names=DIFFERS,
    )  # fmt: skip
    return say(lookup, question, lookup.row("change_between_roles", group=question["question"]), said)


def _areas_sentence(lookup: Lookup, question: Question) -> Sentence:
    """How much the change differs between areas; the spread cannot be below zero, so that its test decides."""
    row = lookup.row("change_between_areas", group=question["question"])
    cell = row.cell("sd_change") if row is not None else None
    if row is None or cell is None or not cell.known:
        return without_number(cell is not None and cell.hidden)
    label, clear = low(question["outcome"]["label"]), adjusted_p(lookup, question) < LEVEL
    lead = f"The change in {label} differed between {question['areas']}" if clear else (
        f"No difference between {question['areas']} in the change of {label} could be made out")  # fmt: skip
    shown = f"{interval(row)}{told_test(lookup, question)}" if row.known("low", "high") else "no interval"
    text = f"{lead}: the standard deviation of their changes is {number(row, 'sd_change')} ({shown})."
    return Sentence(DIFFERS[0] if clear else DIFFERS[2], text)
