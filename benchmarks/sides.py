"""Two sides of one relationship: studies whose gap, moves and agreement are known, answered as ``fit_sides`` does.

``python benchmarks/sides.py FOLDER STUDIES`` draws links between schools and the services that several of them share,
in 10, 22 and 60 areas, and keeps what each study says in ``FOLDER``; begun again, it goes on where it ended. At the end
it writes ``benchmarks/sides.md``. One process, one thread.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from studies import bias, grow, share  # noqa: E402

from pilot_eval.model.fit_sides import fit_sides  # noqa: E402

TABLE = Path(__file__).with_suffix(".md")
FIRST_SEED = 670_000_000
AREAS = (22, 10, 60)
ROUNDS = 40
WAVES = ["before", "after"]
#: Services of an area, schools of a service, share of schools that answer at a wave.
SERVICES, SCHOOLS, ANSWER = 3, 4, (0.8, 0.65)
#: Standard deviations: of areas, of organisations, of answers of schools and services; of areas' moves.
AREA, OWN, SCHOOL, SERVICE, MOVE = 0.5, 0.3, 0.4, 0.3, 0.15
GAP, MOVED = -0.4, {"left": 0.5, "right": 0.3}
QUESTION = {"question": "q", "replicates": 400}
RATING = {"column": "trust", "unit": "points", "digits": 2, "sides": ["school", "service"]}


#: ICC(A,1) at the start: variance that both sides have in common, over all variance and that of the sides' means.
AGREED = AREA**2 / (AREA**2 + OWN**2 + (SCHOOL**2 + SERVICE**2) / 2 + GAP**2 / 2)
#: Columns of an estimate and its interval.
MEAN, ICC = ("estimate", "low", "high"), ("icc", "icc_low", "icc_high")
#: What is held to its truth: words, row of the ledger, its columns, truth.
SOUGHT = {
    "gap": ("gap at the start", "sides_gap.q.before", MEAN, GAP),
    "gap_change": ("change of the gap", "sides_gap.q-change.after", MEAN, MOVED["left"] - MOVED["right"]),
    "left": ("change of the schools' side", "sides_moved.q-left.after", MEAN, MOVED["left"]),
    "right": ("change of the services' side", "sides_moved.q-right.after", MEAN, MOVED["right"]),
    "icc": ("agreement at the start", "sides_agreement.q.before", ICC, AGREED),
}


def draw(areas: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers of schools and services, and their links at each wave."""
    rng = np.random.default_rng(seed)
    answers: list[dict[str, Any]] = []
    links: list[tuple[str, ...]] = []

    def answer(area: str, organisation: str, wave: str, value: float) -> None:
        row = {"_id": f"{organisation}-{wave}", "wave": wave, "area": area, "respondent": f"p-{organisation}"}
        answers.append(row | {"organisation": organisation, "trust": value})

    for k in range(areas):
        area, common, move = f"a{k:02}", rng.normal(0, AREA), rng.normal(0, MOVE)
        for j in range(SERVICES):
            service, own = f"{area}t{j}", rng.normal(0, OWN)
            for step, wave in enumerate(WAVES):
                level = 3 - GAP + common + own + step * (MOVED["right"] + move)
                answer(area, service, wave, level + rng.normal(0, SERVICE))
            for i in range(SCHOOLS):
                school, other = f"{service}s{i}", rng.normal(0, OWN)
                for step, wave in enumerate(WAVES):
                    level = 3 + common + other + step * (MOVED["left"] + move)
                    value = level + rng.normal(0, SCHOOL)
                    if rng.random() < ANSWER[step]:
                        answer(area, school, wave, value)
                        links.append((school, service, wave, f"{school}-{wave}", f"{service}-{wave}", "both"))
    return pd.DataFrame(answers), pd.DataFrame(links, columns=["left", "right", "wave", "left_id", "right_id", "sided"])


def study(areas: int, seed: int) -> dict[str, float]:
    """Error of each estimate, and whether its interval holds the truth."""
    part = fit_sides(*draw(areas, seed), QUESTION, RATING, WAVES, seed=seed)["part"]
    values = part.set_index("id")["value"]
    found: dict[str, float] = {}
    for name, (_, row, columns, truth) in SOUGHT.items():
        estimate, low, high = (float(values[f"{row}.{column}"]) for column in columns)
        found |= {name: estimate - truth, f"{name}_held": float(low <= truth <= high)}
    return found


def run(areas: int, place: Path, goal: int) -> pd.DataFrame:
    """Studies of a size up to a number."""
    first = FIRST_SEED + 100_000 * AREAS.index(areas)
    return grow(place / f"sides_{areas}.csv", goal, lambda number: study(areas, first + number))


def report(found: dict[int, pd.DataFrame]) -> str:
    """The table as Markdown."""
    lines = [
        "# Two sides of one relationship, on studies whose truth is known", "",
        f"Made by `python benchmarks/sides.py FOLDER STUDIES`, seeds {FIRST_SEED} onwards. {SERVICES} services an",
        f"area, {SCHOOLS} schools a service; {ANSWER[0]:.0%} and {ANSWER[1]:.0%} of them answer. Agreement: ICC(A,1)",
        f"with {QUESTION['replicates']} resamples of areas (the rule: the plan's number). In brackets: Monte-Carlo",
        "errors.", "",
        "| | " + " | ".join(f"{areas} areas" for areas in found) + " |", "|---|" + "---|" * len(found),
        "| studies | " + " | ".join(str(len(table)) for table in found.values()) + " |",
    ]  # fmt: skip
    for name, (words, *_, truth) in SOUGHT.items():
        errors = [bias(table[name]) for table in found.values()]
        held = [share(table[f"{name}_held"]) for table in found.values()]
        lines.append(f"| {words} (truth {truth:.2f}): bias | " + " | ".join(errors) + " |")
        lines.append("| – interval holds truth % | " + " | ".join(held) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    place, studies = Path(sys.argv[1]), int(sys.argv[2])
    place.mkdir(parents=True, exist_ok=True)
    # In turn, so that a run that is stopped has some of all; fewer of the other sizes.
    for part in range(1, ROUNDS + 1):
        goal = studies * part // ROUNDS
        found = {areas: run(areas, place, goal // (1 if areas == AREAS[0] else 4)) for areas in AREAS}
    text = report(found)
    sys.stdout.write(text)
    TABLE.write_text(text, encoding="utf-8")
