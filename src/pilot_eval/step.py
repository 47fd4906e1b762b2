"""One job of the workflow: find the function by the rule's name, read inputs, call, write outputs whole."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pilot_eval import files
from pilot_eval.faults import ADDRESS, Fault, StudyFaults, report, veil
from pilot_eval.key import key_of_pseudonyms
from pilot_eval.runs import usage
from pilot_eval.runs.lock import check_run, job_lock
from pilot_eval.runs.records import checksum, refuse_edited, write_recorded
from pilot_eval.runs.refusals import refusal

STAGES = (
    "register", "ingest", "clean", "link", "score", "describe", "model", "challenge", "disclose", "publish", "verify",
)  # fmt: skip
#: Faults of jobs that stopped, a file a job; gathered when the run ends, cleared when another begins.
STOPPED = Path(".snakemake/pilot_eval/stopped")
#: What a rule has besides what its function needs: both make it run again when our code changes.
NOT_GIVEN = ("code", "code_sha256")
#: Inputs that are handed on as bytes by path, for what looks through files of every form.
LOOKED_THROUGH = ("public", "scanned")
#: Environment variable that says where a run's warm process listens (`pilot_eval.warm`).
WARM = "PILOT_EVAL_WARM"
#: Exit status of a job that has said on the terminal what its log could not hold.
TOLD = 3


def run(job: Any) -> None:
    """Run one job and end the process: status 0, or 1 with one line per fault.

    Parameters
    ----------
    job : snakemake.script.Snakemake
        Its ``rule``, ``input``, ``output``, ``params`` and ``log`` are used. Every named input but ``code`` is read
        (delivered files below ``data/raw/`` are handed on as paths), every param is passed on by its name.
    """
    log = Path(job.log[0])
    where = f"rule {job.rule}"
    trace = ""
    faults: tuple[Fault, ...] = ()
    try:
        with job_lock():
            # What an earlier failure left would be told again if this job were killed.
            log.unlink(missing_ok=True)
            results = call(job.rule, _named(job.input), dict(job.params.items()))
            write_outputs(job.rule, _named(job.output), results)
            if WARM in os.environ:
                usage.note(log)
            files.write(log, "done\n")
    except StudyFaults as error:
        faults, trace = error.faults, traceback.format_exc()
    except KeyboardInterrupt:
        faults = (Fault("RUN-01b", "STOP", where, "interrupted; finished outputs are kept", "", "Run again"),)
    except MemoryError:
        saw = "there was not enough memory; finished outputs are kept"
        faults = (Fault("RUN-03", "STOP", where, saw, "", "Use --cores 1 or a larger machine"),)
    except Exception as error:
        trace = traceback.format_exc()
        faults = (refusal(error) if isinstance(error, OSError) and error.errno else _of_the_program(where, error, log),)
    if faults:
        _fail(log, faults, trace)


def stopped_of(log: Path) -> Path:
    """Where the faults of a job that stopped stand, by its log."""
    return STOPPED / f"{log}.json"


def _of_the_program(where: str, error: Exception, log: Path) -> Fault:
    said = " ".join(f"{type(error).__name__}: {error}".splitlines()[:1])
    return Fault("RUN-20", "STOP", where, said, "", f"The traceback stands in {log}; please report it")


def find(rule: str) -> tuple[str, Callable[..., Mapping[str, Any]]]:
    """The stage and the function of a rule.

    Raises
    ------
    LookupError
        When no stage has a module of that name.
    """
    package = Path(__file__).parent
    for stage in STAGES:
        if (package / stage / f"{rule}.py").is_file():
            module = importlib.import_module(f"pilot_eval.{stage}.{rule}")
            return stage, getattr(module, rule)
    raise LookupError(f"no stage has a module {rule}.py")


def call(rule: str, inputs: Mapping[str, Any], params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the inputs of a rule and call its function.

    An input named ``checked`` is not read: the function gets the checksum and size of each of its files, by path. Of
    inputs named ``public`` or ``scanned`` it gets the bytes by path; with the latter those of the logs, which are no
    rule's outputs.
    """
    _, function = find(rule)
    special = (*NOT_GIVEN, *LOOKED_THROUGH, "checked")
    given = {name: _content(paths) for name, paths in inputs.items() if name not in special}
    for name in LOOKED_THROUGH:
        if name in inputs:
            paths = [*inputs[name], *(_logs() if name == "scanned" else ())]
            given[name] = {path: Path(path).read_bytes() for path in paths}
    if "checked" in inputs:
        given["checked"] = {path: _checked(path) for path in inputs["checked"]}
    given |= {name: value for name, value in params.items() if name not in NOT_GIVEN}
    if "secret" in params:
        given["secret"] = _secret(*params["secret"])
    return function(**given)


