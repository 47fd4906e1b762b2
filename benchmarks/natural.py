"""Is the truth recovered on natural scales? Simulated pilots of known change, through the code of rule ``fit_natural``.

    python benchmarks/natural.py simulate 500 [--seconds 600]    # adds what is missing; can be stopped at any time
    python benchmarks/natural.py bootstrap 10 [--seconds 600]    # simulation intervals beside parametric bootstrap
    python benchmarks/natural.py report                          # writes natural.md from both tables

A pilot has 22 areas, 12 organisations each, one or two respondents, of whom a quarter is lost after the first wave.
Study k of a form and size of change depends on k alone. What is done stands in ``.cache/natural``, one row a study.
"""

from __future__ import annotations

import argparse
import csv
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.change.integrate import log_normal, logistic_normal
from pilot_eval.change.ordered import ATTENUATION
from pilot_eval.mixed import ModelError
from pilot_eval.mixed.draws import draw_parameters
from pilot_eval.mixed.simulate import generator
from pilot_eval.model.natural_fit import Change, NaturalFit, fit_form, read_change
from pilot_eval.model.natural_rows import HALF, answers_of

ROOT = Path(__file__).resolve().parents[1]
DONE = ROOT / ".cache" / "natural"
STUDIES, BOOTSTRAP, PAGE = DONE / "studies.csv", DONE / "bootstrap.csv", ROOT / "benchmarks" / "natural.md"
WAVES, ROLE = ["before", "after"], "lead"
THRESHOLDS = np.array([-1.5, 0.0, 1.5])
REPLICATES = 100


@dataclass(frozen=True)
class Truth:
    """Start, change, and standard deviations: area (start, change, correlation), organisation, occasion or person."""

    start: float
    change: float
    area: tuple[float, float, float]
    organisation: float
    finest: float
    own: float = 0.0


TRUTHS = {
    "share": Truth(-0.85, -0.50, (0.30, 0.20, -0.2), 0.30, 0.25),
    "yes_no": Truth(-0.40, 1.00, (0.50, 0.40, -0.2), 0.40, 0.30),
    "count": Truth(1.50, 0.20, (0.25, 0.15, 0.0), 0.50, 0.15, own=8.0),
    "weeks": Truth(2.20, -0.20, (0.20, 0.15, -0.2), 0.25, 0.10, own=0.55),
    "ordered": Truth(0.00, 0.80, (0.40, 0.30, -0.2), 0.40, 0.80),
}
QUESTIONS = {
    "share": {"item": "events", "trials": "number"}, "yes_no": {"item": "yes"}, "count": {"item": "number"},
    "weeks": {"item": "wait", "came": "came"}, "ordered": {"item": "level"},
}  # fmt: skip


def variances(truth: Truth) -> tuple[float, float]:
    """Variance of the random part at either wave."""
    start, slope, correlation = truth.area
    rest = truth.organisation**2 + truth.finest**2
    return start**2 + rest, start**2 + slope**2 + 2 * correlation * start * slope + rest


def estimands(form: str, truth: Truth) -> dict[str, float]:
    """What the population's change is, integrated over all random effects."""
    eta, v = np.array([truth.start, truth.start + truth.change]), np.array(variances(truth))
    if form in ("share", "yes_no"):
        first, last = 100 * logistic_normal(eta, np.sqrt(v))
        return {"points": last - first}
    if form == "count":
        first, last = log_normal(eta, np.sqrt(v))
        return {"ratio": last / first, "difference": last - first}
    if form == "weeks":
        first, last = np.exp(eta) - HALF
        return {"ratio": last / first, "weeks": last - first}
    reached = [100 * logistic_normal(eta - cut, np.sqrt(v)) for cut in THRESHOLDS]
    odds = np.exp(truth.change / np.sqrt(1 + ATTENUATION * v.mean()))
    return {"odds": odds, "reached 3": reached[1][1] - reached[1][0]}


