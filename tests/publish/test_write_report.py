"""The report: its numbers, its links, its conventions, its words."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from made import kept_cells, made_areas, made_study, without_estimates
from pages import Page, asset, conventions, written_numbers

from pilot_eval.publish.draw_figures import draw_figures
from pilot_eval.publish.figures.plan import planned_figures
from pilot_eval.publish.lookup import Lookup, percent
from pilot_eval.publish.page import number
from pilot_eval.publish.write_report import findings, inline, write_report

AREAS = made_areas(["east-end", "northam", "south-bank", "westbury", "midmoor"])
CAUSAL = re.compile(
    r"\b(caus(e|ed|es|al)|led to|resulted? in|impact|effects? of|due to|thanks to|because of|owing to)\b", re.IGNORECASE
)


def wording_of(study):
    """What ``catalogue.wording`` would give for a made study."""
    return {
        **{key: study[key] for key in ("title", "short_title", "geography", "period", "organisation", "synthetic",
                                       "release", "words", "areas_public_as")},
        "waves": {wave["id"]: wave["label"] for wave in study["waves"]},
        "roles": {role["id"]: role["label"] for role in study["roles"]},
        "outcomes": {one["id"]: {"label": one["label"], "unit": one["unit"]} for one in study["outcomes"]},
        "scales": {scale["id"]: scale["label"] for scale in study["scales"]},
        "names": {},
        "limits": {"min_respondents": 5, "min_organisations": 1, "round_counts_to": 5, "multiplicity": "Holm"},
        "final": False,
    }  # fmt: skip


def questions_of(study):
    """The plan asks of each outcome whether it changed."""
    return [
        {"question": f"{one['id']}_rose", "kind": "change", "contrast": "overall", "asks": f"Did {one['id']} rise?",
         "estimand": "mean change", "family": "primary", "roles": [], "matched": False, "outcome": one}
        for one in study["outcomes"]
    ]  # fmt: skip


def report_of(study, few=("northam",), fits=None, words=None, change=lambda cells: cells, deviations=()):
    cells = change(kept_cells(study, AREAS, few))
    plan = planned_figures(study)
    drawn = draw_figures(cells, plan, study)
    fits = fits or [{"formula": "calm ~ wave", "method": "REML", "converged": True, "singular": False,
                     "df_method": "areas", "second_fit": {"agrees": True}}] * len(study["fits"])  # fmt: skip
    return write_report(
        cells, drawn["svg"], words or drawn["words"], fits, asset("base.html.jinja"), asset("report.html.jinja"),
        asset("style.css"), asset("report.js"), plan, questions_of(study), deviations, study, wording_of(study),
    )["report"]  # fmt: skip


STUDY = made_study()


@pytest.fixture(scope="module")
def html():
    return report_of(STUDY)


def test_it_keeps_the_conventions_of_accessible_pages(html):
    assert conventions(html) == []
    assert "http://" not in re.sub(r'xmlns(:\w+)?="[^"]+"', "", html) and "https://" not in html


def test_no_template_has_a_number_written_in():
    for name in ("base.html.jinja", "report.html.jinja", "pack.html.jinja", "notebook.html.jinja"):
        assert written_numbers(asset(name)) == [], name


def test_the_search_for_written_numbers_finds_them():
    assert written_numbers("<p>Of {{ n }} areas 12 rose</p>") == ["Of  areas 12 rose"]
    assert written_numbers('{{ "78 %" }}') == ["78 %"]
    assert written_numbers("<h2>{{ num(row) }}</h2>") == []


def test_every_number_links_to_the_row_that_has_it(html):
    rows = dict(re.findall(r'<tr id="([^"]+)"[^>]*>(.*?)</tr>', html, flags=re.DOTALL))
    links = re.findall(r'<a class="num" href="#([^"]+)">([^<]+)</a>', html)
    assert len(links) > 10
    for anchor, text in links:
        assert anchor in rows
        if not anchor.startswith("model_terms"):
            assert f">{text}<" in rows[anchor], (anchor, text)


def test_findings_say_what_the_intervals_say():
    lookup = Lookup(kept_cells(STUDY, AREAS, ("northam",)))
    for finding in findings(lookup, STUDY):
        row = finding["row"]
        expected = "up" if row.value("low") > 0 else "down" if row.value("high") < 0 else "no clear change"
        assert finding["verdict"] == expected and finding["alone"] == ""
    assert [finding["main"] for finding in findings(lookup, STUDY)] == [True, False]


def test_hidden_numbers_are_not_in_the_page(html):
    letter = AREAS.set_index("area").loc["northam", "letter"]
    row = re.search(rf'<tr id="change_by_area.calm.area-{letter.lower()}" [^>]*>(.*?)</tr>', html, flags=re.DOTALL)[1]
    assert "[c]" in row and not re.search(r"\d", re.sub(r"<[^>]*>", "", row))


def test_areas_stand_by_letter_only(html):
    text = html.lower()
    for code, name in zip(AREAS["area"], AREAS["name"], strict=True):
        assert f">{name.lower()}" not in text and f"area-{code}" not in text


def test_it_never_says_why(html):
    text = Page(html).text.replace("it does not show what caused it", "")
    assert CAUSAL.search(text) is None
    assert CAUSAL.search("The pilot led to more trust")


def test_synthetic_data_say_so_and_real_data_do_not(html):
    assert "Synthetic data." in html and "(synthetic data)</title>" in html
    captions = re.findall(r"<caption.*?</caption>", html, flags=re.DOTALL)
    assert captions and all("Synthetic data." in caption for caption in captions)
    real = report_of(made_study(synthetic=False))
    assert "ynthetic" not in re.sub(r"<style>.*?</style>", "", real, flags=re.DOTALL)


def test_a_study_with_two_roles_has_its_section_and_one_without_has_none(html):
    assert 'id="roles"' not in html and 'id="sides"' not in html
    assert 'id="roles"' in report_of(made_study(waves=2, roles=2))


def test_it_is_a_draft_until_three_people_have_signed(html):
    assert "Draft." in html
    people = {"analyst": "A", "assurer": "B", "approver": "C"}
    assert "Draft." not in report_of({**STUDY, "people": people})


def test_markup_in_labels_is_text():
    evil = {**STUDY, "short_title": "<script>alert(1)</script>", "background": ["\u202eevil & <img src=x onerror=y>"]}
    html = report_of(evil)
    assert "<script>alert" not in html and "<img" not in html and "\u202e" not in html
    assert conventions(html) == []


def test_a_fit_that_was_refused_is_said_to_be():
    html = report_of(STUDY, fits=[{"status": "refused"}] * 2)
    assert "not fitted" in html and "not known" in html


def test_a_change_that_was_not_estimated_is_not_said_to_be_confidential():
    text = " ".join(Page(report_of(STUDY, change=without_estimates)).text.split())
    assert "not available" in text
    assert "the change cannot be shown" not in text


def test_areas_that_no_model_could_tell_apart_are_not_said_to_differ():
    def alike(cells):
        spread = (cells["table"] == "change_variation") & (cells["column"] == "sd_change")
        test = (cells["table"] == "change_variation") & (cells["column"] == "p")
        cells = cells.assign(value=cells["value"].mask(spread, 0.0), shown=cells["shown"].mask(spread, "0.00"))
        return cells.assign(value=cells["value"].mask(test, 1.0), shown=cells["shown"].mask(test, "1.000"))

    text = " ".join(Page(report_of(STUDY, change=alike)).text.split())
    assert "No difference in change between" in text
    assert "The change differed between" not in text
    assert "The change differed between" in " ".join(Page(report_of(STUDY)).text.split())


def test_a_number_that_is_not_published_cannot_be_printed():
    num = number(Lookup(kept_cells(STUDY, AREAS, ("northam",))))
    with pytest.raises(LookupError, match=r"no cell paired\.trust"):
        num("paired.trust.change")
    assert num("change_overall.calm.w3.estimate").startswith('<a class="num" href="#change_overall.calm.w3">')


def test_shares_are_percentages_by_moving_the_point():
    assert [percent(text) for text in ("0.784", "1.000", "[c]", "0.05")] == ["78.4%", "100.0%", "[c]", "5%"]


def test_pictures_are_drawn_into_the_page_without_their_files_head():
    text = inline(
        '<?xml version="1.0"?>\n<svg role="img">\n <title>T</title>\n <metadata>m</metadata>\n <g/>\n</svg>\n'
    )
    assert text == '<svg role="img">\n <g/>\n</svg>'


def test_good_practice_has_a_section_where_there_is_any(html):
    section = html[html.index('id="practice"') :]
    assert 'href="../good_practice/windows.html">Open &lt;windows&gt;</a>' in section[: section.index("</section>")]
    assert '<a href="#practice">Good practice</a>' in html


def test_no_cell_of_a_table_is_empty(html):
    assert not re.search(r"<t([dh])[^>]*>\s*</t\1>", html)


def test_what_a_row_cannot_have_does_not_apply_rather_than_lack():
    """A range over areas has no interval, and an interval no range: the workbook says so too."""
    from pilot_eval.publish.html_tables import html_table

    table = html_table("challenge", Lookup(kept_cells(STUDY, AREAS, ("northam",))), wording_of(STUDY), STUDY)
    rows = {anchor.rpartition(".")[2]: dict(zip(table.measures, texts, strict=True)) for anchor, _, texts in table.rows}
    assert rows["leave_areas_out"]["Lower bound"] == "[z]"
    assert rows["matched"]["Least change"] == "[z]"


def test_every_question_has_its_answer_with_numbers_that_lead_to_their_rows(html):
    part = html[html.index('id="answers"') :]
    part = part[: part.index("</section>")]
    for one in questions_of(STUDY):
        assert one["asks"] in part
    row = part[part.index("Did calm rise?") :]
    row = row[: row.index("</tr>")]
    assert re.search(r'rose by <a class="num" href="#change_overall\.calm', row)
    assert "Deviations" not in part


def test_deviations_from_the_frozen_plan_are_listed():
    html = report_of(STUDY, deviations=[["question calm_rose: family", "primary", "exploratory"]])
    assert "question calm_rose: family: planned primary, now exploratory." in html
