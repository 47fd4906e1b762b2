"""Pages of this stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilot_eval.template import fill


def render(templates: Mapping[str, str], name: str, **context: Any) -> str:
    """Fill a template.

    Parameters
    ----------
    templates : mapping of str to str
        Text of each template by the name under which others extend it.
    name : str
        The template to fill.
    **context
        Values that it uses.
    """
    return fill(templates, name, context, {"thousands": "{:,}".format})
