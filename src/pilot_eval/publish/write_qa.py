"""Quality assurance that writes itself: what was read, changed, rejected, linked, checked and signed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from pilot_eval.faults import counted
from pilot_eval.publish import qa_tables
from pilot_eval.publish.lookup import Lookup
from pilot_eval.publish.page import render

#: Least alpha of a scale that is used without a word.
ALPHA = 0.7
#: Entries of the tables: a sign for what is absent, a number, a day.
SIGN, NUMBER, DAY = re.compile(r"\[\w+\]"), re.compile(r"-?\d[\d,]*(\.\d+)?%?"), re.compile(r"\d{4}-\d{2}-\d{2}")
#: Where a path may be broken; a checksum.
PARTS, CHECKSUM = re.compile(r"(?<=[/_])"), re.compile(r"[0-9a-f]{64}")
PASSED, READ, FAILED = "Passed", "To read", "Failed"
#: What linked two responses, in words.
LINKED_BY = {
    "": "nothing", "decision": "a person's decision", "person": "id", "email": "e-mail address",
    "name_organisation": "name and organisation", "last_organisation_year": "last name, organisation and year of birth",
    "first_organisation_year": "first name, organisation and year of birth", "name_year": "name and year of birth",
    "likeness": "likeness",
}  # fmt: skip
#: Ways in which errors of linking are estimated, and what is estimated.
AUDITED = {
    "hidden_key": "links by id or e-mail address, made again without it",
    "sample": "sample of links checked by a person",
    "reviewers": "cases decided by two persons", "agreement": "share on which they agree", "kappa": "Cohen's kappa",
    "decoys_made_up": "made-up persons that were linked",
    "decoys_other_area": "persons of other areas that were linked",
    "impossible_birth_year": "links of two years of birth",
    "impossible_date": "links against the order of the dates",
    "impossible_role": "links of two roles (a change is possible)", "recall": "share of persons found again",
    "precision": "share of links that are right", "false_share": "share of links that are wrong",
}  # fmt: skip


def write_qa(
    cells: pd.DataFrame, hidden: pd.DataFrame, receipts: Sequence[Mapping[str, Any]], rejects: Sequence[pd.DataFrame],
    changes: Sequence[pd.DataFrame], faults: Sequence[pd.DataFrame], balance: pd.DataFrame, rates: pd.DataFrame,
    flow: pd.DataFrame, audit: pd.DataFrame, differences: pd.DataFrame, slopes: pd.DataFrame,
    fits: Sequence[Mapping[str, Any]], workbook_rules: pd.DataFrame, figure_rules: pd.DataFrame,
    page_rules: pd.DataFrame, contracts: Sequence[str], lock: bytes, base: str, style: str, page: str,
    sources: Sequence[Mapping[str, Any]],
    people: Mapping[str, str], assumptions: Sequence[Sequence[str]], plan: Mapping[str, Any],
    wording: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """The quality pages of a run.

    Parameters
    ----------
    cells, hidden : DataFrame
        Disclosed cells and the private log of ``hide_cells``; of the log only counts go out.
    receipts : sequence of mapping
        Of each survey delivery what was read.
    rejects, changes, faults : sequence of DataFrame
        Logs of every stage that has any.
    balance, rates : DataFrame
        Rows in and out of every stage; respondents seen and matched by wave, role and area.
    flow, audit, differences, slopes : DataFrame
        What linked respondents, the estimated errors of linking, linked and unlinked respondents compared, and
        change on the start without what false links add.
    fits : sequence of mapping
        Record of every model.
    workbook_rules, figure_rules, page_rules : DataFrame
        Of each rule of the workbook, of figures and of pages in how many places it is broken, as ``lint_workbook``,
        ``draw_figures`` and ``lint_pages`` found.
    contracts : sequence of str
        Text of every stage's contract module.
    lock : bytes
        The locked environment: versions are told from it, not from the machine.
    base, style, page : str
        Frame of every page, its look, the page's own template.
    sources : sequence of mapping
        Entries of ``sources.csv``.
    people : mapping of str to str
        Analyst, assurer, approver.
    assumptions : sequence of [subject, choice, reason]
    plan : mapping
        ``frozen`` (day, empty: never), ``sha256`` and ``deviations`` (subject, planned, now).
    wording : mapping
        See ``catalogue.wording``.

    Returns
    -------
    dict
        One frame per table of counts, ``checks`` (a list of ``check, result, detail``) and ``html``.
    """
    least = wording["limits"]["min_respondents"]
    lookup = Lookup(cells)
    tables = {
        "data_log": qa_tables.data_log(sources, receipts),
        "changes": qa_tables.counted(changes, ["_file", "rule"], least),
        "rejects": qa_tables.counted(rejects, ["_file", "reason", "rule"], least),
        "faults": qa_tables.counted(faults, ["id", "severity", "file"], least, "count"),
        "match_rates": qa_tables.match_rates(rates, wording["limits"], wording["roles"], wording["waves"]),
        "link_flow": qa_tables.link_flow(flow, wording["limits"], wording["waves"], LINKED_BY),
        "link_audit": qa_tables.link_audit(audit, wording["limits"], AUDITED),
        "linked_compared": qa_tables.linked_compared(differences, wording["waves"]),
        "start_slopes": qa_tables.start_slopes(slopes, wording["limits"], wording["outcomes"], AUDITED),
        "models": qa_tables.fits_log(fits, wording["limits"]["round_counts_to"]),
        "reliability": qa_tables.reliability(lookup, wording["scales"], wording["waves"]),
        "disclosure": qa_tables.hidden_counts(cells, hidden),
        "contract_list": qa_tables.contracts_kept(contracts),
        "assumption_log": pd.DataFrame(assumptions, columns=["subject", "choice", "because"], dtype="str"),
        "deviations": pd.DataFrame(plan["deviations"], columns=["subject", "planned", "now"], dtype="str"),
        "software": qa_tables.software(lock),
    }
    checks = [
        _rows_kept(balance),
        _as_registered(sources, receipts),
        _faults(faults),
        _check("Contracts", True, f"{counted(len(tables['contract_list']), 'table')} checked when written"),
        _models(fits),
        _second(fits),
        _reliable(tables["reliability"]),
        _as_planned(plan),
        _check("Disclosure control", True, f"{len(hidden):,} of {len(cells):,} numbers are hidden"),
        _kept("Accessible workbook", "the finished workbook", workbook_rules),
        _kept("Readable figures", "the finished figures", figure_rules),
        _kept("Accessible pages", "the finished report, summary, good practice and packs", page_rules),
        _signed(people),
    ]
    tables = {name: qa_tables.without_formulas(frame) for name, frame in tables.items()}
    rules = {"workbook_rules": workbook_rules, "figure_rules": figure_rules, "page_rules": page_rules}
    shown = {name: _shown(frame) for name, frame in {**tables, **rules}.items()}
    html = render(
        {"base.html.jinja": base, "page": page}, "page", study=wording, css=style, final=wording["final"],
        checks=checks, tables=shown, least=least, broken=_broken,
    )  # fmt: skip
    return {**tables, "checks": checks, "html": html}


def _shown(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """A table as the page has it: a sign for what is absent, in place of a column of the letters that say why."""
    why = frame["status"].tolist() if "status" in frame else [""] * len(frame)
    lettered = "status" in frame and all(len(letter) < 2 for letter in why)
    kept = frame.drop(columns="status") if lettered else frame
    signs = [f"[{letter or 'z'}]" for letter in why] if lettered else ["[z]"] * len(frame)
    rows = [[text or sign for text in row] for row, sign in zip(kept.values.tolist(), signs, strict=True)]
    return {
        "columns": list(kept.columns),
        "looks": [_look([row[at] for row in rows]) for at in range(len(kept.columns))],
        "rows": rows,
    }


def _look(entries: Sequence[str]) -> str:
    """Class of a column: numbers stand at the right, and days on one line as numbers do; a sign is either."""
    told = [entry for entry in entries if not SIGN.fullmatch(entry)]
    if told and all(NUMBER.fullmatch(entry) for entry in told):
        return "n"
    return "whole" if told and all(DAY.fullmatch(entry) for entry in told) else ""


def _broken(entry: str) -> Markup:
    """An entry for the page: a file's path may be broken at its parts, of a checksum stand the first digits."""
    if CHECKSUM.fullmatch(entry):
        return Markup("{}…").format(entry[:8])
    return Markup("<wbr>").join(PARTS.split(entry) if "/" in entry else [entry])


