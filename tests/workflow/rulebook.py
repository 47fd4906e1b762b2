"""Reads the rule files as text, for the tests of the laws."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "pilot_eval"
SECTIONS = ("input", "output", "params", "log", "benchmark", "threads", "resources", "message", "script")


@dataclass(frozen=True)
class Rule:
    """One rule of a rule file: its name, the stage it stands in, and the text of each of its sections."""

    name: str
    stage: str
    sections: dict[str, str]

    def names(self, section: str) -> list[str]:
        """Keyword names of a section, in order."""
        return re.findall(r"^ {8}(\w+)=", self.sections.get(section, ""), flags=re.MULTILINE)


def rules() -> list[Rule]:
    """All rules of the eleven stages, in file order."""
    found = []
    for file in sorted((ROOT / "rules").glob("*.smk")):
        if file.stem in ("common", "asked", "targets", "run"):
            continue
        for block in re.split(r"^rule ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            name = block.split(":", 1)[0].strip()
            parts = re.split(r"^ {4}(\w+):", block, flags=re.MULTILINE)
            sections = dict(zip(parts[1::2], parts[2::2], strict=True))
            found.append(Rule(name, file.stem, sections))
    return found


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(SOURCE.rglob("*.py"))
