"""The document around its content: styles, page, header and footer, properties, the same bytes for the same content."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from pilot_eval.publish.xlsx import LANGUAGE, PROPERTIES, packed

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
TYPEFACE, INK = "Arial", "12436D"
#: Size in points and colour of each style that documents use.
STYLES: dict[str, tuple[float, str]] = {
    "Normal": (12, "0B0C0C"), "Heading 1": (22, INK), "Heading 2": (17, INK), "Heading 3": (14, INK),
    "Heading 4": (12, INK), "Caption": (12, "0B0C0C"), "Header": (10, "505A5F"), "Footer": (10, "505A5F"),
}  # fmt: skip
TABLE_SIZE, MARGIN = 9.5, 2.0
#: Most letters of a property; the document itself has the whole.
LETTERS = 255


@dataclass(frozen=True)
class About:
    """What a document says of itself: its title, its author, a description, whether it is a draft, its strip."""

    title: str
    author: str
    description: str
    draft: bool
    strip: str
    foot: str


class Frame:
    """An empty document with our styles, to be filled and packed."""

    def __init__(self, about: About) -> None:
        from docx import Document

        self._document: Any = Document(io.BytesIO(_template()))
        self._about = about
        self._links: dict[str, str] = {}
        self._set_page()

    def relate(self, target: str) -> str:
        """Id of the relationship with a file or page outside, the same for the same."""
        if target not in self._links:
            self._links[target] = self._document.part.relate_to(target, HYPERLINK, is_external=True)
        return self._links[target]

    def picture(self, content: bytes) -> str:
        """Id of the relationship with a picture, which the document then holds once."""
        return str(self._document.part.get_or_add_image(io.BytesIO(content))[0])

    def numbered(self) -> str:
        """Id of a new numbered list that begins with one."""
        numbering = self._document.part.numbering_part.element
        own = self._document.styles["List Number"].element.pPr.numPr.numId.val
        (base,) = [one for one in numbering.num_lst if one.numId == own]
        new = numbering.add_num(base.abstractNumId.val)
        new.add_lvlOverride(ilvl=0).add_startOverride(1)
        return str(new.numId)

    def packed(self, content: Sequence[str]) -> bytes:
        """The document with its content, paragraph by paragraph, as bytes."""
        from docx.oxml import parse_xml

        spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in NAMES.items())
        body = self._document.element.body
        for part in reversed(parse_xml(f"<w:body {spaces}>{''.join(content)}</w:body>")):
            body.insert(0, part)
        self._set_properties()
        buffer = io.BytesIO()
        self._document.save(buffer)
        with zipfile.ZipFile(buffer) as archive:
            return packed({name: archive.read(name) for name in archive.namelist()})

    def _set_page(self) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm

        (section,) = self._document.sections
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Cm(MARGIN))
        strip = [self._about.strip, self._about.description, "Draft" if self._about.draft else ""]
        section.header.paragraphs[0].text = " · ".join(filter(None, strip))
        foot = section.footer.paragraphs[0]
        foot.text = f"{self._about.foot} · page "
        number = OxmlElement("w:fldSimple", {qn("w:instr"): "PAGE"})
        number.append(OxmlElement("w:r"))
        number[0].append(OxmlElement("w:t"))
        number[0][0].text = "1"
        foot._p.append(number)

    def _set_properties(self) -> None:
        own = self._document.core_properties
        own.title, own.comments = _brief(self._about.title), _brief(self._about.description)
        own.author = own.last_modified_by = _brief(self._about.author)
        own.language = LANGUAGE
        own.content_status = "Draft" if self._about.draft else "Final"
        own.created = own.modified = PROPERTIES["created"]
        own.revision = 1


def _brief(text: str) -> str:
    """A text as a property can hold it, with an ellipsis where it is longer."""
    return text if len(text) <= LETTERS else text[: LETTERS - 1].rstrip() + "…"


@functools.cache
def _template() -> bytes:
    """The empty document with our styles, the same for all."""
    from docx import Document

    document, buffer = Document(), io.BytesIO()
    _lighten(document)
    _set_styles(document)
    document.save(buffer)
    return buffer.getvalue()


def _set_styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, (size, colour) in STYLES.items():
        font = document.styles[name].font
        font.name, font.size, font.italic = TYPEFACE, Pt(size), False
        font.color.rgb = RGBColor.from_string(colour)
        faces = font.element.rPr.rFonts
        for face in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            faces.attrib.pop(qn(f"w:{face}"), None)
        faces.set(qn("w:cs"), TYPEFACE)
    # A caption's runs say which of them are bold.
    document.styles["Caption"].font.bold = False
    small = document.styles.add_style("TableText", WD_STYLE_TYPE.PARAGRAPH)
    small.base_style, small.font.size = document.styles["Normal"], Pt(TABLE_SIZE)
    small.paragraph_format.space_after, small.paragraph_format.line_spacing = Pt(1), 1.0
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline, link.font.color.rgb = True, RGBColor.from_string(INK)
    document.styles["Normal"].paragraph_format.space_after = Pt(8)
    document.styles["Caption"].paragraph_format.space_before = Pt(14)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(20)
    document.styles["Heading 3"].paragraph_format.space_before = Pt(14)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _lighten(document: Any) -> None:
    """Take out what the library's own template brings along: a picture of itself, table styles, all styles twice."""
    from docx.oxml.ns import qn

    for links in (document.part.package.rels, document.part.rels):
        for identity in [one for one, link in links.items() if link.reltype.endswith(("/thumbnail", "WithEffects"))]:
            del links[identity]
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in ("TableNormal", "TableGrid"):
            styles.remove(style)


def drawing(relation: str, number: int, width: int, height: int, alt: str) -> str:
    """A picture in its paragraph's line, with its words.

    Parameters
    ----------
    relation : str
        As ``Frame.picture`` gives it.
    number : int
        Its own in the document.
    width, height : int
        In EMU, of which 12,700 are a point.
    alt : str
    """
    said = escape(alt, {'"': "&quot;", "\n": " "})
    named = f'id="{number}" name="Picture {number}" descr="{said}"'
    size = f'cx="{width}" cy="{height}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {named}/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
