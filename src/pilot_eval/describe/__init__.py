"""The describe stage: who answered, and what they said, before any model.

In: the analysis table of ``score``, registers, dyads and ratings.
Out: one part of the ledger per rule: participant flow, response and attrition, items, paired and unpaired comparisons
of waves, both sides of dyads, ratings of areas.
"""
