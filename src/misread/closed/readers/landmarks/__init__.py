"""Landmarks, as the press report describes it: lengths of a face compared with a database of faces.

Private to `misread.closed`: what reads takes what the renderer made, and nothing else.
"""

from __future__ import annotations

from misread.closed.readers.landmarks.database import Database, database, word_of
from misread.closed.readers.landmarks.measures import MEASURES
from misread.closed.readers.landmarks.read import LOCATED, POINTS, Reading
from misread.closed.readers.landmarks.turn import AWAY

__all__ = ["AWAY", "LOCATED", "MEASURES", "POINTS", "Database", "Reading", "database", "word_of"]
