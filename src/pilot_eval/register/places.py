"""Areas: what each is called, by which letter it is published, and which area a spelling means."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pilot_eval.canonical import canonical
from pilot_eval.faults import Fault

CONFIG = "config/study.yaml"
PLAIN = re.compile(r"[\w &'’(),.\-]+(/[\w &'’(),\-]+)*")
NEAR = 60


class Places:
    """The areas of a study, found by code, name or alias, whatever the case, spaces and punctuation.

    Parameters
    ----------
    areas : sequence of mapping
        ``code``, ``name`` and ``aliases`` of each.
    """

    def __init__(self, areas: Sequence[Mapping[str, Any]]) -> None:
        self.areas = areas
        self.exact: set[str] = set()
        self.codes: dict[str, str] = {}
        self.faults: list[Fault] = []
        for area in areas:
            spellings = (area["code"], area["name"], *area.get("aliases", ()))
            self.exact.update(spellings)
            self.faults += _name_faults(area["name"])
            for spelling in spellings:
                other = self.codes.setdefault(canonical(spelling), area["code"])
                if other != area["code"]:
                    saw = f'"{spelling}" means the areas "{other}" and "{area["code"]}"'
                    action = "Change a name or an alias, or give one a code of its own"
                    expected = "one area per spelling (case, spaces and punctuation do not count)"
                    self.faults.append(Fault("REG-09", "STOP", CONFIG, saw, expected, action, column="areas"))

    def find(self, text: str) -> str | None:
        """Code of the area that a text means, None when it means none."""
        return self.codes.get(canonical(text)) if text.strip() else None

    def likeness(self, text: str) -> float:
        """How near a text is to the name of an area, 0 to 100."""
        from rapidfuzz import fuzz

        said = canonical(text)
        return max(fuzz.ratio(said, canonical(area["name"])) for area in self.areas)

    def unknown(self, text: str, file: str, row: int, column: str) -> Fault:
        """REG-07 with the nearest names and how near they are; never accepted by itself."""
        from rapidfuzz import fuzz, process

        names = {area["name"]: canonical(area["name"]) for area in self.areas}
        near = process.extract(canonical(text), names, scorer=fuzz.ratio, limit=3, score_cutoff=NEAR)
        said = ", ".join(f'"{name}" ({score:.0f})' for _, score, name in near)
        saw = f'saw "{text}"' if text.strip() else "an empty cell"
        expected = f"one of the {len(self.areas)} areas" + (f", nearest {said}" if said else "")
        action = f"Correct the file, or add it to the area's aliases in {CONFIG}"
        return Fault("REG-07", "STOP", file, saw, expected, action, row, column)


def _name_faults(name: str) -> list[Fault]:
    """REG-10: an area's name titles pages and packs; it holds nothing that a path or a program could misread."""
    if PLAIN.fullmatch(name) and ".." not in name:
        return []
    expected = "letters, digits, spaces and & ' ( ) , . - only"
    return [Fault("REG-10", "STOP", CONFIG, f'saw "{name[:40]}"', expected, "Correct the name", column="areas")]


def letters(codes: Sequence[str], secret: bytes) -> dict[str, tuple[str, int]]:
    """Letter and place of each area, in an order that only the holder of the key can tell.

    Parameters
    ----------
    codes : sequence of str
    secret : bytes
        The key of the pseudonyms.

    Returns
    -------
    dict
        Code to letter (``A`` to ``Z``, ``AA``, ``AB`` ...) and its place from 1, in the order of the keyed hashes.
    """

    def hashed(code: str) -> str:
        return hmac.new(secret, f"area:{code}".encode(), hashlib.sha256).hexdigest()

    return {code: (letter(place), place + 1) for place, code in enumerate(sorted(codes, key=hashed))}


def letter(place: int) -> str:
    """The letter of a place, from 0: ``A``, ``B`` ... ``Z``, ``AA``, ``AB`` ..."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
