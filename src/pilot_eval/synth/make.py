"""The whole synthetic study as bytes by path: deliveries, registers, manifest of what is planted, ``sources.csv``."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from pilot_eval import files
from pilot_eval.study.delivery import Source
from pilot_eval.synth.deliveries import Table, make_tables
from pilot_eval.synth.design import make_design
from pilot_eval.synth.dirt import MUST, Planted, plant
from pilot_eval.synth.draw import draw_parts
from pilot_eval.synth.names import make_names
from pilot_eval.synth.published import keep_published
from pilot_eval.synth.registers import evidence_sheets, register_sheets
from pilot_eval.synth.truth import Plan
from pilot_eval.synth.write import csv_bytes, table_bytes

MANIFEST = "data/raw/planted.csv"
SOURCES = "config/sources.csv"
PLANTED = ("kind", "file", "row", "column", "planted", "stage", "record", "must")
LISTED = (
    "source", "kind", "instrument", "wave", "path", "format", "encoding", "delimiter", "decimal", "date_format",
    "timezone", "sha256", "bytes", "rows", "supplier", "received",
)  # fmt: skip
DEFAULTS = {"delimiter": ",", "decimal": ".", "date_format": "%Y-%m-%d"}
RECEIVED = dt.timedelta(days=14)


def make_study(plan: Plan) -> dict[str, bytes]:
    """All files that ``pilot-eval synth`` writes, by path relative to the study's folder.

    The seed and the truth file decide every byte. ``config/sources.csv`` keeps what it says of each delivery (path,
    format, encoding) and gets checksum, size and number of rows.
    """
    seed, design = plan.truth.seed, make_design(plan)
    latent, answers, responses = draw_parts(plan, design, seed)
    keep_published(plan, design, latent, answers, responses)
    names = make_names(plan, design)
    tables = make_tables(plan, design, names, answers, latent.replaced, responses)
    planted, renamed = plant(plan, design, tables)
    found: dict[str, bytes] = {}
    rows: dict[str, int] = {}
    places: dict[str, list[int]] = {}
    for name, table in tables.items():
        found[table.source.path], places[name] = table_bytes(table, plan.study)
        rows[name] = len(table.rows)
    sheets = register_sheets(plan, design, names, renamed) | evidence_sheets(plan, design, answers)
    for name, (header, lines) in sheets.items():
        source = plan.study.source(name)
        found[source.path], _ = csv_bytes(header, lines, source.delimiter, source.encoding)
        rows[name] = len(lines)
    found[MANIFEST] = _manifest(planted, tables, places)
    found[SOURCES] = _sources(plan, found, rows)
    return found


def write_study(plan: Plan, folder: Path) -> list[str]:
    """Write the study below a folder; paths of what was written, in order."""
    made = make_study(plan)
    for path, content in made.items():
        files.write_bytes(folder / path, content)
    return list(made)


def _manifest(planted: list[Planted], tables: dict[str, Table], places: dict[str, list[int]]) -> bytes:
    lines = []
    for entry in planted:
        table = tables[entry.source]
        column = table.name(entry.item) if entry.item else ""
        row = str(places[entry.source][entry.row])
        lines.append([entry.kind, table.source.path, row, column, entry.text, *MUST[entry.kind]])
    return csv_bytes(PLANTED, lines)[0]


def _sources(plan: Plan, found: dict[str, bytes], rows: dict[str, int]) -> bytes:
    lines = []
    for source in plan.study.sources:
        content = found[source.path]
        known = {name: _text(getattr(source, name)) for name in LISTED}
        known |= {name: "" for name, default in DEFAULTS.items() if known[name] == default}
        known |= {
            "sha256": hashlib.sha256(content).hexdigest(), "bytes": str(len(content)), "rows": str(rows[source.source]),
            "supplier": "pilot_eval synth (synthetic data)", "received": _received(plan, source),
        }  # fmt: skip
        lines.append([known[name] for name in LISTED])
    return csv_bytes(LISTED, lines)[0]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _received(plan: Plan, source: Source) -> str:
    """Survey files come two weeks after their wave, registers with the first wave, evidence after the last."""
    waves = {wave.id: wave for wave in plan.study.config.waves}
    if source.wave:
        day = waves[source.wave].end + RECEIVED
    else:
        day = plan.study.config.waves[0].start if source.kind == "register" else plan.study.config.waves[-1].end
    return day.isoformat()
