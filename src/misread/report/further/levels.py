"""Who: wrong flags, and how many alerts are right, by level of each trait and by age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from misread.deployment.model import Deployment
from misread.deployment.model.further import DisplayTrait, LabelTrait, StateTrait
from misread.findings.slices import level_name
from misread.findings.table import Finding
from misread.language import gettext as _
from misread.report.drawn.charts import ticks
from misread.report.further.notes import Row, chance, without
from misread.report.words import Band, amount, brackets, half_up, tally
from misread.report.words.lookup import Figures, clean, isolate, keys_of, quote

RARE = 0.005
"""A level with a smaller share of the pupils is in the table only: its figures would set the scale."""
FLAGS, RIGHT = "false_flags_per_pupil_year", "flag_ppv"


@dataclass(frozen=True, slots=True)
class Point:
    """A dot on its line: place, interval (start and width) in per cent, figure, and to which side that is set."""

    at: float
    lane: tuple[float, float] | None
    figure: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A level or an age: its name, how many children that is, and its two dots."""

    name: str
    share: str
    wrong: Point
    right: Point | None


@dataclass(frozen=True, slots=True)
class Block:
    """A trait, or the ages: title, what it does, and its lines."""

    title: str
    what: str
    lines: tuple[Line, ...]

    @property
    def said(self) -> str:
        """Its lines in words."""
        return f"{clean(self.title)}: {'; '.join(map(_said, self.lines))}"


@dataclass(frozen=True, slots=True)
class Levels:
    """One rule by trait and by age.

    Attributes
    ----------
    rule, sentence : str
        The rule, and the answer in words.
    blocks : tuple of Block
        The picture.
    most : str
        The end of the axis of wrong flags.
    said, chance, without : str
        The picture in words; how far samples may be off; why there is no interval.
    table : tuple of Row
        The figures.
    """

    rule: str
    sentence: str
    blocks: tuple[Block, ...]
    most: str
    said: str
    chance: str
    without: str
    table: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Level:
    name: str
    share: float | None
    wrong: Finding
    right: Finding | None


@dataclass(frozen=True, slots=True)
class _Found:
    title: str
    what: str
    levels: tuple[_Level, ...]

    @property
    def drawn(self) -> tuple[_Level, ...]:
        return tuple(v for v in self.levels if v.share is None or v.share >= RARE)


def tell(rule: str, figures: Figures, deployment: Deployment) -> Levels | None:
    """A rule's figures by trait and age; None where the run has none, or no flag is wrong."""
    found = [f for f in (*_traits(rule, figures, deployment), _ages(rule, figures, deployment)) if len(f.drawn) > 1]
    edges = [x for f in found for v in f.drawn for x in (v.wrong.value, v.wrong.high) if x is not None]
    if not edges or max(edges) == 0:
        return None
    most = ticks(0.0, max(edges), 4)[-1]
    blocks = tuple(Block(f.title, f.what, tuple(_line(v, most) for v in f.drawn)) for f in found)
    rows = [row for f in found for v in f.levels for row in _rows(f.title, v)]
    shown = [f for _what, f in rows]
    return Levels(
        rule=rule,
        sentence=_sentence(found),
        blocks=blocks,
        most=f"{most:,.9g}",
        said=". ".join(b.said for b in blocks) + ".",
        chance=chance([f for f in shown if f.id == FLAGS], 1, _(" wrong flags a year")),
        without=without(shown),
        table=tuple(rows),
    )


def _traits(rule: str, figures: Figures, deployment: Deployment) -> Iterable[_Found]:
    for trait in deployment.traits:
        of = trait.levels
        weights = np.polynomial.hermite_e.hermegauss(of)[1]
        levels = []
        for i, share in enumerate(weights / weights.sum()):
            key = level_name(trait.name, i, of)
            if (wrong := figures.find(FLAGS, rule, trait=key)) is not None and wrong.value is not None:
                levels.append(_Level(_level(i, of), float(share), wrong, figures.find(RIGHT, rule, trait=key)))
        yield _Found(trait.name, _acts(trait), tuple(levels))


def _acts(trait: DisplayTrait | LabelTrait | StateTrait) -> str:
    if isinstance(trait, DisplayTrait):
        return _("how readily the face shows %(what)s", what=quote(trait.expression))
    if isinstance(trait, LabelTrait):
        return _("how readily the face is read as %(what)s", what=quote(trait.label))
    return _("how long the child stays %(state)s", state=isolate(trait.state))


def _level(index: int, of: int) -> str:
    if index == 0:
        return _("least")
    if index == of - 1:
        return _("most")
    return _("middle") if 2 * index == of - 1 else _("step %(n)s of %(all)s", n=index + 1, all=of)


