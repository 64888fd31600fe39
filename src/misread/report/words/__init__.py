"""Figures in words: natural frequencies, and intervals in the same words."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from misread.language import gettext as _
from misread.language import mark, ngettext

CAMERAS = mark("the cameras")
"""Who reads the faces where the deployment names nobody else."""

SMALL = (
    mark("no"), mark("one"), mark("two"), mark("three"), mark("four"), mark("five"), mark("six"), mark("seven"),
    mark("eight"), mark("nine"), mark("ten"), mark("eleven"), mark("twelve"),
)  # fmt: skip


class Measured(Protocol):
    """What has a value and an interval, such as a finding."""

    @property
    def value(self) -> float | None: ...  # noqa: D102
    @property
    def low(self) -> float | None: ...  # noqa: D102
    @property
    def high(self) -> float | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Band:
    """A value with its interval.

    Attributes
    ----------
    value : float
        The estimate.
    low, high : float or None
        Ends of its 95 % interval, both None where there is none.
    why : str
        Why there is none, where the finding says so.
    """

    value: float
    low: float | None = None
    high: float | None = None
    why: str = ""

    @classmethod
    def of(cls, finding: Measured | None) -> Band | None:
        """The band of a finding; None where there is no finding or its value is null."""
        if finding is None or finding.value is None:
            return None
        if finding.low is None or finding.high is None:
            said = re.search("no interval: (.*)", getattr(finding, "method", ""))
            return cls(finding.value, why=said[1] if said else "")
        return cls(finding.value, finding.low, finding.high)

    @property
    def ends(self) -> tuple[float, float] | None:
        """Both ends of the interval, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def outside(self) -> bool:
        """Whether the value at the figures as stated lies outside the interval around them."""
        return self.ends is not None and not self.ends[0] <= self.value <= self.ends[1]

    def complement(self) -> Band:
        """The band of 1 − value: the share of the others."""
        if self.ends is None:
            return replace(self, value=1 - self.value)
        return Band(1 - self.value, 1 - self.ends[1], 1 - self.ends[0])

    def times(self, factor: float) -> Band:
        """The band of the value multiplied by a positive number."""
        if self.ends is None:
            return replace(self, value=self.value * factor)
        return Band(self.value * factor, self.ends[0] * factor, self.ends[1] * factor)


def half_up(x: float) -> int:
    """The nearest whole number, halves upwards."""
    return math.floor(x + 0.5)


def amount(x: float, *, signed: bool = False) -> str:
    """A quantity for readers: no more digits than they need.

    Parameters
    ----------
    x : float
        The quantity.
    signed : bool
        Whether it is a change, so that a plus stands before what is more than nothing.
    """
    size = abs(x)
    if size == 0:
        return "0"
    sign = "−" if x < 0 else "+" if signed else ""
    return sign + _amount(size)


def _amount(size: float) -> str:
    if size >= 9.95:
        return f"{half_up(size):,}"
    if size >= 0.995:
        return f"{size:.1f}"
    if size >= 0.0995:
        return f"{size:.2f}"
    digits = f"{size:.1g}"
    return f"{float(digits):.{-math.floor(math.log10(float(digits)))}f}" if size >= 1e-6 else digits


def exact(x: float | None) -> str:
    """A number for the tables of the engineer: six significant digits; a dash for a null."""
    if x is None:
        return "–"
    return f"{x:,.0f}" if abs(x) >= 1e6 and x == int(x) else f"{x:.6g}"


def count(n: int) -> str:
    """A whole number: a word up to twelve, then figures."""
    return _(SMALL[n]) if 0 <= n < len(SMALL) else f"{n:,}"


def base(p: float) -> int:
    """Of how many to count so that a share is neither none nor all of them: ten, 100 or 1,000."""
    for of, least in ((10, 0.05), (100, 0.005)):
        if least <= p < 1 - least or p in (0, 1):
            return of
    return 1000


def tally(p: float, of: int) -> str:
    """How many of so many, in words: “seven”, “fewer than one”, “nearly all ten”."""
    if p <= 0:
        return _("none")
    if p >= 1:
        return _("all %(n)s", n=count(of))
    n = half_up(p * of)
    if n == 0:
        return _("fewer than one")
    if n == of:
        return _("nearly all %(n)s", n=count(of))
    return count(n)


def tally_range(low: float, high: float, of: int) -> str:
    """An interval in the words of `tally`: “between six and nine”, “eight or more”."""
    a, b = half_up(low * of), half_up(high * of)
    if a <= 0 and b >= of:
        return _("anything from %(low)s to %(high)s", low=tally(low, of), high=tally(high, of))
    if a == b:
        return tally(high if a == 0 else low, of)
    if a <= 0:
        return _("%(n)s at most", n=count(b))
    if b >= of:
        return _("%(n)s or more", n=count(a))
    return _("between %(low)s and %(high)s", low=count(a), high=count(b))


def upper_first(text: str) -> str:
    """The text with its first letter as at the start of a sentence."""
    return text[:1].upper() + text[1:]


