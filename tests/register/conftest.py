"""A tiny set of registers, written as delivered files."""

import hashlib

import pytest

from pilot_eval.study.model import Registers

AREAS = [
    {"code": "elm", "name": "Elm Vale", "aliases": []},
    {"code": "tor", "name": "Tor Hill", "aliases": ["The Tor"]},
]
REGISTERS = {
    "organisations": [
        {"kind": "plot", "source": "plots", "key": "ref", "pattern": r"\d{5}", "name": "title", "area": "place",
         "attributes": ["soil"]},
        {"kind": "team", "source": "teams", "key": "code", "pattern": r"T\d", "name": "title", "area": "place",
         "attributes": []},
    ],
    "groups": {"source": "groups", "key": "code", "name": "title", "area": "place"},
    "links": {"source": "links", "left": "plot", "left_key": "plot", "right": "team", "right_key": "team"},
    "predecessors": {"source": "renamed", "old": "was", "new": "now"},
}  # fmt: skip
TEXTS = {
    "plots": "ref,title,place,soil\n00001,Lane End,Elm Vale,clay\n00002,Old Yard,tor,loam\n",
    "teams": "code,title,place\nT1,First,The Tor\n",
    "groups": "code,title,place\nG1,Group,Elm Vale\n",
    "links": "plot,team\n00001,T1\n00002,T1\n",
    "renamed": "was,now\n90001,00001\n00002,90002\n",
}


@pytest.fixture
def registered(tmp_path):
    """Writes texts as deliveries and gives their paths and lines of ``sources.csv``."""

    def write(texts, kind="register"):
        paths, sources = [], []
        for name, text in texts.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            content, lines = path.read_bytes(), text.count("\n")
            paths.append(path)
            sources.append({
                "source": name, "kind": kind, "path": f"data/raw/{name}.csv", "format": "csv",
                "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": max(lines - 1, 0),
            })  # fmt: skip
        return paths, sources

    return write


@pytest.fixture
def parts():
    """Areas, the study's registers and their texts, as copies that a test may change."""
    import copy

    return copy.deepcopy((AREAS, Registers.model_validate(REGISTERS).model_dump(mode="json"), TEXTS))
