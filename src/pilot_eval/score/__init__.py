"""Score: from items to the analysis table.

In: cleaned responses, their places and respondents (link), the register of organisations, the scales of the study.
Out: one row a respondent and wave with items, attributes and composite scores; the balance of rows over all stages;
how reliable the composites are.
"""
