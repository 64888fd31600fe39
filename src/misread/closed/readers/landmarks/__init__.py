"""Landmarks, as the press report describes it: lengths of a face compared with a database of faces.

Private to `misread.closed`: it reads landmarks of made-up heads, projected into the picture of a seat.
"""

from __future__ import annotations

from misread.closed.readers.landmarks.database import Database, database, word_of
from misread.closed.readers.landmarks.measures import LANDMARKS, MEASURES, measured
from misread.closed.readers.landmarks.read import LOCATED, Reading, read
from misread.closed.readers.landmarks.turn import AWAY, TURNING, turned

__all__ = [
    "AWAY",
    "LANDMARKS",
    "LOCATED",
    "MEASURES",
    "TURNING",
    "Database",
    "Reading",
    "database",
    "measured",
    "read",
    "turned",
    "word_of",
]
