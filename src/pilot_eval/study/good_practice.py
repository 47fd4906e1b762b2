"""Good practice from case studies: Markdown pages of the study, each about one or more critical success factors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from pilot_eval.canonical import canonical
from pilot_eval.faults import ADDRESS, Fault, StudyFaults
from pilot_eval.study.draft import Draft, some
from pilot_eval.study.lines import read_yaml
from pilot_eval.study.model import Evidence, Label, Part, StudyConfig, Text
from pilot_eval.study.plan import ModelsConfig
from pilot_eval.study.typed import typed

#: Where the pages stand, below the study's folder.
FOLDER = "config/good_practice"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
POSSESSIVE = re.compile(r"['’]s?(?!\w)")
HEAD = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|$)", re.DOTALL)


class About(Part):
    """What stands between the two lines of dashes at the head of a page."""

    title: Label
    factors: tuple[Text, ...] = Field(min_length=1, description="codes of items of the evidence")
    area: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}$")] | None = Field(
        default=None, description="letter of the area that it is from; never its name"
    )


@dataclass(frozen=True)
class GoodPractice:
    """One page: the name of its file, what its head says, and its Markdown text."""

    name: str
    about: About
    text: str


def read_page(name: str, text: str) -> tuple[GoodPractice | None, Mapping[Any, int], list[Fault]]:
    """Read a page.

    Parameters
    ----------
    name : str
        Of its file, without ``.md``.
    text : str

    Returns
    -------
    page : GoodPractice or None
        None when there are faults.
    lines : mapping
        Line of each key of its head.
    faults : list of Fault
    """
    file = f"{FOLDER}/{name}.md"
    head, body = parted(text)
    faults = _name(name, file)
    if head is None:
        saw = "the file does not begin with a head"
        expected = "lines 'title: …' and 'factors: […]' between two lines of three dashes"
        return None, {(): 1}, [*faults, Fault("CFG-02", "STOP", file, saw, expected, "Add it", 1)]
    try:
        # The line of dashes gives way to an empty one, so that each key keeps its line.
        value, lines = read_yaml("\n" + head, file)
    except StudyFaults as error:
        return None, {(): 1}, [*faults, *error.faults]
    about, wrong = typed(About, value, file, lambda path: (lines.get(path[:1], 2), ".".join(map(str, path))))
    if not body.strip():
        wrong.append(Fault("CFG-11", "STOP", file, "there is no text below the head", "what was done", "Write it", 1))
    faults += wrong
    return (GoodPractice(name, about, body) if about is not None and not faults else None), lines, faults


def parted(text: str) -> tuple[str | None, str]:
    """The head of a page, None when it has none, and the Markdown text below."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = HEAD.match(text)
    return (found[1], text[found.end() :]) if found else (None, text)


def _name(name: str, file: str) -> list[Fault]:
    if NAME.fullmatch(name):
        return []
    expected = "a-z, 0-9, - and _, 60 characters at most: the page has the same name"
    return [Fault("CFG-12", "STOP", file, "the file's name has other signs", expected, "Rename the file")]


def factor_sets(config: StudyConfig, plan: ModelsConfig | None) -> list[Evidence]:
    """The sets of evidence whose items are critical success factors: those that a question asks about, else all."""
    sets = list(some(config.evidence))
    questions = some(plan and plan.questions)
    asked = {questions[name].evidence for name in questions if getattr(questions[name], "kind", "") == "factors"}
    return [one for one in sets if one.id in asked] or sets


def page_faults(draft: Draft) -> Iterator[Fault]:
    """Pages about factors that nobody declares, from areas that there are not, or that name an area or a person."""
    config = draft.config
    if config is None:
        return
    known = [code for one in factor_sets(config, draft.plan) for code in one.items]
    # A file without valid areas is too faulty to tell that it has no evidence.
    sure = config.evidence or (config.areas and "evidence" not in draft.raw["study.yaml"])
    for page in draft.good_practice:
        file = f"good_practice/{page.name}.md"
        for at, code in enumerate(page.about.factors):
            add = "Take the code of an item of the evidence in study.yaml"
            yield from draft.unknown(
                file, ("factors", at), code, known if sure else None, "a critical success factor", add
            )
        if page.about.area and config.areas and _place(page.about.area) > len(config.areas):
            saw, expected = f'saw "{page.about.area}"', f"the letter of one of {len(config.areas)} areas"
            yield draft.fault("CFG-12", file, ("area",), saw, expected, "Correct it, or delete the line")


def text_faults(config: StudyConfig, name: str, text: str) -> Iterator[Fault]:
    """CFG-44: an area's name, where areas are published by letter, or an e-mail address, anywhere in a page's file.

    Parameters
    ----------
    config : StudyConfig
    name, text : str
        Of the file, which may have other faults.
    """
    file = f"{FOLDER}/{name}.md"
    if found := ADDRESS.search(text):
        row = text.count("\n", 0, found.start()) + 1
        yield Fault("CFG-44", "STOP", file, "holds an e-mail address", "a text that names nobody", "Delete it", row)
    if config.areas_public_as == "name":
        return
    for area in some(config.areas):
        for spelling in (area.name, *area.aliases):
            where = _line_of(canonical(spelling), f"{name.replace('_', ' ')}\n{text}")
            if where is not None:
                saw = f'names the area "{area.name}"' + ("" if where else " (in the file's name)")
                expected = "no area's name: areas are published by letter"
                yield Fault("CFG-44", "STOP", file, saw, expected, "Say it without the name", where or None)
                break


def _line_of(wanted: str, text: str) -> int | None:
    """The line, from 0, at which the words of a name are complete for the first time; None when they are nowhere."""

    def holds(part: str) -> bool:
        # "Elm Vale's" names Elm Vale; "St Osyth's Fields" is a name by itself.
        return any(f" {wanted} " in f" {canonical(form)} " for form in (part, POSSESSIVE.sub(" ", part)))

    if not wanted or not holds(text):
        return None
    lines = text.split("\n")
    return next(at for at in range(len(lines)) if holds("\n".join(lines[: at + 1])))


def _place(letters: str) -> int:
    """Place of a letter among the areas, from 1: ``A`` is 1, ``Z`` 26, ``AA`` 27."""
    place = 0
    for sign in letters:
        place = 26 * place + ord(sign) - ord("A") + 1
    return place
