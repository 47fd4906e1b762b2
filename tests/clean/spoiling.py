"""What people and programs do to a file on its way: each spoils a sheet in one manner and says nothing of it."""

import csv
import datetime as dt
import io

from spoilt import NONE, Line

#: Words of the study's codes.
LABELS = {
    "@often": ("Never", "Seldom", "Now and then", "Often", "Always"),
    "able": ("Not at all", "A little", "Fairly", "Well", "Very well", "Could teach it"),
}
#: No answer to any item of the study; some are read as one by careless programs.
JUNK = ("99", "-1", "-99", "999", "77", "55", "0.5", "3.5", "three", "3-4", "03-May", "inf", "NaN", "NULL", "N/A", "?",
        "#REF!", "#DIV/0!", "2/5", "1e400", "½", "--", "Cytuno", "see above", "x", "12;3", "1 or 2", "None", "=A1", "³",
        "4\u00a05", "1,000", "50%", "£5", "0x3", "4_0", "٫5")  # fmt: skip
AREAS = ("North Quay", "Elm Vale", "St Osyth's Fields", "Broad & Marsh", "Tor Hill")
DAY = "%d/%m/%Y"
DAYS = ("%m/%d/%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%SZ",
        "%d-%b-%Y", "%Y%m%d")  # fmt: skip
WORDS = ("EntryNo", "Mail", "Who", "PlotRef", "PlotName", "Borough", "Day", "Remarks")


def coded(sheet):
    """Columns of the sheet that hold codes or numbers."""
    return [column for column in sheet.columns if column and column not in WORDS]


def held(sheet, draw, *columns):
    """One of some columns that the sheet still has, or None."""
    found = [column for column in columns or sheet.columns if column in sheet.columns and column]
    return draw.choice(found) if found else None


