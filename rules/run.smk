"""What holds for every rule, and what is looked at before, while and after the workflow goes."""

import json
import time

from pilot_eval.runs import begin, end, usage
from pilot_eval.runs.lock import holder, take_lock
from pilot_eval.runs.records import edited
from pilot_eval.runs.refusals import refusal

STARTED = time.monotonic()
WRITTEN = everything()
# Everything that goes in: no rule makes it, and nobody may change it while a run goes.
GIVEN = sorted({*(source.path for source in study.sources), *settings(), *programs()})
FOUND = end.frozen(GIVEN)


def code_sha256(step):
    """Content of our code behind a rule and of the files that it reads and none makes.

    Imported code is no input, and new content with an older time would not be seen.
    """
    given = [path for path in step.input if isinstance(path, str) and not path.startswith(("data/", "results/"))]
    files = [*map(str, given), *NEEDED[str(step.input["code"])]]
    return end.of_all([FOUND.get(path) or end.checksum(path) for path in files])


for step in workflow.rules:
    if "code" in step.input.keys():
        step.set_params(code_sha256=code_sha256(step))


def say(faults):
    """Print faults; end the run when one of them stops it."""
    for line in report(faults):
        print(line.encode("ascii", "backslashreplace").decode("ascii"), file=sys.stderr)
    if any(fault.severity == "STOP" for fault in faults):
        sys.exit(1)


def look_around():
    """What can be wrong before anything runs, even when nothing will."""
    wrong = list(edited(WRITTEN))
    if wrong and holder():
        return
    say(
        [
            *wrong,
            *other_versions(HOME / LOCK),
            *begin.from_the_future([*GIVEN, *WRITTEN]),
            *begin.stale({*WRITTEN, *asked_before()}),
        ]
    )


def take_over():
    """Hold the study for this run, and see that it can get to its end."""
    global held
    try:
        held = take_lock()
    except StudyFaults as error:
        say(error.faults)
    begin.clear_left_over()
    say([*begin.cut_off({*WRITTEN}), *begin.no_space(Path(), [source.path for source in study.sources])])
    # On a cluster each job has a machine of its own.
    if workflow.local_exec:
        sys.executable = FORKED
        # Each look for jobs to start would set a clock to look again in a second, to keep a limit of jobs a second: after a
        # hundred jobs a hundred looks a second. On one machine its cores are limit enough.
        workflow.scheduler.job_rate_limiter = None
    else:
        warm.stop()


def settle():
    """Gather the faults of all jobs; refuse a run under which its config or code has changed."""
    try:
        usage.put_right()
        for line in end.not_shown(end.gather_faults(WRITTEN)):
            print(line, file=sys.stderr)
    except OSError as error:
        say([refusal(error)])
    say(list(end.changed_meanwhile(FOUND)))


def last_words():
    """Where the page is, what verify says, and how long it took."""
    verdict = Path("results/verify/verdict.json")
    says = json.loads(verdict.read_text(encoding="utf-8"))["verdict"] if verdict.is_file() else "not compared"
    page = Path("results/index.html")
    if page.is_file():
        print(os.path.relpath(page, os.environ.get("PWD", ".")), f"verify: {says}", sep="\n", file=sys.stderr)
    print(f"{time.monotonic() - STARTED:.0f} s", file=sys.stderr)


if workflow.is_main_process:
    look_around()


onstart:
    take_over()


onsuccess:
    settle()
    last_words()


onerror:
    settle()
