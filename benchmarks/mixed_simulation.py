"""Pilots simulated from a known truth and fitted by the mixed-model kernel: how its tests and intervals behave.

``python benchmarks/mixed_simulation.py`` simulates pilots of 8, 22 and 60 areas whose change differs between areas by
an SD of 0, 0.1, 0.2 and 0.4, fits the model to each data set, and has R answer for one cell on the same data sets
(``mixed_simulation.R``; left out where R is missing). Parts that are done stand in ``.cache/mixed_simulation`` and are
not computed again, so it can be stopped at any time. ``mixed_simulation_report.py`` makes the report.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from pilot_eval.mixed import LmmFit, lmer  # noqa: E402
from pilot_eval.mixed.bootstrap import as_fits, refit_batch  # noqa: E402
from pilot_eval.mixed.effects import factor_index  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
FORMULA = "y ~ wave + (1 + wave | area) + (1 | school)"
AREAS = (8, 22, 60)
SLOPE_SDS = (0.0, 0.1, 0.2, 0.4)
ANCHOR = (8, 0.4)
SEED = 20150901
#: Truth but for the slope SD, on a 1 to 5 scale; no overall change.
TRUTH = {"mean": 3.0, "area": 0.30, "correlation": -0.4, "school": 0.30, "residual": 0.70}
SCHOOLS_PER_AREA = 255 / 22
REFITS = 200
BATCH = 50
#: Data sets by what is asked of them, and how many make one part.
SIZES = {"tests": (4000, 250), "profile": (500, 25), "bootstrap": (200, 10), "areas": (60, 5), "anchor": (500, 25)}
#: In each part of the tests the first so many data sets are also fitted singly.
SINGLY = 8
#: Parts of other settings are not mistaken for these; more data sets only add parts.
SETTINGS = repr((FORMULA, SEED, TRUTH, SCHOOLS_PER_AREA, REFITS, [SIZES[kind][1] for kind in list(SIZES)[:4]]))
PARTS = ROOT / ".cache" / "mixed_simulation" / hashlib.sha256(SETTINGS.encode()).hexdigest()[:8]
SCRIPT = ROOT / "benchmarks" / "mixed_simulation.R"
Cell = tuple[int, float]
CELLS: list[Cell] = [(areas, sd) for areas in AREAS for sd in SLOPE_SDS]


def generator(*key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(SEED, spawn_key=key)))


@cache
def design(areas: int) -> pd.DataFrame:
    """Who answers at which wave: unequal areas and schools, drop-out and late-comers; the same for all data sets."""
    rng = generator(areas)
    schools = round(SCHOOLS_PER_AREA * areas)
    per_area = 6 + rng.multinomial(schools - 6 * areas, rng.dirichlet(np.full(areas, 4.0)))
    area_of = np.repeat(np.arange(areas), per_area)
    staff = 1 + rng.poisson(1.5, schools)
    school_of = np.repeat(np.arange(schools), staff)
    first = rng.random(len(school_of)) < 0.75
    last = rng.random(len(school_of)) < np.where(first, 0.74, 0.30)
    school = np.r_[school_of[first], school_of[last]]
    wave = np.repeat([0.0, 1.0], [first.sum(), last.sum()])
    return pd.DataFrame({"wave": wave, "area": area_of[school], "school": school})


def draw(cell: Cell, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcome (n,) and true change of every area (areas,) of data set k, which depends on seed, cell and k alone."""
    areas, sd = cell
    rng, rows = generator(areas, round(100 * sd), k), design(areas)
    start, own = rng.standard_normal((2, areas))
    change = sd * (TRUTH["correlation"] * start + np.sqrt(1.0 - TRUTH["correlation"] ** 2) * own)
    school = rng.standard_normal(rows["school"].max() + 1)
    y = TRUTH["mean"] + TRUTH["area"] * start[rows["area"]] + change[rows["area"]] * rows["wave"].to_numpy()
    y = y + TRUTH["school"] * school[rows["school"]] + TRUTH["residual"] * rng.standard_normal(len(rows))
    return y, change


@cache
def template(cell: Cell) -> LmmFit:
    """The fit whose cross-products and starting point all data sets of a cell share."""
    return lmer(FORMULA, design(cell[0]).assign(y=draw(cell, 0)[0]))


def fits(cell: Cell, numbers: range) -> list[LmmFit | None]:
    """The data sets of a cell fitted in batch; None where one did not converge."""
    out: list[LmmFit | None] = []
    for begin in range(numbers.start, numbers.stop, BATCH):
        y = np.stack([draw(cell, k)[0] for k in range(begin, min(begin + BATCH, numbers.stop))], axis=1)
        out += as_fits(template(cell), y, refit_batch(template(cell), y))
    return out


def slope_sd(fit: LmmFit) -> float:
    return float(np.sqrt(fit.covariances[factor_index(fit, "area")][1, 1]))


