"""Ratings of areas with a known change, read as ``fit_ratings`` reads them: bias, coverage, tests.

``python benchmarks/ratings.py FOLDER DRAWS`` draws ratings of seven things in 10 and 22 areas on two occasions, with
area and place effects, once with changes that differ and once with none, and keeps what the model says of each draw in
``FOLDER``; begun again, it goes on where it ended. Then it writes ``benchmarks/ratings.md``. One process, one thread.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from pilot_eval.change.integrate import logistic_normal  # noqa: E402
from pilot_eval.change.ordered import ATTENUATION  # noqa: E402
from pilot_eval.mixed import ModelError  # noqa: E402
from pilot_eval.model.rated_change import Estimate, rated_change  # noqa: E402

#: Spread of areas, of their change, and of places; thresholds; change of each thing rated.
AREA, SLOPE, PLACE, CUTS = 0.7, 0.4, 1.0, (-1.0, 0.5, 2.0)
GAINS = {"changes": (0.4, 1.2, 1.4, 1.6, 1.0, 1.8, 1.2), "none": (0.0,) * 7}
DESIGNS = [(areas, kind) for areas in (10, 22) for kind in GAINS]
ITEMS = [f"d{at}" for at in range(1, 8)]
TABLE = Path(__file__).with_suffix(".md")


def drawn(seed: int, areas: int, gains: tuple[float, ...]) -> pd.DataFrame:
    """Ratings at both ends: ``area, item, first, last``."""
    rng = np.random.default_rng(seed)
    level, slope = AREA * rng.standard_normal((areas, 1)), SLOPE * rng.standard_normal((areas, 1))
    place = level + PLACE * rng.standard_normal((areas, 7))
    ends = [place + rng.logistic(size=(areas, 7)), place + slope + np.array(gains) + rng.logistic(size=(areas, 7))]
    first, last = (1 + np.searchsorted(CUTS, end).ravel() for end in ends)
    names = np.repeat([f"area-{at:02}" for at in range(areas)], 7)
    return pd.DataFrame({"area": names, "item": ITEMS * areas, "first": first, "last": last})


def truths(gains: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Log odds ratio of the population of each thing rated; change of the probability of reaching each level."""
    before, after = AREA**2 + PLACE**2, AREA**2 + PLACE**2 + SLOPE**2
    odds = np.array(gains) / np.sqrt(1 + ATTENUATION * (before + after) / 2)
    eta = np.array(gains)[:, None] - np.array(CUTS)
    late, early = logistic_normal(eta, np.sqrt(after)), logistic_normal(-np.array(CUTS), np.sqrt(before))
    return odds, late.mean(axis=0) - early


def once(seed: int, areas: int, kind: str) -> dict[str, object]:
    """What one draw shows: per estimand its error, its half-width and whether the interval holds the truth."""
    odds, shifts = truths(GAINS[kind])
    try:
        found = rated_change(drawn(seed, areas, GAINS[kind]), ITEMS, seed)
    except ModelError as error:
        return {"failed": str(error)[:60]}
    out: dict[str, object] = {"overall": judged(found.overall, odds.mean()), "p": found.overall.p}
    if found.by_item:
        out["items"] = [judged(found.by_item[item][0], true) for item, true in zip(ITEMS, odds, strict=True)]
        out["least"] = max(ITEMS, key=lambda item: found.by_item[item][2]) == ITEMS[int(np.argmin(odds))]
    out["levels"] = [judged(found.reached[at][2], true) for at, true in zip((2, 3, 4), shifts, strict=True)
                     if at in found.reached]  # fmt: skip
    return out


def judged(found: Estimate, true: float) -> list[float]:
    return [found.value - true, (found.high - found.low) / 2, float(found.low <= true <= found.high)]


def row(name: str, values: list[list[float]]) -> str:
    errors, _, held = np.array(values).T
    spread, share = errors.std(ddof=1), held.mean()
    return (
        f"| {name} | {len(errors)} | {errors.mean():+.3f} ({errors.std() / np.sqrt(len(errors)):.3f}) | {spread:.3f} | "
        f"{100 * share:.1f} ({100 * np.sqrt(share * (1 - share) / len(errors)):.1f}) |"
    )


def main(folder: Path, draws: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[tuple[int, str], list[dict[str, object]]] = {}
    for seed in range(draws):
        for areas, kind in DESIGNS:
            file = folder / f"{areas}_{kind}_{seed}.json"
            if not file.is_file():
                file.write_text(json.dumps(once(seed, areas, kind)), encoding="utf-8")
            found.setdefault((areas, kind), []).append(json.loads(file.read_text(encoding="utf-8")))
    lines = [
        "# Ordered ratings of areas: is the known change recovered?", "",
        f"Made by `python benchmarks/ratings.py FOLDER {draws}`: {draws} draws a design, seven things rated on four",
        "levels in each area on two occasions; on the logit scale areas have a spread of 0.7, their change one of 0.4,",
        "places one of 1.0; seven changes from 0.4 to 1.8, or none. Monte-Carlo errors in brackets, as if",
        "estimates of one draw were independent. Odds ratios of few areas lie too far from one, as those of every",
        "model of odds fitted by maximum likelihood; probabilities, which are what is told, do not.", "",
    ]  # fmt: skip
    for areas, kind in DESIGNS:
        own = [one for one in found[areas, kind] if "overall" in one]
        failed = draws - len(own)
        one_change = sum("items" not in one for one in own)
        lines += [f"## {areas} areas, {'known changes' if kind == 'changes' else 'no change'}", "",
                  "| estimand | estimates | bias | spread | coverage (%) |", "|---|---|---|---|---|",
                  row("log odds ratio, mean of all", [one["overall"] for one in own]),
                  row("log odds ratio of each", [item for one in own for item in one.get("items", [])]),
                  row("change of the probability of reaching a level", [at for one in own for at in one["levels"]]), "",
                  f"Not fitted: {failed}; one change for all only: {one_change}. Test of no change "
                  f"rejected at 5 % in {100 * np.mean([one['p'] < 0.05 for one in own]):.1f} %."
                  + (f" What moved least was named in {100 * np.mean([one.get('least', False) for one in own]):.0f} %."
                     if kind == "changes" else ""), ""]  # fmt: skip
    TABLE.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
