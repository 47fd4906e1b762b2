"""A made-up study in plain words, and disclosed cells of every table for any study: what publish is tested on."""

import functools
import hashlib
import math
import random

import pandas as pd

from pilot_eval.disclose.hide_cells import hide_cells
from pilot_eval.ledger import cells

#: A model as ``fit_change`` tells of it.
FIT = {
    "model": "m", "outcome": "mood", "planned": "mood ~ wave", "status": "fitted", "reason": "", "respondents": 43,
    "areas": 3, "formula": "mood ~ wave + (1 | area)", "left_out": [], "loglik": -12.34567, "converged": True,
    "singular": False, "df_method": "satterthwaite",
    "second_fit": {"done": True, "agrees": True, "largest_fixed_difference": 1e-5, "loglik_difference": 2e-7},
}  # fmt: skip
WORDS = {
    "area": "district", "areas": "districts", "organisation": "clinic", "organisations": "clinics",
    "respondent": "nurse", "respondents": "nurses",
}  # fmt: skip


def made_study(waves=3, roles=1, synthetic=True):
    """What ``printed`` gives of a small study: three waves, one instrument, no dyads, one set of ratings."""
    outcome = {
        "scale": None, "item": None, "unit": "points on a 1 to 5 scale", "roles": [], "higher_is_better": True,
        "headline": False, "smallest_change": None, "digits": 2, "because": "Asked.",
        "asked": "", "varied": "",
    }  # fmt: skip
    labels = [[1, "Never"], [2, "Seldom"], [3, "Often"], [4, "Always"]]
    return {
        "title": "Calm wards", "short_title": "Calm", "geography": "Nowhere", "period": "2020", "release": "0.1",
        "organisation": "The makers", "synthetic": synthetic, "words": WORDS, "areas_public_as": "letter",
        "citation": "",
        "waves": [{"id": f"w{at}", "label": f"Round {at}", "start": f"202{at}-01-01", "end": f"202{at}-02-01",
                   "months": 6.0 * (at - 1)} for at in range(1, waves + 1)],
        "roles": [{"id": f"role{at}", "label": f"Role {at}", "share": 1.0, "invited": None}
                  for at in range(1, roles + 1)],
        "instruments": [{"id": "form", "label": "The form", "role": None, "organisation": None}],
        "outcomes": [
            outcome | {"id": "calm", "label": "Calm", "scale": "calm", "headline": True},
            outcome | {"id": "speed", "label": "Speed & $care$", "item": "speed", "unit": "minutes",
                       "higher_is_better": False},
        ],
        "scales": [{"id": "calm", "label": "Calm", "items": ["still", "-noisy"], "minimum": 1, "low": 1.0, "high": 4.0,
                    "higher": "better"}],
        "questions": [
            {"id": "still", "label": "The ward is still", "type": "likert", "labels": labels},
            {"id": "noisy", "label": "The ward is <noisy>", "type": "likert", "labels": labels},
            {"id": "speed", "label": "Minutes", "type": "number", "labels": []},
        ],
        "evidence": [{
            "id": "walks", "label": "Walks", "source": "walks", "area": "area", "item": "item", "value": "value",
            "occasion": "visit", "items": {"a": "Light", "b": "Doors"},
            "occasions": {"v1": "First visit", "v2": "Second"},
            "levels": {"1": "Poor", "2": "Fair", "3": "Good"}, "note": "",
        }],
        "asked": [], "starts": [],
        "attendance": False, "perceptions": [], "sides": [], "agreements": [], "replications": [],
        "models": [{"id": "main", "label": "Change", "formula": "{outcome} ~ wave + (1 + wave | area)", "outcomes": [],
                    "reml": True, "because": "Answers of one district resemble one another."}],
        "fits": [["main", "calm"], ["main", "speed"]],
        "challenges": {"matched": [], "leave_areas_out": ["calm"]}, "multiplicity": "holm",
        "linkage": {"keys": ["person"], "duplicates": "latest", "accept": 0.92},
        "disclosure": {"min_respondents": 5, "min_organisations": 1, "round_counts_to": 5, "because": "Few."},
        "people": {"analyst": "", "assurer": "", "approver": ""}, "background": ["Wards were noisy."],
        "good_practice": [{"label": "Light & air", "pages": [{"name": "windows", "title": "Open <windows>"}]}],
        "limits": ["Nothing was compared with other wards."], "assumptions": [],
    }  # fmt: skip


def made_areas(codes):
    """The table of areas with the letters under which the public sees them: not in the order of the codes."""
    codes = list(codes)
    mixed = sorted(codes, key=lambda code: hashlib.sha256(code.encode()).digest())
    letters = {code: (chr(65 + at % 26) if at < 26 else f"A{chr(65 + at - 26)}") for at, code in enumerate(mixed)}
    return pd.DataFrame(
        {"area": codes, "name": [code.replace("-", " ").title() for code in codes],
         "letter": [letters[code] for code in codes],
         "order": pd.array([mixed.index(code) + 1 for code in codes], dtype="Int64")}
    )  # fmt: skip


