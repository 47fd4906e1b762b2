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

BOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.py"))
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


@pytest.mark.parametrize("file", BOOKS, ids=lambda file: file.stem)
def test_edited_in_jupyter_a_notebook_round_trips(file):
    """As Jupyter has it, with its metadata, and back: the same text."""
    text = file.read_text("utf-8")
    in_jupyter = jupytext.writes(jupytext.reads(text, fmt="py:percent"), fmt="ipynb")
    back = jupytext.writes(jupytext.reads(in_jupyter, fmt="ipynb"), fmt="py:percent")
    assert _cells(back) == _cells(text)
    assert len(re.findall(r"^# # ", text, flags=re.MULTILINE)) == 1


def _cells(text):
    """A script without its head, in which the version of jupytext may stand."""
    return text.partition("# %%")[2]


def test_the_three_notebooks_are_there_and_read_only_what_is_published():
    assert [file.stem for file in BOOKS] == ["one_analysis", "own_figure", "tour"]
    for file in BOOKS:
        text = file.read_text("utf-8")
        assert set(re.findall(r"\bread_(\w+)\(", text)) <= {"csv", "json", "schema", "text"} and "hidden.p" not in text
        assert set(re.findall(r'"processed" / "(\w+)"', text)) <= {"score"}


def test_a_figure_of_one_s_own_can_be_drawn_where_nothing_may_be_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "study.yaml").write_text("title: x\n", encoding="utf-8")
    tables = tmp_path / "results" / "tables"
    tables.mkdir(parents=True)
    head = "id,outcome,outcome_label,area,group,wave,wave_label,measure,value,shown,unit,status,data\n"
    row = "x,calm,Calm,{area},{group},w1,Round 1,mean,{value},{value},points,{status},synthetic\n"
    hidden = "".join(row.format(area=area, group="", value="", status="c") for area in "AB")
    (tables / "means.csv").write_text(head + row.format(area="", group="all", value="2.50", status=""), "utf-8")
    (tables / "means_by_area.csv").write_text(head + hidden, "utf-8")
    (page,) = run(next(file for file in BOOKS if file.stem == "own_figure").read_text("utf-8"))
    assert "2 averages of areas, of which 2 are confidential" in page
    assert re.search(r'alt="[^"]*A grey line for each of 0 areas; all together in blue\."', page)
