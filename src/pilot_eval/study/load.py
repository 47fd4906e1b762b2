"""Read and validate a whole study: one object, or every fault of every file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from pilot_eval.faults import Fault, StudyFaults
from pilot_eval.key import key_of_pseudonyms
from pilot_eval.study.claim import Claim
from pilot_eval.study.cross import cross_faults
from pilot_eval.study.cross_sources import in_use
from pilot_eval.study.decision import Decision
from pilot_eval.study.delivery import Item, Source
from pilot_eval.study.draft import Draft, some, valid_part
from pilot_eval.study.freeze import FILE as FROZEN
from pilot_eval.study.freeze import Frozen, read_frozen
from pilot_eval.study.good_practice import FOLDER, GoodPractice, read_page, text_faults
from pilot_eval.study.lines import control_faults, read_yaml
from pilot_eval.study.model import StudyConfig
from pilot_eval.study.plan import Model, ModelsConfig, Outcome, Scale, ScalesConfig
from pilot_eval.study.sheets import read_claims, read_codebook, read_decisions, read_sources
from pilot_eval.study.typed import typed

M = TypeVar("M", bound=BaseModel)
L = TypeVar("L")


@dataclass(frozen=True)
class Study:
    """A validated study.

    Attributes
    ----------
    root : Path
        The folder that holds ``config/``; every path of the study is relative to it.
    config : StudyConfig
    sources : tuple of Source
        Deliveries in the order of ``sources.csv``, without those that another supersedes.
    codebooks : mapping of str to tuple of Item
        Items by instrument, in codebook order.
    scales : mapping of str to Scale
    plan : ModelsConfig
    claims : tuple of Claim
        Numbers published elsewhere, in the order of ``claims.csv``; none when there is no such file.
    decisions : tuple of (int, Decision)
        What a person decided of doubtful links, with its line, in the order of ``link_decisions.csv``; none when there
        is no such file.
    frozen : Frozen, optional
        The analysis plan as it was frozen; None when it was not.
    good_practice : tuple of GoodPractice
        Pages about critical success factors, in the order of their files' names; none when there is no such folder.
    """

    root: Path
    config: StudyConfig
    sources: tuple[Source, ...]
    codebooks: Mapping[str, tuple[Item, ...]]
    scales: Mapping[str, Scale]
    plan: ModelsConfig
    claims: tuple[Claim, ...]
    decisions: tuple[tuple[int, Decision], ...] = ()
    frozen: Frozen | None = None
    good_practice: tuple[GoodPractice, ...] = ()

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

    def questions_of(self, kind: str) -> tuple[str, ...]:
        """Names of the plan's questions of one kind, in its order."""
        return tuple(name for name, question in self.plan.questions.items() if question.kind == kind)

    def secret_key(self) -> bytes | None:
        """Key of the pseudonyms, from the environment or the file that the study names; None when absent."""
        secret = self.config.secret
        return key_of_pseudonyms(secret.name, self.root / secret.file) or None


def load_study(path: str | Path, deliveries: bool = True) -> Study:
    """Read ``config/study.yaml`` and the files beside it.

    Parameters
    ----------
    path : path of ``study.yaml``, or of the study's folder
    deliveries : bool
        Whether the delivered files must be there; commands that make or register them do without.

    Returns
    -------
    Study

    Raises
    ------
    StudyFaults
        With every fault of every file of the configuration.
    """
    root = root_of(path)
    faults: list[Fault] = []
    draft = Draft(root)
    config, draft.config = _read_part(draft, "study.yaml", StudyConfig, faults)
    scales, draft.scales = _read_part(draft, "scales.yaml", ScalesConfig, faults)
    plan, draft.plan = _read_part(draft, "models.yaml", ModelsConfig, faults)
    text, wrong = _text(root, "config/sources.csv")
    faults += wrong
    if not wrong:
        draft.sources, draft.lines["sources.csv"], wrong = read_sources(text, "config/sources.csv")
        faults += wrong
    _read_codebooks(draft, faults)
    claims = _read_if_there(root, "config/claims.csv", read_claims, faults)
    decisions = _read_if_there(root, "config/link_decisions.csv", read_decisions, faults)
    frozen = None
    if (root / FROZEN).exists():
        text, wrong = _text(root, FROZEN)
        if not wrong:
            frozen, wrong = read_frozen(text)
        faults += wrong
    _read_good_practice(draft, faults)
    faults += cross_faults(draft, deliveries)
    if faults or config is None or scales is None or plan is None:
        raise StudyFaults(faults)
    codebooks = {name: tuple(items) for name, items in draft.codebooks.items()}
    pages = tuple(draft.good_practice)
    return Study(
        root, config, in_use(draft.sources or ()), codebooks, scales.scales, plan, claims, decisions, frozen, pages
    )