def _check(name: str, good: bool, detail: str, bad: str = FAILED) -> dict[str, str]:
    return {"check": name, "result": PASSED if good else bad, "detail": detail}


def _rows_kept(balance: pd.DataFrame) -> dict[str, str]:
    lost = balance.loc[balance["rows_in"] != balance["rows_out"] + balance["rows_rejected"]]
    detail = f"rows in = rows out + rejects in {counted(len(balance), 'step')} of {len(balance)}"
    said = f"{counted(len(lost), 'step')} of {len(balance)} out of balance"
    return _check("No row is lost", lost.empty, detail if lost.empty else said)


def _as_registered(sources: Sequence[Mapping[str, Any]], receipts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    known = {source["source"]: source["sha256"] for source in sources}
    wrong = [receipt["source"] for receipt in receipts if known[receipt["source"]] != receipt["sha256"]]
    detail = f"{counted(len(receipts), 'survey file')} of {len(receipts)} with the checksum of the entry"
    return _check("Files are those registered", not wrong, detail if not wrong else ", ".join(wrong))


def _faults(faults: Sequence[pd.DataFrame]) -> dict[str, str]:
    severities = pd.concat([table["severity"] for table in faults]) if faults else pd.Series(dtype="str")
    kinds = {severity: int((severities == severity).sum()) for severity in ("STOP", "REJECT", "FIX", "WARN")}
    rejected, mended = counted(kinds["REJECT"], "rejection"), counted(kinds["FIX"], "correction")
    detail = f"{rejected}, {mended} and {counted(kinds['WARN'], 'warning')} in the log"
    return _check("Faults of the deliveries", not kinds["WARN"] and not kinds["STOP"], detail, READ)


def _as_planned(plan: Mapping[str, Any]) -> dict[str, str]:
    number = len(plan["deviations"])
    detail = f"frozen on {plan['frozen']} (checksum {plan['sha256'][:8]}); {counted(number, 'deviation')} since"
    return _check(
        "Analysis plan", bool(plan["frozen"]) and not number, detail if plan["frozen"] else "never frozen", READ
    )


def _models(fits: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    fitted = [fit for fit in fits if fit["status"] == "fitted"]
    good = [fit for fit in fitted if fit["converged"]]
    singular = sum(bool(fit["singular"]) for fit in fitted)
    detail = f"{len(good)} of {len(fits)} models converged; {singular} of them at a variance of zero"
    return _check("Convergence", len(good) == len(fits), detail, READ)


def _second(fits: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    second = [fit["second_fit"] for fit in fits if fit["status"] == "fitted"]
    done = [fit for fit in second if fit["done"]]
    agreed = sum(fit["agrees"] for fit in done)
    return _check(
        "Double programming",
        agreed == len(second),
        f"a second program agrees in {agreed} of {len(second)} models",
        READ,
    )


def _reliable(table: pd.DataFrame) -> dict[str, str]:
    known = pd.to_numeric(table["alpha"].where(table["alpha"] != ""), errors="coerce")
    low = table.loc[known < ALPHA, "scale"].unique()
    detail = f"below {ALPHA} for " + ", ".join(low) if len(low) else f"{ALPHA} or more for every scale"
    return _check("Reliability of the scales", not len(low), f"alpha is {detail}", READ)


def _kept(name: str, where: str, rules: pd.DataFrame) -> dict[str, str]:
    broken = rules.loc[rules["places"] != "0"]
    detail = f"all {len(rules)} rules checked hold in {where}"
    said = f"broken of {len(rules)} rules checked: {', '.join(broken['rule'])}"
    return _check(name, broken.empty, detail if broken.empty else said)


def _signed(people: Mapping[str, str]) -> dict[str, str]:
    absent = [role for role, name in people.items() if not name.strip()]
    detail = "final: signed by " + ", ".join(people.values()) if not absent else "draft: no " + ", no ".join(absent)
    return _check("Signed by people", not absent, detail, READ)
