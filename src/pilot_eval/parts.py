"""Parts of the ledger as rules make them: rows of several tables put together, and the contract of the result."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pilot_eval.ledger import KINDS, NULLABLE, PART, cells

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

#: Columns that a rule fills; the others are made by :func:`pilot_eval.ledger.cells`.
FILLED = tuple(column for column in PART if column not in ("id", "table", "row", "rule", "order"))


#: Kind, and digits where they do not follow the outcome, of the measures that several tables share.
MEASURES: dict[str, tuple[str, int | None]] = {
    "n": ("count", 0), "mean": ("mean", None), "mean_first": ("mean", None), "mean_last": ("mean", None),
    "sd": ("sd", None), "sd_change": ("sd", None), "sd_start": ("sd", None), "change": ("estimate", None),
    "raw": ("estimate", None), "estimate": ("estimate", None), "se": ("sd", None), "low": ("bound", None),
    "high": ("bound", None), "new_low": ("bound", None), "new_high": ("bound", None), "least": ("estimate", None),
    "greatest": ("estimate", None), "t": ("statistic", 2), "statistic": ("statistic", 2), "df": ("df", 1),
    "p": ("p", 3), "p_adjusted": ("p", 3), "d_z": ("estimate", 2), "standardised": ("estimate", 2),
    "wilcoxon": ("statistic", 1), "wilcoxon_p": ("p", 3), "icc_area": ("estimate", 3),
    "margin": ("bound", None), "low90": ("bound", None), "high90": ("bound", None), "p_equivalence": ("p", 3),
    "missing": ("share", 3), "floor": ("share", 3), "ceiling": ("share", 3), "alpha": ("statistic", 2),
    "alpha_low": ("bound", 2), "alpha_high": ("bound", 2), "omega": ("statistic", 2), "item_rest": ("statistic", 2),
    "loading": ("statistic", 2), "congruence": ("statistic", 2), "d_z_low": ("bound", 2), "d_z_high": ("bound", 2),
    "up": ("count", 0), "down": ("count", 0), "odds": ("estimate", 2), "odds_low": ("bound", 2),
    "odds_high": ("bound", 2), "mcnemar": ("statistic", 2), "mcnemar_p": ("p", 3), "exact_p": ("p", 3),
    "mid_p": ("p", 3), "bowker": ("statistic", 2), "bowker_df": ("df", 0), "bowker_p": ("p", 3),
    "share_first": ("share", 3), "share_last": ("share", 3), "agree": ("share", 3), "deff": ("statistic", 2),
    "n_first": ("count", 0), "n_last": ("count", 0), "standardised_low": ("bound", 2),
    "standardised_high": ("bound", 2),
    "marginal": ("statistic", 2), "marginal_df": ("df", 0), "marginal_p": ("p", 3),
    "share": ("share", None), "rated": ("count", 0), "at_level": ("count", 0), "both": ("count", 0),
    "only_first": ("count", 0), "only_last": ("count", 0), "rose": ("count", 0), "same": ("count", 0),
    "fell": ("count", 0), "median_first": ("statistic", 0), "median_last": ("statistic", 0), "first": ("share", None),
    "last": ("share", None), "shift": ("share", None), "odds_ratio": ("estimate", 2), "apart": ("estimate", 2),
    "apart_low": ("bound", 2), "apart_high": ("bound", 2), "least_of_all": ("estimate", 2), "areas": ("count", 0),
    "rho": ("estimate", 2), "tau": ("estimate", 2), "tau_low": ("bound", 2), "tau_high": ("bound", 2),
    "tau_p": ("p", 3), "cases": ("count", 0), "coders": ("count", 0), "same_code": ("estimate", 2),
    "kappa": ("statistic", 2), "kappa_low": ("bound", 2), "kappa_high": ("bound", 2),
    "naive": ("estimate", None), "bias": ("estimate", None), "zero_share": ("statistic", 3),
    "start": ("estimate", None),
    "level_first": ("estimate", None), "level_last": ("estimate", None), "ratio": ("estimate", 2),
    "ratio_low": ("bound", 2), "ratio_high": ("bound", 2), "given_first": ("estimate", None),
    "given_last": ("estimate", None), "reached_first": ("estimate", None), "reached_last": ("estimate", None),
    "reached_change": ("estimate", None), "reached_low": ("bound", None), "reached_high": ("bound", None),
    "open": ("share", 3), "median": ("estimate", None), "median_low": ("estimate", None),
    "median_high": ("estimate", None),
    "boot_low": ("bound", None), "boot_high": ("bound", None), "above_zero": ("estimate", 3),
    "above_mean": ("estimate", 3), "above_smallest": ("estimate", 3), "variance_share": ("estimate", 3),
    "icc": ("estimate", 3),
    "icc_low": ("bound", 3), "icc_high": ("bound", 3), "left_only": ("count", 0), "right_only": ("count", 0),
    "f": ("statistic", 2), "num_df": ("df", 0), "per_sd": ("estimate", None), "per_sd_low": ("bound", None),
    "per_sd_high": ("bound", None),
}  # fmt: skip
#: Measures that are free of the outcome's unit.
UNITLESS = frozenset({
    "t", "statistic", "df", "p", "p_adjusted", "wilcoxon", "wilcoxon_p", "icc_area", "p_equivalence",
    "alpha", "alpha_low", "alpha_high", "omega", "item_rest", "loading", "congruence", "missing", "floor", "ceiling",
    "share_first", "share_last", "agree", "deff",
    "odds", "odds_low", "odds_high", "mcnemar", "mcnemar_p", "exact_p", "mid_p", "bowker", "bowker_df", "bowker_p",
    "marginal", "marginal_df", "marginal_p", "zero_share",
    "above_zero", "above_mean", "above_smallest", "variance_share", "icc", "icc_low", "icc_high",
    "f", "num_df",
})  # fmt: skip
STANDARD = frozenset({"d_z", "d_z_low", "d_z_high", "standardised", "standardised_low", "standardised_high"})


def measured(
    values: Mapping[str, float | None], digits: int = 2, unit: str = "", **shared: Any
) -> list[dict[str, Any]]:
    """Cells of one row of a table: its measures, kinds and digits by :data:`MEASURES`.

    Parameters
    ----------
    values : mapping of str to float or None
        Value by measure; None or NaN gives a cell with the status of ``shared``, else ``x`` (not available).
    digits : int
        Decimals of measures in the outcome's unit.
    unit : str
        The outcome's unit.
    **shared
        Columns of a part that all these cells have alike.
    """
    found = []
    for name, value in values.items():
        kind, own = MEASURES[name]
        cell = {"column": name, "kind": kind, "digits": digits if own is None else own, **shared}
        cell["unit"] = (
            "standard deviations" if name in STANDARD else "" if name in UNITLESS or kind == "count" else unit
        )
        if value is None or value != value:
            cell |= {"value": None, "status": shared.get("status") or "x"}
        else:
            cell["value"] = float(value)
        found.append(cell)
    return found


def part_of(rule: str, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """The cells of a rule's tables as one part.

    Parameters
    ----------
    rule : str
    tables : mapping of str to sequence of mapping
        Per table its cells, each with ``column``, ``value``, ``n``, ``kind`` and any other of ``FILLED``; a table may
        have none. A value that cannot be given is None and needs a ``status``.

    Returns
    -------
    DataFrame
        Columns ``PART``; ``order`` counts on over the tables.

    Raises
    ------
    ValueError
        When a cell without a value has no status, or one with a value is not finite.
    """
    import pandas as pd

    frames = [_empty(rule)]
    for table, rows in tables.items():
        for row in rows:
            value = row["value"]
            if (value is None and not row.get("status")) or (value is not None and not math.isfinite(value)):
                raise ValueError(f"table {table}, column {row['column']}: the value is {value} without a status")
        if rows:
            frames.append(cells(rule, table, _frame(rows)))
    part = pd.concat(frames, ignore_index=True)
    part["order"] = range(len(part))
    return part


def _frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a frame in which each column has its type, whatever the rows leave out."""
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    for name in FILLED:
        filled = [row.get(name) for row in rows]
        if name in NULLABLE or name == "digits":
            columns[name] = pd.Series(filled, dtype=NULLABLE.get(name, "float64"))
        elif name == "total":
            columns[name] = pd.Series([bool(value) for value in filled], dtype="bool")
        else:
            columns[name] = pd.Series([value or "" for value in filled], dtype="str")
    return pd.DataFrame(columns)


