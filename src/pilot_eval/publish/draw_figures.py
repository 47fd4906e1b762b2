"""Draw every figure of a study from disclosed cells, each with its data and its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from pilot_eval.publish.figures import (
    answers,
    challenge,
    change_by_area,
    change_by_role,
    change_by_start,
    change_overall,
    flow,
    joint_display,
    means,
    missing_items,
    rating_levels,
    ratings,
    response,
    slopes,
    two_sides,
)
from pilot_eval.publish.figures.lint import RULES
from pilot_eval.publish.figures.lint_view import Picture
from pilot_eval.publish.figures.style import LINE, WIDTH, Drawing, png, styled, svg, with_known_glyphs, wrap
from pilot_eval.publish.kept_rules import kept_rules
from pilot_eval.publish.lookup import Lookup
from pilot_eval.spreadsheet import plain

KINDS = {
    "answers": answers, "challenge": challenge, "change_by_area": change_by_area, "change_by_role": change_by_role,
    "change_by_start": change_by_start, "change_overall": change_overall, "flow": flow, "joint_display": joint_display,
    "means": means, "missing_items": missing_items, "rating_levels": rating_levels, "ratings": ratings,
    "response": response, "slopes": slopes, "two_sides": two_sides,
}  # fmt: skip
LACKING = "□ stands for a letter that the typeface of the picture lacks; the figure's table has it."
DATA = ("id", "column", "value", "shown", "n", "unit")


def draw_figures(cells: pd.DataFrame, figures: Sequence[Mapping[str, str]], study: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the planned figures, and hold each against every rule of figures.

    Parameters
    ----------
    cells : DataFrame
        Disclosed cells of ``hide_cells``.
    figures : sequence of mapping
        ``name, kind, subject`` of each figure, from :func:`pilot_eval.publish.figures.plan.planned_figures`.
    study : mapping
        Words of the study (``printed.DRAWN``).

    Returns
    -------
    dict
        Lists in the order of ``figures``: ``svg`` (str), ``png`` (bytes), ``data`` (DataFrame of the numbers drawn, as
        text, with their ledger ids) and ``words`` (dict with ``name, title, subtitle, alt, description, note``). And
        ``kept``: see ``kept_rules``; a place is a figure and where in it.
    """
    results: dict[str, list[Any]] = {"svg": [], "png": [], "data": [], "words": []}
    return {"kept": kept_rules(RULES, _drawn(Lookup(cells), figures, study, results)), **results}


WORDS = ("title", "subtitle", "alt", "description", "note")


def _drawn(
    lookup: Lookup, figures: Sequence[Mapping[str, str]], study: Mapping[str, Any], results: dict[str, list[Any]]
) -> Iterator[Picture]:
    """Draw one figure after another into ``results``; each is looked at before the next, while its style holds."""
    names = list(_words(study))
    for planned in figures:
        name = planned["name"]
        with styled(name):
            drawing = KINDS[planned["kind"]].draw(lookup, study, planned["subject"])
            figure = drawing.figure or _note(drawing.title)
            if with_known_glyphs(figure):
                drawing.note = f"{drawing.note} {LACKING}".strip()
            results["svg"].append(svg(figure, name, drawing.title, drawing.alt, study["synthetic"]))
            results["png"].append(png(figure, drawing.title, study["synthetic"]))
            results["data"].append(_data(drawing))
            results["words"].append({"name": name} | {key: getattr(drawing, key) for key in WORDS})
            yield Picture(name, figure, drawing, results["svg"][-1], names)


def _words(part: Any) -> Iterator[str]:
    """Every text of a part of the study's words."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping | Sequence):
        for one in part.values() if isinstance(part, Mapping) else part:
            yield from _words(one)


def _note(text: str) -> Figure:
    """A picture that says that there is nothing to show, so that every planned file exists."""
    lines = wrap(text, WIDTH - 0.4, 6)
    figure = Figure(figsize=(WIDTH, len(lines) * LINE + 0.4))
    figure.text(0.2 / WIDTH, 0.5, "\n".join(lines), va="center")
    return figure


def _data(drawing: Drawing) -> pd.DataFrame:
    """The numbers drawn, one row each: what they are of, and the cell of the ledger as published."""
    records = [
        {**{name: plain(text) for name, text in labels.items()}, "id": cell.id, "column": cell.column,
         "value": f"{cell.value:.10g}", "shown": cell.shown, "n": "[z]" if cell.n is None else str(cell.n),
         "unit": plain(cell.unit) or "none"}
        for labels, cell in drawing.drawn
    ]  # fmt: skip
    first = dict.fromkeys(name for record in records for name in record if name not in DATA)
    frame = pd.DataFrame(records, columns=[*first, *DATA], dtype="str")
    return frame.drop_duplicates(ignore_index=True)
