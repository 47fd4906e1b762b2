"""Registers, ratings and attendance: the deliveries that are no surveys."""

from __future__ import annotations

import numpy as np

from pilot_eval.study.model import Evidence
from pilot_eval.synth.answers import Answers
from pilot_eval.synth.design import Design
from pilot_eval.synth.latent import Floats
from pilot_eval.synth.names import Names
from pilot_eval.synth.response import score
from pilot_eval.synth.streams import stream
from pilot_eval.synth.truth import Plan

Sheet = tuple[list[str], list[list[str]]]
CODERS = ("first", "second")


def register_sheets(plan: Plan, design: Design, names: Names, renamed: dict[str, str]) -> dict[str, Sheet]:
    """Registers by source: header and rows."""
    registers, areas = plan.study.config.registers, plan.study.config.areas
    sheets: dict[str, Sheet] = {}
    for register in registers.organisations:
        here = np.flatnonzero(design.kind == register.kind)
        header = [register.key, register.name, register.area, *register.attributes]
        sheets[register.source] = header, [
            [
                design.key[index], names.organisation[index], areas[design.area[index]].name,
                *(design.attributes[name][index] for name in register.attributes),
            ]
            for index in here
        ]  # fmt: skip
    if registers.groups:
        groups, truth = registers.groups, plan.truth.groups
        before = [int(area in design.group_area[:index]) for index, area in enumerate(design.group_area)]
        sheets[groups.source] = (
            [groups.key, groups.name, groups.area],
            [
                [
                    truth.key.format(index + 1),
                    truth.names[before[index]].format(area=areas[area].name),
                    areas[area].name,
                ]
                for index, area in enumerate(design.group_area)
            ],
        )
    if registers.links:
        links = registers.links
        pairs = [[design.key[left], design.key[right]] for left, right in design.links]
        sheets[links.source] = [links.left_key, links.right_key], pairs
    if registers.predecessors:
        header = [registers.predecessors.old, registers.predecessors.new]
        sheets[registers.predecessors.source] = header, [[old, new] for old, new in renamed.items()]
    return sheets


def evidence_sheets(plan: Plan, design: Design, answers: Answers) -> dict[str, Sheet]:
    """Ratings of areas and attendance at the events, by source."""
    sheets: dict[str, Sheet] = {}
    for evidence in plan.study.config.evidence:
        truth, rng = plan.truth.evidence[evidence.id], stream(plan.truth.seed, f"evidence {evidence.id}")
        areas = np.sort(rng.choice(len(plan.study.areas), truth.areas, replace=False))
        change = _area_change(plan, design, answers, truth.follows)
        occasions = list(evidence.occasions) or [""]
        levels = sorted(evidence.levels)
        rows = []
        for area in areas:
            name = plan.study.config.areas[area].name
            standing = truth.sd * rng.standard_normal(len(truth.start)) + truth.weight * change[area]
            for turn, occasion in enumerate(occasions):
                gain = truth.gain * turn / max(len(occasions) - 1, 1)
                drawn = np.array(truth.start) + standing + gain + 0.3 * rng.standard_normal(len(truth.start))
                codes = np.clip(np.rint(drawn), levels[0], levels[-1]).astype(int)
                for item, code in zip(evidence.items, codes, strict=True):
                    rows.append([name, *([occasion] if occasion else []), item, str(code)])
        header = [evidence.area, *([evidence.occasion] if evidence.occasion else []), evidence.item, evidence.value]
        sheets[evidence.source] = (header, rows) if evidence.coder is None else _coded(plan, evidence, header, rows)
    return sheets | _attendance(plan, design)


def _coded(plan: Plan, evidence: Evidence, header: list[str], rows: list[list[str]]) -> Sheet:
    """The same with who coded: some areas were coded again by a second coder, who differs by chance."""
    truth, rng = plan.truth.evidence[evidence.id], stream(plan.truth.seed, f"second coder {evidence.id}")
    named = list(dict.fromkeys(row[0] for row in rows))
    again = {named[at] for at in rng.choice(len(named), truth.twice, replace=False)}
    levels = sorted(evidence.levels)
    second = []
    for row in rows:
        if row[0] in again:
            drawn = np.rint(int(row[-1]) + truth.apart * rng.standard_normal())
            second.append([*row[:-1], CODERS[1], str(int(np.clip(drawn, levels[0], levels[-1])))])
    first = [[*row[:-1], CODERS[0], row[-1]] for row in rows]
    return [*header[:-1], str(evidence.coder), header[-1]], first + second


def _area_change(plan: Plan, design: Design, answers: Answers, outcome: str) -> Floats:
    """Each area's mean change as everybody would have shown it, less the mean of the areas."""
    scores = score(plan, plan.study.outcomes[outcome], answers)
    change = scores[:, 1] - scores[:, 0]
    means = np.array([np.nanmean(change[design.home == area]) for area in range(len(plan.study.areas))])
    return np.asarray(means - means.mean())


def _attendance(plan: Plan, design: Design) -> dict[str, Sheet]:
    """People at the events: the published totals spread over areas by number of organisations, and over occasions."""
    config, truth = plan.study.config.attendance, plan.truth.attendance
    if config is None:
        return {}
    rng = stream(plan.truth.seed, "attendance")
    weights = np.bincount(design.area, minlength=len(plan.study.areas)).astype(float)
    rows = []
    for group, total in truth.groups.items():
        cells = len(plan.study.areas) * len(truth.occasions)
        odds = np.tile(weights / weights.sum(), len(truth.occasions)) / len(truth.occasions)
        counts = 2 + rng.multinomial(total - 2 * cells, odds)
        for cell, number in enumerate(counts):
            turn, area = divmod(cell, len(plan.study.areas))
            rows.append([plan.study.config.areas[area].name, truth.occasions[turn], group, str(number)])
    return {config.source: ([config.area, config.occasion, config.group, config.count], rows)}
