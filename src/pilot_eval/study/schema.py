"""JSON Schema of the study's files, from the typed models: editors complete and check from it.

``python -m pilot_eval.study.schema config/schema`` writes the files; a test fails when they drift.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pilot_eval.study.claim import Claim
from pilot_eval.study.decision import Decision
from pilot_eval.study.delivery import Item, Source
from pilot_eval.study.model import StudyConfig
from pilot_eval.study.plan import ModelsConfig, ScalesConfig
from pilot_eval.study.truth import Truth

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: YAML files whole; for CSV files one line, its cells as typed.
MODELS: dict[str, type[BaseModel]] = {
    "study": StudyConfig,
    "scales": ScalesConfig,
    "models": ModelsConfig,
    "sources": Source,
    "codebook": Item,
    "claims": Claim,
    "link_decisions": Decision,
    "truth": Truth,
}


def schemas() -> dict[str, str]:
    """Content of each schema file, by file name."""
    return {f"{name}.json": _text(model.model_json_schema()) for name, model in MODELS.items()}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps({"$schema": DIALECT, **schema}, indent=2, ensure_ascii=False) + "\n"


def main(folder: str) -> None:
    """Write the schema files to a folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (Path(folder) / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
