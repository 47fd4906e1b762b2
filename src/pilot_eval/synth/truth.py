"""The plan that the generator draws from: a study, and the truth file that fills it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pilot_eval.faults import StudyFaults
from pilot_eval.study import Study, load_study
from pilot_eval.study.cross_truth import truth_faults
from pilot_eval.study.lines import read_yaml
from pilot_eval.study.truth import Truth
from pilot_eval.study.typed import typed

FILE = "config/truth.yaml"


@dataclass(frozen=True)
class Plan:
    """The study whose design is filled, and the truth it is filled with."""

    study: Study
    truth: Truth

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles in the order of the study."""
        return tuple(role.id for role in self.study.config.roles)

    def items_of(self, trait: str) -> tuple[tuple[str, bool], ...]:
        """Items that measure a trait, and whether they measure it in reverse."""
        if self.truth.traits[trait].item:
            return ((self.truth.traits[trait].item, False),)
        outcome = self.study.outcomes[trait]
        if outcome.item:
            return ((outcome.item, False),)
        return tuple(
            (name.removeprefix("-"), name.startswith("-")) for name in self.study.scales[str(outcome.scale)].items
        )


def read_truth(study: str | Path | Study) -> Plan:
    """Read the truth file of a study.

    Parameters
    ----------
    study : path or Study
        The study's folder, its ``study.yaml``, or the study itself.

    Raises
    ------
    StudyFaults
        With every fault of the truth file.
    """
    study = study if isinstance(study, Study) else load_study(study, deliveries=False)
    value, lines = read_yaml((study.root / FILE).read_text(encoding="utf-8"), FILE)

    def place(path: tuple[str | int, ...]) -> tuple[int | None, str]:
        known = path
        while known and known not in lines:
            known = known[:-1]
        return lines.get(known, 1), ".".join(map(str, path))

    truth, faults = typed(Truth, value, FILE, place)
    if truth is not None:
        faults = truth_faults(study, truth, lines)
    if truth is None or faults:
        raise StudyFaults(faults)
    return Plan(study, truth)
