"""How sheets of the OpenDocument copy are printed: across, each as wide as a page, its name and page below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pilot_eval.publish.letters import width_of
from pilot_eval.publish.workbook.view import Page

#: Centimetres of a sheet of A4 lying on its side, of its margins, and of a point.
LONG, SHORT, MARGIN, POINT = 29.7, 21.0, 1.5, 2.54 / 72
#: The smallest share of its size in which a program prints a sheet, and what its letters may be wider than ours.
LEAST, WIDER = 10, 1.04
FOOT_ROOM = (
    '<style:footer-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.3cm"/>'
    "</style:footer-style>"
)
FOOT = "<style:footer><text:p><text:sheet-name/>, page <text:page-number>1</text:page-number></text:p></style:footer>"


def scale_of(page: Page, widths: Iterable[float]) -> int:
    """The percentage at which a sheet is as wide as a page, so that no column and no title needs another.

    Parameters
    ----------
    page : Page
    widths : iterable of float
        Of its columns, in centimetres.
    """
    table = sum(widths)
    lines = [entry for row in page.above for entry in row if not entry.style.wraps]
    said = [width_of(entry.text, entry.style.bold) * entry.style.size * POINT for entry in lines]
    return max(LEAST, min(100, int(100 * (LONG - 2 * MARGIN) / (WIDER * max(table, *said, 1.0)))))


def page_styles(scales: Sequence[int]) -> str:
    """Layout and master page of each scale."""
    layouts = "".join(
        f'<style:page-layout style:name="paper{scale}"><style:page-layout-properties fo:page-width="{LONG}cm" '
        f'fo:page-height="{SHORT}cm" style:print-orientation="landscape" fo:margin="{MARGIN}cm" '
        f'style:scale-to="{scale}%"/>{FOOT_ROOM}</style:page-layout>'
        for scale in scales
    )
    masters = "".join(
        f'<style:master-page style:name="page{scale}" style:page-layout-name="paper{scale}">{FOOT}</style:master-page>'
        for scale in scales
    )
    return (
        f"<office:automatic-styles>{layouts}</office:automatic-styles><office:master-styles>{masters}"
        "</office:master-styles>"
    )


def sheet_styles(scales: Sequence[int]) -> str:
    """The style of a sheet of each scale, which names its master page."""
    return "".join(
        f'<style:style style:name="sheet{scale}" style:family="table" style:master-page-name="page{scale}">'
        '<style:table-properties table:display="true"/></style:style>'
        for scale in scales
    )
