"""The report: what a run found, as one HTML file for a parent first and an engineer after."""

from __future__ import annotations

from misread.report.comparison import render_comparison
from misread.report.page import render
from misread.report.sources import Parameter

__all__ = ["Parameter", "render", "render_comparison"]