def estimates(form: str, change: Change) -> dict[str, tuple[float, float, float] | None]:
    """The same as estimated, with intervals."""
    if form in ("share", "yes_no"):
        return {"points": change.change}
    if form == "ordered":
        return {"odds": change.ratio, "reached 3": change.reached[1][2]}
    return {"ratio": change.ratio, ("weeks" if form == "weeks" else "difference"): change.change}


def study(form: str, truth: Truth, k: int) -> pd.DataFrame:
    """An analysis table drawn from the truth."""
    random = generator(sum(map(ord, form)), k)
    areas, per_area = 22, 12
    start, slope, correlation = truth.area
    root = np.linalg.cholesky([[start**2, correlation * start * slope], [correlation * start * slope, slope**2]])
    of_area = random.standard_normal((areas, 2)) @ root.T
    of_unit = truth.organisation * random.standard_normal(areas * per_area)
    people = np.repeat(np.arange(areas * per_area), random.choice([1, 2], areas * per_area, p=[0.6, 0.4]))
    of_person = truth.finest * random.standard_normal(len(people))
    of_occasion = truth.finest * random.standard_normal((areas * per_area, 2))
    frames = []
    for w, wave in enumerate(WAVES):
        here = np.flatnonzero(random.random(len(people)) < (1.0 if w == 0 else 0.75))
        unit, area = people[here], people[here] // per_area
        eta = truth.start + w * truth.change + of_area[area, 0] + w * of_area[area, 1] + of_unit[unit]
        eta = eta + (of_person[here] if form == "ordered" else of_occasion[unit, w])
        frame = pd.DataFrame({"wave": wave, "months": 10.0 * w, "area": [f"a{a:02}" for a in area]})
        frame["unit"] = frame["organisation"] = [f"o{u:03}" for u in unit]
        frame["respondent"] = [f"r{r:03}" for r in here]
        frames.append(frame.assign(**_answer(form, truth, eta, random)))
    rows = pd.concat(frames, ignore_index=True)
    return rows.assign(role=ROLE, _id=[f"{i:05}" for i in range(len(rows))])


def _answer(form: str, truth: Truth, eta: Any, random: np.random.Generator) -> dict[str, Any]:
    n = len(eta)
    if form == "share":
        number = random.poisson(np.exp(1.5 + 0.5 * random.standard_normal(n)))
        return {"number": number.astype(float), "events": random.binomial(number, 1 / (1 + np.exp(-eta))).astype(float)}
    if form == "yes_no":
        return {"yes": (random.random(n) < 1 / (1 + np.exp(-eta))).astype(float)}
    if form == "count":
        return {"number": random.poisson(np.exp(eta) * random.gamma(truth.own, 1 / truth.own, n)).astype(float)}
    if form == "weeks":
        wait = np.maximum(np.exp(eta + truth.own * random.standard_normal(n)) - HALF, 0.0)
        until = random.uniform(1, 30, n)
        return {"wait": np.minimum(wait, until), "came": (wait <= until).astype(float), "until": until}
    return {"level": 1.0 + np.searchsorted(THRESHOLDS, eta + random.logistic(size=n))}


def fitted(form: str, analysis: pd.DataFrame, seed: int) -> NaturalFit:
    """The model of the rule."""
    question = {"question": form, "form": form, "trials": None, "exposure": None, "came": None, "matched": False}
    answers = answers_of(analysis, question | QUESTIONS[form], [ROLE], WAVES)
    return fit_form(answers.rows, form, "", seed)


def change_of(found: NaturalFit) -> Change:
    """The rule's change."""
    change = read_change(found, *WAVES, [ROLE])
    assert change is not None
    return change


# --- coverage ------------------------------------------------------------------------------------------------------

COLUMNS = ("form", "step", "study", "estimand", "truth", "estimate", "low", "high", "p", "singular", "steps")


