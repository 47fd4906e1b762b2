import re
from pathlib import Path

import pytest

from pilot_eval.study import claim, decision, delivery, model, plan, question
from pilot_eval.study.sheets import ITEM_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "study.md").read_text(encoding="utf-8")
PARTS = [
    part
    for module in (model, plan, question)
    for part in vars(module).values()
    if isinstance(part, type) and issubclass(part, model.Part) and part is not model.Part
]
FILES = [delivery.Source, claim.Claim, decision.Decision]


@pytest.mark.parametrize("part", [*PARTS, *FILES], ids=lambda part: part.__name__)
def test_every_key_of_the_config_is_explained(part):
    said = set(re.findall(r"`([a-z0-9_]+):?`", TEXT))
    assert set(part.model_fields) - said == set()


def test_every_column_of_a_codebook_is_explained():
    assert [column for column in ITEM_COLUMNS if f"`{column}`" not in TEXT] == []
