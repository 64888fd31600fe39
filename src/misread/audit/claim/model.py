"""What was understood of a sentence, and what has to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Hedge = Literal["", "at_most", "at_least", "about", "average", "between", "margin"]
"""How a number is softened: "up to", "over", "about", "on average", "between … and …", "± …"; empty if it is not."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing that a sentence claims.

    Attributes
    ----------
    quantity : str
        A key of `words.NAMES`, such as "accuracy".
    value : float or None
        The number as it is said, shares as 0 … 1; the middle of a range is not said, and not made up: None there, and
        where there is no number.
    low, high : float
        Between what the words let the number lie: "up to 95 %" is 0 to 0.95, "over 90 %" 0.9 to 1.
    hedge : Hedge
        What softens it.
    words : str
        The words it was read from.
    """

    quantity: str
    value: float | None
    low: float
    high: float
    hedge: Hedge
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One way in which something unclear may be meant.

    Attributes
    ----------
    id : str
        What is meant: mostly a key of `words.NAMES`.
    sentence : str
        A sentence that says just this, and is understood; empty where only whoever said it can say it clearly.
    """

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something in a sentence that may mean several things, or nothing: it is asked about, and nothing is made of it.

    Attributes
    ----------
    kind : str
        Why; `said.asked` has the question.
    words : str
        The words it is about.
    choices : tuple of Choice
        What may be meant.
    """

    kind: str
    words: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, read.

    Attributes
    ----------
    sentence : str
        As it was read: spaces put in order, forms of one character made one.
    stated : tuple of Stated
        What it claims, in its order.
    unclear : tuple of Unclear
        What has to be asked.
    says : tuple of (str, str)
        Aspects (keys of `words.ASPECTS`) that it touches on, with the words.
    unused : tuple of str
        Numbers that were seen and not used.
    tested : float or None
        How many pictures, clips or people it says were tested.
    prevalence : float or None
        How common it says the state is.
    every_seconds : float or None
        How often it says a face is read.
    """

    sentence: str
    stated: tuple[Stated, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    says: tuple[tuple[str, str], ...] = ()
    unused: tuple[str, ...] = ()
    tested: float | None = None
    prevalence: float | None = None
    every_seconds: float | None = None
