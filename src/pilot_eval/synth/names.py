"""Made-up places, organisations and people. Place names are put together from syllables, so that none is meant."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from pilot_eval.synth.design import Design, Ints, Text
from pilot_eval.synth.streams import stream
from pilot_eval.synth.truth import Plan

HEADS = (
    "Brax", "Quell", "Thorv", "Wend", "Fenn", "Oxen", "Larv", "Mard", "Skel", "Yarv", "Drell", "Ulv", "Cray", "Pyrr",
    "Jorv", "Hexl", "Zeal", "Vann", "Ebb", "Isk",
)  # fmt: skip
TAILS = (
    "amere", "isthwaite", "ombury", "enholt", "astow", "umcote", "idale", "oxwick", "ethorpe", "ingrave", "abeck",
    "ostead", "ulcombe", "iscar", "emarsh", "orfield", "antry",
)  # fmt: skip
SAINTS = ("Zoë", "Chloé", "Brigid", "Cuthbert", "Rémy", "Winifred", "Alban", "Anaïs", "Hilda", "Björn")
FIRST = (
    "Zoë", "Siân", "Renée", "Aisha", "Priya", "Tomasz", "Grace", "Hannah", "Ioana", "Jack", "Karim", "Laura", "Musa",
    "Niamh", "Oliver", "Pádraig", "Rosa", "Samuel", "Tariq", "Ursula", "Victor", "Wendy", "Yusuf", "Beatriz", "Callum",
    "Deepa", "Elin", "François", "Gita", "Hugh", "Inés", "Joanna", "Kofi", "Leah", "Marek", "Nadia", "Orla", "Piotr",
)  # fmt: skip
LAST = (
    "Ackroyd", "Castellanos", "Dubois", "Eze", "Fairweather", "Gülsen", "Hargreave", "Iqbal", "Jäger",
    "Kowalczyk", "Lindqvist", "MacAskill", "Núñez", "O’Rourke", "Prendergast", "Quigley", "Rasmussen", "Sørensen",
    "Tregenza", "Underhill", "Valderrama", "Whitlock", "Xenakis", "Yeboah", "Zimmermann", "Abara", "Bhatt",
    "Carmichael", "D’Souza", "Ellingham", "Foulkes", "Grzelak", "Houlihan", "Ironside", "Joshi", "Kettleborough",
    "Lambrinos", "Mbeki-Hall", "Nakagawa", "Okafor", "Petrakis",
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Names of organisations, and of the two possible holders of each post with their e-mail addresses."""

    organisation: Text
    person: Text
    email: Text


def make_names(plan: Plan, design: Design) -> Names:
    """Invent names: unique places, unique pairs of first and last name, addresses under ``.example``.

    Returns
    -------
    Names
        ``organisation`` over organisations; ``person`` and ``email`` arrays (posts, 2): first and later holder.
    """
    rng = stream(plan.truth.seed, "names")
    heads, tails = np.divmod(rng.choice(len(HEADS) * len(TAILS), len(design.key), replace=False), len(TAILS))
    places = [HEADS[head] + TAILS[tail] for head, tail in zip(heads, tails, strict=True)]
    called = [_called(plan, design, index, place, rng) for index, place in enumerate(places)]
    posts = len(design.role)
    firsts, lasts = np.divmod(_pairs(rng, 2 * posts), len(LAST))
    people = [(FIRST[first], LAST[last]) for first, last in zip(firsts, lasts, strict=True)]
    hosts = [places[place] if place >= 0 else f"body{post:03d}" for post, place in enumerate(design.place)]
    emails = [
        f"{_plain(first)}.{_plain(last)}@{_plain(hosts[number // 2])}.example"
        for number, (first, last) in enumerate(people)
    ]
    return Names(
        np.array(called, dtype=object),
        np.array([f"{first} {last}" for first, last in people], dtype=object).reshape(posts, 2),
        np.array(emails, dtype=object).reshape(posts, 2),
    )


def _called(plan: Plan, design: Design, index: int, place: str, rng: np.random.Generator) -> str:
    wanted = plan.truth.organisations[design.kind[index]]
    forms = wanted.names[design.attributes[wanted.named_by][index]]
    return forms[rng.integers(len(forms))].format(place=place, saint=SAINTS[rng.integers(len(SAINTS))])


def _pairs(rng: np.random.Generator, number: int) -> Ints:
    """Numbers of pairs of first and last name, none twice."""
    return rng.choice(len(FIRST) * len(LAST), number, replace=False)


def _plain(name: str) -> str:
    """A name as an e-mail address has it."""
    text = unicodedata.normalize("NFKD", name.replace("ø", "o")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", text)
