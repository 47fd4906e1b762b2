"""The leak scan: what identifies a respondent is found in every form of file, and public words are no alarm."""

import io
import json
import struct
import zipfile
import zlib

import pandas as pd
import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pilot_eval.faults import StudyFaults
from pilot_eval.verify.find_leaks import find_leaks

STUDY = {"title": "A trial", "release": "1"}
COMMENT = "Our old lead left in March and nobody has told us who answers the telephone now"
LEAKS = {
    "e-mail": "zo.quill@hill.example",
    "name": "Zoë Quill-Marsh",
    "phone": "01632 960 123",
    "postcode": "LS1 4AP",
    "free text": "left in march and nobody has told us who",
    "person": "ST-40771",
}
PUBLIC = {
    "data/processed/register/organisations.csv": (
        b"name,postcode,phone\nChester Wells Academy,SW1A 1AA,01632 960999\nGrace,,\nHope,,\n"
    ),
    "config/study.yaml": b"background: [To desk@trial.example. Nobody has been asked for more than one hour a week.]",
}


def identifiers(**more):
    cells = {
        "name": ["Zoë Quill-Marsh", "Chester Wells", "Grace Hope", "Bo", "Not Applicable"],
        "email": ["zo.quill@hill.example", "desk@trial.example"],
        "phone": ["01632 960123"],
        "person": ["ST-40771", "12"],
        "free_text": [COMMENT, "Nobody has been asked for more than one hour a week, have they", "Fine."],
    } | more
    rows = [(f"s-{kind}-{number}", kind, kind, value) for kind, values in cells.items()
            for number, value in enumerate(values)]  # fmt: skip
    return [pd.DataFrame(rows, columns=["_id", "kind", "column", "value"], dtype="str")]


def csv_of(text):
    return pd.DataFrame({"a": ["1.25"], "note": [f"x {text} y"]}).to_csv(index=False).encode()


def parquet_of(text):
    stream = io.BytesIO()
    pd.DataFrame({"a": [1.25], "note": [f"x, {text}"]}).to_parquet(stream)
    return stream.getvalue()


def html_of(text):
    first, _, rest = text.partition(" ")
    return f"<html><p>x <b>{first}</b> {rest.replace('ë', '&euml;')}</p></html>".encode()


def xlsx_of(text):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>n</t></si><si><t>{text}</t></si></sst>")
    return stream.getvalue()


def docx_of(text):
    """A document in which one part of the text is bold, as an e-mail or a name may be."""
    first, blank, rest = text.partition(" ")
    paragraph = Document().add_paragraph("x ")
    paragraph.add_run(first + blank).bold = True
    paragraph.add_run(rest)
    return document_of(paragraph._p.xml)


def described(text):
    """A document that says the text to those only who have its table read out."""
    table = Document().add_table(1, 1)._tbl
    table.tblPr.append(OxmlElement("w:tblDescription", {qn("w:val"): text}))
    return document_of(table.xml)


def document_of(xml):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
    return stream.getvalue()


def png_of(text):
    data = b"Comment\0\0" + zlib.compress(text.encode())
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(data)) + b"zTXt" + data + b"\0\0\0\0"


FORMS = {
    "results/t.csv": csv_of, "data/processed/score/t.parquet": parquet_of, "results/report.html": html_of,
    "results/workbook.xlsx": xlsx_of, "results/f.png": png_of, "results/report.docx": docx_of,
    "results/alt.docx": described, "logs/a/b.log": str.encode, "results/c.json":
    lambda text: json.dumps({"x": text}, ensure_ascii=False).encode(),
    "results/f.svg": lambda text: f'<svg aria-label="{text}"><path d="M 0 1632 960123 9"/></svg>'.encode(),
}  # fmt: skip


def scan(scanned, people=None):
    return find_leaks(people or identifiers(), PUBLIC, scanned, STUDY)


@pytest.mark.fault("VER-10")
@pytest.mark.parametrize("kind", LEAKS)
@pytest.mark.parametrize("path", FORMS)
def test_a_leak_is_found_in_every_form_of_file(path, kind):
    with pytest.raises(StudyFaults) as error:
        scan({path: FORMS[path](LEAKS[kind]), "results/other.csv": csv_of("nothing")})
    (fault,) = error.value.faults
    assert (fault.id, fault.severity, fault.file, fault.count) == ("VER-10", "STOP", path, 1)
    assert f"({kind}, 1 place)" in fault.saw
    assert not any(value.casefold() in fault.message.casefold() for value in LEAKS.values())


