"""A study of one questionnaire at two waves, made in a folder and looked at as a person would: by ``inspect --as``."""

import csv
import hashlib
import io

import pandas as pd
import pyreadstat

from pilot_eval.clean.recode_items import recode_items
from pilot_eval.cli.inspect import held_against
from pilot_eval.ingest.read_wave import gather, tables
from pilot_eval.study import load_study
from pilot_eval.study.load import sha256_of

STUDY = """
title: T
short_title: T
geography: G
period: P
organisation: O
synthetic: true
seed: 1
waves:
  - {id: before, label: Before, start: 2016-01-01, end: 2016-12-31, months: 0}
  - {id: after, label: After, start: 2016-01-02, end: 2017-12-31, months: 10}
roles: [{id: staff, label: Staff}]
instruments: [{id: form, label: Form, role: staff}]
areas: [North, South]
label_sets: {agree: {1: Strongly disagree, 2: Disagree, 3: Neither, 4: Agree, 5: Strongly agree}}
disclosure: {because: default}
"""
PLAN = (
    "outcomes: {o: {label: O, item: other, unit: points, because: b}}\n"
    "models: {m: {label: M, formula: '{outcome} ~ wave + (1 | area)', because: b}}\n"
)
CODEBOOK = ("item", "label", "type", "use", "name", "labels", "missing")


class Stranger:
    """The study, with what is delivered to it."""

    def __init__(self, root, items, scales=None, study=""):
        self.root, self.lines = root, []
        (root / "config/codebook").mkdir(parents=True)
        (root / "data/raw").mkdir(parents=True)
        other = {"item": "other", "label": "Another question", "type": "count"}
        items = [{"item": "area", "label": "Area", "type": "text", "use": "area"}, *items, other]
        columns = list(dict.fromkeys([*CODEBOOK, *(column for item in items for column in item)]))
        self._write("config/study.yaml", STUDY + study)
        self._write("config/models.yaml", PLAN)
        told = "".join(f"  {name}: {{label: S, items: [{', '.join(words)}], minimum: 1, low: 1, high: 5}}\n"
                       for name, words in (scales or {"s": ["other"]}).items())  # fmt: skip
        self._write("config/scales.yaml", f"scales:\n{told}")
        self._write("config/codebook/form.csv", _csv(columns, items))
        self._write("config/sources.csv", "source\n")

    def deliver(self, wave, columns, form="csv", described=None, **entry):
        """Put a file of a wave into the study, and register it; every response answers another question."""
        rows = len(next(iter(columns.values())))
        columns = (
            {"area": ["North"] * rows} | columns | {"other": columns.get("other", [1 + n % 3 for n in range(rows)])}
        )
        path = self.root / f"data/raw/{wave}.{form}"
        if form == "csv":
            lines = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
            self._write(f"data/raw/{wave}.csv", _csv(list(columns), lines))
        else:
            pyreadstat.write_sav(pd.DataFrame(columns), path, **(described or {}))
        content = path.read_bytes()
        self.lines.append(
            {
                "source": wave, "kind": "survey", "instrument": "form", "wave": wave, "path": f"data/raw/{wave}.{form}",
                "format": form, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": rows,
            }
            | entry
        )  # fmt: skip
        known = list(dict.fromkeys(column for line in self.lines for column in line))
        self._write("config/sources.csv", _csv(known, self.lines))
        return self

    def faults(self, wave="before", quiet=("OK",)):
        """What ``inspect --as`` finds."""
        path = self.root / next(line["path"] for line in self.lines if line["source"] == wave)
        _, found = held_against(path, wave, str(self.root))
        assert all(len(fault.message) - len(fault.file) <= 240 for fault in found), [one.message for one in found]
        return [fault for fault in found if fault.severity not in quiet]

    def cleaned(self, wave="before"):
        """What the rules make of a delivery."""
        study = load_study(self.root)
        source = study.source(wave)
        codebook = [item.model_dump(mode="json") for item in study.codebooks["form"]]
        path = self.root / source.path
        delivered, _ = gather(path, source, codebook, sha256_of(path))
        read = tables(delivered, source, codebook)
        waves = [one.model_dump(mode="json") for one in study.config.waves]
        turned = [word[1:] for scale in study.scales.values() for word in scale.items if word.startswith("-")]
        return recode_items(read["answers"], read["variables"], source.model_dump(mode="json"), codebook, waves, turned,
                            study.config.exclude)  # fmt: skip

    def _write(self, name, text):
        (self.root / name).write_text(text, encoding="utf-8", newline="")


def _csv(columns, rows):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def likert(name, **more):
    return {"item": name, "label": f"Question {name}", "type": "likert", "labels": "@agree"} | more


def shown(faults):
    """Severity, id, row and column of each fault."""
    return [(fault.severity, fault.id, fault.row, fault.column) for fault in faults]