def interval_sentence(band: Band, of: int) -> str:
    """What the interval leaves open about a share, as one sentence in the headline's words."""
    if band.ends is None:
        return no_interval(band)
    said, counted = tally(band.value, of), tally_range(*band.ends, of)
    if band.outside:
        stated = _(
            "That is %(said)s with the published figures taken as they stand; with their uncertainty counted it "
            "is %(counted)s."
        )
        return stated % {"said": said, "counted": counted}
    if counted == said:
        return _("Hardly more or fewer, given what is known: %(range)s.", range=_close(band))
    return upper_first(_("%(counted)s, given what is known.", counted=counted))


def _close(band: Band) -> str:
    low, high = (amount(100 * e) for e in band.ends or ())
    if low == high:
        return _("%(n)s of 100 throughout the interval", n=low)
    return _("%(low)s to %(high)s of 100", low=low, high=high)


def tally_brackets(band: Band, of: int) -> str:
    """The interval of a tally, in brackets after it; empty where there is none, or it says no more."""
    if band.ends is None:
        return ""
    said, counted = tally(band.value, of), tally_range(*band.ends, of)
    if band.outside:
        return f" ({_counted(counted)})"
    if counted != said:
        return f" ({counted})"
    return f" ({_close(band)})" if of == 10 and band.ends != (band.value, band.value) else ""


def span(band: Band) -> str:
    """An interval as a phrase for below a number: “between 17 and 26”; empty where there is none."""
    if band.ends is None:
        return ""
    low, high = map(amount, band.ends)
    return _between(low, high, band, amount(band.value) in (low, high))


def share_span(band: Band) -> str:
    """The interval of a share as numbers of 100: whole ones where they tell its ends apart."""
    if band.ends is None:
        return ""
    ends = [100 * min(1.0, max(0.0, e)) for e in band.ends]
    low, high = map(half_up, ends)
    value = half_up(100 * band.value)
    if low == high != value:
        return _between(f"{ends[0]:.1f}", f"{ends[1]:.1f}", band)
    return _between(str(low), str(high), band, low <= value <= high)


def _between(low: str, high: str, band: Band, hidden: bool = False) -> str:
    """An interval; it is said where the value lies outside it, unless rounding hides that."""
    if low == high:
        said = _("%(n)s throughout the interval", n=low)
    else:
        said = _("between %(low)s and %(high)s", low=low, high=high)
    return _counted(said) if band.outside and not hidden else said


def _counted(said: str) -> str:
    return _("%(range)s, uncertainty counted", range=said)


def no_interval(band: Band | None) -> str:
    """Why a figure has no interval, as a sentence; empty where it has one."""
    if band is None or band.ends is not None:
        return ""
    why = band.why or mark("nothing states how uncertain the figures behind it are")
    return _("Without an interval: %(why)s.", why=_(why))


def brackets(band: Band) -> str:
    """The interval in brackets, for the middle of a sentence; empty where there is none."""
    return "" if band.ends is None else f" ({span(band)})"


def children(p: float) -> str:
    """How many children, as the subject of a sentence: “Nearly every child”, “23 of 100 children”."""
    if p <= 0:
        return _("No child")
    if p >= 1:
        return _("Every child")
    if p >= 0.9995:
        return _("More than 999 of 1,000 children")
    if p >= 0.985:
        return _("Nearly every child")
    if p >= 0.005:
        return ngettext("One child in 100", "%(n)s of 100 children", half_up(100 * p))
    if p >= 0.0005:
        return ngettext("One child in 1,000", "%(n)s of 1,000 children", half_up(1000 * p))
    return _("Fewer than one child in 1,000")


def listing(items: tuple[str, ...] | list[str], last: Literal["or", "and"] = "or") -> str:
    """“a”, “a or b”, “a, b or c”."""
    if len(items) < 2:
        return "".join(items)
    said = _("%(those)s and %(last)s") if last == "and" else _("%(those)s or %(last)s")
    return said % {"those": ", ".join(items[:-1]), "last": items[-1]}


def plural(n: float, noun: str, many: str = "") -> str:
    """“1 school”, “967 schools”."""
    shown = f"{n:,}" if isinstance(n, int) else amount(n)
    return f"{shown} {noun if shown == '1' else many or noun + 's'}"


def every(seconds: float) -> str:
    """How often the camera looks: “every 5 minutes”, “every 90 seconds”, “every second”."""
    if seconds % 60 == 0:
        return ngettext("every minute", "every %(n)s minutes", int(seconds // 60))
    if seconds == 1:
        return _("every second")
    return _("every %(n)s seconds", n=f"{seconds:g}")


def lasting(seconds: float) -> str:
    """What lies between two looks: “5 minutes”, “90 seconds”, “second”."""
    if seconds % 60 == 0:
        return ngettext("minute", "%(n)s minutes", int(seconds // 60))
    if seconds == 1:
        return _("second")
    return _("%(n)s seconds", n=f"{seconds:g}")
