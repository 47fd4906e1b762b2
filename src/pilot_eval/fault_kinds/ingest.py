"""Kinds of fault in the reading of delivered files: from bytes to records."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "ING-14",
        "A record with fewer fields than the header",
        ("REJECT",),
        "a line `S3,c@d.example,5` under a header of six columns",
        "pandas fills the end of the row with missing values, silently; the values that are there may be shifted",
        "The record goes to the rejects with its line, and counts as delivered and not used.",
        "Look for a lost delimiter or a line break inside a text, and ask for a sound export.",
    ),
)
