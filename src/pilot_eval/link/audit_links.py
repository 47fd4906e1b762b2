"""Rule ``audit_links``: how often links are wrong and how often persons are missed, estimated in four ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pilot_eval.link.agreement import kappa
from pilot_eval.link.answers import answers_of, evidence_of
from pilot_eval.link.intervals import none_of, wilson, wilson_of
from pilot_eval.link.link_respondents import linked
from pilot_eval.link.persons import Answer
from pilot_eval.link.sample import drawn
from pilot_eval.link.scored import scores_of

#: Keys that identify a person alone: links by them are the truth that is hidden.
HIDDEN = ("person", "email")
AUDIT = ("method", "measure", "by", "level", "n", "n_events", "share", "low", "high")


def audit_links(
    placed: pd.DataFrame,
    pseudonyms: pd.DataFrame,
    pairs: pd.DataFrame,
    decoys: pd.DataFrame,
    respondents: pd.DataFrame,
    links: pd.DataFrame,
    cleaned: Sequence[pd.DataFrame],
    linkage: Mapping[str, Any],
    decisions: Sequence[Mapping[str, Any]],
    waves: Sequence[str],
    seed: int,
) -> dict[str, pd.DataFrame]:
    """Estimate the errors of linking; the scores of the linking itself are no evidence of them.

    Parameters
    ----------
    placed, pseudonyms, pairs, decoys, respondents, links : DataFrame
        From the rules of this stage.
    cleaned : sequence of DataFrame
        For the days on which was answered.
    linkage, decisions, waves, seed
        As in ``link_respondents``.

    Returns
    -------
    dict
        ``audit``: a row an estimate. ``hidden_key``: links by an id or e-mail address, made again without it:
        ``recall`` (found again) and ``precision`` (right among those made), overall, by role and by area of the
        earlier response, with Wilson's interval. ``sample``: links that a person checked, ``precision`` by stratum and
        overall, weighted to the strata, share and interval; where none was wrong the bound is that of the rule of
        three. ``reviewers``: where two persons decided cases, the share on which they agree, and Cohen's kappa.
        ``decoys``: share of persons who cannot be the same that were linked. ``impossible``: links that contradict
        themselves, a lower bound of the share that is wrong; a change of role is possible, and told for what it is.
    """
    used = placed[placed["_id"].isin(respondents["_id"])]
    answers = answers_of(used, pseudonyms, linkage["keys"], waves)
    own = links[links["automatic"]]
    rows = [
        *_hidden_key(answers, own, pairs, linkage, used),
        *_sample(own, linkage["sample"], seed, decisions),
        *_reviewers(decisions),
        *(_row("decoys", "false_share", "kind", str(kind), int(one["n_accepted"].sum()), int(one["n_tried"].sum()))
          for kind, one in decoys.groupby("kind", sort=True)),
        *_impossible(answers, own, cleaned),
    ]  # fmt: skip
    types = {"n": "Int64", "n_events": "Int64", "share": "float64", "low": "float64", "high": "float64"}
    found = pd.DataFrame([row for row in rows if row["n"]], columns=list(AUDIT))
    return {"audit": found.astype({name: types.get(name, "str") for name in AUDIT})}


def _row(method: str, measure: str, by: str, level: str, events: int, tried: int) -> dict[str, Any]:
    low, high = wilson(events, tried) if tried else (0.0, 1.0)
    return {"method": method, "measure": measure, "by": by, "level": level, "n": tried, "n_events": events,
            "share": events / tried if tried else np.nan, "low": low, "high": high}  # fmt: skip


def _hidden_key(
    answers: Sequence[Answer], links: pd.DataFrame, pairs: pd.DataFrame, linkage: Mapping[str, Any],
    placed: pd.DataFrame,
) -> list[dict[str, Any]]:  # fmt: skip
    by_key = links[links["link_pass"].isin(HIDDEN)]
    true = {frozenset(pair) for pair in zip(by_key["one_id"], by_key["other_id"], strict=True)}
    if not true:
        return []
    wave = {answer.row: answer.wave for answer in answers}
    partner = {(row, wave[other]): other for pair in true for row, other in (sorted(pair), sorted(pair)[::-1])}
    blind = [replace(answer, person="", email="") for answer in answers]
    rest = {**linkage, "keys": [key for key in linkage["keys"] if key not in HIDDEN]}
    again = linked(blind, scores_of(pairs, "score_without_keys"), rest, evidence_of(pairs), linkage["accept"])
    made = [
        tuple(sorted((one.row, other.row), key=lambda row: (wave[row], row)))
        for group in again.groups.members.values() for one, other in combinations(group, 2)
    ]  # fmt: skip
    judged = [pair for pair in made if (pair[0], wave[pair[1]]) in partner or (pair[1], wave[pair[0]]) in partner]
    right = {frozenset(pair) for pair in judged if frozenset(pair) in true}
    facts = placed.set_index("_id")[["role", "area"]].to_dict("index")
    tried = {
        "recall": [(min(pair, key=lambda row: (wave[row], row)), pair in right) for pair in sorted(true, key=sorted)],
        "precision": [(pair[0], frozenset(pair) in true) for pair in judged],
    }  # fmt: skip
    rows = []
    for measure, cases in tried.items():
        rows.append(_row("hidden_key", measure, "", "", sum(good for _, good in cases), len(cases)))
        for by in ("role", "area"):
            for level in sorted({facts[row][by] for row, _ in cases}):
                own = [good for row, good in cases if facts[row][by] == level]
                rows.append(_row("hidden_key", measure, by, level, sum(own), len(own)))
    return rows


def _sample(
    links: pd.DataFrame, size: int, seed: int, decisions: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:  # fmt: skip
    sample = drawn(links, size, seed)
    said = {entry["case"]: entry["decision"] for entry in decisions if entry["decision"] in ("same", "different")}
    sample["said"] = sample["case"].map(said)
    sizes = sample.groupby("stratum")["weight"].sum()
    judged = sample[sample["said"].notna()]
    if judged.empty:
        return []
    right = judged["said"] == "same"
    rows = [
        _row("sample", "precision", "stratum", str(name), int(right[own.index].sum()), len(own))
        for name, own in judged.groupby("stratum", sort=True)
    ]  # fmt: skip
    known = judged.assign(right=right).groupby("stratum")["right"].agg(["mean", "size"])
    weights = sizes[known.index] / sizes[known.index].sum()
    whole = _row("sample", "precision", "", "", int(right.sum()), len(judged))
    whole["share"] = min(1.0, float((known["mean"] * weights).sum()))
    # links of a large stratum that was checked thinly count for many: the sample is worth fewer that are drawn evenly
    worth = 1 / float((weights**2 / known["size"]).sum())
    whole["low"], whole["high"] = (1 - none_of(worth), 1.0) if right.all() else wilson_of(whole["share"], worth)
    return [whole, *rows]


def _reviewers(decisions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How far two persons agree who decided the same cases."""
    both = [(entry["decision"], entry["second"]) for entry in decisions if entry["decision"] and entry.get("second")]
    if not both:
        return []
    one, other = zip(*both, strict=True)
    agreed = sum(mine == its for mine, its in both)
    rows = [_row("reviewers", "agreement", "", "", agreed, len(both))]
    found = kappa(one, other)
    if found:
        told = dict(zip(("share", "low", "high"), found, strict=True))
        rows.append(_row("reviewers", "kappa", "", "", agreed, len(both)) | told)
    return rows


def _impossible(
    answers: Sequence[Answer], links: pd.DataFrame, cleaned: Sequence[pd.DataFrame]
) -> list[dict[str, Any]]:  # fmt: skip
    known = {answer.row: answer for answer in answers}
    day = {row: str(when) for frame in cleaned for row, when in zip(frame["_id"], frame["completed"], strict=True)}
    found = {"birth_year": [0, 0], "date": [0, 0], "role": [0, 0]}
    for one, other in zip(links["one_id"], links["other_id"], strict=True):
        early, late = known[one], known[other]
        told = {"birth_year": (early.birth_year, late.birth_year), "role": (early.role, late.role),
                "date": (day.get(one, ""), day.get(other, ""))}  # fmt: skip
        for name, (before, after) in told.items():
            if before and after:
                found[name][1] += 1
                found[name][0] += after < before if name == "date" else after != before
    return [_row("impossible", "false_share", "what", name, *counts) for name, counts in found.items()]
