"""Change between waves as an estimand: what ``describe``, ``model`` and ``challenge`` mean by it.

In: the analysis table, an outcome, a planned formula. Out: the rows that speak to the outcome, the formula that these
rows can bear, and the contrasts of its coefficients that are the change (marginal standardisation). Knows no stage.
"""
