"""Pages of a finished run in a browser, on a telephone and on a desk: nothing is wrong, and every check can fail."""

import pytest
from seen import faults

PAGES = {
    "index": "index.html", "report": "report/report.html", "summary": "report/summary.html", "quality": "qa/index.html",
    "verify": "verify/index.html", "practice": "good_practice/*.html", "notebook": "notebooks/*.html",
    **{f"pack {number}": "packs/*.html" for number in (1, 2, 3)},
}  # fmt: skip
WIDTHS = (320, 1280)


def file_of(results, name):
    """A page by its name; packs and notebooks by their place."""
    files = sorted(results.glob(PAGES[name]))
    return files[int(name.partition(" ")[2] or 1) - 1]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wrong_with_a_page(finished, browser, axe, name, width):
    with browser.open(file_of(finished / "results", name), width) as page:
        if name == "report":
            page.run("document.querySelector('#one-area select').selectedIndex = 1")
            page.run("document.querySelector('#one-area select').dispatchEvent(new Event('change'))")
            assert page.run("document.querySelectorAll('#one-area table').length") > 1
        assert faults(page, axe) == []


WRONG = {
    "a picture without words": ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "image-alt"),
    "text that cannot be read": ('<p style="color: #bbb">Pale</p>', "color-contrast"),
    "two small targets": (
        '<p><a href="#a" style="font: 8px/8px Arial">a</a><br><a href="#b" style="font: 8px/8px Arial">b</a></p>',
        "target-size",
    ),
    "something loaded": ('<img alt="x" src="elsewhere.png">', "asks for file:"),
    "something wide": ('<div style="width: 400px">Wide</div>', "is 400 pixels wide on a screen of 320: ['DIV']"),
    "a script that fails": ("<script>nowhere.go()</script>", "says Uncaught"),
    "a script that says something": ("<script>console.warn('there')</script>", "says there"),
    "a dialogue": ("<script>setTimeout(() => alert('hit'))</script>", "opens hit"),
}
PLAIN = '<!DOCTYPE html><html lang="en-GB"><head><title>A</title><meta name="viewport" content="width=device-width">' \
    '</head><body style="margin: 0"><main><h1>A</h1>{}</main></body></html>'  # fmt: skip


@pytest.mark.parametrize("name", [*WRONG, "nothing"])
def test_each_check_finds_what_it_looks_for(browser, axe, tmp_path, name):
    content, told = WRONG.get(name, ("<p>Text</p>", ""))
    file = tmp_path / "page.html"
    file.write_text(PLAIN.format(content), encoding="utf-8")
    with browser.open(file, 320) as page:
        found = faults(page, axe)
    assert (not found) if not told else any(one.startswith(told) for one in found), found
