"""How long the mixed-model kernel takes, beside lme4 and statsmodels, from a pilot's fit to half a million rows.

``python benchmarks/mixed.py`` simulates its data, times each task on one thread, lets ``benchmarks/mixed.R`` time the
same tasks on the same data (where R with lme4, lmerTest, pbkrtest and emmeans is present), and writes
``benchmarks/mixed.md``. Ratios are between processor times of one run.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
os.environ.update(ONE_THREAD)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from pilot_eval.mixed import LmmFit, lmer  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
FORMULA = "y ~ wave * role + (1 + wave | area) + (1 | school)"
OUTCOMES = 8
Times = dict[str, list[float]]

#: task, what it is, and the largest share of R's time that it may take (0: none is set)
GOALS = [
    ("pilot", "one fit, 1,200 rows, 22 areas, 255 schools", 4),
    ("boundary", "the same where the fit ends at a boundary and is started again", 2),
    ("bootstrap", "1,000 parametric-bootstrap refits of the first", 30),
    ("kr pilot scripted", "Kenward-Roger tests of the first, R as scripted", 100),
    ("kr pilot once", "the same, R's adjusted covariance computed once", 0),
    ("kr middle once", "the same at 10,348 rows in 60 areas", 40),
    ("large", "one fit, 113,000 rows, 150 areas, 10,000 schools", 50),
    ("national", "one fit, 562,000 rows, 150 areas, 20,000 schools", 60),
    ("evening scripted", "the analyst's evening, 1,033 rows, 22 areas, R as scripted", 15),
    ("evening once", "the same, R's adjusted covariance computed once", 12),
    ("evening10 scripted", "the evening at ten times the size, 10,348 rows, 60 areas, R as scripted", 40),
    ("evening10 once", "the same, R's adjusted covariance computed once", 22),
]


def simulate(rows: int, areas: int, schools: int, seed: int, outcomes: int = 1, slope: float = 0.25) -> pd.DataFrame:
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
        by_area = rng.normal(size=(areas, 2)) @ np.array([[0.35, 0.2 * slope], [0.0, slope]])
        mean = 3.0 + 0.35 * wave - 0.2 * role + 0.1 * wave * role + by_area[area, 0] + by_area[area, 1] * wave
        data["y" if outcomes == 1 else f"y{k}"] = mean + 0.4 * rng.normal(size=schools)[school] + rng.normal(size=rows)
    # people answer in any order
    return pd.DataFrame(data).iloc[rng.permutation(rows)].reset_index(drop=True)


def data_sets() -> dict[str, pd.DataFrame]:
    """All data by name, small to large; the boundary's slope is so small that its variance is estimated as 0."""
    return {
        "pilot": simulate(1200, 22, 255, 1),
        "boundary": simulate(1200, 22, 255, 4, slope=0.0),
        "middle": simulate(10_348, 60, 900, 5),
        "evening": simulate(1033, 22, 230, 6, OUTCOMES),
        "evening10": simulate(10_348, 60, 900, 7, OUTCOMES),
        "large": simulate(113_000, 150, 10_000, 3),
        "national": simulate(562_000, 150, 20_000, 3),
    }


def timed(task: Callable[[], Any], repeats: int) -> list[float]:
    """Processor time of a task, several times: with one thread its duration on an idle machine."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        task()
        taken.append(time.process_time() - start)
    return taken


def statsmodels_fit(data: pd.DataFrame, method: str | None) -> Any:
    """The same model by statsmodels' MixedLM; its formula and matrices are part of the time, as ours are."""
    import statsmodels.formula.api as smf

    # a Categorical's unused levels would become columns of zeros in every area
    plain = data.assign(school=data["school"].astype(str), area=data["area"].astype(str))
    model = smf.mixedlm(
        "y ~ wave * role", plain, groups="area", re_formula="1 + wave", vc_formula={"school": "0 + C(school)"}
    )
    return model.fit(reml=True, method=method)


def evening(data: pd.DataFrame) -> None:
    """An analyst's evening: every outcome's model, tests and means; for the first a profile, leave-outs, refits."""
    for k in range(OUTCOMES):
        fit = lmer(FORMULA.replace("y ~", f"y{k} ~"), data)
        fit.tests("kenward-roger")
        fit.emmeans(["role", "wave"], at={"wave": [0, 1]}, df="kenward-roger")
        if k == 0:
            fit.profile_ci(group="area", term="wave")
            fit.influence("area", refit=True)
            fit.bootstrap(n=200, seed=1)


def ours(data: dict[str, pd.DataFrame]) -> tuple[Times, dict[str, LmmFit]]:
    """The kernel's times by task, and the fits whose criteria are held against lme4's."""
    lmer(FORMULA, data["pilot"]).tests()  # what is imported on first use
    times: Times = {}
    fits = {name: lmer(FORMULA, data[name]) for name in ("pilot", "boundary", "large", "national")}
    for name, repeats in (("pilot", 41), ("boundary", 41), ("large", 7), ("national", 5)):
        times[name] = timed(lambda name=name: lmer(FORMULA, data[name]).se, repeats)
    times["bootstrap"] = timed(lambda: fits["pilot"].bootstrap(n=1000, seed=1), 3)
    for name in ("pilot", "middle"):
        fresh = [lmer(FORMULA, data[name]) for _ in range(9)]
        taken = [timed(lambda fit=fit: fit.tests("kenward-roger"), 1)[0] for fit in fresh]
        times[f"kr {name} scripted"] = times[f"kr {name} once"] = taken
    for name in ("evening", "evening10"):
        taken = timed(lambda name=name: evening(data[name]), 3)
        times[f"{name} scripted"] = times[f"{name} once"] = taken
    return times, fits


