"""Every published number and figure: does this run give it again, and if not, by how much does it differ?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from pilot_eval.verify.differences import RESULTS, Difference, compare_tables
from pilot_eval.verify.page import render

LEDGER = "ledger.csv"
RECORD = "release.json"
#: What of a ledger row must come out again; its wording may change.
COMPARED = ("value", "shown", "n", "unit", "status")
COLUMNS = ("what", "file", "id", "column", "published", "rerun", "difference", "tolerance", "result")
EXACT = "none: every number must be equal to its last digit"
LENIENT = "one unit of the last published digit, because the release was made on another platform"
SHOWN = 200


def compare_release(
    made: Sequence[pd.DataFrame], released: Sequence[Any], claims: pd.DataFrame, made_paths: Sequence[str],
    checksums: Mapping[str, str], platform: str, study: Mapping[str, Any], base: str, style: str, page: str,
) -> dict[str, Any]:  # fmt: skip
    """Hold a run against the frozen release.

    Parameters
    ----------
    made : sequence of DataFrame
        The ledger, tables and figure data of this run, all text.
    released : sequence of DataFrame or dict
        The release's files, in the order of ``checksums``: the same kinds of files, and its record.
    claims : DataFrame
        As ``meet_claims`` wrote it; shown on the page, of no weight in the verdict.
    made_paths : sequence of str
        Paths of ``made``, relative to ``results/``.
    checksums : mapping of str to str
        Path of each file of the release, relative to ``published/``, and its sha256.
    platform : str
        Python version and processor on which this runs, as the record of a release has them.
    study, base, style, page
        The study's words, the frame of every page, its look, and the page's own template.

    Returns
    -------
    dict
        ``comparison`` (a row per published number, per differing cell and per file), ``verdict`` and ``html``.

    Notes
    -----
    A number or file of the release that did not come out again, or came out otherwise, is a difference; so is a
    number that the released file lacks. A file that the release does not have at all is only listed.
    """
    ours = dict(zip(made_paths, made, strict=True))
    theirs = {path: content for path, content in zip(checksums, released, strict=True) if path != RECORD}
    record: Mapping[str, Any] = next(
        (content for path, content in zip(checksums, released, strict=True) if path == RECORD), {}
    )
    lenient = bool(record) and record["platform"] != platform
    altered = sorted(path for path, known in record.get("files", {}).items() if checksums.get(path) != known)
    rows: list[dict[str, str]] = []
    for path in [*theirs, *(path for path in ours if path not in theirs)] if theirs else []:
        rows += _rows(path, theirs.get(path), ours.get(path), lenient)
    comparison = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    verdict = _verdict(comparison, bool(theirs), altered, record, LENIENT if lenient else EXACT)
    html = render(
        {"base.html.jinja": base, "page": page}, "page", study=study, css=style, final=study["final"],
        verdict=verdict, files=_listed(comparison, "file"), parts=_by_table(comparison),
        cells=_listed(comparison, "number", "cell"), limit=SHOWN, claims=claims.to_dict("records"),
    )  # fmt: skip
    return {"comparison": comparison, "verdict": verdict, "html": html}


def _rows(path: str, before: pd.DataFrame | None, after: pd.DataFrame | None, lenient: bool) -> list[dict[str, str]]:
    """Rows of the comparison that one file gives."""
    whole = {"what": "file", "file": path}
    if before is None or after is None:
        return [_row(Difference("", "", "", "", "", "", "new" if before is None else "missing"), **whole)]
    columns = list(dict.fromkeys([*before.columns, *after.columns]))
    number = path == LEDGER
    found = list(compare_tables(before, after, COMPARED if number else columns, lenient))
    worst = max((RESULTS.index(difference.result) for difference in found), default=0)
    result = "equal" if worst == 0 else "within tolerance" if worst == 1 else "differs"
    shown = _one_per_id(found) if number else [difference for difference in found if difference.result != "equal"]
    what = "number" if number else "cell"
    return [
        _row(Difference("", "", "", "", "", "", result), **whole),
        *(_row(difference, what=what, file=path) for difference in shown),
    ]


def _row(difference: Difference, what: str, file: str) -> dict[str, str]:
    return {
        "what": what, "file": file, "id": difference.id, "column": difference.column,
        "published": difference.published, "rerun": difference.rerun, "difference": difference.apart,
        "tolerance": difference.tolerance, "result": difference.result,
    }  # fmt: skip


def _one_per_id(found: Iterable[Difference]) -> list[Difference]:
    """One row a published number: its worst column, the value itself when all are equal."""
    worst: dict[str, Difference] = {}
    for difference in found:
        known = worst.get(difference.id)
        if known is None or RESULTS.index(difference.result) > RESULTS.index(known.result):
            worst[difference.id] = difference
    return list(worst.values())


def _verdict(
    comparison: pd.DataFrame, compared: bool, altered: Sequence[str], record: Mapping[str, Any], tolerance: str
) -> dict[str, Any]:
    """The outcome in one word, one sentence, and counts."""
    numbers = Counter(comparison.loc[comparison["what"] == "number", "result"])
    files = Counter(comparison.loc[comparison["what"] == "file", "result"])
    bad = sum(numbers[result] for result in ("differs", "missing", "new")) + files["differs"] + files["missing"]
    total = sum(numbers.values()) - numbers["new"]
    same = numbers["equal"] + numbers["within tolerance"]
    if not compared:
        word, equal = "no release to compare with", None
        sentence = "Nothing has been released yet; pilot-eval release freezes these results as the first release."
    elif bad or altered:
        word, equal = "differs", False
        others = files["differs"] + files["missing"]
        sentence = f"{same:,} of {total:,} published numbers came out again; {others:,} of the release's files differ."
    elif numbers["within tolerance"] or files["within tolerance"]:
        word, equal = "reproduced within tolerance", True
        sentence = f"All {total:,} published numbers came out again, {numbers['within tolerance']:,} within tolerance."
    else:
        word, equal = "reproduced", True
        sentence = f"All {total:,} published numbers came out again, equal to their last digit."
    return {
        "verdict": word,
        "equal": equal,
        "sentence": sentence,
        "release": str(record.get("release", "")),
        "tolerance": tolerance,
        "numbers": {result: numbers[result] for result in RESULTS},
        "files": {result: files[result] for result in RESULTS},
        "altered": list(altered),
    }


def _listed(comparison: pd.DataFrame, *whats: str) -> list[dict[str, Any]]:
    """Rows for the page: all files, or the numbers and cells that are not equal."""
    rows = comparison.loc[comparison["what"].isin(whats)]
    if "file" not in whats:
        rows = rows.loc[rows["result"] != "equal"]
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _by_table(comparison: pd.DataFrame) -> list[dict[str, Any]]:
    """How many numbers of each table came out again."""
    numbers = comparison.loc[comparison["what"] == "number"]
    tables = numbers["id"].str.partition(".")[0] if len(numbers) else numbers["id"]
    return [
        {"table": table, **{result: int((own["result"] == result).sum()) for result in RESULTS}}
        for table, own in numbers.groupby(tables, sort=True)
    ]
