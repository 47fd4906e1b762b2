"""One warm process per run, of which jobs are forks: the heavy libraries are imported once, not once a job.

Importing pandas, scipy and what stands on them takes a job over a second of processor time, more than most jobs
need for their own work. A run therefore starts this server. Snakemake starts `pilot_eval/launch.py` in the place of
an interpreter; it hands the job's script over and waits, and the server's fork runs the script exactly as a new
interpreter would: with the launcher's folder, environment and streams. Where there is no server (another machine of
a cluster, a system without ``fork``) the launcher starts an interpreter.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import runpy
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from pilot_eval.step import STAGES, WARM

#: What jobs import besides our own modules, which import the rest; in the order in which the first jobs need them.
LIBRARIES = (
    "snakemake.script", "snakemake.logging", "pandas", "pyarrow.parquet", "pandera.pandas",
    "pandera.backends.pandas.builtin_checks", "pyreadstat", "rapidfuzz.fuzz", "scipy.optimize", "scipy.stats",
    "formulaic", "statsmodels.regression.mixed_linear_model", "matplotlib.figure", "matplotlib.backends.backend_svg",
)  # fmt: skip
#: Half of the jobs import it, within their functions.
KERNEL = "mixed"
#: Bytes of the longest message: a path and an environment.
LONGEST = 1 << 20

#: How to end the server.
_ends = contextlib.ExitStack()
atexit.register(_ends.close)


def start(python: str) -> str:
    """Start the server for as long as this process lives.

    Parameters
    ----------
    python : str
        Path of the interpreter.

    Returns
    -------
    str
        What stands for the interpreter on a shell's command line: it runs a script as a fork of the server.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="pilot_eval-"))
        address = str(folder / "jobs")
        # Listening before it starts, so that no job comes too early.
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen()
            place = listener.fileno()
            server = subprocess.Popen(
                [python, "-P", "-m", __name__, str(place)], stdin=subprocess.PIPE, pass_fds=[place]
            )
    except (OSError, AttributeError):  # no room for a socket, or a system without them
        return shlex.quote(python)
    _ends.callback(_stop, server, folder)
    os.environ[WARM] = address
    return f"{shlex.quote(python)} -I -S {shlex.quote(str(Path(__file__).with_name('launch.py')))}"


def stop() -> None:
    """End the server, if there is one, before this process ends: jobs of a cluster run on other machines."""
    os.environ.pop(WARM, None)
    _ends.close()


def _stop(server: subprocess.Popen[bytes], folder: Path) -> None:
    """End the server with the run; were the run killed, the end of its input would end it."""
    server.kill()
    server.communicate()
    shutil.rmtree(folder, ignore_errors=True)


def serve(listener: socket.socket) -> None:
    """Fork one child per job that is asked for, until the standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Arrow has a thread of its own, which forks do without; Python warns of any from 3.12 on.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    ended, wake = socket.socketpair()
    ended.setblocking(False)
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, socket.socket] = {}
    imports: Iterator[str] | None = _imports()
    while True:
        busy: list[socket.socket | int] = [0, ended, listener, *running.values()]
        ready, _, _ = select.select(busy, [], [], 0 if imports else None)
        if 0 in ready:
            return
        if listener in ready:
            caller, _ = listener.accept()
            if job := _fork(caller):
                running[job] = caller
        if ended in ready:
            with contextlib.suppress(BlockingIOError):
                ended.recv(4096)
            for job, status in _over():
                if job in running:
                    _answer(running.pop(job), status)
        for job, caller in running.items():
            # A launcher that was killed takes its job along.
            if caller in ready:
                os.kill(job, signal.SIGTERM)
        if imports and not ready and next(imports, None) is None:
            imports = None
            gc.collect()
            gc.freeze()


def _imports() -> Iterator[str]:
    """Import one module after the other, each at a time when no job asks: the first jobs do not wait for the last."""
    package = Path(__file__).parent
    ours = [
        f"pilot_eval.{part}.{path.stem}" for part in (*STAGES, KERNEL) for path in sorted((package / part).glob("*.py"))
    ]
    for name in (*LIBRARIES, *ours):
        # A job that needs what cannot be imported says so itself.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
        yield name


def _fork(caller: socket.socket) -> int:
    """Begin the job that a launcher asks for; its process, or 0 where the launcher was killed while it asked."""
    parts, streams = _received(caller)
    job = os.fork() if parts else 0
    if parts and not job:
        script, folder, *environment = parts
        _run(script, folder, dict(part.split(b"=", 1) for part in environment), streams)
    for stream in streams:
        os.close(stream)
    return job


def _received(caller: socket.socket) -> tuple[list[bytes], list[int]]:
    """What a launcher sends: script, folder and environment, and its three streams; nothing when it breaks off."""
    text, streams, _, _ = socket.recv_fds(caller, LONGEST, 3)
    while not text.endswith(b"\0\0"):
        more = caller.recv(LONGEST)
        if not more:
            return [], streams
        text += more
    return text[:-2].split(b"\0"), streams


def _run(script: bytes, folder: bytes, environment: dict[bytes, bytes], streams: list[int]) -> NoReturn:
    """Be the interpreter of a script, to the end of the process."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for stream, place in zip(streams, (0, 1, 2), strict=True):
            os.dup2(stream, place)
        os.closerange(3, max(streams) + 64)
        os.chdir(folder)
        os.environb.clear()
        os.environb.update(environment)
        sys.argv = [os.fsdecode(script)]
        runpy.run_path(sys.argv[0], run_name="__main__")
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _over() -> Iterator[tuple[int, int]]:
    """Jobs that have ended since the last look: process and status."""
    with contextlib.suppress(ChildProcessError):
        while (over := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            yield over


def _answer(caller: socket.socket, status: int) -> None:
    """Tell a launcher how its job ended: an exit status, or minus the signal that ended it."""
    with contextlib.suppress(OSError):
        caller.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    caller.close()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
