"""What is said of scales and items that behave as if they were coded, or understood, in another way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.score.reliability import agree

FILE = "config/scales.yaml"
#: An item that goes against the rest by this much, in so many answers, is probably coded the other way round.
AGAINST, LEAST_ANSWERS = -0.2, 30
#: An item whose correlation with the rest is, with 95 % certainty, below this says little of the scale.
WITH = 0.2
#: Below this congruence loadings are not even similar (Lorenzo-Seva & ten Berge 2006, Methodology 2(2)).
SIMILAR = 0.85
TURNED = "Probably coded the other way round: check the questionnaire"


def scale_faults(
    row: Mapping[str, Any], scores: pd.Series[float], items: pd.DataFrame, rest: Mapping[str, float]
) -> Iterator[Fault]:
    """SCO-02 no variation, CLN-04 an item against the rest, SCO-07 one beside it, SCO-04 an alpha below zero."""
    what = f"scale {row['scale']}, wave {row['wave']}"
    if scores.nunique() == 1 and row["n"] > 1:
        saw = f"{what}: all {row['n']} scores are {scores.dropna().iloc[0]:g}"
        yield Fault("SCO-02", "WARN", FILE, saw, "answers that vary",
                    "Alpha and the change are not estimated: check the delivery", None, row["scale"])  # fmt: skip
    answers = items.notna().sum()
    for item, r in rest.items():
        if answers[item] < LEAST_ANSWERS or r != r:
            continue
        saw = f"{what}: item {item} correlates {r:.2f} with the rest"
        if r < AGAINST:
            yield Fault("CLN-04", "WARN", FILE, saw, "a correlation above 0", TURNED, None, item)
        elif row["items"] > 2 and upper(r, int(answers[item])) < WITH:
            action = "Scores keep it: check its wording and its coding, or leave it out of the scale"
            yield Fault("SCO-07", "WARN", FILE, saw, f"a correlation of {WITH:g} or more", action, None, item)
    if row["items"] > 1 and not agree(items):
        worst = min(rest, key=lambda item: rest[item] if rest[item] == rest[item] else 2.0)
        known = row["alpha"] == row["alpha"]
        found = f"alpha is {row['alpha']:.2f}" if known else "alpha has no bound below 0"
        saw = f"{what}: {found}; item {worst} correlates {rest[worst]:.2f} with the rest"
        yield Fault("SCO-04", "WARN", FILE, saw, "a positive alpha", TURNED, None, row["scale"])


def upper(r: float, number: int) -> float:
    """Upper bound of the 95 % interval of a correlation, by Fisher's z."""
    return float(np.tanh(np.arctanh(np.clip(r, 1e-12 - 1, 1 - 1e-12)) + 1.959964 / np.sqrt(number - 3)))


def stability_faults(rows: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """SCO-08: a scale whose items load otherwise than at the first wave, all roles together."""
    for row in rows:
        if row["congruence"] < SIMILAR:
            saw = f"scale {row['scale']}: the loadings of {row['first']} and {row['wave']} have a congruence of "
            saw += f"{row['congruence']:.2f}; item {row['item']} differs most"
            action = "The score may not mean the same at both waves: check the wording and coding of that item"
            yield Fault("SCO-08", "WARN", FILE, saw, f"{SIMILAR:g} or more", action, None, row["scale"])


def linked_faults(
    analysis: pd.DataFrame, scales: Mapping[str, Mapping[str, Any]], waves: Sequence[str]
) -> Iterator[Fault]:
    """CLN-04: what was answered the other way round at the next wave, by the same persons or beside other scales."""
    told = set()
    if analysis["wave"].nunique() > 1:
        for name, scale in scales.items():
            for fault in _same_persons(analysis, [word.lstrip("-") for word in scale["items"]], waves, name):
                told.add(name)
                yield fault
        yield from _beside_others(analysis, [name for name in scales if name in analysis], waves, told)


def _same_persons(analysis: pd.DataFrame, items: Sequence[str], waves: Sequence[str], scale: str) -> Iterator[Fault]:
    """Items that the same persons answered the other way round at the next wave: a whole scale may be turned."""
    for item in (item for item in items if item in analysis):
        by_wave = analysis.pivot(index="respondent", columns="wave", values=item)
        for before, after in pairwise(waves):
            if before not in by_wave or after not in by_wave:
                continue
            both = by_wave[[before, after]].dropna()
            if len(both) < LEAST_ANSWERS or both.nunique().min() < 2:
                continue
            r = float(both[before].corr(both[after]))
            if r < AGAINST:
                saw = (
                    f"scale {scale}: {item} of the same {len(both)} persons correlates {r:.2f} from {before} to {after}"
                )
                action = "Probably coded the other way round at one wave: check the questionnaire"
                yield Fault("CLN-04", "WARN", FILE, saw, "a correlation above 0", action, None, item, len(both))


def _beside_others(
    analysis: pd.DataFrame, scales: Sequence[str], waves: Sequence[str], told: set[str]
) -> Iterator[Fault]:
    """Scales that went with most others at one wave and against them at the next: seen without linked persons too."""
    for before, after in pairwise(waves):
        turned: dict[str, list[bool]] = {name: [] for name in scales}
        for pair in combinations(scales, 2):
            then, now = (_together(analysis.loc[analysis["wave"] == wave, list(pair)]) for wave in (before, after))
            if abs(then) > -AGAINST and abs(now) > -AGAINST:
                for name in pair:
                    turned[name].append(then * now < 0)
        for name, signs in turned.items():
            if name not in told and 2 * sum(signs) > len(signs):
                saw = f"scale {name}: its correlation with {sum(signs)} of {len(signs)} other scales has another sign "
                saw += f"at {after} than at {before}"
                action = "Probably coded the other way round at one wave: check the questionnaire"
                yield Fault("CLN-04", "WARN", FILE, saw, "the same sign", action, None, name)


def _together(scores: pd.DataFrame) -> float:
    """Correlation of two scores; 0 with too few answers to both."""
    both = scores.dropna()
    known = len(both) >= LEAST_ANSWERS and both.nunique().min() > 1
    return float(both.iloc[:, 0].corr(both.iloc[:, 1])) if known else 0.0
