"""The change with stricter, looser and no links between the waves."""

import pandas as pd
import pytest

from pilot_eval.challenge import vary_links as module
from pilot_eval.challenge.contracts import CONTRACTS
from pilot_eval.challenge.vary_links import relinked, vary_links

FORMULA = "{outcome} ~ wave * role + (1 + wave | area) + (1 | organisation) + (1 | respondent)"
OUTCOME = {"outcome": "trust", "column": "score", "roles": ["lead", "staff"], "unit": "points", "digits": 2}


def variants(analysis, tight=()):
    """The links as they are; in the stricter variant some respondents are two persons."""
    rows = []
    for name in ("tight", "default", "loose"):
        for _id, respondent in zip(analysis["_id"], analysis["respondent"], strict=True):
            parted = name == "tight" and respondent in tight
            rows.append((name, _id, f"{respondent}-{_id}" if parted else respondent))
    return pd.DataFrame(rows, columns=["variant", "_id", "respondent"], dtype="str")


def varied(analysis, tight=()):
    found = vary_links(analysis, variants(analysis, tight), "main", FORMULA, True, OUTCOME,
                       {"lead": 0.5, "staff": 0.5}, ["before", "after"])  # fmt: skip
    for name in found:
        CONTRACTS[f"vary_links.{name}"].validate(found[name])
    return found


def test_each_variant_has_its_row(analysis, monkeypatch):
    fits = []
    monkeypatch.setattr(
        module, "_estimate", lambda rows, planned, own=module._estimate: fits.append(1) or own(rows, planned)
    )
    twice = analysis["respondent"].value_counts().loc[lambda counts: counts == 2].index[:20]
    found = varied(analysis, tight=set(twice))
    table = found["estimates"].set_index("variant")
    assert table["n"].nunique() == 1
    assert table.loc["tight", "followed"] == table.loc["default", "followed"] - 20
    assert table.loc["unlinked", "followed"] == 0
    assert table.loc["loose", "estimate"] == table.loc["default", "estimate"] != table.loc["tight", "estimate"]
    assert len(fits) == 3  # the looser links are those that are used
    part = found["part"].set_index("id")
    assert part.loc["challenge.trust.links_unlinked.estimate", "value"] == table.loc["unlinked", "estimate"]
    assert part.loc["challenge.trust.links_tight.low", "n"] == table.loc["tight", "respondents"]


def test_links_hardly_move_a_mean_but_its_interval(analysis):
    table = varied(analysis)["estimates"].set_index("variant")
    assert table.loc["unlinked", "estimate"] == pytest.approx(table.loc["default", "estimate"], abs=0.05)
    width = table["high"] - table["low"]
    assert width["unlinked"] != width["default"]


def test_a_model_that_is_refused_says_why(analysis):
    found = varied(analysis[analysis["wave"] == "before"])
    assert found["estimates"]["estimate"].isna().all() and (found["estimates"]["reason"] != "").all()
    assert set(found["part"]["status"]) == {"x"}


def test_unlinked_responses_are_nobodys_but_their_own(analysis):
    assert relinked(analysis, variants(analysis), "unlinked")["respondent"].is_unique
