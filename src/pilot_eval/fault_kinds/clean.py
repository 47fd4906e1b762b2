"""Kinds of fault in answers held against the codebook, and in what the delivery says beside the wave before."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "CLN-01", "A column was renamed", ("STOP", "WARN"),
        "`q4_comm` at baseline is `q4_communication` at follow-up",
        "stacking by name gives two half-empty columns, and half of the answers are missing",
        "The file stops, with the new name that is nearest in spelling or has the same label; nothing is guessed.",
        "Write the name in `name.WAVE` of the codebook, or `-` if the item was not asked.",
    ),
    Kind(
        "CLN-02", "Columns in another order, or with each other's texts", ("OK", "WARN"),
        "a file whose columns come in another order than at the wave before",
        "stacking by position swaps items",
        "Columns are matched by name only. A warning where the question texts changed too, or where the text of a "
        "column is "
        "that of another item.",
        "Check in the questionnaire that each column is the question the codebook says.",
    ),
    Kind(
        "CLN-03", "Labels run the other way", ("STOP",),
        "an SPSS file in which 1 is Strongly agree, where the codebook has 1 = Strongly disagree",
        "no error; a mean of 2.8 becomes 3.2",
        "The file stops when its labels contradict the codebook, or, where the codebook has none, the wave before.",
        "Name the wave in `reversed`, give it a `recode`, or have the labels corrected.",
    ),
    Kind(
        "CLN-04", "An item is coded the other way round", ("WARN",),
        "a CSV column in which 5 means Strongly disagree at one wave",
        "nothing; the item takes away from its scale what it should add",
        "Reported from evidence, never turned: a correlation below -0.2 with the rest of its scale in 30 answers or "
        "more, "
        "answers that fit the wave before only when turned round, or linked answers that correlate below -0.2 in 30 "
        "pairs.",
        "Look at the questionnaire; if the wave is turned, name it in `reversed`.",
    ),
    Kind(
        "CLN-05", "Codes count from another base", ("STOP",),
        "0 to 4 where the codebook has 1 to 5",
        "every mean falls by exactly one",
        "The file stops when the code below the scale stands there twice, or once and the highest does not; likewise a "
        "code above it, where nobody chose the lowest. A single one where all of the scale is used is a slip "
        "(CLN-08).",
        "Declare `recode.WAVE`, such as `0=1|1=2|2=3|3=4|4=5`.",
    ),
    Kind(
        "CLN-06", "More or fewer points", ("STOP", "WARN"),
        "seven labelled values where the codebook has five",
        "7 and 5 are averaged as if they were on one scale",
        "The file stops. Further labelled codes that may be kinds of missing are warned of, and their answers are "
        "missing.",
        "Say in `recode.WAVE` what each point is, or leave the item out of change.",
    ),
    Kind(
        "CLN-07", "Labels in other words", ("STOP", "WARN", "FIX"),
        "`Cytuno` or `Tend to agree` where the codebook has `Agree`; `agree ` with a blank",
        "mapping by label gives missing answers, silently",
        "Case, spaces and signs are mended and counted. An unknown wording that comes back, or makes more than 2 % "
        "of the answers, "
        "stops the file; a single one is missing, and warned of.",
        "Write the wording in `labels.WAVE`, by the code that was delivered.",
    ),
    Kind(
        "CLN-08", "A value beyond the scale", ("WARN", "STOP"),
        "55 on a scale from 1 to 5: a key pressed twice",
        "kept, and averaged",
        "Missing, of kind `out_of_range`. Three or more, and more than 2 % of the answers, stop the file.",
        "Look at the form; declare the code if it means something.",
    ),
    Kind(
        "CLN-09", "A fraction where only whole numbers are answers", ("WARN", "FIX"),
        "2.5 on a scale from 1 to 5: two boxes ticked",
        "kept, and averaged; 3.0000001 matches no code",
        "Missing, of kind `unreadable`; a whole number but for its last digits is mended.",
        "Decide with the survey house what two ticks mean.",
    ),
    Kind(
        "CLN-10", "A code for missing that nobody declared", ("STOP", "WARN"),
        "99 in six rows of a scale from 1 to 5",
        "the mean of 1, 2, 3 and 99 is 26.25",
        "The file stops when such codes make more than 2 % of the answers, or one stands in five rows: somebody "
        "decides once. "
        "Fewer are missing, of kind `out_of_range`, and warned of.",
        "Write `99=refused` in `missing` of the codebook.",
    ),
    Kind(
        "CLN-11", "A code for missing that may be a number", ("WARN",),
        "99 pupils nine times, 95 to 98 and 100 to 103 once each",
        "kept as a number, or lost as a code: a bias either way",
        "Kept. Five or more at 77, 88, 97, 98, 99, 997, 998 or 999 that are more than three times as many as at the "
        "numbers "
        "near it are warned of, and so are negative codes among numbers from 0.",
        "Ask what it means; if missing, write it in `missing`.",
    ),
    Kind(
        "CLN-12", "The file declares a valid code missing", ("STOP",),
        "user-missing range 5 to 9 on a scale from 1 to 5",
        "every 5 is lost",
        "The file stops, unless the codebook too has the code as missing.",
        "Have the file corrected, or write the code in `missing`.",
    ),
    Kind(
        "CLN-13", "Two codes have one label", ("STOP", "WARN"),
        "4 and 5 are both labelled Agree",
        "programs that work with labels merge them",
        "The file stops (an attribute: a warning), unless a `recode` brings both to one code.",
        "Have the labels corrected.",
    ),
    Kind(
        "CLN-14", "A blank in a set of tick boxes", ("FIX", "OK", "WARN"),
        "boxes that hold 1 or nothing",
        "the mean of ticks and blanks is 100 %",
        "A blank beside an answered box of its set is 0; a set without any answer is missing. If `labels.WAVE` of "
        "all boxes says "
        "`1=...` only, that is as declared (OK). A box of no set that is never a no is warned of.",
        "Name the `set` of each box.",
    ),
    Kind(
        "CLN-15", "Several options in one cell, or a set that is not whole", ("WARN", "STOP"),
        "`E-mail;Phone`; `c1` = 2 and `c2` = 3; a set of an SPSS file that names a variable that is not there",
        "percentages of answers instead of respondents, by the order in which they were clicked",
        "Items of one set that share a column, or several (`c1|c2`), become one indicator an option, commas within an "
        "option allowed for; an unknown "
        "option is warned of and not counted. A set that names an absent variable stops the file.",
        "Give each option an item, its wording as label of code 1 and its code in `recode.WAVE` (`2=1`); ask for a "
        "full export.",
    ),
    Kind(
        "CLN-16", "A test or a preview", ("REJECT", "WARN"),
        "Status `Survey Preview`; a response id that begins with `test`; a respondent called Mickey Mouse or asdf",
        "counted as a respondent",
        "Rejected by its status, its response id, or a text that says nothing but test. A name or address by which "
        "people try things out is flagged (`qc_test`), warned of, never shown, and kept unless the study excludes it.",
        "Label in the codebook the states that count; `exclude: [test_names]` in study.yaml for the names.",
    ),
    Kind(
        "CLN-17", "Speeders and straight-liners", ("WARN", "REJECT"),
        "24 items in 38 seconds; one answer throughout a block of which some items run the other way",
        "kept, unseen",
        "Flagged (`qc_speed`: under 3 s an answered item; `qc_straight`: one code through 8 items of both "
        "directions, or 20), kept, "
        "and counted with the largest shift of a mean without them. Rejected only if the study excludes them.",
        "`exclude: [speeders, straight_liners]` in study.yaml, and compare.",
    ),
    Kind(
        "CLN-18", "Opened, and nothing answered", ("REJECT",),
        "a row with consent and no answer",
        "a respondent with missing answers in every denominator",
        "Rejected as `no_answers`; one answer is enough to be kept.",
        "Nothing.",
    ),
    Kind(
        "CLN-19", "Dates of another form", ("STOP", "WARN"),
        "`25/04/2016` where `%m/%d/%Y` is declared; `42463`; `03/04/16`",
        "day and month swap where they can, silently",
        "Only the declared form is read. The file stops when many do not fit it, or when all outside the wave lie "
        "within it with day "
        "and month swapped; the form that fits is named. A warning where no date tells day from month.",
        "Set `date_format` in sources.csv.",
    ),
    Kind(
        "CLN-20", "A day that no calendar has, or that stands for none", ("WARN",),
        "`30/02/2016`, `01/01/1900`, `0000-00-00`",
        "an error, or a missing date",
        "Missing; the months of the wave are used for time.",
        "Correct the file if the day is known.",
    ),
    Kind(
        "CLN-21", "A time at a change of the clocks, or with an offset", ("FIX",),
        "01:30 on the last Sunday of October, which came twice",
        "an error where zones are known, the wrong day where they are not",
        "A time with an offset is taken to the day it was in the delivery's time zone; one that clocks showed twice "
        "or never is read "
        "as summer time. Only the day is used.",
        "Check `timezone` in sources.csv.",
    ),
    Kind(
        "CLN-22", "A day outside the wave", ("WARN", "STOP"),
        "an answer of the follow-up from before the baseline",
        "negative time between the waves",
        "Missing, and the months of the wave are used. More than half of them, or most answers older than the middle "
        "one of the wave "
        "before, stop the run: the waves may be swapped.",
        "Correct sources.csv, or the dates of the waves.",
    ),
    Kind(
        "CLN-23", "A spreadsheet made a date of an answer", ("WARN",),
        "`03-May` for the answer `3-5`",
        "one answer more, or missing",
        "Missing, with what was probably meant; never mended.",
        "Correct the file at its origin, where the column must be text.",
    ),
    Kind(
        "CLN-24", "Digits of another script, or numbers in words", ("FIX", "WARN", "STOP"),
        "a full-width 3; `four`",
        "the column becomes text",
        "Digits of any script are read and counted as mended; words are missing, and many of them stop the file.",
        "Correct the file.",
    ),
    Kind(
        "CLN-25", "No finite number", ("WARN",),
        "`inf`, `1e400`",
        "the mean is infinite",
        "Missing; -0 is 0.",
        "Find out what divided by zero.",
    ),
    Kind(
        "CLN-26", "Yes and no in several codings", ("STOP", "FIX"),
        "0, 1 and 2 in one column",
        "2 is averaged, or lost",
        "The file stops when a code is none of the codebook's and 0, 1 or 2: nobody knows which code is no. Words "
        "(`TRUE`, `Y`, `yes`) "
        "are read and counted as mended.",
        "Declare `recode.WAVE`, such as `1=1|2=0`.",
    ),
    Kind(
        "CLN-27", "Personal data in free text", ("WARN",),
        "an e-mail address in a comment",
        "published with the comment",
        "Counted, never shown; free text goes no further than ingest.",
        "Nothing; tell the survey house.",
    ),
    Kind(
        "CLN-28", "Weights that cannot be", ("STOP", "WARN", "OK"),
        "a weight of -0.4",
        "an average outside the data; not a number; a division by zero",
        "A negative weight, or none above 0, stops the file. A missing one is warned of, a 0 counted. Nothing is "
        "weighted yet.",
        "Ask the survey house for corrected weights. The item has use `weight`.",
    ),
    Kind(
        "CLN-29", "A record came twice", ("REJECT",),
        "a response id that stood in an earlier row",
        "one respondent counts twice",
        "The later record is rejected. Without response ids and without anything that tells persons apart, identical "
        "rows of ten filled cells or more are one record. Invisible characters and a spreadsheet's `.0` make no "
        "other id; upper and lower case do.",
        "Nothing, or correct the ids.",
    ),
    Kind(
        "CLN-30", "A row of no wave", ("REJECT", "STOP"),
        "a wave column that says `later`",
        "the row is lost, or counted to some wave",
        "Rejected; the file stops when no row names a wave of the study. Codes are labelled by the codebook, or else "
        "by an SPSS file itself.",
        "Label the wave in the codebook, or name it in sources.csv.",
    ),
    Kind(
        "CLN-31", "A duration that cannot be", ("WARN",),
        "an end before its start; 400 days",
        "a speeder, or an outlier",
        "The response is kept without a duration.",
        "Check the clock, the time zone and the unit.",
    ),
    Kind(
        "CLN-32", "An answer where the item was not asked", ("WARN",),
        "contact with the lead rated where there is no lead",
        "nothing",
        "Kept. A blank where `asked_if` does not hold is of kind `not_asked`; where the deciding item has no answer "
        "it stays `skipped`.",
        "Check the routing of the questionnaire.",
    ),
    Kind(
        "CLN-33", "The answers jumped", ("WARN",),
        "weeks at one wave, days at the next; half of the answers gone",
        "a change that no programme made",
        "Reported, never mended: cumulative shares that differ by more than 0.3 (yes or no: 0.6) and more than chance "
        "(Kolmogorov-Smirnov, p = 0.001), 30 answers each; or, of an answer or attribute of any type, a share without "
        "one that rose by more than 0.3 among those who were asked (`asked_if`).",
        "Check unit, coding and wording of the item.",
    ),
    Kind(
        "CLN-34", "Another wording than at the wave before", ("WARN",),
        "the text of a question, or labels that the codebook does not give, differ between two SPSS files",
        "nothing",
        "Reported.",
        "Compare the questionnaires: does it still ask the same?",
    ),
    Kind(
        "CLN-35", "No coding for the day", ("WARN",),
        "an item whose lines in the codebook hold from and until a day, and a response without a day",
        "read with the wrong coding",
        "The answer is missing, of kind `undated`; a cell that is an answer in none of the codings keeps its kind.",
        "Close the gap between `from` and `until`, or find the day.",
    ),
    Kind(
        "CLN-36", "A column that is hardly filled", ("WARN",),
        "area in the first row of each block only, as merged cells are saved",
        "the responses vanish from every table by area",
        "Kept as it is, and told: more than half of the cells that say when and where somebody answered are blank, or "
        "nine of ten of an item that was asked of all.",
        "Fill the column down at its origin, or give the item `asked_if`.",
    ),
)  # fmt: skip
