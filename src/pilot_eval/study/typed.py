"""From plain values to typed models: pydantic's complaints become faults with a line and the nearest word."""

from __future__ import annotations

import datetime as dt
import difflib
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pilot_eval.faults import Fault

M = TypeVar("M", bound=BaseModel)
Place = Callable[[tuple[str | int, ...]], tuple[int | None, str]]


PATTERNS = {
    r"^[a-z][a-z0-9_]{0,39}$": "a short name: a-z, 0-9 and _, beginning with a letter, 40 characters at most",
    r"^[a-z0-9][a-z0-9-]{0,39}$": "a code: a-z, 0-9 and -, 40 characters at most",
    r"^[0-9a-f]{64}$": "64 hexadecimal digits",
    r"^[a-z0-9_-]+(\.[a-z0-9_-]+){2,}$": "an id of the ledger: table.row.column",
}
PHRASES = {
    "string_too_short": "some text",
    "model_type": "a mapping of 'key: value' lines",
    "dict_type": "a mapping of 'key: value' lines",
    "tuple_type": "a list",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "decimal_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "date_from_datetime_inexact": "a date such as 2015-09-30",
    "date_from_datetime_parsing": "a date such as 2015-09-30",
    "date_type": "a date such as 2015-09-30",
}


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
        found = error.errors(include_url=False)
        return None, [_fault(model, complaint, file, place) for complaint in found if not _follows(complaint, found)]


def _follows(complaint: Any, found: list[Any]) -> bool:
    """Whether a list is too short only because entries of it are faulty."""
    where = complaint["loc"]
    return complaint["type"] == "too_short" and any(
        len(other["loc"]) > len(where) and other["loc"][: len(where)] == where for other in found
    )


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
    return Fault("CFG-12", "STOP", file, _saw(complaint["input"]), *_expected(complaint), row, column)


def _saw(value: object) -> str:
    if isinstance(value, dict | list):
        return f"a {'mapping' if isinstance(value, dict) else 'list'} of {len(value)}"
    return "nothing" if value is None else f'saw "{str(value)[:60]}"'


def _expected(complaint: Any) -> tuple[str, str]:
    """What pydantic expected, in words of the study's author, and what to do."""
    kind, context = complaint["type"], complaint.get("ctx", {})
    if kind == "string_pattern_mismatch" and context["pattern"] in PATTERNS:
        return PATTERNS[context["pattern"]], "Correct it"
    if kind == "string_type":
        value = complaint["input"]
        plain = isinstance(value, int | float | dt.date)
        return "text", f'Put it in quotation marks: "{value}"' if plain else "Correct it"
    if kind == "too_short":
        return f"at least {context['min_length']}", "Add what is missing"
    if kind == "invalid_key":
        return "a word as key", "Put it in quotation marks"
    if kind in PHRASES:
        return PHRASES[kind], "Correct it"
    expected = complaint["msg"].removeprefix("Value error, ")
    expected = (expected[:1].lower() + expected[1:]).removeprefix("input should be ")
    options = context.get("expected")
    near = nearest(str(complaint["input"]), _quoted(options)) if options else None
    return expected, f'Did you mean "{near}"?' if near else "Correct it"


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
