"""The accessible workbook: a cover, contents, notes, and one marked-up table a sheet."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pilot_eval.publish import catalogue
from pilot_eval.publish.catalogue import CATALOGUE, NOTES, SHORTHAND, SYNTHETIC, header, notes_of, say
from pilot_eval.publish.lookup import Cell, Lookup
from pilot_eval.publish.rows import Sheet, counted, decimals, row_labels, sheet_of
from pilot_eval.publish.xlsx import PROPERTIES, repacked

if TYPE_CHECKING:
    import gptables
    import pandas as pd

#: A sign for private use, around the number of a text that is put in later.
MARK = "\ue000"
FURTHER = {"unit": "Unit", "significance": "Significance", "reliability": "Reliability"}


def build_workbook(cells: pd.DataFrame, tables: Sequence[str], wording: Mapping[str, Any]) -> dict[str, bytes]:
    """All tables of a study as one spreadsheet that people can use, with and without a screen reader.

    Parameters
    ----------
    cells : DataFrame
        Disclosed cells of ``hide_cells``.
    tables : sequence of str
        Names in catalogue order; one without cells gets no sheet.
    wording : mapping
        See ``catalogue.wording``.

    Returns
    -------
    dict
        ``workbook``: the bytes of an .xlsx file, the same for the same numbers.
    """
    import gptables

    lookup = Lookup(cells)
    sheets = [sheet for sheet in (sheet_of(name, lookup) for name in tables) if sheet.rows]
    numbers = _note_numbers(sheets, wording)
    labelled = {f"Table_{place}": sheet for place, sheet in enumerate(sheets, start=1)}
    foreign: dict[str, str] = {}
    pages = {
        "Contents": _contents(labelled, wording),
        "Notes": _notes(numbers, wording),
        **{name: _table(name, sheet, numbers, wording, foreign) for name, sheet in labelled.items()},
    }
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables warns that it has not made the notes sheet: it is one of ours
        workbook = gptables.produce_workbook(
            buffer, sheets=pages, cover=_cover(wording), contentsheet_label=None, workbook_options=options
        )
        workbook.set_properties(
            {"title": wording["title"], "author": wording["organisation"], "company": wording["organisation"],
             "comments": SYNTHETIC if wording["synthetic"] else "",
             "keywords": "synthetic data" if wording["synthetic"] else "", **PROPERTIES}
        )  # fmt: skip
        workbook.close()
    return {"workbook": repacked(buffer.getvalue(), {token: text for text, token in foreign.items()})}


def _note_numbers(sheets: Sequence[Sheet], wording: Mapping[str, Any]) -> dict[str, int]:
    """Notes in use, numbered in the order in which a reader meets them."""
    used: dict[str, None] = {}
    for sheet in sheets:
        known = CATALOGUE[sheet.name]
        used |= dict.fromkeys(notes_of(sheet.name, wording))
        used |= dict.fromkeys((known.noted or {})[name] for name in sheet.measures if name in (known.noted or {}))
    return {note: number for number, note in enumerate(used, start=1)}


def _cover(wording: Mapping[str, Any]) -> gptables.Cover:
    import gptables

    words = wording["words"]
    status = "final" if wording["final"] else "draft, not yet signed by its analyst, assurer and approver"
    intro = [
        f"All published tables of this study: {words['respondents']} in {wording['geography']}, {wording['period']}.",
        *([SYNTHETIC] if wording["synthetic"] else []),
        f"Release {wording['release']}, {status}.",
    ]
    about = [say(NOTES[note], wording) for note in ("rounding", "disclosure", "cause")]
    return gptables.Cover(
        title=wording["title"], intro=intro, about=about, contact=[wording["organisation"]], cover_label="Cover_sheet"
    )


def _contents(sheets: Mapping[str, Sheet], wording: Mapping[str, Any]) -> gptables.GPTable:
    import gptables
    import pandas as pd

    links = {
        "Notes": "Notes",
        **{name: catalogue.title(sheet.name, wording, counted(sheet)) for name, sheet in sheets.items()},
    }
    frame = pd.DataFrame(
        {
            "Sheet name": pd.Series([{name: f"internal:'{name}'!A1"} for name in links], dtype=object),
            "What it holds": pd.Series(list(links.values()), dtype=object),
        }
    )
    return gptables.GPTable(
        frame, "contents", "Contents", subtitles=["This worksheet holds one table: links to all other worksheets."],
        instructions="Choose a sheet name to go to it.", index_columns={},
    )  # fmt: skip


def _notes(numbers: Mapping[str, int], wording: Mapping[str, Any]) -> gptables.GPTable:
    import gptables
    import pandas as pd

    texts = pd.Series([say(NOTES[note], wording) for note in numbers], dtype=object)
    frame = pd.DataFrame(
        {"Note": pd.Series([f"[note {number}]" for number in numbers.values()], dtype=object), "Text": texts}
    )
    return gptables.GPTable(
        frame, "notes", "Notes", subtitles=["This worksheet holds one table: the notes to which the tables refer."],
        instructions="Notes stand in the order in which the tables refer to them.", index_columns={},
    )  # fmt: skip


def _passed(entry: Any, foreign: dict[str, str]) -> Any:
    """A cell as gptables takes it: for a text without a Latin letter or digit, which it refuses, stands a token."""
    if not isinstance(entry, str) or re.search("[a-zA-Z0-9]", entry):
        return entry
    return foreign.setdefault(entry, f"{MARK}{len(foreign)}{MARK}")


def _table(
    name: str, sheet: Sheet, numbers: Mapping[str, int], wording: Mapping[str, Any], foreign: dict[str, str]
) -> gptables.GPTable:
    """One table of the catalogue as a sheet: labels on the left, numbers on the right, no cell empty."""
    import gptables
    import pandas as pd

    units = {measure: _units(sheet.cells(measure)) for measure in sheet.measures}
    several = {unit for found in units.values() if len(found) > 1 for unit in found}
    varied = [measure for measure in sheet.measures if several & set(units[measure])]
    test = next((measure for measure in ("p_adjusted", "p") if measure in sheet.measures), None)
    unsure = any(cell.status == "u" for row in sheet.rows for cell in row.cells.values())
    heads = {dimension: header(sheet.name, dimension, wording) for dimension in sheet.dimensions}
    heads |= {"unit": FURTHER["unit"]} if varied else {}
    heads |= {
        measure: _head(sheet.name, measure, units[measure], measure in varied, numbers, wording)
        for measure in sheet.measures
    }
    heads |= {"significance": FURTHER["significance"]} if test else {}
    heads |= {"reliability": FURTHER["reliability"]} if unsure else {}
    records = []
    for row in sheet.rows:
        record: dict[str, Any] = row_labels(row, wording)
        record["unit"] = next((row.cells[measure].unit for measure in varied if measure in row.cells), "[z]")
        record |= {measure: _entry(row.cell(measure)) for measure in sheet.measures}
        record["significance"] = _tested(row.cell(test)) if test else ""
        record["reliability"] = "[u]" if any(cell.status == "u" for cell in row.cells.values()) else "Reliable"
        records.append([_passed(record[key], foreign) for key in heads])
    whole = sorted(numbers[note] for note in notes_of(sheet.name, wording))
    synthetic = f" {SYNTHETIC}" if wording["synthetic"] else ""
    return gptables.GPTable(
        pd.DataFrame(records, columns=list(heads.values()), dtype=object),
        name.lower(),
        catalogue.title(sheet.name, wording, counted(sheet)) + "".join(f" [note {number}]" for number in whole),
        subtitles=[f"This worksheet holds one table. {say(CATALOGUE[sheet.name].about, wording)}"],
        instructions="Notes are explained on the sheet named Notes." + synthetic,
        legend=_legend(sheet),
        source=catalogue.source(wording),
        index_columns={1: 0},
        additional_formatting=[_format(heads[measure], sheet.cells(measure)) for measure in sheet.measures],
    )


def _head(
    table: str, measure: str, units: Sequence[str], varied: bool, numbers: Mapping[str, int], wording: Mapping[str, Any]
) -> str:
    """Header of a column of numbers: what it is, its unit in round brackets, its note."""
    unit = " (see unit)" if varied else f" ({units[0]})" if units else ""
    note = (CATALOGUE[table].noted or {}).get(measure)
    return header(table, measure, wording) + unit + (f" [note {numbers[note]}]" if note else "")


def _units(cells: Sequence[Cell]) -> list[str]:
    """Units of a column, each once; none where some of its numbers have none. A share without one runs from 0 to 1."""
    found = {cell.unit or ("from 0 to 1" if cell.kind == "share" else "") for cell in cells}
    return [] if "" in found else sorted(found)


def _format(head: str, cells: Sequence[Cell]) -> dict[str, Any]:
    """Form of a column of numbers: to the right, thousands by commas, one number of decimals."""
    places = max((decimals(cell) for cell in cells), default=0)
    form = {"num_format": "#,##0" + ("." + "0" * places if places else ""), "align": "right"}
    return {"column": {"columns": [head], "format": form, "include_names": True}}


def _entry(cell: Cell | None) -> float | int | str:
    """A cell as the sheet has it: a number, or its shorthand; ``[z]`` where the row has no such number."""
    if cell is None:
        return "[z]"
    if cell.shown.startswith(("[", "<")):
        return cell.shown
    return cell.value if decimals(cell) else int(cell.value)


def _tested(cell: Cell | None) -> str:
    if cell is None:
        return "[z]"
    return catalogue.significance(cell.value if cell.shown[0] != "<" else 0.0) if cell.known else cell.shown


def _legend(sheet: Sheet) -> list[str]:
    """The shorthand that a sheet uses, each said once."""
    used = {cell.status for row in sheet.rows for cell in row.cells.values()}
    if any(measure not in row.cells for row in sheet.rows for measure in sheet.measures):
        used.add("z")
    return [text for key, text in SHORTHAND.items() if key in used]
