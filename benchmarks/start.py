"""Change against the start: studies with a known relation, answered again and again as ``relate_start`` answers.

``python benchmarks/start.py FOLDER`` draws studies of 10, 22 and 60 areas the size of the shipped one's, whose change
is ``truth`` times their start and something of its own, and the shipped study itself from its truth file with start and
change unrelated. Of each study it keeps the slope of the model with its bootstrap interval, the naive slope with the
bias that the model expects of it, and change by thirds of the start, in ``FOLDER``; begun again, it goes on where it
ended. At the end it writes ``benchmarks/start.md``. One process, one thread.
"""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from studies import grow, share  # noqa: E402

from pilot_eval.change.planned import Planned  # noqa: E402
from pilot_eval.model.start_fit import UNIT, related  # noqa: E402
from pilot_eval.model.start_parts import change_by_parts  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
FIRST_SEED = 610_000_000
#: A share of the rule's defaults, since studies are many: what it costs is error of the bounds, which is counted.
REPLICATES, SPLITS = 100, 20
#: Studies of each kind in turn, so that a run that is stopped has some of all.
ROUND = 50
START, OWN, CHANGE = 0.3, 0.2, 0.4
PERSON, ERROR = 0.47, 0.5
WAVES = ["before", "after"]


@dataclass(frozen=True)
class Cell:
    """Studies of one kind: areas (0: the shipped study's own generator), true slope, spread of starts, number."""

    areas: int
    truth: float
    start: float
    studies: int

    @property
    def name(self) -> str:
        return f"{self.areas}_{self.truth}_{self.start}"


CELLS = (
    Cell(22, 0.0, START, 400),
    Cell(10, 0.0, START, 200),
    Cell(60, 0.0, START, 100),
    Cell(22, -0.5, START, 100),
    Cell(22, 0.5, START, 100),
    Cell(10, -0.5, START, 100),
    Cell(10, 0.5, START, 100),
    Cell(60, -0.5, START, 100),
    Cell(60, 0.5, START, 100),
    Cell(22, 0.0, 0.0, 50),
    Cell(0, 0.0, START, 50),
)


def draw(cell: Cell, seed: int) -> pd.DataFrame:
    """A study: 15 to 34 organisations an area, one person each, of whom 75 % and 60 % answer."""
    rng = np.random.default_rng(seed)
    start = rng.normal(0, cell.start, cell.areas)
    change = CHANGE + cell.truth * start + rng.normal(0, OWN, cell.areas)
    area = np.repeat(np.arange(cell.areas), rng.integers(15, 35, cell.areas))
    level = 3 + start[area] + rng.normal(0, PERSON, len(area))
    waves = []
    for place, (wave, answers) in enumerate(zip(WAVES, (0.75, 0.6), strict=True)):
        value = level + place * change[area] + rng.normal(0, ERROR, len(area))
        table = pd.DataFrame({"score": value, "area": area.astype(str), "unit": np.arange(len(area)).astype(str)})
        waves.append(table.assign(wave=wave, months=10.0 * place).loc[rng.random(len(area)) < answers])
    drawn = pd.concat(waves, ignore_index=True)
    names = {"organisation": drawn["unit"], "respondent": drawn["unit"], "role": "lead"}
    return drawn.assign(_id=drawn.index.astype(str), **names)


class Shipped:
    """The shipped study's communication, its start and change unrelated between areas."""

    def __init__(self) -> None:
        from coverage import plans

        from pilot_eval.study import load_study
        from pilot_eval.synth.truth import read_truth

        self.study = load_study(ROOT)
        plan = read_truth(ROOT)
        trait = plan.truth.traits["communication"]
        trait = trait.model_copy(update={"sd": trait.sd.model_copy(update={"correlation": 0.0})})
        truth = plan.truth.model_copy(update={"traits": {**plan.truth.traits, "communication": trait}})
        self.plan = replace(plan, truth=truth)
        known = next(one for one in plans(self.study) if one.outcome["outcome"] == "communication")
        self.planned = known

    def draw(self, seed: int) -> pd.DataFrame:
        from coverage import analysis_table

        from pilot_eval.synth.draw import draw_study

        return analysis_table(draw_study(self.plan, seed), self.study)


