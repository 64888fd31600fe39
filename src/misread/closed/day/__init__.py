"""One school day of a class of nobody, read by six readers: who sat how, what each said of it, whom the rules flagged.

`shipped` is the day that comes with the product; it needs nothing but the base install. `made` makes one (the extra
`closed`): every face is rendered, read and dropped in one call, and what is kept is words and numbers about heads that
do not exist, and pictures of them.
"""

from __future__ import annotations

from misread.closed.day.model import Day, Face, Flagged, Moment, SaidOf, Sat, shipped

__all__ = ["Day", "Face", "Flagged", "Moment", "SaidOf", "Sat", "shipped"]
