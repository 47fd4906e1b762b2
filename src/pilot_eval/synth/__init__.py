"""The synthetic study: delivered files, and new draws of the same study, from ``config/truth.yaml`` and a seed.

In: a validated study and its truth file. Out: ``data/raw/*``, ``config/sources.csv``, ``config/truth_observed.csv``;
:func:`pilot_eval.synth.draw.draw_study` gives analysis-like frames for benchmarks. Imports no stage.
"""
