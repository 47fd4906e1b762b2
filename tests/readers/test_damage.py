"""Damaged files of every format: a message that names the file, or rows that balance; never a traceback or a hang.

PILOT_EVAL_EXAMPLES sets the number of mutations of each format.
"""

import hashlib
import io
import os
import random
import time

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.readers.read import read_delivery
from pilot_eval.readers.registered import checksum_faults
from pilot_eval.study.delivery import Source
from pilot_eval.study.load import sha256_of

EXAMPLES = int(os.environ.get("PILOT_EVAL_EXAMPLES", "500"))
LONGEST = 5.0
FORMATS = ("sav", "zsav", "por", "xlsx", "csv")
EXTREMES = (b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\0\0\0\x80", b"\0\0\0\0", b"\0\xff\xff\0", b"\1\0\0\0")


def sound(suffix, folder):
    """A whole file with labels, missing codes, days and accents."""
    table = pd.DataFrame(
        {"ID": [f"S{n}" for n in range(30)], "Q1": [float(n % 9) for n in range(30)],
         "DAY": [1.3e10 + n for n in range(30)], "SAID": ["Zoë", "", "long " * 60] * 10}
    )  # fmt: skip
    path = folder / f"whole.{suffix}"
    if suffix == "csv":
        return table.to_csv(index=False).encode()
    if suffix == "xlsx":
        book, stream = openpyxl.Workbook(), io.BytesIO()
        for row in [list(table.columns), *table.values.tolist()]:
            book.active.append(row)
        book.save(stream)
        return stream.getvalue()
    if suffix == "por":
        pyreadstat.write_por(table.drop(columns="SAID"), path)
    else:
        pyreadstat.write_sav(
            table, path, compress=suffix == "zsav", column_labels={"Q1": "How often?"},
            variable_value_labels={"Q1": {1: "Never"}}, missing_ranges={"Q1": [8, {"lo": 90, "hi": 99}]},
            variable_format={"DAY": "DATE11"},
        )  # fmt: skip
    return path.read_bytes()


def damaged(content, random):
    """One mutation: bits, bytes, whole words, cut, doubled, lost or made up."""
    found, size = bytearray(content), len(content)
    place = random.randrange(size)
    match random.choice(("bit", "bytes", "word", "cut", "double", "lose", "invent")):
        case "bit":
            found[place] ^= 1 << random.randrange(8)
        case "bytes":
            for _ in range(random.randrange(2, 20)):
                found[random.randrange(size)] = random.randrange(256)
        case "word":
            for _ in range(random.randrange(1, 4)):
                place = random.randrange(min(size, 3000)) // 4 * 4
                found[place : place + 4] = random.choice(EXTREMES)
        case "cut":
            found = found[:place]
        case "double":
            found[place:place] = found[place : place + random.randrange(1, 400)]
        case "lose":
            del found[place : place + random.randrange(1, 400)]
        case "invent":
            found = found[: random.choice((0, 4, 80, 176))] + random.randbytes(random.randrange(1, 2000))
    return bytes(found)


@pytest.mark.fault("ING-24")
@pytest.mark.parametrize("suffix", FORMATS)
def test_damage_ends_in_a_message_or_in_rows_that_balance(tmp_path, suffix):
    content = sound(suffix, tmp_path)
    path = tmp_path / f"f.{suffix}"
    for seed in range(EXAMPLES):
        path.write_bytes(damaged(content, random.Random(f"{suffix}-{seed}")))
        begun = time.perf_counter()
        try:
            read = read_delivery(path, path.name)
        except StudyFaults as error:
            assert error.faults and all(path.name in fault.message for fault in error.faults), seed
        else:
            assert all(len(column) == len(read.rows) for column in read.cells), seed
            rows = {*read.rows, *(reject.row for reject in read.rejects)}
            assert len(rows) == read.delivered > 0, seed
        assert time.perf_counter() - begun < LONGEST, seed


@pytest.mark.fault("ING-27")
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_flipped_bit_of_a_registered_file_is_found(tmp_path, suffix):
    content = sound(suffix, tmp_path)
    path = tmp_path / f"f.{suffix}"
    path.write_bytes(content)
    source = Source(
        source="f", kind="register", path=path.name, format=suffix, sha256=sha256_of(path), bytes=len(content), rows=30
    )
    assert checksum_faults(path, source, sha256_of(path)) == []
    for seed in range(EXAMPLES):
        draw = random.Random(f"flip-{suffix}-{seed}")
        found = bytearray(content)
        found[draw.randrange(len(found))] ^= 1 << draw.randrange(8)
        (fault,) = checksum_faults(path, source, hashlib.sha256(found).hexdigest())
        assert (fault.id, fault.severity) == ("ING-27", "STOP")
