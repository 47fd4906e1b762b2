"""Clean: the codebook applied to one delivery.

In: the answers of a file exactly as delivered and its own metadata (ingest), and the instrument's codebook.
Out: one row a response, canonical names and codes, every changed cell in a change log, every missing cell with its
kind, every dropped row in a rejects table with the reason; rows in = rows out + rejects.
"""
