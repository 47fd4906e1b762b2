"""The sentence of a question of change against the start."""

from __future__ import annotations

from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.sentences import FIXED, Question, Sentence, adjusted_p, alone, evidence, interval, low, number
from pilot_eval.publish.verdicts import RELATED, verdict
from pilot_eval.publish.wording import in_unit

ALIKE = "The starts differ too little to say whether change depends on them."
#: Share of bootstrap fits without differences at the start above which nothing is said (``model.start_model``).
MOST_ZERO = 0.1
WORDS = {
    "up": "was larger in {areas} that started higher",
    "down": "was larger in {areas} that started lower",
    "no clear change": "did not clearly depend on where {areas} started",
}


def start_sentence(lookup: Lookup, question: Question) -> Sentence:
    """Whether change depends on the start, and change where the start was lowest; the verdict is of the slope."""
    name, outcome = question["question"], question["outcome"]
    row = lookup.row("start_slope", outcome=outcome["id"], group=name)
    if row is not None and row.known("zero_share") and row.value("zero_share") > MOST_ZERO:
        return Sentence("not available", ALIKE)
    found = evidence(row, adjusted_p(lookup, question))
    word = verdict(found)
    if word in FIXED:
        return Sentence(word, FIXED[word])
    size = f"{number(row, 'estimate')} for each point higher at the start ({interval(row)})"
    text = f"The change in {low(outcome['label'])} {WORDS[word].format(areas=question['areas'])}: {size}"
    if row is not None and row.known("naive"):
        text += f", against {number(row, 'naive')} with regression to the mean left in"
    told = RELATED[2] if word == "no clear change" else RELATED[0]
    return Sentence(told, f"{text}.{alone(found)}{_lowest(lookup, question)}")


def _lowest(lookup: Lookup, question: Question) -> str:
    """Change of the part with the lowest start; empty where it is not known."""
    group = f"{question['question']}.part-1-of-{question['parts']}"
    row: Row | None = lookup.row("start_parts", outcome=question["outcome"]["id"], group=group)
    if row is None or not row.known("change", "low", "high"):
        return ""
    size = f"{number(row, 'change')}{in_unit(question['outcome']['unit'])}"
    return f" In the {question['areas']} that started lowest the change was {size} ({interval(row)})."
