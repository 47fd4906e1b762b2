"""A few figures against pictures of them: another build of the font renderer may differ, a missing mark may not.

``python tests/publish/test_pictures.py`` draws the pictures anew; look at them before they are committed.
"""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from made_figures import full_cells, full_study, picture

from pilot_eval.publish.figures.plan import planned_figures
from pilot_eval.publish.figures.style import styled

PICTURES = Path(__file__).parent / "pictures"
KINDS = ("change_overall", "change_by_area", "means", "flow")
#: Pixels of an inch, of a tile, and of how far a letter may have moved: mean colours of tiles are compared.
DPI, TILE, MOVED = 72, 12, 4
#: So much may the colour of a tile differ, of 255. Other hinting of letters gives up to 11, a missing line 24.
TOLERANCE = 17
STUDY = full_study()
PLAN = {one["kind"]: one for one in planned_figures(STUDY)}


@pytest.fixture(scope="module")
def cells():
    return full_cells(STUDY)


def drawn(cells, kind):
    return picture(cells, STUDY, PLAN[kind], times=0)[0]


def pixels(figure, kind, **settings):
    """The figure as an array of colours, as large as its picture."""
    with styled(PLAN[kind]["name"]), rc_context(settings):
        buffer = io.BytesIO()
        FigureCanvasAgg(figure)
        figure.savefig(buffer, format="png", dpi=DPI)
    return np.asarray(Image.open(buffer).convert("RGB"), dtype=float)


def tiles(colours):
    """Mean colour of each tile."""
    high, wide = (size // TILE * TILE for size in colours.shape[:2])
    return colours[:high, :wide].reshape(high // TILE, TILE, wide // TILE, TILE, 3).mean(axis=(1, 3))


def difference(figure, kind, **settings):
    """The greatest difference of a tile from that of the picture; infinite where the sizes differ."""
    known = np.asarray(Image.open(PICTURES / f"{kind}.png").convert("RGB"), dtype=float)
    colours = pixels(figure, kind, **settings)
    if colours.shape != known.shape:
        return float("inf")
    steps = range(-MOVED, MOVED + 1)
    moved = [np.roll(colours, (down, along), (0, 1)) for down in steps for along in steps]
    return float(np.min([np.abs(tiles(one) - tiles(known)).max(axis=2) for one in moved], axis=0).max())


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_looks_as_its_picture(kind, cells):
    assert difference(drawn(cells, kind), kind) <= TOLERANCE


@pytest.mark.parametrize("kind", KINDS)
def test_another_way_to_render_letters_is_tolerated(kind, cells):
    hinting = {"text.hinting": "force_autohint"}
    assert (pixels(drawn(cells, kind), kind, **hinting) != pixels(drawn(cells, kind), kind)).any()
    assert difference(drawn(cells, kind), kind, **hinting) <= TOLERANCE


def lines_of(figure):
    return [line for axes in figure.axes for line in axes.lines if line.get_visible() and len(line.get_xdata())]


def removed(figure, what):
    """The same figure without one of its parts."""
    axes = figure.axes[0]
    if what == "a mark":
        marked = [line for line in lines_of(figure) if line.get_marker() not in ("", "None", None)]
        marked[-1].remove()
    elif what == "the zero line":
        zero = [line for line in axes.lines if set(map(float, line.get_xdata())) == {0.0}]
        zero[0].remove()
    elif what == "an interval":
        flat = [line for line in lines_of(figure) if len(set(map(float, line.get_xdata()))) == 2
                and len(set(map(float, line.get_ydata()))) == 1]  # fmt: skip
        flat[-1].remove()
    else:
        texts = [text for one in figure.axes for text in one.texts if text.get_text().strip()]
        texts[-1].remove()
    return figure


@pytest.mark.parametrize(
    ("kind", "what"),
    [("change_overall", "a mark"), ("change_overall", "the zero line"), ("change_overall", "an interval"),
     ("change_by_area", "a mark"), ("change_by_area", "the zero line"), ("means", "a mark"), ("means", "an interval"),
     ("flow", "a label")],
)  # fmt: skip
def test_what_is_missing_is_seen(kind, what, cells):
    assert difference(removed(drawn(cells, kind), what), kind) > TOLERANCE


def test_the_pictures_are_small():
    assert sum(path.stat().st_size for path in PICTURES.glob("*.png")) < 60_000
    assert {path.stem for path in PICTURES.glob("*.png")} == set(KINDS)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    known = full_cells(STUDY)
    for name in KINDS:
        image = Image.fromarray(pixels(drawn(known, name), name).astype(np.uint8))
        image.quantize(128, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
