"""Every rule of the linter of pages fails on a page made to break it and no other, and a good one breaks none."""

import base64
import hashlib
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from pages import asset

from pilot_eval.publish.lint_pages import RULES, lint_pages
from pilot_eval.publish.page import allowed, render

STUDY = {
    "title": "A study", "short_title": "Study", "organisation": "Us", "geography": "Valleys", "period": "2020",
    "synthetic": True, "release": "1",
}  # fmt: skip
SCRIPT = allowed('document.title.startsWith("A");')
#: Something of everything that the rules are about.
BODY = """{% extends "base.html.jinja" %}
{% block scripts %}; script-src {{ script.source }}{% endblock %}
{% block script %}
<template id="tools"><p><button type="button">Sort</button></p></template>
<script>{{ script.text }}</script>
{% endblock %}
{% block main %}
<section aria-labelledby="found">
<h2 id="found">Found</h2>
<p>Mood <a href="#row">rose</a>. [c] is confidential, [u] has low reliability.</p>
<ul><li>One</li></ul>
<h3>More</h3>
<dl><dt>Mood</dt><dd>How one feels.</dd></dl>
<figure>
<figcaption>Mood. Synthetic data.</figcaption>
<div class="scroll" role="region" aria-label="Mood" tabindex="0">
<svg role="img" aria-label="It rose"><defs><path id="line"/></defs><use xlink:href="#line"/></svg>
<img alt="The same" src="data:image/png;base64,AA">
</div>
</figure>
<details>
<summary>The table</summary>
<div class="scroll" role="region" aria-labelledby="caption" tabindex="0">
<table>
<caption id="caption">Mood</caption>
<thead><tr><th scope="col">Area</th><th scope="col">Change</th></tr></thead>
<tbody>
<tr id="row"><th scope="row">A</th><td>0.12 [u]</td></tr>
<tr><th scope="row">B</th><td>[c]</td></tr>
</tbody>
</table>
</div>
</details>
</section>
{% endblock %}
"""


def page(**changed):
    return render(
        {"base.html.jinja": asset("base.html.jinja"), "page": BODY}, "page", study={**STUDY, **changed},
        css=asset("style.css"), final=False, script=SCRIPT,
    )  # fmt: skip


GOOD = page()


def broken(html, synthetic=True, final=False):
    """Names of the rules that a page breaks."""
    kept = lint_pages([html], ["page"], synthetic, final)["kept"]
    return set(kept.loc[kept["places"] != "0", "rule"])


