"""Placed responses, pseudonyms, scored pairs and cleaned rows of made-up persons, as the rules of link hand them on."""

import pandas as pd

from pilot_eval.link.contracts import CONTRACTS
from pilot_eval.link.likeness import FIELDS
from pilot_eval.link.link_respondents import link_respondents
from pilot_eval.link.scorers import tidy
from pilot_eval.study.model import Linkage

WAVES = ["before", "after", "later"]
KEYS = ("person", "email", "name_organisation")
HASHED = ("person", "email", "name", "birth_year")


FIXED = ("_id", "_file", "instrument", "wave", "response", "completed")


def people(**waves):
    """Placed rows, pseudonyms and cleaned rows from persons by wave: mappings of keys, place and answers."""
    placed, pseudonyms, cleaned = [], [], []
    for wave, rows in waves.items():
        for number, row in enumerate(rows, start=2):
            _id = f"{row.get('instrument', 'form')}_{wave}-{number}"
            place = {"_id": _id, "_file": f"data/raw/{wave}.csv", "_row": number, "source": f"form_{wave}",
                     "instrument": "form", "wave": wave, "role": "lead", "organisation": "s1",
                     "organisation_kind": "school", "area": "north", "placed_by": "key"}  # fmt: skip
            placed.append(place | {key: row[key] for key in place if key in row})
            pseudonyms += [(_id, kind, row[kind]) for kind in HASHED if row.get(kind)]
            words = row.get("name", "").split()
            pseudonyms += [(_id, "name_part", part) for part in words]
            pseudonyms += [(_id, "first", words[0]), (_id, "last", words[-1])] if len(words) > 1 else []
            answers = row.get("answers", [1, 2])
            cleaned.append(
                {name: placed[-1][name] for name in ("_id", "_file", "instrument", "wave")}
                | {"response": "", "completed": row.get("day", ""), "q1": answers[0], "q2": answers[1]}
            )
    cleaned = pd.DataFrame(cleaned, columns=[*FIXED, "q1", "q2"])
    hashed = pd.DataFrame(pseudonyms, columns=["_id", "kind", "hash"], dtype="str").assign(key_id="0123abcd")
    return (
        pd.DataFrame(placed).astype({"_row": "Int64"}),
        hashed,
        [cleaned.astype(dict.fromkeys(FIXED, "str") | {"q1": "float64", "q2": "float64"})],
    )


def scored(*rows, without=None):
    """Pairs from ``(row id, other row id, score)``, or with a mapping of fields behind."""
    waves = [one.split("_")[1].split("-")[0] for one, *_ in rows]
    later = [other.split("_")[1].split("-")[0] for _, other, *_ in rows]
    frame = pd.DataFrame(
        [{"_id": one, "other": other, **dict.fromkeys(FIELDS, float("nan")), "score": score,
          "score_without_keys": score if without is None else without, **(more[0] if more else {})}
         for one, other, score, *more in rows],
    )  # fmt: skip
    pairs = tidy([frame] if rows else []).assign(instrument="form", role=1.0)
    order = {(one, other): (a, b) for (one, other, *_), a, b in zip(rows, waves, later, strict=True)}
    found = [order[pair] for pair in zip(pairs["_id"], pairs["other"], strict=True)]
    pairs["wave"] = pd.Series([a for a, _ in found], dtype="str")
    pairs["other_wave"] = pd.Series([b for _, b in found], dtype="str")
    pairs["instrument"] = pairs["instrument"].astype("str")
    return pairs.loc[:, list(CONTRACTS["score_pairs.pairs"].columns)]


def settings(**more):
    """The linkage of a study."""
    return Linkage(**({"keys": KEYS} | more)).model_dump(mode="json")


def link(pairs=(), decisions=(), waves=WAVES, people_of=None, **more):
    """Link made-up persons, given by wave, and hold the result against its contracts."""
    names = {name: more.pop(name) for name in list(more) if name in waves}
    placed, pseudonyms, cleaned = people_of or people(**names)
    made = link_respondents(placed, pseudonyms, scored(*pairs), cleaned, settings(**more), list(decisions), list(waves))
    for name, schema in CONTRACTS.items():
        if name.startswith("link_respondents."):
            schema.validate(made[name.split(".")[1]], lazy=True)
    assert len(made["respondents"]) + len(made["rejects"]) == len(placed)
    # nobody twice in a wave
    waves_of = made["respondents"].merge(placed, on="_id")
    assert not waves_of.duplicated(["respondent", "wave", "instrument"]).any()
    return made


def passes(made):
    """What linked each response."""
    return made["respondents"]["link_pass"].tolist()
