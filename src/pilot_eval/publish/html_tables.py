"""Tables of the ledger as HTML pages have them: one caption, headers with a scope, a row that a number can link to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pilot_eval.publish.catalogue import CATALOGUE, NOTES, SHORTHAND, header, label, notes_of, say, subject, title
from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.paper import paper_of
from pilot_eval.publish.rows import box, counted, everywhere, sheet_of
from pilot_eval.publish.wording import area_name, sentence

#: Notes that hold for every table: a page says them once.
SHARED = {"rounding", "disclosure", "letters"}
#: Units that a column's header, or a row's own name, says already.
OWN = {"", "standard deviations", "areas"}


@dataclass(frozen=True)
class HtmlTable:
    """A table ready to be written.

    Attributes
    ----------
    id : str
        Anchor of the table.
    short, caption, about : str
        Title without place and period, title, and what a row is.
    heads, measures : list of str
        Headers of the columns that name a row, and of the columns of numbers.
    rows : list of (anchor, names, texts)
    notes : list of str
    file : str
        The table's CSV.
    kind, topic, outcome : str
        Its name in the ledger, the title that it shares with others of its kind, and the outcome, with its unit, to
        which it is narrowed; empty where it is not.
    areas : list of str
        Of each row its area as the public sees it; empty where it has none.
    """

    id: str
    short: str
    caption: str
    about: str
    heads: list[str]
    measures: list[str]
    rows: list[tuple[str, list[str], list[str]]]
    notes: list[str]
    file: str
    kind: str
    topic: str
    outcome: str
    areas: list[str]

    @property
    def paper(self) -> str:
        """Classes of the paper on which it is printed."""
        names = [self.heads, *(names for _, names, _ in self.rows)]
        numbers = [self.measures, *(texts for _, _, texts in self.rows)]
        return paper_of([*zip(*names, strict=True)], [*zip(*numbers, strict=True)])


def html_table(
    name: str, cells: Lookup, wording: Mapping[str, Any], study: Mapping[str, Any], outcome: str | None = None
) -> HtmlTable | None:
    """A table of the catalogue, all of it or one outcome's rows; None when it has no rows.

    Parameters
    ----------
    name : str
        Its name in the catalogue.
    cells : Lookup
    wording : mapping
        See ``catalogue.wording``.
    study : mapping
        ``words`` and ``areas_public_as`` of the study.
    outcome : str or None
        Narrow the table to one outcome, which its caption then names.
    """
    sheet = sheet_of(name, cells)
    rows = [row for row in sheet.rows if outcome is None or row.outcome == outcome]
    if not rows:
        return None
    dimensions = [name for name in sheet.dimensions if outcome is None or name != "outcome"]
    units = [_unit(row) for row in rows]
    told = any(units) and (outcome is None)
    own = label("outcome", outcome, wording) if outcome else ""
    suffix = f": {own}" if outcome else ""
    topic = subject(name, wording, counted(sheet))
    return HtmlTable(
        f"table-{name}" + (f"-{outcome}" if outcome else ""),
        topic + suffix,
        title(name, wording, counted(sheet)) + suffix,
        say(CATALOGUE[name].about, wording) + (f" Unit: {units[0]}." if outcome and units[0] else ""),
        [header(name, dimension, wording) for dimension in dimensions] + (["Unit"] if told else []),
        [header(name, measure, wording) for measure in sheet.measures],
        [
            (f"{name}.{row.row}", _names(row, dimensions, wording, study) + ([unit or "[z]"] if told else []),
             [_entry(row, measure) for measure in sheet.measures])
            for row, unit in zip(rows, units, strict=True)
        ],
        [say(NOTES[note], wording) for note in notes_of(name, wording) if note not in SHARED]
        + ([f"{SHORTHAND['u']}."] if any(row.borrowed for row in rows) else []),
        f"{name}.csv", name, topic, own + (f" ({units[0]})" if own and units[0] else ""),
        [area_name(study, row.area_label) if row.area else "" for row in rows],
    )  # fmt: skip


def _names(row: Row, dimensions: Sequence[str], wording: Mapping[str, Any], study: Mapping[str, Any]) -> list[str]:
    known = {
        "outcome": label("outcome", row.outcome, wording),
        "area": area_name(study, row.area_label) if row.area else everywhere(row, study["words"]),
        "group": row.group_label or sentence(label("group", row.group, wording)),
        "wave": label("wave", row.wave, wording) if row.wave else "All",
    }
    if row.table == "flow":
        known["group"] = box(row)
    return [known[dimension] or "[z]" for dimension in dimensions]


def _entry(row: Row, measure: str) -> str:
    """A number as the table has it; one that comes from all others is marked."""
    if measure not in row.cells:
        return "[z]"
    return row.shown(measure) + (" [u]" if row.cells[measure].borrowed and row.known(measure) else "")


def _unit(row: Row) -> str:
    return next((cell.unit for cell in row.cells.values() if cell.unit not in OWN), "")
