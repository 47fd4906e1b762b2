"""Scores by a trained model: Fellegi and Sunter's, fitted without truth by splink, for very many records.

The packages of the extra ``splink`` are needed. The model's probabilities are over-confident: a study that uses them
sets ``linkage.accept`` to 0.99, and reads its error rates in the audit, never in the scores.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.link.likeness import FIELDS
from pilot_eval.link.scorers import KEYS, SCORED, score_block, tidy

#: Pairs that the model is shown to learn how often chance makes fields agree.
RANDOM_PAIRS = 1_000_000
SEED = 1


def score_by_model(left: pd.DataFrame, right: pd.DataFrame, weights: Mapping[str, float], least: float) -> pd.DataFrame:
    """Probability that a pair is one person. See :class:`pilot_eval.link.scorers.Scorer`.

    A field of weight 0 is not used; other weights are learned from the data. Likenesses of fields are those of
    :mod:`pilot_eval.link.likeness`.

    Raises
    ------
    StudyFaults
        LNK-21 when splink is not installed.
    """
    used = [name for name in FIELDS if weights[name] > 0 and (left[name] != "").any() and (right[name] != "").any()]
    score = _probabilities(left, right, used, least)
    without = _probabilities(left, right, [name for name in used if name not in KEYS], least)
    score_of = score.rename("score").to_frame().join(without.rename("score_without_keys"), how="outer")
    if score_of.empty:
        return tidy([])
    scored = score_of.rename_axis(["_id", "other"]).reset_index()
    blocks = []
    for area, mine in left[(left["area"] != "") & left["_id"].isin(scored["_id"])].groupby("area", sort=True):
        its = right[(right["area"] == area) & right["_id"].isin(scored["other"])]
        if len(its):
            blocks.append(score_block(mine, its, weights, 0.0, upper=left is right))
    fields = tidy(blocks).drop(columns=["score", "score_without_keys"])
    return tidy([fields.merge(scored, on=["_id", "other"], validate="one_to_one")[list(SCORED)]])


def _probabilities(left: pd.DataFrame, right: pd.DataFrame, fields: list[str], least: float) -> pd.Series[Any]:
    """Match probability by pair of row ids, of one area, from ``least``."""
    try:
        import splink.comparison_library as compare
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    except ImportError:
        raise StudyFaults(
            [Fault("LNK-21", "STOP", "config/study.yaml", "scorer splink, whose packages are not installed",
                   "likeness, or the extra", "pip install 'pilot_eval[splink]', or leave linkage.scorer out", None,
                   "linkage.scorer")]
        ) from None  # fmt: skip
    logging.getLogger("splink").setLevel(logging.ERROR)
    comparisons = [
        compare.ExactMatch(name) if name in ("organisation", "birth_year")
        else compare.JaroWinklerAtThresholds(name, [0.95, 0.85]) for name in fields
    ]  # fmt: skip
    dedupe = left is right
    settings = SettingsCreator(
        link_type="dedupe_only" if dedupe else "link_only", unique_id_column_name="_id", comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on("area")],
    )  # fmt: skip
    api = DuckDBAPI()
    tables = [
        api.register(_known(side), dataset_display_name=name)
        for name, side in (("a", left), ("b", right))[: 1 if dedupe else 2]
    ]  # fmt: skip
    linker = Linker(tables if not dedupe else tables[0], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("first", "last")], recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    training.estimate_parameters_using_expectation_maximisation(block_on("last"))
    training.estimate_parameters_using_expectation_maximisation(block_on("first"))
    found = linker.inference.predict(threshold_match_probability=least).as_pandas_dataframe()
    pairs = found[["_id_l", "_id_r"]].astype("str")
    own = set(left["_id"])
    turned = ~pairs["_id_l"].isin(own)
    one, other = pairs["_id_l"].where(~turned, pairs["_id_r"]), pairs["_id_r"].where(~turned, pairs["_id_l"])
    if dedupe:
        place = {row: number for number, row in enumerate(left["_id"])}
        late = one.map(place) > other.map(place)
        one, other = one.where(~late, other), other.where(~late, one)
    keys = pd.MultiIndex.from_arrays([one, other])
    return pd.Series(found["match_probability"].to_numpy(dtype="float64"), index=keys).sort_index()


def _known(side: pd.DataFrame) -> pd.DataFrame:
    """Persons of a known area, with missing values as nulls: missing never equals missing."""
    known = side[side["area"] != ""].astype("object")
    return known.where(known != "", None)
