"""The report of an audit: what a classifier gets wrong, for whom, and how sure that is."""

from misread.report.audit.page import body, render, told

__all__ = ["body", "render", "told"]
