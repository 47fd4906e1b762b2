"""An office program finds in workbooks and documents what we wrote, and in damaged ones it does not."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from lxml import html

sys.path.insert(0, str(Path(__file__).parent))
from made_pages import packs_of, page_of, small_png
from workbooks import build

from pilot_eval.publish.write_documents import write_documents
from pilot_eval.publish.xlsx import packed

pytestmark = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed: nothing opens files")
#: Seconds that the program may take on a machine that is busy with other tests.
PATIENCE = 240
#: Files, and the part of each of which half is missing in its damaged twin.
PARTS = {
    "book.xlsx": "xl/sharedStrings.xml", "copy.ods": "content.xml", "pack.docx": "word/document.xml",
    "report.docx": "word/document.xml",
}  # fmt: skip


@pytest.fixture(scope="module")
def files():
    documents = write_documents(page_of(), packs_of()[:1], [small_png()], ["shape"])
    made = (build("workbook"), build("ods"), documents["packs"][0], documents["report"])
    return dict(zip(PARTS, made, strict=True))


@pytest.fixture(scope="module")
def opened(files, tmp_path_factory):
    """What the program makes of each file and of its damaged twin, as a web page; None where it makes nothing."""
    folder = tmp_path_factory.mktemp("office")
    for name, content in files.items():
        (folder / name).write_bytes(content)
        (folder / f"half-{name}").write_bytes(halved(content, PARTS[name]))
    call = ["soffice", f"-env:UserInstallation=file://{folder}/home", "--headless", "--convert-to", "html"]
    subprocess.run([*call, *files, *(f"half-{name}" for name in files)], cwd=folder, timeout=PATIENCE, check=False)
    pages = {name: (folder / name).with_suffix(".html") for one in files for name in (one, f"half-{one}")}
    parser = html.HTMLParser(encoding="utf-8")
    return {name: html.parse(page, parser).getroot() if page.is_file() else None for name, page in pages.items()}


def halved(content, part):
    """A file of which half of one part is missing."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return packed({**members, part: members[part][: len(members[part]) // 2]})


def tidy(text):
    return re.sub(r"\s+", " ", text or "").strip()


def tables(page):
    """Rows of each table: texts, and numbers where the program found numbers."""

    def read(cell):
        number = cell.get("sdval")
        return float(number) if number else tidy(cell.text_content())

    return [[[*map(read, row.iter("td", "th"))] for row in table.iter("tr")] for table in page.iter("table")]


def headings(page):
    return [(found.tag, tidy(found.text_content())) for found in page.iter("h1", "h2", "h3", "h4")]


def sheets(content):
    """Cells of each sheet of a workbook; what stands in none is an empty text."""

    def read(cell):
        return tidy(cell.value) if isinstance(cell.value, str | None) else cell.value

    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[*map(read, row)] for row in sheet] for sheet in book}


def wrong_sheets(page, content):
    """Sheets of a workbook that the program's page lacks or of which it has other cells."""
    wanted, names = sheets(content), [text.partition(": ")[2] for _, text in headings(page)]
    found = dict(zip([name for name in names if name], tables(page), strict=False))
    return [name for name, cells in wanted.items() if found.get(name) != cells]


def wrong_parts(page, content):
    """What of a document the program's page has otherwise."""
    document = Document(io.BytesIO(content))
    titles = [line for line in document.paragraphs if line.style.name.startswith("Heading")]
    grids = [[[tidy(cell.text) for cell in row.cells] for row in table.rows] for table in document.tables]
    pairs = {
        "title": (tidy(page.findtext("head/title")), document.core_properties.title),
        "headings": (headings(page), [(f"h{line.style.name[-1]}", tidy(line.text)) for line in titles]),
        "tables": (tables(page), grids),
        "repeated rows": ([len(table.findall("thead/tr")) for table in page.iter("table")], [1] * len(grids)),
        "pictures": (len(list(page.iter("img"))), len(document.inline_shapes)),
    }
    return [part for part, (found, wanted) in pairs.items() if found != wanted]


def wrong(name, files, page):
    """What the program did not find of a file of ours, or found otherwise."""
    if page is None:
        return ["nothing can be read"]
    # The copy holds what the workbook holds.
    return wrong_parts(page, files[name]) if name.endswith("docx") else wrong_sheets(page, files["book.xlsx"])


@pytest.mark.parametrize("name", PARTS)
def test_an_office_program_finds_what_we_wrote(files, opened, name):
    assert wrong(name, files, opened[name]) == []


@pytest.mark.parametrize("name", PARTS)
def test_a_damaged_file_is_found_out(files, opened, name):
    assert wrong(name, files, opened[f"half-{name}"]) != []
