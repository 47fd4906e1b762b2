"""The table of contents: the study, eleven stages in the order of the data, and what must exist in the end.

Jobs that all others wait for have priority 2, the longest of the others 1, those for which next to nothing waits -1: so the
last job is a short one.
"""


include: "rules/common.smk"
include: "rules/asked.smk"
include: "rules/register.smk"
include: "rules/ingest.smk"
include: "rules/clean.smk"
include: "rules/link.smk"
include: "rules/score.smk"
include: "rules/describe.smk"
include: "rules/model.smk"
include: "rules/challenge.smk"
include: "rules/disclose.smk"
include: "rules/publish.smk"
include: "rules/verify.smk"
include: "rules/targets.smk"
include: "rules/run.smk"


rule all:
    default_target: True
    input:
        everything(),
        asked_before(),
