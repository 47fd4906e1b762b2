"""Run the notebooks of a study and write each as a page."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from pilot_eval.publish.notebook_tables import TABLE, accessible
from pilot_eval.publish.page import render
from pilot_eval.publish.wording import signed

#: Seconds that one cell may take.
PATIENCE = 120
#: What styles the output of a cell: pages have a style of their own.
UNSTYLED = re.compile(r"<style.*?</style>| style=\"[^\"]*\"", re.DOTALL)
#: A table within text, as one that is wider than a telephone stands in a page.
SCROLLED = r'<div class="scroll" role="region" aria-label="Table" tabindex="0">\g<0></div>'


def run_notebooks(
    notebooks: Sequence[str], checked: Mapping[str, Any], base: str, template: str, css: str, names: Sequence[str],
    study: Mapping[str, Any],
) -> dict[str, list[str]]:  # fmt: skip
    """Execute notebooks in the study's folder and render what they show.

    Parameters
    ----------
    notebooks : sequence of str
        Jupytext scripts in percent format.
    checked : mapping
        Checksums of the files that notebooks read: no more than a reason to run them again.
    base, template, css : str
        Frame of every page, the notebook's own template, and the look.
    names : sequence of str
        File name of each notebook, for messages.
    study : mapping
        What a title block says (``printed.TITLE`` and ``people``).

    Returns
    -------
    dict
        ``pages``: an HTML page a notebook, without times, counters and paths.

    Raises
    ------
    RuntimeError
        When a cell fails; the message names the notebook, the cell and the error.

    Notes
    -----
    A kernel is a process of its own: this is the one function of the stage that is not pure. It reads the study's
    folder, and writes to a temporary one only.
    """
    import jupytext

    templates = {"base.html.jinja": base, "notebook.html.jinja": template}
    read = [jupytext.reads(text, fmt="py:percent") for text in notebooks]
    asyncio.run(_execute_all(read, names))
    pages = []
    for name, notebook in zip(names, read, strict=True):
        title, cells = shown(notebook)
        final = signed(study["people"])
        told = {"css": css, "study": study, "final": final, "heading": title or name, "cells": cells}
        pages.append(render(templates, "notebook.html.jinja", **told))
    return {"pages": pages}


async def _execute_all(notebooks: Sequence[Any], names: Sequence[str]) -> None:
    """Run notebooks beside one another; of those that fail the first is told."""
    ends = await asyncio.gather(*map(_execute, notebooks, names), return_exceptions=True)
    for end in ends:
        if end is not None:
            raise end


async def _execute(notebook: Any, name: str) -> None:
    """Run all cells in a kernel of this very interpreter; neither a home folder nor a port is needed."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    with tempfile.TemporaryDirectory(prefix="kernel") as folder:
        own = Path(folder)
        specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=False)
        manager = AsyncKernelManager(
            kernel_name="python3", kernel_spec_manager=specs, transport="ipc", connection_file=str(own / "kernel.json"),
            ip=str(own / "ipc"),
        )  # fmt: skip
        manager._kernel_spec = _spec()
        # What a cell prints comes in pieces, as many as the machine's load makes of it: joined, they are one.
        told = {"metadata": {"path": os.getcwd()}}
        client = NotebookClient(notebook, km=manager, timeout=PATIENCE, coalesce_streams=True, resources=told)
        private = {"IPYTHONDIR": folder, "JUPYTER_RUNTIME_DIR": folder, "HOME": folder, "PYTHONHASHSEED": "0"}
        try:
            await client.async_execute(cleanup_kc=True, env={**os.environ, **private})
        except CellExecutionError as error:
            number = next((at for at, cell in enumerate(notebook.cells, 1) if _failed(cell)), 0)
            raise RuntimeError(f"notebook {name}, cell {number}: {error.ename}: {error.evalue}") from None


def _spec() -> Any:
    from jupyter_client.kernelspec import KernelSpec

    argv = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return KernelSpec(argv=argv, display_name="Python 3", language="python")


def _failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def shown(notebook: Any) -> tuple[str, list[dict[str, Any]]]:
    """The title of a notebook and its cells, as a page shows them.

    Returns
    -------
    title : str
        Its first heading, which is taken out of the text.
    cells : list of dict
        ``text`` (HTML of a Markdown cell) or ``code`` and ``outputs`` (dicts with ``html``, ``picture`` and ``alt``, or
        ``plain``).
    """
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    title = ""
    cells: list[dict[str, Any]] = []
    for cell in notebook.cells:
        source = cell.source
        if cell.cell_type == "markdown":
            if not title and (found := re.match(r"# (.+)\n?", source)):
                title, source = found[1].strip(), source[found.end() :]
            text = accessible(markdown.render(source), f"Table in text {len(cells) + 1}")
            cells.append({"text": Markup(TABLE.sub(SCROLLED, text))})
        elif cell.cell_type == "code":
            place = f"Output of code {len(cells) + 1}"
            outputs = (_output(output, place) for output in cell.outputs)
            cells.append({"code": source, "outputs": [one for one in outputs if one]})
    return title, cells


def _output(output: Any, caption: str) -> dict[str, Any] | None:
    """One output of a cell: the richest form that a page can show."""
    if output.output_type == "stream":
        return {"plain": output.text} if output.name == "stdout" else None
    data = output.get("data", {})
    if "text/html" in data:
        return {"html": Markup(accessible(UNSTYLED.sub("", data["text/html"]), caption))}
    if "image/png" in data:
        about = output.get("metadata", {}).get("image/png", {})
        return {"picture": data["image/png"].replace("\n", ""), "alt": about.get("alt", "")}
    return {"plain": data["text/plain"]} if "text/plain" in data else None
