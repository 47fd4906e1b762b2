"""Make the tiny study's delivered files and their register: ``python tests/mini/make.py [FOLDER]``.

All in them is made up. The dirt is planted where ``_dirty`` says; everything else is clean.
"""

from __future__ import annotations

import csv
import hashlib
import io
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOROUGHS = {"North Quay": 0.5, "Elm Vale": 0.9, "St Osyth's Fields": 0.2, "Broad & Marsh": 0.6, "Tor Hill": 0.35}
GARDENS, VOLUNTEERS = 6, 7
WAVES = {"spring": 0.0, "summer": 0.6, "winter": 1.0}
STAYING = {"spring": 0.92, "summer": 0.85, "winter": 0.8}
FIRST_NAMES = ["Ada", "Bo", "Cem", "Dot", "Eli", "Fay", "Gus", "Zoë", "Ivo", "Joy", "Kit", "Liv", "Moe", "Nan", "Ola"]
LAST_NAMES = ["Ash", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Larch", "Maple"]
ABLE = {1: "Not at all", 2: "A little", 3: "Fairly", 4: "Well", 5: "Very well", 6: "Could teach it"}
OTHER_WORDS = {2: "A bit", 6: "Could teach others"}
SOILS = ("clay", "loam", "sand")

Row = dict[str, str]


def plots() -> list[Row]:
    """The register of allotments."""
    rows = []
    for b, borough in enumerate(BOROUGHS):
        for g in range(GARDENS):
            name = f"{('Lane End', 'Canal Side', 'Old Orchard', 'Railway', 'Church Path', 'Gas Works')[g]} {b + 1}"
            rows.append({"plot_ref": f"G-{b + 1}{g:02}", "plot_name": name, "borough": borough,
                         "soil": SOILS[(b + g) % 3]})  # fmt: skip
    return rows


def visits() -> list[Row]:
    """Marks of the visiting committee."""
    draw = random.Random("visits")
    return [
        {"borough": borough, "theme": theme, "round": when, "mark": str(min(2, draw.randrange(2) + (when == "second")))}
        for borough in BOROUGHS
        for when in ("first", "second")
        for theme in ("water", "paths", "shed")
    ]


def entries() -> dict[str, list[Row]]:
    """The diary entries of each wave, as a clean delivery would have them."""
    draw = random.Random("diaries")
    waves: dict[str, list[Row]] = {wave: [] for wave in WAVES}
    person = 0
    for plot in plots():
        garden = draw.gauss(0, 0.25)
        for _ in range(VOLUNTEERS):
            person += 1
            name = f"{draw.choice(FIRST_NAMES)} {draw.choice(LAST_NAMES)}"
            level, tenure = draw.gauss(garden, 0.6), draw.choice((1, 1, 2, 2, 3))
            for wave, progress in WAVES.items():
                change = BOROUGHS[plot["borough"]] * progress
                row = _entry(draw, wave, level + change, plot, tenure, name, person)
                if draw.random() < STAYING[wave]:
                    waves[wave].append(row)
    return waves


def _entry(draw: random.Random, wave: str, level: float, plot: Row, tenure: int, name: str, person: int) -> Row:
    def code(middle: float, most: int) -> int:
        return max(1, min(most, round(draw.gauss(middle, 0.7))))

    day = {"spring": (3, 2021), "summer": (7, 2021), "winter": (1, 2022)}[wave]
    answers = {f"B{k}": code(3.0 + level, 5) for k in (1, 2, 3)} | {"B4": code(2.9 - level, 5)}
    skills = {f"S{k}": code(3.0 + 0.8 * level, 6) for k in (1, 2, 3)}
    hours = max(0.0, round(2 * draw.gauss(5 + level, 2)) / 2)
    if wave == "summer":
        answers["B3"] = 6 - answers["B3"]
    row = {
        "EntryNo": f"{wave[:2].upper()}{person:04}",
        "Mail": f"{name.split()[1].lower()}{person}@plots.example",
        "Who": name,
        "PlotRef": plot["plot_ref"],
        "PlotName": plot["plot_name"],
        "Borough": plot["borough"],
        "Day": f"{draw.randrange(5, 28):02}/{day[0]:02}/{day[1]}",
        "Years": str(tenure),
    }
    names = {key: key.replace("B", "Bel") if wave == "winter" else key for key in answers}
    row |= {names[key]: str(draw.choice((8, 9)) if draw.random() < 0.03 else value) for key, value in answers.items()}
    for key, value in skills.items():
        words = ABLE | OTHER_WORDS if key == "S3" else ABLE
        row[key] = words[value] if wave == "summer" else str(value)
    row["Hours"] = f"{hours:g}".replace(".", "," if wave == "summer" else ".")
    row["Mentor"] = str(int(draw.random() < 0.5 + 0.2 * WAVES[wave]))
    if wave == "winter":
        row["Helped"] = str(code(3.9 + 0.3 * level, 5))
    else:
        row["Remarks"] = "Slugs; again, slugs" if draw.random() < 0.1 else ""
    return row


def _dirty(waves: dict[str, list[Row]]) -> None:
    """Plant the dirt: what each stage should find."""
    spring, summer, winter = waves["spring"], waves["summer"], waves["winter"]
    spring[3]["B2"] = "77"  # no such code
    spring[8]["Day"] = "31/02/2021"  # no such day
    spring[15]["PlotRef"] = "G-1O2"  # a letter for a digit; the plot's name is right
    spring.append(dict(spring[20]))  # the same entry twice
    spring.append(spring[30] | {"EntryNo": "SP9001", "B1": "2", "B2": "", "B3": ""})  # the same person twice
    spring[40]["Borough"] = "Elmvale"  # misspelt; the plot decides
    summer[5]["Hours"] = "430"  # more than a week has
    summer[12]["PlotRef"], summer[12]["PlotName"] = "G-999", "Elsewhere"  # outside the study
    summer[25]["S1"] = "Sort of"  # no answer of the codebook
    next(row for row in summer if row["Borough"].startswith("St"))["Borough"] = "osyth fields"  # an alias
    for row in winter:
        if row["PlotRef"] == "G-205":
            row["PlotRef"] = "G-605"  # a new reference, in the map of predecessors
    winter[7]["Bel1"] = ""  # skipped
    winter[9]["Mail"] = winter[9]["Mail"].upper()  # the same address
    winter[14]["Mail"] = ""  # found by name and plot only


def as_csv(rows: list[Row], delimiter: str = ",") -> str:
    """Rows as CSV text with Windows line ends."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def make(folder: Path) -> None:
    """Write ``data/raw/*.csv`` and ``config/sources.csv`` below a folder."""
    waves = entries()
    _dirty(waves)
    register = plots()
    for row in register:
        if row["plot_ref"] == "G-205":
            row["plot_ref"] = "G-605"
    files = {
        "diary_spring": (waves["spring"], ",", "utf-8"),
        "diary_summer": (waves["summer"], ";", "cp1252"),
        "diary_winter": (waves["winter"], ",", "utf-8-sig"),
        "plots": (register, ",", "utf-8"),
        "renumbered": ([{"was": "G-205", "is_now": "G-605"}], ",", "utf-8"),
        "visits": (visits(), ",", "utf-8"),
    }
    (folder / "data/raw").mkdir(parents=True, exist_ok=True)
    (folder / "config").mkdir(parents=True, exist_ok=True)
    lines = []
    for name, (rows, delimiter, encoding) in files.items():
        content = as_csv(rows, delimiter).encode(encoding)
        (folder / f"data/raw/{name}.csv").write_bytes(content)
        wave = name.removeprefix("diary_") if name.startswith("diary") else ""
        lines.append({
            "source": name,
            "kind": "survey" if wave else "evidence" if name == "visits" else "register",
            "instrument": "diary" if wave else "",
            "wave": wave,
            "path": f"data/raw/{name}.csv",
            "format": "csv",
            "encoding": encoding.removesuffix("-sig"),
            "delimiter": delimiter,
            "decimal": "," if delimiter == ";" else ".",
            "date_format": "%d/%m/%Y",
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": str(len(content)),
            "rows": str(len(rows)),
            "supplier": "tests/mini/make.py",
            "received": "2022-03-01",
        })  # fmt: skip
    (folder / "config/sources.csv").write_text(as_csv(lines).replace("\r\n", "\n"), encoding="utf-8", newline="")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
