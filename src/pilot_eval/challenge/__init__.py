"""The challenge stage: does the estimated change stand?

In: the analysis table of ``score``, the plan's primary models, and the parts of ``model``.
Out: parts of the ledger and exact tables: the same change on matched respondents only, with each area left out in turn,
and tests adjusted for their number.
"""
