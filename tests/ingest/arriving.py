"""A study of one questionnaire, and a file that arrives for it."""

import csv
import io

STUDY = """\
title: A questionnaire
short_title: A questionnaire
geography: Two areas
period: "2016"
organisation: The tests of pilot_eval
synthetic: true
seed: 1
waves:
  - {id: before, label: Before, start: 2016-01-01, end: 2016-04-30, months: 0}
  - {id: after, label: After, start: 2016-06-01, end: 2016-07-31, months: 6}
roles: [{id: staff, label: Staff}]
instruments: [{id: form, label: Questionnaire, role: staff}]
areas: [Elm Vale, Tor Hill, {code: na, name: NA}]
label_sets: {often: {1: Never, 2: Seldom, 3: Now and then, 4: Often, 5: Always}}
disclosure: {because: Nobody is behind these data.}
"""
SCALES = "scales: {talk: {label: Talk, items: [q1, q2], minimum: 1, low: 1, high: 5}}\n"
PLAN = """\
outcomes: {talk: {label: Talk, scale: talk, unit: points, headline: true, because: It is.}}
models: {change: {label: Change, formula: "{outcome} ~ wave + (1 | area)", because: Short.}}
"""
CODEBOOK = """\
item,label,type,use,name,labels,missing,low,high
response,Number of the response,text,response,id,,,,
school,Name of the school,text,attribute,school,,,,
borough,Area,text,area,area,,,,
day,Day of the answer,date,completed,day,,,2016-01-01,2016-12-31
q1,How often do you talk?,likert,answer,q1,@often,8=dont_know|9=refused,,
q2,How often do you write?,likert,answer,q2,@often,8=dont_know|9=refused,,
wait,Weeks of waiting,number,answer,wait,,,0,60
referrals,Referrals,count,answer,referrals,,,0,5000
comments,Anything else,text,free_text,comments,,,,
"""
HEADER = "id,school,area,day,q1,q2,wait,referrals,comments"
ROWS = tuple(
    f"S{n:04d},School {n},{'Elm Vale' if n % 2 else 'Tor Hill'},2016-02-{n:02d},{n % 5 + 1},{n % 3 + 2},{n}.5,{n + 10},"
    for n in range(1, 25)
)


def text_of(*rows, header=HEADER, end="\n", last="\n"):
    """A delivered text: its header, its records, its line ends."""
    return end.join([header, *rows]) + last


class Arrived:
    """What ``inspect --as --json`` says of a file."""

    def __init__(self, status, told):
        self.status, self.told = status, told
        self.faults = [(fault["id"], fault["severity"], fault["row"], fault["column"]) for fault in told["faults"]]

    def only(self):
        """The one fault."""
        (fault,) = self.told["faults"]
        return fault

    def of(self, kind):
        """The one fault of a kind."""
        (fault,) = [fault for fault in self.told["faults"] if fault["id"] == kind]
        return fault


def write_entries(study, *entries):
    """Writes ``sources.csv``."""
    stream = io.StringIO()
    names = list(dict.fromkeys(name for entry in entries for name in entry))
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries)
    (study / "config/sources.csv").write_text(stream.getvalue(), encoding="utf-8")
