"""Published figures, each with its citation, and how sure it is; the files are in `data/`."""

from __future__ import annotations

from misread.evidence.find import find, topics
from misread.evidence.load import catalogue, matrix, read
from misread.evidence.model import MEANING, STATUSES, Entry, Figure, Matrix, Quantity, Source, Status, plain

__all__ = [
    "MEANING",
    "STATUSES",
    "Entry",
    "Figure",
    "Matrix",
    "Quantity",
    "Source",
    "Status",
    "catalogue",
    "find",
    "matrix",
    "plain",
    "read",
    "topics",
]
