"""The goal ``verified``: fails when the run is not what the release says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pilot_eval.faults import Fault, StudyFaults

PAGE = "results/verify/index.html"


def verified(verdict: Mapping[str, Any], versions: Sequence[str]) -> dict[str, Any]:
    """Nothing, when every published number came out again.

    Parameters
    ----------
    verdict : mapping
        As ``compare_release`` wrote it.
    versions : sequence of str
        Packages in another version than the lock's: what came out says nothing about the locked ones.

    Raises
    ------
    StudyFaults
        VER-01 when a number differs, VER-02 when there is no release to compare with, RUN-17 for each package.
    """
    faults = [Fault("RUN-17", "STOP", "requirements.lock", said, "", "Run make setup") for said in versions]
    if verdict["equal"] is None:
        action = "Freeze these results: pilot-eval release"
        faults.append(Fault("VER-02", "STOP", "published", "there is no release to compare with", "", action))
    elif not verdict["equal"]:
        action = f"See {PAGE}"
        faults.append(Fault("VER-01", "STOP", PAGE, verdict["sentence"].rstrip("."), "no difference", action))
    if faults:
        raise StudyFaults(faults)
    return {}