def simulate(studies: int, seconds: float) -> None:
    """Add the studies that are missing, round by round, so that all forms are equally far at any time."""
    end = time.monotonic() + seconds
    done = {(row["form"], float(row["step"]), int(row["study"])) for row in _read(STUDIES)}
    for k in range(studies):
        for form, truth in TRUTHS.items():
            for step in (0.0, 1.0):
                if (form, step, k) in done:
                    continue
                if time.monotonic() > end:
                    return
                _append(STUDIES, COLUMNS, _one(form, replace(truth, change=step * truth.change), step, k))


def _one(form: str, truth: Truth, step: float, k: int) -> Iterator[tuple[Any, ...]]:
    key = (form, f"{step:g}", k)
    try:
        found = fitted(form, study(form, truth, 2 * k + int(step)), k)
    except (ModelError, np.linalg.LinAlgError) as error:
        for name, value in estimands(form, truth).items():
            yield (*key, name, f"{value:.6g}", "", "", "", "", "", f"{type(error).__name__}")
        return
    change = change_of(found)
    for name, value in estimands(form, truth).items():
        bounds = estimates(form, change)[name]
        texts = [f"{number:.6g}" for number in bounds] if bounds else ["", "", ""]
        yield (*key, name, f"{value:.6g}", *texts, f"{change.p:.4g}", int(found.fit.singular), len(found.steps))


# --- parametric bootstrap ------------------------------------------------------------------------------------------

PAIRED = ("form", "study", "estimand", "estimate", "low", "high", "boot_low", "boot_high", "replicates", "failed")


def bootstrap(studies: int, seconds: float) -> None:
    """Simulation intervals beside percentile intervals of a parametric bootstrap of the same fit."""
    end = time.monotonic() + seconds
    done = {(row["form"], int(row["study"])) for row in _read(BOOTSTRAP)}
    for k in range(studies):
        for form, truth in TRUTHS.items():
            if (form, k) in done:
                continue
            if time.monotonic() > end:
                return
            _append(BOOTSTRAP, PAIRED, _bootstrapped(form, truth, k))


def _bootstrapped(form: str, truth: Truth, k: int) -> Iterator[tuple[Any, ...]]:
    analysis = study(form, truth, 2 * k + 1)
    found = fitted(form, analysis, k)
    told = estimates(form, change_of(found))
    again: dict[str, list[float]] = {name: [] for name in told}
    failed = 0
    for r in range(REPLICATES):
        try:
            change = change_of(_refitted(found, r, k))
        except (ModelError, np.linalg.LinAlgError):
            failed += 1
            continue
        for name, bounds in estimates(form, change).items():
            if bounds:
                again[name].append(bounds[0])
    for name, bounds in told.items():
        assert bounds is not None
        ends = np.quantile(again[name], [0.025, 0.975])
        texts = [f"{number:.6g}" for number in (*bounds, *ends)]
        yield (form, k, name, *texts, len(again[name]), failed)


