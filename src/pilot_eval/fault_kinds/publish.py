"""Kinds of fault: what is published."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "PUB-01",
        "A label that a spreadsheet program would run",
        ("FIX",),
        "an area called `=cmd|' /C calc'!A0`, an item that begins with `@`, `+`, `-`, a tab or a line end",
        "`to_csv` writes it as it is, `to_excel` as a live formula",
        "CSV files and the workbook have an apostrophe before it, the workbook types it as text; numbers stay numbers, "
        "negative ones "
        "too. The table's column and first row are named.",
        "Reword the label in the study's configuration.",
    ),
    Kind(
        "PUB-02",
        "Markup in a name",
        ("OK",),
        "a school called `<script>alert(1)</script>`",
        "a template without escaping runs it in the reader's browser",
        "Shown as plain text in pages, pictures and their alternative texts; a content policy on every page lets "
        "nothing "
        "be loaded or run.",
        "Nothing.",
    ),
    Kind(
        "PUB-03",
        "A name that no sheet may have",
        ("OK",),
        "a table or area called `Area: North/East`, or two alike in their first 31 characters",
        "the last rule of a run fails, or one sheet takes the place of another",
        "Sheets are called Table_1, Table_2 and so on; the contents sheet says what each holds.",
        "Nothing.",
    ),
    Kind(
        "PUB-04",
        "A name that no file may have",
        ("OK",),
        "an area whose name is 200 times `é`",
        "the operating system refuses a name of 400 bytes",
        "Files are named by codes of at most 40 plain characters; a name alone makes its code, and is cut or refused "
        "(CFG-32) when two would be the same.",
        "Give the area a code of its own in study.yaml.",
    ),
    Kind(
        "PUB-05",
        "Characters that other notations take for commands",
        ("OK",),
        "`$5 & 10% _x_` in a label",
        "a plotting library reads what stands between two `$` as a formula, and fails where it is none",
        "Labels are drawn and written letter by letter.",
        "Nothing.",
    ),
    Kind(
        "PUB-06",
        "A letter that the typeface of the figures lacks",
        ("OK",),
        "an area in Chinese characters",
        "a box or nothing in the picture, and a warning in the log that nobody reads",
        "Latin letters with accents are drawn. For what the typeface lacks stands □, and the note under the figure "
        "says so; "
        "the figure's table and all pages have the letters.",
        "Nothing, or give the area a name in letters of the typeface.",
    ),
    Kind(
        "PUB-07",
        "A hidden number that the shown ones give away",
        ("STOP",),
        "one area of a table is hidden, its total and all others are shown",
        "the reader subtracts",
        "A second number is hidden too. Before anything goes out, every table is searched again, by other code, for "
        "hidden "
        "numbers that follow by subtraction or division; if there is one, nothing is published.",
        "This is a fault of the program: report it.",
    ),
    Kind(
        "PUB-08",
        "A page of an area that is no longer in the configuration",
        ("WARN",),
        "`results/packs/a23.html`, after area a23 was taken out of `config/study.yaml`",
        "it stays, and is sent out with the rest",
        "Every call of snakemake names what lies in `results/` and `data/processed/` and belongs to no rule of the "
        "study "
        "any more. The index and the manifest do not name it.",
        "Delete it.",
    ),
    Kind(
        "PUB-09",
        "PDF asked for where it cannot be made",
        ("STOP",),
        "`snakemake pdf` on a machine without Pango",
        "a traceback of a library that is not found, or a PDF without tags that a screen reader cannot follow",
        "The goal `pdf` stops with this line; nothing else asks for it, and all else is made as always.",
        "Install the extra `pdf` and the system's library Pango, or print the pages from a browser.",
    ),
    Kind(
        "PUB-12",
        "A number that an earlier release shows and that is hidden now",
        ("WARN",),
        "the thresholds were raised after a release; `published/ledger.csv` shows a mean of seven respondents",
        "a reader who has both releases looks it up in the older one",
        "It is hidden all the same, and the quality pages say of how many numbers of which table this is true. What "
        "the release shows is never chosen to protect another number, and what it hides with another stays hidden.",
        "It cannot be taken back: tell whom it concerns.",
    ),
)
