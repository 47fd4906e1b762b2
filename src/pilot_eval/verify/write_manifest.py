"""The manifest: checksums of all that went in and all that came out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Sections of the manifest and how a path, relative to the study or to the code's home, begins in each.
SECTIONS = {"inputs": "data/", "config": "config/", "outputs": "results/"}


def write_manifest(checked: Mapping[str, Mapping[str, Any]], home: str, study: Mapping[str, Any]) -> dict[str, Any]:
    """Checksums of deliveries, configuration, code, locked environment and outputs.

    Parameters
    ----------
    checked : mapping of str to mapping
        ``sha256`` and ``bytes`` of each file, by its path relative to the study's folder.
    home : str
        Folder of the code, relative to the study's folder: it does not stand in the manifest.
    study : mapping
        ``title``, ``release`` and ``synthetic``.

    Returns
    -------
    dict
        ``manifest``: the study, and per section (``inputs, config, code, environment, outputs``) each file's checksum
        and size. It names no host, no time and no folder outside the study, and neither itself nor ``results/verify``.
    """
    sections: dict[str, dict[str, Any]] = {"inputs": {}, "config": {}, "code": {}, "environment": {}, "outputs": {}}
    for path in sorted(checked):
        section = next((name for name, start in SECTIONS.items() if path.startswith(start)), None)
        name = path
        if section is None:
            name = path.removeprefix("" if home == "." else f"{home}/")
            section = "environment" if name == "requirements.lock" else "code"
        sections[section][name] = dict(checked[path])
    about = {key: study[key] for key in ("title", "release", "synthetic")}
    return {"manifest": {"study": about, **{name: dict(sorted(files.items())) for name, files in sections.items()}}}
