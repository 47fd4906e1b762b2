"""Read and validate a whole study: one object, or every fault of every file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.study.cross import cross_faults
from pilot_eval.study.delivery import Item, Source
from pilot_eval.study.lines import read_yaml
from pilot_eval.study.model import StudyConfig
from pilot_eval.study.plan import Model, ModelsConfig, Outcome, Scale, ScalesConfig
from pilot_eval.study.sheets import read_codebook, read_sources
from pilot_eval.study.typed import typed

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Study:
    """A validated study.

    Attributes
    ----------
    root : Path
        The folder that holds ``config/``; every path of the study is relative to it.
    config : StudyConfig
    sources : tuple of Source
        Deliveries in the order of ``sources.csv``.
    codebooks : mapping of str to tuple of Item
        Items by instrument, in codebook order.
    scales : mapping of str to Scale
    plan : ModelsConfig
    """

    root: Path
    config: StudyConfig
    sources: tuple[Source, ...]
    codebooks: Mapping[str, tuple[Item, ...]]
    scales: Mapping[str, Scale]
    plan: ModelsConfig

    @property
    def waves(self) -> tuple[str, ...]:
        """Wave ids in order of time."""
        return tuple(wave.id for wave in self.config.waves)

    @property
    def areas(self) -> tuple[str, ...]:
        """Area codes in the order of the config."""
        return tuple(area.code for area in self.config.areas)

    @property
    def surveys(self) -> tuple[Source, ...]:
        """The deliveries that hold answers."""
        return tuple(source for source in self.sources if source.kind == "survey")

    def source(self, name: str) -> Source:
        """The delivery of that name."""
        return next(source for source in self.sources if source.source == name)

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """Outcomes of the plan, in its order."""
        return self.plan.outcomes

    @property
    def fits(self) -> tuple[tuple[str, str], ...]:
        """Pairs of model and outcome that are fitted, in the order of the plan."""
        return tuple((name, outcome) for name, model in self.plan.models.items() for outcome in self.outcomes_of(model))

    def outcomes_of(self, model: Model) -> tuple[str, ...]:
        """Outcomes to which a model is fitted."""
        return model.outcomes or tuple(self.plan.outcomes)

    def primary(self, outcome: str) -> str | None:
        """Name of the outcome's primary model: the first that names it, None when none does."""
        return next((name for name, fitted in self.fits if fitted == outcome), None)

    def secret_key(self) -> bytes | None:
        """Key of the pseudonyms, from the environment or the file that the study names; None when absent."""
        secret = self.config.secret
        if os.environ.get(secret.name):
            return os.environ[secret.name].encode()
        file = self.root / secret.file
        return file.read_bytes().strip() if file.is_file() else None


def load_study(path: str | Path) -> Study:
    """Read ``config/study.yaml`` and the files beside it.

    Parameters
    ----------
    path : path of ``study.yaml``, or of the study's folder

    Returns
    -------
    Study

    Raises
    ------
    StudyFaults
        With every fault of every file of the configuration.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "config" / "study.yaml"
    if not path.is_file():
        raise StudyFaults(
            [Fault("RUN-13", "STOP", str(path), "there is no such file", "the study's configuration",
                   "Run from the study's folder, or name the file with --study (snakemake: --config study=PATH)")]
        )  # fmt: skip
    root = path.resolve().parent.parent
    faults: list[Fault] = []
    lines: dict[str, dict[Any, int]] = {}
    config = _read_part(root, "study.yaml", StudyConfig, faults, lines)
    scales = _read_part(root, "scales.yaml", ScalesConfig, faults, lines)
    plan = _read_part(root, "models.yaml", ModelsConfig, faults, lines)
    text, wrong = _text(root, "config/sources.csv")
    sources, lines["sources.csv"], more = read_sources(text, "config/sources.csv") if text else ([], {}, [])
    faults += wrong + more
    codebooks = _read_codebooks(root, config, faults, lines) if config else {}
    if config is None or scales is None or plan is None:
        raise StudyFaults(faults)
    study = Study(root, config, tuple(sources), codebooks, scales.scales, plan)
    faults += cross_faults(study, lines, {fault.file for fault in faults})
    if faults:
        raise StudyFaults(faults)
    return study


def _text(root: Path, name: str) -> tuple[str, list[Fault]]:
    try:
        return (root / name).read_text(encoding="utf-8"), []
    except FileNotFoundError:
        return "", [Fault("CFG-04", "STOP", name, "there is no such file", "the study's file of that name", "Add it")]
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        saw = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        return "", [Fault("CFG-05", "STOP", name, saw, "UTF-8", "Save the file as UTF-8", row)]


def _read_part(root: Path, name: str, model: type[M], faults: list[Fault], lines: dict[str, Any]) -> M | None:
    file = f"config/{name}"
    text, wrong = _text(root, file)
    if wrong:
        faults += wrong
        return None
    try:
        value, where = read_yaml(text, file)
    except StudyFaults as error:
        faults += error.faults
        return None
    lines[name] = where

    def place(path: Sequence[str | int]) -> tuple[int | None, str]:
        known = tuple(path)
        while known and known not in where:
            known = known[:-1]
        return where.get(known, 1), ".".join(map(str, path))

    part, wrong = typed(model, value, file, place)
    faults += wrong
    return part


def _read_codebooks(
    root: Path, config: StudyConfig, faults: list[Fault], lines: dict[str, dict[Any, int]]
) -> dict[str, tuple[Item, ...]]:
    waves = [wave.id for wave in config.waves]
    codebooks = {}
    for instrument in config.instruments:
        name = f"codebook/{instrument.id}.csv"
        text, wrong = _text(root, f"config/{name}")
        faults += wrong
        if not wrong:
            items, lines[name], wrong = read_codebook(text, f"config/{name}", waves, config.label_sets)
            faults += wrong
            codebooks[instrument.id] = tuple(items)
    return codebooks


def sha256_of(path: Path) -> str:
    """Checksum of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
