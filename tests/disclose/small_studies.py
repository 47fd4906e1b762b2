"""Small studies by chance: answers, and the parts that the real rules make of them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from pilot_eval.change.rows import answered
from pilot_eval.describe.compare_leavers import compare_leavers
from pilot_eval.describe.compare_waves import compare_waves
from pilot_eval.describe.measure_response import measure_response
from pilot_eval.describe.tabulate_items import tabulate_items
from pilot_eval.model.areas import area_changes
from pilot_eval.model.change_cells import area_rows
from pilot_eval.model.relate_start import area_rows as start_rows
from pilot_eval.model.start_areas import area_starts
from pilot_eval.parts import part_of

WAVES = ("before", "after")
ROLES = ("lead", "staff", "chair")
OUTCOME = {"outcome": "mood", "column": "mood", "roles": list(ROLES), "unit": "points", "digits": 2}
ITEM = {"item": "mood", "label": "Mood", "labels": [(code, str(code)) for code in range(1, 6)]}


def answers(seed, areas, most):
    """Up to ``most`` persons an area, in one to four organisations; some leave, some come, some areas agree."""
    random = np.random.default_rng(seed)
    rows = []
    for at in range(areas):
        agreed = random.random() < 0.25
        for person in range(random.integers(1, most + 1)):
            unit = random.integers(0, random.integers(1, 5))
            role = ROLES[int(random.choice(3, p=(0.55, 0.35, 0.1)))]
            there = random.random()
            for wave in WAVES:
                if (wave == "after" and there < 0.3) or (wave == "before" and there > 0.9):
                    continue
                rows.append({
                    "_id": f"{at}-{person}-{wave}", "wave": wave, "role": role,
                    "area": f"a{at}" if random.random() > 0.03 else "", "organisation": f"o{at}{unit}",
                    "organisation_kind": "office", "respondent": f"r{at}-{person}",
                    "mood": 4.0 if agreed else float(random.integers(1, 6)),
                })  # fmt: skip
    return pd.DataFrame(rows)


def parts_of(rows, areas):
    """Parts of the rules that count and describe, and what the models say of single areas without a fit."""
    names = [f"a{at}" for at in range(areas)]
    register = pd.DataFrame(
        [{"kind": "office", "organisation": f"o{at}{unit}", "area": f"a{at}"} for at in range(areas)
         for unit in range(5)]
    )  # fmt: skip
    told = [{"id": role, "invited": None, "label": role} for role in ROLES]
    made = [
        measure_response(rows, register, [OUTCOME], told, names, WAVES, 5)["part"],
        compare_leavers(rows, register, [], told, names, WAVES)["part"],
        compare_waves(rows, [OUTCOME], WAVES, [], [])["part"],
        tabulate_items(rows, [ITEM], WAVES)["part"],
    ]
    fitted = SimpleNamespace(rows=answered(rows, "mood", ROLES, WAVES), fit=None, specification=None)
    changes = area_rows(area_changes(fitted, names, *WAVES), SimpleNamespace(outcome=OUTCOME, waves=WAVES))
    starts = start_rows(area_starts(fitted, names, *WAVES), OUTCOME, "weak")
    return [*made, part_of("modelled", {"change_by_area": changes, "start_by_area": starts})]


def letters(areas):
    """Areas in the order of their letters."""
    return pd.DataFrame({"area": [f"a{at}" for at in range(areas)], "name": [f"Town {at}" for at in range(areas)],
                         "letter": [chr(65 + at) for at in range(areas)], "order": range(areas)})  # fmt: skip
