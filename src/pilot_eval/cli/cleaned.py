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
        ``answers``, ``variables`` and ``identifiers`` as ingest hands them on.
    codebook : sequence of mapping
        Items of its instrument.

    Returns
    -------
    list of Fault
    """
    from pilot_eval.clean.report_drift import report_drift
    from pilot_eval.cli.placed import place_faults
    from pilot_eval.link.unchanged import numbers_of, unchanged

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
            made["cleaned"], found["variables"], [table for table, *_ in earlier], [about for _, about, _ in earlier],
            {"path": source.path}, codebook, study.waves, scales,
        )["faults"]  # fmt: skip
    except StudyFaults as error:
        return [*_faults(made["faults"]), *error.faults]
    responses = [*(table for table, *_ in earlier), made["cleaned"]]
    keys = [*persons_of([*(who for *_, who in earlier), found["identifiers"]]), numbers_of(responses)]
    again = [fault for fault in unchanged(responses, keys, study.waves) if fault.file == source.path]
    return [*_faults(made["faults"]), *_faults(drift), *again, *place_faults(study, source, made["cleaned"])]


def persons_of(identifiers: Sequence[Any]) -> list[dict[str, str]]:
    """Ids of persons, and e-mail addresses, by row id."""
    keys = []
    for kind in ("person", "email"):
        own = [table[table["kind"] == kind] for table in identifiers]
        keys.append({
            row: value.strip().casefold() for one in own for row, value in zip(one["_id"], one["value"], strict=True)
        })  # fmt: skip
    return keys


def _recoded(study: Study, source: Source, found: Mapping[str, Any], codebook: Items) -> dict[str, Any]:
    from pilot_eval.clean.recode_items import recode_items

    waves = [wave.model_dump(mode="json") for wave in study.config.waves]
    turned = sorted(word[1:] for scale in study.scales.values() for word in scale.items if word.startswith("-"))
    return recode_items(
        found["answers"], found["variables"], source.model_dump(mode="json"), codebook, waves, turned,
        study.config.exclude,
    )  # fmt: skip


def _earlier(study: Study, source: Source, codebook: Items) -> list[tuple[Any, Any, Any]]:
    """Cleaned responses, metadata and identifiers of the deliveries before; those not there, or not sound, are left
    out."""
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
            found.append((_recoded(study, other, read, codebook)["cleaned"], read["variables"], read["identifiers"]))
        except StudyFaults:
            continue
    return found


def _faults(table: Any) -> list[Fault]:
    rows = table.astype("object").where(table.notna(), None).to_dict("records")
    return [Fault(**{str(key): cell for key, cell in row.items()}) for row in rows]
