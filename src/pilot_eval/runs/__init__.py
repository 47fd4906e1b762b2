"""One run of the workflow on a study's folder: what must hold before, while and after it goes.

In: the study's folder, the outputs that its rules name, the files that no rule makes. Out: faults of the family RUN;
below ``.snakemake/pilot_eval/`` a lock, checksums of outputs and the faults of failed jobs; and all faults of all files
in ``data/processed/qa/faults.csv``.
"""
