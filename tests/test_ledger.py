"""Cells of the ledger: one id each, exact values, known kinds."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.ledger import PART, cells, slug


def frame(**columns):
    return pd.DataFrame(
        {"column": ["mean", "n"], "value": [2.5, 40], "n": [40, 40], "kind": ["mean", "count"], **columns}
    )


def test_ids_are_made_of_table_dimensions_and_column():
    part = cells("a_rule", "means", frame(outcome="joy", area="north-1", wave="spring"))
    assert list(part["id"]) == ["means.joy.area-north-1.spring.mean", "means.joy.area-north-1.spring.n"]
    assert list(part.columns) == list(PART)
    assert list(part["digits"]) == [2, 0]


def test_a_row_without_dimensions_is_all():
    assert cells("a_rule", "t", frame())["row"].tolist() == ["all", "all"]


def test_two_cells_with_one_id_are_refused():
    with pytest.raises(ValueError, match=r"two cells with the id t\.all\.mean"):
        cells("a_rule", "t", pd.concat([frame(), frame()]))


def test_unknown_columns_and_kinds_are_refused():
    with pytest.raises(ValueError, match="colour"):
        cells("a_rule", "t", frame(colour="red"))
    with pytest.raises(ValueError, match="median"):
        cells("a_rule", "t", frame().assign(kind="median"))


@given(st.text())
def test_slugs_hold_only_what_ids_may(text):
    assert slug(text) and set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
