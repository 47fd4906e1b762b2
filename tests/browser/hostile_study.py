"""The mini study with labels that would harm wherever a study or its deliveries can have one."""

import csv
import hashlib
import io
import itertools
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from flow import MINI, copy_study

SCRIPT = "<script>alert('hit')</script>"
IMAGE = "\"'><img src=x onerror=\"alert('hit')\"><svg onload=alert('hit')>"
CLOSING = "</style></template></script></title><script>alert('hit')</script>"
HOSTILE = (
    SCRIPT, "=cmd|' /C calc'!A0",
    "\u202eabc\u200f \u2066def\u061c شرق", "🏫👩\u200d👩\u200d👧\u200d👦 学校", "W" * 300, "+1", "@x",
    "-2+3", "{{ 7 + 7 }} {% raw %} ${7 + 7} {area}", "&amp; &lt;b&gt; & < >", IMAGE, CLOSING, "a\n=1+1\n\tb",
    ("Joint working of schools and services " * 8)[:300].strip(), "a | b \\ c $x_1^2$ \\n", "\u2028=1+1", "#1 _c_ `d`",
    "[a](javascript:alert('hit'))", "% _ ; -- DROP TABLE", "'quoted' \"twice\"", "<!-- a --> ]]> <![CDATA[ x",
)  # fmt: skip
#: Of the areas: names that may hold letters, digits and a few signs alone, and what the deliveries call each.
AREAS = ("-2 Quay & Co (W), St. 'Elm'", "W" * 300, "شرق 学校", "Joint working of schools " * 12, "1 - 1, 'a' & (b)")
REFUSED = (SCRIPT, "=cmd|' /C calc'!A0", "\u202eabc\u200f شرق", "{{ 7 * 7 }} 🏫", IMAGE)
#: Keys of the configuration whose values are texts for people, in whatever part of it they stand.
WORDED = {"label", "title", "short_title", "geography", "period", "organisation", "citation", "because", "note", "unit",
          "asks", "estimand", "analyst", "assurer", "approver", "area", "areas", "organisations", "respondent",
          "respondents", "release", "higher"}  # fmt: skip
#: Parts of it whose keys are codes, and every value a text.
LISTED = {"items", "occasions", "levels", "often", "able", "assumptions"}
#: Where the words above are names of columns or ids instead.
NAMED = {"registers", "instruments.organisation", "evidence.area"}
QUESTIONS = {
    "belonging_rose": {"kind": "change", "outcome": "belonging", "family": "primary"},
    "belonging_varied": {"kind": "change", "outcome": "belonging", "contrast": "between_areas", "family": "primary"},
    "visits_rose": {"kind": "ratings", "evidence": "visits"},
}


def hostile_study(folder):
    """Write the study below a folder; the texts that stand in it, by where they stand."""
    study = copy_study(folder)
    texts, placed = itertools.cycle(HOSTILE), {}

    def other(value, path):
        if isinstance(value, dict):
            return {key: other(part, (*path, str(key))) for key, part in value.items()}
        if isinstance(value, list):
            return [other(part, path) for part in value]
        return next_text(path) if isinstance(value, str) and _worded(path) else value

    def next_text(path):
        # Numbered, since two labels of one kind may not be alike.
        placed[".".join(path)] = text = f"{next(texts)} {len(placed)}"
        return text

    for name in ("study", "models", "scales"):
        file = study / f"config/{name}.yaml"
        value = yaml.safe_load(file.read_text("utf-8"))
        if name == "models":
            asked = {"label": "", "asks": "", "estimand": "", "because": ""}
            value["questions"] = {key: {**asked, **question} for key, question in QUESTIONS.items()}
            value["replicates"] = 50
        value = other(value, (name,))
        if name == "study":
            codes = ("north-quay", "elm-vale", "osyth", "broad-marsh", "tor-hill")
            value["areas"] = [{"code": code, "name": name, "aliases": [alias]}
                              for code, name, alias in zip(codes, AREAS, REFUSED, strict=True)]  # fmt: skip
            value["people"] = {
                role: next_text(("study", "people", role)) for role in ("analyst", "assurer", "approver")
            }
            value["background"] = [next_text(("study", "background"))]
            value["citation"] = next_text(("study", "citation"))
        file.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8")
    _codebook(study, next_text)
    _good_practice(study, next_text)
    _deliveries(study, next_text)
    return study, placed


