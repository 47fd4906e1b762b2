"""Documents: what the pages say, once more, for word processors and those who read with their ears."""

import io
import re
import sys
import time
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.table import Table
from lxml import html as pages

sys.path.insert(0, str(Path(__file__).parent))
from made import made_study
from made_pages import AREAS, CODES, LONG, NASTY, STUDY, packs_of, page_of, small_png

from pilot_eval.publish.documents import grids
from pilot_eval.publish.documents.marks import runs_of
from pilot_eval.publish.documents.raster import png_of
from pilot_eval.publish.letters import word_of
from pilot_eval.publish.write_documents import write_documents

NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


@pytest.fixture(scope="module")
def made():
    page, packs = page_of(), packs_of()
    return page, packs, write_documents(page, packs, [small_png()], ["shape"])


def read(content):
    return Document(io.BytesIO(content))


def lines(document):
    """Text and tables in order: ``(style, text)``, or ``("table", rows of cells)``."""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield "table", [[cell.text for cell in row.cells] for row in block.rows]
        else:
            yield block.style.name, block.text


def test_paragraphs_lists_and_headings_follow_the_page(made):
    found = [line for line in lines(read(made[2]["report"])) if line[0] != "table"]
    assert found == [
        ("Normal", "Synthetic data. No number on this page is a finding about real people."),
        ("Heading 1", "Calm wards"),
        ("Normal", "What was found: 0.25."),
        ("Normal", "Draft. Not yet signed by its analyst, assurer and approver."),
        ("Heading 2", "Contents"), ("List Number", "One"),
        ("Heading 2", "One"), ("List Number", "First"), ("List Number", "Second elsewhere"), ("Normal", "Between."),
        ("List Number", "First again"), ("List Bullet", "Loose"), ("List Bullet", "Within"),
        ("Normal", "A shape"), ("Normal", "In points."), ("Normal", ""), ("Normal", "Description"),
        ("Normal", "It is square."),
        ("Caption", "Part 1 of 2: Grid\nEach row is one."), ("Caption", "Part 2 of 2: Grid\nEach row is one."),
        ("Heading 3", "Sub"), ("Normal", "Term"), ("Normal", "What it is."),
    ]  # fmt: skip


def test_each_numbered_list_begins_with_one(made):
    document = read(made[2]["report"])
    ids = [line._p.pPr.numPr.numId.val for line in document.paragraphs if line.style.name == "List Number"]
    assert ids[1] == ids[2] and len(set(ids)) == 3
    starts = {num.numId: num.xpath("w:lvlOverride/w:startOverride/@w:val")
              for num in document.part.numbering_part.element.num_lst}  # fmt: skip
    assert all(starts[one] == ["1"] for one in ids)


def test_a_wide_table_is_continued_with_its_rows_named_again(made):
    first, second = (cells for kind, cells in lines(read(made[2]["report"])) if kind == "table")
    assert first[0] == ["Name", "Area", *(f"Head {at}" for at in range(5))], "both parts are about as wide"
    assert second[0] == ["Name", "Area", *(f"Head {at}" for at in range(5, 10))]
    for row, letter in zip(range(1, 4), "abc", strict=True):
        assert first[row][0] == second[row][0] == f"Row {letter}"
        assert [*first[row][2:], *second[row][2:]] == [f"{letter}{at}" for at in range(10)]
        assert first[row][1] == NASTY.strip()


def test_tables_have_a_header_that_is_repeated_and_no_empty_cell(made):
    for content in (made[2]["report"], *made[2]["packs"]):
        tables = read(content).tables
        assert tables
        for table in tables:
            heads = [row._tr.xpath("w:trPr/w:tblHeader") for row in table.rows]
            assert heads[0] and not any(heads[1:])
            assert table._tbl.tblPr.xpath("w:tblCaption/@w:val")[0]
            assert all(cell.text.strip() for row in table.rows for cell in row.cells)
            assert {len(row.cells) for row in table.rows} == {len(table.columns)}


def test_no_word_is_broken_and_no_table_is_wider_than_its_sheet(made):
    for content in (made[2]["report"], *made[2]["packs"]):
        document = read(content)
        section = document.sections[0]
        sheet = section.page_width - section.left_margin - section.right_margin
        for table in document.tables:
            assert sum(column.width for column in table.columns) <= sheet
            beside = int(table._tbl.tblPr.xpath("w:tblCellMar/w:left/@w:w")[0]) / 20
            for column in table.columns:
                words = max(word_of(cell.text, at == 0) for at, cell in enumerate(column.cells))
                assert column.width.pt >= grids.TABLE_SIZE * min(words, grids.LONG) + 2 * beside


def test_pictures_have_their_words_and_numbers_of_their_own(made):
    for page, content in zip([made[0], *made[1]], [made[2]["report"], *made[2]["packs"]], strict=True):
        document = read(content)
        shown = document.element.body.xpath(".//wp:inline/wp:docPr")
        said = [svg.get("aria-label") for svg in pages.document_fromstring(page).iter("svg")]
        assert [one.get("descr") for one in shown] == said
        assert len({one.get("id") for one in shown}) == len(shown)
        sizes = document.element.body.xpath(".//wp:extent")
        section = document.sections[0]
        width = section.page_width - section.left_margin - section.right_margin
        assert all(int(one.get("cx")) <= width for one in sizes)
    assert small_png() in contents(made[2]["report"]).values()


