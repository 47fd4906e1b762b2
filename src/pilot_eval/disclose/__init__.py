"""Disclose: the one gate between exact numbers and everything published.

In: the part of every rule that makes numbers (exact, private), and the letters of the areas.
Out: ``cells.parquet`` and ``results/ledger.csv`` (rounded, small numbers hidden, areas by letter), and the private
log of what was hidden and why.
"""