def _worded(path):
    """Whether a text of the configuration is for people."""
    kinds = {path[1], f"{path[1]}.{path[-1]}"}
    return not kinds & NAMED and (path[-1] in WORDED or path[-2] in LISTED or path[1] in ("limits",))


def _codebook(study, next_text):
    """Labels of questions and of their answers; ``|`` parts the answers, so that none of them can have it."""
    file = study / "config/codebook/diary.csv"
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))
    for row in rows:
        row["label"], row["note"] = next_text(("codebook", row["item"], "label")), next_text(("codebook", "note"))
        row["unit"] = row["unit"] and next_text(("codebook", row["item"], "unit"))
        if row["labels"] and not row["labels"].startswith("@"):
            codes = [pair.partition("=")[0] for pair in row["labels"].split("|")]
            labels = [next_text(("codebook", row["item"], code)).replace("|", "/").replace("\n", " ") for code in codes]
            row["labels"] = "|".join(f"{code}={label}" for code, label in zip(codes, labels, strict=True))
    file.write_text(_csv(rows), encoding="utf-8")


def _good_practice(study, next_text):
    text = next_text(("good_practice", "text"))
    head = yaml.safe_dump({"title": next_text(("good_practice", "title")), "factors": ["water", "paths"]}, width=10_000)
    body = f"{text}\n\n# {text}\n\n* {text}\n\n[{SCRIPT}](javascript:alert(1)) <b>{IMAGE}</b>\n"
    (study / "config/good_practice/rain_barrels.md").write_text(f"---\n{head}---\n{body}", encoding="utf-8")


def _deliveries(study, next_text):
    """The areas as the study has them now, names of allotments and kinds of soil; each file registered anew."""
    areas = dict(
        zip(("North Quay", "Elm Vale", "St Osyth's Fields", "Broad & Marsh", "Tor Hill"), REFUSED, strict=True)
    )
    areas |= {"osyth fields": AREAS[2], "Elmvale": AREAS[1]}
    plots, soils = {}, {soil: next_text(("plots", soil)) for soil in ("clay", "loam", "sand")}
    able = [
        yaml.safe_load((place / "config/study.yaml").read_text("utf-8"))["label_sets"]["able"]
        for place in (MINI, study)
    ]
    said = {old: able[1][code] for code, old in able[0].items()}
    sources = list(csv.DictReader((study / "config/sources.csv").open(encoding="utf-8")))
    # Registers first, which say what the allotments are called.
    for source in sorted(sources, key=lambda one: one["kind"] == "survey"):
        file = study / source["path"]
        text = file.read_bytes().decode("utf-8-sig" if source["encoding"] == "utf-8" else source["encoding"])
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=source["delimiter"]))
        for row in rows:
            for column in ("borough", "Borough"):
                if column in row:
                    row[column] = areas[row[column]]
            if "soil" in row:
                row["soil"] = soils[row["soil"]]
                row["plot_name"] = plots.setdefault(row["plot_name"], next_text(("plots", row["plot_name"])))
            if source["wave"] == "summer":
                row |= {column: said.get(row[column], row[column]) for column in ("S1", "S2", "S3")}
            if "PlotName" in row:
                row["PlotName"] = plots.get(row["PlotName"], row["PlotName"])
        source["encoding"], source["supplier"] = "utf-8", next_text(("sources", source["source"], "supplier"))
        content = _csv(rows, source["delimiter"]).encode("utf-8")
        file.write_bytes(content)
        source |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": str(len(content)), "rows": str(len(rows))}
    (study / "config/sources.csv").write_text(_csv(sources), encoding="utf-8")


def _csv(rows, delimiter=","):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
