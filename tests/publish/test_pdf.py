"""PDF of report and summary: one clear line where it cannot be made, tagged and the same bytes where it can."""

import re
import sys
import zlib
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made import made_study
from pages import asset

from pilot_eval.faults import StudyFaults
from pilot_eval.publish.page import render
from pilot_eval.publish.pdf import pdf

BODY = """{% extends "base.html.jinja" %}{% block main %}<h2 id="a">A part</h2><p>Words, <a href="#a">a link</a>.</p>
<div class="paper across"><div class="scroll"><table><caption>Grid</caption>
<thead><tr>{% for at in range(14) %}<th scope="col">H{{ at }}</th>{% endfor %}</tr></thead>
<tbody><tr>{% for at in range(14) %}<td>{{ at }}</td>{% endfor %}</tr></tbody></table></div></div>
<figure><svg role="img" aria-label="A square" width="20pt" height="20pt" viewBox="0 0 20 20"><rect width="9"
height="9"/></svg></figure>{% endblock %}"""


def page():
    templates = {"base.html.jinja": asset("base.html.jinja"), "page": BODY}
    return render(templates, "page", study=made_study(), css=asset("style.css"), final=False)


@pytest.mark.fault("PUB-09")
def test_without_its_library_it_says_so_in_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(StudyFaults) as error:
        pdf(page(), page(), {})
    (fault,) = error.value.faults
    assert (fault.id, fault.severity) == ("PUB-09", "STOP") and "WeasyPrint" in fault.message


def test_it_is_tagged_and_its_bytes_are_the_same_again():
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed", exc_type=(ImportError, OSError))
    made = pdf(page(), page(), {})
    assert made == pdf(page(), page(), {}) and set(made) == {"report", "summary"}
    text = unpacked(made["report"])
    assert b"pdfuaid:part" in text and b"/StructTreeRoot" in text and b"/Marked true" in text
    assert b"en-GB" in text and b"Calm wards" in text
    sheets = re.findall(rb"/MediaBox \[0 0 (\d+)[\d.]* (\d+)", text)
    assert [int(width) > int(height) for width, height in sheets] == [False, True, False], "a wide table lies across"
    assert b"/CreationDate" not in text and b"file:" not in text


def unpacked(content):
    """The objects of a document, those in compressed streams too."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, flags=re.DOTALL)
    inner = []
    for stream in streams:
        try:
            inner.append(zlib.decompress(stream))
        except zlib.error:
            inner.append(stream)
    return b"\n".join([content, *inner])