#: What a rule's page has in the place of what, and which other rules it cannot but break.
SPOILS = {
    "document_type": ("<!DOCTYPE html>", "<!-- a page -->"),
    "encoding": ('<meta charset="utf-8">', ""),
    "language": ('lang="en-GB"', 'lang="en"'),
    "title": (re.compile("<title>.*</title>"), "<title> </title>", "synthetic_said"),
    "viewport": ("initial-scale=1", "maximum-scale=1"),
    "skip_link": ('href="#main"', 'href="#found"'),
    "landmarks": ("</header>", "</header><p>Outside</p>"),
    "regions_named": ('aria-label="Mood"', 'aria-label=" "'),
    "synthetic_said": ("<strong>Synthetic data.</strong>", "<strong>Data.</strong>"),
    "synthetic_figures": ("Mood. Synthetic data.", "Mood."),
    "draft_said": ("<strong>Draft.</strong>", "<strong>Final.</strong>"),
    "print_style": ("@media print", "@media screen"),
    "visible_focus": (":focus-visible { outline: 3px", ":focus-visible { outline: 0px"),
    "small": ("How one feels.", "How one feels. " * 200_000),
    "policy_first": (
        re.compile(r"(<meta http-equiv.*>)((?s:.)*?)(</style>)"), r"\2\3\1",
    ),
    "policy_narrow": ("img-src data:", "img-src data: https:"),
    "scripts_known": ('startsWith("A")', 'startsWith("B")'),
    "no_handlers": ("<p>Mood", '<p onclick="go()">Mood'),
    "nothing_loaded": ("data:image/png;base64,AA", "https://example.org/a.png"),
    "no_style_loads": ("@media print {", "@media print { body { background: url(a.png); }"),
    "nothing_active": ("<ul><li>One", '<object></object><ul><li>One'),
    "links_safe": ('<a href="#row">', '<a href=" java&#10;script:go()">'),
    "no_dead_controls": ("<li>One</li>", '<li><button type="button">One</button></li>'),
    "no_controls": ("How one feels.", "How one \u202efeels."),
    "well_nested": ("<li>One</li>", "<li><b>One</li></b>"),
    "unique_ids": ("<li>One</li>", '<li id="row">One</li>'),
    "references_known": ("<li>One</li>", '<li aria-describedby="nowhere">One</li>'),
    "one_main_heading": ("</h1>", "</h1><h1>Another</h1>"),
    "heading_levels": ("<h3>More</h3>", "<h4>More</h4>"),
    "nothing_empty": ("How one feels.", "&nbsp;"),
    "links_lead": ('<a href="#row">', '<a href="#nowhere">'),
    "links_named": ("rose</a>", "</a>"),
    "pictures_worded": ('aria-label="It rose"', ""),
    "figures_captioned": ("<figcaption>Mood. Synthetic data.</figcaption>", ""),
    "wide_scrolls": ('aria-labelledby="caption" tabindex="0"', 'aria-labelledby="caption"'),
    "tab_order": ('aria-label="Mood" tabindex="0"', 'aria-label="Mood" tabindex="3"', "wide_scrolls"),
    "folded_named": ("<summary>The table</summary>", ""),
    "lists_of_entries": ("<ul><li>One</li>", "<ul><li>One</li><p>Two</p>"),
    "nothing_raised": ("How one feels.", "How one feels<sup>1</sup>."),
    "captioned": ('<caption id="caption">Mood</caption>', "", "references_known", "regions_named"),
    "header_row": ('<thead><tr><th scope="col">', '<thead><tr><th scope="col">A</th><th scope="col">B</th></tr>'
                   '<tr><th scope="col">'),
    "headers_scoped": ('<th scope="col">Change', "<th>Change"),
    "rows_headed": ('<th scope="row">B</th>', "<td>B</td>"),
    "rows_complete": ("<td>[c]</td>", "<td>[c]</td><td>[c]</td>"),
    "no_empty_cell": ("<td>[c]</td>", "<td> </td>"),
    "no_missing_word": ("<td>[c]</td>", "<td>n/a</td>"),
    "shorthand_known": ("<td>[c]</td>", "<td>[q]</td>"),
    "shorthand_explained": ("[c] is confidential", "[z] is not applicable"),
    "no_asterisk": ("<td>[c]</td>", "<td>0.2 **</td>"),
}  # fmt: skip


def spoilt(name, html=GOOD):
    """A page that breaks a rule."""
    old, new, *_ = SPOILS[name]
    made, times = re.subn(old if isinstance(old, re.Pattern) else re.escape(old), new if isinstance(old, re.Pattern)
                          else new.replace("\\", r"\\"), html, count=1)  # fmt: skip
    assert times == 1, "the good page has what is spoilt"
    return made


def test_a_good_page_breaks_no_rule():
    assert broken(GOOD) == broken(GOOD.replace("</h1>", "a/<wbr>b</h1>", 1)) == set()
    assert broken(page(synthetic=False).replace("Synthetic data.", ""), synthetic=False) == set()
    signed = re.sub(r'<p class="draft">.*?</p>', "", GOOD)
    assert broken(signed, final=True) == set() and broken(GOOD, final=True) == {"draft_said"}


