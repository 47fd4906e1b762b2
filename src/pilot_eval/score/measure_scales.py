"""How reliable the composites are, wave by wave and role by role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.parts import part_of
from pilot_eval.score.composites import agree, alpha, at_end, item_rest, scored_items
from pilot_eval.tables import fault_table

ALL = "all"
#: An item that goes against the rest by this much, in so many answers, is probably coded the other way round.
AGAINST, LEAST_ANSWERS = -0.2, 30
RELIABILITY = ("scale", "wave", "role", "items", "n", "n_organisations", "alpha", "floor", "ceiling")
ITEMS = ("scale", "wave", "role", "item", "n", "mean", "sd", "item_rest")


def measure_scales(
    analysis: pd.DataFrame,
    scales: Mapping[str, Mapping[str, Any]],
    roles: Sequence[Mapping[str, Any]],
    waves: Sequence[str],
) -> dict[str, Any]:
    """Alpha, floor and ceiling of each scale; mean, spread and item-rest correlation of each item.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    scales : mapping
        Scale: ``label items minimum low high``.
    roles : sequence of mapping
        ``id label``.
    waves : sequence of str
        In order of time.

    Returns
    -------
    dict
        ``reliability`` and ``item_statistics`` (a row a scale or item, wave and role, role ``all`` first), ``part``
        with the table ``reliability``, and ``faults``: SCO-02 no variation, SCO-04 negative alpha, CLN-04 an item that
        goes against the others, or against itself at the wave before.
    """
    found: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    faults: list[Fault] = []
    labels = {ALL: "All roles"} | {role["id"]: role["label"] for role in roles}
    for name, scale in scales.items():
        answers = scored_items(analysis, scale)[0]
        for wave in waves:
            for role in labels:
                rows = (analysis["wave"] == wave) & ((analysis["role"] == role) | (role == ALL))
                here = answers[rows].dropna(axis=1, how="all")
                scores = analysis.loc[rows, name]
                if not scores.notna().any():
                    continue
                place = {"scale": name, "wave": wave, "role": role}
                behind = _organisations(analysis[rows & analysis[name].notna()])
                found.append(
                    place | {"items": here.shape[1], "n": int(scores.notna().sum()), "n_organisations": behind,
                             "alpha": alpha(here), "floor": at_end(scores, scale["low"]),
                             "ceiling": at_end(scores, scale["high"])}
                )  # fmt: skip
                rest = item_rest(here)
                items += [
                    place | {"item": item, "n": int(here[item].notna().sum()), "mean": float(here[item].mean()),
                             "sd": float(here[item].std()), "item_rest": rest[item]}
                    for item in here.columns
                ]  # fmt: skip
                if role == ALL:
                    faults += _faults(found[-1], scores, here, rest)
        faults += _linked(analysis, [word.lstrip("-") for word in scale["items"]], waves, name)
    return {
        "reliability": _frame(found, RELIABILITY),
        "item_statistics": _frame(items, ITEMS),
        "part": part_of("measure_scales", {"reliability": list(_cells(found, scales, labels))}),
        "faults": fault_table(faults),
    }


def _organisations(rows: pd.DataFrame) -> int | None:
    """Organisations behind rows, None when no respondent answers for one."""
    return int(rows.loc[rows["organisation"] != "", "organisation"].nunique()) or None


def _cells(
    found: Sequence[Mapping[str, Any]], scales: Mapping[str, Mapping[str, Any]], labels: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for row in found:
        single = len(scales[row["scale"]]["items"]) < 2
        place = {"outcome": row["scale"], "group": row["role"], "group_label": labels[row["role"]],
                 "wave": row["wave"], "n": row["n"], "n_organisations": row["n_organisations"]}  # fmt: skip
        known = row["alpha"] == row["alpha"]
        yield place | {
            "column": "alpha", "kind": "statistic", "value": row["alpha"] if known else None, "digits": 2,
            "status": "" if known else "z" if single else "x", "estimand": "Cronbach's alpha, pairwise covariances",
        }  # fmt: skip
        yield place | {"column": "n", "kind": "count", "value": row["n"], "estimand": "respondents with a score"}
        for end in ("floor", "ceiling"):
            estimand = f"share of scores at the {'lowest' if end == 'floor' else 'highest'} possible"
            yield place | {"column": end, "kind": "share", "value": row[end], "digits": 3, "estimand": estimand}


def _faults(
    row: Mapping[str, Any], scores: pd.Series[float], items: pd.DataFrame, rest: Mapping[str, float]
) -> Iterator[Fault]:
    file, what = "config/scales.yaml", f"scale {row['scale']}, wave {row['wave']}"
    if scores.nunique() == 1 and row["n"] > 1:
        saw = f"{what}: all {row['n']} scores are {scores.dropna().iloc[0]:g}"
        yield Fault("SCO-02", "WARN", file, saw, "answers that vary",
                    "Alpha and the change are not estimated: check the delivery", None, row["scale"])  # fmt: skip
    against = [item for item, r in rest.items() if r < AGAINST and items[item].notna().sum() >= LEAST_ANSWERS]
    for item in against:
        saw = f"{what}: item {item} correlates {rest[item]:.2f} with the rest"
        yield Fault("CLN-04", "WARN", file, saw, "a correlation above 0",
                    "Probably coded the other way round: check the questionnaire", None, item)  # fmt: skip
    if row["items"] > 1 and not agree(items):
        worst = min(rest, key=lambda item: rest[item] if rest[item] == rest[item] else 2.0)
        known = row["alpha"] == row["alpha"]
        found = f"alpha is {row['alpha']:.2f}" if known else "alpha has no bound below 0"
        saw = f"{what}: {found}; item {worst} correlates {rest[worst]:.2f} with the rest"
        yield Fault("SCO-04", "WARN", file, saw, "a positive alpha",
                    "Probably coded the other way round: check the questionnaire", None, row["scale"])  # fmt: skip


def _linked(analysis: pd.DataFrame, items: Sequence[str], waves: Sequence[str], scale: str) -> Iterator[Fault]:
    """Items that the same persons answered the other way round at the next wave: a whole scale may be turned."""
    if analysis["wave"].nunique() < 2:
        return
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
                yield Fault("CLN-04", "WARN", "config/scales.yaml", saw, "a correlation above 0",
                            "Probably coded the other way round at one wave: check the questionnaire", None, item,
                            len(both))  # fmt: skip


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    types = {"items": "Int64", "n": "Int64", "n_organisations": "Int64"}
    types |= dict.fromkeys(("alpha", "floor", "ceiling", "mean", "sd", "item_rest"), "float64")
    made = {name: pd.Series([row[name] for row in rows], dtype=types.get(name, "str")) for name in columns}
    return pd.DataFrame(made)
