"""The same quantities with the whole n x n covariance matrix: slow, short and independent of the elimination."""

from __future__ import annotations

import numpy as np

from pilot_eval.mixed.problem import Problem


def covariance_over_sigma2(problem: Problem, theta: np.ndarray) -> np.ndarray:
    n = problem.n
    v = np.diag(1.0 / (np.ones(n) if problem.weights is None else problem.weights))
    relative = problem.relative_covariances(theta)
    for f, grouping in enumerate(problem.groupings):
        z = np.concatenate([t.values for t in grouping.terms], axis=1)
        same = grouping.codes[:, None] == grouping.codes[None, :]
        v = v + (z @ relative[f] @ z.T) * same
    return v


def criterion(problem: Problem, theta: np.ndarray, reml: bool, y: np.ndarray) -> tuple[float, np.ndarray, float]:
    """Criterion, coefficients and sigma^2 at theta."""
    v = covariance_over_sigma2(problem, theta)
    x = problem.design.x[:, problem.scaled.kept]
    inverse = np.linalg.inv(v)
    xx = x.T @ inverse @ x
    beta = np.linalg.solve(xx, x.T @ inverse @ y)
    r = y - x @ beta
    nu = len(y) - x.shape[1] if reml else len(y)
    rss = float(r @ inverse @ r)
    value = np.linalg.slogdet(v)[1] + nu * (1.0 + np.log(2.0 * np.pi * rss / nu))
    if reml:
        value += np.linalg.slogdet(xx)[1]
    return float(value), beta, rss / nu


def design_covariances(problem: Problem) -> list[np.ndarray]:
    """dV/d(parameter) for every variance and covariance, the residual last."""
    out = []
    for f, grouping in enumerate(problem.groupings):
        z = np.concatenate([t.values for t in grouping.terms], axis=1)
        same = grouping.codes[:, None] == grouping.codes[None, :]
        template = problem.layout.templates[f]
        for a, b in zip(template.rows, template.cols, strict=True):
            m = np.outer(z[:, a], z[:, b])
            out.append((m if a == b else m + m.T) * same)
    out.append(np.eye(problem.n) if problem.weights is None else np.diag(1.0 / problem.weights))
    return out
