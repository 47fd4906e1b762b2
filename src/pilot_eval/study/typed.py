"""From plain values to typed models: pydantic's complaints become faults with a line and the nearest word."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pilot_eval.faults import Fault

M = TypeVar("M", bound=BaseModel)
Place = Callable[[tuple[str | int, ...]], tuple[int | None, str]]


def typed(model: type[M], value: object, file: str, place: Place) -> tuple[M | None, list[Fault]]:
    """Validate a plain value against a model.

    Parameters
    ----------
    model : type of BaseModel
    value : object
        As read from the file.
    file : str
        Name for messages.
    place : callable
        Turns the path of a fault inside the value into its row and column in the file.

    Returns
    -------
    model or None, list of Fault
        None when there are faults; CFG-10 unknown key, CFG-11 missing key, CFG-12 wrong value.
    """
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, [_fault(model, complaint, file, place) for complaint in error.errors(include_url=False)]


def _fault(model: type[BaseModel], complaint: Any, file: str, place: Place) -> Fault:
    path = tuple(part for part in complaint["loc"] if part != "[key]")
    row, column = place(path)
    if complaint["type"] == "extra_forbidden":
        known = sorted(_fields_at(model, path[:-1]))
        near = nearest(str(path[-1]), known)
        expected = f'"{near}"' if near else "one of " + ", ".join(known)
        action = f'Did you mean "{near}"?' if near else "Delete it or correct it"
        return Fault("CFG-10", "STOP", file, f'unknown key "{path[-1]}"', expected, action, row, column)
    if complaint["type"] == "missing":
        return Fault("CFG-11", "STOP", file, f'key "{path[-1]}" is missing', "a value", "Add it", row, column)
    saw = str(complaint["input"])
    saw = f'saw "{saw[:60]}"' if not isinstance(complaint["input"], dict | list) else "the value does not fit"
    expected = complaint["msg"].removeprefix("Value error, ")
    expected = expected[:1].lower() + expected[1:]
    options = complaint.get("ctx", {}).get("expected")
    near = nearest(str(complaint["input"]), _quoted(options)) if options else None
    action = f'Did you mean "{near}"?' if near else "Correct it"
    return Fault("CFG-12", "STOP", file, saw, expected.removeprefix("input should be "), action, row, column)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The valid word that a misspelling most likely meant, None when nothing is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def _quoted(options: str) -> list[str]:
    return [word.strip().strip("'") for word in options.replace(" or ", ",").split(",")]


def _fields_at(model: Any, path: tuple[str | int, ...]) -> set[str]:
    """Names of the fields allowed at a path inside a model."""
    for part in path:
        model = _inside(model, part)
    found = _models(model)
    return {name for entry in found for name in entry.model_fields}


def _inside(kind: Any, part: str | int) -> Any:
    for model in _models(kind):
        if part in model.model_fields:
            return model.model_fields[part].annotation
    for candidate in _unfold(kind):
        arguments = typing.get_args(candidate)
        if typing.get_origin(candidate) in (tuple, list) and arguments:
            return arguments[0]
        if typing.get_origin(candidate) is dict:
            return arguments[1]
    return None


def _unfold(kind: Any) -> list[Any]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return [inner for argument in typing.get_args(kind) for inner in _unfold(argument)]
    return [kind]


def _models(kind: Any) -> list[type[BaseModel]]:
    return [entry for entry in _unfold(kind) if isinstance(entry, type) and issubclass(entry, BaseModel)]
