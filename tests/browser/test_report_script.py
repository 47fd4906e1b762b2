"""What the report's script adds, by the keyboard alone; what is there without it; and that no other script runs."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))
from made import made_study
from test_write_report import report_of

WALK = 600
TABLE = "table-response_by_area"
FOCUSED = """(() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {tag: one.tagName, table: one.closest("table")?.id ?? "", text: one.textContent.trim(),
    outline: parseFloat(style.outlineWidth) * (style.outlineStyle !== "none"), width: box.width, height: box.height};
})()"""
ROWS = "[...document.querySelector('#%s tbody').rows].filter((row) => !row.hidden).map((row) => row.innerText)"
COLUMN = "[...document.querySelector('#%s tbody').rows].map((row) => row.cells[%d].textContent)"
SHOWN = "[...document.querySelectorAll('%s')].filter((one) => one.getClientRects().length).length"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report of a small study, in a file of its own."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report_of(made_study(waves=2)), encoding="utf-8")
    return file


@pytest.fixture
def page(browser, report):
    with browser.open(report, 1280) as opened:
        yield opened


def go_to(page, wanted, shift=False):
    """Press Tab until what is focused is wanted; everything on the way must be seen to be focused."""
    for _ in range(WALK):
        page.press("Tab", shift=shift)
        focused = page.run(FOCUSED)
        assert focused["outline"] >= 2, focused
        if wanted(focused):
            return focused
    raise AssertionError("the keyboard does not reach it")


def status(page, near):
    return page.run(f"document.querySelector('{near} [role=status]').textContent")


def test_a_walk_through_the_area_picker(page):
    page.press("Tab")
    assert page.run(FOCUSED)["text"] == "Skip to main content"
    page.press("Enter")
    picker = go_to(page, lambda one: one["tag"] == "SELECT")
    assert picker["width"] >= 24 and picker["height"] >= 24
    page.press("ArrowDown")
    page.press("ArrowDown")
    area = page.run("document.activeElement.value")
    assert area == page.run("document.activeElement.options[2].textContent") and area
    found = page.run("document.querySelectorAll('.picked table').length")
    assert found > 1 and status(page, "#one-area") == f"{found} tables of {area} follow."
    # All rows of this area and of no other, each number as its own table has it.
    rows = page.run(f"[...document.querySelectorAll('main tr[data-area=\"{area}\"]')].map((row) => row.cells.length)")
    picked = page.run("[...document.querySelectorAll('.picked tbody tr')].map((row) => row.innerText)")
    assert len(picked) == len(rows) and not any(area in row for row in picked)
    own = page.run(f"document.querySelector('#{TABLE} tr[data-area=\"{area}\"] td:last-child').textContent")
    caption = page.run(f"document.querySelector('#{TABLE}').dataset.topic")
    shown = page.run("[...document.querySelectorAll('.picked table')].map((one) => one.innerText)")
    assert any(caption in one and own in one for one in shown)
    page.press("ArrowUp")
    page.press("ArrowUp")
    assert page.run("document.querySelectorAll('.picked table').length") == 0 and status(page, "#one-area") == ""


def test_a_screen_reader_is_told_what_the_picker_is_and_what_it_did(page):
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    told = {(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if "role" in node}
    assert any(role == "combobox" and name.startswith("Everything about one") for role, name in told)
    assert any(role == "status" for role, _ in told)
    assert page.run("[...document.querySelectorAll('.scroll')].every((one) => one.getAttribute('role') === 'region')")


def test_a_walk_through_a_table_that_is_sorted_and_filtered(page):
    page.run(f"document.getElementById('{TABLE}').closest('details').querySelector('summary').focus()")
    page.press("Enter")
    published = page.run(ROWS % TABLE)
    field = go_to(page, lambda one: one["tag"] == "INPUT")
    assert field["height"] >= 24
    button = go_to(page, lambda one: one["tag"] == "BUTTON" and one["text"] == "Responded")
    assert button["table"] == TABLE and button["height"] >= 24 and button["width"] >= 24
    page.press("Enter")
    heads = f"[...document.querySelector('#{TABLE} thead tr').cells].map((one) => one.getAttribute('aria-sort'))"
    at = page.run(heads).index("ascending")
    near = f"details:has(#{TABLE})"
    assert status(page, near) == "Sorted by Responded, ascending."
    up = page.run(COLUMN % (TABLE, at))
    numbers = [int(text.replace(",", "")) for text in up if not text.startswith("[")]
    assert numbers == sorted(numbers) and len(set(numbers)) > 1
    page.press(" ")
    down = page.run(COLUMN % (TABLE, at))
    assert page.run(heads)[at] == "descending"
    assert [text for text in down if not text.startswith("[")] == [f"{number:,}" for number in reversed(numbers)]
    assert [text for text in down if text.startswith("[")] == down[len(numbers) :], "markers come last either way"
    page.press("Enter")
    assert page.run(ROWS % TABLE) == published and set(page.run(heads)) == {None}
    go_to(page, lambda one: one["tag"] == "INPUT", shift=True)
    area = page.run(f"document.querySelector('#{TABLE} tr[data-area]').dataset.area")
    for letter in area:
        page.press(letter)
    left = page.run(ROWS % TABLE)
    assert 0 < len(left) < len(published) and all(area in row for row in left)
    assert status(page, near) == f"{len(left)} of {len(published)} rows shown."


def test_a_number_leads_to_its_row_though_a_filter_hides_it(page):
    link = "document.querySelector('#findings ~ .findings a.num, a.num')"
    anchor = page.run(f"{link}.hash.slice(1)")
    row = f"document.getElementById({anchor!r})"
    page.run(f"{row}.hidden = true")
    page.run(f"{link}.focus()")
    page.press("Enter")
    assert page.run(f"{row}.getClientRects().length") > 0
    assert page.run(f"{row}.matches(':target')")


def test_on_paper_nothing_is_added_and_nothing_lacks(page):
    page.run(f"document.getElementById('{TABLE}').closest('details').open = true")
    field = f"document.querySelector('details:has(#{TABLE}) input')"
    page.run(f"{field}.value = 'no such row'; {field}.dispatchEvent(new Event('input'))")
    hidden = SHOWN % f"#{TABLE} tbody tr"
    assert page.run(hidden) == 0
    page.on_paper()
    assert page.run(hidden) == page.run(f"document.querySelectorAll('#{TABLE} tbody tr').length") > 0
    assert page.run(SHOWN % ".tools, input, select, [role=status]") == 0
    style = f"getComputedStyle(document.querySelector('#{TABLE} thead button')).textDecorationLine"
    assert page.run(style) == "none"


def test_without_the_script_the_page_is_whole_and_has_no_dead_control(browser, report, tmp_path):
    html = report.read_text("utf-8")
    plain = tmp_path / "plain.html"
    plain.write_text(re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL), encoding="utf-8")
    text = "[...document.querySelectorAll('main > section')].map((one) => one.innerText)"
    with browser.open(plain, 1280) as page:
        assert page.run("document.querySelectorAll('button, input, select').length") == 0
        without = page.run(text)
        rows = page.run("document.querySelectorAll('tr').length")
    with browser.open(report, 1280) as page:
        page.run("document.querySelectorAll('.tools').forEach((one) => one.remove())")
        assert page.run(text) == without and page.run("document.querySelectorAll('tr').length") == rows


HOSTILE = ("<script>document.title = 'hit'</script>", "<p id=x onclick=\"document.title = 'hit'\">a</p>")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_policy_lets_no_other_script_run(browser, report, tmp_path, hostile):
    changed = tmp_path / "changed.html"
    changed.write_text(report.read_text("utf-8").replace("</main>", f"{hostile}</main>"), encoding="utf-8")
    with browser.open(changed, 1280) as page:
        page.run("document.getElementById('x')?.click()")
        assert page.run("document.title") != "hit"
        assert any("Content Security Policy" in said for said in page.complaints())
        assert page.run("document.querySelectorAll('select').length") == 1, "ours runs"
