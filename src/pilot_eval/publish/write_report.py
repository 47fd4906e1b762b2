"""The report: one page whose every number is a published cell and links to its table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pilot_eval.publish.answer_tables import ANSWER_TABLES
from pilot_eval.publish.answers import SENTENCES
from pilot_eval.publish.figures.plan import headlines
from pilot_eval.publish.html_tables import HtmlTable, html_table
from pilot_eval.publish.lookup import Lookup, Row
from pilot_eval.publish.overall import adjusted_test, areas_differ, change_evidence, smallest
from pilot_eval.publish.page import allowed, number, render
from pilot_eval.publish.sentences import alone
from pilot_eval.publish.verdicts import verdict
from pilot_eval.publish.wording import LEVEL, in_unit, signed

if TYPE_CHECKING:
    import pandas as pd

#: Tables in the order of the report, by its section.
SECTIONS: dict[str, tuple[str, ...]] = {
    "who": ("flow", "response_by_role", "response_by_area", "attrition", "leavers", "answering", "attendance"),
    "answers": ("questions_adjusted", *(name for tables in ANSWER_TABLES.values() for name in tables)),
    "outcomes": (
        "change_overall",
        "change_adjusted",
        "change_variation",
        "agreement",
        "paired",
        "unpaired",
        "replication",
    ),
    "roles": ("change_by_role",),
    "areas": (),
    "sides": ("perceptions",),
    "ratings": ("ratings",),
    "doubts": ("challenge", "reliability", "scale_stability"),
    "annex": ("means", "items", "item_changes", "share_changes", "scale_items", "model_terms"),
}
FIGURES: dict[str, tuple[str, ...]] = {
    "who": ("flow", "response"), "answers": (), "outcomes": ("change_overall", "means", "answers"),
    "roles": ("change_by_role", "slopes"), "areas": ("change_by_area", "change_by_start"), "sides": ("two_sides",),
    "ratings": ("ratings", "rating_levels", "joint_display"), "doubts": ("challenge", "missing_items"), "annex": (),
}  # fmt: skip
LINKED = {
    "person": "a personal code", "email": "the e-mail address", "name_organisation": "the name with the organisation",
    "last_organisation_year": "the last name with the organisation and the year of birth",
    "first_organisation_year": "the first name with the organisation and the year of birth",
    "name_year": "the name with the year of birth",
}  # fmt: skip
ADJUSTED = {"holm": "Holm's method", "fdr_bh": "the method of Benjamini and Hochberg", "none": ""}
KEPT = {
    "most_complete": "the most complete one was used", "latest": "the latest one was used",
    "first": "the first one was used", "latest_complete": "the latest complete one was used",
}  # fmt: skip


def write_report(
    cells: pd.DataFrame, svg: Sequence[str], words: Sequence[Mapping[str, str]], fits: Sequence[Mapping[str, Any]],
    base: str, template: str, css: str, script: str, figures: Sequence[Mapping[str, str]],
    questions: Sequence[Mapping[str, Any]], deviations: Sequence[Sequence[str]], study: Mapping[str, Any],
    wording: Mapping[str, Any],
) -> dict[str, str]:  # fmt: skip
    """Write the report.

    Parameters
    ----------
    cells : DataFrame
        Disclosed cells of ``hide_cells``.
    svg, words : sequence
        Of each figure its picture and what is said about it, in the order of ``figures``.
    fits : sequence of mapping
        Record of each fit, in the order of ``study["fits"]``; only its words are used, never its numbers.
    base, template, css, script : str
        Frame of every page, the report's own template, the look, and what the page can do where scripts run.
    figures : sequence of mapping
        ``name, kind, subject`` of each figure.
    questions : sequence of mapping
        The plan's questions, as ``write_findings`` takes them.
    deviations : sequence of [subject, planned, now]
        What was run beyond or unlike the frozen plan.
    study : mapping
        What the report says of the study (``printed.REPORTED``).
    wording : mapping
        See ``catalogue.wording``.

    Returns
    -------
    dict
        ``report``: one self-contained HTML page.
    """
    lookup = Lookup(cells)
    drawn = [
        {**said, "kind": planned["kind"], "svg": inline(picture)}
        for planned, picture, said in zip(figures, svg, words, strict=True)
    ]
    found = findings(lookup, study, fits)
    pictures = {
        section: [one for kind in kinds for one in drawn if one["kind"] == kind] for section, kinds in FIGURES.items()
    }
    written = tables(lookup, study, wording)
    answers = [
        {"asks": one["asks"], "family": one["family"], "said": SENTENCES[one["kind"]](lookup, one).linked(lookup)}
        for one in questions
    ]
    page = render(
        {"base.html.jinja": base, "report.html.jinja": template}, "report.html.jinja",
        css=css, script=allowed(script), study=study, final=signed(study["people"]), level=LEVEL, num=number(lookup),
        lookup=lookup, first=study["waves"][0], last=study["waves"][-1],
        findings=[one for one in found if one["main"]], others=[one for one in found if not one["main"]],
        answers=answers, deviations=deviations, figures=pictures, tables=written,
        absent=[*_absent(study, pictures, written), *([] if answers else ["answers"])], scales=_scales(study),
        fits=fitted(lookup, study, fits), linked=LINKED, kept=KEPT, adjusted=ADJUSTED[study["multiplicity"]],
        holm=ADJUSTED["holm"], hochberg=ADJUSTED["fdr_bh"], unasked=not all(one["asked"] for one in study["outcomes"]),
    )  # fmt: skip
    return {"report": page}


def inline(picture: str) -> Markup:
    """A figure's SVG as it stands in a page: without the prolog, the tooltip and the metadata of the file."""
    text = re.sub(r"^.*?(?=<svg )", "", picture, count=1, flags=re.DOTALL)
    text = re.sub(r"\s*<title>.*?</title>", "", text, count=1, flags=re.DOTALL)
    return Markup(re.sub(r"\s*<metadata>.*?</metadata>", "", text, count=1, flags=re.DOTALL).strip())


