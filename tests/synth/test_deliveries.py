"""The codebook backwards: each wave's own names, order, codes, words and kinds of missing."""

from __future__ import annotations

from pathlib import Path

import pyreadstat
from delivered import read_rows
from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.study.delivery import Item
from pilot_eval.synth.deliveries import delivered_code, delivered_labels, ordered
from pilot_eval.synth.truth import Plan

ROOT = Path(__file__).resolve().parents[2]
AGREE = {1: "No", 2: "Rather no", 3: "Rather yes", 4: "Yes"}


def item(**more: object) -> Item:
    names = {"one": "a", "two": "b"}
    return Item.model_validate({"item": "x", "label": "X", "type": "likert", "labels": AGREE, "names": names, **more})


@given(st.integers(1, 4))
def test_reversal_is_its_own_inverse_and_other_waves_stay(code: int) -> None:
    turned = item(reversed=["two"])
    assert delivered_code(turned, "two", delivered_code(turned, "two", code)) == code
    assert delivered_code(turned, "one", code) == code
    assert delivered_labels(turned, "two")[int(delivered_code(turned, "two", code))] == AGREE[code]


def test_recodes_are_undone() -> None:
    shifted = item(recodes={"two": {0: 1, 1: 2, 2: 3, 3: 4}})
    assert [delivered_code(shifted, "two", code) for code in (1, 2, 3, 4)] == [0, 1, 2, 3]
    assert delivered_labels(shifted, "two") == {0: "No", 1: "Rather no", 2: "Rather yes", 3: "Yes"}
    assert delivered_labels(item(wave_labels={"two": {1: "Nay"}}), "two") == {1: "Nay"}


def test_blocks_come_in_the_order_of_their_own_numbers() -> None:
    names = ["Q10_2", "Q10_1", "Q9_1", "Q11"]
    items = [item(item=f"x{number}", names={"one": name, "two": name}) for number, name in enumerate(names)]
    assert [entry.names["one"] for entry in ordered(items, "one")] == ["Q10_1", "Q10_2", "Q9_1", "Q11"]


def test_each_file_has_the_columns_of_its_codebook(plan: Plan) -> None:
    for source in plan.study.surveys:
        wanted = {item.names[source.wave] for item in plan.study.codebooks[source.instrument]} - {None}
        assert set(read_rows(ROOT / source.path, source.model_dump())[0].cells) == wanted


def test_spss_waves_hold_what_survey_houses_deliver(plan: Plan) -> None:
    for source in plan.study.surveys:
        if source.format not in ("sav", "zsav"):
            continue
        _, meta = pyreadstat.read_sav(str(ROOT / source.path), user_missing=True)
        assert meta.file_label.startswith("SYNTHETIC")
        assert (meta.file_encoding == "windows-1252") == (source.encoding == "cp1252")
        for item in plan.study.codebooks[source.instrument]:
            column = item.names[source.wave]
            if column and item.missing:
                assert {entry["lo"] for entry in meta.missing_ranges[column]} == set(item.missing)
            if column and item.type == "likert":
                labels = delivered_labels(item, source.wave)
                assert {code: meta.variable_value_labels[column][code] for code in labels} == labels
        assert bool(meta.mr_sets) == (source.instrument == "school")


def test_csv_waves_differ_as_declared(plan: Plan) -> None:
    by_instrument = {source.instrument: (ROOT / source.path).read_bytes() for source in plan.study.surveys}
    assert by_instrument["commissioner"].startswith(b"\xef\xbb\xbf")
    header = by_instrument["service"].split(b"\n")[0]
    assert header.count(b";") > 20 and b"," not in header
    weeks = [row.cells["weeks"] for row in read_rows(ROOT / "data/raw/synthetic_service_baseline.csv",
                                                     {"delimiter": ";", "encoding": "cp1252"})]  # fmt: skip
    assert any(cell.endswith(",5") for cell in weeks)