def of_tests(cell: Cell, k: int, fit: LmmFit, first: int) -> dict[str, float]:
    """Tests of the overall change by the three methods, and for some data sets what a fit by itself gives."""
    row = {"singular": fit.singular, "criterion": fit.criterion, "slope_sd": slope_sd(fit)}
    for name, df in (("kr", "kenward-roger"), ("satterthwaite", "satterthwaite"), ("z", "normal")):
        test = fit.tests(df).loc["wave"]
        row |= {f"{name}_p": test["p"], f"{name}_df": test["df"], f"{name}_se": test["se"]}
    if k < first + SINGLY:
        single = fit.refit(fit.response)
        row |= {"single_criterion": single.criterion, "single_singular": single.singular}
    return row


def of_profile(cell: Cell, k: int, fit: LmmFit, first: int) -> dict[str, float]:
    """Profile interval of the slope SD; plug-in intervals of the areas' own changes."""
    table = fit.profile_ci(group="area", term="wave").iloc[0]
    inside, width = held(fit.area_effects("wave"), draw(cell, k)[1])
    return {"low": table["low"], "high": table["high"], "areas_inside": inside, "areas_width": width}


def of_bootstrap(cell: Cell, k: int, fit: LmmFit, first: int) -> dict[str, float]:
    """Bootstrap intervals of the slope SD."""
    again = fit.bootstrap(n=REFITS, seed=k + 1)
    row: dict[str, float] = {"failed": len(again.failures)}
    for kind in ("percentile", "basic", "bca"):
        ends = again.interval(kind).loc["sd(wave|area)"]
        row |= {f"{kind}_low": ends["low"], f"{kind}_high": ends["high"]}
    return row


def of_areas(cell: Cell, k: int, fit: LmmFit, first: int) -> dict[str, float]:
    """Bootstrap intervals of the areas' own changes."""
    table = fit.area_effects("wave", bootstrap=REFITS, seed=k + 1)
    inside, width = held(table, draw(cell, k)[1])
    return {"areas_inside": inside, "areas_width": width, "failed": table.attrs["failures"]}


def held(table: pd.DataFrame, truth: np.ndarray) -> tuple[float, float]:
    """Share of areas whose interval holds their true change, and the intervals' mean width."""
    inside = (table["low"].to_numpy() <= truth) & (truth <= table["high"].to_numpy())
    return float(inside.mean()), float((table["high"] - table["low"]).mean())


ASKED = {"tests": of_tests, "profile": of_profile, "bootstrap": of_bootstrap, "areas": of_areas}


@dataclass(frozen=True)
class Part:
    """Some data sets of one cell, and what is asked of them."""

    kind: str
    cell: Cell
    first: int

    @property
    def path(self) -> Path:
        return PARTS / f"{self.kind}-{self.cell[0]:02d}-{self.cell[1]:.1f}-{self.first:04d}.csv"


def parts() -> list[Part]:
    """All parts, in an order in which every cell has some data sets early; the tests come first."""
    share = [
        (first / total / (20 if kind == "tests" else 1), kind, first)
        for kind, (total, step) in SIZES.items()
        for first in range(0, total, step)
    ]
    cells = {kind: CELLS for kind in SIZES} | {"anchor": [ANCHOR] if shutil.which("Rscript") else []}
    return [Part(kind, cell, first) for _, kind, first in sorted(share) for cell in cells[kind]]


def compute(part: Part) -> Part:
    """One row per data set; the part's file appears when it is complete."""
    numbers = range(part.first, part.first + SIZES[part.kind][1])
    unfinished = part.path.with_suffix(f".{os.getpid()}")
    if part.kind == "anchor":
        ask_r(part.cell, numbers, unfinished)
    else:
        answers(part, numbers).to_csv(unfinished, index=False)
    unfinished.replace(part.path)
    return part


def answers(part: Part, numbers: range) -> pd.DataFrame:
    """The kernel's answers."""
    rows = []
    with warnings.catch_warnings():
        # singular fits are counted, not announced
        warnings.simplefilter("ignore")
        for k, fit in zip(numbers, fits(part.cell, numbers), strict=True):
            found = {} if fit is None else ASKED[part.kind](part.cell, k, fit, part.first)
            rows.append({"k": k, "converged": fit is not None, **found})
    return pd.DataFrame(rows)


def ask_r(cell: Cell, numbers: range, path: Path) -> None:
    """R's answers for the same data sets, which go there as a file."""
    data = path.with_suffix(".data.csv")
    outcomes = pd.DataFrame({f"y{k}": draw(cell, k)[0] for k in numbers})
    pd.concat([design(cell[0]), outcomes], axis=1).to_csv(data, index=False, float_format="%.17g")
    subprocess.run(["Rscript", SCRIPT, data, path, FORMULA], check=True)
    data.unlink()


def simulate(processes: int) -> None:
    PARTS.mkdir(parents=True, exist_ok=True)
    every = parts()
    missing = [part for part in every if not part.path.is_file()]
    with ProcessPoolExecutor(processes) as pool:
        for done, future in enumerate(as_completed([pool.submit(compute, part) for part in missing]), 1):
            name, number = future.result().path.stem, len(every) - len(missing) + done
            print(f"{number} of {len(every)} parts: {name}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="default: one per core")
    simulate(parser.parse_args().processes)


if __name__ == "__main__":
    main()
