"""One fault at a time in a sound delivery: what comes out is the same, or every difference is accounted for."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.clean.report_drift import report_drift
from pilot_eval.faults import StudyFaults

_SPEC = importlib.util.spec_from_file_location("clean_conftest", Path(__file__).with_name("conftest.py"))
_MADE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MADE)
ITEM, RUN = _MADE.item.__wrapped__(), _MADE.clean.__wrapped__()

ROWS = 120
FIVE = {str(code): label for code, label in enumerate(("Never", "Seldom", "Sometimes", "Often", "Always"), 1)}
CODEBOOK = [
    ITEM("id", "text", use="response"),
    ITEM("state", "category", use="status"),
    ITEM("day", "date", use="completed"),
    *[ITEM(name, labels=FIVE, missing={"8": "dont_know"}) for name in ("a", "b", "c", "d")],
    ITEM("lead", "binary", labels={"0": "No", "1": "Yes"}),
    ITEM("e", labels=FIVE, asked_if="lead = 1"),
    ITEM("n", "count", low=0, high=200),
    *[ITEM(name, "binary", set="m") for name in ("t1", "t2")],
]
NUMBERS = ["a", "b", "c", "d", "lead", "e", "n", "t1", "t2"]
LIKERT = st.sampled_from(["a", "b", "c", "d"])
SCALES = {"s": ["a", "b", "c", "d"]}


def sound(seed):
    """A delivery without a fault."""
    random = np.random.default_rng(seed)
    base = random.normal(3, 1, ROWS)
    columns = {"id": [f"r{row}" for row in range(ROWS)], "state": ["IP Address"] * ROWS}
    columns["day"] = [f"2021-{1 + row % 2:02d}-{1 + row % 28:02d}" for row in range(ROWS)]
    for name in ("a", "b", "c", "d"):
        columns[name] = [f"{cell:g}" for cell in np.clip(np.round(base + random.normal(0, 0.7, ROWS)), 1, 5)]
    columns["lead"] = [str(cell) for cell in random.integers(0, 2, ROWS)]
    columns["e"] = [cell if lead == "1" else "" for cell, lead in zip(columns["a"], columns["lead"], strict=True)]
    columns["n"] = [str(cell) for cell in random.integers(0, 60, ROWS)]
    columns["t1"], columns["t2"] = ["1", "0"] * (ROWS // 2), ["0", "1"] * (ROWS // 2)
    return columns


CLEAN = RUN(sound(1), CODEBOOK, wave="after", checked=False)
BEFORE = RUN(sound(2) | {"day": [f"2020-{1 + row % 2:02d}-{1 + row % 28:02d}" for row in range(ROWS)]}, CODEBOOK,
             checked=False)  # fmt: skip

CELLS = ["55", "6", "0", "99", "-1", "2.5", "3.0000001", "３", "٣", "four", "agree", "often", "OFTEN ", "inf", "03-May",
         "1,5", "50%", "", " ", "8", "Dont know", "2016-05-03", "NaN", "yes", "TRUE", "2", "\u200b4"]  # fmt: skip
DAYS = ["30/02/2021", "01/01/1900", "yesterday", "", "2019-01-01", "44231", "2021-02-30", "02/01/2021"]


@st.composite
def faults(draw):
    """A function that spoils a delivery in one way."""
    kind = draw(st.sampled_from(["cells", "days", "column", "rows", "names", "state"]))
    where = draw(st.lists(st.integers(0, ROWS - 1), min_size=1, max_size=20, unique=True))
    name = draw(st.sampled_from(NUMBERS))

    def each(column, change):
        return lambda columns: columns | {column: [change(cell) for cell in columns[column]]}

    def at(column, cell):
        def spoil(columns):
            cells = list(columns[column])
            for place in where:
                cells[place] = cell
            return columns | {column: cells}

        return spoil

    if kind == "cells":
        return f"cells {name}", at(name, draw(st.sampled_from(CELLS)))
    if kind == "days":
        return "days", at("day", draw(st.sampled_from(DAYS)))
    if kind == "state":
        return "state", at("state", draw(st.sampled_from(["Survey Preview", "", "Test"])))
    if kind == "rows":
        keep = draw(st.booleans())
        order = [*range(ROWS), *where] if keep else [row for row in range(ROWS) if row not in where] + where
        return "rows", lambda columns: {name: [cells[row] for row in order] for name, cells in columns.items()}
    if kind == "names":
        return "names", lambda columns: {
            f"{key}_new" if key == name else key: columns[key] for key in reversed(columns)
        }
    column = draw(LIKERT)
    change = draw(st.sampled_from([
        ("base", lambda cell: str(int(cell) - 1)), ("turned", lambda cell: str(6 - int(cell))),
        ("decimals", lambda cell: f"{cell}.0"), ("words", lambda cell: FIVE[cell]),
        ("upper", lambda cell: FIVE[cell].upper()), ("wide", lambda cell: chr(0xFF10 + int(cell))),
        ("seven", lambda cell: str(int(cell) + 2)), ("blank", lambda cell: ""),
        ("Welsh", lambda cell: {"5": "Bob amser"}.get(cell, cell)),
    ]))  # fmt: skip
    return f"{change[0]} {column}", each(column, change[1])


@settings(max_examples=int(os.environ.get("PILOT_EVAL_EXAMPLES", "25")), deadline=None)
@given(faults())
def test_every_difference_is_accounted_for(fault):
    name, spoil = fault
    columns = spoil(sound(1))
    try:
        made = RUN(columns, CODEBOOK, wave="after", checked=False)
        about = pd.DataFrame({"column": list(columns), "label": "", "value_labels": "{}", "missing": "{}"})
        told = report_drift(made["cleaned"], about, [BEFORE["cleaned"]], [about], {"path": "x"}, CODEBOOK,
                            ["before", "after"], SCALES)["faults"]  # fmt: skip
    except StudyFaults as error:
        stops = [stop for stop in error.faults if stop.severity == "STOP"]
        assert stops and all(stop.saw and stop.action for stop in stops)
        return
    told = pd.concat([told, made["faults"]])
    assert made["balance"]["rows_in"] == len(made["cleaned"]) + len(made["rejects"])
    assert len(made["rejects"]) == (told["severity"] == "REJECT").sum()
    rejected = {columns["id"][row - 2] for row in made["rejects"]["_row"]}
    new, old = (one["cleaned"].set_index("response") for one in (made, CLEAN))
    assert set(old.index) - set(new.index) <= rejected, name
    changed = set(zip(made["changes"]["_id"], made["changes"]["variable"], strict=True))
    known = set(told.loc[told["severity"].isin(["WARN", "FIX"]), "column"])
    blank = set(zip(made["missing"]["_id"], made["missing"]["item"], strict=True))
    for item in NUMBERS:
        both = new.index.intersection(old.index)
        differs = ~(
            (new.loc[both, item] == old.loc[both, item]) | (new.loc[both, item].isna() & old.loc[both, item].isna())
        )
        for row in both[differs]:
            cell = (new.loc[row, "_id"], item)
            plain = item in columns and columns[item][int(new.loc[row, "_row"]) - 2].strip() in ("2", "6", "0", "1")
            assert cell in changed or cell in blank or item in known or plain, (name, cell)