def root_of(path: str | Path) -> Path:
    """Folder of the study that a path means: its folder, or its ``config/study.yaml``.

    Raises
    ------
    StudyFaults
        RUN-13 when there is no such file.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "config" / "study.yaml"
    if not path.is_file():
        raise StudyFaults(
            [Fault("RUN-13", "STOP", str(path), "there is no such file", "the study's configuration",
                   "Run from the study's folder, or name the file with --study (snakemake: --config study=PATH)")]
        )  # fmt: skip
    return path.resolve().parent.parent


def _text(root: Path, name: str) -> tuple[str, list[Fault]]:
    try:
        text = (root / name).read_text(encoding="utf-8")
        return text, list(control_faults(text, name))
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        saw = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        return "", [Fault("CFG-05", "STOP", name, saw, "UTF-8", "Save the file as UTF-8", row)]
    except FileNotFoundError:
        return "", [Fault("CFG-04", "STOP", name, "there is no such file", "the study's file of that name", "Add it")]
    except OSError as error:
        saw = f"cannot be read ({error.strerror})"
        return "", [Fault("CFG-04", "STOP", name, saw, "a readable file", "Mend its rights")]


def _read_part(draft: Draft, name: str, model: type[M], faults: list[Fault]) -> tuple[M | None, M | None]:
    """A file as its model when nothing is wrong with it, and as what is valid in it."""
    file = f"config/{name}"
    text, wrong = _text(draft.root, file)
    if wrong:
        faults += wrong
        return None, None
    try:
        value, where = read_yaml(text, file)
    except StudyFaults as error:
        faults += error.faults
        return None, None
    draft.raw[name], draft.lines[name] = value, where

    def place(path: Sequence[str | int]) -> tuple[int | None, str]:
        known = tuple(path)
        while known and known not in where:
            known = known[:-1]
        return where.get(known, 1), ".".join(map(str, path))

    part, wrong = typed(model, value, file, place)
    faults += wrong
    return part, part or valid_part(model, value)


def _read_codebooks(draft: Draft, faults: list[Fault]) -> None:
    config = draft.config
    if config is None or not config.waves:
        return
    waves = [wave.id for wave in config.waves]
    for instrument in some(config.instruments):
        name = f"codebook/{instrument.id}.csv"
        text, wrong = _text(draft.root, f"config/{name}")
        if not wrong:
            items, draft.lines[name], wrong = read_codebook(
                text, f"config/{name}", waves, some(config.label_sets) or {}
            )
            draft.codebooks[instrument.id] = items
        faults += wrong


def _read_good_practice(draft: Draft, faults: list[Fault]) -> None:
    for path in sorted((draft.root / FOLDER).glob("*.md")):
        text, wrong = _text(draft.root, f"{FOLDER}/{path.name}")
        if not wrong:
            page, draft.lines[f"good_practice/{path.name}"], wrong = read_page(path.stem, text)
            draft.good_practice += [page] if page is not None else []
            if draft.config is not None:
                wrong += text_faults(draft.config, path.stem, text)
        faults += wrong


def _read_if_there(
    root: Path, file: str, reader: Callable[[str, str], tuple[list[L], list[Fault]]], faults: list[Fault]
) -> tuple[L, ...]:
    """The lines of a file that a study may do without."""
    if not (root / file).exists():
        return ()
    text, wrong = _text(root, file)
    found: list[L] = []
    if not wrong:
        found, wrong = reader(text, file)
    faults += wrong
    return tuple(found)


def sha256_of(path: Path) -> str:
    """Checksum of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
