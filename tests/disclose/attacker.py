"""Who wants the hidden numbers: knows all that is published, how tables are built, and one area's own answers.

Nothing here is shared with the code that hides. The attacker reads published cells only: value, n and ``[c]``.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

#: Tables that count the same people, by table and column: respondents of a wave, and those of them who came back.
COUNTED = {
    ("response_by_area", "responded"): "responded", ("response_by_role", "responded"): "responded",
    ("leavers", "n"): "responded", ("response_by_area", "followed"): "followed",
    ("response_by_role", "followed"): "followed", ("leavers", "followed"): "followed",
}  # fmt: skip


@dataclass
class Sight:
    """What the attacker has: published cells, what adds up to what, and one area's own numbers (exact, by id)."""

    cells: list
    sums: dict
    first: str
    last: str
    base: int
    own: dict = field(default_factory=dict)
    earlier: dict = field(default_factory=dict)

    def shown(self, cell):
        """Whole numbers that a published count may stand for, or None for a hidden one."""
        if cell["status"] == "c":
            return None
        if cell["shown"] == "[low]":
            return (1.0, self.base / 2)
        half = (self.base - 1) / 2
        return (max(0.0, cell["value"] - half), cell["value"] + half)


def sums_of(parts):
    """Structure without numbers: of each published id the sum that it belongs to, and whether it is the total."""
    return {
        row.id: (f"{row.table}.{row.sum}", row.total)
        for part in parts for row in part.itertuples() if row.sum and row.kind == "count"
    }  # fmt: skip


def same_people(cell, sight):
    """What a count is a count of, whichever table has it; None when only its own table has it."""
    kind = COUNTED.get((cell["table"], cell["column"]))
    if kind is None:
        return None
    group = cell["group"].rsplit(".", 1)[-1]
    wave = cell["wave"] or (sight.first if kind == "responded" else sight.last)
    return (kind, wave, cell["area_letter"], group)


def bounds_of_counts(sight):
    """Least and greatest value of every hidden count, by linear programming over all tables at once."""
    counts = [cell for cell in sight.cells if cell["kind"] == "count" and cell["status"] not in ("x", "z")]
    names = {}
    for cell in counts:
        names[cell["id"]] = same_people(cell, sight) or cell["id"]
    order = {name: at for at, name in enumerate(dict.fromkeys(names.values()))}
    low, high = np.zeros(len(order)), np.full(len(order), np.inf)
    for cell in counts:
        at, seen = order[names[cell["id"]]], sight.shown(cell)
        if seen is None and cell["id"] in sight.earlier:
            half = (sight.base - 1) / 2
            seen = (max(0.0, sight.earlier[cell["id"]] - half), sight.earlier[cell["id"]] + half)
        if cell["id"] in sight.own:
            seen = (sight.own[cell["id"]],) * 2
        if seen is not None:
            low[at], high[at] = max(low[at], seen[0]), min(high[at], seen[1])
    groups = {}
    for cell in counts:
        if cell["id"] in sight.sums:
            name, total = sight.sums[cell["id"]]
            groups.setdefault(name, {"parts": [], "total": None})
            if total:
                groups[name]["total"] = order[names[cell["id"]]]
            else:
                groups[name]["parts"].append(order[names[cell["id"]]])
    lines = [(one["parts"], one["total"]) for one in groups.values() if one["parts"] and one["total"] is not None]
    equal = np.zeros((len(lines), len(order)))
    for at, (parts, total) in enumerate(lines):
        equal[at, parts] = 1.0
        equal[at, total] -= 1.0
    found = {}
    for cell in counts:
        if cell["status"] != "c" or cell["id"] in sight.own:
            continue
        cost = np.zeros(len(order))
        cost[order[names[cell["id"]]]] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            solved = linprog(
                sign * cost, A_eq=equal if len(lines) else None, b_eq=np.zeros(len(lines)) if len(lines) else None,
                bounds=list(zip(low, high, strict=True)), method="highs",
            )  # fmt: skip
            ends.append(sign * solved.fun if solved.status == 0 else np.inf if sign < 0 else 0.0)
        found[cell["id"]] = tuple(ends)
    return found


def recovered_counts(sight, least):
    """Hidden counts of which fewer than ``least`` whole numbers are possible: id to range."""
    found = {}
    for identity, (low, high) in bounds_of_counts(sight).items():
        if high - low < np.inf and np.floor(high + 1e-6) - np.ceil(low - 1e-6) + 1 < least:
            found[identity] = (low, high)
    return found


def recovered_means(sight, tolerance=0.02):
    """Hidden means of an area that follow from a shown mean and a shown change, or that another table shows."""
    cells = [cell for cell in sight.cells if cell["area_letter"] and cell["kind"] in ("mean", "estimate")]
    table = {(c["table"], c["column"], c["outcome"], c["area_letter"], c["wave"]): c for c in cells}
    found = {}
    for (name, column, outcome, area, wave), cell in table.items():
        if name != "means_by_area" or column != "mean" or cell["status"] != "c":
            continue
        other = table.get((name, column, outcome, area, sight.last if wave == sight.first else sight.first))
        change = table.get(("change_by_area", "raw", outcome, area, ""))
        start = table.get(("start_by_area", "mean_first", outcome, area, ""))
        if other is not None and change is not None and not {other["status"], change["status"]} & {"c", "x", "z"}:
            sign = 1.0 if wave == sight.last else -1.0
            found[cell["id"]] = other["value"] + sign * change["value"]
        if start is not None and wave == sight.first and start["status"] not in ("c", "x"):
            found[cell["id"]] = start["value"]
    return found


def recovered_by_share(sight):
    """Hidden counts that are a shown share of a shown number."""
    rows = {}
    for cell in sight.cells:
        rows.setdefault((cell["table"], cell["row"]), []).append(cell)
    pairs = {"retention": "followed", "rate": "responded", "share": "n"}
    found = {}
    for row in rows.values():
        own = {cell["column"]: cell for cell in row}
        for share, count in pairs.items():
            if (
                {share, count} <= own.keys()
                and own[count]["status"] == "c"
                and own[share]["value"] == own[share]["value"]
            ):
                found[own[count]["id"]] = own[share]["value"]
    return found


def told_of_everybody(sight):
    """Shown cells that say the same of all: a share of 0 or 100 % of people, a spread of zero."""
    found = []
    for cell in sight.cells:
        if cell["status"] in ("c", "x", "z") or cell["n"] is None or cell["n"] != cell["n"]:
            continue
        if (cell["kind"] == "share" and cell["value"] in (0.0, 1.0) and cell["status"] != "low") or (
            cell["kind"] == "sd" and cell["column"] in ("sd", "sd_change") and cell["value"] == 0.0
        ):
            found.append(cell["id"])
    return found


def single_contributors(sight, exact, least, least_organisations):
    """Shown statistics behind which too few stand, by what is private: exact n, also at the thinner wave."""
    found = []
    for cell in sight.cells:
        if cell["value"] != cell["value"] or cell["kind"] in ("count", "share"):
            continue
        own = exact[cell["id"]]
        few = [n for n in (own["n"], own["n_least"]) if n == n and n is not None and 0 < n < least]
        units = own["n_organisations"]
        if few or (units == units and units is not None and 0 < units < least_organisations):
            found.append(cell["id"])
    return found