def write_outputs(rule: str, outputs: Mapping[str, Any], results: Mapping[str, Any]) -> None:
    """Check what a function returned against its contracts and write all of it, or nothing.

    A job whose run has died writes nothing: another run may be at work.

    Raises
    ------
    ValueError
        When the returned keys are not the names of the outputs, or a list has another length.
    """
    stage, _ = find(rule)
    if set(outputs) != set(results):
        raise ValueError(f"returned {sorted(results)}; the rule's outputs are {sorted(outputs)}")
    ready: list[tuple[str, bytes]] = []
    for name, paths in outputs.items():
        single = isinstance(paths, str)
        contents = [results[name]] if single else list(results[name])
        paths = [paths] if single else list(paths)
        if len(contents) != len(paths):
            raise ValueError(f"output {name}: {len(contents)} contents for {len(paths)} files")
        for path, content in zip(paths, contents, strict=True):
            _keep_contract(stage, rule, name, content)
            ready.append((path, files.as_bytes(Path(path).suffix, content)))
    check_run()
    write_recorded(ready)


def _keep_contract(stage: str, rule: str, name: str, content: Any) -> None:
    """Hold a table that the stage hands on against its contract, when it has one."""
    if not hasattr(content, "columns"):
        return
    contracts = importlib.import_module(f"pilot_eval.{stage}.contracts")
    schema = contracts.CONTRACTS.get(f"{rule}.{name}")
    if schema is None:
        return
    from pandera.errors import SchemaErrors

    try:
        schema.validate(content, lazy=True)
    except SchemaErrors as error:
        # Its own message shows values, which may identify somebody.
        broken = sorted({f"{case.schema.name or 'table'} ({case.reason_code.name})" for case in error.schema_errors})
        raise ValueError(f"output {name} breaks its contract: {', '.join(broken)}") from None


def _named(items: Any) -> dict[str, Any]:
    """Named inputs or outputs of a job: a path, or a list of paths."""
    return {name: value if isinstance(value, str) else [str(path) for path in value] for name, value in items.items()}


def _content(paths: str | list[str]) -> Any:
    if not isinstance(paths, str):
        return [_content(path) for path in paths]
    if paths.startswith("data/raw/"):
        return Path(paths)
    refuse_edited(paths)
    return files.read(paths)


def _logs() -> list[str]:
    return sorted(path.as_posix() for path in Path("logs").rglob("*") if path.is_file())


def _checked(path: str) -> dict[str, Any]:
    """Checksum and size of a file."""
    refuse_edited(path)
    return {"sha256": checksum(path), "bytes": Path(path).stat().st_size}


def _secret(name: str, file: str) -> bytes:
    """Key of the pseudonyms; the param holds its name and file only, so that no record holds the key."""
    key = key_of_pseudonyms(name, Path(file))
    if not key:
        action = f"Set {name} or write a key of your own to {file}: pilot-eval new-key makes one"
        raise StudyFaults([Fault("LNK-14", "STOP", file, "there is no key for the pseudonyms", "", action)])
    return key


def _fail(log: Path, faults: Sequence[Fault], trace: str) -> None:
    """Leave the faults in the log, for the terminal, and for whoever gathers them; say them if there is no room."""
    text = "\n".join(report(faults))
    trace = ADDRESS.sub(lambda found: veil(found[0]), trace)
    if os.environ.get("PILOT_EVAL_DEBUG") == "1":
        sys.stderr.write(trace)
    try:
        files.write(log, f"{text}\n\n{trace}")
        files.write(stopped_of(log), [fault.as_dict() for fault in faults])
    except OSError:
        sys.stderr.write(text.encode("ascii", "backslashreplace").decode("ascii") + "\n")
        sys.exit(TOLD)
    sys.exit(1)
