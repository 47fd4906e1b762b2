"""How numbers, areas and directions are said: the same words in figures, report and packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilot_eval.publish.lookup import Row

#: Said of every interval: the level at which the study's models and descriptions make them.
LEVEL = "95%"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def day(iso: str) -> str:
    """A date as people write it, in no locale but this one: ``2015-09-14`` is ``14 September 2015``."""
    year, month, of_month = iso.split("-")
    return f"{int(of_month)} {MONTHS[int(month) - 1]} {year}"


def level_of(row: Row) -> str:
    """What a box of the participant flow counts: ``Respondents``, ``Organisations school``."""
    words = [word for word in row.group.split(".")[:-1] if word not in (row.wave, "rejected")]
    return sentence(" ".join(words).replace("_", " "))


def sentence(text: str) -> str:
    """Text with its first letter in upper case, the others as they are."""
    return text[:1].upper() + text[1:]


def area_name(study: Mapping[str, Any], public: str) -> str:
    """An area as the public sees it: ``Area K``, or its name where the study publishes names."""
    return public if study["areas_public_as"] == "name" else f"{sentence(study['words']['area'])} {public}"


def signed(people: Mapping[str, str]) -> bool:
    """Whether analyst, assurer and approver have all signed: only then is a publication final."""
    return all(value.strip() for value in people.values())


def not_estimated(row: Row | None, estimate: str = "estimate") -> bool:
    """Whether a row lacks its estimate because there is none, not because it is confidential."""
    cell = row.cell(estimate) if row is not None else None
    return cell is not None and cell.unavailable


def in_unit(unit: str) -> str:
    """A unit after its number: `` points on a 1 to 5 scale``, `` as a share of respondents``."""
    return f" as a {unit}" if unit.startswith("share ") else f" {unit}"


def direction(row: Row | None, estimate: str = "estimate") -> str:
    """What an interval says of a change: ``up``, ``down``, ``open`` (it holds zero) or ``hidden``."""
    if row is None or not row.known(estimate, "low", "high"):
        return "hidden"
    if row.value("low") > 0:
        return "up"
    return "down" if row.value("high") < 0 else "open"
