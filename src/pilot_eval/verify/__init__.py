"""Verify: does this run say what the release says?

In: the ledger, tables and figure data of this run, the frozen release in ``published/``, numbers published elsewhere.
Out: ``results/verify`` (every published number: equal, differs, missing, new), ``results/manifest.json`` and
``results/index.html``, the way in.
"""
