"""A file's columns and what it says of them, beside the codebook and the file of the wave before."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.canonical import canonical
from pilot_eval.clean.reading import Reading, file_labels, reading_of
from pilot_eval.faults import Fault

Items = Sequence[Mapping[str, Any]]
#: What survey software leaves in a text, and what turns the sense of a question that has the same words.
MARKUP, SIGNS = re.compile(r"</?[A-Za-z][^<>]*>"), re.compile(r"[<>\u2264\u2265%\u00a3$\u20ac]")


def order_drift(
    variables: pd.DataFrame, earlier: pd.DataFrame, codebook: Items, wave: str, past: str, file: str
) -> Iterator[Fault]:
    """CLN-02: columns in another order than before; they are matched by name, so only new texts are a worry."""
    now, then = _texts(variables, codebook, wave), _texts(earlier, codebook, past)
    order = [item for item in now if item in then]
    before = [item for item in then if item in now]
    if order == before or _same_file(variables, earlier):
        return
    moved = [item for item, other in zip(order, before, strict=True) if item != other]
    changed = [item for item in moved if now[item] and then[item] and now[item] != then[item]]
    names = {item["item"]: item["names"][wave] for item in codebook}
    told = f"{len(moved)} columns stand in another order than at {past}"
    severity, action = ("WARN", "Their texts changed too: check that each name is the same question") if changed else (
        "OK", "Matched by name")  # fmt: skip
    yield Fault("CLN-02", severity, file, told, "", action, None, names[(changed or moved)[0]], len(moved))


def text_drift(
    variables: pd.DataFrame, earlier: pd.DataFrame, codebook: Items, wave: str, past: str, file: str
) -> Iterator[Fault]:
    """CLN-02: a column with the text of another item; CLN-34: a text that changed since the wave before."""
    now, then = _texts(variables, codebook, wave), _texts(earlier, codebook, past) if past else {}
    meant = {item["item"]: _wording(item["label"]) for item in codebook} | {k: v for k, v in then.items() if v}
    names = {item["item"]: item["names"].get(wave) for item in codebook}
    for item, text in now.items():
        others = [other for other, said in meant.items() if other != item and text and said == text]
        if others and meant[item] != text:
            told = f'its text is that of item "{others[0]}"'
            action = "Have columns been swapped? Correct name in the codebook, or the export"
            yield Fault("CLN-02", "WARN", file, told, f'that of item "{item}"', action, None, names[item])
        elif text and then.get(item) and then[item] != text:
            told, action = f"another text than at {past}", "Does it still ask the same? See the questionnaires"
            yield Fault("CLN-34", "WARN", file, told, "the same question", action, None, names[item])


def label_drift(
    variables: pd.DataFrame, earlier: pd.DataFrame, codebook: Items, wave: str, past: str, file: str
) -> Iterator[Fault]:
    """CLN-03 and CLN-34 for items whose labels the codebook does not give: the two files contradict, or differ."""
    metadata, before = (table.set_index("column", drop=False).to_dict("index") for table in (variables, earlier))
    for item in codebook:
        now, then = reading_of(item, wave, None), reading_of(item, past, None)
        if now is None or then is None or item["labels"] or item["use"] not in ("answer", "attribute"):
            continue
        said, told = _codes(now, metadata), _codes(then, before)
        wrong = [label for label in said if label in told and told[label] != said[label]]
        if wrong:
            what = f'label "{wrong[0]}" is code {said[wrong[0]]:g}, at {past} it was {told[wrong[0]]:g}'
            action = "Declare reversed or recode for the wave, or correct the labels"
            yield Fault("CLN-03", "STOP", file, what, "one code", action, None, now.column, len(wrong))
        elif said and told and set(said) != set(told):
            new = sorted(set(said) - set(told)) or sorted(set(told) - set(said))
            what = f'labels differ from {past}, such as "{new[0]}"'
            action = "Do they mean the same? Write labels in the codebook"
            yield Fault("CLN-34", "WARN", file, what, "the same labels", action, None, now.column, len(new))


def _codes(reading: Reading, metadata: Mapping[Any, Any]) -> dict[str, float]:
    """Labels of a file by the code that the codebook makes of each."""
    found = {}
    for code, label in file_labels(metadata.get(reading.column)).items():
        value = reading.code_of(float(code))
        if value is not None:
            found[canonical(label)] = value
    return found


def _texts(variables: pd.DataFrame, codebook: Items, wave: str) -> dict[str, str]:
    """Items of a wave in the order of the file's columns, with the file's text of each."""
    items = {item["names"][wave]: item["item"] for item in codebook if item["names"].get(wave)}
    described = zip(variables["column"], variables["label"], strict=True)
    return {items[column]: _wording(label) for column, label in described if column in items}


def _wording(label: str) -> str:
    """A text of a question as it is compared: without its markup, and with the signs that change what it asks."""
    plain = html.unescape(MARKUP.sub(" ", label))
    return " ".join([canonical(plain), *SIGNS.findall(plain)]).strip()


def _same_file(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two waves stand side by side in one wide file."""
    return list(one["column"]) == list(other["column"])