@functools.lru_cache(maxsize=4)
def _cells_of(key):
    study, areas, few = _KEPT[key]
    return made_cells(study, areas, few)


_KEPT = {}


def kept_cells(study, areas, few=()):
    """Made cells, made once for each study."""
    key = repr((study, areas["area"].tolist(), few))
    _KEPT[key] = (study, areas, few)
    return _cells_of(key)


def without_estimates(cells):
    """The same cells when no model could be fitted."""
    lost = cells["table"].str.startswith(("change_", "model_terms", "challenge"))
    cells = cells.assign(shown=cells["shown"].mask(lost, "[x]"), status=cells["status"].mask(lost, "x"))
    return cells.assign(value=cells["value"].mask(lost), n=cells["n"].mask(lost))


def made_cells(study, areas, few=()):
    """Disclosed cells of every table that a study has; areas in ``few`` have too few answers to be shown."""
    chance = random.Random(7)
    waves = [wave["id"] for wave in study["waves"]]
    codes = areas["area"].tolist()
    size = {code: 2 if code in few else chance.randint(16, 45) for code in codes}
    tables = {name: [] for name in (
        "flow", "response_by_area", "response_by_role", "items", "paired", "means", "means_by_area", "agreement",
        "perceptions", "ratings",
        "attendance", "change_overall", "change_adjusted", "change_by_role", "change_by_area", "change_variation",
        "model_terms", "challenge", "reliability", "replication", "attrition",
    )}  # fmt: skip

    def add(table, column, value, kind, n=200, **more):
        tables[table].append({"column": column, "value": value, "kind": kind, "n": n, **more})

    total = sum(size.values())
    for level, whole in (("records", total), ("respondents", total), ("areas", len(codes))):
        if level == "records":
            add("flow", "n", 2 * whole + 40, "count", None, group="records.delivered", group_label="Records delivered")
            for reason, gone in (("duplicate_record", 25), ("outside_pilot", 15)):
                label = f"Not used: {reason.replace('_', ' ')}"
                add("flow", "n", gone, "count", None, group=f"records.rejected.{reason}", group_label=label)
            add("flow", "n", 2 * whole, "count", 2 * whole, group="records.analysed", group_label="Records analysed")
        for at, wave in enumerate(waves if level != "records" else []):
            n = None if level == "areas" else whole - 15 * at
            value = whole if level == "areas" else whole - 15 * at
            if level == "respondents":
                add(
                    "flow",
                    "n",
                    whole + 200,
                    "count",
                    None,
                    group=f"respondents.{wave}.invited",
                    group_label="Invited",
                    wave=wave,
                )
                add(
                    "flow",
                    "n",
                    200 + 15 * at,
                    "count",
                    None,
                    group=f"respondents.{wave}.not_responded",
                    group_label="Did not respond",
                    wave=wave,
                )
            add("flow", "n", value, "count", n, group=f"{level}.{wave}.responded", group_label="Responded", wave=wave)
            if at and level == "respondents":
                for box, words, part in (
                    ("followed", f"Answered at {waves[0]} too", value - 90),
                    ("new", f"Did not answer at {waves[0]}", 20),
                    ("lost", f"Answered at {waves[0]}, not here", 35),
                ):
                    add("flow", "n", part, "count", part, group=f"{level}.{wave}.{box}", group_label=words, wave=wave)
    for kind, many in zip(study["sides"], (255, 61), strict=False):
        add("flow", "n", many, "count", None, group=f"organisations.{kind}.registered", group_label="In the register")
        for at, wave in enumerate(waves):
            there = many - 20 - 30 * at
            add(
                "flow",
                "n",
                there,
                "count",
                there * 2,
                group=f"organisations.{kind}.{wave}.responded",
                group_label="With an answer",
                wave=wave,
            )
            add(
                "flow",
                "n",
                many - there,
                "count",
                None,
                group=f"organisations.{kind}.{wave}.not_responded",
                group_label="Without an answer",
                wave=wave,
            )
    for at, wave in enumerate(waves):
        for code in codes:
            n = max(1, size[code] - 4 * at)
            place = {"area": code, "wave": wave}
            add("response_by_area", "organisations", 20, "count", None, **place)
            add("response_by_area", "organisations_answered", 15, "count", None, **place)
            add("response_by_area", "organisations_share", 0.75, "share", None, digits=3, **place)
            add("response_by_area", "responded", n, "count", n, **place)
            add(
                "response_by_area", "followed", n - 1 if at else math.nan, "count", n, status="" if at else "z", **place
            )
            add(
                "response_by_area",
                "retention",
                (n - 1) / (n + 3) if at else math.nan,
                "share",
                n,
                digits=3,
                status="" if at else "z",
                **place,
            )
        n = sum(max(1, size[code] - 4 * at) for code in codes)
        for table in ("response_by_area", "response_by_role"):
            add(table, "responded", n, "count", n, wave=wave)
        add("response_by_role", "invited", n + 200, "count", None, wave=wave)
        add("response_by_role", "rate", n / (n + 200), "share", n + 200, digits=3, wave=wave)
    for question in study["questions"]:
        if not question["labels"]:
            continue
        for at, wave in enumerate(waves):
            weights = [
                abs(chance.gauss(2 + 0.5 * (at + 1) * place, 0.8)) + 0.4 for place in range(len(question["labels"]))
            ]
            add("items", "n", 300, "count", 300, group=question["id"], group_label=question["label"], wave=wave)
            for (code, label), weight in zip(question["labels"], weights, strict=True):
                place = {
                    "group": f"{question['id']}.{code}",
                    "group_label": f"{question['label']}: {label}",
                    "wave": wave,
                }
                add(
                    "items",
                    "n",
                    round(300 * weight / sum(weights)),
                    "count",
                    round(300 * weight / sum(weights)),
                    **place,
                )
                add("items", "share", weight / sum(weights), "share", 300, digits=3, **place)
    for outcome in study["outcomes"]:
        _outcome(add, study, outcome, codes, size, chance)
    for agreement in study["agreements"]:
        for column, value, kind in (
            ("n", 420, "count"),
            ("agree", 0.783, "share"),
            ("low", 0.742, "bound"),
            ("high", 0.82, "bound"),
        ):
            add(
                "agreement", column, value, kind, 420, group=agreement["id"], **({} if column == "n" else {"digits": 3})
            )
    for perception in study["perceptions"]:
        for at, wave in enumerate(waves):
            place = {"group": perception["id"], "wave": wave}
            add("perceptions", "n", 150, "count", 150, **place)
            for column, value in (
                ("left_mean", 2.9 + 0.4 * at),
                ("right_mean", 3.2 + 0.25 * at),
                ("gap", -0.3 + 0.15 * at),
                ("gap_low", -0.44 + 0.15 * at),
                ("gap_high", -0.16 + 0.15 * at),
            ):
                add("perceptions", column, value, "estimate", 150, **place)
    for evidence in study["evidence"]:
        _evidence(add, evidence, codes, chance)
    parts = [cells(f"make_{table}", table, pd.DataFrame(rows)) for table, rows in tables.items() if rows]
    thresholds = {"min_respondents": 5, "min_organisations": 1, "round_counts_to": 5}
    return hide_cells(parts, areas, thresholds, study["areas_public_as"], [one["id"] for one in study["outcomes"]])[
        "cells"
    ]


