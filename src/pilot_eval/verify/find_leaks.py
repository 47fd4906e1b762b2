"""The last look before anything goes out: does any output, log or message identify a respondent?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.verify.identifying import sought
from pilot_eval.verify.legible import legible

if TYPE_CHECKING:
    import pandas as pd

LOGS = "logs/"


def find_leaks(
    identifiers: Sequence[pd.DataFrame], public: Mapping[str, bytes], scanned: Mapping[str, bytes],
    study: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Look for everything that identifies a respondent in everything that was made after link.

    Parameters
    ----------
    identifiers : sequence of DataFrame
        What the deliveries say of who answered; read here and in ``link`` alone.
    public : mapping of str to bytes
        Registers, configuration and wording by path: what stands there is no secret.
    scanned : mapping of str to bytes
        Outputs, logs and tables of faults by path.
    study : mapping
        ``title`` and ``release``.

    Returns
    -------
    dict
        ``leaks``: of which study how many outputs were looked through, and that nothing was found.

    Raises
    ------
    StudyFaults
        VER-10 for each file and kind, never with the value.
    """
    look = sought(identifiers, [legible(path, content) for path, content in sorted(public.items())])
    faults = []
    for path, content in sorted(scanned.items()):
        for kind, number in sorted(look.found_in(legible(path, content)).items()):
            saw = f"holds what identifies a respondent ({kind}, {number} place{'s' if number > 1 else ''})"
            action = "Publish nothing of this run; mend the rule that wrote it, or the codebook's use of an item"
            faults.append(Fault("VER-10", "STOP", path, saw, "no such thing after link", action, count=number))
    if faults:
        raise StudyFaults(faults)
    outputs = sum(not path.startswith(LOGS) for path in scanned)
    return {"leaks": {"title": study["title"], "release": study["release"], "outputs": outputs, "found": 0}}
