"""The report and every pack as documents, for those who annotate: the finished pages, converted element by element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pilot_eval.publish.documents.convert import document_of


def write_documents(report: str, packs: Sequence[str], png: Sequence[bytes], figures: Sequence[str]) -> dict[str, Any]:
    """Convert pages to DOCX.

    Parameters
    ----------
    report : str
        The report's page; its figures become the pictures that ``draw_figures`` made.
    packs : sequence of str
        The packs' pages.
    png : sequence of bytes
        The figures' pictures, in the order of ``figures``.
    figures : sequence of str
        Name of each figure.

    Returns
    -------
    dict
        ``report``: a document; ``packs``: one for each page, in their order.
    """
    pictures = dict(zip(figures, png, strict=True))
    return {"report": document_of(report, pictures), "packs": [document_of(page, {}) for page in packs]}
