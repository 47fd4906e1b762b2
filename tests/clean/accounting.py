"""Whether every difference between a sound delivery and a spoilt one was told: the oracle of the hunt."""

import csv
import datetime as dt
import functools
import hashlib
import io
import re
import unicodedata
from collections import Counter
from pathlib import Path

from spoilt import RECORD, Sheet, rows_of

from pilot_eval.clean.recode_items import recode_items
from pilot_eval.clean.report_drift import report_drift
from pilot_eval.faults import StudyFaults
from pilot_eval.ingest.read_wave import gather, read_wave
from pilot_eval.link.place_respondents import place_respondents
from pilot_eval.register.read_registers import read_registers
from pilot_eval.study import load_study
from pilot_eval.study.delivery import IDENTIFYING, Source

MINI = Path(__file__).resolve().parents[1] / "mini"
FIXED = {"completed": "completed", "area": "area_said", "organisation": "organisation_said",
         "organisation_name": "organisation_name_said", "response": "response"}  # fmt: skip
TOLD = ("WARN", "FIX", "REJECT")
#: In so large a part of a column's cells no change goes by without a word, and so many cells are no part.
MOST, MOST_EMPTY, LEAST = 0.3, 0.9, 10
UNKNOWN = object()
PLACES = ["organisation_said", "organisation_name_said", "area_said", "role_said"]


