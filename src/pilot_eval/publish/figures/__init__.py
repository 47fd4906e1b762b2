"""One module per figure: each draws disclosed cells and says in words what it shows.

In: :class:`pilot_eval.publish.lookup.Lookup` and the study's words (``printed.DRAWN``).
Out: :class:`pilot_eval.publish.figures.style.Drawing`.
"""
