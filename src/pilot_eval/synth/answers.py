"""From latent values to the codes that people tick: rounded and floored, counted, or censored."""

from __future__ import annotations

import numpy as np

from pilot_eval.study.delivery import Item
from pilot_eval.study.truth import Trait
from pilot_eval.synth.design import Design
from pilot_eval.synth.latent import Bools, Floats, Latent
from pilot_eval.synth.streams import stream
from pilot_eval.synth.truth import Plan

Answers = dict[str, Floats]


def give_answers(plan: Plan, design: Design, latent: Latent, seed: int) -> Answers:
    """Canonical codes of every item, as if everybody had answered everything.

    Returns
    -------
    dict
        Item: array (posts, 2), NaN where the role or the wave was not asked.
    """
    rng = stream(seed, "answers")
    found: Answers = {}
    for index, (name, trait) in enumerate(plan.truth.traits.items()):
        measure(plan, name, trait, latent.value[:, :, index], rng, found)
    posts = len(design.role)
    for item, odds in plan.truth.answers.items():
        codes, chances = np.array(list(odds), dtype=float), np.array(list(odds.values()))
        found[item] = np.repeat(rng.choice(codes, size=(posts, 1), p=chances / chances.sum()), 2, axis=1)
    for item, chance in plan.truth.ticks.items():
        found[item] = (rng.random((posts, 2)) < np.array(chance)).astype(float)
    for item, values in found.items():
        values[~asked(plan, design, item)] = np.nan
    return found


def asked(plan: Plan, design: Design, item: str) -> Bools:
    """Array (posts, 2): whether the questionnaire of a post's role has an item at a wave."""
    waves = (plan.study.waves[0], plan.study.waves[-1])
    table = np.zeros((len(plan.roles), 2), dtype=bool)
    for instrument in plan.study.config.instruments:
        if instrument.role is None:
            continue
        for entry in plan.study.codebooks[instrument.id]:
            if entry.item == item:
                table[plan.roles.index(instrument.role)] = [entry.names[wave] is not None for wave in waves]
    return table[design.role]


def item_called(plan: Plan, name: str) -> Item:
    """The first codebook's entry of an item."""
    return next(entry for book in plan.study.codebooks.values() for entry in book if entry.item == name)


def bounds(item: Item) -> tuple[float, float]:
    """Least and greatest code of an item."""
    codes = item.codes()
    low = item.low if item.low is not None else codes[0]
    high = item.high if item.high is not None else codes[-1]
    return float(low), float(high)


def measure(plan: Plan, name: str, trait: Trait, value: Floats, rng: np.random.Generator, found: Answers) -> None:
    """Fill in the items of one trait from its latent values (posts, 2); NaN is for those who are not asked."""
    items = plan.items_of(name)
    offsets = np.linspace(0.5, -0.5, len(items)) * plan.truth.item_spread if len(items) > 1 else np.zeros(1)
    for (item, backwards), offset in zip(items, offsets, strict=True):
        noisy = value + offset + trait.sd.item * rng.standard_normal(value.shape)
        low, high = bounds(item_called(plan, item))
        known = ~np.isnan(noisy)
        if trait.form == "rounded":
            codes = np.clip(np.rint(noisy), low, high)
            found[item] = low + high - codes if backwards else codes
        elif trait.form == "yes":
            found[item] = np.where(known, (noisy > 0).astype(float), np.nan)
        elif trait.form == "count":
            drawn = rng.poisson(np.exp(np.where(known, noisy, 0.0))).astype(float)
            found[item] = np.where(known, np.clip(drawn, low, high), np.nan)
        elif trait.form == "part":
            whole = np.where(known, found[trait.of], 0.0)
            drawn = rng.binomial(whole.astype(np.int64), 1 / (1 + np.exp(-np.where(known, noisy, 0.0))))
            found[item] = np.where(known, drawn.astype(float), np.nan)
        else:
            _wait(trait, item, np.exp(noisy), rng, found)


def _wait(trait: Trait, item: str, weeks: Floats, rng: np.random.Generator, found: Answers) -> None:
    """Half weeks until something came, or that have passed by the day of the survey."""
    least, most = trait.open
    since = least + (most - least) * rng.random(weeks.shape)
    half_weeks = np.maximum(np.rint(2 * np.minimum(weeks, since)), 1) / 2
    found[item] = half_weeks
    if trait.came:
        found[trait.came] = np.where(np.isnan(weeks), np.nan, (weeks <= since).astype(float))
