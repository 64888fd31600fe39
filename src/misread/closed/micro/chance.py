"""How likely a look is to fall on a movement at all: `misread.study.micro`, on the lengths that are filmed here."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from misread.closed.micro.model import Micro
from misread.study.micro import touched


def on_a_look(micro: Micro) -> Mapping[int, float]:
    """P(a movement falls on a look), by how many frames it lasts: d/Δ, where a look is an instant.

    The movement begins at any time, and the deployment's camera looks every Δ seconds.
    """
    lengths = sorted({film.lasts for view in micro.views for film in view.films})
    every = Fraction(str(micro.look_every))
    return {lasts: touched(Fraction(lasts, micro.per_second), every) for lasts in lengths}
