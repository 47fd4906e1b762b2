"""Check a study's config and its delivered files: all faults at once, in seconds, nothing run."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pilot_eval.faults import Fault, StudyFaults, report
from pilot_eval.files import write_bytes
from pilot_eval.study import Study, load_study
from pilot_eval.study.cross_sources import missing_waves, rivals
from pilot_eval.study.delivery import Source
from pilot_eval.study.freeze import FILE as FROZEN
from pilot_eval.study.freeze import deviations, freeze
from pilot_eval.study.load import root_of, sha256_of
from pilot_eval.study.sheets import read_sources

RAW = "data/raw"
#: What lies in the folder of deliveries without being one; `planted.csv` lists the dirt of a synthetic study.
KNOWN_SUFFIXES = {".md", ".txt"}
PLANTED = "data/raw/planted.csv"


def configure(parser: argparse.ArgumentParser) -> None:
    """Whether the analysis plan is to be frozen."""
    parser.add_argument(
        "--freeze", action="store_true", help=f"write {FROZEN}: the analysis plan of today, with its checksum"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the faults to standard error, or a summary of the study."""
    root = root_of(arguments.study)
    study: Study | None = None
    faults: list[Fault] = []
    try:
        study = load_study(root)
    except StudyFaults as error:
        faults += error.faults
    sources = _readable(root)
    rival = [*rival_faults(root, sources)]
    if rival:  # they say what the config alone cannot: how the deliveries differ
        faults = [fault for fault in faults if (fault.id, fault.column) != ("REG-12", "wave")]
    faults += [*rival, *delivery_faults(root, sources), *unregistered(root, sources)]
    if study:
        faults += [*not_delivered(study), *truth_faults(study)]
    if study and not any(fault.severity == "STOP" for fault in faults):
        from pilot_eval.cli.placed import authority_faults

        faults += [fault for fault in authority_faults(study) if fault.severity != "OK"]
    sys.stderr.write("".join(f"{line}\n" for line in report(faults)))
    stops = sum(fault.severity == "STOP" for fault in faults)
    if stops or study is None:
        sys.stderr.write(f"{stops} fault{'s' if stops > 1 else ''}\n")
        return 1
    if arguments.freeze:
        if study.frozen is not None:
            sys.stderr.write(f"the plan was frozen on {study.frozen.day}; it is not frozen twice\n")
            return 1
        write_bytes(root / FROZEN, freeze(study.plan, dt.date.today()).encode())
        study = load_study(root)
    print("\n".join(summary(study)))
    return 0


def _readable(root: Path) -> tuple[Source, ...]:
    """Deliveries of a study that has faults elsewhere: their files can be checked all the same."""
    file = root / "config/sources.csv"
    try:
        return tuple(read_sources(file.read_text(encoding="utf-8"), "config/sources.csv")[0])
    except (OSError, UnicodeDecodeError):
        return ()


def rival_faults(root: Path, sources: Sequence[Source]) -> Iterator[Fault]:
    """Two deliveries of one wave and instrument: REG-12, with what they hold in common."""
    for first, second in rivals(sources):
        from pilot_eval.cli.rival import rival_fault

        yield rival_fault(root, first, second)


def delivery_faults(root: Path, sources: Iterable[Source]) -> Iterator[Fault]:
    """Deliveries that are not what was registered: ING-22 empty, ING-27 changed since."""
    for source in sources:
        file = root / source.path
        if not os.path.isfile(file):
            continue  # not there, or in a locked folder: reported with the config
        size = file.stat().st_size
        if size == 0:
            yield Fault("ING-22", "STOP", source.path, "the file is empty (0 bytes)", "", "Ask for it again")
            continue
        found = sha256_of(file)
        if found != source.sha256:
            sizes = "" if size == source.bytes else f" ({size:,} bytes; registered {source.bytes:,})"
            saw = (
                f"sha256 is {found[:8]}..., config/sources.csv says {source.sha256[:8]}...{sizes}; "
                "the file changed since registration"
            )
            action = "Restore it, or register the new delivery (pilot-eval register)"
            yield Fault("ING-27", "STOP", source.path, saw, "", action)
        elif size != source.bytes:
            saw, expected = f"bytes {source.bytes:,}", f"{size:,}, the size of {source.path}"
            action = "Register it again (pilot-eval register)"
            yield Fault("ING-27", "STOP", "config/sources.csv", saw, expected, action, None, f"{source.source}.bytes")


def unregistered(root: Path, sources: Sequence[Source]) -> Iterator[Fault]:
    """Files among the deliveries that no line of ``sources.csv`` names: REG-14, or REG-12 a delivery once more."""
    known = {source.path for source in sources} | {PLANTED}
    for file in sorted((root / RAW).rglob("*")):
        inside = file.relative_to(root)
        hidden = any(part.startswith(".") for part in inside.parts)
        if not file.is_file() or hidden or file.suffix in KNOWN_SUFFIXES or inside.parts[2] == "unused":
            continue
        if inside.as_posix() not in known:
            from pilot_eval.cli.second import unregistered_fault

            yield unregistered_fault(root, inside.as_posix(), sources)


def not_delivered(study: Study) -> Iterator[Fault]:
    """Waves of an instrument without a file: REG-15. A required one stops the load already."""
    for instrument in study.config.instruments:
        if not any(source.instrument == instrument.id for source in study.surveys):
            continue  # a study that has only begun
        for wave in missing_waves(instrument, study.waves, study.sources, study.codebooks[instrument.id]):
            saw = f"no file for instrument {instrument.id}, wave {wave}; change to it is not estimated"
            action = f"Register the file when it arrives, or leave {wave} out of the instrument's waves in study.yaml"
            yield Fault("REG-15", "WARN", "config/sources.csv", saw, "", action)


def truth_faults(study: Study) -> tuple[Fault, ...]:
    """What is wrong with the truth file of a synthetic study, when it has one."""
    from pilot_eval.synth.truth import FILE, read_truth

    if not (study.root / FILE).is_file():
        return ()
    try:
        read_truth(study)
    except StudyFaults as error:
        return error.faults
    return ()


def summary(study: Study) -> list[str]:
    """A study in a few lines."""
    config, total = study.config, sum(len(items) for items in study.codebooks.values())
    kinds = [entry.kind for entry in config.registers.organisations]
    surveys = study.surveys
    lines = [
        config.title + ("" if "synthetic" in config.title.lower() or not config.synthetic else " (synthetic)"),
        f"  waves        {', '.join(f'{wave.id} (month {wave.months:g})' for wave in config.waves)}",
        f"  areas        {len(config.areas)}, shown by {config.areas_public_as}",
        f"  registers    {', '.join(kinds) or 'none'}",
        f"  instruments  {', '.join(entry.id for entry in config.instruments)}: {total} items",
        f"  sources      {len(study.sources)}, of them {len(surveys)} surveys, "
        f"{sum(source.rows for source in surveys):,} rows",
        f"  outcomes     {', '.join(study.outcomes)}",
        f"  models       {', '.join(study.plan.models)}: {len(study.fits)} to fit",
    ]
    if study.frozen is not None:
        number = len(deviations(study.plan, study.frozen))
        told = f"frozen on {study.frozen.day}, checksum {study.frozen.sha256[:8]}"
        told += f", {number} deviation{'' if number == 1 else 's'} since"
        lines.append(f"  plan         {told}")
    if not surveys:
        lines.append("  next         put delivered files into data/raw and name them: pilot-eval register FILE")
    return [*lines, "no faults"]
