"""The gate: exact cells of every rule in, published numbers out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pilot_eval.disclose.audit import audit
from pilot_eval.disclose.cell import Cell, as_cells, by_row
from pilot_eval.disclose.earlier import earlier, told_before
from pilot_eval.disclose.primary import ratio_of
from pilot_eval.disclose.rounding import published, rounded_count
from pilot_eval.disclose.suppress import suppress
from pilot_eval.faults import StudyFaults
from pilot_eval.ledger import LEDGER, slug
from pilot_eval.spreadsheet import plain as plain_text
from pilot_eval.tables import fault_table

if TYPE_CHECKING:
    import pandas as pd

#: Columns of the disclosed cells beyond those of the ledger.
MORE = ("kind", "digits", "outcome", "area_letter", "area_label", "group", "group_label", "wave", "order")

#: Unit of a count of areas: how many there are is no secret.
AREAS = "areas"


def hide_cells(
    parts: Sequence[pd.DataFrame],
    areas: pd.DataFrame,
    thresholds: Mapping[str, int],
    public_as: str,
    outcomes: Sequence[str],
    released: Sequence[pd.DataFrame] = (),
) -> dict[str, Any]:
    """Let through what may be published: small numbers hidden, everything rounded once, areas by letter.

    Parameters
    ----------
    parts : sequence of DataFrame
        Part of the ledger of every rule that makes numbers (``pilot_eval.ledger.PART``).
    areas : DataFrame
        ``area, name, letter, order``.
    thresholds : mapping
        ``min_respondents``, ``min_organisations``, ``round_counts_to``.
    public_as : {"letter", "name"}
        How public outputs show areas.
    outcomes : sequence of str
        Outcomes in the order of the plan, in which every table has them.
    released : sequence of DataFrame
        Ledger of the last release, all text; none when there is no release.

    Returns
    -------
    dict
        ``cells`` and ``ledger`` (public), ``hidden`` (private log) and ``faults`` (PUB-12: what the last release
        shows and is hidden now).

    Raises
    ------
    StudyFaults
        PUB-07 when a hidden number follows from those that are shown.
    """
    import pandas as pd

    frame = pd.concat(parts, ignore_index=True)
    frame = _public_areas(frame, areas, public_as)
    if frame["id"].duplicated().any():
        raise ValueError(f"two parts have a cell {frame.loc[frame['id'].duplicated(), 'id'].iloc[0]}")
    frame = _in_order(frame, areas if public_as == "name" else _by_letter(areas), outcomes)
    exact = as_cells({str(name): value for name, value in record.items()} for record in frame.to_dict("records"))
    base = thresholds["round_counts_to"]
    least = thresholds["min_respondents"], thresholds["min_organisations"], base
    # A rule itself may say that a number would tell what each person answered.
    said = frame.loc[frame["status"] == "c", "id"]
    before = earlier(released, exact, frame["digits"].tolist(), base)
    reasons = suppress(exact, *least, told=before.told, kept=before.kept, said=said)
    solvable = audit(exact, reasons, *least)
    if solvable:
        raise StudyFaults(solvable)
    rows = by_row(exact)
    # Areas are counted exactly, and so is a table behind which nobody stands, such as ratings.
    people = {cell.row[0] for cell in exact if cell.n is not None or cell.n_organisations is not None}
    plain = [cell.row[0] not in people or unit == AREAS for cell, unit in zip(exact, frame["unit"], strict=True)]
    out = [
        _goes_out(cell, rows.get(cell.row, []), reasons, digits, status, 1 if whole else base)
        for cell, digits, status, whole in zip(exact, frame["digits"].tolist(), frame["status"], plain, strict=True)
    ]
    text, frame["shown"], frame["status"] = (list(column) for column in zip(*out, strict=True)) if out else ([], [], [])
    hidden = frame["id"].isin(reasons)
    log = frame.loc[hidden, ["id", "table", "value", "n"]].copy()
    log.insert(2, "why", log["id"].map(reasons).astype("str"))
    frame["value"] = pd.to_numeric(pd.Series(text, index=frame.index, dtype="str").replace("", None)).astype("float64")
    frame["n"] = frame["n"].map(lambda n: rounded_count(n, base), na_action="ignore").astype("Int64")
    frame.loc[hidden | frame["status"].isin(["x", "z"]), "n"] = pd.NA
    frame["digits"] = frame["digits"].astype("Int64")
    for column in ("shown", "status"):
        frame[column] = frame[column].astype("str")
    ledger = frame.loc[:, list(LEDGER)].assign(value=text, unit=frame["unit"].map(plain_text).astype("str"))
    return {
        "cells": frame.loc[:, [*LEDGER, *MORE]],
        "hidden": log.sort_values("id", kind="stable").reset_index(drop=True),
        "faults": fault_table(told_before(exact, reasons, before)),
        "ledger": ledger.sort_values("id", kind="stable").reset_index(drop=True),
    }


def _public_areas(frame: pd.DataFrame, areas: pd.DataFrame, public_as: str) -> pd.DataFrame:
    """Ids and rows without area codes, unless the study shows areas by name."""
    frame = frame.copy()
    for column, shown in (("area_letter", "letter"), ("area_label", public_as)):
        names = {"": "", **dict(zip(areas["area"], areas[shown], strict=True))}
        frame[column] = frame["area"].map(lambda area, names=names: names[area]).astype("str")
    if public_as == "letter":
        coded = "area-" + frame["area"].map(slug)
        public = "area-" + frame["area_letter"].map(slug)
        frame["row"] = [
            ".".join(new if word == old else word for word in row.split(".")) if area else row
            for row, old, new, area in zip(frame["row"], coded, public, frame["area"], strict=True)
        ]
        frame["id"] = frame["table"] + "." + frame["row"] + "." + frame["column"].map(slug)
    return frame


def _by_letter(areas: pd.DataFrame) -> pd.DataFrame:
    """Areas in the order of their letters: A to Z, then AA."""
    return areas.sort_values("letter", key=lambda letters: letters.str.rjust(3), kind="stable")


def _in_order(frame: pd.DataFrame, areas: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Tables by name; in each, outcomes as the plan has them, group and wave as their makers had them, areas as given.

    The makers' own order of areas could give their names away. What is no outcome (a scale) follows the outcomes.
    """
    import pandas as pd

    places = {area: place for place, area in enumerate(["", *areas["area"]])}
    # A table of models comes in as many parts as outcomes: sorted first, so that no order of parts tells in the groups.
    planned = {outcome: place for place, outcome in enumerate(["", *outcomes])}
    known = frame["outcome"].map(lambda outcome: planned.get(outcome, len(planned)))
    frame = frame.loc[known.sort_values(kind="stable").index].reset_index(drop=True)
    keys: dict[str, Any] = {"table": frame["table"]}
    grouped = frame.groupby("table", sort=False)
    for column in ("outcome", "group", "wave"):
        keys[column] = grouped[column].transform(_places).astype("int64")
    keys["area"] = frame["area"].map(places)
    keys["column"] = grouped["column"].transform(_places).astype("int64")
    place = pd.DataFrame(keys, index=frame.index).sort_values(list(keys), kind="stable").index
    frame = frame.loc[place].reset_index(drop=True)
    frame["order"] = pd.Series(range(len(frame)), dtype="Int64")
    return frame


def _places(column: pd.Series[str]) -> list[int]:
    """Place of each value among the distinct values, in the order in which they come; an empty one comes first."""
    places = {value: place for place, value in enumerate(dict.fromkeys(["", *column]))}
    return [places[value] for value in column]


def _goes_out(
    cell: Cell, row: Sequence[Cell], reasons: Mapping[str, str], digits: int, status: str, base: int
) -> tuple[str, str, str]:
    """Value, text and status of one cell as published."""
    if cell.id in reasons:
        return "", "[c]", "c"
    if math.isnan(cell.value):
        status = status or "x"
        return "", f"[{status}]", status
    value = cell.value
    if cell.kind == "share":
        ratio = ratio_of(cell, row)
        if ratio is not None:
            below = rounded_count(ratio[2], base)
            if below == 0:
                return "", "[x]", "x"
            value = rounded_count(ratio[0].value, base) / below * cell.full
    if cell.kind == "df" and cell.n is not None and cell.value == cell.n - 1:
        value = max(rounded_count(cell.n, base) - 1, 1)
    text, shown, low = published(value, cell.kind, digits, base)
    if value == 0 != cell.value and cell.kind == "share":
        low, shown = "low", "[low]"
    return text, shown, low or status
