"""Kinds of fault in registers, areas, and the register of deliveries."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "REG-01",
        "A key that lost its leading zeros, or has another form",
        ("FIX", "STOP"),
        "`123` for `00123`",
        "the key joins nothing, and its respondents disappear",
        "Restored where exactly one key of the register fits (in links and answers), and told; a "
        "register whose own keys do not have their form stops.",
        "Export keys as text.",
    ),
    Kind(
        "REG-02",
        "A key in scientific notation",
        ("STOP", "REJECT"),
        "`1.00E+05`",
        "255 schools become one",
        "The digits are lost: the record is rejected, more than 5 % stop the file; a register stops.",
        "Ask for an export with the column as text.",
    ),
    Kind(
        "REG-03",
        "A key with `.0`",
        ("FIX",),
        "`100001.0`",
        "joins nothing",
        "Removed, and told once a column with the number.",
        "Nothing.",
    ),
    Kind(
        "REG-04",
        "A key twice",
        ("STOP", "FIX"),
        "one school in two areas",
        "every respondent of it counts twice",
        "The register stops with both rows and their areas; a link that stands twice is used once.",
        "Delete one row.",
    ),
    Kind(
        "REG-05",
        "A change of key that cannot be, or that nobody told",
        ("STOP", "WARN"),
        "a key with two successors, a circle, an empty cell, or of which no register has either end; or 140010, in no "
        "register, said beside the name and postcode of 100010",
        "baseline and follow-up are two schools, and no pair",
        "A list of predecessors that cannot be stops, with both rows. A key that is another one's by its name is told "
        "with the line to add; its responses go to the review list, and keep no organisation.",
        "Correct the list of predecessors, or add the line.",
    ),
    Kind(
        "REG-06",
        "Several organisations became one",
        ("WARN", "OK"),
        "100020 and 100021 became 140020",
        "both are lost at follow-up",
        "Respondents keep their own baselines. That of the organisation is made of several: pooled, and warned of "
        "until `merge` says so; with `exclude` the models take it for another organisation at each wave, and estimate "
        "no change of its own.",
        "Set `merge` at `predecessors` in `study.yaml` to `pool` or `exclude`.",
    ),
    Kind(
        "REG-07",
        "An area that the study does not have",
        ("STOP", "WARN", "OK"),
        "`Hertforshire`",
        "one area more in every table",
        "A register stops, with the nearest names and how near they are; nothing is accepted by "
        "itself. In answers it is warned of and put on the review list; most of a delivery unknown "
        "stops.",
        "Correct the file, or add the spelling to the area's aliases.",
    ),
    Kind(
        "REG-08",
        "An area, a key or a word of a register spelt otherwise",
        ("FIX",),
        "`ELM  VALE`, a no-break space, another accent form; `clay` and `Clay`",
        "two areas for one, a key that matches nothing, two levels of one attribute in a model",
        "Unified by one canonical form; the delivered spelling stays in the change log.",
        "Nothing.",
    ),
    Kind(
        "REG-09",
        "One spelling that means two areas",
        ("STOP",),
        "`Bath/NE Wilts` and `Bath NE Wilts`",
        "one file overwrites the other",
        "Stops.",
        "Change a name, or give one a code.",
    ),
    Kind(
        "REG-10",
        "A name that a path or program could misread",
        ("STOP",),
        "an area `../../x`",
        "files outside the folder of results",
        "Stops; files are named by codes only.",
        "Correct the name.",
    ),
    Kind(
        "REG-11",
        "An organisation that serves several areas and has no home",
        ("WARN",),
        "an empty area of a team whose links lead to schools in three areas",
        "copied into each area, its respondents counted thrice",
        "Kept without an area: its respondents are left out of what is compared by area. Links tell whom it serves.",
        "Name its home area.",
    ),
    Kind(
        "REG-12",
        "Two deliveries of one wave and instrument",
        ("STOP",),
        "`schools_w1.csv` and `schools_w1 (1).csv`, two cells changed",
        "both are read, and everybody counts twice",
        "Stops, with new ids, lost ids and changed cells, until one supersedes the other with a "
        "reason, or both are said to be parts. `pilot-eval check` knows the second by its name, or by its ids, when "
        "nobody registered it.",
        "`pilot-eval register FILE --supersedes SOURCE --because REASON`, or `--part NAME`.",
    ),
    Kind(
        "REG-13",
        "One content under two names",
        ("STOP", "WARN"),
        "the follow-up file is a copy of the baseline",
        "no change anywhere, and no error",
        "Stops on equal checksums. Where 95 % of the answers of at least ten respondents are those of an earlier wave "
        "it is warned of.",
        "Ask for the right file.",
    ),
    Kind(
        "REG-14",
        "A file that nobody registered",
        ("WARN",),
        "`schools_w3_FINAL.csv` in `data/raw`",
        "read by a pattern, or overlooked",
        "Named and not used.",
        "Register it, or move it to `data/raw/unused`.",
    ),
    Kind(
        "REG-15",
        "An instrument without a file of one of its waves",
        ("WARN", "STOP"),
        "no follow-up of the services",
        "an error deep in the run, or a role that is silently absent",
        "Told once, and the rest goes on; `required` instruments stop. `waves` of an instrument says "
        "at which it is answered.",
        "Register the file, or correct `waves`.",
    ),
    Kind(
        "REG-16",
        "A register without a needed column, or with records that cannot be used",
        ("STOP",),
        "a register without the column that `study.yaml` names",
        "an error in a later rule",
        "Stops with the nearest name: an authority table is whole or none.",
        "Correct the file or `study.yaml`.",
    ),
    Kind(
        "REG-17",
        "A word that is none of the study's, a count that is none, a name that is missing",
        ("STOP",),
        "a rating `7` on a scale to 3",
        "it is averaged",
        "Stops with the nearest word.",
        "Correct the file.",
    ),
    Kind(
        "REG-18",
        "A link to an organisation that no register has",
        ("STOP",),
        "a pair whose school is unknown",
        "the pair disappears in a join",
        "Stops with the row.",
        "Add it to the register, or correct the row.",
    ),
)
