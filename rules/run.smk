"""One run at a time, and the last lines that a run says."""

import fcntl
import json
import time

STARTED = time.monotonic()
LOCK = Path(".snakemake/pilot_eval.lock")


def take_lock():
    """Hold the study for this run; the kernel frees it when the run dies, however it dies."""
    global held
    LOCK.parent.mkdir(exist_ok=True)
    held = LOCK.open("a+", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.seek(0)
        process = held.read().strip() or "unknown"
        sys.exit(f"[RUN-02] STOP another run works on this study (process {process}). Wait, or end that process.")
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()


def last_words():
    """Where the page is, what verify says, and how long it took."""
    verdict = Path("results/verify/verdict.json")
    says = json.loads(verdict.read_text(encoding="utf-8"))["verdict"] if verdict.is_file() else "not compared"
    page = Path("results/index.html")
    if page.is_file():
        print(os.path.relpath(page, os.environ.get("PWD", ".")), f"verify: {says}", sep="\n", file=sys.stderr)
    print(f"{time.monotonic() - STARTED:.0f} s", file=sys.stderr)


onstart:
    take_lock()


onsuccess:
    last_words()
