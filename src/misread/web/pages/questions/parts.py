"""What an answer is made of: its numbers in words, rows of ten, ways on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from misread.findings.table import Finding, Findings
from misread.language import gettext as _
from misread.report.drawn.pictures import NONE
from misread.report.further.measures import rounded_up
from misread.report.words import Band, amount, brackets, half_up, share_span, tally, tally_brackets, upper_first


@dataclass(frozen=True, slots=True)
class Way:
    """A way on: to a page (`href`), or something to type or to read (`code`)."""

    said: str
    href: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Ten:
    """Ten of something in a row: the kinds of each, what the row is of, and the same in words."""

    kinds: tuple[str, ...]
    caption: str
    said: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One question.

    Attributes
    ----------
    id, question : str
        Its anchor, and the question.
    sentences : tuple of str
        Three; the first one answers.
    findings : tuple of Finding
        What their numbers are.
    ways : tuple of Way
        Where to go on.
    pictures : tuple of Ten
        What the numbers look like.
    """

    id: str
    question: str
    sentences: tuple[str, str, str]
    findings: tuple[Finding, ...]
    ways: tuple[Way, ...]
    pictures: tuple[Ten, ...] = ()


@dataclass(frozen=True, slots=True)
class Instead:
    """Why the questions are not answered here, and where to go on."""

    said: str
    ways: tuple[Way, ...]


class Told:
    """The findings of one rule, each remembered as it is used."""

    def __init__(self, findings: Findings, rule: str) -> None:
        self._findings, self._rule = findings, rule
        self.used: list[Finding] = []

    def band(self, id: str, rule: bool = True, **keys: str) -> Band:
        """A finding's value with its interval."""
        finding = self._findings.one(id, rule=self._rule if rule else None, **keys)
        self.used.append(finding)
        band = Band.of(finding)
        return Band(0.0) if band is None else band

    def taken(self) -> tuple[Finding, ...]:
        """What was used since the last time."""
        used, self.used = tuple(self.used), []
        return used


def of(band: Band, of: int) -> str:
    """How many of so many, with its interval."""
    return f"{tally(band.value, of)}{tally_brackets(band, of)}"


def hundred(band: Band) -> str:
    """A number of 100 in figures, with its interval."""
    shown = f"{half_up(100 * band.value)}" if band.value == 0 or band.value >= 0.005 else _("fewer than one")
    return f"{shown} ({share_span(band)})" if band.ends else shown


def bound(band: Band) -> str:
    """A number of 100 that is not exceeded, rounded up, with how far it may be off."""
    n = str(rounded_up(max(0.0, band.value)))
    if band.ends is None:
        return n
    return _("%(n)s (up to %(high)s, uncertainty counted)", n=n, high=rounded_up(min(1.0, band.ends[1])))


def ten(share: float, kind: str, caption: str, other: str = NONE) -> Ten:
    """Ten in a row, of which a share is of a kind."""
    n = half_up(10 * share)
    return Ten(
        (kind,) * n + (other,) * (10 - n),
        caption,
        _("%(row)s: %(n)s of ten", row=upper_first(caption), n=tally(share, 10)),
    )


def number(band: Band) -> str:
    """A quantity with its interval."""
    return amount(band.value) + brackets(band)


def texts(some: Sequence[Answer]) -> tuple[str, ...]:
    """All sentences, for whoever counts their words."""
    return tuple(sentence for answer in some for sentence in answer.sentences)
