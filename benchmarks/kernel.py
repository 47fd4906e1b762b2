"""How long the mixed-model kernel takes, from one pilot-sized fit to half a million rows, beside statsmodels.

``python benchmarks/kernel.py`` simulates its data, times each task on one thread and writes ``benchmarks/kernel.md``.
Ratios are between times of one run.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from pilot_eval.mixed import LmmFit, lmer  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
FORMULA = "y ~ wave * role + (1 + wave | area) + (1 | school)"
OUTCOMES = 8
BOOTSTRAP = 1000
Row = tuple[str, float, float | None, str]


def simulate(rows: int, areas: int, schools: int, seed: int, outcomes: int = 1) -> pd.DataFrame:
    """Answers at two waves: areas with their own level and change, schools within areas, two roles by school."""
    rng = np.random.default_rng(seed)
    school = np.sort(np.r_[np.arange(schools), rng.integers(0, schools, rows - schools)])
    area = np.sort(np.r_[np.arange(areas), rng.integers(0, areas, schools - areas)])[school]
    wave = rng.integers(0, 2, rows).astype(float)
    role = rng.random(rows) < 0.4
    data = {
        "area": pd.Categorical.from_codes(area, [f"A{i:03d}" for i in range(areas)]),
        "school": pd.Categorical.from_codes(school, [f"S{i:05d}" for i in range(schools)]),
        "wave": wave,
        "role": pd.Categorical.from_codes(role.astype(int), ["lead", "staff"]),
    }
    for k in range(outcomes):
        by_area = rng.normal(size=(areas, 2)) @ np.array([[0.35, 0.05], [0.0, 0.25]])
        mean = 3.0 + 0.35 * wave - 0.2 * role + 0.1 * wave * role + by_area[area, 0] + by_area[area, 1] * wave
        data["y" if outcomes == 1 else f"y{k}"] = mean + 0.4 * rng.normal(size=schools)[school] + rng.normal(size=rows)
    # people answer in any order
    return pd.DataFrame(data).iloc[rng.permutation(rows)].reset_index(drop=True)


def seconds(task: Callable[[], Any], repeats: int = 1) -> float:
    """Median processor time of a task: with one thread its duration on an idle machine."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        task()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def statsmodels_fit(data: pd.DataFrame, outcome: str = "y") -> Any:
    """The same model by statsmodels' MixedLM (`lbfgs`); its formula and matrices are part of the time, as ours are."""
    import statsmodels.formula.api as smf

    # a Categorical's unused levels would become columns of zeros in every area
    plain = data.assign(school=data["school"].astype(str), area=data["area"].astype(str))
    model = smf.mixedlm(
        f"{outcome} ~ wave * role", plain, groups="area", re_formula="1 + wave", vc_formula={"school": "0 + C(school)"}
    )
    # no convergence is part of its answer; `gap` says how far it got
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(reml=True, method="lbfgs")


def evening(data: pd.DataFrame) -> int:
    """An analyst's evening: every outcome's model, tests and means; for the first the rest. Number of fits made."""
    for k in range(OUTCOMES):
        fit = lmer(FORMULA.replace("y ~", f"y{k} ~"), data)
        fit.tests("kenward-roger")
        fit.emmeans(["role", "wave"], at={"wave": [0, 1]}, df="kenward-roger")
        if k == 0:
            fit.profile_ci(group="area", term="wave")
            left = fit.influence("area", refit=True)
            fit.bootstrap(n=200, seed=1)
    return OUTCOMES + len(left) + 200


def national(rows: int, schools: int, repeats: int) -> Row:
    """Fit and standard errors of a national survey of 150 areas; the first fit also asks for its memory."""
    data = simulate(rows, 150, schools, 3)
    first = seconds(lambda: lmer(FORMULA, data).se)
    taken = seconds(lambda: lmer(FORMULA, data).se, repeats)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"one fit, {rows:,} rows, 150 areas, {schools:,} schools",
        taken,
        None,
        f"first time {first:.2f} s; peak so far {memory:.0f} MB",
    )