def by_r(data: dict[str, pd.DataFrame]) -> tuple[Times, dict[str, float], str]:
    """R's times by task, its criteria, and its versions; empty where R or a package is missing."""
    if not shutil.which("Rscript"):
        return {}, {}, ""
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in data.items():
            frame.to_csv(Path(folder) / f"{name}.csv", index=False)
        command = ["Rscript", "--vanilla", str(ROOT / "benchmarks" / "mixed.R"), folder]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | ONE_THREAD)
    if done.returncode:
        sys.stderr.write(done.stderr)
        return {}, {}, ""
    times: Times = {}
    criteria, versions = {}, ""
    for line in done.stdout.splitlines():
        name, _, value = line.partition("\t")
        if name == "versions":
            versions = value
        elif name.startswith("criterion "):
            criteria[name.removeprefix("criterion ")] = float(value)
        elif value:
            times.setdefault(name, []).append(float(value))
    return times, criteria, versions


def peak() -> float:
    """MB at most in a process of its own that simulates 562,000 rows (groups categorical) and fits them."""
    code = (
        "import resource, sys; sys.path.insert(0, sys.argv[1]); import mixed as b;"
        "fit = b.lmer(b.FORMULA, b.simulate(562_000, 150, 20_000, 3)); fit.se;"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(ROOT / "benchmarks")], capture_output=True, check=True)
    return float(json.loads(done.stdout))


def beside_statsmodels() -> list[str]:
    """Rows of the table beside statsmodels: pilot-sized data of several seeds, MixedLM's defaults and `lbfgs`."""
    lines = []
    for method, told in ((None, "`.fit()`, its defaults"), ("lbfgs", '`.fit(method="lbfgs")`')):
        mine, theirs, short = [], [], 0
        for seed in range(1, 10):
            data = simulate(1200, 22, 255, seed)
            fit = lmer(FORMULA, data)
            short += int(fit.loglik - float(statsmodels_fit(data, method).llf) > 0.01)
            mine.append(statistics.median(timed(lambda data=data: lmer(FORMULA, data).se, 9)))
            theirs.append(statistics.median(timed(lambda data=data, method=method: statsmodels_fit(data, method), 3)))
        shares = [b / a for a, b in zip(mine, theirs, strict=True)]
        lines.append(
            f"| {told} | {spread(mine)} | {spread(theirs)} | 1/{statistics.median(shares):.0f} "
            f"(1/{min(shares):.0f} to 1/{max(shares):.0f}) | {short} of 9 |"
        )
    return lines


def spread(values: list[float]) -> str:
    """Median with smallest and largest."""
    middle = statistics.median(values)
    if len(values) == 1:
        return f"{middle:.3g} (once)"
    return f"{middle:.3g} ({min(values):.3g} to {max(values):.3g})"


def rows_of(times: Times, theirs: Times) -> list[str]:
    """Rows of the table beside R."""
    lines = []
    for task, told, goal in GOALS:
        wanted = f"1/{goal}" if goal else "none"
        if task not in theirs:
            lines.append(f"| {told} | {spread(times[task])} | not measured | | {wanted} | |")
            continue
        share = statistics.median(theirs[task]) / statistics.median(times[task])
        met = "" if not goal else "yes" if share >= goal else "no"
        cells = [told, spread(times[task]), spread(theirs[task]), f"1/{share:.0f}", wanted, met]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    """Measure and write the table."""
    start = time.perf_counter()
    memory = peak()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = data_sets()
        times, fits = ours(data)
        other = beside_statsmodels()
        theirs, criteria, versions = by_r(data)
    gaps = ", ".join(f"{name} {fits[name].criterion - value:+.1e}" for name, value in criteria.items())
    with_r = (
        f"{versions}, each with its defaults. Our criterion less lme4's, on the same data: {gaps}."
        if versions
        else "R with lme4, lmerTest, pbkrtest and emmeans was missing on this machine: no ratio to lme4 is given."
    )
    text = [
        "# Times of the mixed-model kernel",
        "",
        f"Made by `python benchmarks/mixed.py` in {time.perf_counter() - start:.0f} s: one process, one thread, "
        f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}; {os.cpu_count()} cores, "
        f"load {os.getloadavg()[2]:.1f} over the last quarter of an hour. Processor seconds: median (smallest to "
        "largest). Formula, checks and design matrices are part of every fit's time, on both sides.",
        "",
        f"Model: `{FORMULA}`, REML, data simulated by the script.",
        "",
        "## Beside R",
        "",
        with_r,
        "",
        "| task | kernel, s | R, s | kernel's share | goal | met |",
        "|---|---|---|---|---|---|",
        *rows_of(times, theirs),
        "",
        f"The process that simulates and fits 562,000 rows has {memory:.0f} MB at its peak (goal: under 600 MB). The "
        "evening: 8 outcomes with fit, Kenward-Roger tests and marginal means; for the first also the profile of one "
        "slope SD, every area left out in turn and 200 bootstrap refits.",
        "",
        "## Beside statsmodels",
        "",
        "The first task on nine simulated data sets. The goal is a share of 1/20. `stopped short`: data sets on which "
        "statsmodels' log-likelihood stays more than 0.01 below the maximum, so its time is not of the whole work.",
        "",
        "| MixedLM | kernel, s | statsmodels, s | kernel's share | stopped short |",
        "|---|---|---|---|---|",
        *other,
        "",
    ]
    (ROOT / "benchmarks" / "mixed.md").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
