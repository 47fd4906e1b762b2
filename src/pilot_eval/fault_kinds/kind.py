"""What is to be known of one kind of fault."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault.

    Parameters
    ----------
    id : str
        As messages show it, such as ``"ING-14"``. It never changes its meaning.
    title : str
        The fault in a few words.
    severities : tuple of str
        What it can be here (``faults.SEVERITIES``).
    example : str
        The smallest input that has it.
    otherwise : str
        What a program that does not look for it does: an error, or silently a wrong number.
    handled : str
        What happens here, to the data and to the run.
    remedy : str
        What a person does about it.
    """

    id: str
    title: str
    severities: tuple[str, ...]
    example: str
    otherwise: str
    handled: str
    remedy: str
