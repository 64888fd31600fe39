"""A stage of the way, and how shares are said in it."""

from __future__ import annotations

from dataclasses import dataclass

from misread.language import gettext as _


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way.

    Attributes
    ----------
    title : str
        Its name.
    points : tuple of str
        Its place in docs/from-the-article.md, such as ``A5``.
    system : str
        What the system does or has.
    truth : str
        What is so, or what that means.
    """

    title: str
    points: tuple[str, ...]
    system: str
    truth: str


def number(share: float) -> str:
    """A share as a number of a hundred, to two figures."""
    return f"{100 * share:.2g}" if share < 0.995 else f"{100 * share:.3g}"


def of_100(share: float) -> str:
    """A share in words, with its hundred."""
    return _("%(n)s of 100", n=number(share))
