"""What R gave for a model (reference/*.json): the cases, one spelling of names, and a list of differences."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parent / "reference"


@dataclass(frozen=True)
class Case:
    """One stored case: the call, what data it was for, versions, results."""

    name: str
    call: dict[str, Any]
    source: dict[str, Any]
    versions: dict[str, str]
    results: dict[str, Any]

    def data(self) -> pd.DataFrame:
        """The rows R was given, factors with R's order of levels."""
        return typed(pd.read_csv(FOLDER / self.source["file"], dtype=dict.fromkeys(self.levels, str)), self.levels)

    @property
    def levels(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = self.source["levels"]
        return found


def typed(rows: pd.DataFrame, levels: dict[str, list[str]]) -> pd.DataFrame:
    """Columns that are factors in R as categories; a level that R was not fitted with is kept."""
    out = rows.copy()
    for column, known in levels.items():
        if column in out:
            extra = [v for v in out[column].dropna().unique() if v not in known]
            out[column] = pd.Categorical(out[column], categories=[*known, *extra])
    return out


def load(name: str) -> Case:
    stored = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return Case(name, stored["call"], stored["data"], stored["versions"], stored["results"])


def names(*kinds: str) -> list[str]:
    """Stored cases, all or those of some kinds."""
    found = sorted(path.stem for path in FOLDER.glob("*.json"))
    return [name for name in found if not kinds or load(name).call["kind"] in kinds]


# --- one spelling of names -----------------------------------------------------------------------------------------


def term(name: object) -> str:
    """One spelling of R's and formulaic's name of a coefficient or term."""
    text = str(name).replace("(Intercept)", "Intercept").replace("^", "**").replace(" ", "")
    text = re.sub(r"\[(?:T\.)?|\]|`", "", text)
    text = re.sub(r"(?:factor|C)\(([^(),]*)[^()]*\)", r"\1", text)
    return ":".join(sorted(text.split(":")))


def group(name: object) -> str:
    """``a:b`` and ``b:a`` name the same grouping factor, and the same of its levels."""
    return ":".join(sorted(str(name).split(":")))


def value(cell: object) -> str:
    """A value of a variable as R and pandas both would print it."""
    try:
        return f"{float(str(cell)):g}"
    except ValueError:
        return str(cell)


def number(cell: object) -> float:
    """A figure of R, which writes NA and Inf as text."""
    return math.nan if cell in (None, "NA", "NaN") else float(str(cell).replace("Inf", "inf"))


def records(table: dict[str, list[Any]] | None) -> list[dict[str, Any]]:
    """The rows of a table that is stored by column."""
    columns = table or {}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@dataclass
class Differences:
    """Figures beyond their tolerance, in words; `worst` is the largest gap seen of each kind."""

    found: list[str] = field(default_factory=list)
    worst: dict[str, float] = field(default_factory=dict)

    def close(self, what: str, ours: object, theirs: object, allowed: float, scale: float | None = None) -> None:
        """Compare two figures; the gap is divided by `scale`, by default the size of R's figure."""
        a, b = number(ours), number(theirs)
        same = a == b or (math.isnan(a) and math.isnan(b))
        gap = 0.0 if same else abs(a - b) / (abs(b) if scale is None else scale)
        kind = what.split(" [")[0]
        self.worst[kind] = max(self.worst.get(kind, 0.0), gap)
        if not gap <= allowed:
            self.found.append(f"{what}: {a:.10g}, R {b:.10g}, off by {gap:.2g} (allowed {allowed:.0e})")

    def all_close(
        self, what: str, labels: Iterable[str], ours: Iterable[Any], theirs: Iterable[Any], allowed: float, scale: Any
    ) -> None:
        """The same for many figures; `scale` is one number or one for each."""
        want = list(theirs)
        scales = np.broadcast_to(np.asarray(scale, dtype=float), len(want))
        for label, a, b, s in zip(labels, ours, want, scales, strict=True):
            self.close(f"{what} [{label}]", a, b, allowed, float(s))

    def same(self, what: str, ours: object, theirs: object) -> None:
        if ours != theirs:
            self.found.append(f"{what}: {ours}, R {theirs}")
