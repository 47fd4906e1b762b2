"""The way in: everything that was produced, its size, quality at a glance, and verify's verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pilot_eval.verify.page import render


@dataclass(frozen=True)
class Kind:
    """One kind of output: its heading, what it is for, and which files below ``results/`` belong to it."""

    heading: str
    about: str
    pattern: str


#: Kinds in the order of the page; files of no kind, such as a figure's own data, are left to their folder.
KINDS = (
    Kind(
        "Report",
        "Findings in plain words, with every number linked to its table; as a page and as a document.",
        r"report/.*\.(html|docx)",
    ),
    Kind(
        "Area packs",
        "One page per area, for that area alone; the same as a document to annotate.",
        r"packs/.*\.(html|docx)",
    ),
    Kind("Good practice", "What case studies tell of critical success factors.", r"good_practice/.*\.html"),
    Kind("Workbook", "All tables as an accessible spreadsheet.", r"[^/]*\.(xlsx|ods)"),
    Kind("Tables", "Tidy CSV, one row a number, by ledger id.", r"tables/.*\.csv"),
    Kind("Figures", "Each as SVG and PNG, with its data and a description beside it.", r"figures/.*\.svg"),
    Kind(
        "Notebooks",
        "Executed: a tour of the data and their quality, one outcome modelled, a figure of one's own.",
        r"notebooks/.*\.html",
    ),
    Kind("Quality assurance", "What was read, changed, rejected, linked and checked.", r"qa/.*\.(html|csv)"),
    Kind("Ledger", "Every published number with its id; pilot-eval why ID says where it came from.", r"ledger\.csv"),
)
#: Outputs for one area each; where areas are shown by letter, a list of these files would name them.
PACKS = "packs/"


def write_index(
    checked: Mapping[str, Mapping[str, Any]], verdict: Mapping[str, Any], checks: Sequence[Mapping[str, str]],
    titles: Mapping[str, Mapping[str, Any]], study: Mapping[str, Any], base: str, style: str, page: str,
) -> dict[str, str]:  # fmt: skip
    """The first page of the results.

    Parameters
    ----------
    checked : mapping of str to mapping
        ``bytes`` of every output below ``results/``, by its path.
    verdict : mapping
        As ``compare_release`` wrote it.
    checks : sequence of mapping
        ``check, result, detail`` of each quality check, as ``write_qa`` wrote them.
    titles : mapping of str to mapping
        The catalogue of ``write_tables``: titles by table.
    study, base, style, page
        The study's words, the frame of every page, its look, and the page's own template.

    Returns
    -------
    dict
        ``html``.
    """
    files = {path.removeprefix("results/"): record["bytes"] for path, record in checked.items()}
    sections = [
        {
            "heading": kind.heading,
            "about": kind.about,
            "files": [_entry(path, files, titles) for path in sorted(files) if re.fullmatch(kind.pattern, path)],
            "packs": kind.pattern.startswith(PACKS),
        }
        for kind in KINDS
    ]
    html = render(
        {"base.html.jinja": base, "page": page}, "page", study=study, css=style, final=study["final"],
        verdict=verdict, checks=checks, sections=[section for section in sections if section["files"]],
        total=size(sum(files.values())), number=len(files),
        packs=_packs(files),
    )  # fmt: skip
    return {"html": html}


def size(count: int) -> str:
    """A size in bytes as people read it, in powers of 1,000.

    Examples
    --------
    >>> size(999), size(1250), size(2_400_000)
    ('999 bytes', '1.2 kB', '2.4 MB')
    """
    for unit, scale in (("MB", 1_000_000), ("kB", 1_000)):
        if count >= scale:
            return f"{count / scale:,.1f} {unit}"
    return f"{count} byte" + ("" if count == 1 else "s")


def _packs(files: Mapping[str, int]) -> str:
    """How many pages and documents for areas there are, without their names."""
    told = []
    for word, end in (("page", ".html"), ("document", ".docx")):
        sizes = [count for path, count in files.items() if path.startswith(PACKS) and path.endswith(end)]
        if sizes:
            told.append(f"{len(sizes)} {word}{'' if len(sizes) == 1 else 's'} ({size(sum(sizes))})")
    return f"{' and '.join(told)} in the folder packs"


def _entry(path: str, files: Mapping[str, int], titles: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A file with its name, its size, and a figure's other forms."""
    folder, _, name = path.rpartition("/")
    stem, _, end = name.rpartition(".")
    forms: list[tuple[str, str]] = []
    if folder == "figures":
        name = stem.replace("_", " ").capitalize()
        beside = [("SVG", "svg"), ("PNG", "png"), ("data", "csv")]
        forms = [(word, f"figures/{stem}.{other}") for word, other in beside if f"figures/{stem}.{other}" in files]
    elif folder == "tables" and end == "csv" and stem in titles:
        name = str(titles[stem]["title"])
    return {"path": path, "name": name, "size": size(files[path]), "forms": forms}
