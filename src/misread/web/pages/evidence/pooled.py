"""What several studies say together: each as a dot with its interval, and the pooled share below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from misread.evidence.pooling.pool import Pooled, pool, wilson
from misread.evidence.pooling.studies import QUANTITIES, studies
from misread.language import gettext as _
from misread.language import ngettext
from misread.report.words import half_up

NAMES = tuple(QUANTITIES)
"""Quantities that several studies measured."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One line of the plot.

    Attributes
    ----------
    id : str
        The entry; empty for what all say together.
    who : str
        The study in short, and who was looked at.
    at, low, high : float
        Share and interval, of 100.
    said : str
        The same in words.
    pooled : bool
        Whether it is what all say together.
    """

    id: str
    who: str
    at: float
    low: float
    high: float
    said: str
    pooled: bool = False


@dataclass(frozen=True, slots=True)
class Forest:
    """A plot: what is pooled, the answer, the lines, how the studies differ, how sure it is, and the command.

    `quantity` and `differs` are the evidence's own words, in English.
    """

    name: str
    quantity: str
    sentence: str
    dots: tuple[Dot, ...]
    differs: str
    predicted: str
    status: str
    command: str


@lru_cache(maxsize=32)
def forest(name: str) -> Forest:
    """The plot of a named quantity.

    Raises
    ------
    MisreadError
        If what pools is not installed.
    """
    named = QUANTITIES[name]
    found = pool(studies(named.refs))
    dots = [
        _dot(s.id, f"{s.short}: {s.population or s.what}", s.share, *wilson(s.share, s.units)) for s in found.studies
    ]
    together = _dot("", _("all together"), found.share, found.low, found.high, pooled=True)
    return Forest(
        name=name,
        quantity=named.quantity,
        sentence=ngettext(
            "%(what)s: %(said)s, by one study.",
            "%(what)s: %(said)s, by %(n)s studies together.",
            len(dots),
            what=named.quantity,
            said=together.said,
        ),
        dots=(*dots, together),
        differs=named.differs,
        predicted=_predicted(found),
        status=found.status,
        command=f"misread evidence pool {name}",
    )


def _dot(id: str, who: str, share: float, low: float, high: float, *, pooled: bool = False) -> Dot:
    a, b, c = (100 * x for x in (share, low, high))
    said = _("%(n)s of 100 (between %(low)s and %(high)s)", n=half_up(a), low=half_up(b), high=half_up(c))
    return Dot(id, who, a, b, c, said, pooled)


def _predicted(found: Pooled) -> str:
    if found.predicted is None:
        return _("Two studies do not tell where a third would lie.")
    low, high = (half_up(100 * x) for x in found.predicted)
    return _("Another such study could lie anywhere between %(low)s and %(high)s of 100.", low=low, high=high)
