"""How reliable the composites are, wave by wave and role by role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault
from pilot_eval.parts import measured, part_of
from pilot_eval.score.composites import scored_items
from pilot_eval.score.masked_items import PARTS, masked_between_waves, masked_faults
from pilot_eval.score.odd_items import linked_faults, scale_faults, stability_faults
from pilot_eval.score.reliability import OneFactor, alpha, at_end, congruence, feldt, item_rest, one_factor, varying
from pilot_eval.tables import fault_table

ALL = "all"
RELIABILITY = (
    "scale", "wave", "role", "items", "n", "n_organisations", "missing", "alpha", "alpha_low", "alpha_high", "omega",
    "floor", "ceiling",
)  # fmt: skip
ITEMS = ("scale", "wave", "role", "item", "n", "n_organisations", "missing", "mean", "sd", "item_rest", "loading")
STABILITY = ("scale", "wave", "role", "first", "congruence", "item", "n", "n_organisations")
ANSWERED = ("missing", "floor", "ceiling")
CONSISTENCY = ("alpha", "alpha_low", "alpha_high", "omega")
OF_ITEMS = ("missing", "mean", "sd", "item_rest", "loading")


def measure_scales(
    analysis: pd.DataFrame,
    scales: Mapping[str, Mapping[str, Any]],
    roles: Sequence[Mapping[str, Any]],
    waves: Sequence[str],
    questions: Mapping[str, str],
) -> dict[str, Any]:
    """Alpha, omega, floor and ceiling of each scale; response, spread and loading of each item; both between waves.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    scales : mapping
        Scale: ``items minimum low high``.
    roles : sequence of mapping
        ``id label``.
    waves : sequence of str
        In order of time.
    questions : mapping of str to str
        Item: its question.

    Returns
    -------
    dict
        ``reliability``, ``item_statistics`` and ``stability`` (a row a scale or item, wave and role, role ``all``
        first), ``part`` with the tables ``reliability``, ``scale_items`` and ``scale_stability``, and ``faults``
        (``odd_items``).
    """
    found: dict[str, list[dict[str, Any]]] = {"reliability": [], "items": [], "stability": []}
    faults: list[Fault] = []
    labels = {ALL: "All roles"} | {role["id"]: role["label"] for role in roles}
    # Rows of the whole table, with its many columns of text, would cost more than all that is computed of them.
    named = [word.lstrip("-") for scale in scales.values() for word in scale["items"]]
    columns = (*PARTS, "wave", "respondent", *scales, *named)
    unit = pd.Series(pd.factorize(analysis["organisation"])[0], analysis.index).where(
        analysis["organisation"] != "", -1
    )
    analysis = analysis.loc[:, [name for name in dict.fromkeys(columns) if name in analysis]]
    places = pd.DataFrame({kind: analysis[kind].astype("str") if kind in analysis else "" for kind in PARTS},
                          index=analysis.index)  # fmt: skip
    for name, scale in scales.items():
        answers = scored_items(analysis, scale)[0]
        fits: dict[str, tuple[str, OneFactor]] = {}
        for wave in waves:
            for role in labels:
                rows = (analysis["wave"] == wave) & ((analysis["role"] == role) | (role == ALL))
                here = answers[rows].dropna(axis=1, how="all")
                scores = analysis.loc[rows, name]
                if not scores.notna().any():
                    continue
                place = {"scale": name, "wave": wave, "role": role}
                asked = _asked(here, analysis.loc[rows, "instrument"])
                fit, rest = one_factor(here), item_rest(here)
                behind = unit[rows & analysis[name].notna()]
                found["reliability"].append(place | _whole(here, scores, scale, asked, behind) | {"omega": fit.omega})
                found["items"] += [place | row for row in _each(here, asked, unit[rows], rest, fit)]
                first = fits.setdefault(role, (wave, fit))
                if first[0] != wave:
                    found["stability"] += [place | row for row in _compared(*first, fit, behind)]
                if role == ALL:
                    whole = list(scale_faults(found["reliability"][-1], scores, here, rest))
                    faults += _once(whole, masked_faults(name, wave, here, places[rows]))
    faults += stability_faults([row for row in found["stability"] if row["role"] == ALL])
    linked = list(linked_faults(analysis, scales, waves))
    faults += linked
    for name, scale in scales.items():
        items = [word.lstrip("-") for word in scale["items"]]
        faults += _once(linked, masked_between_waves(analysis.assign(**places), items, waves, name))[len(linked) :]
    tables = {
        "reliability": [cell for row in found["reliability"] for cell in _scale_cells(row, scales, labels)],
        "scale_items": [cell for row in found["items"] for cell in _item_cells(row, labels, questions)],
        "scale_stability": [cell for row in found["stability"] for cell in _stability_cells(row, labels)],
    }
    return {
        "reliability": _frame(found["reliability"], RELIABILITY),
        "item_statistics": _frame(found["items"], ITEMS),
        "stability": _frame(found["stability"], STABILITY),
        "part": part_of("measure_scales", tables),
        "faults": fault_table(faults),
    }


def _once(whole: Sequence[Fault], parts: Iterable[Fault]) -> list[Fault]:
    """What is said of all respondents, and what of a part of them is said of all not yet."""
    said = {(fault.id, fault.column) for fault in whole}
    return [*whole, *(fault for fault in parts if (fault.id, fault.column) not in said)]


def _asked(here: pd.DataFrame, instruments: pd.Series[str]) -> pd.DataFrame:
    """Whether an item was asked of a respondent: its questionnaire has it at this wave."""
    return here.notna().groupby(instruments, sort=False).transform("any")


def _whole(
    here: pd.DataFrame, scores: pd.Series[float], scale: Mapping[str, Any], asked: pd.DataFrame, behind: pd.Series[int]
) -> dict[str, Any]:
    value = alpha(here)
    low, high = feldt(value, int(here.notna().any(axis=1).sum()), varying(here).shape[1])
    return {
        "items": here.shape[1], "n": len(behind), "n_organisations": _organisations(behind),
        "missing": float(scores[asked.any(axis=1)].isna().mean()),
        "alpha": value, "alpha_low": low, "alpha_high": high,
        "floor": at_end(scores, scale["low"]), "ceiling": at_end(scores, scale["high"]),
    }  # fmt: skip


def _each(
    here: pd.DataFrame, asked: pd.DataFrame, unit: pd.Series[int], rest: Mapping[str, float], fit: OneFactor
) -> Iterator[dict[str, Any]]:
    for item in here.columns:
        known = here[item].notna()
        answers = here.loc[known, item]
        yield {
            "item": item, "n": len(answers), "n_organisations": _organisations(unit[known]),
            "missing": 1 - len(answers) / int(asked[item].sum()),
            "mean": float(answers.mean()), "sd": float(answers.std()), "item_rest": rest[item],
            "loading": float(fit.loadings.get(item, float("nan"))),
        }  # fmt: skip


def _compared(first: str, before: OneFactor, now: OneFactor, behind: pd.Series[int]) -> Iterator[dict[str, Any]]:
    """How alike the loadings of two waves are; nothing where either has none."""
    value = congruence(before.loadings, now.loadings)
    if value == value:
        # Loadings of one length, so that a scale that hangs together less well all over names no item.
        one, other = (fit.loadings / (fit.loadings**2).sum() ** 0.5 for fit in (before, now))
        yield {
            "first": first, "congruence": value, "item": str((one - other).abs().idxmax()), "n": len(behind),
            "n_organisations": _organisations(behind),
        }  # fmt: skip


def _organisations(unit: pd.Series[int]) -> int | None:
    """Organisations behind rows, None when no respondent answers for one."""
    return int(unit[unit >= 0].nunique()) or None


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"outcome": row["scale"], "wave": row["wave"], "n": row["n"], "n_organisations": row["n_organisations"]}


def _scale_cells(
    row: Mapping[str, Any], scales: Mapping[str, Mapping[str, Any]], labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Cells of a scale; of one item there is no consistency to measure."""
    shared = {**_place(row), "group": row["role"], "group_label": labels[row["role"]]}
    answered = {"n": row["n"], **{name: row[name] for name in ANSWERED}}
    consistency = {name: row[name] for name in CONSISTENCY}
    single: dict[str, Any] = {"status": "z"} if len(scales[row["scale"]]["items"]) < 2 else {}
    return [
        *measured(answered, **shared, estimand="respondents with a score, and their scores"),
        *measured(consistency, **shared, **single, estimand="consistency of the items of a scale"),
    ]


def _item_cells(
    row: Mapping[str, Any], labels: Mapping[str, str], questions: Mapping[str, str]
) -> list[dict[str, Any]]:
    words = questions.get(row["item"], row["item"])
    words += "" if row["role"] == ALL else f" ({labels[row['role']]})"
    return measured(
        {"n": row["n"], **{name: row[name] for name in OF_ITEMS}}, **_place(row),
        group=row["item"] if row["role"] == ALL else f"{row['item']}.{row['role']}", group_label=words,
        estimand="an item within its scale",
    )  # fmt: skip


def _stability_cells(row: Mapping[str, Any], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    return measured(
        {"congruence": row["congruence"]}, **_place(row), group=row["role"], group_label=labels[row["role"]],
        estimand=f"Tucker's congruence of the loadings with those of {row['first']}",
    )  # fmt: skip


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    types = {"items": "Int64", "n": "Int64", "n_organisations": "Int64"}
    types |= dict.fromkeys((*ANSWERED, *CONSISTENCY, *OF_ITEMS, "congruence"), "float64")
    made = {name: pd.Series([row[name] for row in rows], dtype=types.get(name, "str")) for name in columns}
    return pd.DataFrame(made)
