"""Register: the study's authority tables.

In: the study's areas, and the delivered registers of organisations, groups, links and predecessors; the delivered
ratings and attendance.
Out: areas with their public letters and every spelling that means them; organisations, groups, links and predecessors
with unique keys and no reference to nothing; ratings and attendance by area.
"""
