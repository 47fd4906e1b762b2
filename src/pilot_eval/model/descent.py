"""What a reader must know of how a model was reached: the steps down to it, and what lies at a boundary."""

from __future__ import annotations

from collections.abc import Sequence

from pilot_eval.change.ladder import Step
from pilot_eval.faults import Fault


def descent_faults(place: str, steps: Sequence[Step], singular: bool, groups: str) -> list[Fault]:
    """One fault a step of the ladder, and one where a spread between ``groups`` is estimated at a boundary."""
    found = [
        Fault("MOD-05", "WARN", place, f"no fit: {step.why[:80]}", "a fit", f"It was left without {step.dropped}")
        for step in steps
    ]
    if singular:
        saw = f"a spread between {groups} is estimated at a boundary"
        found.append(Fault("MOD-02", "WARN", place, saw, "a spread above zero", "The fit stands as it is"))
    return found
