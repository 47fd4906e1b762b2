"""Coverage of the intervals of overall change: the study drawn again and again, its models fitted to each draw.

``python benchmarks/coverage.py`` draws ``STUDIES`` studies from the truth file of the shipped study (other people,
other effects of areas, other drop-out; no dirt), fits every outcome's primary model by the kernel as ``fit_change``
does, and counts how often the 95 % interval holds the truth on the analysed scale (``config/truth_observed.csv``). It
writes ``benchmarks/coverage.md``. One process, one thread.
"""

from __future__ import annotations

import csv
import os
import sys
import time
import warnings
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from pilot_eval.change.fitting import Planned, fit_planned, overall  # noqa: E402
from pilot_eval.study import Study, load_study  # noqa: E402
from pilot_eval.synth.draw import draw_study  # noqa: E402
from pilot_eval.synth.truth import read_truth  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
STUDIES = 400
#: Seeds of the draws: far from the shipped study's seed and from those that made the truth.
FIRST_SEED = 500_000_000


def analysis_table(drawn: pd.DataFrame, study: Study) -> pd.DataFrame:
    """A draw with the columns that ``score`` gives the analysis table."""
    own = ~drawn["organisation"].str.startswith("area:")
    months = {wave.id: wave.months for wave in study.config.waves}
    return drawn.assign(
        _id=drawn["respondent"] + "-" + drawn["wave"],
        source="draw",
        instrument="draw",
        months=drawn["wave"].map(months).astype("float64"),
        unit=drawn["organisation"],
        organisation=drawn["organisation"].where(own, ""),
        organisation_kind=np.where(own, "drawn", ""),
        matched=True,
    )


def plans(study: Study) -> list[Planned]:
    """Every outcome's primary model; in a draw each outcome's column has the outcome's own name."""
    found = []
    for name, outcome in study.outcomes.items():
        model = study.primary(name)
        if model is None:
            continue
        roles = [role for role in study.config.roles if not outcome.roles or role.id in outcome.roles]
        spec = {"outcome": name, "column": name, "roles": [role.id for role in roles], "unit": "", "digits": 2}
        weights = {role.id: role.share for role in roles}
        formula, reml = study.plan.models[model].formula, study.plan.models[model].reml
        found.append(Planned(spec, formula, reml, weights, study.waves, model))
    return found


def estimates(studies: int) -> pd.DataFrame:
    """Overall change of each outcome in each draw: ``study outcome estimate se df low high singular``."""
    study, truth = load_study(ROOT), read_truth(ROOT)
    rows = []
    for number in range(studies):
        analysis = analysis_table(draw_study(truth, FIRST_SEED + number), study)
        for planned in plans(study):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fitted = fit_planned(analysis, planned)
            name = planned.outcome["outcome"]
            if fitted.fit is None:
                rows.append({"study": number, "outcome": name, "refused": fitted.refused})
                continue
            change = overall(fitted)[["estimate", "se", "df", "low", "high"]].to_dict()
            rows.append({"study": number, "outcome": name, "singular": fitted.fit.singular, **change})
        if number % 20 == 19:
            print(f"{number + 1} of {studies} studies", file=sys.stderr, flush=True)
    return pd.DataFrame(rows)


def true_changes() -> dict[str, tuple[float, float]]:
    """Truth of the overall change by outcome, and its Monte-Carlo error."""
    with (ROOT / "config" / "truth_observed.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["outcome"]: (float(row["value"]), float(row["mc_error"]))
            for row in csv.DictReader(stream)
            if row["estimand"] == "change_overall"
        }


def table(found: pd.DataFrame, truth: dict[str, tuple[float, float]], seconds: float) -> str:
    """The report as Markdown."""
    found = found.assign(truth=found["outcome"].map({name: value for name, (value, _) in truth.items()}))
    known = found.dropna(subset=["estimate"])
    known = known.assign(
        covered=(known["low"] <= known["truth"]) & (known["truth"] <= known["high"]),
        error=known["estimate"] - known["truth"],
    )
    studies = found["study"].nunique()
    lines = [
        "# Coverage of the 95 % intervals of overall change",
        "",
        f"{studies} studies drawn from `config/truth.yaml` (seeds {FIRST_SEED} onwards), each outcome's primary model",
        "fitted by the kernel (REML, Kenward-Roger), the interval held against `config/truth_observed.csv`. Made by",
        f"`python benchmarks/coverage.py` in {seconds / 60:.0f} minutes, one thread.",
        "",
        "| outcome | truth | its MC error | mean estimate | bias in SD of estimates | SD of estimates | mean SE "
        "| mean df | singular % | coverage % | MC error |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for outcome, own in known.groupby("outcome", sort=False):
        value, error = truth[str(outcome)]
        share, spread = own["covered"].mean(), own["estimate"].std(ddof=1)
        numbers = [
            f"{value:.4f}",
            f"{error:.4f}",
            f"{own['estimate'].mean():.4f}",
            f"{own['error'].mean() / spread:+.2f}",
            f"{spread:.4f}",
            f"{own['se'].mean():.4f}",
            f"{own['df'].mean():.0f}",
            f"{100 * own['singular'].mean():.0f}",
            f"{100 * share:.1f}",
            f"{100 * np.sqrt(share * (1 - share) / len(own)):.1f}",
        ]
        lines.append(f"| {outcome} | {' | '.join(numbers)} |")
    by_study = known.groupby("study")["covered"].mean()
    pooled, error = by_study.mean(), by_study.std(ddof=1) / np.sqrt(len(by_study))
    misses = (~known["covered"]).groupby(known["study"]).sum()
    lines += [
        "",
        f"Pooled over outcomes: **{100 * pooled:.1f} %** (Monte-Carlo error {100 * error:.1f}, outcomes of one study "
        "being related); wanted: 91 to 98 %.",
        f"Studies in which at most one outcome's interval misses its truth: {100 * (misses <= 1).mean():.0f} %.",
        f"Fits refused or not converged: {found['estimate'].isna().sum()} of {len(found)}.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    begun = time.monotonic()
    result = estimates(int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES)
    text = table(result, true_changes(), time.monotonic() - begun)
    print(text)
    if len(sys.argv) < 2:
        (ROOT / "benchmarks" / "coverage.md").write_text(text, encoding="utf-8")
