"""Every kind of fault that a message can name: one module a family, one :class:`Kind` an id.

In: nothing. Out: what a fault is, what a careless program makes of it, and what happens here; ``docs/faults.md`` and a
page an id are written from these (``python -m pilot_eval.fault_pages docs``).
"""

from __future__ import annotations

from importlib import import_module

from pilot_eval.fault_kinds.kind import Kind

FAMILIES = (
    "study", "register", "ingest", "clean", "link", "score", "describe", "publish", "verify", "run",
)  # fmt: skip


def kinds() -> dict[str, Kind]:
    """All kinds by id, families in the order of the data, ids in order within a family.

    Raises
    ------
    ValueError
        When two kinds have one id.
    """
    found: dict[str, Kind] = {}
    for family in FAMILIES:
        for kind in import_module(f"pilot_eval.fault_kinds.{family}").KINDS:
            if kind.id in found:
                raise ValueError(f"two kinds of fault are called {kind.id}")
            found[kind.id] = kind
    return found
