"""Pages of good practice: the case studies' own text, rendered with everything taken out that a page must not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from pilot_eval.publish.page import render
from pilot_eval.publish.wording import signed
from pilot_eval.study.good_practice import parted

#: The page's own heading is the first level; headings of a text begin with the second.
FIRST, LAST = 2, 6


def write_good_practice(
    texts: Sequence[str], base: str, template: str, css: str, pages: Sequence[Mapping[str, Any]],
    study: Mapping[str, Any],
) -> dict[str, list[str]]:  # fmt: skip
    """Write a page for each text.

    Parameters
    ----------
    texts : sequence of str
        Files of ``config/good_practice/``, in the order of ``pages``.
    base, template, css : str
        Frame of every page, the template of these pages, and the look.
    pages : sequence of mapping
        Of each its ``name``, ``title`` and ``area`` (a letter, or None).
    study : mapping
        What a title block says, ``people``, ``areas_public_as`` and ``good_practice`` (``printed``).

    Returns
    -------
    dict
        ``pages``: an HTML page a text.
    """
    templates = {"base.html.jinja": base, "good_practice.html.jinja": template}
    lettered = study["areas_public_as"] == "letter"
    written = []
    for text, page in zip(texts, pages, strict=True):
        named = [factor["label"] for factor in study["good_practice"] if _about(factor, page["name"])]
        told = {
            "name": page["name"], "title": page["title"], "area": page["area"] if lettered else None,
            "factors": named, "text": Markup(rendered(parted(text)[1])),
        }  # fmt: skip
        final = signed(study["people"])
        written.append(render(templates, "good_practice.html.jinja", css=css, study=study, final=final, page=told))
    return {"pages": written}


def _about(factor: Mapping[str, Any], name: str) -> bool:
    return any(page["name"] == name for page in factor["pages"])


def rendered(text: str) -> str:
    """Markdown as HTML: markup is text, nothing is loaded, headings follow one another without a gap.

    Examples
    --------
    >>> rendered("# A\\n\\n#### B\\n\\n<b>c</b>")
    '<h2>A</h2>\\n<h3>B</h3>\\n<p>&lt;b&gt;c&lt;/b&gt;</p>\\n'
    """
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    tokens = markdown.parse(text)
    before, lowest = FIRST - 1, min((_level(token) for token in tokens if token.type == "heading_open"), default=FIRST)
    for token in tokens:
        if token.type == "heading_open":
            before = min(_level(token) - lowest + FIRST, before + 1, LAST)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{before}"
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _level(token: Any) -> int:
    return int(token.tag[1:])