def answered(analysis: pd.DataFrame, planned: Planned, seed: int) -> dict[str, float]:
    """What the rule says of one study."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = related(
            analysis, planned.outcome, planned.formula, planned.weights, planned.waves, planned.name, pd.DataFrame.copy,
            REPLICATES, seed,
        )  # fmt: skip
        rows = found.fitted.rows
        parts = change_by_parts(rows, planned.waves, planned.weights, 3, SPLITS, REPLICATES, seed).table
    slope, naive = found.slopes["area"], found.naive
    assert found.fitted.fit is not None and naive is not None
    known = {"estimate": slope.estimate, "low": slope.low, "high": slope.high, "zero": slope.zero_share,
             "naive": naive.slope, "expected": naive.expected, "singular": float(found.fitted.fit.singular),
             "wider": float(UNIT in found.slopes), "rows": float(len(rows))}  # fmt: skip
    for row in parts.to_dict("records"):
        known |= {f"{name}_{row['part']}": row[name] for name in ("change", "low", "high")}
    return known


def run(cell: Cell, folder: Path, goal: int) -> pd.DataFrame:
    """The first studies of a cell, those already in the folder read."""
    shipped = Shipped() if cell.areas == 0 else None
    outcome = {"outcome": "score", "column": "score", "roles": ["lead"], "unit": "", "digits": 2}
    planned = shipped.planned if shipped else Planned(outcome, "", True, {"lead": 1.0}, WAVES, "start")

    def study(number: int) -> dict[str, float]:
        seed = FIRST_SEED + number
        return answered(shipped.draw(seed) if shipped else draw(cell, seed), planned, seed)

    return grow(folder / f"{cell.name}.csv", goal, study)


def slope_line(cell: Cell, found: pd.DataFrame) -> str:
    told = found.dropna(subset=["estimate"])
    if len(told) < len(found) / 4:
        return f"{shown(cell)} | {len(found)} | {share(found['estimate'].notna())} | – | – | – | – |"
    covered = (told["low"] <= cell.truth) & (cell.truth <= told["high"])
    median, spread = told["estimate"].median() - cell.truth, told["estimate"].std()
    error, width = 1.2533 * spread / np.sqrt(len(told)), (told["high"] - told["low"]).median()
    shares = f"{share(found['estimate'].notna())} | {share(covered)}"
    return f"{shown(cell)} | {len(found)} | {shares} | {median:+.3f} ({error:.3f}) | {spread:.3f} | {width:.2f} |"


def predicted(cell: Cell, studies: int) -> str:
    """Mean of the naive slope that the true variances and the answers that were given predict: no model is asked."""
    if not cell.areas:
        return "–"
    slopes = []
    for number in range(studies):
        drawn = draw(cell, FIRST_SEED + number)
        areas = drawn.drop_duplicates("unit").set_index("unit")["area"]
        answers = pd.crosstab(drawn["unit"], drawn["wave"])
        first, last, both = (
            one.groupby(areas).sum() for one in (answers["before"], answers["after"], answers.prod(axis=1))
        )
        errors = ((PERSON**2 + ERROR**2) / first).mean()
        shared = (PERSON**2 * both / (first * last)).mean()
        slopes.append((cell.truth * cell.start**2 + shared - errors) / (cell.start**2 + errors))
    return f"{np.mean(slopes):+.3f}"


def naive_line(cell: Cell, found: pd.DataFrame) -> str:
    root = np.sqrt(len(found))
    gap = found["naive"] - found["expected"]
    return (
        f"{shown(cell)} | {found['naive'].mean():+.3f} ({found['naive'].std() / root:.3f}) | "
        f"{predicted(cell, len(found))} | {found['expected'].mean():+.3f} | {gap.mean():+.3f} "
        f"({gap.std() / root:.3f}) |"
    )


def parts_line(cell: Cell, found: pd.DataFrame) -> str:
    found = found.dropna(subset=["change_1"])
    names = ("1", "2", "3", "difference")
    truth = {name: found[f"change_{name}"].mean() for name in names}
    if cell.truth == 0.0 and cell.areas:
        truth = dict.fromkeys(names, CHANGE) | {"difference": 0.0}
    means = " | ".join(f"{found[f'change_{name}'].mean():+.3f}" for name in names)
    held = " | ".join(
        share((found[f"low_{name}"] <= truth[name]) & (truth[name] <= found[f"high_{name}"])) for name in names
    )
    return f"{shown(cell)} | {means} | {held} |"


def shown(cell: Cell) -> str:
    start = "" if cell.start == START else f", starts alike (SD {cell.start:g})"
    return f"| {'shipped study, 22' if not cell.areas else cell.areas}{start} | {cell.truth:+.1f}"


def report(found: dict[Cell, pd.DataFrame]) -> str:
    """The tables as Markdown."""
    alike = [cell for cell in found if cell.start != START]
    usual = [cell for cell in found if cell.start == START]
    lines = [
        "# Change against the start, on studies whose truth is known",
        "",
        f"Made by `python benchmarks/start.py FOLDER`, seeds {FIRST_SEED} onwards, {REPLICATES} bootstrap replicates",
        f"and {SPLITS} halvings a study (the rule: 1,000 and 50). Starts of areas have SD {START}, changes SD {OWN}",
        "given the start; 15 to 34 organisations an area, one person each, of whom 75 % answer at the first wave and",
        "60 % at the last: the precision of areas is that of the shipped study. `shipped study`: drawn from",
        "`config/truth.yaml` with start and change of areas unrelated (all roles and levels, whole Likert items,",
        "drop-out that depends on the score). In brackets: Monte-Carlo errors.",
        "",
        "## The slope of the model",
        "Told: studies of which the starts differ enough to say; the other columns are of these.",
        "",
        "| areas | true slope | studies | told % | interval holds truth % | median less truth | SD | median width |",
        "|---|---|---|---|---|---|---|---|",
        *(slope_line(cell, table) for cell, table in found.items()),
        "",
        "## The naive slope",
        "Observed change on observed start by least squares; what the true variances and the answers given predict of",
        "it; and what each study's own model expects. Where the true slope is 0 all of it is bias.",
        "",
        "| areas | true slope | mean naive slope | predicted from the truth | models expect | naive less expected |",
        "|---|---|---|---|---|---|",
        *(naive_line(cell, table) for cell, table in found.items() if cell not in alike),
        "",
        "## Change by thirds of the start, cross-fitted",
        f"Without a relation all thirds change by {CHANGE:+} and do not differ. Else, and for the shipped study, the",
        "mean estimate stands for the truth.",
        "",
        "| areas | true slope | lowest | middle | highest | highest less lowest "
        "| lowest held % | middle % | highest % | difference % |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(parts_line(cell, table) for cell, table in found.items() if cell in usual),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    for goal in range(ROUND, max(cell.studies for cell in CELLS) + ROUND, ROUND):
        tables = {cell: run(cell, place, min(goal, cell.studies)) for cell in CELLS}
    text = report(tables)
    print(text)
    (ROOT / "benchmarks" / "start.md").write_text(text, encoding="utf-8")
