"""Readers of delivered files, used by ``register``, ``ingest`` and the commands.

In: the path of a delivery and how it is laid out (as declared in ``sources.csv``, or found in the file).
Out: one :class:`Delivered`: every cell as text exactly as delivered, with its physical row, the rows that cannot be
used, what the file says of its variables, and the faults. Nothing here knows a codebook; no pandas.
"""
