"""Official registers as they are: read by configuration, or refused with the message that says what is wrong."""

import hashlib
import json
from pathlib import Path

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.readers.layout import layout_of
from pilot_eval.readers.read import read_delivery
from pilot_eval.register.read_registers import read_registers
from pilot_eval.study.delivery import Source
from pilot_eval.study.load import sha256_of
from pilot_eval.study.model import Registers

REAL = Path(__file__).resolve().parents[2].parent / "shared/data/registers"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real registers are not here")
ETR = "code|name|region|board|" + "|".join(f"address_{n}" for n in range(1, 6)) + "|postcode|opened|closed"


def entry(name, rows, **said):
    path = REAL / name
    return Source.model_validate(
        {"source": path.stem, "kind": "register", "path": f"data/raw/{name}", "format": "csv", "rows": rows,
         "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size, **said}
    )  # fmt: skip


def faults_of(name, **said):
    source = entry(name, 1, **said)
    try:
        return read_delivery(REAL / name, source.path, layout_of(source)).faults
    except StudyFaults as error:
        return error.faults


@pytest.mark.parametrize(
    ("name", "said", "rows", "columns"),
    [
        ("gias_all_columns_2.csv", {}, 4, 133),
        ("gias_links_2023_cp1252.csv", {"encoding": "cp1252"}, 876, 5),
        ("school_register.csv", {}, 1246, 7),
        ("school_register_older.csv", {}, 1241, 7),
        ("nhs_trusts_etr.csv", {"header": "none", "columns": ETR}, 273, 27),
        ("nhs_ccgs_eccg.csv", {"header": "none", "columns": ETR}, 320, 27),
        ("nhs_trusts_etr_2022.csv", {"header": "none", "columns": ETR}, 218, 27),
        ("name_variants.csv", {}, 184, 6),
    ],
)
def test_a_sound_register_is_read_whole(name, said, rows, columns):
    source = entry(name, rows, **said)
    delivered = read_delivery(REAL / name, source.path, layout_of(source))
    assert (delivered.delivered, len(delivered.columns), delivered.rejects) == (rows, columns, ())
    assert {fault.severity for fault in delivered.faults} <= {"OK"}


def test_undeclared_cp1252_stops_with_the_encoding_that_fits():
    for name in ("gias_links_2023_cp1252.csv", "gias_all_columns_3_cp1252.csv"):
        (fault,) = faults_of(name)
        assert (fault.id, fault.severity) == ("ING-01", "STOP")
        assert "set encoding to cp1252" in fault.action


def test_rows_longer_than_the_header_are_refused_unless_their_number_is_declared():
    cp1252 = {"encoding": "cp1252"}
    for name, said, extra in (("gias_all_columns_1.csv", {}, 15), ("gias_all_columns_3_cp1252.csv", cp1252, 6)):
        found = {(fault.id, fault.severity) for fault in faults_of(name, **said)}
        assert ("ING-15", "STOP") in found
        declared = faults_of(name, **said, extra_fields=extra)
        assert {(fault.id, fault.severity) for fault in declared} <= {("ING-16", "WARN"), ("ING-20", "OK")}


def test_letters_that_were_lost_are_counted():
    known = json.loads((REAL / "index.json").read_text(encoding="utf-8"))
    (about,) = [one for one in known if one["file"] == "gias_links_2025_lossy_utf8.csv"]
    (fault,) = [fault for fault in faults_of(about["file"]) if fault.id == "ING-02"]
    assert (fault.severity, fault.count, fault.column) == ("WARN", about["rows_with_replacement_character"], "LinkName")


@pytest.mark.parametrize("name", ["nhs_trusts_etr.csv", "nhs_ccgs_eccg.csv"])
def test_a_file_without_header_is_refused_unless_its_columns_are_named(name):
    (fault,) = (one for one in faults_of(name) if one.severity == "STOP")
    assert fault.id == "ING-13"


def test_a_national_register_and_its_links_become_those_of_the_study():
    sources = [
        entry("school_register.csv", 1246),
        entry("nhs_trusts_etr.csv", 273, header="none", columns=ETR),
        entry("gias_links_2023_cp1252.csv", 876, encoding="cp1252"),
    ]
    school = {"kind": "school", "source": "school_register", "key": "urn", "pattern": r"\d{6}", "name": "name",
              "area": "town", "attributes": ["postcode"], "elsewhere": "leave_out"}  # fmt: skip
    trust = {"kind": "trust", "source": "nhs_trusts_etr", "key": "code", "pattern": r"\w{3,5}", "name": "name",
             "area": "region", "elsewhere": "leave_out"}  # fmt: skip
    links = {"source": "gias_links_2023_cp1252", "old": "URN", "new": "LinkURN", "link": "LinkType",
             "successor": ["Successor", "Successor - merged"],
             "predecessor": ["Predecessor", "Predecessor - merged"]}  # fmt: skip
    registers = Registers.model_validate({"organisations": [school, trust], "predecessors": links})
    areas = [{"code": "london", "name": "London", "aliases": ["Y56"]}]
    paths = [REAL / source.path.rpartition("/")[2] for source in sources]
    found = read_registers(
        paths, [source.model_dump(mode="json") for source in sources], [sha256_of(path) for path in paths], areas,
        registers.model_dump(mode="json"), b"a key of the tests",
    )  # fmt: skip
    organisations = found["organisations"]
    assert set(organisations["kind"]) == {"school", "trust"}
    assert set(organisations["area"]) == {"london"}
    steps = dict(found["predecessors"].values.tolist())
    assert steps["100016"] == "132245" and steps["100012"] == "100021"
    assert len(found["predecessors"]) == found["predecessors"]["old"].nunique()
    assert "STOP" not in set(found["faults"]["severity"])
