"""Link: who answered for which organisation and area, and who answered at more than one wave.

In: identifiers (from ingest, read here alone), cleaned responses, and the registers.
Out: keyed hashes instead of identifiers; each response's organisation, area and role; each respondent's pseudonym over
the waves; dyads of linked organisations; rejects, a review list, match rates. Nobody's name goes further.
"""
