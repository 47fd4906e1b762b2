"""Read and write by suffix: byte-stable, whole or not at all."""

from __future__ import annotations

import contextlib
import glob
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: Files whose path has one of these are readable by their owner only.
PRIVATE = (".identifiers.", "data/processed/qa/")
TEXT = {".html", ".txt", ".svg", ".md", ".css", ".js", ".py", ".log", ".jinja"}


def read(path: str | Path) -> Any:
    """A file's content, by its suffix.

    Parameters
    ----------
    path : path
        ``.parquet`` and ``.csv`` give a frame (CSV: all text, empty cells stay empty), ``.json`` plain values,
        text suffixes a string, anything else bytes.
    """
    path = Path(path)
    if path.suffix == ".parquet":
        import pandas as pd

        return pd.read_parquet(path)
    if path.suffix == ".csv":
        import pandas as pd

        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", index_col=False)
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    if path.suffix in TEXT:
        return path.read_text(encoding="utf-8")
    return path.read_bytes()


def write(path: str | Path, content: Any) -> None:
    """Write a file whole: beside it under this process's name, synced, then renamed.

    Parameters
    ----------
    path : path
    content : DataFrame, str, bytes, or plain values for ``.json``
    """
    write_bytes(path, as_bytes(Path(path).suffix, content))


def write_bytes(path: str | Path, content: bytes) -> None:
    """Put bytes at a path atomically; files of identifiers are readable by their owner only."""
    write_together([(path, content)])


def write_together(contents: Sequence[tuple[str | Path, bytes]]) -> None:
    """Put several files in their places: all are on the disk before the first of them gets its name.

    Parameters
    ----------
    contents : sequence of (path, bytes)

    Raises
    ------
    OSError
        With the name of the file that could not be written. What was there before is still there.
    """
    besides = [(_beside(Path(path)), Path(path), content) for path, content in contents]
    try:
        for beside, path, content in besides:
            with _naming(path):
                _put(beside, path, content)
        for beside, path, _ in besides:
            with _naming(path):
                beside.replace(path)
    finally:
        for beside, _, _ in besides:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def _put(beside: Path, path: Path, content: bytes) -> None:
    """Write the temporary file, synced, after clearing what a killed job left half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
        left.unlink(missing_ok=True)
    with beside.open("wb") as stream:
        if any(mark in path.as_posix() for mark in PRIVATE):
            os.fchmod(stream.fileno(), 0o600)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """An error of the system names the file that was meant, not the temporary one or none."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def as_bytes(suffix: str, content: Any) -> bytes:
    """The bytes of a content under a suffix; the same content gives the same bytes everywhere."""
    if suffix == ".parquet":
        return _parquet(content)
    if suffix == ".csv":
        text = content if isinstance(content, str) else content.to_csv(index=False, lineterminator="\n")
        return text.encode("utf-8")
    if suffix == ".json":
        return (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
    if isinstance(content, bytes):
        return content
    return str(content).encode("utf-8")


def _parquet(frame: pd.DataFrame) -> bytes:
    import io

    buffer = io.BytesIO()
    frame.reset_index(drop=True).to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()
