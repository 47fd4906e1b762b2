"""A codebook, a delivery and its metadata, made by hand."""

import json

import pandas as pd
import pytest

from pilot_eval.clean.contracts import CONTRACTS
from pilot_eval.clean.recode_items import recode_items

WAVES = [
    {"id": "before", "label": "Before", "start": "2020-01-01", "end": "2020-02-29"},
    {"id": "after", "label": "After", "start": "2021-01-01", "end": "2021-02-28"},
]
AGREE = {"1": "Disagree", "2": "Neither", "3": "Agree"}


@pytest.fixture
def item():
    """An item of a codebook as plain values, as a rule's params have it."""

    def make(name, kind="likert", **more):
        given = {
            "item": name, "label": f"Question {name}", "type": kind, "use": "answer", "labels": {}, "wave_labels": {},
            "missing": {}, "names": {"before": name, "after": name}, "recodes": {}, "reversed": [], "low": None,
            "high": None, "earliest": None, "latest": None, "set": "", "unit": "", "note": "", "asked_if": "",
            "since": None, "until": None, "later": [],
        }  # fmt: skip
        if kind in ("likert", "ordinal"):
            given["labels"] = AGREE
        return given | more

    return make


@pytest.fixture
def clean():
    """Run the stage on columns of text; contracts are checked as the workflow checks them."""

    def run(columns, codebook, labels=None, missing=None, wave="before", checked=True, turned=(), exclude=(), **source):
        rows = len(next(iter(columns.values())))
        answers = pd.DataFrame(
            {"_file": "data/raw/x.csv", "_row": range(2, rows + 2), "_id": [f"x-{n}" for n in range(2, rows + 2)]}
            | columns
        )
        variables = pd.DataFrame([
            {"column": column, "label": "", "value_labels": json.dumps((labels or {}).get(column, {})),
             "missing": json.dumps((missing or {}).get(column, {}))}
            for column in columns
        ])  # fmt: skip
        given = {
            "source": "x", "instrument": "form", "wave": wave, "path": "data/raw/x.csv", "format": "csv",
            "decimal": ".", "date_format": "%Y-%m-%d", "timezone": "UTC",
        }  # fmt: skip
        made = recode_items(answers, variables, given | source, codebook, WAVES, turned, exclude)
        own = {name: schema for name, schema in CONTRACTS.items() if name.startswith("recode_items")}
        for name, schema in own.items() if checked else ():
            schema.validate(made[name.split(".")[1]], lazy=True)
        made["answers"] = answers
        return made

    return run
