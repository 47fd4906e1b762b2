"""Apply the codebook to one delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.clean.blanks import blank_faults
from pilot_eval.clean.cells import Column
from pilot_eval.clean.columnar import repeated
from pilot_eval.clean.columns import label_faults, name_faults
from pilot_eval.clean.options import gathered
from pilot_eval.clean.quality import FLAGS, flag_faults, quality_flags, test_faults
from pilot_eval.clean.reading import Reading, file_labels, readings_of
from pilot_eval.clean.rows import rejected, wave_faults, waves_of
from pilot_eval.clean.sets import fill_ticks, lonely_ticks
from pilot_eval.clean.skips import apply_skips
from pilot_eval.clean.spans import read_spans
from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.tables import CHANGE_COLUMNS, REJECT_COLUMNS, fault_table

#: Uses of items that become columns of their own name, and those that become a fixed column.
KEPT = ("answer", "attribute", "weight")
SAID = {
    "completed": "completed", "area": "area_said", "organisation": "organisation_said",
    "organisation_name": "organisation_name_said", "role": "role_said", "response": "response",
}  # fmt: skip
TIMES = ("started", "duration")
PLACE = ["_file", "_row", "_id"]
OWN = (*PLACE, "_made_up")


def recode_items(
    answers: pd.DataFrame,
    variables: pd.DataFrame,
    source: Mapping[str, Any],
    codebook: Sequence[Mapping[str, Any]],
    waves: Sequence[Mapping[str, Any]],
    turned: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> dict[str, Any]:
    """One delivery under the names and codes of the study.

    Parameters
    ----------
    answers : DataFrame
        ``_file _row _id _made_up`` and the delivered columns as text.
    variables : DataFrame
        The file's own metadata: ``column label value_labels missing ...``.
    source : mapping
        Its line of ``sources.csv``.
    codebook : sequence of mapping
        Items of its instrument.
    waves : sequence of mapping
        Waves of the study: ``id label start end``.
    turned : sequence of str
        Items that a scale of the study counts in reverse.
    exclude : sequence of str
        Flagged responses that are rejected: ``speeders``, ``straight_liners``, ``test_names``.

    Returns
    -------
    dict
        ``cleaned`` (a row a response: place, origin, what it says of itself, a column an item), ``missing`` (a row a
        missing cell with its kind), ``flags`` of the responses, ``changes``, ``rejects``, ``faults``, ``balance``.

    Raises
    ------
    StudyFaults
        When the file contradicts the codebook, with every fault of the file.
    """
    answers = answers.astype("str").astype({"_row": "Int64"}).reset_index(drop=True)
    file = source["path"]
    metadata: dict[Any, Any] = variables.set_index("column", drop=False).to_dict("index")
    columns = [column for column in answers.columns if column not in OWN]
    labels = {name: file_labels(metadata.get(name)) for name in columns}
    wave = waves_of(answers, source, codebook, waves, labels)
    present = [entry for entry in waves if (wave == entry["id"]).any() or source["wave"] == entry["id"]]
    wordings = {str(column): str(entry["label"]) for column, entry in metadata.items()}
    faults = wave_faults(answers, wave, codebook, file)
    faults += name_faults(columns, wordings, codebook, [entry["id"] for entry in present], file)
    whole, metadata = gathered(answers, metadata, codebook)
    columns = [column for column in whole.columns if column not in OWN]
    readings = {entry["id"]: _readings(codebook, entry, metadata, columns) for entry in present}
    for one in readings.values():
        faults += label_faults((line for lines in one for line in lines), file)
    out = rejected(answers, wave, codebook, labels)
    kept = whole.drop(index=out.index)
    parts = [
        _clean_wave(kept[wave[kept.index] == name], one, name, source, turned, exclude)
        for name, one in readings.items()
    ]
    faults += [fault for part in parts for fault in part["faults"]]
    if any(fault.severity == "STOP" for fault in faults):
        raise StudyFaults(faults)
    tables = {name: _joined([part.pop(name) for part in parts])
              for name in ("cleaned", "missing", "flags", "changes", "left")}  # fmt: skip
    cleaned = _complete(tables["cleaned"], answers, codebook)
    out = pd.concat([out, tables["left"]]).sort_index(kind="stable") if parts else out
    rejects = answers.loc[out.index, ["_file", "_row"]].assign(**{name: out[name] for name in REJECT_COLUMNS[2:]})
    places = out["column"].fillna("")
    faults += [_rejection(file, int(row), reason, rule, detail, column) for (_, row, reason, rule, detail), column in
               zip(rejects.itertuples(index=False), places, strict=True)]  # fmt: skip
    balance = {"source": source["source"], "rows_in": len(answers), "rows_out": len(cleaned),
               "rows_rejected": len(rejects)}  # fmt: skip
    if balance["rows_in"] != balance["rows_out"] + balance["rows_rejected"]:
        raise AssertionError(f"rows do not balance: {balance}")
    return {
        "cleaned": cleaned,
        "missing": _table(tables["missing"], ("_id", "item", "kind")),
        "flags": _flags(tables["flags"], cleaned),
        "changes": _table(tables["changes"], CHANGE_COLUMNS),
        "rejects": _table(rejects, REJECT_COLUMNS),
        "faults": fault_table(faults),
        "balance": balance,
    }


def _readings(
    codebook: Sequence[Mapping[str, Any]], wave: Mapping[str, Any], metadata: Mapping[Any, Any], columns: Sequence[str]
) -> list[list[Reading]]:
    """Items of a wave whose column was delivered; days of completion must lie within the wave."""
    found = []
    for item in codebook:
        lines = readings_of(item, wave["id"], metadata.get(item["names"].get(wave["id"])))
        if not lines or lines[0].column not in columns or lines[0].use not in (*KEPT, *SAID, *TIMES):
            continue
        if lines[0].use == "completed":
            earliest = max(lines[0].earliest, str(wave["start"]))
            latest = min(lines[0].latest or str(wave["end"]), str(wave["end"]))
            lines = [replace(lines[0], earliest=earliest, latest=latest)]
        found.append(lines)
    return found


def _clean_wave(
    answers: pd.DataFrame, readings: Sequence[Sequence[Reading]], wave: str, source: Mapping[str, Any],
    turned: Sequence[str], exclude: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """The rows of one wave: values, kinds of missing, flags, changes, faults, and the rows that are left out."""
    file = source["path"]
    read = read_spans(answers, readings, source)
    faults = [fault for column in read.values() for fault in column.faults]
    faults += fill_ticks(answers, read, file) + apply_skips(answers, read, file) + lonely_ticks(read, file)
    flags, wrong = quality_flags(answers, read, source, turned)
    left = _without_answer(answers, read)
    flags = flags.drop(index=left.index)
    faults += [*wrong, *flag_faults(flags, answers["_row"][flags.index], source, exclude, _shift(flags, read)),
               *test_faults(answers, flags, file, exclude)]  # fmt: skip
    faults += blank_faults(answers.drop(index=left.index), read, file)
    left = pd.concat([left, _excluded(flags, exclude)])
    kept = answers.index.difference(left.index, sort=False)
    origin = {"source": source["source"], "instrument": source["instrument"], "wave": wave}
    columns = {name: answers[name][kept] for name in PLACE}
    columns |= {name: pd.Series(repeated(cell, len(kept)), index=kept) for name, cell in origin.items()}
    columns |= {SAID.get(reading.use, reading.item): column.values[kept] for reading, column in read.items()
                if reading.use not in TIMES}  # fmt: skip
    missing = []
    for reading, column in read.items():
        if reading.use in KEPT:
            kinds = column.missing[kept]
            kinds = kinds[kinds != ""]
            item = repeated(reading.item, len(kinds))
            missing.append(pd.DataFrame({"_id": answers["_id"][kinds.index], "item": item, "kind": kinds}))
    changes = [column.changes[column.changes.index.isin(kept)] for reading, column in read.items()
               if len(column.changes) and reading.use not in TIMES]  # fmt: skip
    return {
        "cleaned": pd.DataFrame(columns, index=kept),
        "missing": pd.concat(missing) if missing else pd.DataFrame(columns=["_id", "item", "kind"]),
        "flags": flags.loc[kept],
        "changes": pd.concat(changes) if changes else pd.DataFrame(columns=list(CHANGE_COLUMNS)),
        "faults": faults,
        "left": left,
    }


def _without_answer(answers: pd.DataFrame, read: Mapping[Reading, Column]) -> pd.DataFrame:
    """Rows of which no item was answered; a set of boxes none of which is ticked is no answer."""
    asked = {reading: column for reading, column in read.items() if reading.use == "answer"}
    answered = pd.Series(not asked, index=answers.index)
    for reading, column in asked.items():
        answered |= column.values > 0 if reading.set and reading.floats else column.missing == ""
    rows = answers.index[~answered]
    detail = f"answered 0 of {len(asked)} items"
    return pd.DataFrame({"reason": "no_answers", "rule": "CLN-18", "detail": detail}, index=rows, dtype="str")


def _excluded(flags: pd.DataFrame, exclude: Sequence[str]) -> pd.DataFrame:
    """Flagged rows that the study does not want."""
    parts = [
        pd.DataFrame({"reason": name.removesuffix("s"), "rule": "CLN-16" if flag == "qc_test" else "CLN-17",
                      "detail": f"{flag}: exclude names {name}"},
                     index=flags.index[flags[flag]], dtype="str")
        for flag, name in FLAGS.items() if name in exclude
    ]  # fmt: skip
    found = pd.concat([pd.DataFrame(columns=["reason", "rule", "detail"], dtype="str"), *parts])
    return found[~found.index.duplicated()]


def _shift(flags: pd.DataFrame, read: Mapping[Reading, Column]) -> str:
    """How far the mean of an item moves at most without the flagged responses."""
    sound = flags.index[~(flags["qc_speed"] | flags["qc_straight"])]
    moved = {
        reading.item: abs(column.values[sound].mean() - column.values[flags.index].mean())
        for reading, column in read.items() if reading.use == "answer" and reading.floats
    }  # fmt: skip
    known = {item: move for item, move in moved.items() if move == move}
    worst = max(known, key=lambda item: known[item], default=None)
    return "" if worst is None else f"; without them no mean moves by more than {known[worst]:.2g} ({worst})"


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    """The parts of all waves below one another; a single one is not copied, for it may be large."""
    return pd.concat(frames) if len(frames) > 1 else frames[0] if frames else None


def _flags(flags: pd.DataFrame | None, cleaned: pd.DataFrame) -> pd.DataFrame:
    """The flags beside the row ids of the cleaned table."""
    if flags is None:
        flags = pd.DataFrame(columns=[*FLAGS, "seconds"])
    types = {name: "bool" for name in FLAGS} | {"seconds": "float64"}
    flags = flags.sort_index(kind="stable").astype(types).reset_index(drop=True)
    flags.insert(0, "_id", cleaned["_id"])
    return flags


def _complete(
    cleaned: pd.DataFrame | None, answers: pd.DataFrame, codebook: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """Every column of the contract, asked or not, in its order and of its type."""
    found = answers.loc[[], PLACE] if cleaned is None else cleaned.sort_index(kind="stable")
    fixed = [*PLACE, "source", "instrument", "wave", "completed", "area_said", "organisation_said",
             "organisation_name_said", "role_said", "response"]  # fmt: skip
    kept = [item for item in codebook if item["use"] in KEPT]
    types: dict[str, Any] = dict.fromkeys(fixed, "str") | {"_row": "Int64"}
    types |= {item["item"]: "float64" if _floats(item) else "str" for item in kept}
    columns: dict[str, Any] = {}
    for name, kind in types.items():
        if name in found:
            values = found[name] if kind != "str" else found[name].fillna("")
            columns[name] = values.astype(kind).array
        else:
            columns[name] = np.full(len(found), np.nan) if kind == "float64" else repeated("", len(found))
    return pd.DataFrame(columns)


def _floats(item: Mapping[str, Any]) -> bool:
    return Reading(item["item"], item["type"], item["use"], "", labels=item["labels"]).floats


def _table(frame: pd.DataFrame | None, columns: Sequence[str]) -> pd.DataFrame:
    """A frame with these columns, all of them text but the row number."""
    if frame is None:
        frame = pd.DataFrame(columns=list(columns))
    types = {column: "Int64" if column == "_row" else "str" for column in columns}
    return frame[list(columns)].astype(types).reset_index(drop=True)


def _rejection(file: str, row: int, reason: str, rule: str, detail: str, column: str) -> Fault:
    saw = {"duplicate_record": f"the record came before: {detail}"}.get(reason, detail)
    return Fault(rule, "REJECT", file, saw, "a response", "Row not used", row, column)
