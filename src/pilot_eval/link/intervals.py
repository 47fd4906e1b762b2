"""Intervals of a share that may be near 0 or 1."""

from __future__ import annotations

from math import sqrt

Z = 1.959963984540054


def wilson(events: float, tried: float) -> tuple[float, float]:
    """Wilson's 95 % score interval.

    Parameters
    ----------
    events, tried : float
        ``tried`` above 0.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22.
    """
    share, square = events / tried, Z * Z / tried
    middle = share + square / 2
    spread = Z * sqrt(share * (1 - share) / tried + square / (4 * tried))
    low, high = (middle - spread) / (1 + square), (middle + spread) / (1 + square)
    return (0.0 if events == 0 else low), (1.0 if events == tried else high)


def wilson_of(share: float, tried: float) -> tuple[float, float]:
    """Wilson's interval of a share and the number of tries that it is worth, which need not be whole."""
    low, high = wilson(share * tried, tried)
    return (0.0 if share <= 0 else low), (1.0 if share >= 1 else high)


def none_of(tried: float) -> float:
    """Upper 95 % bound of a share of which nothing was seen: the rule of three."""
    return min(1.0, 3 / tried)
