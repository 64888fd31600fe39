"""What stands beside every picture here: what it assumes, what chance does to it, why it has no interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from misread.findings.table import Finding
from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.report.words import Band, amount, listing, no_interval
from misread.report.words.sources import KINDS, Evidence, Ground

Row = tuple[str, Finding]
"""A line of a picture's table: what it is about, and the finding."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What the deployment's own figures about something rest on.

    Attributes
    ----------
    words : str
        In one sentence.
    evidence : tuple of Evidence
        Published figures that are named beside them.
    """

    words: str
    evidence: tuple[Evidence, ...] = ()


def stated(parts: Iterable[Ground], about: str, *starts: str) -> Stated:
    """What some figures of the deployment rest on.

    Parameters
    ----------
    parts : iterable of Ground
        All parts of the deployment.
    about : str
        What they say something of, in words.
    *starts : str
        How their keys begin, such as ``"situations"``.
    """
    rows = [p for part in parts for p in part.parameters if p.key.startswith(starts) and p.kind != "names"]
    if not rows:
        return Stated(_("Where the figures about %(what)s come from, the deployment does not say.", what=about))
    kinds = [p.kind for p in rows]
    there = [(kind, said) for kind, said in KINDS.items() if kind in kinds]
    evidence = {e.id: e for p in rows for e in p.source.evidence}
    if len(there) == 1:
        one = len(rows) == 1
        how = _("it is %(how)s", how=_(there[0][1])) if one else _("all %(how)s", how=_(there[0][1]))
    else:
        each = [_("%(n)s %(how)s", n=f"{kinds.count(kind):,}", how=_(said)) for kind, said in there]
        how = listing(each, "and")
    many = f"{len(rows):,}"
    said = ngettext(
        "The deployment states %(many)s figure about %(what)s: %(how)s.",
        "The deployment states %(many)s figures about %(what)s: %(how)s.",
        len(rows),
        many=many,
        what=about,
        how=how,
    )
    return Stated(said, tuple(evidence[k] for k in sorted(evidence)))


def chance(rows: Iterable[Finding], times: float = 1.0, unit: str = "") -> str:
    """How far the figures may be off because pupils were sampled; empty where none was.

    Parameters
    ----------
    rows : iterable of Finding
        Findings that are shown.
    times : float
        What their values are multiplied by to be shown.
    unit : str
        Of what they are shown in, such as ``" of 100"``.
    """
    valued = [f for f in rows if f.value is not None]
    drawn = [f for f in valued if f.n is not None]
    if not drawn:
        return ""
    pupils = max(f.n or 0 for f in drawn)
    whole = len(drawn) == len(valued)
    on = ngettext("%(many)s made-up child", "%(many)s made-up children", pupils, many=f"{pupils:,}")
    errors = sorted(times * f.se for f in drawn if f.se)
    if not errors:
        return _(_UNTOLD[whole], on=on)
    low, high = _rough(errors[0]), _rough(errors[-1])
    which = _("one standard error") if low == high else _("the largest of their standard errors")
    apart = _(", apart from what the interval leaves open") if any(f.low is not None for f in drawn) else ""
    return _(_MOVES[whole], on=on, by=f"{high}{unit}", which=which, apart=apart)


_UNTOLD = (
    mark(
        "What takes samples was counted on %(on)s; how far other children would move the figures cannot be told from "
        "these."
    ),
    mark("Counted on %(on)s; how far other children would move the figures cannot be told from these."),
)
_MOVES = (
    mark(
        "What takes samples was counted on %(on)s. Counted on as many others, the figures would differ by about "
        "%(by)s (%(which)s)%(apart)s."
    ),
    mark("Counted on %(on)s. On as many others the figures would differ by about %(by)s (%(which)s)%(apart)s."),
)
"""Where some of it takes samples, and where all does."""


def _rough(error: float) -> str:
    """A standard error to one digit, as far as it is known."""
    return f"{error:.1f}" if 0.0995 <= error < 0.95 else amount(error)


def without(rows: Sequence[Finding]) -> str:
    """Why figures have no interval, where none of them has one; empty otherwise."""
    bands = [band for f in rows if (band := Band.of(f)) is not None]
    if not bands or any(b.ends is not None for b in bands):
        return ""
    return no_interval(bands[0])
