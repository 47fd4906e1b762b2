"""Kinds of fault in linking: whose answers these are, and for which organisation and area they speak."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "LNK-01",
        "One person twice in a wave, with the same answers",
        ("REJECT",),
        "two rows of one e-mail address and name with equal answers",
        "a merge of the waves makes four pairs of two rows, a pivot averages them",
        "One response is used, the other goes to the rejects with the row of the one used.",
        "Nothing, or ask the survey house why it delivered the row twice.",
    ),
    Kind(
        "LNK-02",
        "One person twice in a wave, with different answers",
        ("REJECT", "WARN"),
        "two rows of one e-mail address and name, the second broken off half-way",
        "both count, or the first of the file wins whatever it says",
        "The one that `linkage.duplicates` prefers is used (by default the most complete, then the latest); the "
        "other goes to the rejects with both rows and how many answers each has. Names that are only alike, at one "
        "place and in one role, count as one person when the year of birth or all answers are the same; others are "
        "warned of and listed as cases.",
        "Choose another policy in `linkage.duplicates` if the study's plan says so.",
    ),
    Kind(
        "LNK-03",
        "One e-mail address for two persons",
        ("WARN",),
        "two rows with `office@school.example` and the names Ann Hill and Bo Dale",
        "one person, or every row of the one linked with every row of the other",
        "An address links only where it is unique in the wave and the names agree; the persons are followed by name"
        " and organisation instead. Both are used.",
        "Ask for personal addresses, or for an id in the next wave's invitation.",
    ),
    Kind(
        "LNK-04",
        "Rows without anything that could link",
        ("WARN",),
        "rows with empty id, e-mail address and name at both waves",
        "missing equals missing in a merge, and the hash of nothing is one and the same person",
        "Missing never equals missing: each row is a respondent of its own, used at its wave and linked to no other.",
        "Nothing; ask for an id in the next wave's invitation.",
    ),
    Kind(
        "LNK-05",
        "A person who changed organisation",
        ("WARN",),
        "one person at 100001 in the first wave and at 100002 in the next",
        "lost, since the organisation is part of the key; or counted for the wrong organisation",
        "Linked by id, e-mail address or name and year of birth; each wave keeps its own organisation and area, and"
        " the change stands in the table of moves.",
        "See whether the change is one of the person or a slip in the key.",
    ),
    Kind(
        "LNK-06",
        "A person whose role changed",
        ("WARN",),
        "one person who says teacher in the first wave and head in the next",
        "one role for both waves, whichever comes last",
        "Each wave keeps its own role; a likeness alone never links two roles, such pairs go to the list of cases.",
        "Nothing, or correct the role.",
    ),
    Kind(
        "LNK-07",
        "Pairs that may be one person and await a decision",
        ("WARN",),
        "Sam Hill and Samantha Hall at one school, without e-mail addresses",
        "missed, or linked without a word",
        "They count as not linked and stand in `write_cases/cases.csv`; the names are in a file beside it that its "
        "owner alone can read. A decision in `config/link_decisions.csv` is honoured in every later run.",
        "Decide: same, different or unsure, and save the lines as `config/link_decisions.csv`.",
    ),
    Kind(
        "LNK-08",
        "A key that the register does not have",
        ("REJECT", "WARN"),
        "the key 199999 where keys begin with 100",
        "an inner join drops the row, a left join leaves it without area and the next table drops it",
        "A sound key near none of the register is outside the pilot: the row goes to the rejects. One that is a "
        "slip away from a key of the register, or no key at all, is kept without organisation and its candidates "
        "are listed.",
        "Correct the key, or add the organisation or its predecessor to the register.",
    ),
    Kind(
        "LNK-09",
        "An organisation's name typed freely",
        ("FIX", "WARN"),
        "`st marys c of e prim` without a key, in an area with two schools of St Mary",
        "no match, or the first of the whole register that is like it",
        "Within the stated area a name is accepted that is the same after abbreviations are written out, or 90 % "
        "alike and 5 points ahead of the second, unless it has a word of another organisation. All others are kept "
        "without organisation and listed with their candidates.",
        "Say what is meant in `aliases` of `linkage.organisations`, or correct the name.",
    ),
    Kind(
        "LNK-10",
        "A link of organisations seen from one side, or from several persons of one side",
        ("WARN", "OK"),
        "a school that answered and its service that did not; two lead contacts of one school",
        "a missing side is taken for agreement, two contacts for two links",
        "One-sided links are listed as such and have no gap between the sides; the answers of several persons of a "
        "side are its mean.",
        "Nothing; see in the table of dyads which side is missing.",
    ),
    Kind(
        "LNK-11",
        "A stated area that contradicts the register",
        ("WARN", "STOP"),
        "area South beside the key of a school in North",
        "the school counts in two areas",
        "The register's area is used and the change logged; where more than 5 % of a delivery contradict it, at "
        "least five rows, a column must be wrong, and the run stops.",
        "Correct the register or the column of the area.",
    ),
    Kind(
        "LNK-12",
        "Ids issued anew for a wave",
        ("STOP", "WARN"),
        "`R_001` at the first wave, `r-901` for the same person at the next",
        "nobody is matched, without a word",
        "The run stops when fewer than a fifth of the ids return although most persons match by name and organisation. "
        "Where more ids return, five persons and 5 % of a wave who have the name and organisation of somebody before, "
        "and another id, are warned of; they are not linked.",
        "Leave `person` out of `linkage.keys`, or ask for the ids of the first wave.",
    ),
    Kind(
        "LNK-13",
        "Pseudonyms of two keys",
        ("STOP",),
        "another key in the environment than the one with which the first wave was hashed",
        "nobody is matched, without a word",
        "The id of the key stands beside every pseudonym and decision and, if the study says so, in "
        "`secret.key_id`; where two differ the run stops.",
        "Restore the first key, or rotate the key as docs/link.md says.",
    ),
    Kind(
        "LNK-14",
        "No key for the pseudonyms, or one already where one is to be made",
        ("STOP",),
        "neither the variable nor the file that `secret` names",
        "hashes without a key, which a dictionary of names turns back",
        "The run stops before anything is hashed; a key that is there is never overwritten.",
        "`pilot-eval new-key`",
    ),
    Kind(
        "LNK-15",
        "The public key before data that are not synthetic",
        ("STOP",),
        "`synthetic: false` and the key of the shipped study",
        "pseudonyms that anybody can turn back",
        "The run stops.",
        "`pilot-eval new-key`",
    ),
    Kind(
        "LNK-16",
        "A role that the study does not know",
        ("WARN",),
        "`cook` where roles are lead and nurse",
        "the row vanishes from every table by role",
        "Kept without a role.",
        "Label the role in the codebook.",
    ),
    Kind(
        "LNK-17",
        "A line of decisions that does not name its own case",
        ("STOP",),
        "a case whose `one` was typed over",
        "a decision on one pair is used for another",
        "The run stops and names the line.",
        "Copy the line from the list of cases again.",
    ),
    Kind(
        "LNK-18",
        "A decision on a response that this run does not have",
        ("WARN",),
        "a line made before a new delivery corrected the name",
        "it is forgotten without a word",
        "Not used, and named with its line.",
        "Delete the line, or see whether a delivery changed what it should not have.",
    ),
    Kind(
        "LNK-19",
        "Decisions that contradict one another",
        ("STOP",),
        "a and b the same, b and c the same, a and c different",
        "the last line wins",
        "The run stops and names the lines: so it does when a case stands twice with two decisions, when lines make "
        "one person of two responses that another leaves unsure, and when decisions would make one person of two "
        "responses of a wave, or of two questionnaires.",
        "Correct one of the lines.",
    ),
    Kind(
        "LNK-20",
        "One person who answers for two organisations in a wave",
        ("WARN",),
        "one name and e-mail address in two rows with two keys of the register",
        "one of the two organisations loses its answer as a duplicate",
        "Both are used, each response for its own organisation, and followed there.",
        "See whether one of the keys is a slip; if so, correct it, and the second response is a duplicate.",
    ),
    Kind(
        "LNK-21",
        "A scorer whose packages are not installed",
        ("STOP",),
        "`linkage: {scorer: splink}` without the extra of that name",
        "an error of import deep in the run",
        "The run stops and says what to install.",
        "`pip install 'pilot_eval[splink]'`, or leave `linkage.scorer` out.",
    ),
    Kind(
        "LNK-22",
        "A key beside the name of another organisation",
        ("WARN", "STOP"),
        "`100004` and, in the next column, the name of 100019",
        "the response counts for whichever column is read; a column that was sorted alone places all of them wrongly",
        "The key is used; where more than 5 % of a delivery contradict their names, at least five rows, a column must "
        "have been moved, and the run stops. Only names that are exactly another organisation's count.",
        "Correct the key or the name; after a sort of one column, ask for the file again.",
    ),
)
