"""A made-up study that has a figure of every kind, with labels as one likes, and its disclosed cells."""

import itertools

import pandas as pd
from made import kept_cells, made_areas, made_study

from pilot_eval.disclose.hide_cells import hide_cells
from pilot_eval.parts import measured, part_of
from pilot_eval.publish import draw_figures
from pilot_eval.publish.figures import style
from pilot_eval.publish.lookup import Lookup

CODED = {
    "id": "codes", "label": "Reasons for success", "items": {"lead": "A lead", "paths": "Clear paths"},
    "occasions": {}, "levels": {"0": "No evidence", "1": "Some", "2": "Strong"}, "note": "Coded by two.",
}  # fmt: skip
RATED = {
    "id": "tours", "label": "Tours", "items": {"c": "Corridors", "d": "Dining"},
    "occasions": {"v1": "First tour", "v2": "Second tour"}, "levels": {"1": "Poor", "2": "Fair", "3": "Good"},
    "note": "",
}  # fmt: skip


def full_study(waves=3, roles=3):
    """A study with every kind of figure."""
    study = made_study(waves=waves, roles=roles)
    return study | {
        "evidence": [*study["evidence"], RATED, CODED],
        "asked": [{"id": "rose", "kind": "ratings", "evidence": "tours"},
                  {"id": "why", "kind": "factors", "evidence": "codes", "outcome": "calm"}],
        "starts": [{"id": "weak", "outcome": "calm", "parts": 3}],
        "perceptions": [{"id": "both", "label": "Trust", "outcome": "calm"}], "sides": ["day_ward", "night_ward"],
    }  # fmt: skip


def labelled(study, label):
    """The same study with this label in the place of every other: words, waves, questions, answers, units, sides."""
    study = dict(study)
    for kind in ("waves", "roles", "outcomes", "scales", "questions", "evidence", "perceptions"):
        study[kind] = [{**one, "label": f"{label} {at}"} for at, one in enumerate(study[kind])]
    study["questions"] = [
        {**one, "labels": [[code, f"{label} {code}"] for code, _ in one["labels"]]} for one in study["questions"]
    ]
    study["evidence"] = [
        {**one, "note": label, **{key: {name: f"{label} {name}" for name in one[key]}
                                  for key in ("items", "occasions", "levels")}}
        for one in study["evidence"]
    ]  # fmt: skip
    study["outcomes"] = [{**one, "unit": f"{label} {at}"} for at, one in enumerate(study["outcomes"])]
    study["sides"] = [f"{label} left", f"{label} right"]
    return study | {"words": {key: f"{word} {label}" for key, word in study["words"].items()},
                    "areas_public_as": "name"}  # fmt: skip


def full_cells(study, codes=("east-end", "northam", "south-bank", "westbury", "midmoor"), few=("northam",), name=""):
    """Disclosed cells of every figure; ``name`` stands before the names of the areas, where they are public."""
    areas = made_areas(codes)
    tables = {**_ratings(study), **_factors(study, codes, few), **_starts(study), "scale_items": _items(study)}
    limits = {"min_respondents": 5, "min_organisations": 1, "round_counts_to": 5}
    more = hide_cells([part_of("made", tables)], areas, limits, study["areas_public_as"], ["calm"])["cells"]
    cells = pd.concat([kept_cells(study, areas, few), more], ignore_index=True)
    if study["areas_public_as"] == "name":
        public = {letter: f"{name} {letter}".strip() for letter in areas["letter"]}
        cells["area_label"] = [public.get(letter, "") for letter in cells["area_letter"]]
    return cells


def picture(cells, study, planned, times=2):
    """A figure of the plan: as it is drawn, what is said about it, and so many renderings as SVG."""
    with style.styled(planned["name"]):
        drawing = draw_figures.KINDS[planned["kind"]].draw(Lookup(cells), study, planned["subject"])
        figure = drawing.figure or draw_figures._note(drawing.title)
        style.with_known_glyphs(figure)
        svgs = [style.svg(figure, planned["name"], drawing.title, drawing.alt, study["synthetic"])
                for _ in range(times)]  # fmt: skip
    return figure, drawing, svgs


def _ratings(study):
    levels, moves, change = [], [], []
    for item, name in study["evidence"][1]["items"].items():
        for occasion, at in (("v1", (4, 2, 0)), ("v2", (0, 2, 4))):
            for level, number in enumerate(at, start=1):
                place = {"group": f"rose.{item}.{occasion}.{level}"}
                levels += measured({"rated": 6, "at_level": number, "share": number / 6}, **place)
        moves += measured({"median_first": 1, "median_last": 3}, group=f"rose.{item}", group_label=name)
        change += measured({"odds_ratio": 2.0 if item == "c" else 3.0}, group=f"rose.{item}")
    change += measured({"odds_ratio": 2.5, "low": 1.4, "high": 4.1}, group="rose")
    return {"rating_levels": levels, "rating_moves": moves, "rating_change": change}


def _factors(study, codes, few):
    display, ranks = [], []
    items, unit = study["evidence"][2]["items"], study["outcomes"][0]["unit"]
    for at, area in enumerate(codes):
        place = {"outcome": "calm", "area": area, "group": "why"}
        change = 0.1 * at - 0.1
        display += measured({"estimate": change, "low": change - 0.2, "high": change + 0.2}, unit=unit,
                            n=2 if area in few else 30, **place)  # fmt: skip
        display += [{"column": f"strength_{item}", "kind": "statistic", "digits": 0, "value": (at + len(item)) % 3,
                     **place} for item in items]  # fmt: skip
    for item, rho in (("lead", -0.3), ("paths", 0.6)):
        place = {"outcome": "calm", "group": f"why.{item}", "group_label": items[item], "n": 180}
        ranks += measured({"rho": rho, "low": rho - 0.3, "high": rho + 0.3, "p_adjusted": 0.2}, **place)
    return {"joint_display": display, "factor_ranks": ranks}


def _starts(study):
    parts = []
    unit = study["outcomes"][0]["unit"]
    for at, (start, change) in enumerate(((2.5, 0.6), (3.0, 0.4), (3.5, 0.2)), start=1):
        found = {"mean_first": start, "change": change, "low": change - 0.3, "high": change + 0.3}
        parts += measured(found, outcome="calm", group=f"weak.part-{at}-of-3", n=40, n_organisations=9, unit=unit)
    slopes = measured({"estimate": -0.3, "low": -0.9, "high": 0.3, "naive": -0.45}, outcome="calm", group="weak",
                      n=90, n_organisations=30)  # fmt: skip
    return {"start_parts": parts, "start_slope": slopes}


def _items(study):
    """Missing answers of several tones; the first item is too thin to be shown at the first wave, nor in all."""
    shares = itertools.cycle([0.31, 0.31, 0.31, 0.04, 0.06, 0.25])
    names = {question["id"]: question["label"] for question in study["questions"]}
    return [
        cell
        for scale in study["scales"]
        for item in (name.removeprefix("-") for name in scale["items"])
        for at, wave in enumerate(study["waves"])
        for cell in measured(
            {"n": 300, "missing": next(shares)}, outcome=scale["id"], group=item, group_label=names[item],
            wave=wave["id"], n=2 if item == scale["items"][0] and not at else 300,
        )
    ]  # fmt: skip
