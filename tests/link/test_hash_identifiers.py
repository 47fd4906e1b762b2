import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot_eval.faults import StudyFaults
from pilot_eval.key import key_of_pseudonyms
from pilot_eval.link.contracts import CONTRACTS
from pilot_eval.link.hash_identifiers import hash_identifiers
from pilot_eval.step import call


def hashes(*values, secret=b"one", synthetic=True):
    """Hashes by row, kind; values are (row, kind, value)."""
    frame = pd.DataFrame([(row, kind, f"{kind}{n}", value) for n, (row, kind, value) in enumerate(values)],
                         columns=["_id", "kind", "column", "value"], dtype="str")  # fmt: skip
    made = hash_identifiers([frame], secret, synthetic, "")
    found = made["pseudonyms"]
    CONTRACTS["hash_identifiers.pseudonyms"].validate(found, lazy=True)
    return {key: set(group["hash"]) for key, group in found.groupby(["_id", "kind"])}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [("email", "A.Smith@School.example", " a.smith@school.example\u200b"), ("person", "12", "12.0"),
     ("name", "Dr Ann O’Hara", "O'HARA, Ann"), ("name", "ann  o'hara", "Ann O'Hara")],
)  # fmt: skip
def test_one_value_in_two_spellings_is_one_hash(kind, one, other):
    found = hashes(("a", kind, one), ("b", kind, other))
    assert found["a", kind] == found["b", kind]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [("email", "a.b@x.example", "ab@x.example"), ("person", "12", "120"), ("name", "Ann Hill", "Ann Hall")],
)
def test_different_values_stay_apart(kind, one, other):
    found = hashes(("a", kind, one), ("b", kind, other))
    assert found["a", kind] != found["b", kind]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("email", "n/a"), ("name", "N/A"), ("email", "no mail"), ("name", "-"), ("name", "Mr"), ("person", "Unknown"),
     ("phone", "0123456"), ("free_text", "Ann was here")],
)  # fmt: skip
def test_what_names_nobody_gives_no_hash(kind, value):
    assert hashes(("a", kind, value)) == {}


def test_names_in_two_columns_and_their_parts():
    found = hashes(("a", "name", "Ann"), ("a", "name", "Hill"), ("b", "name", "Hill, Ann B"))
    assert found["a", "name_part"] == found["b", "name_part"]
    assert found["a", "name"] != found["b", "name"]


@settings(max_examples=20, deadline=None)
@given(st.text(min_size=3, max_size=12))
def test_two_keys_share_no_pseudonym_and_nothing_is_readable(text):
    values = [("a", "person", text), ("a", "name", text)]
    one, other = hashes(*values), hashes(*values, secret=b"other")
    assert set(one) == set(other)
    assert not set().union(*one.values(), set()) & set().union(*other.values(), set())


@pytest.mark.fault("LNK-15")
def test_the_public_key_is_for_synthetic_answers_only():
    secret = b"public-synthetic-2015"
    assert hashes(("a", "person", "1"), secret=secret)
    with pytest.raises(StudyFaults) as caught:
        hashes(("a", "person", "1"), secret=secret, synthetic=False)
    (fault,) = caught.value.faults
    assert (fault.id, fault.severity, fault.file, fault.column) == ("LNK-15", "STOP", "config/study.yaml", "secret")
    assert "2015" not in str(caught.value)


def test_the_key_has_an_id_of_its_own():
    nothing = pd.DataFrame({name: pd.Series([], dtype="str") for name in ("_id", "kind", "column", "value")})
    ids = {hash_identifiers([nothing], secret, True, "")["key"]["key_id"] for secret in (b"one", b"one", b"two")}
    assert len(ids) == 2 and all(len(one) == 8 for one in ids)


@pytest.mark.fault("LNK-13")
def test_another_key_than_that_of_before_stops():
    nothing = pd.DataFrame({name: pd.Series([], dtype="str") for name in ("_id", "kind", "column", "value")})
    first = hash_identifiers([nothing], b"one", True, "")["key"]["key_id"]
    assert hash_identifiers([nothing], b"one", True, first)["key"] == {"key_id": first}
    with pytest.raises(StudyFaults) as caught:
        hash_identifiers([nothing], b"two", True, first)
    (fault,) = caught.value.faults
    assert (fault.id, fault.severity, fault.file, fault.column) == (
        "LNK-13", "STOP", "config/study.yaml", "secret.key_id"
    )  # fmt: skip
    assert first in fault.expected and "two" not in fault.message


@pytest.mark.fault("LNK-14")
def test_without_a_key_nothing_is_hashed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("A_KEY", raising=False)
    with pytest.raises(StudyFaults) as caught:
        call(
            "hash_identifiers", {"identifiers": []}, {"secret": ["A_KEY", "a.key"], "synthetic": True, "known_key": ""}
        )
    (fault,) = caught.value.faults
    assert (fault.id, fault.severity, fault.file) == ("LNK-14", "STOP", "a.key")
    assert "pilot-eval new-key" in fault.action


@pytest.mark.fault("LNK-14")
@pytest.mark.parametrize(("told", "written"), [(" \t", b""), ("", b" \n"), ('""', b"\xef\xbb\xbf\r\n")])
def test_blanks_and_marks_are_no_key(tmp_path, monkeypatch, told, written):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("A_KEY", told)
    (tmp_path / "a.key").write_bytes(written)
    assert key_of_pseudonyms("A_KEY", tmp_path / "a.key") == b""
    with pytest.raises(StudyFaults) as caught:
        call(
            "hash_identifiers", {"identifiers": []}, {"secret": ["A_KEY", "a.key"], "synthetic": True, "known_key": ""}
        )
    assert [fault.id for fault in caught.value.faults] == ["LNK-14"]


@pytest.mark.fault("LNK-13", "LNK-15")
@pytest.mark.parametrize("key", ["public-synthetic-2015", "5ecret"])
def test_a_key_is_the_same_however_it_was_saved(tmp_path, monkeypatch, key):
    file = tmp_path / "a.key"
    monkeypatch.delenv("A_KEY", raising=False)
    for written in (f"{key}\r\n", f"\ufeff{key}", f' "{key}" '):
        file.write_bytes(written.encode())
        assert key_of_pseudonyms("A_KEY", file) == key.encode()
    for told in (f" {key}\n", f"'{key}'"):
        monkeypatch.setenv("A_KEY", told)
        assert key_of_pseudonyms("A_KEY", tmp_path / "none") == key.encode()


def test_accents_and_parts_of_a_name():
    found = hashes(("a", "name", "Zoë Løvås-Hill"), ("b", "name", "Lovas Hill, Zoe"), ("c", "name", "Zoe Marie Hill"))
    assert found["a", "name"] == found["b", "name"] != found["c", "name"]
    assert found["a", "first"] == found["c", "first"] and found["a", "last"] == found["c", "last"]
    years = hashes(("a", "birth_year", "1980"), ("b", "birth_year", "1980.0"), ("c", "birth_year", "?"))
    assert years["a", "birth_year"] == years["b", "birth_year"] and ("c", "birth_year") not in years