def _refitted(found: NaturalFit, r: int, seed: int) -> NaturalFit:
    """The model fitted to a replicate of its own outcomes; waits are cut off where the study's were."""
    if found.form == "weeks":
        fit, random = found.fit, generator(seed + 1, r)
        effects = [
            random.standard_normal((size, len(t))) @ t.T
            for size, t in zip(fit.problem.structure.n_groups, fit.problem.t_internal(fit.optimum.theta), strict=True)
        ]
        eta = fit.predict(re="none").to_numpy() + fit.target.spread(effects)
        latent = eta + fit.sigma * random.standard_normal(len(eta))
        until = np.log(found.rows["until"].to_numpy() + HALF)
        rows = found.rows.assign(value=np.minimum(latent, until), came=(latent <= until).astype(float))
        return fit_form(rows, "weeks", "", seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = found.fit.refit(found.fit.simulate(r + 1, seed + 1)[r].to_numpy())
    return replace(found, fit=fit, drawn=draw_parameters(fit, 1, 1))


# --- tables --------------------------------------------------------------------------------------------------------


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _append(path: Path, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    found = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([columns] if fresh else [])
        writer.writerows(found)


HEAD = """# Change on natural scales: is the truth recovered?

Simulated pilots of 22 areas, 12 organisations each, one or two respondents, a quarter of them lost after the first
wave; up to {studies} of each form and size of change, through the code of rule `fit_natural`. The truth is the
population's, integrated over all random effects. `none`: no change on the scale of the model (the shares and means of a
population change a little even then, since areas differ more at the last wave); `type-I` is the share of its tests
that reject at 5 %. Of the waits about a third are not over. Coverage is that of 95 % intervals; (MC) are Monte-Carlo
errors. Made by `python benchmarks/natural.py simulate 500`, then `report`; it can be stopped at any time and goes on.
"""
BESIDE = """## Beside a parametric bootstrap

The interval by simulation from the parameters' asymptotic distribution beside percentiles of {replicates} refits to
outcomes drawn from the same fit (waits cut off where the study's were). Differences of bounds are means, in widths of
the bootstrap interval; the ratio of widths is the median.
"""


def report() -> None:
    """Write the page."""
    table = pd.read_csv(STUDIES).sort_values(["form", "step", "study"])
    page = [HEAD.format(studies=table["study"].nunique()), *coverage_lines(table)]
    if BOOTSTRAP.exists():
        page += ["", BESIDE.format(replicates=REPLICATES), *paired_lines(pd.read_csv(BOOTSTRAP))]
    PAGE.write_text("\n".join(page) + "\n", "utf-8")


def coverage_lines(table: pd.DataFrame) -> Iterator[str]:
    """Bias, coverage and type-I error by form, size of change and estimand."""
    names = ["form", "change", "estimand", "truth", "studies", "bias", "(MC)", "coverage %", "(MC)", "type-I %"]
    names += ["singular %", "failed"]
    yield f"| {' | '.join(names)} |"
    yield "|" + "---|" * len(names)
    for (form, step, name), own in table.groupby(["form", "step", "estimand"], sort=True):
        known = own.dropna(subset=["estimate", "low", "high"])
        n = len(known)
        bias = known["estimate"] - known["truth"]
        inside = ((known["low"] <= known["truth"]) & (known["truth"] <= known["high"])).mean()
        near = (inside * n + 2) / (
            n + 4
        )  # Agresti and Coull (1998): no error of zero where all intervals hold the truth
        cells = [
            form, "none" if step == 0 else "some", name, f"{own['truth'].iloc[0]:.3f}", str(n), f"{bias.mean():+.3f}",
            f"{bias.std() / np.sqrt(n):.3f}", f"{100 * inside:.1f}", f"{100 * np.sqrt(near * (1 - near) / n):.1f}",
            f"{100 * (known['p'] < 0.05).mean():.1f}" if step == 0 else "", f"{100 * known['singular'].mean():.0f}",
            str(len(own) - n),
        ]  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def paired_lines(table: pd.DataFrame) -> Iterator[str]:
    """Widths and bounds beside those of the bootstrap, by form and estimand."""
    width = table["boot_high"] - table["boot_low"]
    table = table.assign(
        ratio=(table["high"] - table["low"]) / width,
        below=(table["low"] - table["boot_low"]) / width,
        above=(table["high"] - table["boot_high"]) / width,
    )
    yield "| form | estimand | fits | width, simulation / bootstrap | lower bound | upper bound | refits failed |"
    yield "|---|---|---|---|---|---|---|"
    for (form, name), own in table.groupby(["form", "estimand"], sort=True):
        cells = [
            form, name, str(len(own)), f"{own['ratio'].median():.2f}", f"{own['below'].mean():+.3f}",
            f"{own['above'].mean():+.3f}", str(own["failed"].sum()),
        ]  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["simulate", "bootstrap", "report"])
    parser.add_argument("studies", type=int, nargs="?", default=500)
    parser.add_argument("--seconds", type=float, default=1e9)
    asked = parser.parse_args()
    if asked.what == "report":
        report()
    else:
        {"simulate": simulate, "bootstrap": bootstrap}[asked.what](asked.studies, asked.seconds)


if __name__ == "__main__":
    main()
