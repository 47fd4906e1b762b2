import pandas as pd
import pytest

from pilot_eval.link.people import PERSON, address, name_parts, people, year


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        (["Dr Ann Hill"], ("ann", "hill")),
        (["HILL, Ann-Marie"], ("ann", "marie hill")),
        (["Zoë", "O’Hara"], ("zoe", "ohara")),
        (["Hill"], ("", "hill")),
        (["Hill,"], ("", "hill")),
        (["n/a"], ("", "")),
        (["Mr"], ("", "")),
        ([], ("", "")),
    ],
)
def test_names_in_parts(values, parts):
    assert name_parts(values) == parts


def test_addresses_and_years():
    assert address([" A.Hill@X.example "]) == "a.hill@x.example"
    assert address(["none"]) == address(["ann"]) == ""
    assert [year([text]) for text in ("1980", "1980.0", "03/04/1980", "80", "")] == ["1980", "1980", "1980", "", ""]
    assert year(["1980", "1981"]) == ""


def test_one_row_a_placed_response():
    identifiers = pd.DataFrame({"_id": ["a", "a", "z"], "kind": ["name", "email", "name"],
                                "value": ["Ann Hill", "a@x.example", "Not Placed"]}, dtype="str")  # fmt: skip
    placed = pd.DataFrame(
        {name: ["a", "b"] if name == "_id" else ["x", "y"] for name in
         ("_id", "instrument", "wave", "role", "organisation", "area")}, dtype="str",
    )  # fmt: skip
    found = people([identifiers], placed)
    assert list(found.columns) == list(PERSON)
    assert found["first"].tolist() == ["ann", ""] and found["email"].tolist() == ["a@x.example", ""]