@pytest.mark.parametrize(
    "typed",
    ["ZOE QUILL MARSH", "Marsh Zoë Quill", "zoe quill marsh", "+44 1632 960123", "(01632) 960123",
     "+44 (0)1632 960123", "07700 900123", "LS14AP", "Call 2 01632 960123.", "any.body@else.where.org"],
)  # fmt: skip
def test_other_spellings_are_found(typed):
    with pytest.raises(StudyFaults):
        scan({"results/t.csv": csv_of(typed)})


@pytest.mark.parametrize(
    "text",
    [
        "Chester Wells Academy", "Chester,Wells", "Quill Bay", "Marsh", "Zoë", "0.1632960123", "1632960123.5",
        "2016-04-03", "desk@trial.example", "01632 960999", "sw1a 1aa",
        "Nobody has been asked for more than one hour a week",
        "nobody has told us", "a1b2c3d4e5f60163296012301632960123", "12", "ST-4077", "10 2000 3000 4000", "B12", "E5 4",
        "-0.0000000001", "12345678901234", "@media print", "100000001 100000002",
    ],
)  # fmt: skip
def test_public_words_and_numbers_are_no_leak(text):
    found = scan({path: form(text) for path, form in FORMS.items()})
    assert found == {"leaks": {"title": "A trial", "release": "1", "outputs": len(FORMS) - 1, "found": 0}}


def test_names_in_two_columns_are_found_and_neighbouring_public_cells_are_not():
    parted = pd.DataFrame(
        [("s-1", "name", "First", "Ann"), ("s-1", "name", "Last", "Quill"),
         ("s-2", "name", "First", "Grace"), ("s-2", "name", "Last", "Hope")],
        columns=["_id", "kind", "column", "value"], dtype="str",
    )  # fmt: skip
    with pytest.raises(StudyFaults, match="name, 1 place"):
        scan({"results/t.csv": b"id,first,last\n1,Ann,Quill\n2,Grace,Hope\n"}, [parted])
    scan({"results/t.csv": b"id,first,last\n1,Ann,Other\n2,Quill,Ann B\n"}, [parted])


def test_cells_and_paragraphs_do_not_run_together():
    scan({"results/t.csv": "area,school\nZoë Q,Quill-Marsh Inn\n".encode()})
    scan({"results/p.html": "<td>Zoë</td><td>Quill-Marsh</td>".encode()})


def test_every_file_and_kind_is_told_at_once():
    with pytest.raises(StudyFaults) as error:
        scan({"results/a.csv": csv_of(LEAKS["name"] + "\n" + LEAKS["name"] + " " + LEAKS["e-mail"]),
              "results/b.html": html_of(LEAKS["phone"])})  # fmt: skip
    told = [(fault.file, fault.saw.partition("(")[2].rstrip(")")) for fault in error.value.faults]
    assert told == [("results/a.csv", "e-mail, 1 place"), ("results/a.csv", "name, 2 places"),
                    ("results/b.html", "phone, 1 place")]  # fmt: skip


def test_lines_that_repeat_count_each_time_in_each_file():
    line = f"{LEAKS['name']} said so\n"
    scanned = {"results/a.csv": ("clean\n" + line + line).encode(), "results/b.csv": ("clean\n" + line).encode()}
    with pytest.raises(StudyFaults) as error:
        scan({"logs/a.log": b"clean", **scanned})
    assert [(fault.file, fault.count) for fault in error.value.faults] == [("results/a.csv", 2), ("results/b.csv", 1)]


def test_a_study_without_identifiers_is_looked_through_all_the_same():
    nobody = [pd.DataFrame(columns=["_id", "kind", "column", "value"], dtype="str")]
    assert scan({"results/t.csv": csv_of("Zoë Quill-Marsh")}, nobody)["leaks"]["found"] == 0
    with pytest.raises(StudyFaults):
        scan({"results/t.csv": csv_of("a@b.org")}, nobody)
