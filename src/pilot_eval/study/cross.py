"""Cross-references of a study: every name used in one file stands in the file that declares it."""

from __future__ import annotations

from collections.abc import Iterator

from pilot_eval.faults import Fault
from pilot_eval.study.cross_codebook import codebook_faults
from pilot_eval.study.cross_config import config_faults
from pilot_eval.study.cross_plan import plan_faults, scale_faults
from pilot_eval.study.cross_sources import source_faults
from pilot_eval.study.draft import Draft
from pilot_eval.study.good_practice import page_faults


def cross_faults(draft: Draft, deliveries: bool = True) -> Iterator[Fault]:
    """Names that refer to nothing, and statements that contradict one another.

    Parameters
    ----------
    draft : Draft
        A study, or what is valid of it: entries with faults of their own are left out, the names they declare count.
    deliveries : bool
        Whether the delivered files must be there.

    Yields
    ------
    Fault
        CFG-30 (with the nearest name that exists) to CFG-42, REG-13, LNK-15; ``docs/study.md`` lists them.
    """
    if draft.config is not None:
        yield from config_faults(draft, draft.config)
    if draft.sources is not None:
        yield from source_faults(draft, draft.sources, deliveries)
    yield from codebook_faults(draft)
    if draft.scales is not None:
        yield from scale_faults(draft, draft.scales)
    if draft.plan is not None:
        yield from plan_faults(draft, draft.plan)
    yield from page_faults(draft)
