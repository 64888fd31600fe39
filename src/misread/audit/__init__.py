"""A model's answers on labelled faces, counted in one pass; every statistic is made from the counts.

Only aggregates stay: no row about a person is in anything that is written. The folder can be called, as
`misread.audit(frame, truth=…, prediction=…)`; `misread.audit.table` and the others are its parts.
"""
