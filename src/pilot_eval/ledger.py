"""The one form of a number on its way out: a cell of a table, exact and private until ``disclose`` lets it through.

Each rule that makes numbers returns, beside its own tables, a *part*: a frame of cells built by :func:`cells`.
``hide_cells`` alone reads all parts; what it lets through is the ledger.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("count", "share", "mean", "sd", "estimate", "bound", "statistic", "df", "p")

#: Columns of a part. ``id`` and ``row`` are made by :func:`cells`; ``n_organisations`` is null where organisations do
#: not apply, and so are ``n_least`` (respondents at the wave with fewest, of what compares waves) and ``dominance``
#: (:func:`pilot_eval.change.rows.dominance`). Cells of one ``sum`` add up to its cell marked ``total``.
PART = (
    "id", "table", "row", "column", "value", "n", "n_organisations", "n_least", "dominance", "kind", "digits", "unit",
    "status", "estimand", "rule", "outcome", "area", "group", "group_label", "wave", "sum", "total", "order",
)  # fmt: skip

#: Types of those columns of a part that may be null.
NULLABLE: dict[str, Literal["float64", "Int64"]] = {
    "value": "float64", "n": "Int64", "n_organisations": "Int64", "n_least": "Int64", "dominance": "float64",
}  # fmt: skip

#: Columns of the public ledger, in order.
LEDGER = ("id", "table", "row", "column", "value", "shown", "n", "unit", "status", "estimand", "rule")


def slug(text: str) -> str:
    """A word as ids may hold it: lower case, ``[a-z0-9_-]`` only."""
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-") or "none"


def cells(rule: str, table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Complete the cells of one table to a part of the ledger.

    Parameters
    ----------
    rule : str
        Rule that makes the numbers.
    table : str
        Table they stand in.
    frame : DataFrame
        One row a cell, with ``column`` (the measure, such as ``estimate`` or ``low``), ``value`` (exact, float),
        ``n`` (respondents behind it; null when no single respondents are) and ``kind`` (one of ``KINDS``); and any of
        ``n_organisations``, ``n_least``, ``dominance``, ``digits`` (decimals shown, default 2; counts 0), ``unit``,
        ``status`` (``""``, ``x`` not available, ``z`` not applicable, ``u`` low reliability), ``estimand``,
        ``outcome``, ``area`` (its code), ``group`` (any further dimension) with ``group_label``, ``wave``, ``sum`` and
        ``total``.

    Returns
    -------
    DataFrame
        Columns ``PART``, in the order given; ``order`` counts the rows.

    Raises
    ------
    ValueError
        For an unknown column or kind, or when two cells have one id.
    """
    import pandas as pd

    unknown = set(frame.columns) - set(PART)
    if unknown:
        raise ValueError(f"columns {sorted(unknown)} are not part of a ledger cell")
    part = frame.reset_index(drop=True).copy()
    wrong = set(part["kind"]) - set(KINDS)
    if wrong:
        raise ValueError(f"kinds {sorted(wrong)} are none of {KINDS}")
    for column in ("unit", "status", "estimand", "outcome", "area", "group", "group_label", "wave", "sum"):
        part[column] = (part[column] if column in part else pd.Series("", index=part.index)).fillna("").astype(str)
    part["total"] = part["total"].astype(bool) if "total" in part else False
    for column, kind in NULLABLE.items():
        part[column] = (part[column] if column in part else pd.Series(float("nan"), index=part.index)).astype(kind)
    default = part["kind"].map(lambda kind: {"count": 0, "df": 1, "p": 3}.get(kind, 2))
    part["digits"] = (part["digits"].fillna(default) if "digits" in part else default).astype("int64")
    part["rule"], part["table"] = rule, table
    area = part["area"].where(part["area"] == "", "area-" + part["area"])
    dimensions = zip(part["outcome"], area, part["group"], part["wave"], strict=True)
    part["row"] = [".".join(slug(word) for word in words if word) or "all" for words in dimensions]
    part["id"] = part["table"] + "." + part["row"] + "." + part["column"].map(slug)
    twice = part["id"][part["id"].duplicated()]
    if len(twice):
        raise ValueError(f"table {table} has two cells with the id {twice.iloc[0]}")
    part["order"] = range(len(part))
    return part.loc[:, list(PART)]
