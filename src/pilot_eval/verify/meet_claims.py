"""Numbers published elsewhere: does this run's ledger meet them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("id", "page", "quantity", "claimed", "rounding", "ledger", "found", "verdict")
VERDICTS = ("met", "differs", "hidden", "not in the ledger")
HIDDEN = "c"
#: Unit of a count of areas, which is published as it is.
AREAS = "areas"


def meet_claims(cells: pd.DataFrame, claims: Sequence[Mapping[str, Any]], round_counts_to: int) -> dict[str, Any]:
    """Hold each claim against the number that this run publishes.

    Parameters
    ----------
    cells : DataFrame
        Published cells, as ``hide_cells`` wrote them.
    claims : sequence of mapping
        ``id, page, quantity, value, rounding, kind, ledger`` of each claim, numbers as decimal text.
    round_counts_to : int
        Counts of people and organisations were published as multiples of it.

    Returns
    -------
    dict
        ``claims``: a row per claim, in their order.
    """
    import pandas as pd

    wanted = {name for claim in claims for name in claim["ledger"]}
    # Only tables behind which respondents stand have rounded counts.
    behind = set(cells.loc[cells["n"].notna(), "table"])
    known = {str(cell["id"]): cell for cell in cells.loc[cells["id"].isin(wanted)].to_dict("records")}
    rows = []
    for claim in claims:
        found, verdict = _judge(claim, [known.get(name) for name in claim["ledger"]], behind, round_counts_to)
        rows.append(
            {
                **{key: claim[key] for key in ("id", "page", "quantity", "rounding")},
                "claimed": claim["value"], "ledger": " ".join(claim["ledger"]), "found": found, "verdict": verdict,
            }
        )  # fmt: skip
    return {"claims": pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")}


def _judge(
    claim: Mapping[str, Any], cells: Sequence[Mapping[Any, Any] | None], behind: set[str], base: int
) -> tuple[str, str]:
    """What was found, as text, and the verdict."""
    there = [cell for cell in cells if cell is not None]
    if not there or len(there) < len(cells):
        return "", "not in the ledger"
    if any(cell["status"] == HIDDEN for cell in there):
        return f"[{HIDDEN}]", "hidden"
    if any(cell["value"] != cell["value"] for cell in there):
        return "", "not in the ledger"
    found = sum((Decimal(repr(float(cell["value"]))) for cell in there), Decimal(0))
    shown = str(there[0]["shown"]) if len(there) == 1 else f"{found.normalize():,f}"
    rounded = sum(cell["kind"] == "count" and cell["table"] in behind and cell["unit"] != AREAS for cell in there)
    value, step = Decimal(claim["value"]), Decimal(claim["rounding"])
    if claim["kind"] == "sign":
        met = (found > 0) - (found < 0) == value
    elif rounded:
        # A published count is at most half its rounding from the exact one; so is the claim, from a whole number.
        met = abs(found - value) <= rounded * Decimal(base) / 2 + step // 2
    else:
        met = (found / step).to_integral_value(ROUND_HALF_UP) * step == value
    return shown, "met" if met else "differs"
