"""Build the analysis table: one row a respondent and wave, with composite scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.score.composites import Unequal, mean_score, scored_items, second_scores
from pilot_eval.tables import fault_table

FIXED = (
    "_file", "_row", "_id", "source", "instrument", "wave", "months", "role", "area", "organisation",
    "organisation_kind", "unit", "respondent", "matched", "completed",
)  # fmt: skip
PLACE = ["_file", "_row", "_id", "source", "instrument", "wave", "completed"]
SAID = ["area_said", "organisation_said", "organisation_name_said", "role_said", "response"]
SECOND = (
    "scale", "instrument", "wave", "items_common", "items_all", "n", "mean_common", "sd_common", "mean_all", "sd_all",
)  # fmt: skip
BALANCE = ("source", "stage", "rows_in", "rows_out", "rows_rejected")
SCALES = "config/scales.yaml"


def score_scales(
    cleaned: Sequence[pd.DataFrame],
    placed: pd.DataFrame,
    respondents: pd.DataFrame,
    organisations: pd.DataFrame,
    predecessors: pd.DataFrame,
    receipts: Sequence[Mapping[str, Any]],
    balances: Sequence[Mapping[str, Any]],
    rejects: Sequence[pd.DataFrame],
    scales: Mapping[str, Mapping[str, Any]],
    waves: Sequence[Mapping[str, Any]],
    merge: str,
) -> dict[str, Any]:
    """The analysis table.

    Parameters
    ----------
    cleaned : sequence of DataFrame
        One a delivery.
    placed, respondents : DataFrame
        Where each response belongs, and whose it is.
    organisations : DataFrame
        ``organisation kind name area`` and attributes.
    predecessors : DataFrame
        ``old new`` of each change of key.
    receipts, balances : sequence of mapping
        Rows that ingest and clean took in and handed on, one a delivery.
    rejects : sequence of DataFrame
        Rows rejected in link: those of places, then those of persons.
    scales : mapping
        Scale: ``items minimum low high``.
    waves : sequence of mapping
        ``id`` and ``months`` in order of time.
    merge : {"", "pool", "exclude"}
        What becomes of organisations that several became.

    Returns
    -------
    dict
        ``analysis``, sorted by respondent and wave; ``balance`` of rows by delivery and stage; ``second``: of scales
        whose items differ between waves the score of the common ones beside that of all; ``faults``.

    Raises
    ------
    StudyFaults
        SCO-06 when one column would stand for two things.
    AssertionError
        When a row was lost on the way.
    """
    attributes = [name for name in organisations.columns if name not in ("organisation", "kind", "name", "area")]
    items = _stacked(cleaned, {*FIXED, *attributes, *scales})
    used = placed[["_id", "role", "area", "organisation", "organisation_kind"]].merge(
        respondents[["_id", "respondent", "matched"]], on="_id", how="inner", validate="1:1"
    )
    table = items.merge(used, on="_id", how="inner", validate="1:1")
    table["months"] = table["wave"].map({wave["id"]: wave["months"] for wave in waves}).astype("float64")
    table["unit"] = table["organisation"].mask(table["organisation"] == "", "area:" + table["area"])
    if merge == "exclude":
        # Several baselines are none: to the models it is another organisation at each wave.
        table["unit"] = table["unit"].mask(
            table["organisation"].isin(merged(predecessors)), table["unit"] + ":" + table["wave"]
        )
    known = organisations[["organisation", *attributes]]
    table = table.merge(known, on="organisation", how="left", validate="m:1")
    table[attributes] = table[attributes].astype("object").fillna("").astype("str")
    balance = _balance(receipts, balances, placed, respondents, rejects, table)
    table["order"] = table["wave"].map({wave["id"]: place for place, wave in enumerate(waves)})
    table = table.sort_values(["respondent", "order", "_id"], kind="stable", ignore_index=True)
    scores, second, faults = _scores(table, scales)
    answers = [name for name in items.columns if name not in PLACE]
    analysis = pd.concat([table[[*FIXED, *attributes, *answers]], scores], axis=1)
    return {"analysis": analysis, "balance": balance, "second": second, "faults": fault_table(faults)}


def merged(predecessors: pd.DataFrame) -> set[str]:
    """Keys that several organisations became, and those that followed them.

    Parameters
    ----------
    predecessors : DataFrame
        ``old new``, without circles.
    """
    later = dict(zip(predecessors["old"], predecessors["new"], strict=True))
    found: set[str] = set()
    for key in predecessors.loc[predecessors["new"].duplicated(), "new"]:
        while key and key not in found:
            found.add(key)
            key = later.get(key, "")
    return found


def _stacked(cleaned: Sequence[pd.DataFrame], taken: set[str]) -> pd.DataFrame:
    """Responses of all deliveries below one another: items not asked are missing, attributes not asked empty."""
    parts = [frame.drop(columns=SAID) for frame in cleaned]
    names = list(dict.fromkeys(name for part in parts for name in part.columns if name not in PLACE))
    floats = {name: {pd.api.types.is_float_dtype(part[name]) for part in parts if name in part} for name in names}
    clashes = [(name, "is a column of its own in the analysis table") for name in names if name in taken]
    clashes += [(name, "is a number in one questionnaire and text in another") for name in names
                if len(floats[name]) > 1]  # fmt: skip
    if clashes:
        raise StudyFaults(
            Fault("SCO-06", "STOP", "config/codebook", f'"{name}" {why}', "one meaning a name", "Rename the item",
                  None, name)
            for name, why in clashes
        )  # fmt: skip
    stacked = pd.concat(parts, ignore_index=True).reindex(columns=[*PLACE, *names])
    texts = [name for name in names if floats[name] == {False}]
    stacked[texts] = stacked[texts].astype("object").fillna("").astype("str")
    return stacked


def _scores(
    table: pd.DataFrame, scales: Mapping[str, Mapping[str, Any]]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault]]:
    """All composites: in a questionnaire of the same items at every wave; where those differ a second one (SCO-05)."""
    scores: dict[str, pd.Series[float]] = {}
    faults: list[Fault] = []
    second: list[dict[str, Any]] = []
    for name, scale in scales.items():
        items, unequal = scored_items(table, scale)
        beside = [second_scores(table, scale, part) for part in unequal]
        faults += [_unequal(name, scale, part, rows) for part, rows in zip(unequal, beside, strict=True)]
        second += [{"scale": name, **row} for rows in beside for row in rows]
        scores[name] = mean_score(items, scale["minimum"])
        few = int((_asked(items, table) & scores[name].isna()).sum())
        if few:
            saw = f"{few} respondents answered fewer than {scale['minimum']} of {len(scale['items'])} items"
            faults.append(Fault("SCO-01", "OK", SCALES, saw, "", "They have no score", None, name, few))
    types = {name: "str" if name in SECOND[:3] else "float64" if name[:2] in ("me", "sd") else "Int64"
             for name in SECOND}  # fmt: skip
    told = pd.DataFrame(second, columns=list(SECOND)).astype(types)
    return pd.DataFrame(scores, index=table.index, dtype="float64"), told, faults


def _unequal(name: str, scale: Mapping[str, Any], part: Unequal, second: Sequence[Mapping[str, Any]]) -> Fault:
    """A scale whose items are not the same at every wave of a questionnaire."""
    asked = "; ".join(f"{item} at {', '.join(waves)} only" for item, waves in part.sometimes.items())
    saw = f"scale {name}, {part.instrument}: {asked}"
    if part.scored:
        action = f"Change uses {', '.join(part.always)}"
        both = [row for row in second if row["items_all"] > row["items_common"] and row["n"]]
        if both:
            row = both[-1]
            action += f"; with all {row['items_all']} the mean at {row['wave']} is {row['mean_all']:.2f}, "
            action += f"not {row['mean_common']:.2f} (n {row['n']})"
    else:
        action = (f"Only {len(part.always)} of {scale['minimum']} needed are left, so all are scored: "
                  "waves differ in what they measure")  # fmt: skip
    return Fault("SCO-05", "WARN", SCALES, saw, "the same items at every wave", action, None, name)


def _asked(items: pd.DataFrame, table: pd.DataFrame) -> pd.Series[bool]:
    """Rows of the questionnaires and waves at which the scale was asked at all."""
    answered = items.notna().any(axis=1)
    return answered.groupby([table["instrument"], table["wave"]]).transform("any").astype("bool")


def _balance(
    receipts: Sequence[Mapping[str, Any]], balances: Sequence[Mapping[str, Any]], placed: pd.DataFrame,
    respondents: pd.DataFrame, rejects: Sequence[pd.DataFrame], table: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """Rows in and out of each stage by delivery; each takes in what the one before handed on."""
    used = placed[placed["_id"].isin(respondents["_id"])]
    lost = [frame["source"].value_counts() for frame in rejects]
    rows = []
    for receipt, cleaning in zip(receipts, balances, strict=True):
        source = cleaning["source"]
        steps = [
            ("ingest", receipt["rows_read"] + receipt["rows_rejected"], receipt["rows_read"], receipt["rows_rejected"]),
            ("clean", cleaning["rows_in"], cleaning["rows_out"], cleaning["rows_rejected"]),
        ]
        for stage, frame, rejected in zip(("link_places", "link_persons"), (placed, used), lost, strict=True):
            steps.append((stage, steps[-1][2], int((frame["source"] == source).sum()), int(rejected.get(source, 0))))
        steps.append(("score", steps[-1][2], int((table["source"] == source).sum()), 0))
        for before, step in zip([None, *steps], steps, strict=False):
            if step[1] != step[2] + step[3] or (before is not None and step[1] != before[2]):
                raise AssertionError(f"{source}: rows are lost at {step[0]}: {steps}")
        rows += [dict(zip(BALANCE, (source, *step), strict=True)) for step in steps]
    balance = pd.DataFrame(rows, columns=list(BALANCE))
    return balance.astype({"source": "str", "stage": "str"} | dict.fromkeys(BALANCE[2:], "Int64"))
