"""Ctrl-C while Snakemake starts: importing this module, before anything heavy, makes it one line.

Once jobs run Snakemake ends them itself; before, nobody catches the interrupt, and Python would print where in our
code, or in the code of the study's rules, it happened to be.
"""

from __future__ import annotations

import os
import sys
from types import TracebackType


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt) and os.environ.get("PILOT_EVAL_DEBUG") != "1":
        sys.stderr.write("stopped\n")
    else:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _ended