def _ages(rule: str, figures: Figures, deployment: Deployment) -> _Found:
    named = ((re.fullmatch(r"from year (\d+)", str(f.age)), f) for f in figures.along(FLAGS, "age", rule))
    rows = [(int(year[1]), f) for year, f in named if year]
    starts = sorted(year for year, _ in rows)
    last = {first: after - 1 for first, after in pairwise([*starts, deployment.population.school_years + 1])}
    levels = tuple(
        _Level(_years(year, last[year]), None, f, figures.find(RIGHT, rule, **keys_of(f)))
        for year, f in rows
        if f.value is not None
    )
    return _Found(_("age"), _("the same child in its school years"), levels)


def _years(first: int, last: int) -> str:
    if first == last:
        return _("school year %(n)s", n=first)
    if last == first + 1:
        return _("school years %(first)s\u00a0and\u00a0%(last)s", first=first, last=last)
    return _("school years %(first)s\u00a0to\u00a0%(last)s", first=first, last=last)


def _line(level: _Level, most: float) -> Line:
    wrong, right = Band.of(level.wrong), Band.of(level.right)
    assert wrong is not None
    share = "" if level.share is None else _("%(n)s of 100 children", n=tally(level.share, 100))
    return Line(level.name, share, _point(wrong, most, amount(wrong.value)), None if right is None else _share(right))


def _share(band: Band) -> Point:
    n = half_up(100 * band.value)
    shown = "< 1" if n == 0 and band.value > 0 else "> 99" if n == 100 and band.value < 1 else str(n)
    return _point(band, 1.0, shown)


def _point(band: Band, most: float, shown: str) -> Point:
    def place(x: float) -> float:
        return round(100 * min(1.0, max(0.0, x / most)), 3)

    at = place(band.value)
    lane = None if band.ends is None else (place(band.ends[0]), round(place(band.ends[1]) - place(band.ends[0]), 3))
    return Point(at, lane, shown, "start" if at < 8 else "end" if at > 92 else "middle")


def _said(line: Line) -> str:
    named = {"level": line.name, "wrong": line.wrong.figure}
    if line.right is None:
        return _("%(level)s, %(wrong)s wrong flags a school year, no alert", **named)
    return _(
        "%(level)s, %(wrong)s wrong flags a school year, %(right)s of 100 alerts right",
        **named,
        right=line.right.figure,
    )


def _rows(title: str, level: _Level) -> Iterable[Row]:
    yield _("%(title)s, %(level)s: wrong flags", title=title, level=level.name), level.wrong
    if level.right is not None:
        yield _("%(title)s, %(level)s: alerts that are right", title=title, level=level.name), level.right


def _sentence(found: Sequence[_Found]) -> str:
    said = []
    traits = [f for f in found if f.levels[0].share is not None]
    if traits:
        said.append(_of_trait(max(traits, key=_apart)))
    said += [_of_ages(f) for f in found if f.levels[0].share is None]
    return " ".join(said)


def _apart(found: _Found) -> float:
    values = [v.wrong.value or 0.0 for v in found.drawn]
    return max(values) - min(values)


def _of_trait(found: _Found) -> str:
    least, most = found.drawn[0], found.drawn[-1]
    low, high = amount(least.wrong.value or 0.0), amount(most.wrong.value or 0.0)
    name = quote(found.title)
    if low == high:
        return _(
            "No trait tells: with the least of %(trait)s as with the most, a child gets %(n)s wrong flags a year.",
            trait=name,
            n=low,
        )
    said = _(
        "A child with the most of %(trait)s gets %(high)s wrong flags a school year%(open)s; one with the least, "
        "%(low)s%(also)s.",
        trait=name,
        high=high,
        open=_span(most),
        low=low,
        also=_span(least),
    )
    many = _("Each is %(n)s of 100 children.", n=tally(most.share or 0.0, 100))
    return " ".join(filter(None, (said, _right(most, least), many)))


def _right(most: _Level, least: _Level) -> str:
    first, second = Band.of(most.right), Band.of(least.right)
    if first is None or second is None:
        return ""
    one, other = _share(first).figure, _share(second).figure
    if one == other:
        return _("Of 100 alerts about either, %(n)s are right.", n=one)
    return _("Of 100 alerts about the first %(n)s are right, about the second %(other)s.", n=one, other=other)


def _span(level: _Level) -> str:
    band = Band.of(level.wrong)
    return "" if band is None else brackets(band)


def _of_ages(found: _Found) -> str:
    most = max(found.drawn, key=lambda v: v.wrong.value or 0.0)
    least = min(found.drawn, key=lambda v: v.wrong.value or 0.0)
    high, low = amount(most.wrong.value or 0.0), amount(least.wrong.value or 0.0)
    if high == low:
        return _("At every age it is %(n)s wrong flags a year.", n=high)
    return _(
        "By age, a child gets most wrong flags in %(most)s, %(high)s a year, and fewest in %(least)s, %(low)s.",
        most=most.name,
        high=high,
        least=least.name,
        low=low,
    )
