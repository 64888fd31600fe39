"""The report of several deployments, or policies, side by side."""

from __future__ import annotations

from misread.report.studies.comparison.page import render_comparison

__all__ = ["render_comparison"]
