"""The shipped files are what the generator makes, and every planted fault lies where the manifest says."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from pathlib import Path

import pytest
from delivered import Row, read_rows

from pilot_eval.synth.make import MANIFEST, PLANTED, SOURCES, write_study
from pilot_eval.synth.truth import Plan

ROOT = Path(__file__).resolve().parents[2]


def test_the_study_made_again_has_the_bytes_of_the_shipped_one(plan: Plan, tmp_path: Path) -> None:
    for path in write_study(plan, tmp_path):
        assert (tmp_path / path).read_bytes() == (ROOT / path).read_bytes(), path


def test_every_shipped_delivery_is_made(made: dict[str, bytes]) -> None:
    shipped = {str(path.relative_to(ROOT)) for path in (ROOT / "data/raw").iterdir()} - {"data/raw/README.md"}
    assert shipped == {path for path in made if path.startswith("data/raw/")}
    assert sum(map(len, made.values())) < 4_000_000


def test_every_file_says_that_it_is_synthetic(made: dict[str, bytes]) -> None:
    for path, content in made.items():
        assert "synthetic" in path or b"synthetic" in content, path
        if path.endswith("sav"):
            assert b"SYNTHETIC" in content


def test_sources_hold_checksum_size_and_rows(plan: Plan, made: dict[str, bytes]) -> None:
    for line in csv.DictReader(io.StringIO(made[SOURCES].decode())):
        content = made[line["path"]]
        assert line["sha256"] == hashlib.sha256(content).hexdigest()
        assert int(line["bytes"]) == len(content)
        assert int(line["rows"]) == len(read_rows(ROOT / line["path"], line))


def test_no_address_or_telephone_number_can_be_a_real_one(plan: Plan) -> None:
    found = 0
    for source in plan.study.surveys:
        for item in plan.study.codebooks[source.instrument]:
            column = item.names[source.wave]
            if item.use not in ("email", "phone") or column is None:
                continue
            for row in read_rows(ROOT / source.path, source.model_dump()):
                value = row.cells[column]
                found += bool(value)
                assert not value or value.lower().endswith(".example") or value.startswith("07700 900")
    assert found > 900


@pytest.fixture(scope="module")
def manifest() -> list[dict[str, str]]:
    return list(csv.DictReader((ROOT / MANIFEST).open(encoding="utf-8")))


def test_the_manifest_lists_all_that_the_truth_file_asks_for(plan: Plan, manifest: list[dict[str, str]]) -> None:
    assert tuple(manifest[0]) == PLANTED
    wanted: Counter[tuple[str, str]] = Counter()
    for dirt in plan.truth.dirt:
        wanted[dirt.kind, plan.study.source(dirt.source).path] += dirt.times
    assert Counter((entry["kind"], entry["file"]) for entry in manifest) == wanted
    assert len({(entry["file"], entry["row"]) for entry in manifest}) == len(manifest)


def test_planted_cells_show_the_fault_in_the_delivered_file(plan: Plan, manifest: list[dict[str, str]]) -> None:
    for entry in manifest:
        if entry["column"]:
            cell = _row(plan, entry).cells[entry["column"]]
            assert cell == entry["planted"] or (entry["kind"] == "test_response" and cell in ("2", "Test")), entry


def test_planted_rows_repeat_an_earlier_one(plan: Plan, manifest: list[dict[str, str]]) -> None:
    for entry in manifest:
        if entry["kind"] not in ("identical_row", "same_response", "person_twice"):
            continue
        row, earlier = _row(plan, entry), [other for other in _rows(plan, entry) if other.place < int(entry["row"])]
        same = {"identical_row": None, "same_response": "response", "person_twice": "email"}[entry["kind"]]
        if same is None:
            assert any(other.cells == row.cells for other in earlier)
            continue
        column = _column(plan, entry, same)
        twins = [other for other in earlier if other.cells[column] == row.cells[column]]
        assert len(twins) == 1
        answered = [sum(bool(cell) for cell in one.cells.values()) for one in (twins[0], row)]
        assert answered[0] > answered[1] + 3, "the later one is the less complete"
        response = _column(plan, entry, "response")
        assert (twins[0].cells[response] == row.cells[response]) == (entry["kind"] == "same_response")


def test_planted_keys_are_in_no_register(plan: Plan, manifest: list[dict[str, str]]) -> None:
    register = plan.study.config.registers.organisations[0]
    source = plan.study.source(register.source)
    known = {row.cells[register.key]: row.cells for row in read_rows(ROOT / source.path, source.model_dump())}
    predecessors = plan.study.config.registers.predecessors
    assert predecessors is not None
    source = plan.study.source(predecessors.source)
    renamed = {row.cells[predecessors.new]: row.cells[predecessors.old] for row in read_rows(ROOT / source.path, {})}
    for entry in manifest:
        if entry["kind"] in ("mistyped_key", "outside_pilot", "new_key"):
            assert entry["planted"] not in known
            assert (entry["planted"] in renamed) == (entry["kind"] == "new_key")
        name = _row(plan, entry).cells.get(_column(plan, entry, "organisation_name"), "")
        if entry["kind"] == "mistyped_key":
            (key,) = [key for key, cells in known.items() if cells[register.name] == name]
            assert sorted(key) == sorted(entry["planted"])
        if entry["kind"] == "new_key":
            assert known[renamed[entry["planted"]]][register.name] == name


def test_misspelt_areas_are_no_area_and_aliases_are_declared(plan: Plan, manifest: list[dict[str, str]]) -> None:
    names = {area.name for area in plan.study.config.areas}
    aliases = {alias for area in plan.study.config.areas for alias in area.aliases}
    for entry in manifest:
        if entry["kind"] == "misspelt_area":
            assert entry["planted"] not in names | aliases
        if entry["kind"] == "area_alias":
            assert entry["planted"] in aliases


def _rows(plan: Plan, entry: dict[str, str]) -> list[Row]:
    source = next(source for source in plan.study.sources if source.path == entry["file"])
    return read_rows(ROOT / source.path, source.model_dump())


def _row(plan: Plan, entry: dict[str, str]) -> Row:
    return next(row for row in _rows(plan, entry) if row.place == int(entry["row"]))


def _column(plan: Plan, entry: dict[str, str], use: str) -> str:
    source = next(source for source in plan.study.sources if source.path == entry["file"])
    return next((str(i.names[source.wave]) for i in plan.study.codebooks[source.instrument] if i.use == use), "")
