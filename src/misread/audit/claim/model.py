"""What was understood of a sentence, what has to be asked, and what it would mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Hedge = Literal["", "at_most", "at_least", "about", "average", "between", "margin"]
"""How a number is softened: "up to", "over", "about", "on average", "between … and …", "± …"; empty if it is not."""


Range = tuple[float, float]
"""Lowest and highest."""


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


@dataclass(frozen=True, slots=True)
class Given:
    """What is known beside the sentence; None where it is not.

    Attributes
    ----------
    prevalence : float or None
        Share of looks that meet the state that is looked for, between 0 and 1.
    looks_per_day : float or None
        How often a child's face is read on a school day.
    children : int or None
        Children in a class.
    days : int or None
        School days in a year.
    tested : int or None
        How many pictures, clips or people were tested.
    assumed : mapping of str to str
        Which of these are assumptions, each with where it comes from.
    """

    prevalence: float | None = None
    looks_per_day: float | None = None
    children: int | None = None
    days: int | None = None
    tested: int | None = None
    assumed: tuple[tuple[str, str], ...] = ()

    def filled(self, source: str, **values: float | None) -> Given:
        """With values for what is not given, marked as assumptions that come from `source`."""
        new = {name: value for name, value in values.items() if value is not None and getattr(self, name) is None}
        return replace(self, **new, assumed=(*self.assumed, *((name, source) for name in new)))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Row:
    """What a statement allows if the state is this common.

    Attributes
    ----------
    prevalence : float
        Share of looks that meet the state.
    example : bool
        Whether it is an example, and nobody said so.
    false_positive_rate, recall, precision : (float, float)
        Lowest and highest share: of looks at others with a false alarm, of looks at the state with an alarm, of alarms
        that are right.
    alike : float or None
        Of alarms, the share that is right if it errs as often on everybody; for accuracy alone.
    never : float
        How often a machine is right that never gives an alarm: 1 − prevalence.
    child_day, class_day, class_year : (float, float) or None
        False alarms, each reading counted as one; None where looks, children or days are not known.
    """

    prevalence: float
    example: bool
    false_positive_rate: Range
    recall: Range
    precision: Range
    alike: float | None
    never: float
    child_day: Range | None = None
    class_day: Range | None = None
    class_year: Range | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one statement means.

    Attributes
    ----------
    stated : tuple of Stated
        The statement; two where they mean more together.
    sentences : tuple of str
        In plain words.
    rows : tuple of Row
        What it allows as it is worded; empty where nothing follows for false alarms.
    best : tuple of Row
        The same if it were always as good as its best end; empty where it has no ends.
    interval : (float, float) or None
        95 % interval (Wilson) around the number, if that many were tested and each counts for itself.
    any_wrong : (float, float, float) or None
        Share of a child's days with a wrong reading: least, if looks are independent, most.
    """

    stated: tuple[Stated, ...]
    sentences: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    best: tuple[Row, ...] = ()
    interval: Range | None = None
    any_wrong: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """What a sentence does not say, and the question to ask.

    Attributes
    ----------
    aspect : str
        A key of `said.UNSAID`.
    unsaid, question : str
        In plain words.
    field : str
        Field of the disclosure record that asks the same; empty where none does.
    """

    aspect: str
    unsaid: str
    question: str
    field: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a claim would mean.

    Attributes
    ----------
    claim : Claim
        The sentence, read.
    given : Given
        What was known beside it.
    parts : tuple of Part
        One a statement, then what several mean together.
    open : tuple of Open
        What it does not say, with questions.
    short : tuple of str
        What matters most, in a few sentences; none where it has to be asked about first.
    about_rows : tuple of str
        How rows are to be read; none where there are none.
    notes : tuple of str
        What else holds for all of it.
    """

    claim: Claim
    given: Given
    parts: tuple[Part, ...]
    open: tuple[Open, ...]
    short: tuple[str, ...] = ()
    about_rows: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def bounded(rows: Sequence[Row]) -> bool:
    """Whether rows tell anything of false alarms: whether not every number of them would fit."""
    return any(row.false_positive_rate != (0, 1) for row in rows)


def shown(part: Part, parts: Sequence[Part]) -> tuple[Row, ...]:
    """Rows worth showing: none where every number would fit, or where two statements together tell more."""
    together = any(len(other.stated) > 1 and set(part.stated) < set(other.stated) for other in parts)
    return part.rows if bounded(part.rows) and not together else ()
