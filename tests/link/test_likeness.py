import numpy as np
import pandas as pd
import pytest

from pilot_eval.link.likeness import fields_of, pattern_of, score_of
from pilot_eval.link.people import PERSON

WEIGHTS = {"last": 3.0, "email": 3.0, "first": 2.0, "organisation": 2.0, "birth_year": 2.0}


def person(**said):
    return pd.DataFrame([dict.fromkeys(PERSON, "") | {"area": "north"} | said], dtype="str")


def score(one, other, without=()):
    return float(score_of(fields_of(person(**one), person(**other)), WEIGHTS, without)[0, 0])


ANN = {"first": "ann", "last": "hill", "organisation": "s1"}


def test_missing_fields_leave_numerator_and_denominator():
    assert score(ANN, ANN) == score(ANN | {"email": "a@x.example"}, ANN) == 1
    assert score(ANN | {"email": "a@x.example"}, ANN | {"email": "a@x.example"}) == 1
    assert score(ANN, ANN | {"organisation": "s2"}) == pytest.approx(5 / 7, abs=1e-6)


def test_missing_never_equals_missing():
    nobody = dict.fromkeys(("first", "last", "organisation"), "")
    assert np.isnan(score(nobody, nobody))
    fields = fields_of(person(), person())
    assert all(np.isnan(values).all() for values in fields.values())


def test_too_little_makes_nobody():
    # one name and a place, or an address alone, could be anybody's
    assert np.isnan(score({"last": "hill", "organisation": "s1"}, {"last": "hill", "organisation": "s1"}))
    mail = {"email": "office@x.example", "organisation": "s1"}
    assert np.isnan(score(mail, mail))
    assert score(mail | {"last": "hill"}, mail | {"last": "hill"}) == 1


def test_the_score_is_the_weighted_mean_of_jaro_winkler():
    # Jaro-Winkler of martha and marhta is 0.9611 (Winkler 1990)
    assert score(ANN | {"last": "martha"}, ANN | {"last": "marhta"}) == pytest.approx(
        (3 * 0.9611 + 2 + 2) / 7, abs=1e-4
    )


def test_names_that_changed_places_and_middle_names():
    assert score(ANN, ANN | {"first": "hill", "last": "ann"}) == pytest.approx((5 * 0.98 + 2) / 7, abs=1e-6)
    assert score(ANN, ANN | {"last": "marie hill"}) == 1


def test_without_a_field():
    one = ANN | {"email": "a@x.example"}
    assert score(one, one | {"email": "zz@y.example"}, without=("email",)) == 1


def test_patterns_name_nobody():
    row = {"last": 1.0, "email": float("nan"), "first": 0.9, "organisation": 0.0, "birth_year": 1.0, "role": 1.0}
    assert pattern_of(row) == "last=same email=missing first=typo organisation=other birth_year=same role=same"
