"""The data dictionary is what the contracts say."""

from pathlib import Path

from pilot_eval.dictionary import dictionary

ROOT = Path(__file__).resolve().parents[2]


def test_the_data_dictionary_has_not_drifted():
    written = (ROOT / "docs" / "data-dictionary.md").read_text("utf-8")
    assert written == dictionary(), "run: python -m pilot_eval.dictionary docs/data-dictionary.md"


def test_every_contract_says_what_a_row_is():
    for section in dictionary().split("\n### ")[1:]:
        name, _, rest = section.partition("\n\n")
        assert rest.strip() and not rest.startswith("|"), f"{name} has no description"
