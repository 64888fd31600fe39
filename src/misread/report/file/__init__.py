"""A made-up child's file: what the system would hold, how systems write it out, and the truth beside it."""

from misread.report.file.entries import ChildFile, Entry, Kind, Timetable, child_file, decided_on
from misread.report.file.layouts import LAYOUTS, Layout, layout_of
from misread.report.file.layouts.writers import export
from misread.report.file.truth import Truth, twin_json

__all__ = [
    "LAYOUTS",
    "ChildFile",
    "Entry",
    "Kind",
    "Layout",
    "Timetable",
    "Truth",
    "child_file",
    "decided_on",
    "export",
    "layout_of",
    "twin_json",
]
