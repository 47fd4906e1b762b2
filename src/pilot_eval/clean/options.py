"""A column that holds all the options that somebody chose: ``E-mail;Phone`` as one indicator an option."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pilot_eval.canonical import canonical
from pilot_eval.clean.values import Cell


def chosen(text: str, option: str, options: Sequence[str]) -> Cell:
    """Whether an option is among those of a text; missing where nothing was chosen.

    Parameters
    ----------
    text : str
        As delivered: options with ``;``, ``|``, line ends or ``,`` between; an option may itself hold commas.
    option : str
        The one that is asked for.
    options : sequence of str
        All options of the set.

    Returns
    -------
    Cell
        1 or 0; CLN-15 when a part of the text is none of the options, which leaves the others as they are.
    """
    if not text.strip():
        return Cell(None, "skipped", "spelling", "nothing but spaces")
    found, unknown = parted(text, options)
    # the part that nobody knows is told once, with the first option
    fault = "CLN-15" if unknown and option == options[0] else ""
    if not found:
        return Cell(None, "unreadable", "option", "none of the options", fault=fault)
    return Cell(float(canonical(option) in found), "", "option", "one of several options in a cell", fault)


def parted(text: str, options: Sequence[str]) -> tuple[set[str], list[str]]:
    """Canonical options of a text, and its parts that are none.

    Examples
    --------
    >>> parted("Phone, text, fax", ["Phone, text", "Letter"])
    ({'phone text'}, ['fax'])
    """
    known = {canonical(option) for option in options}
    found: set[str] = set()
    unknown: list[str] = []
    for piece in re.split(r"[;|\n]", text):
        words = [word for word in piece.split(",") if word.strip()]
        while words:
            # the longest run of parts that is an option: its own commas part it too
            for length in range(len(words), 0, -1):
                whole = canonical(",".join(words[:length]))
                if whole in known:
                    found.add(whole)
                    break
            else:
                length = 1
                unknown.append(words[0].strip())
            words = words[length:]
    return found, unknown
