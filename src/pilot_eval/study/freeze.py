"""The analysis plan as it was frozen before the data were seen, and how the plan of today deviates from it.

``pilot-eval check --freeze`` writes ``config/plan_frozen.json``: the plan without its wordings, the day, and a checksum
of both. Whoever corrects the plan afterwards leaves the file alone: every difference is then a deviation, listed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pilot_eval.faults import Fault
from pilot_eval.study.plan import ModelsConfig

FILE = "config/plan_frozen.json"
#: What may be reworded at any time: it changes no number.
WORDING = frozenset({"label", "asks", "because"})


@dataclass(frozen=True)
class Frozen:
    """A plan as it was on a day; ``sha256`` is that of day and plan."""

    day: str
    sha256: str
    plan: Mapping[str, Any]


@dataclass(frozen=True)
class Deviation:
    """One difference: what of the plan it concerns, what was planned, and what is run."""

    subject: str
    planned: str
    now: str


def content_of(plan: ModelsConfig) -> dict[str, Any]:
    """The plan as plain values, without wordings."""
    found: dict[str, Any] = {}
    for section, entries in plan.model_dump(mode="json").items():
        if isinstance(entries, dict) and all(isinstance(entry, dict) for entry in entries.values()):
            found[section] = {
                name: {key: value for key, value in entry.items() if key not in WORDING}
                for name, entry in entries.items()
            }
        else:
            found[section] = entries
    return found


def freeze(plan: ModelsConfig, day: dt.date) -> str:
    """Text of the file that freezes a plan on a day."""
    content = content_of(plan)
    body = {"day": day.isoformat(), "sha256": _checksum(day.isoformat(), content), "plan": content}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def read_frozen(text: str) -> tuple[Frozen | None, list[Fault]]:
    """The frozen plan of a file's text, or CFG-43 when the file was changed since it was written."""
    action = f"Restore {FILE} from the day of the freeze; a plan is not frozen twice"
    try:
        body = json.loads(text)
        frozen = Frozen(str(body["day"]), str(body["sha256"]), dict(body["plan"]))
    except (ValueError, KeyError, TypeError):
        return None, [Fault("CFG-43", "STOP", FILE, "no frozen plan", "day, sha256 and plan", action)]
    if _checksum(frozen.day, frozen.plan) != frozen.sha256:
        saw = f"content that does not have the checksum {frozen.sha256[:8]}..."
        return None, [Fault("CFG-43", "STOP", FILE, saw, "the plan as it was frozen", action)]
    return frozen, []


def deviations(plan: ModelsConfig, frozen: Frozen) -> list[Deviation]:
    """What is planned today beyond or unlike the frozen plan, in the order of the plan's sections and names."""
    return [*_deviations(frozen.plan, content_of(plan))]


def _deviations(planned: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Deviation]:
    for section in [*now, *(key for key in planned if key not in now)]:
        was, became = planned.get(section), now.get(section)
        if not (isinstance(was or became, dict) and _named(was) and _named(became)):
            if was != became:
                yield Deviation(section, _shown(was), _shown(became))
            continue
        old, new = was or {}, became or {}
        for name in [*old, *(key for key in new if key not in old)]:
            subject = f"{section.removesuffix('s')} {name}"
            if name not in new:
                yield Deviation(subject, "planned", "not run")
            elif name not in old:
                yield Deviation(subject, "not planned", "run")
            else:
                yield from _changed(subject, old[name], new[name])


def _named(entries: Any) -> bool:
    return entries is None or all(isinstance(entry, dict) for entry in entries.values())


def _changed(subject: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Deviation]:
    for key in [*new, *(key for key in old if key not in new)]:
        if old.get(key) != new.get(key):
            yield Deviation(f"{subject}: {key}", _shown(old.get(key)), _shown(new.get(key)))


def _shown(value: Any) -> str:
    """A value in words: nothing for what is not set."""
    if value is None or value in ([], {}, ""):
        return "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _checksum(day: str, content: Mapping[str, Any]) -> str:
    text = json.dumps([day, content], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
