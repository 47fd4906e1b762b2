"""Paper of a table: the first on which its words fit, and the style's sizes are those that it reckons with."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from pages import asset

from pilot_eval.publish.paper import BROKEN, NAME, NUMBER, PAPERS, paper_of


def table(numbers, head="Lower bound", name="Communication"):
    return [[name, "Row"]] * 2, [[head, "0.12"]] * numbers


def test_letters_become_smaller_then_the_sheet_is_turned():
    found = [paper_of(*table(numbers)) for numbers in range(1, 40)]
    order = [*(paper.classes for paper in PAPERS), BROKEN]
    assert [order.index(one) for one in found] == sorted(order.index(one) for one in found)
    assert set(found) == set(order)


def test_the_longest_word_decides_and_not_the_longest_text():
    assert paper_of(*table(6)) == paper_of(*table(6, head="Lower bound of all of it")) == "paper"
    assert paper_of(*table(6, head="Standardabweichung")) != "paper"
    assert paper_of(*table(2, name="W" * 200)) == BROKEN


def test_the_style_has_the_sizes():
    printed = asset("style.css").partition("@media print {")[2]
    sizes = {paper.classes.split()[-1]: f"{paper.size:g}pt" for paper in PAPERS}
    assert f"  table {{ font-size: {sizes.pop('paper')};" in printed
    for name, size in sizes.items():
        assert f".{name} table {{ font-size: {size}; }}" in printed
    assert f"min-width: {NAME:g}em" in printed and f"td.n {{ min-width: {NUMBER:g}em; }}" in printed
    beside = re.findall(r"padding(?:-right)?: (?:1.5pt )?(\d)pt", printed)
    assert sorted({*beside}, reverse=True) == sorted({f"{paper.beside:g}" for paper in PAPERS}, reverse=True)
