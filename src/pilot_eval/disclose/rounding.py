"""Numbers as published: rounded once, in decimal arithmetic, half away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

#: A float's last bits do not decide how a half rounds: a value counts with this many significant digits.
SIGNIFICANT = 12
LEAST_P = Decimal("0.001")


def exact(value: float) -> Decimal:
    """A float as the decimal number that it stands for, at ``SIGNIFICANT`` digits."""
    return Decimal(f"{value:.{SIGNIFICANT}g}")


def rounded(value: float | Decimal, digits: int) -> Decimal:
    """A value at so many decimals, half away from zero; never minus zero.

    Examples
    --------
    >>> str(rounded(-0.125, 2)), str(rounded(-0.001, 2))
    ('-0.13', '0.00')
    """
    number = value if isinstance(value, Decimal) else exact(value)
    result = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def rounded_count(value: float, base: int) -> int:
    """A count at the nearest multiple of ``base``, half away from zero.

    Examples
    --------
    >>> rounded_count(12, 5), rounded_count(13, 5)
    (10, 15)
    """
    return int(rounded(exact(value) / base, 0)) * base


def published(value: float, kind: str, digits: int, base: int) -> tuple[str, str, str]:
    """A number as it goes out.

    Parameters
    ----------
    value : float
        Exact, finite.
    kind : str
        One of ``pilot_eval.ledger.KINDS``.
    digits : int
        Decimals shown; counts have none, p values three.
    base : int
        Counts are rounded to multiples of it.

    Returns
    -------
    value, shown, status : str
        The plain number, the text for people, and ``"low"`` for a count or share that rounds to zero but is not. A p
        value below 0.001 has that bound as its value.
    """
    if kind == "count":
        number = Decimal(rounded_count(value, base))
    elif kind == "p":
        if exact(value) < LEAST_P:
            return str(LEAST_P), f"<{LEAST_P}", ""
        number = rounded(value, 3)
    else:
        number = rounded(value, digits)
    if kind in ("count", "share") and number == 0 and value != 0:
        return str(number), "[low]", "low"
    return str(number), f"{number:,}", ""
