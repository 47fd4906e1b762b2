"""Items that go against their scale in one questionnaire, role or area, where the others' answers would hide it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.score.odd_items import AGAINST, FILE, LEAST_ANSWERS, TURNED, upper
from pilot_eval.score.reliability import agree, alpha, item_rest

PARTS = ("instrument", "role", "area")


def parts(places: pd.DataFrame) -> Iterator[tuple[str, pd.Series[bool]]]:
    """Questionnaires, roles and areas by name, with their rows; what is the whole, or as good as it, is none.

    Parameters
    ----------
    places : DataFrame
        Columns of :data:`PARTS`; an empty one names nothing.
    """
    seen: list[frozenset[object]] = [frozenset(places.index)]
    for kind in PARTS:
        for name in sorted(set(places[kind]) - {""}):
            rows = places[kind] == name
            members = frozenset(places.index[rows])
            if len(members) >= LEAST_ANSWERS and members not in seen:
                seen.append(members)
                yield f"{'questionnaire' if kind == 'instrument' else kind} {name}", rows


def masked_faults(scale: str, wave: str, items: pd.DataFrame, places: pd.DataFrame) -> Iterator[Fault]:
    """CLN-04 and SCO-04 in a part of the respondents.

    A part is small and there are many of them, so that a correlation counts only when it is, with 95 % certainty, below
    zero. An item is told once, in the first part in which it shows.

    Parameters
    ----------
    scale, wave : str
    items : DataFrame
        Turned items of the wave.
    places : DataFrame
        Questionnaire, role and area of each row.
    """
    told: set[str] = set()
    for part, rows in parts(places):
        here = items[rows].dropna(axis=1, how="all")
        answers, rest = here.notna().sum(), item_rest(here)
        what = f"scale {scale}, wave {wave}, {part}"
        for item, r in rest.items():
            against = answers[item] >= LEAST_ANSWERS and r < AGAINST and upper(r, int(answers[item])) < 0
            if against and item not in told:
                told.add(item)
                saw = f"{what}: item {item} correlates {r:.2f} with the rest"
                yield Fault("CLN-04", "WARN", FILE, saw, "a correlation above 0", TURNED, None, item)
        if here.shape[1] > 1 and here.notna().any(axis=1).sum() >= LEAST_ANSWERS and not agree(here):
            known = {item: r for item, r in rest.items() if r == r}
            worst = min(known, key=lambda item: known[item], default="")
            if worst and upper(known[worst], int(answers[worst])) < 0 and scale not in told:
                told.add(scale)
                value = alpha(here)
                found = f"alpha is {value:.2f}" if value == value else "alpha has no bound below 0"
                saw = f"{what}: {found}; item {worst} correlates {known[worst]:.2f} with the rest"
                yield Fault("SCO-04", "WARN", FILE, saw, "a positive alpha", TURNED, None, scale)


def masked_between_waves(
    analysis: pd.DataFrame, items: Sequence[str], waves: Sequence[str], scale: str
) -> Iterator[Fault]:
    """CLN-04: items that the same persons of one questionnaire, role or area answered the other way round."""
    for before, after in pairwise(wave for wave in waves if (analysis["wave"] == wave).any()):
        early, late = (analysis[analysis["wave"] == wave].set_index("respondent") for wave in (before, after))
        both = early.index.intersection(late.index)
        told: set[str] = set()
        for part, rows in parts(early.loc[both, list(PARTS)]):
            here = both[rows]
            for item in (item for item in items if item in analysis and item not in told):
                pair = pd.DataFrame({"then": early.loc[here, item], "now": late.loc[here, item]}).dropna()
                if len(pair) < LEAST_ANSWERS or pair.nunique().min() < 2:
                    continue
                r = float(pair["then"].corr(pair["now"]))
                if r < AGAINST and upper(r, len(pair)) < 0:
                    told.add(item)
                    saw = f"scale {scale}, {part}: {item} of the same {len(pair)} persons correlates {r:.2f} from "
                    saw += f"{before} to {after}"
                    action = "Probably coded the other way round at one wave: check the questionnaire"
                    yield Fault("CLN-04", "WARN", FILE, saw, "a correlation above 0", action, None, item, len(pair))
