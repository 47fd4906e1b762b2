"""Kinds of fault in what a run is held against: the release, and the secrecy of who answered."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "VER-01",
        "A published number did not come out again",
        ("STOP",),
        "`snakemake verified` after a model was changed",
        "the old publication and the new code part silently",
        "The goal fails; every number that differs, is missing or is new stands in `results/verify/index.html`.",
        "See that page; mend the code, or make a new release: `pilot-eval release`.",
    ),
    Kind(
        "VER-02",
        "There is no release to compare with",
        ("STOP",),
        "`snakemake verified` before the first `pilot-eval release`",
        "nothing compared counts as nothing different",
        "The goal fails.",
        "`pilot-eval release`",
    ),
    Kind(
        "VER-10",
        "What identifies a respondent stands in an output, a log or a message",
        ("STOP",),
        "a name in a column that the codebook calls an answer, which a table prints",
        "it is published",
        "Every run searches all that was made after link for e-mail addresses, telephone numbers, postcodes, names, "
        "ids and free text of respondents. The run stops, naming file, kind and count, never the value; it has no "
        "manifest and cannot be released.",
        "Publish nothing of this run; mend the rule that wrote it, or the codebook's use of the item.",
    ),
)
