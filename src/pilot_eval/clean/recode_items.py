"""Apply the codebook to one delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pilot_eval.clean.cells import Column, read_column
from pilot_eval.clean.columns import label_faults, name_faults
from pilot_eval.clean.reading import Reading, reading_of
from pilot_eval.clean.rows import rejected, wave_faults, waves_of
from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.tables import CHANGE_COLUMNS, REJECT_COLUMNS, fault_table

#: Uses of items that become columns of their own name, and those that become a fixed column.
KEPT = ("answer", "attribute")
SAID = {
    "completed": "completed", "area": "area_said", "organisation": "organisation_said",
    "organisation_name": "organisation_name_said", "role": "role_said", "response": "response",
}  # fmt: skip
PLACE = ["_file", "_row", "_id"]


def recode_items(
    answers: pd.DataFrame,
    variables: pd.DataFrame,
    source: Mapping[str, Any],
    codebook: Sequence[Mapping[str, Any]],
    waves: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """One delivery under the names and codes of the study.

    Parameters
    ----------
    answers : DataFrame
        ``_file _row _id`` and the delivered columns as text.
    variables : DataFrame
        The file's own metadata: ``column label value_labels missing ...``.
    source : mapping
        Its line of ``sources.csv``.
    codebook : sequence of mapping
        Items of its instrument.
    waves : sequence of mapping
        Waves of the study: ``id label start end``.

    Returns
    -------
    dict
        ``cleaned`` (a row a response: place, origin, what it says of itself, a column an item), ``missing`` (a row a
        missing cell with its kind), ``changes``, ``rejects``, ``faults``, ``balance``.

    Raises
    ------
    StudyFaults
        When the file contradicts the codebook, with every fault of the file.
    """
    answers = answers.astype("str").astype({"_row": "Int64"}).reset_index(drop=True)
    file, metadata = source["path"], variables.set_index("column", drop=False).to_dict("index")
    wave = waves_of(answers, source, codebook, waves)
    present = [entry for entry in waves if (wave == entry["id"]).any() or source["wave"] == entry["id"]]
    columns = [column for column in answers.columns if column not in PLACE]
    wordings = {str(column): str(entry["label"]) for column, entry in metadata.items()}
    faults = wave_faults(answers, wave, file)
    faults += name_faults(columns, wordings, codebook, [entry["id"] for entry in present], file)
    readings = {entry["id"]: _readings(codebook, entry, metadata, columns) for entry in present}
    faults += [fault for one in readings.values() for fault in label_faults(one, file)]
    out = rejected(answers, wave, codebook)
    kept = answers.drop(index=out.index)
    parts = [_clean_wave(kept[wave[kept.index] == name], one, name, source) for name, one in readings.items()]
    faults += [fault for part in parts for fault in part["faults"]]
    if any(fault.severity == "STOP" for fault in faults):
        raise StudyFaults(faults)
    tables = {name: pd.concat([part[name] for part in parts]).sort_index(kind="stable") if parts else None
              for name in ("cleaned", "missing", "changes", "empty")}  # fmt: skip
    cleaned = _complete(tables["cleaned"], answers, codebook)
    out = pd.concat([out, tables["empty"]]).sort_index(kind="stable") if parts else out
    rejects = answers.loc[out.index, ["_file", "_row"]].assign(**{name: out[name] for name in REJECT_COLUMNS[2:]})
    faults += [_rejection(file, int(row), reason, rule, detail) for _, row, reason, rule, detail in
               rejects.itertuples(index=False)]  # fmt: skip
    balance = {"source": source["source"], "rows_in": len(answers), "rows_out": len(cleaned),
               "rows_rejected": len(rejects)}  # fmt: skip
    if balance["rows_in"] != balance["rows_out"] + balance["rows_rejected"]:
        raise AssertionError(f"rows do not balance: {balance}")
    return {
        "cleaned": cleaned,
        "missing": _table(tables["missing"], ("_id", "item", "kind")),
        "changes": _table(tables["changes"], CHANGE_COLUMNS),
        "rejects": _table(rejects, REJECT_COLUMNS),
        "faults": fault_table(faults),
        "balance": balance,
    }


def _readings(
    codebook: Sequence[Mapping[str, Any]], wave: Mapping[str, Any], metadata: Mapping[Any, Any], columns: Sequence[str]
) -> list[Reading]:
    """Items of a wave whose column was delivered; days of completion must lie within the wave."""
    found = []
    for item in codebook:
        reading = reading_of(item, wave["id"], metadata.get(item["names"].get(wave["id"])))
        if reading is None or reading.column not in columns or reading.use not in (*KEPT, *SAID):
            continue
        if reading.use == "completed":
            earliest = max(reading.earliest, str(wave["start"]))
            latest = min(reading.latest or str(wave["end"]), str(wave["end"]))
            reading = replace(reading, earliest=earliest, latest=latest)
        found.append(reading)
    return found


def _clean_wave(
    answers: pd.DataFrame, readings: Sequence[Reading], wave: str, source: Mapping[str, Any]
) -> dict[str, Any]:
    """The rows of one wave: values, kinds of missing, changes, faults, and rows without any answer."""
    read = {reading: read_column(answers, reading, source) for reading in readings}
    _fill_ticks(answers, read)
    empty = _without_answer(answers, read)
    kept = answers.index.difference(empty.index, sort=False)
    cleaned = answers.loc[kept, PLACE].assign(source=source["source"], instrument=source["instrument"], wave=wave)
    columns = {SAID.get(reading.use, reading.item): column.values[kept] for reading, column in read.items()}
    cleaned = pd.concat([cleaned, pd.DataFrame(columns, index=kept)], axis=1)
    missing = []
    for reading, column in read.items():
        if reading.use in KEPT:
            kinds = column.missing[kept]
            kinds = kinds[kinds != ""]
            missing.append(pd.DataFrame({"_id": answers.loc[kinds.index, "_id"], "item": reading.item, "kind": kinds}))
    changes = [column.changes[column.changes.index.isin(kept)] for column in read.values() if len(column.changes)]
    return {
        "cleaned": cleaned,
        "missing": pd.concat(missing) if missing else pd.DataFrame(columns=["_id", "item", "kind"]),
        "changes": pd.concat(changes) if changes else pd.DataFrame(columns=list(CHANGE_COLUMNS)),
        "faults": [fault for column in read.values() for fault in column.faults],
        "empty": empty,
    }


def _fill_ticks(answers: pd.DataFrame, read: Mapping[Reading, Column]) -> None:
    """A box that was not ticked beside one that was is a no, not a missing answer (CLN-14)."""
    for name in dict.fromkeys(reading.set for reading in read if reading.set):
        boxes = {reading: column for reading, column in read.items() if reading.set == name and reading.floats}
        if not boxes:
            continue
        shown = pd.concat([column.values.notna() for column in boxes.values()], axis=1).any(axis=1)
        for reading, column in boxes.items():
            blank = shown & (column.missing == "skipped")
            column.values[blank] = 0.0
            column.missing[blank] = ""
            more = answers.loc[blank, PLACE].assign(
                variable=reading.item, from_value=answers.loc[blank, reading.column], to_value="0", rule="tick",
                why="blank in a set of boxes of which others were answered",
            )  # fmt: skip
            column.changes = pd.concat([column.changes, more]) if len(more) else column.changes


def _without_answer(answers: pd.DataFrame, read: Mapping[Reading, Column]) -> pd.DataFrame:
    """Rows of which no item was answered; a set of boxes none of which is ticked is no answer."""
    asked = {reading: column for reading, column in read.items() if reading.use == "answer"}
    answered = pd.Series(not asked, index=answers.index)
    for reading, column in asked.items():
        answered |= column.values > 0 if reading.set and reading.floats else column.missing == ""
    rows = answers.index[~answered]
    detail = f"answered 0 of {len(asked)} items"
    return pd.DataFrame({"reason": "no_answers", "rule": "CLN-18", "detail": detail}, index=rows, dtype="str")


def _complete(
    cleaned: pd.DataFrame | None, answers: pd.DataFrame, codebook: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """Every column of the contract, asked or not, in its order and of its type."""
    if cleaned is None:
        cleaned = answers.loc[[], PLACE]
    fixed = [*PLACE, "source", "instrument", "wave", "completed", "area_said", "organisation_said",
             "organisation_name_said", "role_said", "response"]  # fmt: skip
    kept = [item for item in codebook if item["use"] in KEPT]
    numbers = [item["item"] for item in kept if _floats(item)]
    cleaned = cleaned.reindex(columns=[*fixed, *(item["item"] for item in kept)])
    texts = [column for column in cleaned.columns if column not in {*numbers, "_row"}]
    types = dict.fromkeys(numbers, "float64") | {"_row": "Int64"}
    cleaned[texts] = cleaned[texts].astype("object").fillna("")
    return cleaned.astype(types | dict.fromkeys(texts, "str")).reset_index(drop=True)


def _floats(item: Mapping[str, Any]) -> bool:
    return Reading(item["item"], item["type"], item["use"], "", labels=item["labels"]).floats


def _table(frame: pd.DataFrame | None, columns: Sequence[str]) -> pd.DataFrame:
    """A frame with these columns, all of them text but the row number."""
    if frame is None:
        frame = pd.DataFrame(columns=list(columns))
    types = {column: "Int64" if column == "_row" else "str" for column in columns}
    return frame.loc[:, list(columns)].astype(types).reset_index(drop=True)


def _rejection(file: str, row: int, reason: str, rule: str, detail: str) -> Fault:
    saw = {"duplicate_record": f"the record came before: {detail}"}.get(reason, detail)
    return Fault(rule, "REJECT", file, saw, "a response", "Row not used", row)
