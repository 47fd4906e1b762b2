"""Kinds of fault: the study's configuration. A run refuses to start on any of them; ``pilot-eval check`` lists all."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

LISTED = "Reported with file, line and key, together with all other faults of the configuration; no job starts."


def _kind(number: str, title: str, example: str, otherwise: str, remedy: str) -> Kind:
    return Kind(f"CFG-{number}", title, ("STOP",), example, otherwise, LISTED, remedy)


KINDS: tuple[Kind, ...] = (
    _kind("01", "No YAML", "an opened bracket that nothing closes", "a traceback of the parser",
          "Mend the line that is named; text with `:` or `{` needs quotation marks."),
    _kind("02", "A YAML file that is no mapping", "a file with a list, or with nothing in it",
          "an error far from the file, when the first key is asked for", "Write `key: value` lines."),
    _kind("03", "A key that stands twice", "`seed:` on lines 4 and 30",
          "the parser keeps the last one, silently", "Delete one."),
    _kind("04", "A file that is not there or cannot be read", "a source whose path has a slip",
          "the job that needs it fails, an hour later", "Put the file there, correct the path, or mend its rights."),
    _kind("05", "A configuration file that is not UTF-8", "a name typed in an old editor: byte E9 for é",
          "an error of decoding that names no line, or letters read as others", "Save the file as UTF-8."),
    _kind("06", "A folder for a new study that is not empty", "`pilot-eval new` in a folder with files",
          "files of the same names are overwritten", "Name another folder."),
    _kind("07", "A control character in a configuration file", "a name with an escape sign, pasted from a terminal; "
    '`"Spring\\x07"`',
          "a document that cannot be opened, or a picture that breaks off at the label", "Delete the character."),
    _kind("10", "An unknown key", "`thresold: 5`", "the default is used, silently",
          "Take the nearest key, which the message names, or delete the line."),
    _kind("11", "A missing key or cell", "an outcome without `unit`", "an error where the value is first used",
          "Add it."),
    _kind("12", "A value of another type, or out of bounds", "`minimum: many`, a month of -3",
          "text where a number is meant travels on to the models", "Correct it; the message says what it can be."),
    _kind("20", "A column that is unknown or stands twice", "`lable` in a codebook",
          "the column is ignored, or the second of two overwrites the first", "Rename or delete it."),
    _kind("21", "A CSV record of another length, or an open quotation mark", "a label with a comma and no quotation "
    "marks",
          "every cell after it means something else", "Put the text in quotation marks, or look for the comma."),
    _kind("22", "A name that stands twice", "two waves, roles, sources or items of one name",
          "the second takes the place of the first", "Rename one."),
    _kind("23", "An unknown set of labels", "`@ofen` where study.yaml has `often`", "the item has no labels",
          "Take the nearest set, which the message names."),
    _kind("24", "Codes that cannot be read", "`1-Never` for `1=Never`", "the answers have no labels, or wrong codes",
          "Write `1=First|2=Second`."),
    _kind("30", "A name that nothing declares", "a formula with `rol` for `role`, a wave `autum`",
          "an empty selection, or an error when the model is fitted", "Take the nearest name: the message gives it."),
    _kind("31", "Waves out of order", "a wave that starts before the one above it, or ends before it starts",
          "change is read the other way round", "Correct the days or the order."),
    _kind("32", "Two areas that cannot be told apart", "`Elm Vale` and `ELM vale`, or a code that is the name of a "
    "device",
          "rows of two areas are counted as one, or a file cannot be written", "Give one another name, alias or code."),
    _kind("33", "A path that leaves the data folder", "`data/raw/../../etc/passwd`",
          "a file from elsewhere is read, and ends up in results", "Put the file below `data/raw/`."),
    _kind("34", "A source of the wrong kind", "a register that is named as evidence",
          "a column is not found when the job runs", "Correct the kind, or name another source."),
    _kind("35", "One thing said to be two", "two items of one column, two files of one checksum, an item asked at "
    "no wave",
          "one question counts twice", "Correct one of them."),
    _kind("36", "Codes that contradict each other", "5 is an answer and missing, two codes have one label",
          "answers are dropped as missing, or two answers counted as one", "Correct the codes."),
    _kind("37", "Bounds that contradict each other", "low above high, a minimum of 5 of 4 items",
          "every value is out of bounds, or nobody has a score", "Correct the bounds."),
    _kind("38", "One of two is needed, or too much is said", "an outcome with both scale and item, or neither",
          "which of them is meant is anybody's guess", "Keep one of the two."),
    _kind("39", "A name that the analysis table needs itself", "an item called `months`",
          "it overwrites the time since the first wave", "Rename the item or scale."),
    _kind("40", "An item that cannot mean what is asked of it", "text in a scale, one item with two meanings",
          "an error of averaging, or a mean of unlike things", "Choose another item, or correct the codebook."),
    _kind("41", "Nobody is asked, or not at two waves", "an outcome whose item stands in one wave's questionnaire only",
          "a change from nothing, or a role without answers", "Choose another outcome, wave or role."),
    _kind("42", "A formula that is none", "`{outcome} ~ wave * * role`, or one without time",
          "an error of the fitting program, or a model that estimates no change", "Correct the formula."),
    _kind("43", "A frozen analysis plan that was changed", "a smallest change corrected in `config/plan_frozen.json`",
          "what was decided after the data were seen passes as planned",
          "Restore the file of the day of the freeze; differences belong into models.yaml, where they are listed."),
    _kind("44", "A page of good practice that names an area or holds an address",
          "`In Elm Vale the lead met every team`, where areas are published by letter",
          "everybody who reads the page knows whose letter it is, or whom to write to",
          "Say it without the name: `area: K` in the head tells the letter, and nothing else is needed."),
)  # fmt: skip
