"""A browser and axe-core for the tests of pages; where one cannot be had, those tests are skipped and say why."""

import base64
import fcntl
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from devtools import Browser, found

CACHE = Path(__file__).resolve().parents[2] / ".cache"
AXE = "axe-core@4.14.1"
#: Of the package as its registry has it.
INTEGRITY = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
#: Seconds that installing and fetching may take.
INSTALLING, FETCHING = 240, 60


@pytest.fixture(scope="session")
def browser():
    """A running Chromium: the machine's own, else Debian's package where we may install it."""
    with _alone():
        program = found() or _installed()
    if not program:
        pytest.skip("no Chromium is on the path, and it cannot be installed here (that takes root on Debian)")
    with Browser(program) as running:
        yield running


@pytest.fixture(scope="session")
def axe():
    """The text of axe-core, fetched once by npm and held against its checksum."""
    kept = CACHE / "axe-core" / f"{AXE.replace('@', '-')}.tgz"
    with _alone():
        package = kept.read_bytes() if kept.is_file() else _fetched()
        if package is None:
            pytest.skip(f"{AXE} is not in .cache/axe-core, and npm is not there or cannot fetch it")
        assert base64.b64encode(hashlib.sha512(package).digest()).decode() == INTEGRITY, f"{kept} is not {AXE}"
        if not kept.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(package)
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        return archive.extractfile("package/axe.min.js").read().decode("utf-8")


class _alone:
    """One process of the tests at a time sets up what all need."""

    def __enter__(self):
        CACHE.mkdir(exist_ok=True)
        self._lock = (CACHE / "browser.lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def __exit__(self, *error):
        self._lock.close()


def _installed():
    if os.geteuid() or not Path("/etc/debian_version").is_file() or not shutil.which("apt-get"):
        return None
    _tried(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], INSTALLING)
    return found()


def _fetched():
    if not shutil.which("npm"):
        return None
    folder = CACHE / "axe-core" / f"fetched-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        _tried(["npm", "pack", AXE, "--pack-destination", str(folder), "--cache", str(CACHE / "npm")], FETCHING)
        return next((file.read_bytes() for file in folder.glob("*.tgz")), None)
    finally:
        shutil.rmtree(folder)


def _tried(command, seconds):
    """Run a program that may fail, for so long at most."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run(command, timeout=seconds, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, **quiet)
    except (OSError, subprocess.TimeoutExpired):
        return
