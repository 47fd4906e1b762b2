"""Which bootstrap interval for the slope of change on start, and when starts differ too little to say.

``python benchmarks/start_intervals.py`` takes a balanced design, in which REML has a closed form: k areas with
observed (start, change) = true + error of known covariance E, so that the estimate of the areas' covariance matrix is
their sample covariance less E, its whitened eigenvalues cut at zero. Thousands of studies with their bootstrap
replicates cost seconds. It writes ``benchmarks/start_intervals.md``; ``benchmarks/start.py`` holds the choice against
the kernel.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
STUDIES, REPLICATES, SEED = 1000, 300, 620_000_000
#: Errors of an area's observed start and change, about those of the shipped study.
ERRORS = np.array([[0.025, -0.018], [-0.018, 0.030]])
HALF = np.linalg.cholesky(ERRORS)
WHITE = np.linalg.inv(HALF)
OWN = 0.04
#: Areas, true slope, true variance of starts.
CASES = [(k, slope, 0.09) for k in (10, 22, 60) for slope in (0.0, -0.5, 0.5)]
CASES += [(k, 0.0, start) for k in (10, 22, 60) for start in (0.01, 0.0)]


def sample_covariance(true: Array, df: int, size: int, rng: np.random.Generator) -> Array:
    """Wishart matrices over df (..., size, 2, 2), by Bartlett's decomposition; true (..., 2, 2)."""
    shape = (*true.shape[:-2], size)
    lower = np.zeros((*shape, 2, 2))
    lower[..., 0, 0] = np.sqrt(rng.chisquare(df, shape))
    lower[..., 1, 1] = np.sqrt(rng.chisquare(df - 1, shape))
    lower[..., 1, 0] = rng.standard_normal(shape)
    root = np.linalg.cholesky(true)[..., None, :, :] @ lower
    return root @ np.swapaxes(root, -1, -2) / df


def reml(seen: Array) -> Array:
    """Estimated covariance matrix of true starts and changes."""
    values, vectors = np.linalg.eigh(WHITE @ seen @ WHITE.T)
    cut = (vectors * np.maximum(values - 1.0, 0.0)[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    return HALF @ cut @ HALF.T


def slope(found: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(found[..., 0, 0] > 1e-12, found[..., 0, 1] / found[..., 0, 0], np.nan)


def standard_error(found: Array, k: int) -> Array:
    """Of the slope, to first order."""
    own, b = found[..., 0, 0], slope(found)
    rest = np.maximum(found[..., 1, 1] - b * found[..., 0, 1], 0.0)
    error = ERRORS[1, 1] - 2 * b * ERRORS[0, 1] + b * b * ERRORS[0, 0]
    shared = ERRORS[0, 1] - b * ERRORS[0, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(((own + ERRORS[0, 0]) * (rest + error) + shared**2) / (k - 1)) / own


def case(k: int, truth: float, start: float, seed: int) -> list[str]:
    """One line of the table."""
    rng = np.random.default_rng(seed)
    true = np.array([[start, truth * start], [truth * start, truth**2 * start + OWN]])
    seen = sample_covariance(true + ERRORS, k - 1, STUDIES, rng)
    found = reml(seen)
    again = sample_covariance(found + ERRORS, k - 1, REPLICATES, rng)
    drawn = reml(again)
    estimate, replicate = slope(found), slope(drawn)
    zero = drawn[..., 0, 0] < ERRORS[0, 0] / 9.0
    told = (found[:, 0, 0] >= ERRORS[0, 0] / 9.0) & (zero.mean(axis=1) <= 0.1)
    alone = (again[..., 0, 0] <= ERRORS[0, 0]).mean(axis=1) <= 0.1
    estimate, replicate = estimate[told], replicate[told]
    low, high = np.nanquantile(replicate, [0.025, 0.975], axis=1)
    away = np.nanquantile(np.abs(replicate - estimate[:, None]), 0.95, axis=1)
    error = standard_error(found, k)[told]
    ratio = (replicate - estimate[:, None]) / standard_error(drawn, k)[told]
    lower, upper = np.nanquantile(ratio, [0.025, 0.975], axis=1)
    bounds = [
        (low, high),
        (2 * estimate - high, 2 * estimate - low),
        (estimate - upper * error, estimate - lower * error),
        (estimate - away, estimate + away),
    ]
    words = [str(k), f"{truth:+.1f}", f"{start / (start + ERRORS[0, 0]):.2f}"]
    words += [f"{100 * np.mean(one):.1f}" for one in (found[:, 0, 0] < 1e-8, ~told, ~alone)]
    if told.sum() < STUDIES / 4:
        return [*words, *["–"] * 6]
    words.append(f"{np.median(estimate) - truth:+.3f}")
    words += [f"{100 * np.mean((one <= truth) & (truth <= other)):.1f}" for one, other in bounds]
    return [*words, f"{np.median(2 * away):.2f}"]


def main() -> None:
    head = ["areas", "true slope", "reliability of starts", "var(start) exactly 0 %", "too little to say %",
            "by starts alone %", "median less truth", "percentile", "basic", "studentised", "symmetric",
            "its width"]  # fmt: skip
    lines = [
        "# Which interval for the slope of change on start",
        "",
        f"Made by `python benchmarks/start_intervals.py`: a balanced design with closed-form REML, {STUDIES} studies a",
        f"line, {REPLICATES} bootstrap replicates a study, seeds {SEED} onwards. Of 95 % intervals: the percentage",
        "that hold the true slope, among studies of which something is said (Monte-Carlo error about 0.7). `too little",
        "to say`: var(start) is less than a tenth of the variance of observed starts in the fit or in more than 10 %",
        "of the replicates. `by starts alone`: in more than 10 % of the replicates observed starts spread no more than",
        "their errors.",
        "",
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(case(*one, SEED + number)) + " |" for number, one in enumerate(CASES)),
        "",
    ]
    (Path(__file__).resolve().parent / "start_intervals.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
