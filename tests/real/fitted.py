"""What the workflow wrote of a study, and whether it is R's."""

import json

import numpy as np
import pandas as pd
import pytest


def model(study, name, outcome):
    """The record and the coefficients of one fit."""
    folder = study / "data/processed/model/fit_change" / name
    fit = json.loads((folder / f"{outcome}.fit.json").read_text("utf-8"))
    return fit, pd.read_parquet(folder / f"{outcome}.coefficients.parquet")


def same_as_r(study, name, outcome, wanted, scale=1.0):
    """Fixed effects within 1e-3 of a standard error, variances within 1 %, log-likelihood within 1e-3.

    With a scale, R's unit of time is so many months, and its likelihood another.
    """
    fit, terms = model(study, name, outcome)
    ours = terms.set_index("term")["estimate"]
    rows = {row["term"]: row for row in wanted["fixed"]}
    assert len(ours) == len(rows)
    for (term, value), row in zip(ours.items(), rows.values(), strict=True):
        factor = scale if "months" in term else 1.0
        assert abs(value * factor - row["estimate"]) < 1e-3 * row["se"], term
    if scale == 1.0:
        assert abs(fit["loglik"] - wanted["logLik_REML"]) < 1e-3
        ours_var = sorted(row["vcov"] for row in fit["variances"])
        theirs = sorted(row["vcov"] for row in wanted["variance_components"])
        np.testing.assert_allclose(ours_var, theirs, rtol=1e-2)


def row(study, rule, table, **place):
    """Values of one row of a table, by column."""
    part = pd.read_parquet(study / f"data/processed/describe/{rule}/part.parquet")
    part = part[part["table"] == table]
    for name, value in ({"group": "", "wave": ""} | place).items():
        part = part[part[name] == value]
    return part.set_index("column")["value"]


def paired_as_r(ours, theirs):
    """Descriptive values exactly, tests to 1e-9 (R's file has 12 decimals)."""
    for mine, name in {
        "n": "n_pairs", "mean_first": "mean_pre", "mean_last": "mean_post", "change": "mean_change",
        "sd_change": "sd_change", "t": "t", "df": "df", "d_z": "d_z",
    }.items():  # fmt: skip
        assert ours[mine] == pytest.approx(theirs[name], rel=1e-9, abs=1e-11), mine
    assert ours["p"] == pytest.approx(theirs["p"], rel=1e-6)
    assert (ours["low"], ours["high"]) == pytest.approx(tuple(theirs["ci95"]), rel=1e-9)
    assert ours["wilcoxon"] == theirs["wilcoxon"]["V"]
    assert ours["wilcoxon_p"] == pytest.approx(theirs["wilcoxon"]["p"], rel=1e-6)
