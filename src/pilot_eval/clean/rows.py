"""Which delivered rows are no response: test respondents, records that came twice, rows of no wave, empty ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.canonical import canonical, seen
from pilot_eval.clean.columnar import each_once
from pilot_eval.clean.reading import word_code, words_of
from pilot_eval.faults import Fault

TEST = re.compile(r"(survey )?(test|preview|testing)\d*( (test|school|team|response|respondent|user|name|only|\d+))*")
HINT = re.compile("test|preview", re.IGNORECASE)
TEST_ID = re.compile(r"test(?![a-z])", re.IGNORECASE)
#: What a spreadsheet adds to a whole number.
ZEROS = re.compile(r"^(\d+)\.0+$")
PERSONAL = frozenset({"person", "email", "name"})
#: Filled cells from which two identical rows without any identifier are one record and no coincidence.
LEAST_CELLS = 10
SPOKEN = frozenset({"response", "organisation", "organisation_name", "answer", "attribute", "area"})


def wave_column(answers: pd.DataFrame, codebook: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], str]:
    """The item that says the wave of a row, and its column; nothing and ``""`` when there is none."""
    named = [(item, name) for item in codebook if item["use"] == "wave" for name in item["names"].values() if name]
    return next(((item, name) for item, name in named if name in answers), ({}, ""))


def waves_of(
    answers: pd.DataFrame, source: Mapping[str, Any], codebook: Sequence[Mapping[str, Any]],
    waves: Sequence[Mapping[str, Any]], labels: Mapping[str, Mapping[int, str]],
) -> pd.Series[str]:  # fmt: skip
    """The wave of each row: the delivery's own, or what the wave column says; ``""`` when unknown.

    The codebook labels its codes, or else the file itself (``labels``, by column).
    """
    if source["wave"]:
        return pd.Series(source["wave"], index=answers.index, dtype="str")
    item, column = wave_column(answers, codebook)
    if not column:
        return pd.Series("", index=answers.index, dtype="str")
    told = item["labels"] or labels.get(column, {})
    codes = {str(code): label for code, label in told.items()}
    known = {canonical(wave[key]): wave["id"] for wave in waves for key in ("label", "id")}
    texts = {text: known.get(canonical(codes.get(_whole(text), text)), "") for text in answers[column].unique()}
    found: pd.Series[str] = answers[column].map(texts).astype("str")
    return found


def _whole(text: str) -> str:
    """A text as people see it, without the decimals that a spreadsheet gives a whole number."""
    return ZEROS.sub(r"\1", seen(text))


def rejected(
    answers: pd.DataFrame, wave: pd.Series[str], codebook: Sequence[Mapping[str, Any]],
    labels: Mapping[str, Mapping[int, str]] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Rows that are no response, before any cell is read.

    Parameters
    ----------
    answers : DataFrame
        As delivered, with ``_file _row _id``.
    wave : Series of str
        Wave of each row.
    codebook : sequence of mapping
    labels : mapping
        Column: the file's own labels of its codes.

    Returns
    -------
    DataFrame
        Columns ``reason, rule, detail, column``, the index of the rows; the first reason that holds stands. The
        column is empty where the whole row is meant.
    """
    names = ["reason", "rule", "detail", "column"]
    found = pd.DataFrame(dict.fromkeys(names, ""), index=answers.index, dtype="str")

    def note(rows: pd.Series[bool], reason: str, rule: str, detail: str | pd.Series[str],
             column: str | pd.Series[str] = "") -> None:  # fmt: skip
        rows = rows & (found["reason"] == "")
        found.loc[rows, ["reason", "rule"]] = [reason, rule]
        for name, told in (("detail", detail), ("column", column)):
            found.loc[rows, name] = told if isinstance(told, str) else told[rows]

    note(wave == "", "unknown_wave", "CLN-30", "the row names no wave of the study", wave_column(answers, codebook)[1])
    for one in wave.unique():
        here = wave == one
        for item in codebook:
            column = item["names"].get(one)
            if column in answers:
                texts = answers[column]
                if item["use"] == "status":
                    note(here & ~_live(texts, item, (labels or {}).get(column, {})), "test_response", "CLN-16",
                         "state of the response: " + texts)  # fmt: skip
                elif item["use"] in SPOKEN and (item["use"] == "response" or item["type"] == "text"):
                    note(here & _test(texts, item["use"]), "test_response", "CLN-16", f'"test" in {column}')
    kept = found["reason"] == ""
    note(*_twice(answers[kept], wave[kept], codebook, answers.index))
    return found[found["reason"] != ""]


