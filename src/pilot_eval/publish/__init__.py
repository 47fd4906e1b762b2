"""Publish: everything that people see, made from disclosed cells only.

In: the disclosed cells of ``hide_cells``, the logs of the stages for the quality pages, the study's words.
Out: ``results/tables``, the workbook, figures, report, area packs, notebooks and ``results/qa``. No number is
computed here; what changes here refits no model.
"""
