"""The workbook as an OpenDocument spreadsheet (ODF 1.2): the same sheets, cells, texts and look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from pilot_eval.publish.workbook.ods_pages import page_styles, scale_of, sheet_styles
from pilot_eval.publish.workbook.view import Book, Entry, Page, Style, read_book
from pilot_eval.publish.xlsx import LANGUAGE, PROPERTIES, packed

MIME = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
#: Width of a column of one character of the workbook's measure, in centimetres.
CHARACTER = 0.19
ALIGN = {"left": "start", "right": "end", "center": "center"}


def ods_copy(workbook: bytes) -> bytes:
    """The same workbook as an .ods file; the same workbook gives the same bytes.

    Parameters
    ----------
    workbook : bytes
        An .xlsx file of ours: one typeface, no merged cells, no formulas.
    """
    book = read_book(workbook)
    look = dict.fromkeys(entry.style for page in book.pages for row in page.rows for entry in row)
    styles = {style: f"cell{number}" for number, style in enumerate(look, start=1)}
    widths = {width: f"column{number}" for number, width in enumerate(_all_widths(book), start=1)}
    scales = {page.name: scale_of(page, (CHARACTER * width for width in page.widths)) for page in book.pages}
    typeface = next(iter(styles)).font
    return packed(
        {
            "mimetype": MIME.encode(),
            "META-INF/manifest.xml": _manifest().encode(),
            "meta.xml": _document("meta", _meta(book)).encode(),
            "styles.xml": _document("styles", _styles(typeface) + page_styles(_each(scales))).encode(),
            "content.xml": _document("content", "".join(_content(book, styles, widths, scales))).encode(),
        },
        stored="mimetype",
    )


def _document(kind: str, inner: str) -> str:
    names = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
    root = f"office:document-{kind}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {names} office:version="1.2">{inner}</{root}>\n'


def _manifest() -> str:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    files = {"/": MIME, "content.xml": "text/xml", "styles.xml": "text/xml", "meta.xml": "text/xml"}
    lines = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in files.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<manifest:manifest xmlns:manifest="{space}" manifest:version="1.2">{lines}</manifest:manifest>\n'


def _meta(book: Book) -> str:
    own, made = book.book.properties, PROPERTIES["created"].isoformat()
    said = {
        "dc:title": book.title, "dc:description": own.description, "meta:keyword": own.keywords,
        "meta:initial-creator": book.author, "dc:creator": book.author, "meta:creation-date": made, "dc:date": made,
        "dc:language": LANGUAGE,
    }  # fmt: skip
    return (
        "<office:meta>" + "".join(f"<{n}>{escape(text)}</{n}>" for n, text in said.items() if text) + "</office:meta>"
    )


def _styles(typeface: str) -> str:
    """The look of every cell by itself, with the language in which it is read out."""
    language, _, country = LANGUAGE.partition("-")
    return (
        f"{_faces(typeface)}<office:styles>"
        f'<style:default-style style:family="table-cell"><style:text-properties style:font-name={quoteattr(typeface)} '
        f'fo:font-size="12pt" fo:language="{language}" fo:country="{country}"/></style:default-style>'
        '<style:style style:name="Default" style:family="table-cell"/></office:styles>'
    )


def _faces(typeface: str) -> str:
    return (
        f"<office:font-face-decls><style:font-face style:name={quoteattr(typeface)} "
        f'svg:font-family={quoteattr(typeface)} style:font-family-generic="swiss"/></office:font-face-decls>'
    )


def _each(scales: Mapping[str, int]) -> list[int]:
    return sorted(set(scales.values()))


def _content(
    book: Book, styles: Mapping[Style, str], widths: Mapping[float, str], scales: Mapping[str, int]
) -> Iterator[str]:
    yield _faces(next(iter(styles)).font) + "<office:automatic-styles>"
    for width, name in widths.items():
        yield f'<style:style style:name="{name}" style:family="table-column"><style:table-column-properties '
        yield f'style:column-width="{CHARACTER * width:.2f}cm"/></style:style>'
    for height in _all_heights(book):
        fixed = f'style:row-height="{height:g}pt" ' if height else ""
        yield f'<style:style style:name="row{height:g}" style:family="table-row"><style:table-row-properties '
        yield f'{fixed}style:use-optimal-row-height="{"false" if height else "true"}"/></style:style>'
    yield sheet_styles(_each(scales))
    for places in sorted({_places(style) for style in styles} - {None}, key=str):
        yield f'<number:number-style style:name="number{places}"><number:number number:decimal-places="{places}" '
        yield 'number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
    for style, name in styles.items():
        yield _cell_style(style, name)
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for page in book.pages:
        yield from _sheet(page, styles, widths, f"sheet{scales[page.name]}")
    yield "<table:database-ranges>"
    for page in book.pages:
        for table in page.tables:
            area = f"{page.name}.{table.head[0].place}:{page.name}.{table.rows[-1][-1].place}"
            yield f'<table:database-range table:name={quoteattr(table.name)} table:target-range-address="{area}" '
            yield 'table:contains-header="true" table:display-filter-buttons="false"/>'
    yield "</table:database-ranges></office:spreadsheet></office:body>"


def _cell_style(style: Style, name: str) -> str:
    places = _places(style)
    form = "" if places is None else f' style:data-style-name="number{places}"'
    wrap = "wrap" if style.wraps else "no-wrap"
    line = ' fo:border-bottom="0.5pt solid #000000"' if style.bordered else ""
    top = ' style:vertical-align="top"' if style.top else ""
    align = f'<style:paragraph-properties fo:text-align="{ALIGN[style.align]}"/>' if style.align in ALIGN else ""
    bold = ' fo:font-weight="bold"' if style.bold else ""
    under = ' style:text-underline-style="solid"' if style.underlined else ""
    colour = f' fo:color="#{style.colour.lower()}"' if style.colour else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="Default"{form}>'
        f'<style:table-cell-properties fo:wrap-option="{wrap}"{line}{top}/>{align}'
        f"<style:text-properties style:font-name={quoteattr(style.font)} "
        f'fo:font-size="{style.size:g}pt"{bold}{under}{colour}/></style:style>'
    )


def _sheet(page: Page, styles: Mapping[Style, str], widths: Mapping[float, str], own: str) -> Iterator[str]:
    """A sheet: its columns, its rows, and which of them is the header."""
    yield f'<table:table table:name={quoteattr(page.name)} table:style-name="{own}">'
    yield from (f'<table:table-column table:style-name="{widths[width]}"/>' for width in page.widths)
    heads = {table.top for table in page.tables}
    for number, row in enumerate(page.rows, start=1):
        cells = "".join(_cell(entry, styles) for entry in row)
        line = f'<table:table-row table:style-name="row{_height(page, number):g}">{cells}</table:table-row>'
        yield f"<table:table-header-rows>{line}</table:table-header-rows>" if number in heads else line
    yield "</table:table>"


def _cell(entry: Entry, styles: Mapping[Style, str]) -> str:
    style = f'table:style-name="{styles[entry.style]}"'
    if entry.value is None:
        return f"<table:table-cell {style}/>"
    if entry.number:
        shown = f"{entry.value:,.{_places(entry.style) or 0}f}"
        kind = f'office:value-type="float" office:value="{entry.value!r}"'
        return f"<table:table-cell {style} {kind}><text:p>{shown}</text:p></table:table-cell>"
    text = _text(entry.text)
    if entry.link:
        place = entry.link.replace("'", "").replace("!", ".")
        text = f'<text:a xlink:type="simple" xlink:href={quoteattr("#" + place)}>{text}</text:a>'
    return f'<table:table-cell {style} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def _text(text: str) -> str:
    """A text with each blank kept that the format would drop: the first, the last, and those after a blank."""
    return re.sub(r"^ |(?<= ) | $", "<text:s/>", escape(text))


def _places(style: Style) -> int | None:
    """Decimals of a format of numbers; None for that of texts."""
    return None if style.number_format == "General" else len(style.number_format.partition(".")[2])


def _all_widths(book: Book) -> list[float]:
    return sorted({width for page in book.pages for width in page.widths})


def _height(page: Page, row: int) -> float:
    """Height of a row in points, where the sheet sets it; else 0: the program finds it."""
    return float(page.sheet.row_dimensions[row].height or 0)


def _all_heights(book: Book) -> list[float]:
    return sorted({_height(page, row) for page in book.pages for row in range(1, len(page.rows) + 1)})
