"""A model's answers on labelled faces, counted in one pass; every statistic is made from the counts.

Only aggregates stay: no row about a person is in anything that is written.
"""
