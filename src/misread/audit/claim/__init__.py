"""What a vendor's sentence would mean: `read` it by rules, then `meaning` of it.

What it cannot read it asks about. A sentence is held against arithmetic and the catalogue, never against a guess.
"""

from __future__ import annotations

from misread.audit.claim.meaning import DAY, EXAMPLES, meaning
from misread.audit.claim.model import Choice, Claim, Given, Meaning, Open, Part, Row, Stated, Unclear, bounded, shown
from misread.audit.claim.reading.numbers import share
from misread.audit.claim.reading.read import read
from misread.audit.claim.said import asked, heads, name, row
from misread.audit.claim.told import as_json

__all__ = [
    "DAY",
    "EXAMPLES",
    "Choice",
    "Claim",
    "Given",
    "Meaning",
    "Open",
    "Part",
    "Row",
    "Stated",
    "Unclear",
    "as_json",
    "asked",
    "bounded",
    "heads",
    "meaning",
    "name",
    "read",
    "row",
    "share",
    "shown",
]
