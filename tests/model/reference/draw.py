"""Draw answers.csv: 12 areas, 60 organisations, with properties of both and a predictor that is asked at each wave.

    python tests/model/reference/draw.py && Rscript tests/model/reference/moderators.R

Made once; the tests read the answers and what R says of them (moderators.json).
"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def draw(seed: int = 11) -> pd.DataFrame:
    """One row an answer."""
    random = np.random.default_rng(seed)
    rows = []
    for a in range(12):
        start, slope, rating = random.normal(0, 0.35), random.normal(0, 0.3), random.integers(1, 5)
        for u in range(5):
            unit = random.normal(0, 0.35)
            phase = ("primary", "secondary", "special")[random.choice(3, p=[0.5, 0.35, 0.15])]
            level = random.normal(2.0, 0.8)
            contact = {"before": level + random.normal(0, 0.6), "after": level + 0.5 + random.normal(0, 0.6)}
            for p in range(2):
                role = ("lead", "staff")[p]
                person = random.normal(0, 0.45)
                for w, wave in enumerate(("before", "after")):
                    if random.random() < 0.2:
                        continue
                    value = 3 + start + unit + person + 0.25 * contact[wave] + 0.3 * level
                    value += w * (0.3 + slope + 0.15 * (role == "staff") + 0.2 * (phase == "secondary") + 0.1 * rating)
                    rows.append({
                        "area": f"a{a:02d}", "organisation": f"o{a:02d}{u}", "respondent": f"r{a:02d}{u}{p}",
                        "wave": wave, "role": role, "phase": phase, "rating": int(rating),
                        "contact": round(contact[wave], 3), "score": round(value + random.normal(0, 0.4), 3),
                    })  # fmt: skip
    return pd.DataFrame(rows)


if __name__ == "__main__":
    draw().to_csv(HERE / "answers.csv", index=False)
