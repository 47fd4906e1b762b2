"""Linkage of persons and of typed school names, held against a truth that the generator knows.

``python benchmarks/linkage.py`` draws 2,600 made-up persons three times at each of three noise levels, links their
responses as the pipeline does (hashes, exact keys, likeness), counts right and wrong links, and writes
``benchmarks/linkage.md``, which also says what the noise is. One process, one thread.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from pilot_eval.canonical import expanded  # noqa: E402
from pilot_eval.link.audit_links import audit_links  # noqa: E402
from pilot_eval.link.directory import Directory  # noqa: E402
from pilot_eval.link.hash_identifiers import hash_identifiers  # noqa: E402
from pilot_eval.link.link_respondents import link_respondents  # noqa: E402
from pilot_eval.link.score_pairs import score_pairs  # noqa: E402
from pilot_eval.study.model import Linkage  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
PERSONS, EACH_WAVE, BOTH, SCHOOLS, AREAS = 2600, 2000, 1400, 255, 22
FIRST = (  # noqa: SIM905
    "James Samantha Robert Elizabeth Thomas Katherine William Margaret Daniel Rebecca Matthew Victoria Christopher "
    "Jennifer Andrew Deborah Joseph Patricia Anthony Susan Benjamin Jacqueline Nicholas Alexandra Edward Christine "
    "Michael Kimberley David Stephanie Peter Laura Simon Helen Mark Rachel Paul Emma Richard Sarah Stephen Claire "
    "Philip Joanne Graham Nicola Martin Louise Keith Sharon Ian Priya Mohammed Aisha Neil Fatima Owen Siobhan Rhys Zoe"
).split()
LAST = (  # noqa: SIM905
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts "
    "Green Hall Wood Jackson Clarke Clark Hughes Edwards Harris Lewis Turner Martin Cooper Hill Ward Moore Khan Morris "
    "Allen King Baker Lee Scott Watson Young Allan Harrison Morgan James Phillips Bell Parker Davis Bennett Miller "
    "Shaw Cook Simpson Price Marshall Collins Bailey Carter Stewart Gray Murray Begum Adams Ali Ahmed Kelly Ellis Cox "
    "Richardson Wilkinson Foster Mason Hunt Rogers Mills Graham Knight Palmer Holmes Barker Hussain Webb Stevens Lloyd "
    "Chapman Matthews Powell Fisher Butler Russell Barnes Dixon Kaur Singh Fletcher Murphy Campbell Pearson Howard"
).split()
NICKNAMES = {
    "Samantha": "Sam", "Robert": "Bob", "Elizabeth": "Liz", "Thomas": "Tom", "Katherine": "Kate", "William": "Bill",
    "Margaret": "Maggie", "Daniel": "Dan", "Rebecca": "Becky", "Matthew": "Matt", "Victoria": "Vicky",
    "Christopher": "Chris", "Jennifer": "Jenny", "Andrew": "Andy", "Deborah": "Debbie", "Joseph": "Joe",
    "Patricia": "Pat", "Anthony": "Tony", "Susan": "Sue", "Benjamin": "Ben", "Nicholas": "Nick", "Alexandra": "Alex",
    "Edward": "Ed", "Christine": "Chris", "Michael": "Mike", "Kimberley": "Kim", "David": "Dave",
    "Stephanie": "Steph", "James": "Jim", "Jacqueline": "Jackie", "Peter": "Pete", "Richard": "Rick",
    "Stephen": "Steve", "Philip": "Phil", "Joanne": "Jo", "Nicola": "Nicky", "Martin": "Marty",
}  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def draw_people(
    seed: int, noise: float, birth_year: bool, part: int = 1
) -> tuple[list[pd.DataFrame], pd.DataFrame, dict[str, int]]:
    """Identifiers of two waves, where each response was placed, and who answered it; of all persons or a part of them.

    The noise model: at the second wave, each independently, a slip of the fingers (a letter left out, doubled, changed
    or changed over) in the first name, the last name and the e-mail address with probability ``noise``, a nickname
    with ``noise``, another surname with 0.4 ``noise``, no e-mail address with 2 ``noise``, another school of any area
    with 0.5 ``noise``, no year of birth with ``noise``.
    """
    persons, each, both, schools, areas = (size // part for size in (PERSONS, EACH_WAVE, BOTH, SCHOOLS, AREAS))
    rng = np.random.default_rng([seed, round(100 * noise)])
    chance = {"first": 1 / np.arange(1, len(FIRST) + 1) ** 0.7, "last": 1 / np.arange(1, len(LAST) + 1) ** 0.7}
    first = rng.choice(FIRST, persons, p=chance["first"] / chance["first"].sum())
    last = rng.choice(LAST, persons, p=chance["last"] / chance["last"].sum())
    school, area = rng.integers(schools, size=persons), rng.integers(areas, size=schools)
    role, year = rng.integers(3, size=persons), rng.integers(1955, 1996, size=persons)
    mail: list[str] = []
    for a, b, s in zip(first, last, school, strict=True):
        name = f"{a}.{b}" if rng.random() < 0.5 else f"{a[0]}.{b}"
        spellings = (f"{name}{number or ''}@s{s:03d}.example".lower() for number in range(persons))
        taken = set(mail)
        mail.append(next(spelling for spelling in spellings if spelling not in taken))
    order = rng.permutation(persons)
    waves = (order[:each], np.concatenate([order[each - both : each], order[each:persons]]))
    identifiers, placed, truth = [], [], {}
    for wave, members in zip(("before", "after"), waves, strict=True):
        rows = []
        for number, person in enumerate(rng.permutation(members), start=2):
            said: dict[str, Any] = {"first": first[person], "last": last[person], "email": mail[person],
                                    "birth_year": str(year[person]), "school": school[person]}  # fmt: skip
            if wave == "after":
                _blur(said, noise, schools, rng)
            row = f"form_{wave}-{number}"
            truth[row] = int(person)
            told = [("name", "a", said["first"]), ("name", "b", said["last"]), ("email", "e", said["email"])]
            told += [("birth_year", "y", said["birth_year"])] if birth_year else []
            rows += [(row, kind, column, value) for kind, column, value in told if value]
            placed.append({
                "_id": row, "_file": f"data/raw/{wave}.csv", "_row": number, "source": f"form_{wave}",
                "instrument": "form", "wave": wave, "role": f"role{role[person]}",
                "organisation": f"s{said['school']:03d}", "organisation_kind": "school",
                "area": f"area{area[said['school']]:02d}", "placed_by": "key",
            })  # fmt: skip
        identifiers.append(pd.DataFrame(rows, columns=["_id", "kind", "column", "value"], dtype="str"))
    return identifiers, pd.DataFrame(placed).astype({"_row": "Int64"}), truth


def _blur(said: dict[str, Any], noise: float, schools: int, rng: np.random.Generator) -> None:
    if rng.random() < noise:
        said["first"] = NICKNAMES.get(said["first"], said["first"])
    if rng.random() < 0.4 * noise:
        said["last"] = str(rng.choice(LAST))
    for name in ("first", "last", "email"):
        if rng.random() < noise:
            said[name] = slip(said[name], rng)
    if rng.random() < 2 * noise:
        said["email"] = ""
    if rng.random() < 0.5 * noise:
        said["school"] = int(rng.integers(schools))
    if rng.random() < noise:
        said["birth_year"] = ""


def slip(text: str, rng: np.random.Generator) -> str:
    """One slip of the fingers."""
    place = int(rng.integers(len(text)))
    kind, letter = rng.integers(4), str(rng.choice(list(LETTERS)))
    if kind == 0 and len(text) > 2:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place] + text[place:]
    if kind == 2 or place + 1 == len(text):
        return text[:place] + letter + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def linked(seed: int, noise: float, birth_year: bool, part: int = 1) -> dict[str, float]:
    """What linking makes of one draw: shares of links, persons and records."""
    identifiers, placed, truth = draw_people(seed, noise, birth_year, part)
    linkage = Linkage().model_dump(mode="json")
    waves = ["before", "after"]
    hashed = hash_identifiers(identifiers, b"a key of the benchmark", True, "")["pseudonyms"]
    scored = score_pairs(identifiers, placed, linkage, waves, seed)
    answers = placed[["_id", "instrument", "wave"]]
    own = {"completed": "", "response": "", "q": placed["_row"].astype("float64")}
    cleaned = [answers.assign(**own)]
    made = link_respondents(placed, hashed, scored["pairs"], cleaned, linkage, [], waves)
    both = BOTH // part
    persons = made["respondents"].merge(placed[["_id", "wave"]], on="_id").groupby(["respondent", "wave"]).size()
    exact = made["links"][made["links"]["link_pass"] != "likeness"]
    tables = [scored["pairs"], scored["decoys"], made["respondents"], made["links"]]
    audit = audit_links(placed, hashed, *tables, cleaned, linkage, [], waves, seed)["audit"]
    estimates = audit.set_index(["method", "measure", "level"])["share"]
    return {
        "precision": right_of(made["links"], truth) / len(made["links"]),
        "recall": right_of(made["links"], truth) / both,
        "by_key": right_of(exact, truth) / both,
        "review": len(made["review"]) / len(placed),
        "found_in_review": right_of(made["review"], truth) / both,
        "twice": float((persons > 1).sum()),
        "audited_precision": float(estimates["hidden_key", "precision", ""]),
        "decoys": float(scored["decoys"]["n_accepted"].sum() / scored["decoys"]["n_tried"].sum()),
    }


def right_of(pairs: pd.DataFrame, truth: dict[str, int]) -> int:
    """Pairs that are one person."""
    return sum(truth[one] == truth[other] for one, other in zip(pairs["one_id"], pairs["other_id"], strict=True))


#: Words of the school names, few enough that many names differ in one word only.
PLACES = (  # noqa: SIM905
    "Ashford Barton Beech Carlton Castle Chapel Cedar Dene Eastfield Elm Fairfield Field Grange Green Hill Holm Kings "
    "Lake Meadow Mill Moor North Oak Park"
).split()
SORTS = ("Primary School", "Junior School", "Infant School", "Academy", "High School", "C of E Primary School",
         "Catholic Primary School", "Community College", "Grammar School", "Special School")  # fmt: skip
SHORT = (("C of E", "CE"), ("Primary", "Prim"), ("School", "Sch"), ("Academy", "Acad"), ("Saint", "St"),
         ("Community", "Comm"), (" and ", " & "))  # fmt: skip


def draw_schools(seed: int, number: int = SCHOOLS) -> pd.DataFrame:
    """A register of schools in areas: names of two places and a sort."""
    rng = np.random.default_rng(seed)
    names: dict[str, str] = {}
    while len(names) < number:
        one, other = rng.choice(PLACES, 2, replace=False)
        saint = "St " if rng.random() < 0.15 else ""
        names.setdefault(f"{saint}{one} {other} {rng.choice(SORTS)}", f"area{rng.integers(AREAS):02d}")
    return pd.DataFrame({
        "organisation": [f"{100_000 + place}" for place in range(number)], "kind": "school",
        "name": list(names), "area": list(names.values()),
    })  # fmt: skip


def typed(name: str, slips: float, rng: np.random.Generator) -> str:
    """A name as somebody types it.

    The noise model: each independently, without capitals (0.4), without apostrophes and full stops (0.5), each word
    that has a short form shortened (0.3), a leading "The" put there or left out (0.1), and a slip of the fingers in
    ``slips`` of the letters.
    """
    for whole, short in SHORT:
        if whole in name and rng.random() < 0.3:
            name = name.replace(whole, short)
    if rng.random() < 0.1:
        name = name.removeprefix("The ") if name.startswith("The ") else f"The {name}"
    if rng.random() < 0.5:
        name = name.replace("'", "").replace("’", "").replace(".", "")
    if rng.random() < 0.4:
        name = name.lower()
    for _ in range(rng.binomial(len(name), slips)):
        name = slip(name, rng)
    return name


def named(register: pd.DataFrame, slips: float, seed: int) -> dict[str, float]:
    """Precision and recall of a register's names, linked to themselves after they were typed."""
    nothing = pd.DataFrame({"old": [], "new": []}, dtype="str")
    directory = Directory.of(register, "school", r"\d+", nothing)
    rng = np.random.default_rng(seed)
    found = [directory.find("", typed(name, slips, rng), area) for name, area in
             zip(register["name"], register["area"], strict=True)]  # fmt: skip
    accepted = sum(bool(one.organisation) for one in found)
    right = sum(one.organisation == key for one, key in zip(found, register["organisation"], strict=True))
    listed = sum(key in dict(one.candidates) for one, key in zip(found, register["organisation"], strict=True)
                 if not one.organisation)  # fmt: skip
    return {"precision": right / accepted, "recall": right / len(register),
            "listed": listed / max(len(register) - accepted, 1)}  # fmt: skip


