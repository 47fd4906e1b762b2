"""What the catalogue says of one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """One table of the catalogue.

    Attributes
    ----------
    title : str
        Subject and population; geography and period are added. ``{words}`` are the study's.
    about : str
        What the table holds and what a row is, in one or two sentences.
    rows : mapping of str to str
        Dimensions that tell its rows apart (``outcome``, ``area``, ``group``, ``wave``) and their headers.
    measures : mapping of str to str
        Columns of numbers in order, and their headers.
    notes : tuple of str
        Keys of ``NOTES``.
    noted : mapping of str to str
        Measure: the note that belongs to it.
    counted : str
        What the title gives as ``{counted}``: a measure that counts areas, or ``area`` for the areas of the rows.
    """

    title: str
    about: str
    rows: Mapping[str, str]
    measures: Mapping[str, str]
    notes: tuple[str, ...] = ()
    noted: Mapping[str, str] | None = None
    counted: str = ""
