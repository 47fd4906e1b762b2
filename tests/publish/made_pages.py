"""A page on our frame with everything that pages have, and packs of a made-up study."""

import struct
import sys
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from made import kept_cells, made_areas, made_study
from pages import asset

from pilot_eval.publish.page import render
from pilot_eval.publish.write_packs import write_packs

AREAS = made_areas(["east-end", "northam", "south-bank", "westbury", "midmoor"])
CODES = AREAS["area"].tolist()
STUDY = made_study()
LONG = "Aggleton-under-Wychwood and the Fields beyond " * 7
NASTY = '<script>alert(1)</script> & =cmd|"/C calc" 🙂 ' + LONG
BODY = """{% extends "base.html.jinja" %}
{% block lead %}<p class="lead">What  was
 <strong>found</strong>: <a class="num" href="#grid.b">0.25</a>.</p>{% endblock %}
{% block main %}
<nav class="contents" aria-labelledby="contents"><h2 id="contents">Contents</h2><ol><li><a href="#one">One</a></li>
</ol></nav>
<section aria-labelledby="one"><h2 id="one">One</h2>
<ol><li>First</li><li>Second <a href="../x.html">elsewhere</a></li></ol><p>Between.</p><ol><li>First again</li></ol>
<ul><li>Loose<ul><li>Within</li></ul></li></ul>
<figure id="figure-shape"><figcaption><p class="headline">A shape</p><p class="subtitle">In points.</p></figcaption>
<div class="scroll"><svg role="img" aria-label="The shape in words" viewbox="0 0 10 10"><g></g></svg></div>
<details><summary>Description</summary><p>It is square.</p></details></figure>
<details><summary>Table: grid</summary><div class="scroll"><table id="table-grid">
<caption><span class="head">Grid<span class="subtitle">Each row is one.</span></span></caption>
<thead><tr><th scope="col">Name</th><th scope="col">Area</th>
{% for at in range(10) %}<th scope="col" class="n">Head {{ at }}</th>{% endfor %}</tr></thead><tbody>
{% for row in "abc" %}
<tr id="grid.{{ row }}"><th scope="row">Row {{ row }}</th><td>{{ nasty }}</td>
{% for at in range(10) %}<td class="n">{{ row }}{{ at }}</td>{% endfor %}</tr>
{% endfor %}
</tbody></table></div></details>
<h3>Sub</h3><dl><dt>Term</dt><dd>What it <code>is</code>.</dd></dl>
<p hidden>For scripts only</p><script>shown()</script><button>Sort</button>
</section>
{% endblock %}
"""


def small_png(width=40, height=30):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def page_of(study=STUDY, nasty=NASTY, final=False):
    templates = {"base.html.jinja": asset("base.html.jinja"), "page": BODY}
    return render(templates, "page", study=study, css=asset("style.css"), final=final, nasty=nasty)


def packs_of(study=STUDY):
    args = (asset("base.html.jinja"), asset("pack.html.jinja"), asset("style.css"), CODES, [], study)
    return write_packs(kept_cells(STUDY, AREAS, ("northam",)), AREAS, *args)["packs"]
