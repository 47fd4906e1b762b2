"""What pages say, worked out anew from the tables that go out with them: rules of its own, not those that wrote it."""

import csv
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

NUMBER = r"[−-]?<?\d[\d,]*(?:\.\d+)?%?"
INTERVAL = rf"({NUMBER}) to ({NUMBER})"
#: Numbers that are no results: levels, units, names of scales and parts of labels.
PLAIN = re.compile(r"\d+% interval|on a \d+ to \d+ scale|\(\d+ to \d+\)|“[^”]*”|where 1 is the same rating")


def shown(text):
    """A printed number as tables have it: plain minus, no percentage."""
    text = text.replace("−", "-")
    if text.endswith("%"):
        whole, _, part = text[:-1].lstrip("-").partition(".")
        digits = f"{whole.rjust(3, '0')}{part}"
        return f"{'-' if text.startswith('-') else ''}{digits[: -2 - len(part)]}.{digits[-2 - len(part) :]}"
    return text


def value(text):
    return float(text.replace(",", "").lstrip("<"))


class Tables:
    """Rows of ``results/tables/*.csv`` by id, and by what they are about."""

    def __init__(self, results):
        self.by_id, self.places = {}, {}
        for path in sorted(Path(results, "tables").glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as stream:
                for row in csv.DictReader(stream):
                    self.by_id[row["id"]] = row
                    place = (path.stem, row["outcome"], row["area"], row["group"], row["wave"])
                    self.places.setdefault(place, {})[row["measure"]] = row

    def row(self, table, outcome="", area="", group="", wave=""):
        return self.places.get((table, outcome, area, group, wave), {})

    def outcomes(self):
        return {row["outcome_label"]: row["outcome"] for row in self.by_id.values()
                if row["id"].startswith("change_overall.")}  # fmt: skip

    def of(self, identity):
        """All measures of the row in which a cell stands."""
        row = self.by_id[identity]
        table = identity.split(".")[0]
        return self.places[table, row["outcome"], row["area"], row["group"], row["wave"]]


class Blocks(HTMLParser):
    """Texts of a page, one for each paragraph, item, heading and cell, with the heading that they stand under."""

    KINDS = ("p", "li", "h1", "h2", "h3", "td", "th", "figcaption")

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found, self.text, self.kind, self.ignored, self.heads = [], None, "", 0, {}
        self.rows, self.tables, self.caption = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag in ("style", "svg", "nav"):
            self.ignored += 1
        if tag in self.KINDS:
            self.text, self.kind = [], tag
        if tag == "table":
            self.rows = []
        if tag == "tr":
            self.rows.append([])

    def handle_endtag(self, tag):
        if tag in ("style", "svg", "nav"):
            self.ignored -= 1
        if tag == self.kind and self.text is not None:
            text = re.sub(r"\s+([,.;:)])", r"\1", " ".join("".join(self.text).split()))
            if tag in ("h2", "h3"):
                self.heads = {**({} if tag == "h2" else self.heads), tag: text}
            if tag in ("td", "th") and self.rows:
                self.rows[-1].append(text)
            else:
                self.found.append((tag, dict(self.heads), text))
            self.text = None
        if tag == "table":
            self.tables.append((dict(self.heads), self.rows))

    def handle_data(self, data):
        if self.text is not None and not self.ignored:
            self.text.append(data)


def numbers(text, told=()):
    """Numbers of a sentence that are results; a percentage as tables have it: 36.0 or 0.360."""
    found = [one.replace("−", "-") for one in re.findall(rf"(?<![\w.]){NUMBER}", PLAIN.sub(" ", text))]
    return [one[:-1] if one[:-1] in told else shown(one) for one in found]


def wrong_findings(tables, findings):
    """Findings whose numbers, words or verdict are not what their cells say; and how many were checked."""
    faults = []
    for finding in findings:
        faults += [f"{finding['question']}: {fault}" for fault in _finding(tables, finding)]
    return faults


def _finding(tables, finding):
    text, ids = finding["finding"], finding["ids"].split()
    if finding["verdict"] in ("too few to say", "not available"):
        if numbers(text):
            yield "numbers where nothing can be said"
        return
    cells = [tables.by_id[identity] for identity in ids]
    told = [cell["shown"] for cell in cells]
    if re.search(r"\b(fell|moved down|was lower|was smaller) .*?by ", text.split(". ")[0]):
        # The words have the sign, and the interval is given the other way round.
        told = [one.lstrip("-") if at < 3 else one for at, one in enumerate(told)]
    if sorted(numbers(text, told)) != sorted(told):
        yield f"printed {numbers(text, told)}, tables have {told}"
        return
    down = re.search(r"\b(fell|less likely|moved down|was lower by|was smaller)\b", text.split(". ")[0])
    up = re.search(r"\b(rose|more likely|moved up|was higher by|was greater)\b", text.split(". ")[0])
    row = tables.of(ids[0])
    low, high = (row.get(name, row.get(f"ratio_{name}")) for name in ("low", "high"))
    none = 1.0 if ids[0].rsplit(".", 1)[-1] in ("odds_ratio", "ratio") else 0.0
    if not low or not low["value"]:
        return
    if "ratio_low" in row and none:
        low, high = row["ratio_low"], row["ratio_high"]
    p = [cell for cell in cells if cell["measure"] == "p_adjusted"]
    clear = not p or value(p[0]["shown"]) < 0.05
    above, below = value(low["value"]) > none, value(high["value"]) < none
    if up and not (above and clear):
        yield f"“{up[0]}”, but {low['shown']} to {high['shown']}, p {p and p[0]['shown']}"
    if down and not (below and clear):
        yield f"“{down[0]}”, but {low['shown']} to {high['shown']}, p {p and p[0]['shown']}"
    if re.search(r"\bno clear (change|difference)\b", text) and (above or below) and clear:
        yield f"“no clear”, but {low['shown']} to {high['shown']}, p {p and p[0]['shown']}"
    if (finding["verdict"] == "up") != bool(up) and finding["verdict"] in ("up", "down"):
        yield f"verdict {finding['verdict']} of “{text}”"
    yield from _sizes(text, cells, low, high)


def _sizes(text, cells, low, high):
    """What is said of the smallest change that matters."""
    margins = [value(cell["value"]) for cell in cells if cell["measure"] == "margin"]
    if not margins:
        return
    ends = sorted(abs(value(one["value"])) for one in (low, high))
    estimate = abs(value(cells[0]["value"]))
    says = {
        "whole interval is at or beyond": ends[0] >= margins[0],
        "estimate is below": estimate < margins[0],
        "also holds changes below": ends[0] < margins[0] <= estimate,
    }
    for words, right in says.items():
        if words in text and not right:
            yield f"“{words} {margins[0]}”, but {low['shown']} to {high['shown']}"


CHANGED = re.compile(
    rf"(.+) is estimated to have (risen|fallen) here from .+: the change is ({NUMBER}) \D.*? "
    rf"\(95% interval {INTERVAL}\)\."
)
OPEN = re.compile(
    rf"(.+) shows no clear change here: the estimate is ({NUMBER}) \D.*?, and the 95% interval, {INTERVAL}, includes "
    r"zero\."
)
ALIKE = re.compile(rf"The programme's change, ({NUMBER}), lies within that interval: the two cannot be told apart\.")
UNSURE = re.compile(
    rf"The programme's change, ({NUMBER}), lies outside that interval, but it is uncertain too: one cannot be "
    r"sure that the two differ\."
)
APART = re.compile(
    rf"The programme's change is ({NUMBER}): one can be fairly sure that the change here was (more|less) favourable\."
)


def wrong_pack(tables, page, area, findings, waves):
    """What a pack says that the tables do not: faults, and the number of statements that were worked out anew."""
    blocks, faults, checked = Blocks(page), [], 0
    outcomes = tables.outcomes()
    own = {label: tables.row("change_by_area", outcome, area) for label, outcome in outcomes.items()}
    for kind, heads, text in blocks.found:
        if heads.get("h2") == "What changed here" and kind == "p":
            label = re.sub(r" \(lower is better\)$", "", heads.get("h3", ""))
            found = list(_change(tables, text, label, own, outcomes, "(lower is better)" in heads.get("h3", "")))
            checked += bool(CHANGED.search(text) or OPEN.search(text))
            faults += [f"{label}: {fault}" for fault in found]
        if kind == "li" and heads.get("h2") == "What was found in the whole programme":
            checked += 1
            faults += [] if text in findings else [f"no finding says “{text}”"]
        if kind == "p" and text.startswith("Not shown, because"):
            faults += [f"{label} has numbers" for label in text.split(": ", 1)[1].rstrip(".").split("; ")
                       if own[label].get("estimate", {}).get("status") == ""]  # fmt: skip
    for heads, rows in blocks.tables:
        found, more = _table(tables, heads, rows, area, outcomes, waves)
        faults, checked = faults + found, checked + more
    faults += _claims(blocks, tables, own, outcomes, area, waves)
    return faults, checked


def _change(tables, text, label, own, outcomes, lower):
    changed, still = CHANGED.search(text), OPEN.search(text)
    if not changed and not still:
        if re.search(NUMBER, PLAIN.sub("", text)):
            yield f"no rule reads “{text}”"
        return
    row = own[label]
    said = changed.groups()[2:] if changed else still.groups()[1:]
    if [shown(one) for one in said] != [row[name]["shown"] for name in ("estimate", "low", "high")]:
        yield f"printed {said}, the table has {[row[name]['shown'] for name in ('estimate', 'low', 'high')]}"
    low, high = value(row["low"]["value"]), value(row["high"]["value"])
    way = "risen" if low > 0 else "fallen" if high < 0 else None
    if (changed[2] if changed else None) != way or (changed or still)[1] != label:
        yield f"“{(changed or still)[0]}” of {low} to {high}"
    whole = tables.row("change_overall", outcomes[label]).get("estimate") or {}
    if not whole.get("value"):
        return
    alike, apart, unsure = ALIKE.search(text), APART.search(text), UNSURE.search(text)
    if not (alike or apart or unsure):
        yield f"nothing is said of the programme in “{text}”"
        return
    programme = value(whole["value"])
    if shown((alike or apart or unsure)[1]) != whole["shown"]:
        yield f"the programme's change is {whole['shown']}"
    if bool(alike) != (low <= programme <= high):
        yield f"{programme} beside {low} to {high}: “{(alike or apart or unsure)[0]}”"
    sure = value(row["above_mean"]["value"])
    if unsure and max(sure, 1 - sure) >= 0.9 and (low > programme) == (sure > 0.5):
        yield f"unsure, but the probability of more than the programme's change is {sure}"
    if apart:
        more = low > programme
        if (apart[2] == "more") != (more != lower):
            yield f"{apart[2]} favourable, but {low} to {high} beside {programme}"
        if (sure if more else 1 - sure) < 0.9:
            yield f"fairly sure, but the probability of more than the programme's change is {sure}"


def _table(tables, heads, rows, area, outcomes, waves):
    """Rows of a pack's table against the CSVs."""
    faults, checked = [], 0
    head = heads.get("h2", "")
    for cells in rows[1:]:
        if head.startswith("Scores"):
            there = [text.rsplit(", ", 1)[0] for text in rows[0][2::2]]
            expected = []
            for label in there:
                for table, where, group in (("means_by_area", area, ""), ("means", "", "all")):
                    cell = tables.row(table, outcomes[cells[0]], where, group, waves[label]).get("mean")
                    expected.append(cell["shown"] if cell else "[x]")
            got = [shown(text) for text in cells[2:]]
        elif head == "Who answered":
            row = tables.row("response_by_area", "", area, "", waves[cells[0]])
            whole = tables.row("response_by_area", "", "", "", waves[cells[0]])
            expected = [row[name]["shown"] for name in ("responded", "followed", "retention")]
            expected.append(whole["responded"]["shown"])
            got = [shown(text) for text in cells[1:]]
        else:
            continue
        checked += 1
        if got != expected:
            faults.append(f"{head}: {cells} but the tables have {expected}")
    return faults, checked


def _claims(blocks, tables, own, outcomes, area, waves):
    """Words without a number: scores that moved the other way, who is asked what."""
    faults = []
    first, *_, last = waves.values()
    for _kind, heads, text in blocks.found:
        if "moved in the opposite direction" in text:
            for label in re.match(r".+ change above: (.+?)\. An estimate", text)[1].split("; "):
                before, after = (
                    value(tables.row("means_by_area", outcomes[label], area, "", wave)["mean"]["value"])
                    for wave in (first, last)
                )
                change = value(own[label]["estimate"]["value"])
                if (after - before) * change >= 0:
                    faults.append(f"{label}: scores {before} to {after}, change {change}")
        if heads.get("h2") == "Questions for your discussion" and text.startswith("Fewer "):
            ends = [tables.row("response_by_area", "", area, "", wave).get("responded", {}) for wave in (first, last)]
            if not value(ends[1]["value"]) < value(ends[0]["value"]):
                faults.append(f"“{text}” of {ends[0]['shown']} and {ends[1]['shown']}")
    return faults


def wrong_figure(results, name, names=()):
    """Numbers in a figure's words that its data do not have; ``names`` are words of the study with digits."""
    folder = Path(results, "figures")
    words = json.loads((folder / f"{name}.json").read_text("utf-8"))
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        drawn = list(csv.DictReader(stream))
    known = {row["shown"] for row in drawn} | {row["value"] for row in drawn}
    faults = []
    labels = {text for row in drawn for key, text in row.items() if key not in ("value", "shown", "id", "n")}
    labels |= set(names)
    for line in [words["title"], *words["description"].split("\n")]:
        rest = PLAIN.sub(" ", line)
        for label in sorted(filter(None, labels), key=len, reverse=True):
            rest = rest.replace(label, " ")
        for found in re.findall(rf"(?<![\w.]){NUMBER}(?![\w])", rest):
            if shown(found) not in known and found.lstrip("−") not in known:
                faults.append(f"{name}: {found} in “{line}” is not drawn")
    return faults


def wrong_headlines(tables, report):
    """What the report says first of each outcome, against the interval and the adjusted test of its change."""
    lines = [text for kind, heads, text in Blocks(report).found if kind == "li" and heads.get("h2") == "Main findings"]
    faults = []
    for label, outcome in tables.outcomes().items():
        cells, test = tables.row("change_overall", outcome), tables.row("change_adjusted", outcome)
        if not cells["low"]["value"] or not cells["high"]["value"]:
            continue
        said = [text for text in lines if re.match(rf"{re.escape(label)}(:| was | shows )", text)]
        low, high = value(cells["low"]["value"]), value(cells["high"]["value"])
        clear = not test.get("p_adjusted", {}).get("value") or value(test["p_adjusted"]["value"]) < 0.05
        word = "higher" if low > 0 and clear else "lower" if high < 0 and clear else None
        found = re.search(r"\b(higher|lower) at\b", said[0]) if len(said) == 1 else None
        if len(said) != 1 or (found[1] if found else None) != word:
            faults.append(f"{label}: {said} of {low} to {high}, {'clear' if clear else 'not clear'} when adjusted")
        elif (low > 0 or high < 0) != ("Taken alone" in said[0]) and not clear:
            faults.append(f"{label}: the interval and the words are not brought together")
    return faults


def read_findings(results):
    with Path(results, "findings.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def text_of(page):
    """All text of a page, as one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
