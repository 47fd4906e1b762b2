"""Notebooks: executed, written as pages that say nothing of the machine."""

import re
import sys
from pathlib import Path

import jupytext
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made import made_study
from pages import asset, conventions

from pilot_eval.publish.run_notebooks import run_notebooks, shown

TOUR = Path(__file__).resolve().parents[2] / "notebooks" / "tour.py"
SCRIPT = """# %% [markdown]
# # A small notebook
#
# Some *words* and <b>markup</b>.
#
# | word | sense |
# |------|-------|
# | wave | a time at which all are asked |

# %%
import io
import pandas as pd
from IPython.display import Image
from matplotlib.figure import Figure

print("a < b")
pd.DataFrame({"n": [1, 2]}, index=pd.Index(["<i>", "y"], name="who"))

# %%
figure = Figure(figsize=(1, 1))
picture = io.BytesIO()
figure.savefig(picture, format="png", metadata={"Software": None})
Image(picture.getvalue(), alt="An empty picture")
"""


def run(*scripts):
    names = [f"book{at}" for at in range(len(scripts))]
    assets = (asset("base.html.jinja"), asset("notebook.html.jinja"), asset("style.css"))
    return run_notebooks(list(scripts), {}, *assets, names, made_study())["pages"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The same notebook twice, without a home folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", "/nonexistent")
        patch.chdir(tmp_path_factory.mktemp("a study"))
        yield run(SCRIPT, SCRIPT)


def test_it_shows_text_code_and_what_the_code_gave(pages):
    page = pages[0]
    assert "<h1>A small notebook</h1>" in page and "<em>words</em>" in page
    assert "&lt;b&gt;markup" in page and "a &lt; b" in page
    assert '<th scope="row">&lt;i&gt;</th>' in page and '<th scope="col">n</th>' in page
    assert re.search(r'<img src="data:image/png;base64,[\w+/=]+" alt="An empty picture"', page)


def test_two_runs_give_the_same_bytes_and_no_word_of_the_machine(pages):
    assert pages[0] == pages[1]
    assert str(Path.cwd()) not in pages[0] and "execution" not in pages[0] and "/tmp" not in pages[0]


def test_the_page_keeps_the_conventions(pages):
    assert conventions(pages[0]) == []


def test_a_cell_that_fails_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuntimeError, match=r"notebook book0, cell 2: ZeroDivisionError: division by zero"):
        run("# %%\n1 + 1\n\n# %%\n1 / 0\n")


def test_what_is_printed_in_pieces_is_one_output(tmp_path, monkeypatch):
    """How many pieces a kernel sends depends on the load of the machine."""
    monkeypatch.chdir(tmp_path)
    pieces = (
        'import sys, time\nfor n in range(3):\n    print("piece", n)\n    sys.stdout.flush()\n    time.sleep(0.4)\n'
    )
    (page,) = run(f"# %% [markdown]\n# # Pieces\n\n# %%\n{pieces}")
    assert page.count("Printed output") == 1
    assert "piece 0\npiece 1\npiece 2" in page


def test_a_notebook_without_a_heading_has_none():
    title, cells = shown(jupytext.reads("# %% [markdown]\n# Just text\n", fmt="py:percent"))
    assert title == "" and "Just text" in cells[0]["text"]


def test_the_tour_round_trips_and_reads_only_what_is_published():
    text = TOUR.read_text("utf-8")
    notebook = jupytext.reads(text, fmt="py:percent")
    again = jupytext.reads(jupytext.writes(notebook, fmt="py:percent"), fmt="py:percent")
    assert [(cell.cell_type, cell.source) for cell in again.cells] == [
        (cell.cell_type, cell.source) for cell in notebook.cells
    ]
    read = re.findall(r"read_(\w+)\(", text)
    assert set(read) <= {"csv", "schema", "text"} and "hidden" not in text
    assert re.findall(r'"processed" / "(\w+)"', text) == ["score"]
