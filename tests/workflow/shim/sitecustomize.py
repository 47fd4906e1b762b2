"""Python runs this when it starts with the folder on its path: it reaches into the jobs of a workflow under test.

``PILOT_EVAL_JOBS`` names a folder in which each job leaves its arguments. ``PILOT_EVAL_BREAK`` holds a seed: the disk
of each job breaks at a place and in a way that seed and output draw. ``PILOT_EVAL_PAUSE`` names a file in which the job
writes its process before it waits to be killed.
"""

import atexit
import os
import pickle
import random
import sys
import time


def job():
    """Arguments of the job that this process runs."""
    found = sys.modules["__main__"].snakemake
    plain = {
        part: {name: value if isinstance(value, str) else list(value) for name, value in getattr(found, part).items()}
        for part in ("input", "output")
    }
    return {"rule": found.rule, **plain, "params": dict(found.params.items()), "log": list(found.log)}


def leave_arguments():
    """Pickle the arguments under the name of the job's log."""
    found = job()
    name = found["log"][0].replace("/", "+")
    with open(os.path.join(os.environ["PILOT_EVAL_JOBS"], name), "wb") as stream:
        pickle.dump(found, stream)


class WhenImported:
    """Does something when a module is about to be imported."""

    def __init__(self, name, then):
        self.name, self.then = name, then

    def find_spec(self, name, path=None, target=None):
        if name.startswith("pilot_eval.") and name.rpartition(".")[2] == self.name():
            sys.meta_path.remove(self)
            self.then()


def break_disk():
    """Put a broken disk under the job."""
    from broken_disk import ERRORS, KILL, BrokenDisk

    outputs = sys.modules["__main__"].snakemake.output
    draw = random.Random(f"{os.environ['PILOT_EVAL_BREAK']} {outputs[0]}")
    BrokenDisk(os.getcwd(), draw.randint(1, 8 * len(outputs)), draw.choice([*ERRORS, KILL])).__enter__()


def pause():
    """Say who this is, and wait until that is deleted."""
    sign = os.environ["PILOT_EVAL_PAUSE"]
    with open(sign + ".new", "w") as stream:
        stream.write(str(os.getpid()))
    os.rename(sign + ".new", sign)
    end = time.monotonic() + 600
    while os.path.exists(sign) and time.monotonic() < end:
        time.sleep(0.02)


if sys.orig_argv[-1].endswith(".step.py"):
    if os.environ.get("PILOT_EVAL_JOBS"):
        atexit.register(leave_arguments)
    if os.environ.get("PILOT_EVAL_BREAK"):
        sys.meta_path.insert(0, WhenImported(lambda: "step", break_disk))
    if os.environ.get("PILOT_EVAL_PAUSE"):
        # The rule's own module: the job is under way.
        sys.meta_path.insert(0, WhenImported(lambda: sys.modules["__main__"].snakemake.rule, pause))
