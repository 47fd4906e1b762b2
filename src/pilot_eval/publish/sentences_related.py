"""Sentences about what goes with change, and with outcomes within and between organisations."""

from __future__ import annotations

from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.sentences import (
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
from pilot_eval.publish.verdicts import LEVEL, RELATED
from pilot_eval.publish.wording import in_unit


def moderator_sentence(lookup: Lookup, question: Question) -> Sentence:
    """Whether change differs by a property: its joint test decides, a difference or slope says how much."""
    row = lookup.row("moderators", group=question["question"])
    test = row.cell("p") if row is not None else None
    if row is None or test is None or not test.known:
        return without_number(test is not None and test.hidden)
    clear = adjusted_p(lookup, question) < LEVEL
    change, label = low(question["outcome"]["label"]), low(question["label"])
    lead = f"The change in {change} went with {label}" if clear else (
        f"No clear relation of the change in {change} to {label} could be made out")  # fmt: skip
    size, more = f"F statistic {number(row, 'f')}", ""
    if row.known("estimate", "low", "high"):
        unit = in_unit(question["outcome"]["unit"])
        size = f"difference of change {number(row, 'estimate')}{unit}, {interval(row)}"
        more = alone(evidence(row, adjusted_p(lookup, question)))
    return Sentence(RELATED[0] if clear else RELATED[2], f"{lead} ({size}{told_test(lookup, question)}).{more}")


def levels_sentence(lookup: Lookup, question: Question) -> Sentence:
    """What goes with a predictor within organisations, whose lasting differences are taken out."""
    outcome, label, places = question["outcome"], low(question["label"]), question["organisations"]
    said = Said(
        f"Where {label} was higher than is usual in the same {places}, {low(outcome['label'])} was higher by ",
        f"Where {label} was higher than is usual in the same {places}, {low(outcome['label'])} was lower by ",
        f"Within {places} no clear relation of {low(outcome['label'])} to {label} could be made out: ",
        unit=f"{in_unit(outcome['unit'])} for each unit of {label}", names=RELATED,
    )  # fmt: skip
    return say(lookup, question, lookup.row("levels", group=question["question"]), said)
