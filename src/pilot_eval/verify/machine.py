"""On what a release was made: numbers are promised to the last digit on the same Python and processor only."""

from __future__ import annotations

import platform
import sys


def machine() -> str:
    """Python's minor version and the processor, such as ``"Python 3.11 on x86_64"``."""
    return f"Python {sys.version_info.major}.{sys.version_info.minor} on {platform.machine()}"
