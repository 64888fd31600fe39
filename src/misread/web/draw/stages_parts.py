"""What the stages draw besides the room: faces, hundreds of looks, a row of the profile, a file year by year.

No picture holds text, so that all words are as large as the reader wants them; each stands in a figure that says what
it shows. Those that can be taken away have a name, and say in a line what they show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from misread.web.draw.face import face

ACROSS = 20
"""Dots in a row of a hundred."""
LONG = 720
"""Width of a year in the drawing of a file."""


@dataclass(frozen=True, slots=True)
class Named:
    """A picture that can be taken away.

    Attributes
    ----------
    id : str
        Its name in addresses.
    said : str
        What it shows.
    """

    id: str
    said: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A day with flags in a year of the file.

    Attributes
    ----------
    day : int
        School day, counted from 1.
    wrong, right : int
        How many flags of that day claimed what was not so, and what was so.
    """

    day: int
    wrong: int
    right: int


def portrait(seed: int, state: str, expression: str, *, landmarks: bool = False) -> Markup:
    """A child's head by itself."""
    drawn = face(seed, state, expression, landmarks=landmarks)
    return _svg("-50 -55 100 105", str(drawn), "portrait")


def hundred(marked: float, kind: str, named: Named | None = None) -> Markup:
    """A hundred dots, of which so many are marked; what is less than one is a dot that is marked in part.

    Parameters
    ----------
    marked : float
        How many.
    kind : str
        Class of the marked ones: ``wrong``, ``right`` or ``told``.
    named : Named or None
        If it can be taken away as it is.
    """
    dots = []
    for i in range(100):
        x, y, part = 8 + 16 * (i % ACROSS), 8 + 16 * (i // ACROSS), min(1.0, max(0.0, marked - i))
        dots.append(f'<circle class="none" cx="{x}" cy="{y}" r="6"/>')
        if part >= 0.05:
            dots.append(f'<circle class="{kind}" cx="{x}" cy="{y}" r="{6 * part**0.5:.1f}"/>')
    return _svg(f"0 0 {16 * ACROSS} {16 * 100 // ACROSS}", "".join(dots), "hundred", named=named)


def bar(share: float, *, chosen: bool) -> Markup:
    """A share of one as a bar; the chosen one is dark."""
    width = 200 * share
    inside = (
        f'<rect class="{"bar-chosen" if chosen else "bar-other"}" y="2" width="{max(width, 0.6):.1f}" height="12"/>'
    )
    return _svg("0 0 200 16", f'<path class="axis" d="M0 0V16"/>{inside}', "bar-of-100", stretch=True)


def year(strokes: Sequence[Stroke], days: int) -> Markup:
    """A school year: up, barbed and hatched in colour, days with a wrong flag; down, solid, days with a right one."""
    most = max((max(s.wrong, s.right) for s in strokes), default=1)
    step = LONG / days
    parts = [f'<path class="axis" d="M0 24H{LONG}"/>']
    for s in strokes:
        x = (s.day - 0.5) * step
        if s.wrong:
            top = 24 - 6 - 16 * s.wrong / most
            parts.append(f'<path class="stroke-wrong" d="M{x:.1f} 24V{top:.1f}m-2 3l2 -3l2 3"/>')
        if s.right:
            parts.append(f'<path class="stroke-right" d="M{x:.1f} 26V{26 + 3 + 16 * s.right / most:.1f}"/>')
    return _svg(f"0 0 {LONG} 48", "".join(parts), "year", stretch=True)


def squares(rights: Sequence[bool], named: Named | None = None) -> Markup:
    """Flags in order, each a square: hatched where it claimed what was not so, solid where it was so."""
    across = 10 if len(rights) <= 40 else 25
    parts = [
        f'<rect class="{"right" if right else "wrong"}" x="{2 + 16 * (i % across)}" y="{2 + 16 * (i // across)}" '
        'width="12" height="12" rx="1.5"/>'
        for i, right in enumerate(rights)
    ]
    return _svg(f"0 0 {16 * across} {16 * -(-len(rights) // across)}", "".join(parts), "squares", named=named)


def picked(seed: int, chance: float) -> Markup:
    """A child that is chosen has a ring around it, dashed where lots are drawn; one that is not has none."""
    how = "" if chance <= 0 else "sure" if chance >= 1 else "by-lot"
    ring = f'<circle class="ring {how}" cx="0" cy="0" r="60"/>' if how else ""
    return _svg("-66 -66 132 132", f"{face(seed, '', 'neutral')}{ring}", "picked")


def hidden_face(seed: int, share: float) -> Markup:
    """A child that holds a face of paper before its own: the higher, the more it hides."""
    own = face(seed, "anxious", "neutral")
    lifted = 62 * (1 - share)
    mask = (
        f'<g transform="translate(0 {lifted:.1f})"><path class="mask" d="M-26 -22C-14 -30 14 -30 26 -22'
        'C27 2 16 24 0 24S-27 2 -26 -22Z"/>'
        '<path class="mask-line" d="M-17 -8Q-12 -12 -7 -8M7 -8Q12 -12 17 -8M-8 10H8"/>'
        '<path class="mask-stick" d="M0 24V60"/></g>'
    )
    return _svg("-50 -55 100 105", f"{own}{mask}", "portrait")


def _svg(box: str, inside: str, name: str, *, stretch: bool = False, named: Named | None = None) -> Markup:
    fit = ' preserveAspectRatio="none"' if stretch else ""
    return Markup(f'<svg viewBox="{box}" class="{name}" {opening(named)}{fit}>{inside}</svg>')


def opening(named: Named | None) -> Markup:
    """How a picture is told to those who do not see it: by its name, or not at all where words around it say it."""
    if named is None:
        return Markup('aria-hidden="true" focusable="false"')
    return Markup('id="{}" role="img" aria-label="{}" focusable="false"').format(named.id, named.said)
