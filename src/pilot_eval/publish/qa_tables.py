"""Tables of the quality pages: counts by kind and file, with the thresholds of the study applied."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.publish.lookup import Lookup
from pilot_eval.spreadsheet import plain_column

Record = Mapping[str, Any]


def data_log(sources: Sequence[Record], receipts: Sequence[Record]) -> pd.DataFrame:
    """Every delivery: who sent it, when, its checksum, and what was read of it (surveys)."""
    read = {receipt["source"]: receipt for receipt in receipts}
    rows = []
    for source in sources:
        receipt = read.get(source["source"], {})
        rows.append(
            {
                "file": source["path"], "kind": source["kind"], "supplier": source["supplier"],
                "received": source["received"] or "", "bytes": str(source["bytes"]),
                "rows": str(source["rows"]), "rows_read": str(receipt.get("rows_read", "")),
                "rows_rejected": str(receipt.get("rows_rejected", "")), "columns": str(receipt.get("columns", "")),
                "sha256": source["sha256"],
            }
        )  # fmt: skip
    return pd.DataFrame(rows).astype("str")


def counted(tables: Sequence[pd.DataFrame], by: Sequence[str], least: int, weight: str = "") -> pd.DataFrame:
    """Rows of some tables counted by kind; a count of fewer than ``least`` is confidential.

    Parameters
    ----------
    tables : sequence of DataFrame
    by : sequence of str
        Columns to count by; a leading underscore is dropped from their names.
    least : int
    weight : str
        Column that holds how many each row stands for.

    Returns
    -------
    DataFrame
        The columns of ``by``, ``count`` (empty when confidential) and ``status``.
    """
    names = [column.lstrip("_") for column in by]
    filled = [table for table in tables if len(table)]
    if not filled:
        return pd.DataFrame(columns=[*names, "count", "status"], dtype="str")
    rows = pd.concat([table[[*by, *([weight] if weight else [])]] for table in filled], ignore_index=True)
    grouped = rows.groupby(list(by), sort=True, dropna=False)
    number = (grouped[weight].sum() if weight else grouped.size()).rename("count").reset_index()
    number.columns = pd.Index([*names, "count"])
    return _guarded(number, ["count"], least)


def match_rates(
    rates: pd.DataFrame, limits: Mapping[str, int], roles: Mapping[str, str], waves: Mapping[str, str]
) -> pd.DataFrame:
    """Respondents followed from wave to wave, by wave and role; the areas are added up."""
    base = limits["round_counts_to"]
    rows = rates.groupby(["wave", "role"], sort=False, as_index=False)[["n", "n_matched"]].sum()
    for column, labels in (("role", roles), ("wave", waves)):
        rows[column] = [labels.get(name, name) for name in rows[column]]
    shown = _guarded(rows, ["n", "n_matched"], limits["min_respondents"])
    for column in ("n", "n_matched"):
        known = shown[column] != ""
        shown.loc[known, column] = [
            str(base * ((2 * int(count) + base) // (2 * base))) for count in shown.loc[known, column]
        ]
    both = (shown["n"] != "") & (shown["n_matched"] != "")
    shown["share_matched"] = [
        f"{int(matched) / int(n):.2f}" if known and int(n) else ""
        for n, matched, known in zip(shown["n"], shown["n_matched"], both, strict=True)
    ]
    return shown[["wave", "role", "n", "n_matched", "share_matched", "status"]]


def link_flow(
    flow: pd.DataFrame, limits: Mapping[str, int], waves: Mapping[str, str], passes: Mapping[str, str]
) -> pd.DataFrame:
    """Respondents of each wave by what linked them to another, rounded; roles and areas are added up."""
    rows = flow.groupby(["wave", "link_pass"], sort=False)["n"].sum().reset_index()
    rows["wave"] = [waves.get(name, name) for name in rows["wave"]]
    rows["linked_by"] = [passes.get(name, name) for name in rows["link_pass"]]
    shown = _guarded(rows[["wave", "linked_by", "n"]], ["n"], limits["min_respondents"])
    known = shown["n"] != ""
    shown.loc[known, "n"] = [_rounded(int(count), limits["round_counts_to"]) for count in shown.loc[known, "n"]]
    return shown


def link_audit(audit: pd.DataFrame, limits: Mapping[str, int], words: Mapping[str, str]) -> pd.DataFrame:
    """Estimated errors of linking, overall and by kind: shares to two decimals, counts rounded.

    Roles, areas and strata stay in the private table.
    """
    rows = audit[audit["by"].isin(["", "kind", "what"])]
    shown = _guarded(pd.DataFrame({"n": rows["n"]}), ["n"], limits["min_respondents"])
    known = (shown["n"] != "").to_numpy()
    method = rows["method"] + rows["level"].where(rows["level"] == "", "_" + rows["level"])
    found = {
        "estimated_by": [words.get(name, name) for name in method],
        "measure": [words.get(name, name) for name in rows["measure"]],
        "n": [_rounded(int(count), limits["round_counts_to"]) if count else "" for count in shown["n"]],
        **{name: [f"{value:.2f}" if good else "" for value, good in zip(rows[name], known, strict=True)]
           for name in ("share", "low", "high")},
        "status": shown["status"].tolist(),
    }  # fmt: skip
    return pd.DataFrame(found, dtype="str")


def start_slopes(
    slopes: pd.DataFrame, limits: Mapping[str, int], outcomes: Mapping[str, Mapping[str, str]], words: Mapping[str, str]
) -> pd.DataFrame:
    """Slopes of change on the start, as linked and without what false links add, to two decimals; counts rounded."""
    rows = slopes[slopes["slope"].notna()]
    shown = _guarded(pd.DataFrame({"n": rows["n"]}), ["n"], limits["min_respondents"])
    known = (shown["n"] != "").to_numpy()
    columns = ("false_share", "slope", "low", "high", "corrected", "corrected_low", "corrected_high")
    found = {
        "outcome": [outcomes.get(name, {}).get("label", name) for name in rows["outcome"]],
        "n": [_rounded(int(count), limits["round_counts_to"]) if count else "" for count in shown["n"]],
        "audit": [words.get(name, name) for name in rows["audit"]],
        **{name: [f"{value:.2f}" if good and value == value else "" for value, good in zip(rows[name], known,
                                                                                         strict=True)]
           for name in columns},
        "status": shown["status"].tolist(),
    }  # fmt: skip
    return pd.DataFrame(found, dtype="str")


def linked_compared(differences: pd.DataFrame, waves: Mapping[str, str]) -> pd.DataFrame:
    """How many outcomes and levels were compared between linked and unlinked respondents, and how many differ."""
    known = differences[differences["difference"].notna()]
    rows = known.groupby("wave", sort=False)["flagged"].agg(compared="size", different="sum").reset_index()
    rows["wave"] = [waves.get(name, name) for name in rows["wave"]]
    return rows.astype("str")


def fits_log(fits: Sequence[Record], base: int) -> pd.DataFrame:
    """Every model: what was fitted, how it went, and whether a second program agrees."""
    rows = []
    for fit in fits:
        second = fit.get("second_fit", {})
        agrees = {True: "yes", False: "no"}.get(second.get("agrees"), f"not compared: {second.get('reason', '')}")
        rows.append(
            {
                "model": fit["model"], "outcome": fit["outcome"], "formula": fit.get("formula", fit["planned"]),
                "status": fit["status"], "reason": fit["reason"] or "",
                "left_out": "; ".join(f"{part['term']}: {part['reason']}" for part in fit.get("left_out", [])),
                "respondents": _rounded(fit["respondents"], base), "areas": str(fit["areas"]),
                "loglik": f"{fit['loglik']:.3f}" if "loglik" in fit else "",
                "converged": _word(fit.get("converged")), "singular": _word(fit.get("singular")),
                "boundary": "; ".join(map(_limit, fit.get("boundary", []))),
                "df_method": str(fit.get("df_method", "")), "second_program_agrees": agrees if second else "",
                "largest_difference_in_se": _small(second.get("largest_fixed_difference")),
                "loglik_difference": _small(second.get("loglik_difference")),
            }
        )  # fmt: skip
    return pd.DataFrame(rows).astype("str")


def reliability(cells: Lookup, scales: Mapping[str, str], waves: Mapping[str, str]) -> pd.DataFrame:
    """Cronbach's alpha of every scale and wave, all roles, as published."""
    rows = [
        {"scale": scales.get(row.outcome, row.outcome), "wave": waves.get(row.wave, row.wave),
         "alpha": "" if not row.known("alpha") else row.shown("alpha"),
         "status": row.cells["alpha"].status if "alpha" in row.cells else "x"}
        for row in cells.rows("reliability")
        if row.group in ("", "all")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["scale", "wave", "alpha", "status"], dtype="str")