def contents(document):
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_links_lead_to_places_that_exist_or_out_of_the_document(made):
    document = read(made[2]["report"])
    body = document.element.body
    names = body.xpath(".//w:bookmarkStart/@w:name")
    anchors = body.xpath(".//w:hyperlink/@w:anchor")
    assert len(names) == len(set(names)) == 2 and set(anchors) == set(names)
    number = body.xpath(".//w:hyperlink[w:r/w:t='0.25']/@w:anchor")[0]
    row = body.xpath(f".//w:bookmarkStart[@w:name='{number}']/ancestor::w:tr")[0]
    assert "Row b" in "".join(row.itertext())
    outside = [link.target_ref for link in document.part.rels.values() if link.is_external]
    assert outside == ["../x.html"]


def test_what_works_in_a_browser_only_is_left_out(made):
    text = "\n".join(text for kind, text in lines(read(made[2]["report"])) if kind != "table")
    assert not re.search("scripts only|shown|Sort|Table: grid", text)


def test_it_says_what_it_is(made):
    document = read(made[2]["report"])
    own = document.core_properties
    assert (own.title, own.author, own.language) == ("Calm wards (synthetic data)", "The makers", "en-GB")
    assert (own.comments, own.content_status) == ("Made from synthetic data", "Draft")
    assert document.sections[0].header.paragraphs[0].text == "Calm · Made from synthetic data · Draft"
    assert "The makers · release 0.1" in document.sections[0].footer.paragraphs[0].text
    assert set(document.styles.element.xpath(".//w:lang/@w:val")) == {"en-GB"}


def test_a_title_of_any_length_is_told_as_far_as_a_property_holds_it():
    study = {**STUDY, "title": LONG, "short_title": LONG, "organisation": LONG}
    found = write_documents(page_of(study), [], [small_png()], ["shape"])["report"]
    own = Document(io.BytesIO(found)).core_properties
    assert all(len(text) <= 255 and text.endswith("…") for text in (own.title, own.author, own.last_modified_by))
    assert LONG[:200] in own.title and LONG[:200] in own.author


def test_a_final_document_of_real_data_says_neither():
    page = page_of(made_study(synthetic=False), nasty="x", final=True)
    document = read(write_documents(page, [], [small_png()], ["shape"])["report"])
    assert document.core_properties.content_status == "Final"
    assert document.sections[0].header.paragraphs[0].text == "Calm"
    assert "ynthetic" not in "".join(text for kind, text in lines(document) if kind != "table")


def test_two_runs_give_the_same_bytes_and_no_word_of_the_day(made):
    time.sleep(2.1)  # times in archives have a grain of two seconds
    page, packs, before = made
    assert write_documents(page, packs, [small_png()], ["shape"]) == before
    assert b"2000-01-01T00:00:00Z" in contents(before["report"])["docProps/core.xml"]
    with zipfile.ZipFile(io.BytesIO(before["report"])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert not any("thumbnail" in name for name in contents(before["report"]))


def test_a_pack_has_the_numbers_of_its_page_and_names_its_own_area_only(made):
    names = dict(zip(CODES, AREAS["name"], strict=True))
    for code, page, content in zip(CODES, made[1], made[2]["packs"], strict=True):
        (main,) = pages.document_fromstring(page).iter("main")
        for picture in list(main.iter("svg")):
            picture.drop_tree()
        text = "\n".join(
            " ".join(cell for row in told for cell in row) if kind == "table" else told
            for kind, told in lines(read(content))
        )
        assert NUMBER.findall(text) == NUMBER.findall(" ".join(main.itertext()))
        everything = "\n".join(part.decode("utf-8", "replace") for part in contents(content).values())
        assert names[code] in everything
        assert not [other for other in names if other != code and names[other] in everything]


def test_packs_are_quick():
    packs = packs_of()
    start = time.process_time()
    write_documents(page_of(), packs, [small_png()], ["shape"])
    assert time.process_time() - start < 20 * (len(packs) + 1) / 22


def test_a_drawing_is_drawn_as_it_is():
    from PIL import Image

    svg = pages.fragment_fromstring(
        '<svg viewBox="0 -10 100 60" font-size="16" fill="#0B0C0C"><circle cx="50" cy="20" r="8" fill="#BFBFBF"/>'
        '<line x1="0" x2="100" y1="40" y2="40" stroke="#801650" stroke-width="4" stroke-dasharray="20 20"/>'
        '<path d="M10 0l10 10l-10 10l-10 -10z" fill="#12436D"/><text x="95" y="8" text-anchor="end">9</text></svg>'
    )
    content, width, height = png_of(svg)
    image = Image.open(io.BytesIO(content)).convert("RGB")
    assert (width, height) == (100, 60)

    def at(x, y):
        return image.getpixel((round(x * image.width / width), round((y + 10) * image.height / height)))

    assert at(50, 20) == (0xBF, 0xBF, 0xBF) and at(10, 10) == (0x12, 0x43, 0x6D)
    assert at(10, 40) == (0x80, 0x16, 0x50) and at(30, 40) == (255, 255, 255) and at(50, 40) == (0x80, 0x16, 0x50)
    label = image.crop((round(0.83 * image.width), 0, image.width, round(0.33 * image.height)))
    assert min(low for low, _ in label.getextrema()) < 60


def test_a_shape_that_cannot_be_drawn_is_an_error():
    svg = pages.fragment_fromstring('<svg viewBox="0 0 9 9"><ellipse cx="1" cy="1" rx="1" ry="1"/></svg>')
    with pytest.raises(ValueError, match="ellipse"):
        png_of(svg)


def test_blanks_and_line_ends_are_those_of_a_browser():
    def told(text):
        return [run.text for run in runs_of(pages.fragment_fromstring(text))]

    assert told("<p>\n a \t b<b> c</b> <i></i> d\n</p>") == ["a b", " c", " ", "d"]
    assert told("<p>a <br> b</p>") == ["a ", "\n", "b"]
    assert told("<p> <b> </b>\n</p>") == []
