"""Commands for people: one module per command, imported only when it is called.

What is imported here is interrupted by Ctrl-C with a traceback: next to nothing is, all else inside of :func:`main`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

#: What each command does; its module is named after it and has ``configure(parser)`` and ``run(arguments)``.
COMMANDS = {
    "check": "the study's config and delivered files: all faults at once, nothing run",
    "inspect": "what is in a file that has arrived, and what is wrong with it",
    "register": "fill the entry of a delivery in config/sources.csv from the file itself",
    "codebook": "a first codebook from an SPSS file's own labels",
    "new": "an empty study with commented config",
    "new-key": "a key of the study's own for its pseudonyms",
    "synth": "the synthetic study, from its truth file and seed",
    "why": "where a published number comes from",
    "release": "freeze the results, for reruns to be held against",
    "verify": "hold the results against the frozen ones; exit 1 on a difference",
}
STUDY = "config/study.yaml"
#: The one command that makes a study instead of reading one.
MAKES_A_STUDY = "new"
EPILOG = "pilot-eval COMMAND --help tells more. To run a study: snakemake, or make."
INTERRUPTED, BROKEN_PIPE = 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Command and its arguments; default those of the process.

    Returns
    -------
    int
        Exit status: 0; 1 for faults (one line each on standard error); 2 for a wrong command line; or the command's.
    """
    try:
        return _main(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return INTERRUPTED


def _main(words: list[str]) -> int:
    from pilot_eval.faults import StudyFaults, report

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(words)
        sys.stdout.flush()
    except StudyFaults as error:
        sys.stderr.write("".join(f"{line}\n" for line in report(error.faults)))
        return 1
    except BrokenPipeError:
        # Whoever read has enough (| head); what is still buffered must not fail again when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:
        if os.environ.get("PILOT_EVAL_DEBUG") == "1":
            raise
        line = f"[RUN-20] STOP pilot-eval {' '.join(words[:1])}: {type(error).__name__}: {error}".splitlines()[0]
        sys.stderr.write(f"{line} (PILOT_EVAL_DEBUG=1 shows the traceback)\n")
        return 1
    return status


def _run(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help"):
        (sys.stdout if words else sys.stderr).write(_help())
        return 0 if words else 2
    name = words[0]
    if name not in COMMANDS:
        import difflib

        near = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f'did you mean "{near[0]}"?' if near else "one of " + ", ".join(COMMANDS)
        sys.stderr.write(f'pilot-eval: there is no command "{name}": {hint}\n')
        return 2
    import argparse
    import importlib

    module = importlib.import_module(f"pilot_eval.cli.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser(prog=f"pilot-eval {name}", description=(module.__doc__ or "").split("\n")[0])
    module.configure(parser)
    if name != MAKES_A_STUDY:
        parser.add_argument("--study", metavar="PATH", default=STUDY, help=f"the study's config (default {STUDY})")
    try:
        arguments = parser.parse_args(words[1:])
    except SystemExit as end:
        return int(end.code or 0)
    return int(module.run(arguments))


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {what}" for name, what in COMMANDS.items()]
    return "\n".join(["usage: pilot-eval COMMAND [--study PATH] ...", "", *lines, "", EPILOG, ""])
