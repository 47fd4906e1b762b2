"""The accessible workbook: a cover, contents, notes, and one marked-up table a sheet."""

from __future__ import annotations

import copy
import io
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pilot_eval.publish import catalogue
from pilot_eval.publish.catalogue import CATALOGUE, NOTES, SHORTHAND, SYNTHETIC, notes_of, say
from pilot_eval.publish.lookup import Cell, Lookup
from pilot_eval.publish.rows import Sheet, counted, decimals, row_labels, sheet_of
from pilot_eval.publish.workbook.heads import heads_of, units_of
from pilot_eval.publish.workbook.layout import lay_out, lay_out_cover
from pilot_eval.publish.workbook.ods import ods_copy
from pilot_eval.publish.workbook.view import CONTENTS, COVER
from pilot_eval.publish.workbook.view import NOTES as NOTES_SHEET
from pilot_eval.publish.xlsx import PROPERTIES, Texts, clean, repacked

if TYPE_CHECKING:
    import gptables
    import pandas as pd


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
        ``workbook``: the bytes of an .xlsx file, the same for the same numbers; ``ods``: the same sheets as an .ods
        file.
    """
    import gptables

    lookup = Lookup(cells)
    sheets = [sheet for sheet in (sheet_of(name, lookup) for name in tables) if sheet.rows]
    numbers = _note_numbers(sheets, wording)
    labelled = {f"Table_{place}": sheet for place, sheet in enumerate(sheets, start=1)}
    texts = Texts()
    pages = {
        CONTENTS: _contents(labelled, wording, texts),
        NOTES_SHEET: _notes(numbers, wording, texts),
        **{name: _table(name, sheet, numbers, wording, texts) for name, sheet in labelled.items()},
    }
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables warns that it has not made the notes sheet: it is one of ours
        workbook = gptables.produce_workbook(
            buffer, sheets=pages, cover=_cover(wording, texts), contentsheet_label=None, workbook_options=options,
            theme=_theme(), auto_width=False,
        )  # fmt: skip
        lay_out_cover(workbook.get_worksheet_by_name(COVER), clean(wording["title"]), [*_told(wording).values()])
        for name, page in pages.items():
            lay_out(workbook.get_worksheet_by_name(name), _columns(page.table, texts.by_token()))
        title, organisation = clean(wording["title"]), clean(wording["organisation"])
        workbook.set_properties(
            {"title": title, "author": organisation, "company": organisation,
             "comments": SYNTHETIC if wording["synthetic"] else "",
             "keywords": "synthetic data" if wording["synthetic"] else "", **PROPERTIES}
        )  # fmt: skip
        workbook.close()
    made = repacked(buffer.getvalue(), texts.by_token())
    return {"workbook": made, "ods": ods_copy(made)}


def _note_numbers(sheets: Sequence[Sheet], wording: Mapping[str, Any]) -> dict[str, int]:
    """Notes in use, numbered in the order in which a reader meets them."""
    used: dict[str, None] = {}
    for sheet in sheets:
        known = CATALOGUE[sheet.name]
        used |= dict.fromkeys(notes_of(sheet.name, wording))
        used |= dict.fromkeys((known.noted or {})[name] for name in sheet.measures if name in (known.noted or {}))
    return {note: number for number, note in enumerate(used, start=1)}


def _theme() -> gptables.Theme:
    """The theme of gptables, but that the cells of a row begin on one line."""
    import gptables

    theme = copy.deepcopy(gptables.gptheme)
    theme.apply_config({part: {"valign": "top"} for part in ("index_1", "data")})
    return theme


def _told(wording: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the cover says below each of its headings."""
    words = wording["words"]
    status = "final" if wording["final"] else "draft, not yet signed by its analyst, assurer and approver"
    intro = [
        f"All published tables of this study: {words['respondents']} in {wording['geography']}, {wording['period']}.",
        *([SYNTHETIC] if wording["synthetic"] else []),
        f"Release {wording['release']}, {status}.",
    ]
    about = [say(NOTES[note], wording) for note in ("rounding", "disclosure", "cause")]
    return {"intro": intro, "about": about, "contact": [wording["organisation"]]}


def _cover(wording: Mapping[str, Any], texts: Texts) -> gptables.Cover:
    import gptables

    told = {part: [texts.given(text) for text in said] for part, said in _told(wording).items()}
    return gptables.Cover(title=texts.given(wording["title"]), cover_label=COVER, **told)


