"""Heads of nobody: a mesh from a seed, at an age, with an expression, a gaze and a turn.

Head and neck out of CC0 data (see `data/README.md`); everything below the collar was left out before it came here.

>>> from misread.closed.heads import expression, head
>>> smiling = head(3, age=9, weights=expression("happy"), turn=(20.0, 0.0, 0.0))
>>> smiling.points["left mouth corner"].shape
(3,)
"""

from __future__ import annotations

from misread.closed.heads.drawn.hair import STYLES
from misread.closed.heads.drawn.worn import WEARABLE
from misread.closed.heads.identity import SEEDS, Person, person, with_skin
from misread.closed.heads.marks import landmarks
from misread.closed.heads.pose import EXPRESSIONS, GATED, UNITS, Recipe, expression, unit
from misread.closed.heads.whole import MATERIALS, PAINTED, Head, head, points

__all__ = [
    "EXPRESSIONS",
    "GATED",
    "MATERIALS",
    "PAINTED",
    "SEEDS",
    "STYLES",
    "UNITS",
    "WEARABLE",
    "Head",
    "Person",
    "Recipe",
    "expression",
    "head",
    "landmarks",
    "person",
    "points",
    "unit",
    "with_skin",
]