HEAD = """# Linkage

`python benchmarks/linkage.py`. Made-up persons and schools whose truth the generator knows; means of three seeds.

## Persons
2,600 persons with skewed first and last names (60 and 96), 2,000 at each wave and 1,400 at both, in 255 schools of
22 areas. {noise}

* *by key*: share of the 1,400 found by exact keys alone; *recall*: with those found by likeness;
* *review*: pairs for a person to decide, as a share of the 4,000 records; *waiting*: share of the 1,400 among them;
* *twice*: persons linked twice in a wave; *audited*: precision as the hidden-key audit estimates it without the truth;
* *decoys*: share of made-up persons and persons of other areas that were linked.

| birth year | noise | precision | recall | by key | review | waiting | twice | audited | decoys |
|---|---|---|---|---|---|---|---|---|---|
"""
NAMES = """
## Names of schools
A register linked to itself, within the area, after its names were typed. {noise} *listed*: share of the rest whose
true school is on the review list.

| register | names | slips | precision | recall | listed |
|---|---|---|---|---|---|
"""
SLIPS = (0.01, 0.02, 0.04)


def main() -> None:
    """Run everything and write the page."""
    lines = [HEAD.format(noise=" ".join((draw_people.__doc__ or "").split("\n\n")[1].split()))]
    for birth_year in (False, True):
        for noise in (0.05, 0.15, 0.25):
            draws = pd.DataFrame([linked(seed, noise, birth_year) for seed in (1, 2, 3)])
            mean = draws.mean()
            cells = [f"{mean[name]:.3f}" for name in ("precision", "recall", "by_key", "review", "found_in_review")]
            more = [f"{draws['twice'].max():.0f}", f"{mean['audited_precision']:.3f}", f"{mean['decoys']:.3f}"]
            row = [
                "asked" if birth_year else "not asked",
                f"{noise:.2f}",
                *cells,
                *more,
            ]
            lines.append("| " + " | ".join(row) + " |\n")
            print(lines[-1], end="", file=sys.stderr)
    lines.append(NAMES.format(noise=" ".join((typed.__doc__ or "").split("\n\n")[1].split())))
    for told, register in {f"made up of {len(PLACES)} shared words": draw_schools(1), **real()}.items():
        for slips in SLIPS:
            mean = pd.DataFrame([named(register, slips, seed) for seed in (1, 2, 3)]).mean()
            cells = [f"{mean[name]:.3f}" for name in ("precision", "recall", "listed")]
            lines.append("| " + " | ".join([told, str(len(register)), f"{slips:.2f}", *cells]) + " |\n")
            print(lines[-1], end="", file=sys.stderr)
    (ROOT / "benchmarks" / "linkage.md").write_text("".join(lines), encoding="utf-8", newline="\n")


def real() -> dict[str, pd.DataFrame]:
    """Real registers beside the project, where there are any."""
    file = ROOT.parent / "shared" / "data" / "registers" / "school_register.csv"
    if not file.is_file():
        return {}
    rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    open_now = rows[(rows["close_date"] == "") & (rows["town"] != "")]
    open_now = open_now[~open_now.assign(name=open_now["name"].map(expanded)).duplicated(["name", "town"], keep=False)]
    columns = {"organisation": open_now["urn"], "kind": "school", "name": open_now["name"], "area": open_now["town"]}
    return {
        "schools of England, an extract of the official register, by town": pd.DataFrame(columns).reset_index(drop=True)
    }


if __name__ == "__main__":
    main()
