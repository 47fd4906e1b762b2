"""The table of sabotages: read, and applied to a text."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGE = Path("src/pilot_eval")


@dataclass(frozen=True)
class Sabotage:
    """One slip: what stands in a file, what is put there, and the tests that must notice."""

    name: str
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]

    def applied(self, text: str) -> str:
        """The file's text with the slip in it.

        Raises
        ------
        ValueError
            When the text to replace does not stand there just once: the source has moved on.
        """
        number = text.count(self.find)
        if number != 1:
            raise ValueError(f"{self.name}: {self.file} has the text to replace {number} times")
        return text.replace(self.find, self.replace)


def sabotages() -> list[Sabotage]:
    """All of the table, in its order."""
    table = tomllib.loads((HERE / "sabotages.toml").read_text("utf-8"))["sabotage"]
    return [Sabotage(**{**entry, "tests": tuple(entry["tests"])}) for entry in table]
