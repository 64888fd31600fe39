"""Hair of drawn children: a part that lies behind the head, and one that lies before it."""

from __future__ import annotations

COLOURS = ("#2b211c", "#191614", "#4a3226", "#7a5233", "#5b4636", "#a97a3f", "#8c4f2c")
_FRINGE = "M-30 -4C-33 -47 33 -47 30 -4C27 -19 18 -24 0 -24S-27 -19 -30 -4Z"
_PARTED = "M-30 -2C-35 -48 35 -48 30 -2C28 -16 20 -22 8 -26C-4 -18 -20 -16 -25 -17C-28 -13 -29 -8 -30 -2Z"
_CROPPED = "M-29 -9C-31 -42 31 -42 29 -9C27 -18 22 -25 0 -25S-27 -18 -29 -9Z"
_SPIKES = "L-19 -33L-14 -44L-7 -38L1 -49L6 -39L15 -44L18 -34L25 -35"
_SPIKED = f"M-30 -5C-31 -22 -30 -30 -24 -36{_SPIKES}C30 -28 31 -20 30 -5C26 -17 18 -23 0 -23S-26 -17 -30 -5Z"
_SIDE = "M-30 -2C-34 -48 34 -46 30 -2C29 -11 27 -15 24 -18C4 -14 -10 -20 -16 -27C-20 -18 -28 -14 -30 -2Z"


def _path(d: str) -> str:
    return f'<path d="{d}"/>'


def _rounds(*spots: tuple[float, float, float]) -> str:
    return "".join(f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}"/>' for x, y, r in spots)


_CURLS = _rounds((-27, -16, 9), (-23, -28, 9), (-13, -36, 10), (0, -39, 10), (13, -36, 10), (23, -28, 9), (27, -16, 9))

STYLES: tuple[tuple[str, str], ...] = (
    ("", _path(_FRINGE)),
    ("", _path(_SPIKED)),
    (_path("M-34 22C-40 -54 40 -54 34 22C26 26 -26 26 -34 22Z"), _path(_FRINGE)),
    (_path("M-35 40C-42 -56 42 -56 35 40C28 44 18 42 16 36H-16C-18 42 -28 44 -35 40Z"), _path(_PARTED)),
    (_rounds((-30, -6, 9), (30, -6, 9), (-31, 7, 8), (31, 7, 8)) + _CURLS, _CURLS),
    (_rounds((0, -44, 11)), _path(_PARTED)),
    (_rounds((-37, 4, 9), (37, 4, 9), (-39, 17, 7.5), (39, 17, 7.5), (-38, 27, 5), (38, 27, 5)), _path(_FRINGE)),
    ("", _path(_CROPPED)),
    (_path("M24 -30C48 -34 50 8 40 30C36 12 34 -4 22 -16Z"), _path(_SIDE)),
    (_CURLS, _CURLS),
)
"""Behind the head, before it."""


def hair(style: int, colour: int) -> tuple[str, str]:
    """Hair behind the head and before it, as SVG.

    Parameters
    ----------
    style, colour : int
        Any numbers; each is taken to one of those there are.
    """
    filled = COLOURS[colour % len(COLOURS)]
    behind, before = STYLES[style % len(STYLES)]
    return tuple(f'<g fill="{filled}">{part}</g>' if part else "" for part in (behind, before))  # type: ignore[return-value]