def _contents(sheets: Mapping[str, Sheet], wording: Mapping[str, Any], texts: Texts) -> gptables.GPTable:
    import gptables
    import pandas as pd

    links = {
        NOTES_SHEET: "Notes",
        **{name: catalogue.title(sheet.name, wording, counted(sheet)) for name, sheet in sheets.items()},
    }
    frame = pd.DataFrame(
        {
            "Sheet name": pd.Series([{name: f"internal:'{name}'!A1"} for name in links], dtype=object),
            "What it holds": pd.Series([texts.given(title) for title in links.values()], dtype=object),
        }
    )
    return gptables.GPTable(
        frame, "contents", "Contents", subtitles=["This worksheet holds one table: links to all other worksheets."],
        instructions="Choose a sheet name to go to it." + _synthetic(wording), index_columns={},
    )  # fmt: skip


def _notes(numbers: Mapping[str, int], wording: Mapping[str, Any], texts: Texts) -> gptables.GPTable:
    import gptables
    import pandas as pd

    said = pd.Series([texts.given(say(NOTES[note], wording)) for note in numbers], dtype=object)
    frame = pd.DataFrame(
        {"Note": pd.Series([f"[note {number}]" for number in numbers.values()], dtype=object), "Text": said}
    )
    return gptables.GPTable(
        frame, "notes", "Notes", subtitles=["This worksheet holds one table: the notes to which the tables refer."],
        instructions="Notes stand in the order in which the tables refer to them." + _synthetic(wording),
        index_columns={},
    )  # fmt: skip


def _synthetic(wording: Mapping[str, Any]) -> str:
    return f" {SYNTHETIC}" if wording["synthetic"] else ""


def _table(
    name: str, sheet: Sheet, numbers: Mapping[str, int], wording: Mapping[str, Any], texts: Texts
) -> gptables.GPTable:
    """One table of the catalogue as a sheet: labels on the left, numbers on the right, no cell empty."""
    import gptables
    import pandas as pd

    units = {measure: units_of(sheet.cells(measure)) for measure in sheet.measures}
    several = {unit for found in units.values() if len(found) > 1 for unit in found}
    varied = [measure for measure in sheet.measures if several & set(units[measure])]
    test = next((measure for measure in ("p_adjusted", "p") if measure in sheet.measures), None)
    unsure = any(cell.status == "u" for row in sheet.rows for cell in row.cells.values())
    further = [key for key, there in (("unit", varied), ("significance", test), ("reliability", unsure)) if there]
    heads = heads_of(sheet, further, units, varied, numbers, wording)
    heads = {column: texts.given(head) for column, head in heads.items()}
    records = []
    for row in sheet.rows:
        record: dict[str, Any] = row_labels(row, wording)
        record["unit"] = next((row.cells[measure].unit for measure in varied if measure in row.cells), "")
        record |= {measure: _entry(row.cell(measure)) for measure in sheet.measures}
        record["significance"] = _tested(row.cell(test)) if test else ""
        record["reliability"] = "[u]" if any(cell.status == "u" for cell in row.cells.values()) else "Reliable"
        records.append([_filled(record[column], texts) for column in heads])
    whole = sorted(numbers[note] for note in notes_of(sheet.name, wording))
    title = catalogue.title(sheet.name, wording, counted(sheet)) + "".join(f" [note {number}]" for number in whole)
    about = f"This worksheet holds one table. {say(CATALOGUE[sheet.name].about, wording)}"
    used = {entry for record in records for entry in record}
    return gptables.GPTable(
        pd.DataFrame(records, columns=list(heads.values()), dtype=object),
        name.lower(),
        texts.given(title),
        subtitles=[texts.given(about)],
        instructions="Notes are explained on the sheet named Notes." + _synthetic(wording),
        legend=[text for key, text in SHORTHAND.items() if f"[{key}]" in used],
        source=texts.given(catalogue.source(wording)),
        index_columns={1: 0},
        additional_formatting=[_format(heads[measure], sheet.cells(measure)) for measure in sheet.measures],
    )


def _columns(table: pd.DataFrame, texts: Mapping[str, str]) -> list[list[str]]:
    """What a reader sees in each column of a sheet's table, its header first."""
    return [[_said(entry, texts) for entry in (name, *table[name])] for name in table.columns]


def _said(entry: Any, texts: Mapping[str, str]) -> str:
    """What a reader sees of a cell that gptables was given: a text, a link's words, or a number."""
    if isinstance(entry, str):
        return texts.get(entry, entry)
    return str(next(iter(entry))) if isinstance(entry, dict) else f"{entry:,}"


def _filled(entry: float | int | str, texts: Texts) -> float | int | str:
    """A cell as gptables takes it; ``[z]`` in place of a text that says nothing, such as an outcome that is none."""
    if not isinstance(entry, str):
        return entry
    text = texts.given(entry)
    return text if text.strip() else "[z]"


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
