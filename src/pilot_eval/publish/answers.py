"""Which function makes the sentence of which kind of question."""

from __future__ import annotations

from collections.abc import Callable

from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.sentences import Question, Sentence, change_sentence
from pilot_eval.publish.start_sentence import start_sentence

SENTENCES: dict[str, Callable[[Lookup, Question], Sentence]] = {
    "change": change_sentence,
    "start": start_sentence,
}
