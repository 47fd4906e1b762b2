"""The one script of every rule: hands the job to pilot_eval.step."""

from pilot_eval.step import run

run(snakemake)  # noqa: F821 (Snakemake puts it there)
