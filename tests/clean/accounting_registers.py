"""Whether every difference between a sound register, or table of ratings, and a spoilt one was told."""

import hashlib
from collections import Counter

from accounting import MINI, TOLD, shown, visible
from spoilt import RECORD, Sheet

from pilot_eval.canonical import canonical
from pilot_eval.faults import StudyFaults
from pilot_eval.readers.registered import read_registered
from pilot_eval.register.read_evidence import read_evidence
from pilot_eval.register.read_registers import read_registers
from pilot_eval.study.delivery import Source

#: What becomes of each file: the table of the stage, and the column of it by delivered column.
TABLES = {
    "plots": ("organisations", {"plot_ref": "organisation", "plot_name": "name", "borough": "area", "soil": "soil"}),
    "renumbered": ("predecessors", {"was": "old", "is_now": "new"}),
    "visits": ("ratings", {"borough": "area", "theme": "item", "round": "occasion", "mark": "value"}),
}


class Registers:
    """The mini study's registers and ratings."""

    def __init__(self, study):
        self.study = study.study
        self.codes = dict(zip(study.registers["aliases"]["spelling"], study.registers["aliases"]["area"], strict=True))
        self.sources = {source.source: source.model_dump(mode="json") for source in self.study.sources
                        if source.source in TABLES}  # fmt: skip

    def sheet(self, name):
        """A sheet as it was delivered."""
        sheet = Sheet.of(self.sources[name], (MINI / self.sources[name]["path"]).read_bytes())
        names = list(TABLES)
        other = self.sources[names[(names.index(name) + 1) % len(names)]]
        sheet.others = Sheet.of(other, (MINI / other["path"]).read_bytes()).sound
        return sheet

    def read(self, sheet, path):
        """What the stage makes of a spoilt file beside the other sound ones, registered anew."""
        path.write_bytes(sheet.content())
        name, content = sheet.source["source"], path.read_bytes()
        entry = sheet.source | {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        try:
            rows = read_registered(path, Source.model_validate(entry), entry["sha256"]).delivered
        except StudyFaults:
            rows = 0
        sources = self.sources | {name: entry | {"rows": rows}}
        areas = [area.model_dump(mode="json") for area in self.study.config.areas]
        evidence = [source for source in sources.values() if source["kind"] == sheet.source["kind"]]
        paths = [path if source["source"] == name else MINI / source["path"] for source in evidence]
        contents = [source["sha256"] for source in evidence]
        if sheet.source["kind"] == "evidence":
            tables = [table.model_dump(mode="json") for table in self.study.config.evidence]
            return read_evidence(paths, evidence, contents, tables, None, areas)
        registers = self.study.config.registers.model_dump(mode="json")
        return read_registers(paths, evidence, contents, areas, registers, b"key")

    def untold(self, sheet, path):
        """Everything that happened to a spoilt file without a word; empty when all is well."""
        try:
            made = self.read(sheet, path)
        except StudyFaults as error:
            stops = [fault for fault in error.faults if fault.severity == "STOP"]
            files = {source["path"] for source in self.sources.values()}
            return [f"no file is named: {fault.message}" for fault in stops if fault.file not in files] if stops else [
                "stopped without a STOP"]  # fmt: skip
        table, columns = TABLES[sheet.source["source"]]
        found = made[table].to_dict("records")
        faults = [fault for fault in made["faults"].to_dict("records") if fault["severity"] in TOLD]
        lines = [(row, line) for row, line in sheet.places.items() 
                 if (any(map(str.strip, line.cells)) if line.raw is None else line.raw.strip())]  # fmt: skip
        rejected = {fault["row"] for fault in faults if fault["severity"] == "REJECT"}
        lines = [(row, line) for row, line in lines if row not in rejected]
        wrong = [f"row {row} is no record and is used: {line.cells}" for row, line in lines if line.kind != RECORD]
        if table == "predecessors":
            found = [*found, *[None] * (len(lines) - len(found))]
        if len(found) != len(lines):
            return [*wrong, f"{len(lines)} records became {len(found)}"]
        if any(line.raw is not None for _, line in lines):
            return wrong
        if wrong or table == "predecessors":
            return wrong + list(self._steps(sheet, lines, found) if table == "predecessors" else ())
        return list(self._cells(sheet, lines, found, columns, faults))

    def _steps(self, sheet, lines, found):
        """Old and new keys, each pair once."""
        said = Counter(
            {tuple(visible(sheet.cell(line, column)) for column in ("was", "is_now")): 1 for _, line in lines}
        )
        kept = Counter((one["old"], one["new"]) for one in found if one)
        if said != kept:
            yield f"{said} became {kept}"

    def _cells(self, sheet, lines, found, columns, faults):
        """Every cell is what stands there, but for what cannot be seen."""
        for (row, line), made in zip(lines, found, strict=True):
            for column, name in columns.items():
                text, value = visible(sheet.cell(line, column)), shown(made[name]) if made[name] is not None else None
                says = self.codes.get(canonical(text), text) if name == "area" else text or None
                says = str(int(text)) if name == "value" and text.isdecimal() else says  # in the digits of any script
                value = str(value) if name == "value" and value is not None else value
                told = any(
                    fault["column"] == column and (fault["row"] == row or fault["count"] > 1) for fault in faults
                )
                if value != says and not told:
                    yield f"row {row}, column {column}: {sheet.cell(line, column)!r} is read as {value!r}"
