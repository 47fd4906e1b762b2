"""What survey houses deliver: the codebook applied backwards, so that renaming, recoding and reversal are undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pilot_eval.study.delivery import Item, Source
from pilot_eval.study.truth import Delivery
from pilot_eval.synth.answers import Answers
from pilot_eval.synth.design import Design
from pilot_eval.synth.latent import Bools
from pilot_eval.synth.names import Names
from pilot_eval.synth.response import BLANK, GIVEN, Responses
from pilot_eval.synth.streams import stream
from pilot_eval.synth.truth import Plan

Value = float | str | dt.date | None
Cells = dict[str, Value]
COMMENTING = 0.2


@dataclass
class Table:
    """One delivery on its way to a file: items asked, and a row of delivered values for each respondent."""

    source: Source
    items: tuple[Item, ...]
    rows: list[Cells]
    posts: list[int]
    delivery: Delivery

    def name(self, item: str) -> str:
        """Delivered name of an item."""
        return next(str(entry.names[self.source.wave]) for entry in self.items if entry.item == item)

    def used_as(self, use: str) -> str:
        """The item with a use, empty when there is none."""
        return next((entry.item for entry in self.items if entry.use == use), "")


def make_tables(
    plan: Plan, design: Design, names: Names, answers: Answers, replaced: Bools, responses: Responses
) -> dict[str, Table]:
    """Tables of all survey deliveries, without dirt, by source."""
    tables = {}
    for source in plan.study.surveys:
        wave = 0 if source.wave == plan.study.waves[0] else 1
        role = next(entry.role for entry in plan.study.config.instruments if entry.id == source.instrument)
        items = tuple(item for item in plan.study.codebooks[source.instrument] if item.names[source.wave] is not None)
        rng = stream(plan.truth.seed, f"delivery {source.source}")
        posts = np.flatnonzero((design.role == plan.roles.index(str(role))) & responses.answered[:, wave])
        order = [int(post) for post in rng.permutation(posts)]
        delivery = plan.truth.deliveries.get(source.source, Delivery())
        context = _Context(plan, design, names, source, wave, rng, delivery)
        rows = []
        for number, post in enumerate(order, 1):
            holder = int(wave == 1 and replaced[post])
            rows.append({item.item: context.cell(item, number, post, holder, answers, responses) for item in items})
        tables[source.source] = Table(source, items, rows, order, delivery)
    return tables


@dataclass
class _Context:
    """What the cells of one delivery are made from."""

    plan: Plan
    design: Design
    names: Names
    source: Source
    wave: int
    rng: np.random.Generator
    delivery: Delivery

    def cell(self, item: Item, number: int, post: int, holder: int, answers: Answers, responses: Responses) -> Value:
        """Delivered value of one item for one respondent."""
        place = self.design.place[post]
        if item.use in ("name", "email"):
            return self._identity(item.use, post, holder)
        if item.use == "response":
            return response_id(self.plan, self.source, number)
        if item.use == "status":
            return self._coded(item, float(item.codes()[0]))
        if item.use == "completed":
            return self._day()
        if item.use == "phone":
            return f"07700 900{self.rng.integers(1000):03d}"
        if item.use == "organisation":
            return str(self.design.key[place])
        if item.use == "organisation_name":
            return str(self.names.organisation[place])
        if item.use == "area":
            return str(self.plan.study.config.areas[self.design.home[post]].name)
        if item.use == "free_text":
            return self._comment()
        if item.type == "text":
            return self.plan.truth.groups.key.format(self.design.group[post] + 1)
        marks = responses.missing.get(item.item)
        if marks is not None and marks[post, self.wave] != GIVEN:
            return self._missing(int(marks[post, self.wave]), item)
        return self._coded(item, float(answers[item.item][post, self.wave]))

    def _identity(self, use: str, post: int, holder: int) -> Value:
        """Name or e-mail address; people write capitals now and then, and a few give no address."""
        if use == "name":
            return str(self.names.person[post, holder])
        drawn = self.rng.random()
        email = str(self.names.email[post, holder])
        return None if drawn < 0.03 else email.title() if drawn < 0.08 else email

    def _comment(self) -> Value:
        comments = self.plan.truth.comments
        return comments[self.rng.integers(len(comments))] if self.rng.random() < COMMENTING else None

    def _day(self) -> dt.date:
        wave = next(entry for entry in self.plan.study.config.waves if entry.id == self.source.wave)
        return wave.start + dt.timedelta(days=int(self.rng.integers((wave.end - wave.start).days + 1)))

    def _missing(self, mark: int, item: Item) -> Value:
        return None if mark == BLANK or item.item in self.delivery.words else float(mark)

    def _coded(self, item: Item, code: float) -> Value:
        if self.delivery.blank_unticked and item.set and code == 0:
            return None
        delivered = delivered_code(item, self.source.wave, code)
        if item.item in self.delivery.words:
            return delivered_labels(item, self.source.wave)[int(delivered)]
        return delivered


def response_id(plan: Plan, source: Source, number: int) -> str:
    """Number of a response, unique in the study; says that it is synthetic."""
    return f"SYN-{source.instrument[:3].upper()}{plan.study.waves.index(source.wave) + 1}-{number:04d}"


def delivered_code(item: Item, wave: str, code: float) -> float:
    """The code that the questionnaire of a wave had for a canonical code."""
    if wave in item.reversed:
        return item.codes()[0] + item.codes()[-1] - code
    back = {new: old for old, new in item.recodes.get(wave, {}).items()}
    return float(back.get(int(code), code)) if back else code


def delivered_labels(item: Item, wave: str) -> dict[int, str]:
    """Labels of the delivered codes, without those of missing kinds."""
    if wave in item.wave_labels:
        return item.wave_labels[wave]
    return {int(delivered_code(item, wave, code)): label for code, label in item.labels.items()}


def ordered(items: Sequence[Item], wave: str) -> list[Item]:
    """Items in the order of a wave's file: administration first, then the questions, blocks by their own numbers."""
    asked = ("answer", "attribute", "free_text")
    rest = [item for item in items if item.use in asked]
    blocks = list(dict.fromkeys(_block(str(item.names[wave]))[0] for item in rest))

    def place(item: Item) -> tuple[int, int]:
        block, number = _block(str(item.names[wave]))
        return blocks.index(block), number

    return [item for item in items if item.use not in asked] + sorted(rest, key=place)


def _block(name: str) -> tuple[str, int]:
    """Block and number of a delivered name: ``Q9_2`` is the second of ``Q9``; other names are blocks of their own."""
    block, mark, number = name.rpartition("_")
    return (block, int(number)) if mark and number.isdigit() else (name, 0)
