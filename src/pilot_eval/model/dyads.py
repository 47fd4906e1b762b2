"""Both sides' ratings of the same relationship, as rows that models take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

RATED = ("left", "right", "wave", "area", "left_score", "right_score", "gap", "left_people", "right_people")


def rated_dyads(analysis: pd.DataFrame, dyads: pd.DataFrame, column: str, waves: Sequence[str]) -> pd.DataFrame:
    """Linked organisations with the rating of each side at each wave; missing where that side gave none.

    Parameters
    ----------
    analysis : DataFrame
        The analysis table.
    dyads : DataFrame
        ``left, right, wave, left_id, right_id`` (answers of a side, separated by blanks).
    column : str
        The rating's column.
    waves : sequence of str
        In order of time.

    Returns
    -------
    DataFrame
        ``left right wave area left_score right_score gap left_people right_people``: a side's score is the mean of its
        answers, ``area`` that of the left side (its own name where the area is not known), ``people`` the respondents.
        ``wave`` is a category in the order of the study.
    """
    scored = analysis.loc[analysis[column].notna(), ["_id", column, "area", "respondent"]].set_index("_id")
    score, area, person = (scored[name].to_dict() for name in (column, "area", "respondent"))
    rows = []
    for dyad in dyads.loc[dyads["wave"].isin(list(waves))].itertuples():
        sides = [[one for one in str(ids).split() if one in score] for ids in (dyad.left_id, dyad.right_id)]
        if not any(sides):
            continue
        left, right = (float(np.mean([score[one] for one in side])) if side else np.nan for side in sides)
        home = next((area[one] for side in sides for one in side if area[one]), "") or f"left:{dyad.left}"
        names = [" ".join(sorted({person[one] for one in side})) for side in sides]
        rows.append((dyad.left, dyad.right, dyad.wave, home, left, right, left - right, *names))
    found = pd.DataFrame(rows, columns=list(RATED))
    there = [wave for wave in waves if (found["wave"] == wave).any()]
    found["wave"] = pd.Categorical(found["wave"], categories=there)
    return found.astype({"left_score": "float64", "right_score": "float64", "gap": "float64"})


def one_side(rated: pd.DataFrame, side: str) -> pd.DataFrame:
    """Ratings of one side, each organisation once a wave: several dyads share the rating of one organisation."""
    own = rated.drop_duplicates([side, "wave"])
    return own.assign(value=own[f"{side}_score"], own=own[side]).reset_index(drop=True)


def people(rated: pd.DataFrame, *sides: str) -> int:
    """Respondents behind rows, of one side or both."""
    columns = [f"{side}_people" for side in sides or ("left", "right")]
    return len({one for column in columns for names in rated[column] for one in names.split()})


def fewer(rated: pd.DataFrame) -> int | None:
    """Organisations on the side that has fewer of them; None without rows."""
    return min(int(rated["left"].nunique()), int(rated["right"].nunique())) or None
