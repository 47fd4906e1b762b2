"""Names of the truth file that the study does not have."""

import shutil
from pathlib import Path

import pytest

from pilot_eval.faults import StudyFaults
from pilot_eval.study import load_study
from pilot_eval.study.cross_truth import truth_faults
from pilot_eval.synth.truth import read_truth

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def edited(tmp_path):
    """Faults of the shipped truth file after a change."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    file = tmp_path / "config" / "truth.yaml"

    def edit(old, new):
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(StudyFaults) as error:
            read_truth(tmp_path)
        return error.value.faults, text[: text.index(old)].count("\n") + 1

    return edit


def test_the_shipped_truth_file_names_only_what_there_is():
    plan = read_truth(ROOT)
    assert truth_faults(load_study(ROOT, deliveries=False), plan.truth, {(): 1}) == []


@pytest.mark.parametrize(
    ("old", "new", "column", "near"),
    [
        ("second: [birmingham", "second: [birmingam", "groups.second.0", "birmingham"),
        ("cypmhs: {per: service", "cypmhs: {per: servise", "people.cypmhs.per", "service"),
        ("outcome: communication\n", "outcome: comunication\n", "response.outcome", "communication"),
        ("item: comm_2", "item: comm_22", "dirt.8.item", "comm_2"),
        ("{kind: identical_row, source: school_baseline", "{kind: identical_row, source: school_base",
         "dirt.0.source", "school_baseline"),
        ("{trait: sat_specialist", "{trait: sat_specalist", "published.0.trait", "sat_specialist"),
        ("follows: joint_working", "follows: joint_workin", "evidence.cascade.follows", "joint_working"),
        ("words: [contact_frequency", "words: [contact_frequenc", "deliveries.service_baseline.words.0",
         "contact_frequency"),
        ("    of: referrals_made", "    of: referals_made", "traits.referrals_inappropriate.of", "referrals_made"),
        ("  learn_website:", "  learn_webside:", "ticks.learn_webside", "learn_website"),
    ],
)  # fmt: skip
def test_a_name_that_the_study_does_not_have_is_told_with_its_line_and_the_nearest(edited, old, new, column, near):
    (fault,), line = edited(old, new)
    assert (fault.id, fault.file, fault.column) == ("CFG-30", "config/truth.yaml", column)
    assert fault.action == f'Did you mean "{near}"?'
    assert fault.row - line in (0, 1), "the line, or the next when the text begins a line earlier"


@pytest.mark.parametrize(
    ("old", "new", "column", "missing"),
    [
        ("baseline: {school_lead: 0.75, ", "baseline: {", "response.baseline", "school_lead"),
        ("      phase: {Primary: 0.50, Secondary: 0.42, Special: 0.08}\n",
         "      phase: {Primary: 0.50, Secondary: 0.42, Special: 0.05, Nursery: 0.03}\n",
         "organisations.school.names", "Nursery"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(edited, old, new, column, missing):
    (fault,), _ = edited(old, new)
    assert (fault.id, fault.column, fault.saw) == ("CFG-11", column, f'"{missing}" is missing')
