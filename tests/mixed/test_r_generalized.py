"""glmer and clmm against the stored results of lme4, glmmTMB and ordinal."""

import pytest
from r_comparison import differences
from r_results import names


@pytest.mark.filterwarnings("ignore::pilot_eval.mixed.SingularFitWarning")
@pytest.mark.parametrize("name", names("general", "ordered"))
def test_agrees_with_r(name: str) -> None:
    assert differences(name).found == []
