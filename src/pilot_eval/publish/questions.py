"""Three questions for an area's discussion, drawn by rule from its own results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pilot_eval.publish.lookup import Row

#: Said when an area's own results give fewer than three.
ALWAYS = (
    "Which of these results do you not recognise, and what would you want to know before acting on it?",
    "Who else should see this page, and what will you decide together?",
    "What should the next survey ask that this one did not?",
)
WANTED = 3


@dataclass(frozen=True)
class Standing:
    """One outcome in one area: its change, the programme's, and how the two compare.

    ``way`` is up, down or open; ``beside`` more, less, alike, unsure (its interval
    excludes the programme's change, which is uncertain too) or unknown.
    ``lead`` is the distance from the programme in widths of the interval, counted so that more is better.
    """

    outcome: Mapping[str, Any]
    row: Row
    whole: Row | None
    way: str
    beside: str
    lead: float

    @property
    def worse(self) -> bool:
        """Whether the area's own change is clearly an unfavourable one."""
        return self.way == ("down" if self.outcome["higher_is_better"] else "up")


@dataclass(frozen=True)
class Rating:
    """The thing that an area rated lowest on the last occasion, in words.

    ``alone`` where no other was as low, ``alike`` where all others were.
    """

    item: str
    occasion: str
    level: str
    highest: bool
    alone: bool = True
    alike: bool = False


def questions(standings: Sequence[Standing], rating: Rating | None, fewer: bool, words: Mapping[str, str]) -> list[str]:
    """Questions in a fixed order of rules; the first three that apply.

    Parameters
    ----------
    standings : sequence of Standing
        Outcomes that can be shown.
    rating : Rating or None
    fewer : bool
        Whether fewer answered at the last wave than at the first.
    words : mapping
        The study's words.
    """
    found = []
    ranked = sorted(standings, key=lambda standing: -standing.lead)
    if ranked:
        best, least = ranked[0], ranked[-1]
        found.append(_strength(best, words))
        if least is not best:
            found.append(_weakness(least, words))
    if rating is not None and not rating.highest:
        found.append(_lowest(rating))
    if fewer:
        found.append(
            f"Fewer {words['respondents']} answered at the last survey than at the first. Whose view is missing, and "
            "how could they be reached?"
        )
    return [*found, *ALWAYS][:WANTED]


def _lowest(rating: Rating) -> str:
    when = f" at “{rating.occasion}”" if rating.occasion else ""
    if rating.alike:
        said = f"Everything that was rated{when} was rated alike here: “{rating.level}”. What should"
        return f"{said} reach the next level first, and who would have to act?"
    lowest = "rated lowest here" if rating.alone else "among what was rated lowest here"
    said = f"“{rating.item}” was {lowest}{when}: “{rating.level}”. What would it take to reach"
    return f"{said} the next level, and who would have to act?"


def _strength(best: Standing, words: Mapping[str, str]) -> str:
    label = best.outcome["label"]
    if best.beside == "more":
        return (
            f"{label}: the change here is more favourable than that of the programme. What did you do here that other "
            f"{words['areas']} could learn from?"
        )
    beside = "" if best.beside == "unknown" else "this is where you stand best beside the programme, and yet "
    if best.worse:
        return f"{label}: {beside}it became worse here. What is behind that?"
    if best.way in ("up", "down"):
        return f"{label}: here the change is clear. What in your own work goes with it, and how will you keep it up?"
    return f"{label}: {beside}no clear change can be seen here. What would make it a clear one?"


def _weakness(least: Standing, words: Mapping[str, str]) -> str:
    label = least.outcome["label"]
    if least.beside == "less":
        return f"{label}: the change here is less favourable than that of the programme. What stands in the way here?"
    if least.worse:
        return f"{label}: here it became worse. Does that match what you see from day to day, and what is behind it?"
    if least.way == "open":
        return f"{label}: here no clear change can be seen. Does that match what you see from day to day?"
    if least.beside == "unknown":
        return f"{label}: here the change is clear. What would move it further?"
    if least.lead < 0:
        said = "of all your results this one is furthest behind the programme, though not clearly so"
    else:
        said = "here the change is clear, and of all your results this one is nearest to the programme's"
    return f"{label}: {said}. What would move it further?"
