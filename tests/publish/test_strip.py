"""The benchmarking strip: its labels never lie on one another."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pilot_eval.publish.strip import Strip, draw_strip, limits

number = st.floats(-1, 1).map(lambda value: round(value, 2))


def boxes(svg):
    """Left end, right end and line of the two labels, by a generous width a character."""
    found = re.findall(r'<text x="([-\d.]+)" y="(-?\d+)" text-anchor="(start|end)"[^>]*>([^<]*)<', svg)
    for x, y, side, text in found:
        wide = 8.2 * len(text)
        left = float(x) - (wide if side == "end" else 0)
        yield left, left + wide, int(y)


@given(number, number, st.lists(number, max_size=21))
def test_labels_do_not_overlap(own, whole, others):
    strip = Strip(own, own - 0.3, own + 0.3, whole, others)
    svg = str(draw_strip(strip, limits([strip]), f"Here {own:.2f}", f"All areas {whole:.2f}", "alt"))
    (a, b, one), (c, d, two) = boxes(svg)
    assert one != two or b <= c or d <= a


def test_the_other_areas_have_no_order():
    one, two = (Strip(0.1, 0.0, 0.2, 0.1, others) for others in ([0.3, 0.2], [0.2, 0.3]))
    assert draw_strip(one, limits([one]), "a", "b", "c") == draw_strip(two, limits([two]), "a", "b", "c")
