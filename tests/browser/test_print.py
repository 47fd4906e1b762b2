"""Pages on paper: the summary on one sheet, no table wider than its sheet, and headers of tables on every sheet."""

import re

#: Room across a sheet of A4 between its margins, in CSS pixels: upright, and lying on its side.
UPRIGHT, ACROSS = 657, 1031
#: How far each table that is printed on such paper reaches beyond the room for it.
WIDER = """(across) => [...document.querySelectorAll("main table")]
    .filter((table) => Boolean(table.closest(".across")) === across && !table.closest(".broken"))
    .filter((table) => table.offsetWidth > innerWidth).map((table) => `${table.id}: ${table.offsetWidth}`)"""


def sheets(content):
    """Width and height of each sheet of a PDF, in points."""
    return [
        (round(float(width)), round(float(height)))
        for width, height in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    ]


def open_page(browser, finished, name):
    return browser.open(finished / "results" / "report" / f"{name}.html", UPRIGHT)


def test_the_summary_is_one_sheet(browser, finished):
    with open_page(browser, finished, "summary") as page:
        ((width, height),) = sheets(page.printed())
    assert abs(width - 595) <= 1 and abs(height - 842) <= 1, "A4"


def test_no_table_is_wider_than_its_sheet_and_wide_ones_lie_across(browser, finished):
    with open_page(browser, finished, "report") as page:
        turned = {width > height for width, height in sheets(page.printed())}
        page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.on_paper()
        for across, room in ((False, UPRIGHT), (True, ACROSS)):
            page.resize(room)
            assert page.run(f"({WIDER})({str(across).lower()})") == []
        assert page.run("document.querySelector('.across') !== null") is (turned == {False, True})


def test_headers_can_be_repeated_on_every_sheet(browser, finished):
    with open_page(browser, finished, "report") as page:
        page.on_paper()
        # Chromium repeats no header that holds a box of its own, as buttons are.
        kinds = "[...document.querySelectorAll('thead button')].map((one) => getComputedStyle(one).display)"
        assert set(page.run(kinds)) == {"contents"}