def test_every_rule_is_made_to_fail():
    assert {rule.name for rule in RULES} == set(SPOILS) and len(RULES) == len(SPOILS)
    assert len({rule.says for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("name", sorted(SPOILS))
def test_a_rule_fails_where_it_alone_is_broken(name):
    found = broken(spoilt(name))
    assert name in found and found - {name} <= set(SPOILS[name][2:])


#: Further ways to break a rule, each what is put in the place of what.
ALSO = [
    ("skip_link", '<a class="skip" href="#main">Skip to main content</a>', ""),
    ("draft_said", '<p class="draft">', '<h2>Before</h2><p class="draft">'),
    ("scripts_known", "<script>", '<script src="a.js">'),
    ("policy_narrow", "style-src 'unsafe-inline'", "style-src 'unsafe-inline'; script-src 'unsafe-inline'"),
    ("policy_narrow", "default-src 'none'", "default-src 'none'; connect-src *"),
    ("policy_first", "default-src 'none'", "default-src *"),
    ("nothing_loaded", 'xlink:href="#line"', 'xlink:href="https://example.org/a.svg#line"'),
    ("nothing_loaded", "<li>One</li>", '<li>One<video poster="a.png"></video></li>'),
    ("no_style_loads", "<li>One</li>", '<li style="background: url(//example.org)">One</li>'),
    ("nothing_active", '<meta charset="utf-8">', '<meta charset="utf-8"><meta http-equiv="Refresh" content="0">'),
    ("links_safe", 'href="#row"', 'href="file:///etc/passwd"'),
    ("no_handlers", "<template", '<template onload="go()"'),
    ("well_nested", "</section>", ""),
    ("well_nested", "<p>Mood", "<p>Mood<ul><li>x</li></ul>"),
    ("headers_scoped", '<th scope="row">B', '<th scope="col">B'),
    ("rows_complete", "<td>[c]</td>", '<td colspan="1">[c]</td>'),
    ("no_empty_cell", '<th scope="col">Change</th>', '<th scope="col"></th>'),
    ("shorthand_known", "0.12 [u]", "0.12 [c]"),
    ("pictures_worded", 'alt="The same"', 'alt=""'),
    ("figures_captioned", "<li>One</li>", '<li><svg role="img" aria-label="x"></svg></li>'),
]


@pytest.mark.parametrize(("name", "old", "new"), ALSO)
def test_rules_fail_in_other_ways_too(name, old, new):
    assert old in GOOD
    assert name in broken(GOOD.replace(old, new, 1))


def test_places_are_told_and_never_what_stands_there():
    html = GOOD.replace("<td>[c]</td>", "<td></td>").replace("<li>One", "<li onclick='secret()'>One")
    kept = lint_pages([GOOD, html], ["good", "pack 2"], True, False)["kept"].set_index("rule")
    line = html[: html.index("<td></td>")].count("\n") + 1
    assert kept.loc["no_empty_cell", ["places", "first"]].tolist() == ["1", f"pack 2 line {line}"]
    assert kept.loc["no_handlers", "places"] == "1"
    assert not kept.apply(lambda column: column.str.contains("secret")).to_numpy().any()


def test_a_page_deeper_than_pythons_stack_is_read():
    deep = "<div>" * 2000 + "x" + "</div>" * 2000
    assert "no_handlers" not in broken(GOOD.replace("How one feels.", deep))


def test_the_policy_names_the_script_that_stands_in_the_page():
    text = re.search("<script>(.*?)</script>", GOOD, flags=re.DOTALL)[1]
    checksum = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"script-src 'sha256-{checksum}'" in GOOD


@pytest.mark.parametrize("text", ["x = '</script>'", "<!-- x", "a\u202eb"])
def test_a_script_that_a_page_would_change_is_refused(text):
    with pytest.raises(ValueError, match="a script within a page"):
        allowed(text)


@pytest.fixture(scope="module")
def whole(finished):
    """Every page of a finished run, by its path."""
    results = finished / "results"
    found = {file.relative_to(results).as_posix(): file.read_text("utf-8") for file in sorted(results.rglob("*.html"))}
    assert {"index.html", "qa/index.html", "verify/index.html", "report/report.html"} <= set(found)
    return found


def test_every_page_of_a_whole_run_keeps_the_rules(whole):
    kept = lint_pages(list(whole.values()), list(whole), True, False)["kept"]
    assert kept.loc[kept["places"] != "0", ["rule", "first"]].to_numpy().tolist() == []


def test_links_from_page_to_page_lead_to_what_is_there(whole, finished):
    for path, html in whole.items():
        here = finished / "results" / path
        for link in re.findall(r'<a [^>]*href="([^"#:]+)(?:#[^"]*)?"', html):
            assert (here.parent / link).is_file(), (path, link)
