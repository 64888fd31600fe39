"""The faces of a worksheet as one picture, for a slide or a board of one's own."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from misread.language import gettext as _
from misread.web.draw.sheet import WIDTH, inset, sheet, tag, words
from misread.web.pages.lessons.cards import Card

ACROSS = 4
"""Faces in a row."""


def faces(cards: Sequence[Card], *, answers: bool) -> Markup:
    """Faces with their letters.

    Parameters
    ----------
    cards : sequence of Card
        Which.
    answers : bool
        Whether it says what each child felt and what was written down.
    """
    tall = 240 if answers else 185
    said = _("What may each child feel?")
    if answers:
        said = _("What each child felt, and below it what was written down")
    rows = -(-len(cards) // ACROSS)
    parts = [
        _face(card, WIDTH / ACROSS * (i % ACROSS + 0.5), tall * (i // ACROSS), answers) for i, card in enumerate(cards)
    ]
    return sheet(said, tall * rows, parts)


def _face(card: Card, x: float, y: float, answers: bool) -> str:
    drawn = inset(f'<svg viewBox="-46 -56 92 106" overflow="visible">{card.drawn}</svg>', x - 65, y + 20, 130, 150)
    letter = words(x - 80, y + 24, card.letter, size=24, bold=True)
    if not answers:
        return letter + drawn
    return (
        letter
        + drawn
        + words(x, y + 192, card.state, size=16, anchor="middle")
        + tag(x, y + 222, card.label, card.judged)
    )
