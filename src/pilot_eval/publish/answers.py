"""Kind of question: how its answer is put into words."""

from __future__ import annotations

from collections.abc import Callable

from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.sentences import Question, Sentence
from pilot_eval.publish.sentences_answers import factors_sentence, natural_sentence, ratings_sentence, sides_sentence
from pilot_eval.publish.sentences_change import change_sentence
from pilot_eval.publish.sentences_related import levels_sentence, moderator_sentence
from pilot_eval.publish.start_sentence import start_sentence

SENTENCES: dict[str, Callable[[Lookup, Question], Sentence]] = {
    "change": change_sentence,
    "start": start_sentence,
    "moderator": moderator_sentence,
    "levels": levels_sentence,
    "sides": sides_sentence,
    "natural": natural_sentence,
    "ratings": ratings_sentence,
    "factors": factors_sentence,
}
