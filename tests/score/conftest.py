"""Cleaned, placed and linked responses, as the stages before hand them on."""

import pandas as pd
import pytest

SAID = ["area_said", "organisation_said", "organisation_name_said", "role_said", "response"]


@pytest.fixture
def chain():
    """The inputs of the stage from rows: mappings with ``wave respondent organisation`` and answers."""

    def make(rows, source="x", instrument="form", **more):
        records = []
        for place, row in enumerate(rows, start=2):
            fixed = {"_file": f"data/raw/{source}.csv", "_row": place, "_id": f"{source}-{place}", "source": source,
                     "instrument": instrument, "wave": "before", "completed": ""}  # fmt: skip
            records.append(fixed | dict.fromkeys(SAID, "") | row)
        frame = pd.DataFrame(records).astype({"_row": "Int64"})
        link = {"respondent": "", "organisation": "", "organisation_kind": "", "area": "north", "role": "lead"}
        for name, value in link.items():
            frame[name] = frame[name].fillna(value) if name in frame else value
        frame["respondent"] = [f"r{n:010x}" if name == "" else name for n, name in enumerate(frame["respondent"])]
        frame["matched"] = frame.groupby("respondent")["wave"].transform("nunique") > 1
        texts = [
            name for name in frame.columns if frame[name].dtype == object or pd.api.types.is_string_dtype(frame[name])
        ]
        frame = frame.astype(dict.fromkeys(texts, "str"))
        cleaned = frame.drop(columns=[*link, "matched"])
        none = pd.DataFrame({"source": pd.Series([], dtype="str")})
        return {
            "cleaned": [cleaned],
            "placed": frame[["_id", "_file", "_row", "source", "instrument", "wave", "role", "organisation",
                             "organisation_kind", "area"]].assign(placed_by="area"),
            "respondents": frame[["_id", "respondent", "matched"]].assign(link_pass=""),
            "organisations": pd.DataFrame(
                {"organisation": ["s1", "s2"], "kind": "school", "name": ["A", "B"], "area": "north",
                 "phase": ["primary", "secondary"]}, dtype="str",
            ),
            "predecessors": pd.DataFrame({"old": [], "new": []}, dtype="str"),
            "merge": "",
            "receipts": [{"source": source, "rows_read": len(frame), "rows_rejected": 0}],
            "balances": [{"source": source, "rows_in": len(frame), "rows_out": len(frame), "rows_rejected": 0}],
            "rejects": [none, none],
            "waves": [{"id": "before", "months": 0.0}, {"id": "after", "months": 12.0}],
        } | more  # fmt: skip

    return make