def some(sheet, draw):
    """A few records, or many, or all."""
    records = sheet.records()
    number = draw.choice((1, 1, 2, 3, 5, 12, len(records) // 4, len(records)))
    return draw.sample(records, min(number, len(records)))


def change(sheet, draw, column, new):
    """Change a column's text in some records."""
    if column is None:
        return
    for line in some(sheet, draw):
        line.cells[sheet.place(column)] = new(line.cells[sheet.place(column)])


# cells -----------------------------------------------------------------------------------------------------------


def junk(sheet, draw):
    """Something that is no answer."""
    text = draw.choice(JUNK)
    change(sheet, draw, held(sheet, draw, *coded(sheet)), lambda old: text)


def junk_of_all_kinds(sheet, draw):
    change(sheet, draw, held(sheet, draw, *coded(sheet)), lambda old: draw.choice(JUNK))


def other_form(sheet, draw):
    """The same number as another program shows it."""
    column = held(sheet, draw, *coded(sheet))
    form = draw.choice((
        lambda text: f"{text}.0", lambda text: f" {text}", lambda text: f"{text}  ", lambda text: f"\u00a0{text}",
        lambda text: f"{text}\u200b", lambda text: "".join(chr(0xFF10 + int(one)) for one in text),
        lambda text: "".join(chr(0x0660 + int(one)) for one in text), lambda text: f"0{text}",
        lambda text: f"{text}.0000001", lambda text: f"{text}e0", lambda text: f"+{text}", lambda text: f"{text}.",
        lambda text: f"\t{text}", lambda text: f"{text},0", lambda text: f'"{text}"', lambda text: f"'{text}",
        lambda text: f"={text}", lambda text: f"{text} hours", lambda text: f"{text}E+00", lambda text: f"{text}%",
        lambda text: f"{text}0", lambda text: f"{text}{text}", lambda text: f"-{text}",
    ))  # fmt: skip
    change(sheet, draw, column, lambda old: form(old) if old.isascii() and old.isdecimal() else old)


def label_for_code(sheet, draw):
    """Words where codes were, the right ones, in some spelling."""
    column = held(sheet, draw, "B1", "B2", "B3", "B4", "Bel1", "Bel2", "Bel3", "Bel4", "S1", "S2", "S3")
    labels = LABELS["able" if column and column[0] == "S" else "@often"]
    style = draw.choice((str, str.upper, str.lower, lambda word: f" {word} ", lambda word: word[:-1]))
    if column and not (column == "B3" and sheet.source["wave"] == "summer"):
        change(
            sheet,
            draw,
            column,
            lambda old: style(labels[int(old) - 1]) if old.isdecimal() and 0 < int(old) <= len(labels) else old,
        )


def spoilt_words(sheet, draw):
    """Labels with a slip, another case, or in another language."""
    form = draw.choice((str.upper, str.lower, lambda old: old[1:], lambda old: f"{old}.", lambda old: old[::-1],
                        lambda old: old.replace(" ", "\u00a0"), lambda old: f"  {old}",
                        lambda old: old[:5]))  # fmt: skip
    change(sheet, draw, held(sheet, draw, "S1", "S2", "S3"), form)


def emptied(sheet, draw):
    text = draw.choice(("", "", " ", "\u00a0", "\u200b"))
    change(sheet, draw, held(sheet, draw), lambda old: text)


def as_another(sheet, draw):
    """An answer that might as well be true: nobody can know."""
    column = held(sheet, draw)
    others = [sheet.cell(line, column) for line in sheet.records()]
    sheet.untold.add(column)
    change(sheet, draw, column, lambda old: draw.choice(others))


def swapped_cells(sheet, draw):
    one, other = held(sheet, draw), held(sheet, draw)
    sheet.untold |= {one, other}
    for line in some(sheet, draw):
        a, b = sheet.place(one), sheet.place(other)
        line.cells[a], line.cells[b] = line.cells[b], line.cells[a]


def shifted_cells(sheet, draw):
    """A cell inserted or deleted in a spreadsheet: what follows moves one column."""
    place, left = draw.randrange(len(sheet.columns)), draw.random() < 0.5
    sheet.untold |= set(sheet.columns[place:])
    for line in some(sheet, draw):
        cells = line.cells
        line.cells = [*cells[:place], *cells[place + 1 :], ""] if left else [*cells[:place], "", *cells[place:-1]]


def shifted_column(sheet, draw):
    """A column pushed down by a cell, as when one cell is deleted with all below it moving up."""
    column, records = held(sheet, draw), sheet.records()
    place, start = sheet.place(column), draw.randrange(len(records))
    texts = [line.cells[place] for line in records]
    for line, text in zip(records[start:], [*texts[start + 1 :], ""], strict=True):
        line.cells[place] = text
    sheet.untold.add(column)


def filled_down(sheet, draw):
    """Merged cells: what repeats is shown once."""
    place = sheet.place(held(sheet, draw, "PlotRef", "PlotName", "Borough", "Years") or sheet.columns[0])
    before = None
    for line in sheet.records():
        same, before = line.cells[place] == before, line.cells[place]
        if same:
            line.cells[place] = ""


def another_base(sheet, draw):
    step = draw.choice((-1, 1, -2, 10))
    column = held(sheet, draw, *coded(sheet))
    for line in sheet.records() if column else ():
        text = line.cells[sheet.place(column)]
        line.cells[sheet.place(column)] = str(int(text) + step) if text.isdecimal() else text
    texts = {sheet.cell(line, column) for line in sheet.records()} if column else set()
    # hours have no scale to leave, and where nobody chose an end of one nobody can know
    if column == "Hours" or texts <= {cells[sheet.first.index(column)] for cells in sheet.sound} | {"1", "6"}:
        sheet.untold.add(column)


def turned(sheet, draw):
    """Coded the other way round. Where other items of its scale are turned too nobody can know."""
    for column in draw.sample(coded(sheet), min(draw.choice((1, 1, 1, 2, 4)), len(coded(sheet)))):
        ends = {"S": 7, "M": 1}.get(column[0], 6)
        for line in sheet.records():
            text = line.cells[sheet.place(column)]
            line.cells[sheet.place(column)] = str(ends - int(text)) if text.isdecimal() and int(text) <= ends else text
        sheet.untold.add(column)


def decimal_mark(sheet, draw):
    swap = str.maketrans(".,", ",.")
    change(sheet, draw, held(sheet, draw, "Hours"), lambda old: old.translate(swap))


def thousands(sheet, draw):
    text = draw.choice(("1,234", "1.234", "1 234", "1'234", "12,5", "12.5", "0,5", "1.5", "1,5,0"))
    change(sheet, draw, held(sheet, draw, "Hours", "Years", "EntryNo"), lambda old: text)


# places and persons ----------------------------------------------------------------------------------------------


def spelling(sheet, draw):
    form = draw.choice((str.upper, str.lower, str.swapcase, lambda old: f" {old}", lambda old: f"{old} ",
                        lambda old: f"{old}\u00a0", lambda old: f"{old}\u200b", lambda old: old.replace(" ", "  "),
                        lambda old: old.replace(" ", "\u00a0"), lambda old: f"{old}.0", lambda old: old[:-1],
                        lambda old: old.replace("0", "O"), lambda old: old.replace("-", "\u2013"),
                        lambda old: old.replace("-", ""), lambda old: old.replace("'", "’"),
                        lambda old: old.replace("&", "and"), lambda old: f"{old}\x0b", lambda old: f"{old}\n",
                        lambda old: old.replace("e", "e\u0301"), lambda old: f"'{old}"))  # fmt: skip
    change(sheet, draw, held(sheet, draw, *WORDS), form)


def wrong_place(sheet, draw):
    column = held(sheet, draw, "Borough", "PlotRef", "PlotName")
    texts = {"Borough": (*AREAS, "Elmvale", "Herts", "NA", "London", "North Quay "),
             "PlotRef": ("G-101", "G-205", "G-605", "G-999", "101", "1.00E+05", "G-1001", "G101", "g-101", "n/a"),
             "PlotName": ("Canal Side 1", "Railway", "Lane End", "Old Orchard 3", "Nowhere")}  # fmt: skip
    if column:
        text = draw.choice(texts[column])
        change(sheet, draw, column, lambda old: text)


def same_id(sheet, draw):
    """One id for several records."""
    column = held(sheet, draw, "EntryNo", "Mail")
    records = sheet.records()
    if column and len(records) > 1:
        text = sheet.cell(draw.choice(records), column)
        for line in draw.sample(records, draw.choice((1, 2))):
            line.cells[sheet.place(column)] = text


def ids_as_numbers(sheet, draw):
    form = draw.choice((lambda old: old[2:].lstrip("0"), lambda old: old[2:], lambda old: f"{old[2:]}.0",
                        lambda old: "1.00E+05", lambda old: old.lower(), lambda old: "test", lambda old: f"TEST {old}",
                        lambda old: "Test1"))  # fmt: skip
    change(sheet, draw, held(sheet, draw, "EntryNo"), form)


# days ------------------------------------------------------------------------------------------------------------


def form_of_days(sheet, draw):
    form = draw.choice(DAYS)

    def new(old):
        try:
            return dt.datetime.strptime(old, DAY).replace(hour=23, minute=30).strftime(form)
        except ValueError:
            return old

    change(sheet, draw, held(sheet, draw, "Day"), new)


def odd_days(sheet, draw):
    text = draw.choice(("44270", "31/02/2021", "01/01/1900", "yesterday", "0000-00-00", "26/03/2012", "26/03/0021",
                        "n/a", "26/13/2021", "32/01/2022", "1/4/2021", "26/03/2021\u200b", "26/3/2021", "26 /03/2021",
                        "٢٦/٠٣/٢٠٢١"))  # fmt: skip
    change(sheet, draw, held(sheet, draw, "Day"), lambda old: text)


def later_days(sheet, draw):
    """A clock that is wrong, or another time zone."""
    days = draw.choice((1, -1, 30, 365, -365))
    sheet.untold.add("Day")

    def new(old):
        try:
            return (dt.datetime.strptime(old, DAY) + dt.timedelta(days=days)).strftime(DAY)
        except ValueError:
            return old

    change(sheet, draw, held(sheet, draw, "Day"), new)


# rows ------------------------------------------------------------------------------------------------------------


def copied(line):
    return Line(list(line.cells), line.origin)


def repeated_rows(sheet, draw):
    for line in some(sheet, draw):
        sheet.lines.insert(draw.choice((len(sheet.lines), draw.randrange(len(sheet.lines) + 1))), copied(line))


def repeated_with_other_answers(sheet, draw):
    for line in draw.sample(sheet.records(), min(2, len(sheet.records()))):
        other = copied(line)
        if draw.random() < 0.5 and sheet.place("EntryNo") is not None:
            other.cells[sheet.place("EntryNo")] += "b"
        for column in draw.sample(coded(sheet), min(3, len(coded(sheet)))):
            other.cells[sheet.place(column)] = sheet.cell(draw.choice(sheet.records()), column)
        sheet.lines.insert(draw.randrange(len(sheet.lines) + 1), other)


def reordered_rows(sheet, draw):
    draw.shuffle(sheet.lines) if draw.random() < 0.5 else sheet.lines.reverse()


def sorted_by_a_column_alone(sheet, draw):
    """A spreadsheet sorted one column and not the others."""
    column = held(sheet, draw)
    place, records = sheet.place(column), sheet.records()
    for line, text in zip(records, sorted(line.cells[place] for line in records), strict=True):
        line.cells[place] = text
    sheet.untold.add(column)


def blank_rows(sheet, draw):
    for _ in range(draw.choice((1, 2, 5))):
        cells = draw.choice(([], [""] * len(sheet.columns), [" "] * len(sheet.columns)))
        at = draw.choice((len(sheet.lines), draw.randrange(len(sheet.lines) + 1)))
        sheet.lines.insert(at, Line(cells, kind=NONE, raw="" if not cells else None))


def totals(sheet, draw):
    word = draw.choice(("Total", "TOTALS", "Sum", "", "Mean", "Grand total", "n"))
    cells = [word, *[""] * (len(sheet.columns) - 1)]
    for column in coded(sheet):
        texts = [sheet.cell(line, column).replace(",", ".") for line in sheet.records()]
        numbers = [
            float(text) for text in texts if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdecimal()
        ]
        cells[sheet.place(column)] = (
            f"{sum(numbers):g}" if word != "Mean" else f"{sum(numbers) / max(len(numbers), 1):.2f}"
        )
    sheet.lines.append(Line(cells, kind=NONE))


def remark_below(sheet, draw):
    text = draw.choice(("End of file", "Exported on 1 March 2022", "* 9 = refused", "198 rows", "Source: diaries"))
    sheet.lines.append(Line([], kind=NONE, raw=text + sheet.delimiter * draw.choice((0, len(sheet.columns) - 1))))


def header_again(sheet, draw):
    at = draw.choice((len(sheet.lines), draw.randrange(len(sheet.lines) + 1)))
    sheet.lines.insert(at, Line(list(sheet.names), kind=NONE))
    if draw.random() < 0.3:
        sheet.lines.extend([copied(line) for line in sheet.records()])


def test_rows(sheet, draw):
    line = copied(draw.choice(sheet.records()))
    column = held(sheet, draw, "EntryNo", "PlotRef", "PlotName", "Borough")
    if column:
        line.cells[sheet.place(column)] = draw.choice(("test", "TEST 1", "Test2", "testing", "Survey preview"))
        line.origin, line.kind = None, NONE
        sheet.lines.insert(draw.randrange(len(sheet.lines) + 1), line)


def rows_of_another_wave(sheet, draw):
    """Records of the next file, pasted below by their place."""
    for cells in draw.sample(sheet.others, min(draw.choice((1, 5, 60)), len(sheet.others))):
        sheet.lines.append(Line([*cells, *[""] * len(sheet.columns)][: len(sheet.columns)], kind="foreign"))


def another_wave(sheet, draw):
    """The file of another wave under this one's name."""
    sheet.lines = [Line([*cells, *[""] * len(sheet.columns)][: len(sheet.columns)], kind="foreign")
                   for cells in sheet.others]  # fmt: skip


# columns ---------------------------------------------------------------------------------------------------------


def renamed(sheet, draw):
    place = draw.randrange(len(sheet.names))
    form = draw.choice((lambda old: f"{old}_1", lambda old: f"q{old}", str.lower, str.upper, lambda old: "",
                        lambda old: old[::-1], lambda old: f"{old} (new)", lambda old: f"{old}x"))  # fmt: skip
    sheet.names[place] = form(sheet.names[place])


def header_spaces(sheet, draw):
    form = draw.choice((lambda old: f" {old}", lambda old: f"{old} ", lambda old: f"{old}\t",
                        lambda old: f"\u00a0{old}"))  # fmt: skip
    sheet.names = [form(name) if draw.random() < 0.5 else name for name in sheet.names]


def header_invisible(sheet, draw):
    place = draw.randrange(len(sheet.names))
    sheet.names[place] = draw.choice(("\ufeff{}", "{}\u200b", "{}\n", "{}\x0b", "\u00ad{}")).format(sheet.names[place])


def moved(sheet, draw):
    place, to = draw.randrange(len(sheet.columns)), draw.randrange(len(sheet.columns))
    width = len(sheet.columns)
    for cells in (sheet.names, sheet.columns, *(line.cells for line in sheet.lines if len(line.cells) == width)):
        cells.insert(to, cells.pop(place))


def lost(sheet, draw):
    place, width = draw.randrange(len(sheet.columns)), len(sheet.columns)
    if width > 2:
        for cells in (sheet.names, sheet.columns, *(line.cells for line in sheet.lines if len(line.cells) == width)):
            del cells[place]


def added(sheet, draw):
    place, width = draw.randrange(len(sheet.columns) + 1), len(sheet.columns)
    name = draw.choice(("Extra", "Notes", "B5", "Unnamed: 0", "", "1", "Helped", "Bel1", "B1", "mail", "_row", "hours"))
    text = draw.choice(("", "x", "1", "3"))
    for line in sheet.lines:
        if len(line.cells) == width:
            line.cells.insert(place, text)
    sheet.names.insert(place, name)
    sheet.columns.insert(place, None)


def doubled(sheet, draw):
    place, width = draw.randrange(len(sheet.columns)), len(sheet.columns)
    for line in sheet.lines:
        if len(line.cells) == width:
            line.cells.append(line.cells[place])
    sheet.names.append(draw.choice(("{}", "{}.1", "{} ", "{}_2")).format(sheet.names[place]))
    sheet.columns.append(None)


def swapped_names(sheet, draw):
    """Two names change places: alike items cannot be told apart."""
    one, other = draw.randrange(len(sheet.names)), draw.randrange(len(sheet.names))
    sheet.names[one], sheet.names[other] = sheet.names[other], sheet.names[one]
    sheet.columns[one], sheet.columns[other] = sheet.columns[other], sheet.columns[one]
    sheet.untold |= {sheet.columns[one], sheet.columns[other]}


def names_shifted(sheet, draw):
    """The header lost a name, and those behind it moved."""
    place = draw.randrange(len(sheet.names))
    for cells in (sheet.names, sheet.columns):
        cells.append(cells.pop(place))
    sheet.untold |= set(sheet.columns[place:])


# the text --------------------------------------------------------------------------------------------------------


def line_ends(sheet, draw):
    sheet.ends, sheet.mixed = draw.choice(("\n", "\r", "\r\n")), draw.random() < 0.3


def byte_order_mark(sheet, draw):
    sheet.mark = not sheet.mark


def encoding(sheet, draw):
    sheet.encoding = draw.choice(("utf-8", "cp1252", "utf-16", "utf-16-le", "latin-1", "mac-roman", "cp850", "utf-32"))


def encoded_twice(sheet, draw):
    for line in sheet.records():
        line.cells = [cell.encode().decode("cp1252", "replace") for cell in line.cells]


def delimiters(sheet, draw):
    sheet.delimiter = draw.choice((",", ";", "\t", "|"))


def excel_line(sheet, draw):
    mark = sheet.delimiter
    sheet.above.insert(0, draw.choice((f"sep={mark}", "Diary export", f"Diary{mark}2021", "", "# made by us")))


def trailing_delimiters(sheet, draw):
    """A delimiter at the end of every line, of the records, or of some."""
    style = draw.choice(("all", "records", "some", "header", "two"))
    if style in ("all", "header"):
        sheet.header_raw = (sheet.header_raw or sheet.written(sheet.names)) + sheet.delimiter
    if style != "header":
        for line in sheet.records():
            if style != "some" or draw.random() < 0.1:
                line.raw = sheet.written(line.cells) + sheet.delimiter * (2 if style == "two" else 1)
                line.origins = (line.origin,)


def quoted(sheet, draw):
    sheet.quote = draw.choice((csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))


def spoil_raw(sheet, draw, form, number=1):
    for line in draw.sample(sheet.records(), min(number, len(sheet.records()))):
        line.raw = form(line)
        line.origins = (line.origin,)


def stray_quotes(sheet, draw):
    place, style = draw.randrange(len(sheet.columns)), draw.choice(("before", "inside", "after", "both"))
    mark = {"before": '"{}', "inside": '{}"x', "after": '{}"', "both": '"{}" '}[style]

    def form(line):
        cells = [sheet.written([cell]) for cell in line.cells]
        cells[min(place, len(cells) - 1)] = mark.format(line.cells[min(place, len(cells) - 1)])
        return sheet.delimiter.join(cells)

    spoil_raw(sheet, draw, form, draw.choice((1, 2, 3)))


def loose_delimiters(sheet, draw):
    """A delimiter inside a text without quotation marks, or one lost."""
    more = draw.random() < 0.5

    def form(line):
        text = sheet.written(line.cells)
        if not more and sheet.delimiter in text:
            return text.replace(sheet.delimiter, draw.choice(("", " ")), 1)
        at = draw.randrange(len(text) + 1)
        return text[:at] + sheet.delimiter + text[at:]

    spoil_raw(sheet, draw, form, draw.choice((1, 2, 8)))


def joined_lines(sheet, draw):
    """The line end between two records is lost."""
    at = draw.randrange(max(len(sheet.lines) - 1, 1))
    if len(sheet.lines) > at + 1 and {line.kind for line in sheet.lines[at : at + 2]} == {"record"}:
        one, other = sheet.lines[at : at + 2]
        if one.raw is None and other.raw is None:
            raw = sheet.written(one.cells) + sheet.written(other.cells)
            sheet.lines[at : at + 2] = [Line([], None, raw=raw, origins=(one.origin, other.origin))]


def broken_lines(sheet, draw):
    """A line end inside a record, without quotation marks or within them."""

    def form(line):
        text = sheet.written(line.cells)
        at = draw.randrange(1, len(text))
        return text[:at] + "\n" + text[at:]

    if draw.random() < 0.5:
        return spoil_raw(sheet, draw, form)
    column = held(sheet, draw, "Remarks", "Who", "PlotName")
    change(sheet, draw, column, lambda old: f"{old}\nand {old}")


def control_characters(sheet, draw):
    mark = draw.choice(("\x00", "\x0b", "\x1f", "\x07", "\x7f", "\x1a", "\x85", "\u2028", "\x1e"))
    column = held(sheet, draw)
    change(sheet, draw, column, lambda old: f"{old}{mark}")


def end_marks(sheet, draw):
    sheet.last = draw.choice((b"\x1a", b"\r\n\r\n", b"\n", b",,,\r\n", b"\x00" * 20, b"\xff", b";;;;\n", b" "))


def cut(sheet, draw):
    """The transfer broke off: nobody can know of what is not there, but half a record is none."""
    if len(sheet.lines) < 2:
        return
    at = draw.randrange(1, len(sheet.lines))
    line = sheet.lines[at]
    text = sheet.written(line.cells) if line.raw is None else line.raw
    text = text[: draw.randrange(len(text) + 1)]
    del sheet.lines[at + 1 :]
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=sheet.delimiter, strict=True), [])
    except csv.Error:
        cells = []
    if len(cells) == len(line.cells) and line.raw is None:
        line.cells = cells
    else:
        line.raw, line.origins = text, (line.origin,)


CELLS = (junk, junk_of_all_kinds, other_form, label_for_code, spoilt_words, emptied, as_another, swapped_cells,
         shifted_cells, shifted_column, filled_down, another_base, turned, decimal_mark, thousands, spelling,
         wrong_place, same_id, ids_as_numbers, form_of_days, odd_days, later_days)  # fmt: skip
ROWS = (repeated_rows, repeated_with_other_answers, reordered_rows, sorted_by_a_column_alone, blank_rows, totals,
        remark_below, header_again, test_rows, rows_of_another_wave, another_wave)  # fmt: skip
COLUMNS = (renamed, header_spaces, header_invisible, moved, lost, added, doubled, swapped_names, names_shifted)
TEXT = (encoded_twice, control_characters, delimiters, quoted, line_ends, byte_order_mark, encoding, excel_line,
        trailing_delimiters, stray_quotes, loose_delimiters, joined_lines, broken_lines, end_marks, cut)  # fmt: skip
#: What a sound reader does not mind.
HARMLESS = frozenset({"line_ends", "reordered_rows", "moved", "quoted"})
OPERATORS = {operator.__name__: operator for operator in (*CELLS, *ROWS, *COLUMNS, *TEXT)}
