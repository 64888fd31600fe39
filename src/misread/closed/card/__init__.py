"""The card: what happens to a reader's answer when only this changes, beside controls that change nothing.

`shipped` gives the card that ships; it needs neither renderer nor networks. `made.make` makes one.
"""

from __future__ import annotations

from misread.closed.card.model import FORMAT, SAYS, Card, shipped

__all__ = ["FORMAT", "SAYS", "Card", "shipped"]
