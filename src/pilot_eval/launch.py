"""What Snakemake starts as the interpreter of a job's script: the script becomes a fork of the run's warm process.

It stands by itself and imports next to nothing, because each job waits for it; it is started with ``-I -S``. Without
a server to ask it becomes the interpreter that it stands for (see `pilot_eval.warm`).
"""

import os
import signal
import socket
import sys


def ask(script: str) -> int:
    """Exit status of a job, or minus the signal that ended it.

    Raises
    ------
    OSError
        When no server listens.
    """
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(os.environ["PILOT_EVAL_WARM"])
        # As bytes: the server may read names of files by another encoding.
        environment = (name + b"=" + value for name, value in os.environb.items())
        parts = [os.fsencode(script), os.getcwdb(), *environment]
        socket.send_fds(server, [b"\0".join(parts) + b"\0\0"], [0, 1, 2])
        # Ctrl-C reaches the job itself, whose end is waited for.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        answer = server.recv(64)
    # A server that is gone was killed, most likely for want of memory, and so is its job.
    return int(answer or -signal.SIGKILL)


def main() -> None:
    """Run the script named on the command line, and end as it ended."""
    try:
        status = ask(sys.argv[1])
    except (OSError, KeyError):
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
    if status < 0:
        if status != -signal.SIGKILL:
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)


if __name__ == "__main__":
    main()