def measure() -> list[Row]:
    """Task, the kernel's seconds, statsmodels' seconds, a note."""
    out: list[Row] = []
    lmer(FORMULA, simulate(1200, 22, 255, 1))  # what is imported on first use
    # first, so that the process's peak is this fit's: simulated frame, libraries and fits together
    last = national(562_000, 20_000, 3)
    before = national(113_000, 10_000, 5)
    pilot = simulate(1200, 22, 255, 1)
    fits = [lmer(FORMULA, pilot) for _ in range(9)]
    theirs = seconds(lambda: statsmodels_fit(pilot), 5)
    ours = seconds(lambda: lmer(FORMULA, pilot).se, 25)
    same = gap(fits[0], statsmodels_fit(pilot))
    out.append(("one fit, 1,200 rows, 22 areas, 255 schools", ours, theirs, same))
    each = iter(fits)
    out.append(("Kenward-Roger tests of that fit", seconds(lambda: next(each).tests("kenward-roger"), 9), None, ""))
    refits = seconds(lambda: fits[0].bootstrap(n=BOOTSTRAP, seed=1))
    out.append((f"{BOOTSTRAP:,} parametric-bootstrap refits of it", refits, BOOTSTRAP * theirs, "one fit times 1,000"))
    middle = lmer(FORMULA, simulate(10_348, 60, 900, 5))
    out.append(("Kenward-Roger tests, 10,348 rows, 60 areas", seconds(lambda: middle.tests("kenward-roger")), None, ""))
    out += [before, last]
    out.append(evening_beside(simulate(1033, 22, 230, 6, OUTCOMES), 3))
    out.append(evening_beside(simulate(10_348, 60, 900, 7, OUTCOMES), 1))
    return out


def evening_beside(data: pd.DataFrame, repeats: int) -> Row:
    """The evening beside as many fits by statsmodels, taken as one fit's time each."""
    counts: list[int] = []
    taken = seconds(lambda: counts.append(evening(data)), repeats)
    one = seconds(lambda: statsmodels_fit(data, "y0"), repeats)
    same = gap(lmer(FORMULA.replace("y ~", "y0 ~"), data), statsmodels_fit(data, "y0"))
    task = f"the analyst's evening, {len(data):,} rows, {data['area'].nunique()} areas"
    return task, taken, counts[0] * one, f"one fit times {counts[0]}, nothing but fits; {same}"


def gap(fit: LmmFit, theirs: Any) -> str:
    """How far the two programs' answers lie apart, so that the times are of the same work."""
    return f"log-likelihood less statsmodels' {fit.loglik - float(theirs.llf):+.0e}"


def table(rows: list[Row]) -> list[str]:
    """The results as lines of Markdown."""
    lines = ["| task | kernel, s | statsmodels, s | kernel's share | note |", "|---|---|---|---|---|"]
    for task, ours, theirs, note in rows:
        other = "" if theirs is None else f"{theirs:.3g}"
        share = "" if theirs is None else f"1/{theirs / ours:.0f}"
        lines.append(f"| {task} | {ours:.3g} | {other} | {share} | {note} |")
    return lines


def main() -> None:
    """Measure and write the table."""
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = measure()
    took = time.perf_counter() - start
    load = os.getloadavg()[1]
    missing = "R was missing on this machine, so lme4 could not be timed in the same run and no ratio to it is given"
    if shutil.which("Rscript"):
        missing = "R is on this machine, but this script does not time lme4"
    text = [
        "# Times of the mixed-model kernel",
        "",
        f"Made by `python benchmarks/kernel.py` in {took:.0f} s: one process, one thread, {platform.machine()}, Python "
        f"{platform.python_version()}, numpy {np.__version__}; {os.cpu_count()} cores, load {load:.1f} over the last "
        f"five minutes. Processor time, medians. {missing}; the comparison is with statsmodels' MixedLM (`lbfgs`). "
        "Formula, checks and design matrices are part of every fit's time, on both sides.",
        "",
        f"Model: `{FORMULA}`, REML, data simulated by the script.",
        "",
        *table(rows),
        "",
        "Empty: statsmodels has no Kenward-Roger; fits of 113,000 rows and more are not tried with it. The evening: 8 "
        "outcomes with fit, Kenward-Roger tests and marginal means; for the first also the profile of one slope SD, "
        "every area left out in turn and 200 bootstrap refits. A log-likelihood above statsmodels' by more than 0.01 "
        "means that `lbfgs` stopped short, so its time is not of the whole work.",
        "",
    ]
    (ROOT / "benchmarks" / "kernel.md").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
