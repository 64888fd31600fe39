"""One micro-expression, filmed at 25 frames a second: which frames hold it, and what readers say of them.

`shipped` is the one that comes with the product; it needs nothing but the base install. `misread.closed.micro.make`
makes one (the extra `closed`): faces of nobody, rendered at the pixels that a seat has, read and dropped.
"""

from __future__ import annotations

from misread.closed.micro.model import Film, Frame, Micro, View, shipped

__all__ = ["Film", "Frame", "Micro", "View", "shipped"]
