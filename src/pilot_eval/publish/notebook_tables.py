"""Tables that notebooks show, made such that everybody can read them: a caption, one row of headers, nothing merged."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
#: What a column without a header is called: that of the labels of rows, and any other.
UNNAMED = ("Row", "Column {}")


def accessible(html: str, caption: str) -> str:
    """HTML with its tables written anew; their cells keep their text alone.

    Parameters
    ----------
    html : str
        As pandas or a Markdown text gives it.
    caption : str
        What every table is called.
    """
    return TABLE.sub(lambda found: _written(found[0], caption), html)


def _written(table: str, caption: str) -> str:
    from lxml import etree

    root = etree.fromstring(table, etree.HTMLParser(encoding=None))
    body = list(root.iter("tr"))
    above = [row for row in body if row.getparent().tag == "thead"]
    grid = _grid(body)
    heads, rows = grid[: len(above)], grid[len(above) :]
    columns = max(map(len, grid), default=0)
    named = [_joined([row[at] for row in heads if at < len(row)], at) for at in range(columns)]
    lines = [
        Markup('<table>\n<caption><span class="head">{}</span></caption>\n<thead><tr>').format(caption),
        *(Markup('<th scope="col">{}</th>').format(name) for name in named),
        Markup("</tr></thead>\n<tbody>\n"),
    ]
    for row in rows:
        lines.append(Markup('<tr><th scope="row">{}</th>').format(row[0]))
        lines += [Markup("<td>{}</td>").format(text) for text in row[1:]]
        lines.append(Markup("</tr>\n"))
    return str(escape("").join([*lines, Markup("</tbody>\n</table>")]))


def _grid(rows: list[Any]) -> list[list[str]]:
    """The text of every place of a table; a cell that reaches over several stands in each of them."""
    grid: list[list[str]] = []
    below: dict[int, tuple[str, int]] = {}
    for row in rows:
        texts: list[str] = []

        def fill(text: str, down: int, texts: list[str] = texts) -> None:
            if down > 1:
                below[len(texts)] = (text, down - 1)
            texts.append(text)

        for cell in row.iter("td", "th"):
            while len(texts) in below:
                fill(*below.pop(len(texts)))
            text = " ".join("".join(cell.itertext()).split())
            for _ in range(int(cell.get("colspan", 1))):
                fill(text, int(cell.get("rowspan", 1)))
        while len(texts) in below:
            fill(*below.pop(len(texts)))
        grid.append(texts)
    return grid


def _joined(texts: list[str], at: int) -> str:
    """The header of a column from those that stood over one another."""
    found = ", ".join(dict.fromkeys(text for text in texts if text))
    return found or UNNAMED[at > 0].format(at + 1)
