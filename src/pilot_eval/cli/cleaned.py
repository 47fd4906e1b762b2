"""What the stage clean would say of a delivery that has just arrived: faults, and drift since the wave before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilot_eval.faults import Fault, StudyFaults

if TYPE_CHECKING:
    from pilot_eval.study import Study
    from pilot_eval.study.delivery import Source

Items = Sequence[Mapping[str, Any]]


def clean_faults(study: Study, source: Source, found: Mapping[str, Any], codebook: Items) -> list[Fault]:
    """Faults of ``recode_items`` and ``report_drift`` for a delivery that was read, and of the places that it states.

    Parameters
    ----------
    study : Study
    source : Source
        Its entry, with the path of the file as it was named.
    found : mapping
        ``answers`` and ``variables`` as ingest hands them on.
    codebook : sequence of mapping
        Items of its instrument.

    Returns
    -------
    list of Fault
    """
    from pilot_eval.clean.report_drift import report_drift
    from pilot_eval.cli.placed import place_faults

    try:
        made = _recoded(study, source, found, codebook)
    except StudyFaults as error:
        return list(error.faults)
    earlier = list(_earlier(study, source, codebook))
    scales = {
        name: [word for word in scale.items if word.lstrip("-") in {item["item"] for item in codebook}]
        for name, scale in study.scales.items()
    }
    try:
        drift = report_drift(
            made["cleaned"], found["variables"], [table for table, _ in earlier], [about for _, about in earlier],
            {"path": source.path}, codebook, study.waves, scales,
        )["faults"]  # fmt: skip
    except StudyFaults as error:
        return [*_faults(made["faults"]), *error.faults]
    return [*_faults(made["faults"]), *_faults(drift), *place_faults(study, source, made["cleaned"])]


def _recoded(study: Study, source: Source, found: Mapping[str, Any], codebook: Items) -> dict[str, Any]:
    from pilot_eval.clean.recode_items import recode_items

    waves = [wave.model_dump(mode="json") for wave in study.config.waves]
    turned = sorted(word[1:] for scale in study.scales.values() for word in scale.items if word.startswith("-"))
    return recode_items(
        found["answers"], found["variables"], source.model_dump(mode="json"), codebook, waves, turned,
        study.config.exclude,
    )  # fmt: skip


def _earlier(study: Study, source: Source, codebook: Items) -> list[tuple[Any, Any]]:
    """Cleaned responses and metadata of the deliveries before; those that are not there, or not sound, are left out."""
    from pilot_eval.ingest.read_wave import gather, tables
    from pilot_eval.readers.delivered import stop

    found = []
    order = {wave: place for place, wave in enumerate(study.waves)}
    for other in study.surveys:
        path = Path(study.root / other.path)
        same = other.instrument == source.instrument and other.source != source.source
        if not same or order.get(other.wave, -1) >= order.get(source.wave, len(order)) or not path.is_file():
            continue
        try:
            delivered, faults = gather(path, other, codebook, other.sha256)
            stop(faults)
            read = tables(delivered, other, codebook)
            found.append((_recoded(study, other, read, codebook)["cleaned"], read["variables"]))
        except StudyFaults:
            continue
    return found


def _faults(table: Any) -> list[Fault]:
    rows = table.astype("object").where(table.notna(), None).to_dict("records")
    return [Fault(**{str(key): cell for key, cell in row.items()}) for row in rows]
