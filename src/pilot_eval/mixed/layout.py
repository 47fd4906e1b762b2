"""Where each covariance parameter stands: theta to the relative Cholesky factors of the factors, and back.

theta lists, factor by factor and term by term, the lower triangles column by column, as lme4 does. No bounds are
needed while optimising: the criterion depends on T T' only, so the sign of a column of T is free.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Floats, Ints


@dataclass(frozen=True)
class Template:
    """Positions of theta in one factor's T (q, q): T[rows, cols] = theta[index]; `terms` are (start, width)."""

    q: int
    rows: Ints
    cols: Ints
    index: Ints
    terms: tuple[tuple[int, int], ...]

    def matrix(self, theta: Floats) -> Floats:
        """T of shape (k, q, q) for theta of shape (k, m)."""
        out = np.zeros((len(theta), self.q, self.q))
        out[:, self.rows, self.cols] = theta[:, self.index]
        return out

    def collect(self, t_bar: Floats, into: Floats) -> None:
        """Add the gradient with respect to T (k, q, q) to that with respect to theta (k, m)."""
        into[:, self.index] += t_bar[:, self.rows, self.cols]


@dataclass(frozen=True)
class Layout:
    """Templates of all factors; `diagonal` marks theta's diagonal elements."""

    templates: tuple[Template, ...]
    n_theta: int
    diagonal: Bools

    def start(self) -> Floats:
        """lme4's start: the identity."""
        return self.diagonal.astype(float)

    def theta_of(self, blocks: list[Floats]) -> Floats:
        """theta of one set of factors T (q, q)."""
        theta = np.zeros(self.n_theta)
        for template, block in zip(self.templates, blocks, strict=True):
            theta[template.index] = block[template.rows, template.cols]
        return theta

    def fold(self, theta: Floats) -> Floats:
        """The same covariance with non-negative diagonal elements; theta (k, m)."""
        theta = theta.copy()
        for template in self.templates:
            for start, width in template.terms:
                for c in range(start, start + width):
                    column = template.index[template.cols == c]
                    diagonal = template.index[(template.cols == c) & (template.rows == c)][0]
                    theta[:, column] *= np.where(theta[:, diagonal] < 0, -1.0, 1.0)[:, None]
        return theta

    def hangs(self, zero: Bools) -> Bools:
        """Whether a column of T has a zero on the diagonal and other elements below it (k,); `zero` (k, m)."""
        out = np.zeros(len(zero), dtype=bool)
        for template in self.templates:
            own = template.index[template.rows == template.cols]
            diagonal = own[template.cols]
            out |= (zero[:, diagonal] & ~zero[:, template.index]).any(axis=1)
        return out


def lay_out(widths: list[list[int]]) -> Layout:
    """Layout for factors whose terms have the given widths; a term of width w is an unstructured w x w covariance."""
    templates, diagonal = [], []
    n = 0
    for terms in widths:
        rows, cols, index, spans, start = [], [], [], [], 0
        for width in terms:
            spans.append((start, width))
            for c in range(width):
                for r in range(c, width):
                    rows.append(start + r)
                    cols.append(start + c)
                    index.append(n)
                    diagonal.append(r == c)
                    n += 1
            start += width
        templates.append(Template(start, np.array(rows), np.array(cols), np.array(index), tuple(spans)))
    return Layout(tuple(templates), n, np.array(diagonal, dtype=bool))
