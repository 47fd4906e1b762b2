"""A small made-up study's cells and words, and its workbook."""

import pandas as pd

from pilot_eval.publish.build_workbook import build_workbook

WORDING = {
    "title": "Small Trial (synthetic data)", "short_title": "Trial", "geography": "Three valleys",
    "period": "2020 to 2021", "organisation": "Us", "synthetic": True, "areas_public_as": "letter", "release": "1",
    "final": False,
    "words": {"area": "valley", "areas": "valleys", "organisation": "farm", "organisations": "farms",
              "respondent": "farmer", "respondents": "farmers"},
    "waves": {"t0": "Spring", "t1": "Autumn"}, "roles": {"owner": "Owners"},
    "outcomes": {"mood": {"label": "Mood", "unit": "points"}, "hope": {"label": "=1+1", "unit": "share"}},
    "scales": {}, "names": {}, "models": {},
    "limits": {"min_respondents": 5, "min_organisations": 3, "round_counts_to": 5, "multiplicity": "Holm"},
}  # fmt: skip
TABLES = ["response_by_area", "change_overall", "ratings"]


def cell(table, column, shown, **more):
    value = float(shown.replace(",", "").removeprefix("<")) if shown[0] != "[" else float("nan")
    status = "" if shown[0] != "[" else shown.strip("[]")
    row = {"outcome": "", "area_letter": "", "group": "", "group_label": "", "wave": "", **more}
    place = ".".join(row[key].lower() for key in ("outcome", "area_letter", "group", "wave") if row[key])
    given = {"n": 40, "unit": "", "status": status, "estimand": "", "rule": "r", "kind": "estimate", "digits": 2}
    given |= {"id": f"{table}.{place}.{column}", "table": table, "row": place, "column": column, "value": value}
    return {**given, "shown": shown, "area_label": row["area_letter"], **row}


def disclosed():
    rows = []
    for outcome, unit, estimate, p in (("mood", "points", "-0.10", "<0.001"), ("hope", "share", "0.125", "0.040")):
        rows += [
            cell("change_overall", "estimate", estimate, outcome=outcome, unit=unit),
            cell("change_overall", "low", "-1.20", outcome=outcome, unit=unit),
            cell("change_overall", "p", p, outcome=outcome),
        ]
    rows.append(cell("change_overall", "df", "54.0", outcome="mood"))
    for area, shown in (("A", "1,235"), ("B", "[c]"), ("C", "0")):
        rows.append(cell("response_by_area", "organisations", shown, area_letter=area, wave="t0"))
    frame = pd.DataFrame(rows)
    frame["n"] = frame["n"].astype("Int64")
    return frame


def build(form="workbook"):
    return build_workbook(disclosed(), TABLES, WORDING)[form]
