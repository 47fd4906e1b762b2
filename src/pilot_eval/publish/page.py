"""Pages from templates: numbers by ledger id only, each a link to the row of the table in which it stands."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pilot_eval.faults import counted
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.wording import day, sentence
from pilot_eval.template import CONTROLS, fill


def render(templates: Mapping[str, str], name: str, **context: Any) -> str:
    """Fill a template.

    Parameters
    ----------
    templates : mapping of str to str
        Text of each template by the name under which others extend it.
    name : str
        The template to fill.
    **context
        Values that the template uses; one that is missing is an error, text is escaped.

    Returns
    -------
    str
        The page, one line feed at its end.
    """
    words = {"sentence": sentence, "counted": counted}
    return fill(templates, name, {**words, **context}, {"plain": "{:g}".format, "day": day})


@dataclass(frozen=True)
class Script:
    """A script as it stands in a page, and the source by which the page's content policy allows it and no other."""

    text: Markup
    source: Markup


def allowed(script: str) -> Script:
    """A script of ours that a page may run.

    Parameters
    ----------
    script : str
        Its text.

    Raises
    ------
    ValueError
        When the page would end the script early, or would change it, so that its checksum would not hold.
    """
    if "</" in script or "<!--" in script or CONTROLS.search(script):
        raise ValueError("a script within a page has neither </ nor <!-- nor controls")
    checksum = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return Script(Markup(script), Markup(f"'sha256-{checksum}'"))


def number(cells: Lookup, anchored: bool = True, page: str = "") -> Callable[[str], Markup]:
    """The function ``num`` of templates: a published number by its ledger id.

    Parameters
    ----------
    cells : Lookup
    anchored : bool
        Whether the number is a link to its row.
    page : str
        The page that holds the tables; empty: the number's own.

    Returns
    -------
    callable
        ``num("paired.trust.change")`` gives the number as people read it.

    Raises
    ------
    LookupError
        By the callable, for an id that is not in the ledger.
    """

    def num(identity: str) -> Markup:
        cell = cells[identity]
        if not anchored:
            return Markup('<b class="num">{}</b>').format(cell.text)
        return Markup('<a class="num" href="{}#{}">{}</a>').format(page, cell.anchor, cell.text)

    return num
