"""The links that a person checks: drawn by pass and likeness, the same ones again in every run."""

from __future__ import annotations

import hashlib

import pandas as pd

#: Links of a stratum that are drawn in any case.
LEAST = 10
#: Edges of the bands of likeness.
BANDS = (0.85, 0.92, 0.95, 0.98)


def stratum(link_pass: str, score: float) -> str:
    """Pass and band of likeness of a link; links by key without a likeness are a stratum of their own."""
    if score != score:
        return f"{link_pass}, not scored"
    edges = [0.0, *BANDS, 1.0]
    place = max(number for number, edge in enumerate(edges[:-1]) if score >= edge)
    return f"{link_pass}, {edges[place]:.2f} to {edges[place + 1]:.2f}"


def drawn(links: pd.DataFrame, size: int, seed: int) -> pd.DataFrame:
    """A stratified sample of the links that the program alone makes.

    Parameters
    ----------
    links : DataFrame
        From ``link_respondents``.
    size : int
        Links to be drawn; all of them when there are no more.
    seed : int

    Returns
    -------
    DataFrame
        Rows of ``links`` with ``stratum`` and ``weight`` (links of the stratum for each one drawn). Which ones are
        drawn depends on the seed and the pair alone: decisions stay of use in later runs.
    """
    own = links[links["automatic"] & (links["link_pass"] != "decision")].reset_index(drop=True)
    strata = [stratum(which, score) for which, score in zip(own["link_pass"], own["score"], strict=True)]
    own["stratum"] = pd.Series(strata, dtype="str")
    own["rank"] = [hashlib.sha256(f"{seed}|{case}".encode()).hexdigest() for case in own["case"]]
    chosen = []
    for name, number in _allotted(own["stratum"].value_counts().sort_index(), size).items():
        of_one = own[own["stratum"] == name].sort_values("rank", kind="stable")
        chosen.append(of_one.head(number).assign(weight=len(of_one) / max(number, 1)))
    found = pd.concat(chosen) if chosen else own.assign(weight=0.0)
    return found.sort_index().drop(columns="rank").reset_index(drop=True)


def _allotted(sizes: pd.Series, size: int) -> dict[str, int]:
    """How many of each stratum: some of each, the rest in proportion, by largest remainder."""
    if size >= sizes.sum():
        return {str(name): int(number) for name, number in sizes.items()}
    floor = {str(name): min(int(number), LEAST) for name, number in sizes.items()}
    if sum(floor.values()) >= size:
        floor = dict.fromkeys(floor, 0)
    rest = size - sum(floor.values())
    open_ = {str(name): int(number) - floor[str(name)] for name, number in sizes.items()}
    share = {name: rest * number / sum(open_.values()) for name, number in open_.items()}
    found = {name: floor[name] + int(share[name]) for name in floor}
    by_remainder = sorted(share, key=lambda name: (int(share[name]) - share[name], name))
    for name in by_remainder[: size - sum(found.values())]:
        found[name] += 1
    return found
