"""Python runs this when it starts with the folder on its path: it reaches into the jobs of a workflow under test.

Jobs are forks of the run's warm process (`pilot_eval.warm`), so it is that process into which it reaches.
``PILOT_EVAL_JOBS`` names a folder in which each job leaves its arguments, and beside which Snakemake leaves the number
of clocks that it set. ``PILOT_EVAL_BREAK`` holds a seed: the disk of each job breaks at a place and in a way that seed
and output draw. ``PILOT_EVAL_PAUSE`` names a file in which the job writes its process before it waits to be killed.
"""

import os
import pickle
import random
import sys
import time


def leave_arguments(job):
    """Pickle the arguments under the name of the job's log."""
    plain = {
        part: {name: value if isinstance(value, str) else list(value) for name, value in getattr(job, part).items()}
        for part in ("input", "output")
    }
    found = {"rule": job.rule, **plain, "params": dict(job.params.items()), "log": list(job.log)}
    name = found["log"][0].replace("/", "+")
    with open(os.path.join(os.environ["PILOT_EVAL_JOBS"], name), "wb") as stream:
        pickle.dump(found, stream)


def break_disk(job):
    """Put a broken disk under the job."""
    from broken_disk import ERRORS, KILL, BrokenDisk

    draw = random.Random(f"{os.environ['PILOT_EVAL_BREAK']} {job.output[0]}")
    BrokenDisk(os.getcwd(), draw.randint(1, 8 * len(job.output)), draw.choice([*ERRORS, KILL])).__enter__()


def pause():
    """Say who this is, and wait until that is deleted."""
    sign = os.environ["PILOT_EVAL_PAUSE"]
    with open(sign + ".new", "w") as stream:
        stream.write(str(os.getpid()))
    os.rename(sign + ".new", sign)
    end = time.monotonic() + 600
    while os.path.exists(sign) and time.monotonic() < end:
        time.sleep(0.02)


def count_clocks():
    """Say at the end how many timers the process started."""
    import atexit
    import threading

    started, start = [], threading.Timer.start

    def start_counted(timer):
        started.append(timer)
        start(timer)

    def tell():
        with open(os.path.join(os.path.dirname(os.environ["PILOT_EVAL_JOBS"]), "clocks"), "w") as stream:
            stream.write(str(len(started)))

    threading.Timer.start = start_counted
    atexit.register(tell)


def reach_into(step):
    """Do what the environment asks for around the one function that runs a job, and in the one that it calls."""
    run, call = step.run, step.call

    def run_reached(job):
        if os.environ.get("PILOT_EVAL_JOBS"):
            leave_arguments(job)
        if os.environ.get("PILOT_EVAL_BREAK"):
            break_disk(job)
        run(job)

    def call_reached(*arguments):
        if os.environ.get("PILOT_EVAL_PAUSE"):
            pause()
        return call(*arguments)

    step.run, step.call = run_reached, call_reached


if "pilot_eval.warm" in sys.orig_argv:
    import pilot_eval.step

    reach_into(pilot_eval.step)
elif "snakemake" in sys.orig_argv and os.environ.get("PILOT_EVAL_JOBS"):
    count_clocks()
