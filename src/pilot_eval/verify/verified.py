"""The goal ``verified``: fails when the run is not what the release says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilot_eval.faults import Fault, StudyFaults

PAGE = "results/verify/index.html"


def verified(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing, when every published number came out again.

    Parameters
    ----------
    verdict : mapping
        As ``compare_release`` wrote it.

    Raises
    ------
    StudyFaults
        VER-01 when a number differs, VER-02 when there is no release to compare with.
    """
    if verdict["equal"] is None:
        action = "Freeze these results: pilot-eval release"
        raise StudyFaults([Fault("VER-02", "STOP", "published", "there is no release to compare with", "", action)])
    if not verdict["equal"]:
        action = f"See {PAGE}"
        raise StudyFaults([Fault("VER-01", "STOP", PAGE, verdict["sentence"].rstrip("."), "no difference", action)])
    return {}
