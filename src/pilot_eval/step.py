"""One job of the workflow: find the function by the rule's name, read inputs, call, write outputs whole."""

from __future__ import annotations

import fcntl
import hashlib
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pilot_eval import files
from pilot_eval.faults import ADDRESS, Fault, StudyFaults, report, veil

STAGES = (
    "register", "ingest", "clean", "link", "score", "describe", "model", "challenge", "disclose", "publish", "verify",
)  # fmt: skip
RECORDS = Path(".snakemake/pilot_eval/sha256")
LOCK = Path(".snakemake/pilot_eval.lock")


def run(job: Any) -> None:
    """Run one job and end the process: status 0, or 1 with one line per fault.

    Parameters
    ----------
    job : snakemake.script.Snakemake
        Its ``rule``, ``input``, ``output``, ``params`` and ``log`` are used. Every named input but ``code`` is read
        (delivered files below ``data/raw/`` are handed on as paths), every param is passed on by its name.
    """
    log = Path(job.log[0])
    # What an earlier failure left would be told again if this job were killed.
    log.unlink(missing_ok=True)
    begun = _holder()
    try:
        results = call(job.rule, _named(job.input), dict(job.params.items()))
        write_outputs(job.rule, _named(job.output), results, begun)
    except StudyFaults as error:
        _fail(log, report(error.faults), traceback.format_exc())
    except KeyboardInterrupt:
        _fail(log, [f"[RUN-04] STOP rule {job.rule}: interrupted. Run again; finished outputs are kept."], "")
    except Exception as error:
        line = f"[RUN-20] STOP rule {job.rule}: {type(error).__name__}: {error}".splitlines()[0]
        line = ADDRESS.sub(lambda found: veil(found[0]), line)
        _fail(log, [f"{line} (the traceback stands in {log})"], traceback.format_exc())
    else:
        files.write(log, "done\n")


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

    An input named ``checked`` is not read: the function gets the checksum and size of each of its files, by path.
    """
    _, function = find(rule)
    given = {name: _content(paths) for name, paths in inputs.items() if name not in ("code", "checked")}
    if "checked" in inputs:
        given["checked"] = {path: _checked(path) for path in inputs["checked"]}
    given |= params
    if "secret" in params:
        given["secret"] = _secret(*params["secret"])
    return function(**given)


def write_outputs(rule: str, outputs: Mapping[str, Any], results: Mapping[str, Any], begun: str = "") -> None:
    """Check what a function returned against its contracts and write all of it, or nothing.

    A job whose run has died (``begun`` no longer holds the study's lock) writes nothing: another run may be at work.

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
    if begun != _holder():
        raise RuntimeError("the run that started this job has ended; nothing was written")
    for path, content in ready:
        files.write_bytes(path, content)
        files.write_bytes(RECORDS / f"{path}.sha256", hashlib.sha256(content).hexdigest().encode())


def _keep_contract(stage: str, rule: str, name: str, content: Any) -> None:
    """Hold a table that the stage hands on against its contract, when it has one."""
    if not hasattr(content, "columns"):
        return
    contracts = importlib.import_module(f"pilot_eval.{stage}.contracts")
    schema = contracts.CONTRACTS.get(f"{rule}.{name}")
    if schema is not None:
        schema.validate(content, lazy=True)


def _holder() -> str:
    """Process that holds the study's lock; empty when no run does (the kernel frees the lock when a run dies)."""
    if not LOCK.is_file():
        return ""
    with LOCK.open(encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return stream.read()
        return ""


def _named(items: Any) -> dict[str, Any]:
    """Named inputs or outputs of a job: a path, or a list of paths."""
    return {name: value if isinstance(value, str) else [str(path) for path in value] for name, value in items.items()}


def _content(paths: str | list[str]) -> Any:
    if not isinstance(paths, str):
        return [_content(path) for path in paths]
    if paths.startswith("data/raw/"):
        return Path(paths)
    _refuse_edited(paths)
    return files.read(paths)


def _checked(path: str) -> dict[str, Any]:
    """Checksum and size of a file."""
    _refuse_edited(path)
    content = Path(path).read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _refuse_edited(path: str) -> None:
    record = RECORDS / f"{path}.sha256"
    if record.is_file() and hashlib.sha256(Path(path).read_bytes()).hexdigest() != record.read_text("utf-8"):
        raise StudyFaults(
            [Fault("RUN-09", "STOP", path, "differs from what its rule wrote; it was edited by hand", "",
                   "Delete it and run again")]
        )  # fmt: skip


def _secret(name: str, file: str) -> bytes:
    """Key of the pseudonyms; the param holds its name and file only, so that no record holds the key."""
    if os.environ.get(name):
        return os.environ[name].encode()
    if Path(file).is_file() and (key := Path(file).read_bytes().strip()):
        return key
    action = f"Set {name} or write a key of your own to {file}: pilot-eval new-key makes one"
    raise StudyFaults([Fault("LNK-14", "STOP", file, "there is no key for the pseudonyms", "", action)])


def _fail(log: Path, lines: Iterable[str], trace: str) -> None:
    text = "\n".join(lines)
    files.write(log, f"{text}\n\n{trace}")
    if os.environ.get("PILOT_EVAL_DEBUG") == "1":
        sys.stderr.write(trace)
    sys.exit(1)
