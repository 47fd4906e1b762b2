"""A small pilot: three schools in two areas, one team that serves both."""

import pandas as pd
import pytest

FIXED = ["area_said", "organisation_said", "organisation_name_said", "role_said", "completed", "response"]


@pytest.fixture
def registers():
    """The registers as the register stage hands them on."""
    schools = [("100001", "school", "Oak Primary School", "north"), ("100002", "school", "St Ann's", "north"),
               ("100500", "school", "Elm Academy", "south"), ("T1", "team", "Town Team", "north")]  # fmt: skip
    return {
        "areas": table(["area", "name", "letter"], [("north", "North Vale", "A"), ("south", "South Vale", "B")]),
        "organisations": table(["organisation", "kind", "name", "area"], schools),
        "aliases": table(
            ["spelling", "area"],
            [("north", "north"), ("north vale", "north"), ("south", "south"), ("south vale", "south"), ("sv", "south")],
        ),
        "predecessors": table(["old", "new"], [("100400", "100500")]),
        "links": table(["left", "right", "left_kind", "right_kind"],
                       [("100001", "T1", "school", "team"), ("100500", "T1", "school", "team")]),
    }  # fmt: skip


@pytest.fixture
def responses():
    """Cleaned responses of one delivery, from mappings that name only what matters."""

    def make(rows, source="x", instrument="form", wave="before", items=("q1", "q2")):
        records = []
        for place, row in enumerate(rows, start=2):
            record = {"_file": f"data/raw/{source}.csv", "_row": place, "_id": f"{source}-{place}", "source": source,
                      "instrument": instrument, "wave": wave} | dict.fromkeys(FIXED, "")  # fmt: skip
            records.append(record | dict.fromkeys(items, 1.0) | row)
        frame = pd.DataFrame(records)
        texts = [column for column in frame.columns if column not in (*items, "_row")]
        return frame.astype(dict.fromkeys(texts, "str") | {"_row": "Int64"} | dict.fromkeys(items, "float64"))

    return make


def table(columns, rows):
    return pd.DataFrame(rows, columns=columns, dtype="str")
