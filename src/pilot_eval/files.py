"""Read and write by suffix: byte-stable, whole or not at all."""

from __future__ import annotations

import glob
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

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
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):  # what a killed job left half-written
        left.unlink(missing_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            if ".identifiers." in path.name:
                os.fchmod(stream.fileno(), 0o600)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


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
