"""Pages from templates: text escaped, a missing value an error, nothing that could turn a page's text around."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

#: Marks that turn the direction of text, and other controls: a label must not be able to change a page around it.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def fill(
    templates: Mapping[str, str], name: str, context: Mapping[str, Any], filters: Mapping[str, Callable[..., str]]
) -> str:
    """Fill a template.

    Parameters
    ----------
    templates : mapping of str to str
        Text of each template by the name under which others extend it.
    name : str
        The template to fill.
    context : mapping of str
        Values that the template uses; one that is missing is an error, text is escaped.
    filters : mapping of str to callable
        Functions that the template uses.

    Returns
    -------
    str
        The page, one line feed at its end; the same bytes for the same values.
    """
    from jinja2 import DictLoader, Environment, StrictUndefined

    environment = Environment(
        loader=DictLoader(dict(templates)), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= dict(filters)
    return CONTROLS.sub("", environment.get_template(name).render(**context)).strip() + "\n"
