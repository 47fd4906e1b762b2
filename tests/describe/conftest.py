"""A small analysis table made by hand: two areas, two roles, two waves."""

import pandas as pd
import pytest

#: respondent, role, area, kind, organisation, baseline, followup (None: no answer)
PEOPLE = [
    ("r1", "teacher", "north", "school", "s1", 2.0, 3.0),
    ("r2", "teacher", "north", "school", "s2", 3.0, 3.0),
    ("r3", "teacher", "north", "school", "s2", 1.0, None),
    ("r4", "teacher", "south", "school", "s3", 2.0, 4.0),
    ("r5", "teacher", "south", "school", "s3", None, 5.0),
    ("r6", "nurse", "south", "team", "t1", 4.0, 4.5),
    ("r7", "nurse", "south", "team", "t1", 3.0, 5.0),
    ("r8", "nurse", "", "", "", 2.0, None),
]


def build(people):
    rows = []
    for person, role, area, kind, organisation, *scores in people:
        for wave, months, score in zip(("baseline", "followup"), (0.0, 10.0), scores, strict=True):
            if score is not None:
                rows.append(
                    {
                        "_file": f"{wave}.csv", "_row": len(rows) + 2, "_id": f"{wave}-{person}", "source": wave,
                        "instrument": "form", "wave": wave, "months": months, "role": role, "area": area,
                        "organisation": organisation, "organisation_kind": kind, "respondent": person,
                        "matched": None not in scores, "unit": organisation or f"area:{area}", "score": score,
                        "item": float(int(score)),
                    }
                )  # fmt: skip
    frame = pd.DataFrame(rows).astype({"_row": "Int64"})
    return frame.sort_values(["respondent", "wave"], kind="stable").reset_index(drop=True)


@pytest.fixture
def analysis():
    return build(PEOPLE)


@pytest.fixture
def outcome():
    return {
        "outcome": "trust", "column": "score", "roles": ["teacher", "nurse"], "unit": "points", "digits": 2,
    }  # fmt: skip


@pytest.fixture
def value():
    """Look a cell up: ``value(part, table, column, row)``."""

    def look(part, table, column, row):
        found = part.loc[part["id"] == f"{table}.{row}.{column}"]
        assert len(found) == 1, f"{table}.{row}.{column} is not among {list(part['id'])}"
        return found.iloc[0]

    return look
