"""The study as typed configuration.

In: ``config/study.yaml``, ``sources.csv``, ``codebook/*.csv``, ``scales.yaml``, ``models.yaml``, ``claims.csv``,
``good_practice/*.md``. Out: one frozen :class:`Study`, or every fault of every file at once. Imports no pandas.
"""

from pilot_eval.study.load import Study, load_study

__all__ = ["Study", "load_study"]
