"""Sentences about changes on natural scales, two sides of a relationship, ratings and case-study evidence."""

from __future__ import annotations

from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.sentences import FIXED, Question, Said, Sentence, interval, low, number, say, without_number
from pilot_eval.publish.verdicts import DIFFERS, LEVEL, RELATED

RATIO = ("ratio_low", "ratio_high")


def natural_sentence(lookup: Lookup, question: Question) -> Sentence:
    """Change in percentage points, ratios, weeks or odds."""
    row, label, form = lookup.row("natural_change", group=question["question"]), question["label"], question["form"]
    if form in ("share", "yes_no"):
        said = Said(f"{label}: the share rose by ", f"{label}: the share fell by ",
                    f"{label}: there was no clear change in the share, ", "change", " percentage points")  # fmt: skip
    elif form == "weeks":
        said = Said(f"{label}: the median rose by ", f"{label}: the median fell by ",
                    f"{label}: there was no clear change in the median, ", "change", " weeks")  # fmt: skip
    elif form == "count":
        said = Said(f"{label}: the expected number rose, to ", f"{label}: the expected number fell, to ",
                    f"{label}: there was no clear change in the expected number, ", "ratio", " times the first",
                    bounds=RATIO, none=1.0)  # fmt: skip
    else:
        said = Said(f"{label}: higher answers became more likely, odds ratio ",
                    f"{label}: higher answers became less likely, odds ratio ",
                    f"{label}: there was no clear change in the answers, odds ratio ", "ratio",
                    bounds=RATIO, none=1.0)  # fmt: skip
    found = say(lookup, question, row, said)
    if row is None or found.verdict in FIXED or not row.known("level_first", "level_last") or form == "ordered":
        return found
    unit = {"share": "%", "yes_no": "%", "weeks": " weeks"}.get(form, "")
    more = f" It was {number(row, 'level_first')}{unit} at first and {number(row, 'level_last')}{unit} at last."
    return Sentence(found.verdict, found.marked + more)


def sides_sentence(lookup: Lookup, question: Question) -> Sentence:
    """Whether the gap between two sides of a relationship changed."""
    last = list(lookup.rows("sides_gap", group=f"{question['question']}.change"))
    said = Said(
        "The gap between both sides of a relationship moved up by ",
        "The gap between both sides of a relationship moved down by ",
        "There was no clear change in the gap between both sides of a relationship: ", names=DIFFERS,
    )  # fmt: skip
    found = say(lookup, question, last[-1] if last else None, said)
    agreement = list(lookup.rows("sides_agreement", group=question["question"]))
    if not agreement or not agreement[-1].known("icc", "icc_low", "icc_high"):
        return found
    shown = f"{number(agreement[-1], 'icc')} ({interval(agreement[-1], 'icc_low', 'icc_high')})"
    return Sentence(found.verdict, f"{found.marked} Their agreement at last was {shown}, where 1 is the same rating.")


def ratings_sentence(lookup: Lookup, question: Question) -> Sentence:
    """Whether ordered ratings rose, over everything rated, and what moved least."""
    name, label = question["question"], question["label"]
    said = Said(f"{label}: higher ratings became more likely, odds ratio ",
                f"{label}: higher ratings became less likely, odds ratio ",
                f"{label}: there was no clear change in the ratings, odds ratio ", "odds_ratio", none=1.0)  # fmt: skip
    found = say(lookup, question, lookup.row("rating_change", group=name), said)
    each = [row for row in lookup.rows("rating_change") if row.group.startswith(f"{name}.")]
    each = [row for row in each if row.known("odds_ratio")]
    if found.verdict in FIXED or len(each) < 2:
        return found
    least = min(each, key=lambda row: row.value("odds_ratio"))
    shown = f"{number(least, 'odds_ratio')} ({interval(least)})"
    return Sentence(found.verdict, f"{found.marked} What moved least was “{least.group_label}”, odds ratio {shown}.")


def factors_sentence(lookup: Lookup, question: Question) -> Sentence:
    """Which factors go with change over areas, after adjustment for their number."""
    name, areas = question["question"], question["areas"]
    rows = [row for row in lookup.rows("factor_ranks") if row.group.startswith(f"{name}.")]
    known = [row for row in rows if row.known("rho", "low", "high", "p_adjusted")]
    if not known:
        return without_number(any(row.hidden for row in rows))
    clear = [row for row in known if row.value("p_adjusted") < LEVEL]
    few = f"These are associations in few {areas} ({number(known[0], 'areas')})."
    label = low(question["outcome"]["label"])
    if not clear:
        strongest = max(known, key=lambda row: abs(row.value("rho")))
        shown = f"{number(strongest, 'rho')} ({interval(strongest)})"
        text = (
            f"No factor went clearly with the change in {label}, adjusted for their number; the strongest correlation "
            f"was {shown}, for "
        )
        return Sentence(RELATED[2], f"{text}“{strongest.group_label}”. {few}")
    listed = "; ".join(f"“{row.group_label}” {number(row, 'rho')} ({interval(row)})" for row in clear)
    return Sentence(RELATED[0], f"Evidence went with the change in {label} for: {listed}. {few}")
