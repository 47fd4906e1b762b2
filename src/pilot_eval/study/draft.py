"""What can be known of a study that may have faults: its valid parts, and every name that it declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError, create_model

from pilot_eval.faults import Fault
from pilot_eval.study.delivery import Item, Source
from pilot_eval.study.model import StudyConfig
from pilot_eval.study.plan import ModelsConfig, ScalesConfig
from pilot_eval.study.typed import nearest

LISTED = 12
M = TypeVar("M", bound=BaseModel)
Lines = Mapping[Any, int]


@dataclass
class Draft:
    """The valid parts of a study's files, for the checks that need more than one file.

    Attributes
    ----------
    root : Path
    raw : dict
        Plain value of each YAML file by its name; absent when the file is no YAML. What it declares counts as declared
        even where the entry itself is faulty, so that one fault does not make ten.
    lines : dict
        Line of every key, by file name and path (YAML) or first cell (CSV).
    config, scales, plan
        Typed parts without their faulty entries; None when nothing of the file could be read. A faulty part of such a
        model is None or left out, whatever its type says: read it by :func:`some`.
    sources : list of Source or None
    codebooks : dict of str to list of Item
        Instruments whose codebook could be read.
    good_practice : list of GoodPractice
        Pages that could be read.
    """

    root: Path
    raw: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)
    config: StudyConfig | None = None
    scales: ScalesConfig | None = None
    plan: ModelsConfig | None = None
    sources: list[Source] | None = None
    codebooks: dict[str, list[Item]] = field(default_factory=dict)
    good_practice: list[Any] = field(default_factory=list)

    def declared(self, file: str, *path: str, key: str = "id") -> frozenset[str] | None:
        """Names declared at a place of a YAML file; None when they cannot be known.

        Parameters
        ----------
        file : str
            Such as ``"study.yaml"``.
        path : str
            Way to a mapping (whose keys are the names) or a list of mappings.
        key : str
            Key of a list's entries that holds the name.
        """
        value: Any = self.raw.get(file)
        for part in path:
            if not isinstance(value, Mapping) or part not in value:
                return None
            value = value[part]
        if isinstance(value, Mapping):
            return frozenset(map(str, value))
        if isinstance(value, list):
            return frozenset(str(entry[key]) for entry in value if isinstance(entry, Mapping) and key in entry)
        return None

    def asked(self, name: str) -> list[tuple[str, Item]]:
        """Instruments that have an item of this name, with the item."""
        return [
            (instrument, item) for instrument, items in self.codebooks.items() for item in items if item.item == name
        ]

    def fault(self, kind: str, file: str, where: Sequence[Any], saw: str, expected: str, action: str) -> Fault:
        """A fault at a place.

        Parameters
        ----------
        kind : str
            Its id.
        file : str
            Name below ``config/``.
        where : sequence
            YAML: path of the key. CSV: first cell of the line, then the column.
        saw, expected, action : str
        """
        lines, path = self.lines[file], tuple(where)
        if file.endswith(".csv"):
            return Fault(kind, "STOP", f"config/{file}", saw, expected, action, lines.get(path[0]), ".".join(path[1:]))
        known = path
        while known and known not in lines:
            known = known[:-1]
        return Fault(kind, "STOP", f"config/{file}", saw, expected, action, lines[known], ".".join(map(str, path)))

    def unknown(
        self, file: str, where: Sequence[Any], name: str, known: Iterable[str] | None, what: str, add: str
    ) -> Iterator[Fault]:
        """CFG-30 when a name is none of those known; nothing when they cannot be known (None).

        Parameters
        ----------
        file, where : see :meth:`fault`
        name : str
        known : iterable of str or None
        what : str
            Kind of thing that the name should mean, such as ``"a wave"``.
        add : str
            What to do when no known name is near.
        """
        if known is None or name in known:
            return
        names = sorted(known)
        near = nearest(name, names)
        shown = ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
        expected = f"{what}: {shown}" if names else f"{what} (there is none)"
        yield self.fault("CFG-30", file, where, f'saw "{name}"', expected, f'Did you mean "{near}"?' if near else add)

    @property
    def items(self) -> frozenset[str] | None:
        """Names of all items; None when a codebook could not be read."""
        instruments = self.declared("study.yaml", "instruments")
        if instruments is None or instruments - set(self.codebooks):
            return None
        return frozenset(name for instrument in instruments for name in self.lines[f"codebook/{instrument}.csv"])


def some(value: Any) -> Any:
    """Entries of a part of a draft: nothing where the part is missing or faulty."""
    return value or ()


def valid_part(model: type[M], value: Mapping[Any, Any]) -> M | None:
    """A model of what is valid in a value; see :class:`Draft`.

    Of a mapping such as ``scales`` the faulty entries are left out; of anything else the whole key, so that the entries
    of a list keep their places.
    """
    kept: Any = _copy(value)
    lost: set[str] = set()
    for last in (False, False, True):
        lax = create_model("Lax", __base__=model, **cast(Any, {name: (Any, None) for name in lost}))
        try:
            return lax.model_validate({key: kept[key] for key in kept if key not in lost})
        except ValidationError as error:
            for complaint in error.errors(include_url=False, include_input=False):
                where = complaint["loc"]
                entry = where if complaint["type"] == "extra_forbidden" else where[:2]
                known = where[0] in model.model_fields
                if known and (last or len(entry) == 1 or not _drop(kept, entry)):
                    lost.add(str(where[0]))
                elif not known:
                    kept.pop(where[0], None)
    return None


def _drop(value: Any, where: Sequence[Any]) -> bool:
    """Take an entry out of the mapping that holds it; False when no mapping does."""
    for part in where[:-1]:
        value = value[part] if _has(value, part) else None
    if not _has(value, where[-1]) or isinstance(value, list):
        return False
    del value[where[-1]]
    return True


def _has(value: Any, part: Any) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, dict) and part in value


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
