"""The bootstrap's bytes do not depend on who computes which replicate; its numbers hardly on how many at once."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from made_data import pilot

from pilot_eval.mixed import lmer

FORMULA = "y ~ wave * group + (wave | area) + (1 | school)"
FIT = lmer(FORMULA, pilot(n_area=10, seed=6))
N = 150


def digest(values: np.ndarray) -> str:
    """Checksum of replicates, so that processes can be compared by a line of text."""
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def test_another_process_gives_the_same_bytes_for_its_part() -> None:
    code = (
        "from made_data import pilot; from pilot_eval.mixed import lmer; from test_bootstrap_bytes import digest, FIT;"
        f"print(digest(FIT.bootstrap(n={N // 2}, seed=5, first={N // 2}).values.to_numpy()))"
    )
    here = {"PYTHONPATH": str(Path(__file__).parent), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | here, capture_output=True, text=True, check=True
    )
    whole = FIT.bootstrap(n=N, seed=5).values.to_numpy()
    assert done.stdout.strip() == digest(whole[N // 2 :])


def test_two_parts_are_the_whole() -> None:
    whole = FIT.bootstrap(n=N, seed=5).values.to_numpy()
    parts = [FIT.bootstrap(n=n, seed=5, first=first).values.to_numpy() for first, n in ((0, 70), (70, N - 70))]
    assert digest(whole) == digest(np.concatenate(parts))


@pytest.mark.parametrize("width", [5, 33])
def test_other_widths_of_a_chunk_agree(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    usual = FIT.bootstrap(n=40, seed=5)
    monkeypatch.setattr("pilot_eval.mixed.bootstrap.batch_width", lambda products: width)
    other = FIT.bootstrap(n=40, seed=5)
    assert not usual.failures and not other.failures
    assert (usual.values - other.values).abs().max().max() < 1e-6
    # what is written is rounded to six digits, and so the same
    assert usual.interval().equals(other.interval())