def _outcome(add, study, outcome, codes, size, chance):
    waves = [wave["id"] for wave in study["waves"]]
    own = {"outcome": outcome["id"], "unit": outcome["unit"], "digits": outcome["digits"]}
    start, change = chance.uniform(2.4, 3.2), chance.uniform(-0.02, 0.5)
    roles = [role for role in study["roles"] if not outcome["roles"] or role["id"] in outcome["roles"]]
    shares = {"share of": 0.2}.get(outcome["unit"][:8], 1.0)
    start, change = start * shares, change * shares
    groups = {"matched": 0.0, "unmatched": -0.1, "all": -0.03}
    if len(roles) > 1:
        groups |= {f"role:{role['id']}": chance.uniform(-0.3, 0.3) for role in roles}
    for group, shift in groups.items():
        for at, wave in enumerate(waves):
            mean = start + shift * shares + change * at / (len(waves) - 1)
            place = own | {"group": group, "wave": wave}
            for column, value, kind in (
                ("mean", mean, "mean"),
                ("low", mean - 0.08 * shares, "bound"),
                ("high", mean + 0.08 * shares, "bound"),
                ("sd", 0.7 * shares, "sd"),
            ):
                add("means", column, value, kind, 300, **place)
    values = {"mean_first": start, "mean_last": start + change, "change": change, "low": change - 0.07 * shares,
              "high": change + 0.07 * shares, "t": 4.2, "df": 260.0, "p": 0.0004, "d_z": change / 0.8,
              "standardised": change / 0.7}  # fmt: skip
    kinds = {"mean_first": "mean", "mean_last": "mean", "t": "statistic", "df": "df", "p": "p", "low": "bound",
             "high": "bound"}  # fmt: skip
    replicated = [entry["id"] for entry in study["replications"] if outcome["id"] in entry["outcomes"]]
    for table, place in [("paired", {}), *(("replication", {"group": entry}) for entry in replicated)]:
        add(table, "n", 260, "count", 260, outcome=outcome["id"], **place)
        for column, value in values.items():
            digits = {"p": 3, "df": 0}.get(column, outcome["digits"])
            add(table, column, value, kinds.get(column, "estimate"), 260, **{**own, **place, "digits": digits})
    for column, value, kind in (("stayed_mean", start, "mean"), ("left_mean", start - 0.1, "mean"),
                                ("difference", -0.14, "estimate")):  # fmt: skip
        add("attrition", column, value, kind, 120, **own)
    later = [""] if len(waves) == 2 else waves[1:]
    for at, wave in enumerate(later):
        part = change * (at + 1) / len(later)
        for column, value, kind in (
            ("estimate", part, "estimate"),
            ("se", 0.04 * shares, "sd"),
            ("df", 21.0, "df"),
            ("low", part - 0.09 * shares, "bound"),
            ("high", part + 0.09 * shares, "bound"),
            ("p", 0.0004, "p"),
            ("standardised", part / 0.7, "estimate"),
            ("statistic", 5.1, "statistic"),
        ):
            add(
                "change_overall",
                column,
                value,
                kind,
                500,
                **own | {"wave": wave} | ({"digits": 3} if kind == "p" else {}),
            )
    for column in ("p", "p_adjusted"):
        add("change_adjusted", column, 0.0031, "p", 500, outcome=outcome["id"])
    for role in roles if len(roles) > 1 else []:
        part = change + chance.uniform(-0.2, 0.2) * shares
        for column, value, kind in (
            ("estimate", part, "estimate"),
            ("low", part - 0.13 * shares, "bound"),
            ("high", part + 0.13 * shares, "bound"),
        ):
            add("change_by_role", column, value, kind, 130, **own | {"group": role["id"]})
    for code in codes:
        part = change + chance.gauss(0, 0.15) * shares
        for column, value, kind in (
            ("raw", 1.4 * part, "estimate"),
            ("estimate", part, "estimate"),
            ("se", 0.1 * shares, "sd"),
            ("low", part - 0.2 * shares, "bound"),
            ("high", part + 0.2 * shares, "bound"),
        ):
            add("change_by_area", column, value, kind, size[code], **own | {"area": code})
        for at, wave in enumerate(waves):
            add("means_by_area", "mean", start + at * part, "mean", size[code], **own | {"area": code, "wave": wave})
    for column, value, kind in (
        ("sd_change", 0.15 * shares, "sd"),
        ("sd_start", 0.2 * shares, "sd"),
        ("icc_area", 0.08, "estimate"),
        ("new_low", change - 0.33 * shares, "bound"),
        ("new_high", change + 0.33 * shares, "bound"),
        ("p", 0.004, "p"),
    ):
        add("change_variation", column, value, kind, 500, **own)
    for model, fitted in study["fits"]:
        if fitted == outcome["id"]:
            for term in ("intercept", "wave"):
                place = own | {"group": f"{model}.{term}", "group_label": f"{model}: {term}"}
                add("model_terms", "estimate", change, "estimate", 500, **place)
                add("model_terms", "se", 0.04 * shares, "sd", 500, **place)
    for column, value, kind in (
        ("estimate", change + 0.03 * shares, "estimate"),
        ("low", change - 0.07 * shares, "bound"),
        ("high", change + 0.13 * shares, "bound"),
    ):
        add("challenge", column, value, kind, 260, **own | {"group": "matched"})
    if outcome["id"] in study["challenges"]["leave_areas_out"]:
        for column, value in (("least", change - 0.03 * shares), ("greatest", change + 0.025 * shares)):
            add("challenge", column, value, "estimate", 500, **own | {"group": "leave_areas_out"})
    if outcome["scale"]:
        for wave in waves:
            place = {"outcome": outcome["scale"], "wave": wave}
            add("reliability", "n", 300, "count", 300, **place)
            add("reliability", "alpha", 0.84, "estimate", 300, **place)


def _evidence(add, evidence, codes, chance):
    levels = [int(level) for level in evidence["levels"]]
    seen = codes if evidence["occasions"] else codes[:10]
    for item, name in evidence["items"].items():
        for at, occasion in enumerate(evidence["occasions"] or [""]):
            group = ".".join(word for word in (evidence["id"], item, occasion) if word)
            given = {
                code: min(max(levels), max(min(levels), chance.choice(levels) + at * chance.randint(0, 1)))
                for code in seen
            }
            label = f"{name}, {evidence['occasions'][occasion]}" if occasion else name
            for area, values in [("", list(given.values())), *((code, [value]) for code, value in given.items())]:
                place = {"area": area, "group": group, "group_label": label}
                add("ratings", "n", len(values), "count", None, **place)
                add("ratings", "mean", sum(values) / len(values), "mean", None, **place)
