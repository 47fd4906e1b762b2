"""Rule ``write_cases``: the pairs that a person should decide, once without names and once with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.link.sample import drawn

CASES = (
    "case", "one", "other", "key_id", "decision", "second", "why", "one_file", "one_row", "other_file",
    "other_row", "score", "pattern", "note",
)  # fmt: skip
SHOWN = ("name", "email", "birth_year")
#: A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_cases(
    identifiers: Sequence[pd.DataFrame],
    placed: pd.DataFrame,
    links: pd.DataFrame,
    review: pd.DataFrame,
    key: Mapping[str, str],
    decisions: Sequence[Mapping[str, Any]],
    size: int,
    seed: int,
) -> dict[str, pd.DataFrame]:
    """List what is decided, what awaits a decision, and a sample of the accepted links.

    Parameters
    ----------
    identifiers : sequence of DataFrame
        One a delivery, in clear text.
    placed : DataFrame
        A row a response.
    links, review : DataFrame
        From ``link_respondents``.
    key : mapping
        ``key_id`` of the pseudonyms.
    decisions : sequence of mapping
        Lines of ``config/link_decisions.csv``.
    size, seed : int
        Of the sample.

    Returns
    -------
    dict
        ``cases``: in the form of ``config/link_decisions.csv``: the lines of that file, then the doubtful pairs,
        likeliest first, then the sample; so that it can take that file's place once decisions are filled in.
        ``named``: the same with the names, addresses and organisations of both sides, for the owner's eyes only.
    """
    sample = drawn(links, size, seed)
    facts = placed.set_index("_id")[["_file", "_row"]].to_dict("index")
    lines = [
        *({name: str(entry.get(name, "")) for name in CASES} for entry in decisions),
        *(_line(row, "review", key["key_id"], facts) for row in review.to_dict("records")),
        *(_line(row, "sample", key["key_id"], facts) for row in sample.to_dict("records")),
    ]
    cases = pd.DataFrame(lines, columns=list(CASES), dtype="str").drop_duplicates("case", ignore_index=True)
    rows = {row["case"]: (row["one_id"], row["other_id"]) for frame in (links, review)
            for row in frame.to_dict("records")}  # fmt: skip
    return {"cases": cases, "named": _named(cases, rows, identifiers, placed)}


def _line(row: Mapping[Any, Any], why: str, key_id: str, facts: Mapping[Any, Any]) -> dict[str, str]:
    near, far = facts[row["one_id"]], facts[row["other_id"]]
    score = "" if row["score"] != row["score"] else f"{row['score']:.2f}"
    return {
        "case": row["case"], "one": row["one"], "other": row["other"], "key_id": key_id, "decision": "", "second": "",
        "why": why, "one_file": near["_file"], "one_row": str(near["_row"]), "other_file": far["_file"],
        "other_row": str(far["_row"]), "score": score, "pattern": row["pattern"], "note": "",
    }  # fmt: skip


def _named(
    cases: pd.DataFrame, rows: Mapping[str, tuple[str, str]], identifiers: Sequence[pd.DataFrame],
    placed: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    values = pd.concat([frame[["_id", "kind", "value"]] for frame in identifiers], ignore_index=True)
    said: dict[tuple[str, str], list[str]] = {}
    for row, kind, value in values.itertuples(index=False, name=None):
        said.setdefault((row, kind), []).append(value)
    organisation = dict(zip(placed["_id"], placed["organisation"], strict=True))
    found = cases.copy()
    for number, side in enumerate(("one", "other")):
        ids = [rows[case][number] if case in rows else "" for case in cases["case"]]
        for kind in SHOWN:
            cells = [_safe(" ".join(said.get((row, kind), ()))) for row in ids]
            found[f"{side}_{kind}"] = pd.Series(cells, dtype="str")
        found[f"{side}_organisation"] = pd.Series([organisation.get(row, "") for row in ids], dtype="str")
    return found


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
