import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made_links import settings

from pilot_eval.faults import StudyFaults
from pilot_eval.link.contracts import CONTRACTS
from pilot_eval.link.score_pairs import score_pairs

WAVES = ["before", "after"]


def score(*rows, **more):
    """Pairs of persons: mappings of wave, name, email, and place."""
    identifiers, placed = [], []
    for number, row in enumerate(rows, start=2):
        _id = f"form_{row['wave']}-{number}"
        identifiers += [(_id, kind, kind, row[kind]) for kind in ("name", "email", "birth_year") if row.get(kind)]
        placed.append({"_id": _id, "instrument": "form", "wave": row["wave"], "role": row.get("role", "lead"),
                       "organisation": row.get("organisation", "s1"), "area": row.get("area", "north")})  # fmt: skip
    said = pd.DataFrame(identifiers, columns=["_id", "kind", "column", "value"], dtype="str")
    made = score_pairs([said], pd.DataFrame(placed, dtype="str"), settings(**more), WAVES, 7)
    for name, frame in made.items():
        CONTRACTS[f"score_pairs.{name}"].validate(frame, lazy=True)
    return made


def pairs(*rows, **more):
    found = score(*rows, **more)["pairs"]
    return list(zip(found["_id"], found["other"], found["score"].round(2), strict=True))


ANN = {"wave": "before", "name": "Ann Hill"}


def test_alike_persons_of_one_area_the_earlier_first():
    assert pairs({"wave": "after", "name": "Hill, Anne"}, ANN) == [("form_before-3", "form_after-2", 0.98)]
    assert pairs(ANN, {"wave": "before", "name": "ANN  HILL"}) == [("form_before-2", "form_before-3", 1.0)]


def test_never_across_areas_nor_without_one():
    later = {"wave": "after", "name": "Ann Hill"}
    assert pairs(ANN, later | {"area": "south"}) == []
    assert pairs(ANN | {"area": ""}, later | {"area": ""}) == []


def test_nothing_of_a_name_is_handed_on():
    made = score(ANN, {"wave": "after", "name": "Ann Hill", "email": "ann@x.example"})
    text = " ".join(str(frame.to_csv()) for frame in made.values()).casefold()
    assert "ann" not in text and "hill" not in text and "example" not in text


def test_what_only_the_blind_score_reaches_is_kept():
    mail = {"email": "ann@x.example"}, {"email": "zq@k.example"}
    one, other = ANN | mail[0] | {"name": "Ann Hill"}, ANN | mail[1] | {"wave": "after", "name": "An Hil"}
    found = score(one, other, review=0.9, loose=0.9, accept=0.92)["pairs"].iloc[0]
    assert found["score"] < 0.9 < found["score_without_keys"]


def test_roles_agree_differ_or_are_unknown():
    later = {"wave": "after", "name": "Ann Hill"}
    found = [score(ANN, later | {"role": role})["pairs"]["role"].item() for role in ("lead", "head", "")]
    assert found[:2] == [1.0, 0.0] and found[2] != found[2]


def test_decoys_are_made_of_other_areas_and_of_nobody():
    rows = [{"wave": wave, "name": f"{first} {last}", "area": area, "organisation": f"s{area}"}
            for wave in WAVES for area in ("north", "south")
            for first, last in (("Ann", "Hill"), ("Bo", "Dale"), ("Cy", "Wood"))]  # fmt: skip
    decoys = score(*rows)["decoys"].set_index("kind")
    assert decoys["n_tried"].to_dict() == {"other_area": 6, "made_up": 500}
    # each area has the names of the other: every stranger is taken for a native
    assert decoys.loc["other_area", "n_accepted"] == 6
    assert score(*rows)["decoys"].equals(score(*rows)["decoys"])
    assert score(*rows[:3])["decoys"].empty


def test_nobody_at_all():
    made = score(ANN)
    assert made["pairs"].empty and made["decoys"].empty


@pytest.mark.fault("LNK-21")
def test_a_scorer_that_is_not_installed_stops():
    try:
        import splink  # noqa: F401
    except ImportError:
        with pytest.raises(StudyFaults) as caught:
            score(ANN, {"wave": "after", "name": "Ann Hill"}, scorer="splink")
        (fault,) = caught.value.faults
        assert (fault.id, fault.severity, fault.file, fault.column) == (
            "LNK-21", "STOP", "config/study.yaml", "linkage.scorer"
        )  # fmt: skip
    else:
        pytest.skip("splink is installed")
