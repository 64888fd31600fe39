"""Published figures, each with its citation, and how sure it is; the files are in `data/`."""

from __future__ import annotations

from misread.evidence.entries.load import catalogue, read
from misread.evidence.entries.model import MEANING, STATUSES, Entry, Figure, Matrix, Quantity, Source, Status, plain
from misread.evidence.entries.reference import Reference
from misread.evidence.find import find, number, topics
from misread.evidence.own import matrix, read_study

__all__ = [
    "MEANING",
    "STATUSES",
    "Entry",
    "Figure",
    "Matrix",
    "Quantity",
    "Reference",
    "Source",
    "Status",
    "catalogue",
    "find",
    "matrix",
    "number",
    "plain",
    "read",
    "read_study",
    "topics",
]
