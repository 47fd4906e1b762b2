"""The summary: the main findings on one sheet of paper, for events at which they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.page import number, render
from pilot_eval.publish.wording import signed
from pilot_eval.publish.write_report import findings, inline

if TYPE_CHECKING:
    import pandas as pd

#: A sheet has room for so many findings, for so many letters of the study's own words in all, and for so many of what
#: it says of its limits.
FINDINGS, LETTERS, LIMITS = 6, 900, 450


def write_summary(
    cells: pd.DataFrame, svg: str, words: Mapping[str, str], base: str, template: str, css: str, look: str,
    study: Mapping[str, Any],
) -> dict[str, str]:  # fmt: skip
    """Write the summary.

    Parameters
    ----------
    cells : DataFrame
        Disclosed cells of ``hide_cells``.
    svg, words : str, mapping
        The figure ``plan.SUMMARY`` and what is said about it.
    base, template, css, look : str
        Frame of every page, the summary's own template, the look of every page, and what a single sheet needs besides.
    study : mapping
        What the summary says of the study (``printed.SUMMED``).

    Returns
    -------
    dict
        ``summary``: one self-contained HTML page, which prints on one sheet.
    """
    lookup = Lookup(cells)
    main = [one for one in findings(lookup, study) if one["main"]]
    asked = [(lookup.row("agreement", group=one["id"]), one["label"]) for one in study["agreements"]]
    agreed = [(row, label) for row, label in asked if row is not None and row.known("agree", "low", "high")]
    labels = [*(one["outcome"]["label"] for one in main), *(label for _, label in agreed)]
    told = _room_for(labels[:FINDINGS], LETTERS)
    left = LETTERS - sum(map(len, labels[:told]))
    page = render(
        {"base.html.jinja": base, "summary.html.jinja": template}, "summary.html.jinja",
        css=css + look, study=study, final=signed(study["people"]), num=number(lookup, page="report.html"),
        first=study["waves"][0], last=study["waves"][-1], findings=main[:told],
        agreed=agreed[: max(0, told - len(main))], more=told < len(labels), figure={**words, "svg": inline(svg)},
        answered=_answered(lookup, study),
        limits=study["limits"][: _room_for(study["limits"], min(left, LIMITS))],
    )  # fmt: skip
    return {"summary": page}


def _answered(lookup: Lookup, study: Mapping[str, Any]) -> list[tuple[Any, Any, Any]]:
    """How many answered at the first and the last wave, and how many of the latter had at the first."""
    found = []
    for wave in (study["waves"][0], study["waves"][-1]):
        row = lookup.row("flow", group=f"respondents.{wave['id']}.responded")
        if row is not None:
            found.append((wave, row, lookup.row("flow", group=f"respondents.{wave['id']}.followed")))
    return found


def _room_for(texts: Sequence[str], letters: int) -> int:
    """How many of the first texts have no more letters than that together."""
    return sum(sum(map(len, texts[: at + 1])) <= letters for at in range(len(texts)))
