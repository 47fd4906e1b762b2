"""Kinds of fault: what could not be described or modelled."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "DES-01",
        "An area with too few respondents to show",
        ("WARN",),
        "one respondent of an area at the follow-up",
        "a spread of NaN, and a published mean that is one person's answer",
        "The model keeps them, drawn towards the change overall; tables hide their numbers, no figure or pack shows "
        "them, and they count in all totals.",
        "Nothing. Areas may be put together in study.yaml before the data are seen.",
    ),
    Kind(
        "DES-02",
        "An area with answers at one wave only",
        ("WARN",),
        "12 answers at the first wave and none at the last",
        "the area vanishes from an inner join, or its change is NaN",
        "It stays in the model, which gives it the change of all others: status `u`, marked [u] in tables and not "
        "drawn or told as the area's own in figures and packs. It has no raw change.",
        "Ask whether a delivery is missing.",
    ),
    Kind(
        "DES-03",
        "Respondents without a known area",
        ("WARN",),
        "an empty area, or one outside the study",
        "`groupby` and `crosstab` leave the rows out, and totals do not add up",
        'Response tables have a row "Not known", so that they add up (this is asserted); models leave the rows out and '
        "say how many.",
        "Complete the register or the aliases of areas.",
    ),
    Kind(
        "MOD-01",
        "All of a group gave one of two answers",
        ("WARN",),
        'all nine answers of an area to a yes-or-no question are "yes"',
        "a logistic model has no finite estimate: an odds ratio of 10^8 with an endless interval",
        "Yes-or-no outcomes have a linear mixed model, whose estimates stay finite; the group is named. Where all of a "
        "wave or role are alike, a question of kind `natural` is not available, and why is said.",
        "Read the estimate of the group with care.",
    ),
    Kind(
        "MOD-02",
        "A fit at a boundary, or none",
        ("WARN",),
        "the spread of change between areas is estimated as zero",
        "the warning scrolls by, or the term is taken out without a word",
        "At a boundary the fit is reported as it is, with the interval of the spread and its likelihood-ratio test, in "
        "the log and on the quality pages. When no start converges, the outcome is not available; others go on.",
        "Read the interval: a spread of zero is seldom known to be zero.",
    ),
    Kind(
        "MOD-03",
        "Too few areas, waves or respondents for a change",
        ("WARN",),
        "two areas only have answers at both waves",
        "a spread between areas from two of them, or an error of the fitting program",
        "With fewer than three areas the terms by area are left out and the change overall is given alone. With one "
        "wave "
        "left, or nobody of a role at both, nothing is estimated, and the reason is given. An interval with less than "
        "one degree of freedom is not printed.",
        "Check whether deliveries or areas are missing.",
    ),
    Kind(
        "MOD-04",
        "A term that the rows cannot tell",
        ("WARN",),
        "a moderator is `primary` for everybody, or says the same as the role",
        "an error of linear algebra, or coefficients that depend on the order of columns",
        "The term is left out, named with the reason; the record of the fit holds the formula that was fitted. A "
        "term that "
        "moves just as the wave does is not left out: then the change cannot be told, and nothing is estimated "
        "(MOD-03).",
        "Correct the formula, or look for the missing values of the variable.",
    ),
    Kind(
        "MOD-05",
        "A simpler model in place of the planned one",
        ("WARN",),
        "changes that are the same for everybody of an area, so that a slope by area cannot be told from the rest",
        "the outcome is lost, or a person drops terms until the program is silent, and says nothing of it",
        "The random part goes down a stated ladder until a model can be fitted: first the correlations between the "
        "effects of a group go, then its slopes, then whole levels, the finest first. Each step is told and stands in "
        "the record of the fit; the estimate is that of the simpler model. Singular fits stay as they are (MOD-02).",
        "Read the step: without slopes by area the interval of the change overall allows for no differences of areas.",
    ),
    Kind(
        "MOD-06",
        "Starts that differ too little to say",
        ("WARN",),
        "the spread of the start between areas is less than a tenth of that of their observed means",
        "a slope of change on the start with next to nothing as its denominator, of any size and either sign; or the "
        "slope of observed change on observed start, which then is near -1 whatever is true",
        "A question of kind `start` gives no slope and no change by parts where the spread of starts counts as zero in "
        "the fit, or in more than 10 % of its bootstrap fits. The naive slope, the spread and that share are shown.",
        "Nothing: the areas began alike. Ask for the change overall.",
    ),
    Kind(
        "MOD-10",
        "A question about evidence that the study does not have",
        ("WARN",),
        "a question of kind `ratings` about ratings of one occasion, or of kind `factors` about an outcome without a "
        "model",
        "an error that stops the run, or an empty table",
        "Its cells are not available ([x]), with this reason; everything else runs.",
        "Correct the question in models.yaml, or the evidence in study.yaml.",
    ),
    Kind(
        "MOD-11",
        "A question about change that the data cannot answer",
        ("WARN",),
        "a difference between two roles of which one did not answer again, a property that no register has, or a "
        "predictor that never moves within an organisation",
        "an error of the fitting program that stops all other questions, or a number that follows from no data",
        "The question is answered by [x] in its own row, and the line says why. Everything else runs.",
        "Correct the question in models.yaml, or look for the missing delivery or register.",
    ),
    Kind(
        "MOD-30",
        "Two sides that cannot be compared",
        ("WARN",),
        "a question of kind `sides` where services answered at the first wave only",
        "an error that stops the run, or a gap between schools and nobody",
        "What cannot be told is not available ([x]), with this reason; links that one side rated are counted, and "
        "everything else runs.",
        "Correct the question in models.yaml, or ask both sides at both waves.",
    ),
    Kind(
        "MOD-20",
        "A question about an item that the study does not have",
        ("WARN",),
        "the share of inappropriate referrals is asked for, and no questionnaire counts referrals",
        "an error that stops the run, or an empty table",
        "Its cells are not available ([x]), with this reason; everything else runs.",
        "Correct the question in models.yaml, or add the item to a codebook.",
    ),
    Kind(
        "MOD-21",
        "A number that cannot be what it is asked as",
        ("WARN",),
        "5 referrals of which 7 were inappropriate; 1.5 referrals; a wait of -2 weeks; 2 where 1 is yes",
        "a share above 100 %, or an error of the fitting program in which no row is named",
        "The answers are left out of the question's model and counted; they stay in every other table.",
        "Look at the rows in the delivery: were two columns swapped, or is the codebook's coding another?",
    ),
)