def _empty(rule: str) -> pd.DataFrame:
    return cells(rule, "none", _frame([{"column": "n", "value": 0.0, "kind": "count", "n": 0}])).iloc[:0]


def part_schema() -> DataFrameSchema:
    """Contract of every part: a row is a cell of a published table, exact and private."""
    import pandera.pandas as pa

    plain = {"digits": "int64", "order": "int64", "total": "bool"}
    told = {
        "id": "table.row.column",
        "value": "exact value; missing where the status says why",
        "n": "respondents behind it; missing when no single respondents are",
        "n_organisations": "organisations behind it; missing where they do not apply",
        "n_least": "of what compares waves, respondents at the one with fewest; missing where n says it",
        "dominance": "respondents of all but the two largest organisations, in % of those of the largest",
        "digits": "decimals shown",
        "sum": "cells of one sum add up to its total",
        "total": "whether this is the total of its sum",
        "area": "code of the area, empty: all areas",
    }
    columns = {
        name: pa.Column(
            NULLABLE.get(name) or plain.get(name, "str"),
            pa.Check.isin(KINDS) if name == "kind" else None,
            nullable=name in NULLABLE,
            description=told.get(name, ""),
        )
        for name in PART
    }
    return pa.DataFrameSchema(
        columns, strict=True, unique=["id"], description="A part of the ledger: one row per cell of a published table."
    )
