"""Names for the two kinds of array that the kernel passes around."""

from __future__ import annotations

from typing import Any, TypeAlias

from numpy.typing import NDArray

#: floating-point array
Floats: TypeAlias = NDArray[Any]
#: integer codes or positions
Ints: TypeAlias = NDArray[Any]
#: truth values
Bools: TypeAlias = NDArray[Any]
