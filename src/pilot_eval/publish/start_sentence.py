"""The sentence of a question of change against the start."""

from __future__ import annotations

from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.sentences import FIXED, Question, Sentence, adjusted_p, evidence, in_unit, interval, low, number
from pilot_eval.publish.verdicts import RELATED, verdict

ALIKE = "The starts differ too little to say whether change depends on them."
#: Share of bootstrap fits without differences at the start above which nothing is said (``model.start_model``).
MOST_ZERO = 0.1
WORDS = {
    "up": "was larger where its start was higher",
    "down": "was larger where its start was lower",
    "no clear change": "did not clearly depend on its start",
}


def start_sentence(lookup: Lookup, question: Question) -> Sentence:
    """Whether change depends on the start, and change where the start was lowest; the verdict is of the slope."""
    name, outcome = question["question"], question["outcome"]
    row = lookup.row("start_slope", outcome=outcome["id"], group=name)
    if row is not None and row.known("zero_share") and row.value("zero_share") > MOST_ZERO:
        return Sentence("not available", ALIKE)
    word = verdict(evidence(row, adjusted_p(lookup, question)))
    if word in FIXED:
        return Sentence(word, FIXED[word])
    size = f"{number(row, 'estimate')} per point of the start ({interval(row)})"
    text = f"The change in {low(outcome['label'])} {WORDS[word]}: {size}"
    if row is not None and row.known("naive"):
        text += f", against {number(row, 'naive')} with regression to the mean left in"
    return Sentence(RELATED[2] if word == "no clear change" else RELATED[0], f"{text}.{_lowest(lookup, question)}")


def _lowest(lookup: Lookup, question: Question) -> str:
    """Change of the part with the lowest start; empty where it is not known."""
    group = f"{question['question']}.part-1-of-{question['parts']}"
    row: Row | None = lookup.row("start_parts", outcome=question["outcome"]["id"], group=group)
    if row is None or not row.known("change", "low", "high"):
        return ""
    size = f"{number(row, 'change')}{in_unit(question['outcome']['unit'])}"
    return f" Where the start was lowest the change was {size} ({interval(row)})."
