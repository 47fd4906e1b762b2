"""What the registers say of a delivery that has just arrived: its own faults, or those of its keys and areas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilot_eval.faults import Fault, StudyFaults

if TYPE_CHECKING:
    from pilot_eval.study import Study
    from pilot_eval.study.delivery import Source

#: The letters of areas depend on the key of the pseudonyms; no fault does.
NO_KEY = b"no letter is shown here"
SAID = ("organisation", "organisation_name", "area", "role")


def authority_faults(study: Study, source: Source | None = None) -> list[Fault]:
    """Faults of the registers and the evidence, held together.

    Parameters
    ----------
    study : Study
    source : Source, optional
        One of them, with another path in place of its own: then only what is wrong with that file.
    """
    faults = []
    for found in (_registers(study, source), _evidence(study, source)):
        faults += found if isinstance(found, list) else faults_of(found["faults"])
    return [fault for fault in faults if source is None or fault.file == source.path]


def place_faults(study: Study, source: Source, cleaned: Any) -> list[Fault]:
    """What cannot be placed: keys and areas of responses that no register has.

    Registers that have faults of their own say nothing here; ``check`` tells them.
    """
    from pilot_eval.link.place_respondents import place_respondents

    found = _registers(study, None)
    if isinstance(found, list):
        return []
    tables = {name: found[name] for name in ("areas", "organisations", "aliases", "predecessors", "links")}
    wave = source.wave or study.waves[0]
    items = study.codebooks[source.instrument]
    said = {str(item.use): item.names[wave] or "" for item in items if item.use in SAID and item.names.get(wave)}
    config = study.config
    try:
        placed = place_respondents(
            cleaned=[cleaned], **tables,
            instruments=[entry.model_dump(mode="json") for entry in config.instruments],
            roles=[entry.model_dump(mode="json") for entry in config.roles],
            patterns={entry.kind: entry.pattern for entry in config.registers.organisations},
            typed_names=[entry.model_dump(mode="json") for entry in config.linkage.organisations],
            said={source.source: said},
        )  # fmt: skip
    except StudyFaults as error:
        return list(error.faults)
    return faults_of(placed["faults"])


def _registers(study: Study, source: Source | None) -> dict[str, Any] | list[Fault]:
    """The tables of the registers, or what stops them."""
    from pilot_eval.register.read_registers import read_registers

    areas = [area.model_dump(mode="json") for area in study.config.areas]
    try:
        return read_registers(
            *_deliveries(study, "register", source), areas, study.config.registers.model_dump(mode="json"), NO_KEY
        )
    except StudyFaults as error:
        return list(error.faults)


def _evidence(study: Study, source: Source | None) -> dict[str, Any] | list[Fault]:
    from pilot_eval.register.read_evidence import read_evidence

    config = study.config
    evidence = [table.model_dump(mode="json") for table in config.evidence]
    attendance = config.attendance.model_dump(mode="json") if config.attendance else None
    areas = [area.model_dump(mode="json") for area in config.areas]
    try:
        return read_evidence(*_deliveries(study, "evidence", source), evidence, attendance, areas)
    except StudyFaults as error:
        return list(error.faults)


def _deliveries(study: Study, kind: str, source: Source | None) -> tuple[list[Path], list[dict[str, Any]], list[str]]:
    """Paths, entries and checksums of the deliveries of a kind."""
    from pilot_eval.study.load import sha256_of

    entries = [
        source if source and entry.source == source.source else entry for entry in study.sources if entry.kind == kind
    ]
    paths = [Path(study.root, entry.path) for entry in entries]
    there = [(path, entry) for path, entry in zip(paths, entries, strict=True) if path.is_file()]
    return (
        [path for path, _ in there],
        [entry.model_dump(mode="json") for _, entry in there],
        [sha256_of(path) for path, _ in there],
    )


def faults_of(table: Any) -> list[Fault]:
    """The rows of a table of faults."""
    rows = table.astype("object").where(table.notna(), None).to_dict("records")
    return [Fault(**{str(key): cell for key, cell in row.items()}) for row in rows]
