"""Words and drawings on one sheet: what stands on a page as a list or a table, drawn to be taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap

from markupsafe import Markup, escape

WIDTH = 720.0
"""Of every sheet."""
SIZE = 15.0
"""Of its letters, if nothing else is said."""
LINE = 1.3
"""Height of a line in letter sizes."""
LETTER = 0.52
"""Width of a letter by its size, on average and rather too wide."""


SIGNS = {"wrong": "M.12 .1L.88 .9M.88 .1L.12 .9", "right": "M.05 .55L.4 .9L.95 .1"}
"""A cross and a tick, one unit wide and high."""
CARDS = {"wrong": "wrong", "right": "card-right", "quiet": "card-plain", "unseen": "card-unseen"}
"""Of each label, by what it comes to, the class of its card."""


def words(
    x: float, y: float, said: str, *, size: float = SIZE, bold: bool = False, anchor: str = "start", kind: str = ""
) -> str:
    """A line of text.

    Parameters
    ----------
    x, y : float
        Where its base line begins, has its middle or ends.
    said : str
        The words.
    size : float
        Of the letters.
    bold : bool
        Whether it is written so.
    anchor : {"start", "middle", "end"}
        What of it is at `x`.
    kind : {"", "quiet", "of-wrong", "of-right"}
        Its colour.
    """
    return (
        f'<text class="in-picture {kind}" x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" '
        f'font-weight="{700 if bold else 400}" text-anchor="{anchor}">{escape(said)}</text>'
    )


def lines(said: str, width: float, size: float = SIZE) -> list[str]:
    """Words in lines that are not wider."""
    return wrap(said, max(4, int(width / (LETTER * size))))


def block(x: float, y: float, said: str, width: float, *, size: float = SIZE, bold: bool = False) -> tuple[str, float]:
    """Words in as many lines as they need.

    Parameters
    ----------
    x, y : float
        Where the first base line begins.
    said : str
        The words.
    width : float
        No line is wider.
    size, bold
        As in `words`.

    Returns
    -------
    tuple of (str, float)
        What is drawn, and the base line of what may come next.
    """
    written, step = lines(said, width, size), LINE * size
    drawn = "".join(words(x, y + i * step, line, size=size, bold=bold) for i, line in enumerate(written))
    return drawn, y + len(written) * step


def inset(svg: str, x: float, y: float, width: float, height: float) -> str:
    """A drawing at a place of the sheet, as large as that."""
    return str(svg).replace("<svg ", f'<svg x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" ', 1)


def tag(x: float, y: float, said: str, judged: str, *, size: float = SIZE) -> str:
    """A label on its card, the middle of its base line at (x, y); hatched and crossed where it is wrong.

    Parameters
    ----------
    x, y : float
        Where.
    said : str
        The label.
    judged : str
        ``"wrong"``, ``"right"``, ``"quiet"`` or ``"unseen"``.
    size : float
        Of the letters.
    """
    sign = SIGNS.get(judged, "")
    before = 1.25 * size if sign else 0.0
    wide = LETTER * size * len(said) + before + 14
    left, top, tall = x - wide / 2, y - 1.15 * size, 1.6 * size
    frame = (
        f'<rect class="{CARDS[judged]}" x="{_n(left)}" y="{_n(top)}" width="{_n(wide)}" height="{_n(tall)}" rx="2"/>'
    )
    if judged == "wrong":
        inner = f'x="{_n(left + 4)}" y="{_n(top + 3)}" width="{_n(wide - 8)}" height="{_n(tall - 6)}"'
        frame += f'<rect class="card-ground" {inner}/>'
    if sign:
        # Drawn, not written: few letters have these signs.
        at = f"translate({_n(left + 8)} {_n(y - 0.72 * size)}) scale({_n(0.72 * size)})"
        frame += f'<path class="{judged}-sign" transform="{at}" d="{sign}"/>'
    return frame + words(x + before / 2, y, said, size=size, bold=bool(sign), anchor="middle", kind=f"of-{judged}")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """A table as its words and numbers alone, for those who take it into a spreadsheet."""

    def row(cells: Sequence[object], kind: str) -> str:
        return f"<tr>{''.join(f'<{kind}>{escape(cell)}</{kind}>' for cell in cells)}</tr>"

    return Markup(f"<table>{row(head, 'th')}{''.join(row(cells, 'td') for cells in rows)}</table>")


def sheet(said: str, height: float, parts: Iterable[str], *, width: float = WIDTH) -> Markup:
    """All of it as one picture.

    Parameters
    ----------
    said : str
        What it shows: its title once it stands alone.
    height, width : float
        How large it is.
    parts : iterable of str
        What is drawn.
    """
    return Markup(
        f'<svg viewBox="0 0 {_n(width)} {_n(height)}" role="img" aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


def _n(value: float) -> str:
    return f"{round(value, 1) + 0:g}"
