"""When labels become a flag: the rule's words, parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

LONGEST = 64
"""Looks that a rule can remember."""


@dataclass(frozen=True, slots=True)
class KOfLast:
    """At least `k` of the last `n` looks were hits."""

    k: int
    n: int


@dataclass(frozen=True, slots=True)
class ShareOver:
    """More than this share of the lesson's looks were hits."""

    share: Fraction


@dataclass(frozen=True, slots=True)
class TopOfClass:
    """Among the `n` pupils of the class with most hits in the lesson."""

    n: int


def parse_flag(text: str) -> KOfLast | ShareOver | TopOfClass:
    """Read the words of a rule.

    Parameters
    ----------
    text : str
        ``k of last n``, ``run of n``, ``share over x`` or ``top n of class``.

    Raises
    ------
    ValueError
        With a plain message, if the words mean nothing or the numbers cannot be.
    """
    if found := re.fullmatch(r"([0-9]{1,9}) of last ([0-9]{1,9})", text):
        return _window(text, int(found[1]), int(found[2]))
    if found := re.fullmatch(r"run of ([0-9]{1,9})", text):
        return _window(text, int(found[1]), int(found[1]))
    if found := re.fullmatch(r"share over ([0-9]{1,9}(?:\.[0-9]{1,50})?|\.[0-9]{1,50})", text):
        share = Fraction(found[1])
        if share >= 1:
            raise ValueError(f'"{text}" can never fire: no share is over 1')
        return ShareOver(share)
    if found := re.fullmatch(r"top ([0-9]{1,9}) of class", text):
        if int(found[1]) < 1:
            raise ValueError(f'"{text}" chooses nobody')
        return TopOfClass(int(found[1]))
    raise ValueError(f'"{text}" is no rule')


def _window(text: str, k: int, n: int) -> KOfLast:
    if k < 1:
        raise ValueError(f'"{text}" asks for no hit at all')
    if k > n:
        raise ValueError(f'"{text}" asks for more hits than the window has looks')
    if n > LONGEST:
        raise ValueError(f'"{text}" looks back over more than {LONGEST} looks')
    return KOfLast(k, n)