def findings(lookup: Lookup, study: Mapping[str, Any], fits: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """What is known of each outcome: its verdict, by how much it changed, how areas differ, whether it comes first.

    ``alone`` is said where the interval by itself would give another verdict, ``unit`` after a number in brackets.
    """
    # The first model that names an outcome is its primary one; of a model that was refused only the reason is used.
    reasons = {
        outcome: str(fit.get("reason") or "")
        for (_, outcome), fit in reversed(list(zip(study["fits"], fits, strict=False)))
    }
    main = {outcome["id"] for outcome in headlines(study["outcomes"])}
    found = []
    for outcome in study["outcomes"]:
        row = lookup.change(outcome["id"])
        spread = lookup.row("change_variation", outcome=outcome["id"])
        adjusted, small = adjusted_test(lookup, outcome), smallest(lookup, outcome)
        said = change_evidence(lookup, outcome)
        found.append(
            {
                "outcome": outcome,
                "main": outcome["id"] in main,
                "reason": reasons.get(outcome["id"], ""),
                "verdict": verdict(said),
                "alone": alone(said).strip(),
                "unit": in_unit(outcome["unit"]).strip(),
                "row": row,
                "small": small if small is not None and small.known("margin") else None,
                "spread": spread if spread is not None and spread.known("sd_change") else None,
                "differ": areas_differ(lookup, outcome),
                "expected": spread is not None and spread.known("new_low", "new_high"),
                "adjusted": adjusted if adjusted is not None and adjusted.known("p_adjusted") else None,
            }
        )
    return found


def tables(lookup: Lookup, study: Mapping[str, Any], wording: Mapping[str, Any]) -> dict[str, list[HtmlTable]]:
    """The tables of each section; change by area stands outcome by outcome."""
    found = {
        section: [table for name in names if (table := html_table(name, lookup, wording, study)) is not None]
        for section, names in SECTIONS.items()
    }
    by_area = [html_table("change_by_area", lookup, wording, study, outcome["id"]) for outcome in study["outcomes"]]
    found["areas"] = [table for table in by_area if table is not None]
    return found


def _absent(
    study: Mapping[str, Any], figures: Mapping[str, Sequence[Any]], tables: Mapping[str, Sequence[Any]]
) -> list[str]:
    """Sections of which this study has nothing."""
    absent = [name for name in ("sides", "ratings") if not figures[name] and not tables[name]]
    absent += [] if study["good_practice"] else ["practice"]
    return absent + ([] if len(study["roles"]) > 1 else ["roles"]) + ([] if study["background"] else ["background"])


def _scales(study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each scale with its questions in words."""
    asked = {question["id"]: question["label"] for question in study["questions"]}
    found = []
    for scale in study["scales"]:
        names = [(item.removeprefix("-"), item.startswith("-")) for item in scale["items"]]
        questions = [asked.get(name, name) + (" (counts the other way)" if turned else "") for name, turned in names]
        found.append({**scale, "questions": questions})
    return found


def fitted(lookup: Lookup, study: Mapping[str, Any], fits: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How each fit went, in words; the respondents behind it as published."""
    models = {model["id"]: model for model in study["models"]}
    labels = {outcome["id"]: outcome["label"] for outcome in study["outcomes"]}
    found = []
    for (model, outcome), fit in zip(study["fits"], fits, strict=True):
        cell = _published(lookup, model, outcome)
        second = fit.get("second_fit") or {}
        found.append(
            {
                "model": models[model]["label"],
                "outcome": labels[outcome],
                "formula": fit.get("formula") or models[model]["formula"].replace("{outcome}", outcome),
                "method": fit.get("method", "not fitted"),
                "n": "[c]" if cell is None or cell.n is None else f"{cell.n:,}",
                "anchor": "" if cell is None else cell.anchor,
                "converged": _yes(fit.get("converged")),
                "singular": _yes(fit.get("singular")),
                "df": fit.get("df_method", "not fitted"),
                "second": _yes(second.get("agrees")),
            }
        )
    return found


def _published(lookup: Lookup, model: str, outcome: str) -> Any:
    """A published cell of a fit: of its change where it is the primary model, else of its terms."""
    own: list[Row] = [row for row in lookup.rows("model_terms", outcome=outcome) if row.group.startswith(f"{model}.")]
    return next((cell for row in own for cell in row.cells.values()), None)


def _yes(answer: bool | None) -> str:
    return "not known" if answer is None else "yes" if answer else "no"