def _live(texts: pd.Series[str], item: Mapping[str, Any], delivered: Mapping[int, str]) -> pd.Series[bool]:
    """States that count: those the codebook labels, or without labels all, but never tests and previews."""
    said = {str(code): label for code, label in delivered.items()}
    labels = {int(code): label for code, label in item["labels"].items()}
    words, codes = words_of(labels), {str(code) for code in labels}

    def counts(text: str) -> bool:
        if not text.strip():
            return True
        plain = text.strip()
        told = {str(code): label for code, label in labels.items()}.get(plain) or said.get(plain, text)
        # a codebook may well list all states there are
        if TEST.fullmatch(canonical(told)):
            return False
        return not labels or plain in codes or word_code(text, words) is not None

    return each_once(texts, counts)


def _test(texts: pd.Series[str], use: str) -> pd.Series[bool]:
    """Texts that say nothing but test; response ids also when they begin with "test"."""

    def tests(text: str) -> bool:
        if use == "response":  # ids are many, and few of them need a closer look
            if not HINT.search(text):
                return False
            if TEST_ID.match(text.strip()):
                return True
        return TEST.fullmatch(canonical(text)) is not None

    return each_once(texts, tests)


def _twice(answers: pd.DataFrame, wave: pd.Series[str], codebook: Sequence[Mapping[str, Any]], index: pd.Index[Any]
           ) -> tuple[pd.Series[bool], str, str, pd.Series[str], pd.Series[str]]:  # fmt: skip
    """Later records with a response id that came before, and its column, or with every cell the same.

    Without a response id, and where persons can be told apart, identical answers are left to ``link``; where nothing
    tells persons apart, rows with few cells may be alike by chance.
    """
    columns = [column for column in answers.columns if not column.startswith("_")]
    by_id = [item for item in codebook if item["use"] == "response"]
    key, place = (pd.Series("", index=answers.index, dtype="str") for _ in range(2))
    for item in by_id:
        for one, column in item["names"].items():
            if column in answers:
                key = key.mask(wave == one, answers[column].map(_whole).astype("str"))
                place = place.mask(wave == one, column)
    if not by_id and not any(item["use"] in PERSONAL for item in codebook):
        filled = sum(((answers[column].str.strip() != "").astype(int) for column in columns),
                     pd.Series(0, index=answers.index))  # fmt: skip
        whole = answers.groupby(columns, sort=False, dropna=False).ngroup().astype("str")
        key = whole.where(filled >= LEAST_CELLS, "")
    keys = pd.DataFrame({"wave": wave, "key": key})
    later = keys.duplicated() & (key != "")
    first = answers["_row"].groupby([keys["wave"], keys["key"]]).transform("first")
    same = pd.Series(False, index=answers.index)
    if later.any():
        origin = answers.reset_index().drop_duplicates("_row").set_index("_row")
        before = origin.loc[first[later], columns].to_numpy()
        same[later] = (answers.loc[later, columns].to_numpy() == before).all(axis=1)
    what = same.map({True: "identical with row ", False: "same response id as row "})
    detail = (what + first.astype("str")).reindex(index, fill_value="")
    places = place.reindex(index, fill_value="")
    return later.reindex(index, fill_value=False), "duplicate_record", "CLN-29", detail, places


def wave_faults(
    answers: pd.DataFrame, wave: pd.Series[str], codebook: Sequence[Mapping[str, Any]], file: str
) -> list[Fault]:  # fmt: skip
    """CLN-30: STOP when no row of a delivery names a wave of the study."""
    if not len(answers) or (wave != "").any():
        return []
    _, column = wave_column(answers, codebook)
    saw, row = "no row names a wave of the study", None
    action = "Name the wave in sources.csv, or give the codebook an item with use wave"
    if column:
        first = answers[answers[column].str.strip() != ""].head(1)
        saw += "".join(f', the first says "{text}"' for text in first[column])
        row = next((int(place) for place in first["_row"]), None)
        action = f"Label the waves in the codebook's item of column {column}, or name the wave in sources.csv"
    return [Fault("CLN-30", "STOP", file, saw, "a wave's id or label", action, row, column, len(answers))]