class Study:
    """The mini study, with each of its surveys read as it is."""

    def __init__(self):
        study = self.study = load_study(MINI)
        self.codebook = [item.model_dump(mode="json") for item in study.codebooks["diary"]]
        self.waves = [wave.model_dump(mode="json") for wave in study.config.waves]
        self.scales = {name: scale.items for name, scale in study.scales.items()}
        registers = [source for source in study.sources if source.kind == "register"]
        self.registers = read_registers(
            [MINI / source.path for source in registers], [source.model_dump(mode="json") for source in registers],
            [source.sha256 for source in registers], [area.model_dump(mode="json") for area in study.config.areas],
            study.config.registers.model_dump(mode="json"), b"key",
        )  # fmt: skip
        self.sources = {source.source: source.model_dump(mode="json") for source in study.surveys}
        self.contents = {name: (MINI / source["path"]).read_bytes() for name, source in self.sources.items()}
        self.sound = {}
        for name, source in self.sources.items():
            self.sound[name] = self.stages(MINI / source["path"], source)
        self.by_row = {name: {table: by_row(sound[table]) for table in ("answers", "cleaned", "placed")}
                       for name, sound in self.sound.items()}  # fmt: skip
        self.known = {name: self.meanings(name) for name in self.sources}

    def sheet(self, name):
        """A sheet of a survey as it was delivered."""
        names = list(self.sources)
        other = names[(names.index(name) + 1) % len(names)]
        sheet = Sheet.of(self.sources[name], self.contents[name])
        sheet.others = Sheet.of(self.sources[other], self.contents[other]).sound
        return sheet

    def register(self, path, sheet):
        """The line of ``sources.csv`` of a spoilt file, as ``pilot-eval register`` writes it."""
        content = path.read_bytes()
        entry = sheet.source | {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": 0}
        try:
            rows = gather(path, Source.model_validate(entry), self.codebook, entry["sha256"])[0].delivered
        except StudyFaults:
            rows = 0
        return entry | {"rows": rows}

    def stages(self, path, source):
        """What register to link make of one survey."""
        read = read_wave(path, source, self.codebook, source["sha256"])
        made = recode_items(read["answers"], read["variables"], source, self.codebook, self.waves, ["alone"])
        told = [read["faults"], made["faults"]]
        earlier = [self.sound[name] for name, other in self.sources.items() if other["wave"] < source["wave"]
                   and name in self.sound]  # fmt: skip
        drift = report_drift(
            made["cleaned"], read["variables"], [one["cleaned"] for one in earlier],
            [one["variables"] for one in earlier], source, self.codebook, self.study.waves, self.scales,
        ) if len(made["cleaned"]) else {"faults": read["faults"].iloc[:0]}  # fmt: skip
        stated = made["cleaned"][["_row", *PLACES]]
        if source["source"] in self.sound and stated.equals(self.sound[source["source"]]["stated"]):
            placed = self.sound[source["source"]]["places"]  # the same words, the same places
        else:
            placed = self.placed(made["cleaned"])
        return {
            "answers": read["answers"], "identifiers": read["identifiers"], "variables": read["variables"],
            "cleaned": made["cleaned"], "missing": made["missing"], "changes": made["changes"],
            "rejects": [*read["rejects"]["_row"], *made["rejects"]["_row"]],
            "faults": [row for table in (*told, drift["faults"]) for row in table.to_dict("records")],
            "stated": stated, "places": placed, "placed": placed["placed"], "outside": set(placed["rejects"]["_row"]),
            "place_faults": placed["faults"].to_dict("records"), "place_changes": placed["changes"],
        }  # fmt: skip

    def placed(self, cleaned):
        """The places of one survey's responses."""
        config, registers = self.study.config, self.registers
        return place_respondents(
            [cleaned], registers["areas"], registers["organisations"], registers["aliases"], registers["predecessors"],
            registers["links"], [one.model_dump(mode="json") for one in config.instruments],
            [one.model_dump(mode="json") for one in config.roles],
            {one.kind: one.pattern for one in config.registers.organisations},
            [one.model_dump(mode="json") for one in config.linkage.organisations], {},
        )  # fmt: skip

    def columns(self, name):
        """Item and cleaned column by delivered column of a survey."""
        wave = self.sources[name]["wave"]
        return {
            item["names"][wave]: (item, FIXED.get(item["use"], item["item"]))
            for item in self.codebook if item["names"].get(wave) and item["use"] not in IDENTIFYING
        }  # fmt: skip

    def meanings(self, name):
        """What each text of each column of the sound file was read as."""
        cleaned, answers = self.by_row[name]["cleaned"], self.by_row[name]["answers"]
        return {
            column: {answers[row][column]: cleaned[row][said] for row in cleaned}
            for column, (_, said) in self.columns(name).items()
        }  # fmt: skip

    def says(self, name, column, text):
        """What a text says that a person may well have meant; UNKNOWN when it says nothing."""
        item, _ = self.columns(name)[column]
        known = self.known[name][column]
        if text in known:
            return known[text]
        plain = text.strip(" ")
        if plain in known:
            return known[plain]
        if not visible(text):
            return None
        if item["use"] == "completed":
            wave = next(wave for wave in self.waves if wave["id"] == self.sources[name]["wave"])
            try:
                day = dt.datetime.strptime(plain, "%d/%m/%Y").date().isoformat()
            except ValueError:
                return UNKNOWN
            return day if wave["start"] <= day <= wave["end"] else UNKNOWN
        if item["type"] == "text":
            return visible(text)
        words = {label.casefold(): float(code) for code, label in item["labels"].items()}
        if visible(text).casefold() in words and item["use"] == "answer":
            return words[visible(text).casefold()]  # words of the codebook say what they mean at any wave
        mark = self.sources[name]["decimal"]
        if re.fullmatch(rf"[+-]?[0-9]+([{mark}][0-9]*)?([eE][+-]?[0-9]+)?", plain):
            number = float(plain.replace(mark, "."))
            if item["item"] == "hours":
                return number if 0 <= number <= 60 else UNKNOWN
            whole = str(int(number)) if number.is_integer() else ""
            turned = self.sources[name]["wave"] in item["reversed"]
            if whole in item["labels"] and not turned and item["use"] == "answer":
                return float(whole)  # a code where the wave has words
            return known.get(whole, UNKNOWN)
        return UNKNOWN


def visible(text):
    """A text without what cannot be seen."""
    kept = "".join(one for one in unicodedata.normalize("NFC", text) if unicodedata.category(one) not in ("Cf", "Cc")
                   or one.isspace())  # fmt: skip
    return " ".join(kept.split())


def by_row(table):
    """A table as a mapping of physical rows to cells by column."""
    columns = [table[name].tolist() for name in table.columns]
    rows = (dict(zip(table.columns, cells, strict=True)) for cells in zip(*columns, strict=True))
    return {cells["_row"]: cells for cells in rows}


def shown(value):
    """Missing is None."""
    return None if value == "" or value != value else value


class Account:
    """What happened to one spoilt delivery."""

    def __init__(self, study, sheet, folder):
        self.study, self.sheet, self.name = study, sheet, sheet.source["source"]
        path = folder / "spoilt.csv"
        path.write_bytes(sheet.content())
        source = study.register(path, sheet)
        self.clean, self.sound = study.sound[self.name], study.by_row[self.name]
        self.stops, self.found = [], None
        try:
            self.found = study.stages(path, source)
        except StudyFaults as error:
            self.stops = list(error.faults)

    def untold(self):
        """Everything that happened without a word; empty when all is well."""
        if self.found is None:
            return list(self._stopped())
        return [*self._rows(), *self._texts(), *self._cells(), *self._log(), *self._places()]

    def _stopped(self):
        if not any(fault.severity == "STOP" for fault in self.stops):
            yield "stopped without a STOP"
        for fault in self.stops:
            if fault.file != self.sheet.source["path"]:
                yield f"a fault names another file: {fault.message}"
            if "@plots.example" in fault.message or "\n" in fault.message:
                yield f"a message shows an address, or has several lines: {fault.message!r}"

    def _rows(self):
        """Every record is used or rejected, and nothing else is used."""
        used, rejected = set(self.found["cleaned"]["_row"]), Counter(self.found["rejects"])
        told = {fault["row"] for fault in self.found["faults"] if fault["severity"] == "REJECT"}
        starts = sorted({*used, *rejected})
        yield from (f"row {row} is rejected and no fault says so" for row in rejected if row not in told)
        yield from (f"row {row} is rejected twice" for row, number in rejected.items() if number > 1)
        yield from (f"row {row} is used and rejected" for row in used & set(rejected))
        yield from (
            f"row {row} is no line of the file" for row in {*used, *rejected} if not self._line_at(row, row in used)
        )
        seen, first = set(), {}
        for row, line in self.sheet.places.items():
            sound = line.kind == RECORD and line.raw is None and line.origin is not None
            if row in used:
                if line.raw is not None and not self._of_raw(line) and not self._pieces(row) & {*rejected}:
                    yield f"row {row} is used, whose fields do not fit the header: {line.raw}"
                if line.kind != RECORD and not self._told(row):
                    yield f"row {row} ({line.kind}) is used: {line.cells}"
            elif row not in rejected and line.kind == RECORD and any(map(str.strip, line.cells or ["x"])):
                before = max((start for start in starts if start < row), default=0)
                if before not in rejected:
                    yield f"row {row} is lost"
            key = visible(self.sheet.cell(line, "EntryNo")) if sound and self.sheet.place("EntryNo") is not None else ""
            if sound and row in rejected and key not in seen and self._as_it_was(line) and not self._refused(line):
                yield f"row {row} was sound and is rejected"
            seen.add(key)
            if key and row in used and first.setdefault(key, row) != row:
                yield f"row {row} is used, and so is row {first[key]} of the same response"

    def _line_at(self, row, used):
        """Whether a line begins in a row; a line that was spoilt as a whole may have become several."""
        start = max((start for start in self.sheet.places if start <= row), default=0)
        pieces = self._pieces(start) if start else set()
        below = bool(self.sheet.last) and row > max(self.sheet.places)
        return (
            start == row or (not used and below) or (row in pieces and (not used or pieces & {*self.found["rejects"]}))
        )

    def _pieces(self, start):
        """Physical rows of a line that begins in a row."""
        return {*range(start, start + rows_of(self.sheet.places[start].raw or ""))}

    def _as_it_was(self, line):
        return all(line.cells[place] == self.sheet.was(line, column) for place, column in enumerate(self.sheet.columns)
                   if column)  # fmt: skip

    def _refused(self, line):
        return line.origin + 2 in self.clean["rejects"]

    def _told(self, row, column=None):
        """Whether a fault names a row (or rows of its kind), and the column."""
        return any(
            fault["severity"] in TOLD and (column is None or fault["column"] == column)
            and (fault["row"] == row or fault["row"] is None or fault["row"] != fault["row"] or fault["count"] > 1)
            for fault in self.found["faults"] if column is not None or fault["column"] == "" or fault["row"] == row
            or fault["count"] > 1
        )  # fmt: skip

    def _lines(self):
        """Rows that are used, with their lines and texts by column of the sound file."""
        for row in self.found["answers"]["_row"]:
            line = self.sheet.places.get(row)
            if line is None:
                continue
            if line.raw is None:
                texts = {column: self.sheet.cell(line, column) for column in self.sheet.columns if column}
            else:
                texts = self._of_raw(line)
            yield row, line, {column: self.sheet.decoded(text) for column, text in texts.items()}

    def _of_raw(self, line):
        """The texts of a line that was spoilt as a whole and is used all the same, as everybody reads them."""
        cells = next(csv.reader(io.StringIO(line.raw, newline=""), delimiter=self.sheet.delimiter))
        width = len(self.sheet.columns)
        if len(cells) < width or any(cells[width:]):
            return {}
        return {column: text for column, text in zip(self.sheet.columns, cells, strict=False) if column}

    def _texts(self):
        """Ingest hands on what stands in the file."""
        answers = by_row(self.found["answers"])
        private = {
            (cell["_row"], cell["column"]): cell["value"] for cell in self.found["identifiers"].to_dict("records")
        }
        for row, _, texts in self._lines():
            for column, expected in texts.items():
                name = self.sheet.names[self.sheet.place(column)].strip()
                read = answers[row].get(column, private.get((row, column), ""))
                expected = self._without_controls(expected)
                if read != expected and (column in answers[row] or expected.strip()):
                    yield f"row {row}, column {column} ({name}): read {read!r}, there is {expected!r}"

    @functools.cached_property
    def _controls_told(self):
        return any(fault["id"] == "ING-19" for fault in self.found["faults"])

    def _without_controls(self, text):
        """A text without control characters, where the file was told to have had some."""
        return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text) if self._controls_told else text

    def _cells(self):
        """Every cell of the cleaned table is what it was, what its text says, or missing and told."""
        cleaned, sound = by_row(self.found["cleaned"]), self.sound["cleaned"]
        logged = set(zip(self.found["changes"]["_row"], self.found["changes"]["variable"], strict=True))
        missing = {(entry["_id"], entry["item"]): entry["kind"] for entry in self.found["missing"].to_dict("records")}
        about = self.study.columns(self.name)
        moved, emptied, stood = Counter(), Counter(), Counter()
        for row, line, texts in self._lines():
            if row not in cleaned:
                continue
            origin = None if line.origin is None else line.origin + 2
            for column, (item, said) in about.items():
                if column not in texts:
                    continue
                text = texts[column]
                value = shown(cleaned[row][said])
                was = shown(sound[origin][said]) if origin in sound else UNKNOWN
                if was is not UNKNOWN:
                    stood[column] += 1
                    emptied[column] += value is None and value != was and not visible(text)
                    moved[column] += value is not None and value != was and item["type"] != "text"
                same = origin is not None and text == self.sheet.was(line, column)
                if same and was is not UNKNOWN:
                    if value != was:
                        yield f"row {row}, column {column}: {text!r} was {was!r} and is {value!r}"
                    continue
                says = self.study.says(self.name, column, self._without_controls(text))
                if says is not UNKNOWN and value == shown(says):
                    continue
                if value is None:
                    kind = missing.get((cleaned[row]["_id"], item["item"]), "")
                    declared = kind in item["missing"].values()
                    if (row, item["item"]) not in logged or not (declared or self._told(row, column)):
                        yield f"row {row}, column {column}: {text!r} was {was!r} and is lost without a word ({kind})"
                elif value != was or says is not UNKNOWN:
                    yield f"row {row}, column {column}: {text!r} was {was!r} and is read as {value!r}"
                elif (row, item["item"]) not in logged and not self._cleared(column):
                    yield f"row {row}, column {column}: {text!r} is read as {value!r} and the log does not say so"
        for column in set(about) - self.sheet.untold:
            for number, most in ((moved[column], MOST), (emptied[column], MOST_EMPTY)):
                if number > max(LEAST, most * stood[column]) and not self._column_told(column):
                    yield f"column {column}: {number} of {stood[column]} cells differ and no fault names it"

    def _column_told(self, column):
        return any(fault["column"] == column and fault["severity"] in TOLD for fault in self.found["faults"])

    def _cleared(self, column):
        """Whether reading itself removed something from a column, and said so."""
        return any(fault["id"] == "ING-19" and fault["column"] == column for fault in self.found["faults"])

    def _log(self):
        """The change log, applied to what was delivered, gives the cleaned table."""
        log = {(entry["_row"], entry["variable"]): entry for entry in self.found["changes"].to_dict("records")}
        answers, cleaned = (by_row(self.found[table]) for table in ("answers", "cleaned"))
        for column, (item, said) in self.study.columns(self.name).items():
            floats = self.found["cleaned"][said].dtype == "float64"
            for row, cells in cleaned.items():
                text = answers[row][column]
                if entry := log.get((row, item["item"])):
                    if entry["from_value"] != text:
                        yield f"row {row}, {said}: the log has {entry['from_value']!r} for {text!r}"
                    text = entry["to_value"]
                try:
                    plain = (float(text) if text.strip(" ") else None) if floats else text or None
                except ValueError:
                    plain = text
                if plain != shown(cells[said]):
                    yield f"row {row}, {said}: {text!r} gives {cells[said]!r} and the log does not say how"

    def _places(self):
        """Every response is placed where it was, or where it says, or somebody is told."""
        placed, sound = by_row(self.found["placed"]), self.sound["placed"]
        used = set(self.found["cleaned"]["_row"])
        log = self.found["place_changes"]
        told = {fault["row"] for fault in self.found["place_faults"]}
        logged = told | set(log["_row"]), told | set(log.loc[log["variable"] == "organisation", "_row"])
        rejected = self.found["outside"]
        register = self.study.registers["organisations"]
        homes = dict(zip(register["organisation"], register["area"], strict=True))
        for row, line, texts in self._lines():
            if row not in used or "PlotRef" not in texts:
                continue
            origin = None if line.origin is None else line.origin + 2
            if row not in placed:
                if row not in rejected or row not in told:
                    yield f"row {row} has no place and no reject says so"
                continue
            if origin not in sound:
                continue
            now, then = (
                tuple(cells[part] for part in ("organisation", "area")) for cells in (placed[row], sound[origin])
            )
            if now != then and row not in logged[now[0] != then[0]]:
                key, plot = texts["PlotRef"].strip(), texts["PlotName"]
                if all(texts[column] == self.sheet.was(line, column) for column in ("PlotRef", "PlotName", "Borough")):
                    yield f"row {row} was placed at {then} and is at {now}"
                elif now[0] and (now[0] != key or now[1] != homes[key] or plot == self.sheet.was(line, "PlotName")):
                    yield f"row {row} was placed at {then} and is at {now}: {key!r}, {plot!r}"
                elif not now[0] and (visible(key) or visible(plot)):
                    yield f"row {row} was placed at {then}, has no organisation now: {key!r}, {plot!r}"
