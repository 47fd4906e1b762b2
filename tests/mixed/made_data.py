"""Data that the tests make themselves: areas, schools, respondents over waves; some respondents may move."""

from __future__ import annotations

import numpy as np
import pandas as pd


def pilot(
    n_area: int = 8,
    n_school: int = 4,
    n_resp: int = 5,
    waves: int = 2,
    movers: float = 0.0,
    missing: float = 0.15,
    slope: float = 0.3,
    seed: int = 0,
) -> pd.DataFrame:
    """One row per respondent and wave; labels are unique across groups."""
    rng = np.random.default_rng(seed)
    area = rng.normal(size=(n_area, 2)) * [0.5, slope]
    school = rng.normal(size=(n_area, n_school)) * 0.4
    rows = []
    for a in range(n_area):
        for s in range(n_school):
            for r in range(n_resp):
                u, here, moves = rng.normal() * 0.6, (a, s), rng.random() < movers
                for w in range(waves):
                    if w and moves:
                        here = (int(rng.integers(n_area)), int(rng.integers(n_school)))
                    if rng.random() < missing:
                        continue
                    i, j = here
                    mean = 3.0 + 0.2 * w + 0.3 * (a % 2) * w + area[i, 0] + area[i, 1] * w + school[i, j] + u
                    rows.append(
                        {
                            "area": f"A{i:02d}",
                            "school": f"S{i:02d}-{j}",
                            "resp": f"R{a}-{s}-{r}",
                            "wave": w,
                            "group": ["ctrl", "treat"][a % 2],
                            "sex": "fmx"[(r + s) % 3],
                            "age": 11.0 + (3 * r + a) % 7,
                            "y": mean + rng.normal() * 0.7,
                        }
                    )
    return pd.DataFrame(rows)


FORMULA = "y ~ wave * group + sex + age + (wave | area) + (1 | school) + (1 | resp)"
