"""What respondents say of themselves, in clear text, as linking compares it; for rules that read identifiers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import pandas as pd

from pilot_eval.canonical import canonical, folded

TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev"})
NOBODY = frozenset(
    {"", "na", "n a", "nil", "none", "no", "not applicable", "unknown", "anonymous", "anon", "test", "x"}
)
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
#: Of a person; empty text is missing.
SAID = ("first", "last", "email", "birth_year")
PERSON = ("_id", "instrument", "wave", "role", "organisation", "area", *SAID)


def people(identifiers: Sequence[pd.DataFrame], placed: pd.DataFrame) -> pd.DataFrame:
    """Respondents with what they say of themselves and where they were placed.

    Parameters
    ----------
    identifiers : sequence of DataFrame
        One a delivery: ``_id kind column value``.
    placed : DataFrame
        A row a response.

    Returns
    -------
    DataFrame
        Columns :data:`PERSON`, a row a placed response in their order; what is not known is ``""``.
    """
    values = pd.concat([frame[["_id", "kind", "value"]] for frame in identifiers], ignore_index=True)
    said: dict[tuple[str, str], list[str]] = {}
    for row, kind, value in values.itertuples(index=False, name=None):
        said.setdefault((row, kind), []).append(value)
    rows = placed.loc[:, ["_id", "instrument", "wave", "role", "organisation", "area"]].reset_index(drop=True)
    names = [name_parts(said.get((row, "name"), ())) for row in rows["_id"]]
    rows["first"] = pd.Series([first for first, _ in names], dtype="str")
    rows["last"] = pd.Series([last for _, last in names], dtype="str")
    rows["email"] = pd.Series([address(said.get((row, "email"), ())) for row in rows["_id"]], dtype="str")
    rows["birth_year"] = pd.Series([year(said.get((row, "birth_year"), ())) for row in rows["_id"]], dtype="str")
    return rows.loc[:, list(PERSON)]


def name_words(values: Sequence[str]) -> list[str]:
    """Words of a name in the order written, titles left out; none when it names nobody.

    A comma that parts a single name puts the last name first.
    """
    if len(values) == 1 and values[0].count(",") == 1:
        last, first = values[0].split(",")
        values = [first, last]
    words = [word for value in values for word in folded(value).split() if word not in TITLES]
    return [] if " ".join(words) in NOBODY else words


def name_parts(values: Sequence[str]) -> tuple[str, str]:
    """First name and all that follows it; a single word is a last name."""
    words = name_words(values)
    return (words[0], " ".join(words[1:])) if len(words) > 1 else ("", " ".join(words))


def address(values: Sequence[str]) -> str:
    """E-mail address in one spelling; several are joined, one that is none is empty."""
    found = sorted({plain(value) for value in values if canonical(value) not in NOBODY})
    return " ".join(value for value in found if re.fullmatch(r"[^@]+@[^@]+", value))


def year(values: Sequence[str]) -> str:
    """Year of birth with four digits, from a year or a date that has one; empty when there is no single one."""
    found = {match for value in values for match in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", plain(value))}
    return found.pop() if len(found) == 1 else ""


def plain(value: str) -> str:
    """One spelling of an e-mail address or an id; a whole number that became a decimal one is itself again."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", value).casefold())
    return re.sub(r"^(\d+)\.0+$", r"\1", text)
