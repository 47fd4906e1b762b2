"""A wave whose answers are those of an earlier one: delivered again under another name (REG-13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.link.repeats import FIXED

#: Least responses in both waves, and the share of equal answers that no panel of persons reaches by itself.
LEAST, MOST_EQUAL = 10, 0.95


def unchanged(cleaned: Sequence[pd.DataFrame], keys: Sequence[Mapping[str, str]], waves: Sequence[str]) -> list[Fault]:
    """Waves of a questionnaire of which nearly all answers equal those of the same respondents before.

    Parameters
    ----------
    cleaned : sequence of DataFrame
        Cleaned responses, one a delivery.
    keys : sequence of mapping
        Each a way to tell whose a response is: row id to a person, or to the number of the response.
    waves : sequence of str
        In order of time.

    Returns
    -------
    list of Fault
        At most one for each questionnaire and wave. Answers with two values at most do not count: a school that had a
        lead contact has one still.
    """
    faults = []
    for instrument in dict.fromkeys(name for frame in cleaned for name in frame["instrument"].unique()):
        parts = [frame for frame in cleaned if (frame["instrument"] == instrument).any()]
        table = pd.concat(parts, ignore_index=True)
        telling = [name for name in table.columns if name not in FIXED and pd.api.types.is_float_dtype(table[name])
                   and table[name].nunique() > 2]  # fmt: skip
        by_wave = [(wave, table[table["wave"] == wave]) for wave in waves]
        for place, (_, here) in enumerate(by_wave):
            told = (_equal(here, before, past, key, telling) for past, before in by_wave[:place] for key in keys)
            faults += [fault for fault in told if fault][:1]
    return faults


def numbers_of(cleaned: Sequence[pd.DataFrame]) -> dict[str, str]:
    """The numbers of responses as a key: no person, but in a file delivered again each stands beside its answers."""
    return {row: number for frame in cleaned for row, number in zip(frame["_id"], frame["response"], strict=True)}


def _equal(
    here: pd.DataFrame, before: pd.DataFrame, past: str, key: Mapping[str, str], telling: Sequence[str]
) -> Fault | None:
    now, then = (table.set_index(pd.Index([key.get(row, "") for row in table["_id"]])) for table in (here, before))
    now, then = (table[~table.index.duplicated(keep=False) & (table.index != "")] for table in (now, then))
    both = now.index.intersection(then.index)
    asked = [name for name in telling if now[name].notna().any() and then[name].notna().any()]
    if len(both) < LEAST or not asked:
        return None
    one, two = now.loc[both, asked], then.loc[both, asked]
    filled, same = int((one.notna() | two.notna()).sum().sum()), int((one == two).sum().sum())
    if not filled or same < MOST_EQUAL * filled:
        return None
    file = str(now["_file"].mode().iloc[0])
    saw = f"{same} of {filled} answers of {len(both)} respondents equal those of wave {past}"
    action = "Is this the earlier file once more? Ask for the right one"
    return Fault("REG-13", "WARN", file, saw, "answers of this wave", action, count=len(both))
