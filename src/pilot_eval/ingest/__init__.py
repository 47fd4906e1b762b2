"""Ingest: one delivered survey file at a time.

In: a file below ``data/raw/``, its line of ``sources.csv``, the columns that its codebook names.
Out: answers exactly as delivered (with file, physical row and row id), identifiers apart from them (which ``link``
alone reads), the file's own description of its variables, the rows that could not be used, and a receipt whose
counts add up.
"""
