"""Pages of this stage: text escaped, a missing value an error, the same bytes for the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
    from jinja2 import DictLoader, Environment, StrictUndefined

    environment = Environment(
        loader=DictLoader(dict(templates)), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment.get_template(name).render(**context).strip() + "\n"
