"""The options that somebody chose, in one column or spread over several: an indicator an option."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.canonical import canonical
from pilot_eval.clean.reading import Reading
from pilot_eval.clean.values import Cell, kind_of, parse_number
from pilot_eval.study.delivery import delivered_columns

#: What the options of a set that share a column are called in it: spelling, and the item it stands for; a spelling that
#: stands for a kind of missing begins with ``?``.
Spellings = Mapping[str, str]


def gathered(
    answers: pd.DataFrame, metadata: Mapping[Any, Any], codebook: Sequence[Mapping[str, Any]]
) -> tuple[pd.DataFrame, dict[Any, Any]]:
    """Several columns of one question (``c1 = 2``, ``c2 = 3``) as the one column that holds all options: ``2;3``.

    Parameters
    ----------
    answers : DataFrame
        As delivered.
    metadata : mapping
        What the file says of each column.
    codebook : sequence of mapping

    Returns
    -------
    answers, metadata
        With the columns ``c1|c2`` of the codebook beside the delivered ones; they are described as their first one.
    """
    joined = {
        (name, parts) for item in codebook for name in item["names"].values()
        if name and len(parts := delivered_columns(name, item["set"])) > 1 and set(parts) <= set(answers.columns)
    }  # fmt: skip
    about = dict(metadata)
    for name, parts in sorted(joined):
        told = zip(*(answers[part].str.strip() for part in parts), strict=True)
        answers = answers.assign(**{name: pd.Series([";".join(filter(None, cells)) for cells in told],
                                                    index=answers.index, dtype="str")})  # fmt: skip
        about[name] = next((metadata[part] for part in parts if part in metadata), {})
    return answers, about


def shared(readings: Sequence[Reading]) -> dict[tuple[str, str], list[Reading]]:
    """The items of each set that share a column, or have several columns in common."""
    found: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        if reading.set:
            found.setdefault((reading.set, reading.column), []).append(reading)
    return {place: own for place, own in found.items() if len(own) > 1}


def spellings(readings: Sequence[Reading]) -> Spellings:
    """How each option of a set may be written: its words, the codes that are recoded to 1, those that the file labels.

    Kinds of missing are options that count for nothing.
    """
    found: dict[str, str] = {}
    for reading in readings:
        found |= {str(code): f"?{kind}" for code, kind in reading.missing.items()}
        found |= {canonical(kind): f"?{kind}" for kind in reading.missing.values()}
        found |= {_number(f"{low:g}"): f"?{kind_of(reading.file_labels.get(int(low), 'declared'))}"
                  for low, high in reading.file_missing if low == high}  # fmt: skip
    for reading in readings:
        said = canonical(reading.option)
        codes = {code for code, new in reading.recode.items() if new == 1}
        codes |= {code for code, label in reading.file_labels.items() if canonical(label) == said}
        found |= dict.fromkeys((said, *map(str, sorted(codes))), reading.item)
    return found


def chosen(text: str, item: str, options: Spellings) -> Cell:
    """Whether an option is among those of a text; missing where nothing was chosen.

    Parameters
    ----------
    text : str
        As delivered: options with ``;``, ``|``, line ends or ``,`` between; an option may itself hold commas.
    item : str
        The one that is asked for.
    options : mapping of str to str
        From :func:`spellings`.

    Returns
    -------
    Cell
        1 or 0; CLN-15 when a part of the text is none of the options, which leaves the others as they are.
    """
    if not text.strip():
        return Cell(None, "skipped", "spelling", "nothing but spaces")
    found, unknown = parted(text, options)
    # the part that nobody knows is told once, with the first option
    fault = "CLN-15" if unknown and item == next(one for one in options.values() if one[0] != "?") else ""
    kinds = sorted(one[1:] for one in found if one.startswith("?"))
    if len(found) == len(kinds):
        if kinds and not unknown:
            return Cell(None, kinds[0], "missing_code", f"no option, but {kinds[0]}")
        return Cell(None, "unreadable", "option", "none of the options", fault=fault)
    return Cell(float(item in found), "", "option", "one of several options in a cell", fault)


def parted(text: str, options: Spellings) -> tuple[set[str], list[str]]:
    """Items that a text names, and its parts that are no option.

    Examples
    --------
    >>> parted("Phone, text, fax", {"phone text": "ring", "letter": "write"})
    ({'ring'}, ['fax'])
    """
    found: set[str] = set()
    unknown: list[str] = []
    for piece in re.split(r"[;|\n]", text):
        words = [word for word in piece.split(",") if word.strip()]
        while words:
            # the longest run of parts that is an option: its own commas part it too
            for length in range(len(words), 0, -1):
                whole = ",".join(words[:length])
                item = options.get(_number(whole)) or options.get(canonical(whole))
                if item:
                    found.add(item)
                    break
            else:
                length = 1
                unknown.append(words[0].strip())
            words = words[length:]
    return found, unknown


def _number(text: str) -> str:
    """A whole number as codes are written; empty for anything else."""
    number = parse_number(text.strip(), ".")
    return "" if number is None or number != int(number) else str(int(number))
