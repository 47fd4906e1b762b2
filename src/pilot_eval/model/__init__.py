"""The model stage: change overall, by role and by area, from mixed models.

In: the analysis table of ``score`` and the plan's outcomes and models.
Out: per model and outcome a part of the ledger, change by area, coefficients, and a record of the fit with the
agreement of an independent second fit.
"""