def hidden_counts(cells: pd.DataFrame, hidden: pd.DataFrame) -> pd.DataFrame:
    """How many cells of each table were hidden, by rule."""
    whole = cells.groupby("table", sort=True).size()
    why = hidden.groupby(["table", "why"], sort=True).size()
    rows = why.rename("hidden").reset_index()
    rows.insert(1, "cells", rows["table"].map(whole))
    return rows.astype("str")


def contracts_kept(modules: Sequence[str]) -> pd.DataFrame:
    """Tables with a contract that is checked when they are written, from the text of the contract modules."""
    names = {
        node.value
        for text in modules
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    known = sorted(name for name in names if re.fullmatch(r"[a-z]+(?:_[a-z]+)+\.[a-z_]+", name))
    return pd.DataFrame([name.split(".") for name in known], columns=["rule", "output"], dtype="str")


def software(lock: bytes) -> pd.DataFrame:
    """Pinned packages of the locked environment, with the condition under which each is installed."""
    rows = []
    for line in lock.decode("utf-8").splitlines():
        match = re.match(r"([A-Za-z0-9_.-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+))?", line)
        if match:
            rows.append({"package": match[1], "version": match[2], "condition": (match[3] or "").strip()})
    return pd.DataFrame(rows, columns=["package", "version", "condition"], dtype="str")


def _limit(one: Record) -> str:
    """A spread at its boundary, with the interval in which it may lie."""
    where = f"{one['term']} by {'organisation' if one['group'] == 'unit' else one['group']}"
    test = "" if one["p"] is None else f", p {one['p']:.3f}"
    return f"SD of {where} {one['sd']:.3g}, interval {one['low']:.3g} to {one['high']:.3g}{test}"


def _guarded(rows: pd.DataFrame, counts: Sequence[str], least: int) -> pd.DataFrame:
    """Counts as text, small ones empty, and a status that says so."""
    small = rows[list(counts)].apply(lambda column: (column > 0) & (column < least))
    rows = rows.astype("str")
    rows["status"] = small.any(axis=1).map({True: "c", False: ""}).astype("str")
    for column in counts:
        rows.loc[small[column], column] = ""
    return rows


def _rounded(count: int, base: int) -> str:
    """A count at the nearest multiple of ``base``, halves upwards."""
    return str(base * ((2 * count + base) // (2 * base)))


def _word(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _small(value: float | None) -> str:
    return "" if value is None else f"{value:.1e}"


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """A table in which no cell is a formula to a spreadsheet program."""
    return frame.assign(**{name: plain_column(frame[name].tolist()) for name in frame.columns}).astype("str")
