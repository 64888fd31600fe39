"""The map: flags in each kind of lesson, right and wrong apart, and how far two maps of one child agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from misread.deployment.model import Deployment
from misread.findings.table import Finding
from misread.language import gettext as _
from misread.language import mark
from misread.report.drawn.charts import ticks
from misread.report.further.notes import Row, chance, without
from misread.report.words import Band, amount, brackets, tally
from misread.report.words.lookup import Figures, clean, quote

LESSONS = 100
"""Lessons of one kind that flags are counted in."""
Lane = tuple[float, float]
"""Start and width in per cent."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of lesson: name, how common it is, and its flags in words and as a bar.

    Attributes
    ----------
    name, share, words : str
        In words.
    wrong, right, total : float
        Widths of the bar's two parts, and where it ends, in per cent.
    wrong_lane, total_lane : Lane or None
        Intervals of the wrong flags and of all.
    """

    name: str
    share: str
    words: str
    wrong: float
    right: float
    total: float
    wrong_lane: Lane | None
    total_lane: Lane | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two maps of one child agree: a place between 0 and 100, and the same in words."""

    at: float
    lane: Lane | None
    figure: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Map:
    """The map of one rule."""

    rule: str
    sentence: str
    kinds: tuple[Kind, ...]
    marks: tuple[tuple[float, str], ...]
    agreement: Agreement | None
    said: str
    table: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Lessons:
    """The section: the maps of the rules, the main one first, and what they leave open."""

    maps: tuple[Map, ...]
    open: str
    chance: str
    without: str


def tell(rules: Sequence[str], figures: Figures, deployment: Deployment) -> Lessons | None:
    """The section about kinds of lesson; None where there are none, or none was counted."""
    maps = tuple(m for rule in rules if (m := _map(rule, figures, deployment)) is not None)
    if not maps:
        return None
    rows = [f for m in maps for _what, f in m.table]
    return Lessons(
        maps=maps,
        open=_open(maps),
        chance=chance([f for f in rows if f.id != "map_reliability"], LESSONS, _(" flags in 100 lessons")),
        without=without(rows),
    )


def _map(rule: str, figures: Figures, deployment: Deployment) -> Map | None:
    found: list[tuple[str, float, Finding, Finding]] = []
    for situation in deployment.situations:
        total = figures.find("flags_per_lesson", rule, situation=situation.name)
        false = figures.find("false_flags_per_lesson", rule, situation=situation.name)
        if total is not None and false is not None and total.value is not None and false.value is not None:
            found.append((situation.name, float(situation.share), total, false))
    if not found or not any(total.value for _name, _share, total, _false in found):
        return None
    edges = [LESSONS * x for _name, _share, f, _false in found for x in (f.value, f.high) if x is not None]
    marks = ticks(0.0, max(edges), 4)
    kinds = tuple(_kind(*row, marks[-1]) for row in found)
    reliability = figures.find("map_reliability", rule)
    table: list[Row] = []
    for name, _share, total, false in found:
        table.append((_("%(name)s: flags in a lesson", name=name), total))
        table.append((_("%(name)s: wrong flags in a lesson", name=name), false))
    if reliability is not None:
        table.append((_("how far two maps of one child agree"), reliability))
    return Map(
        rule=rule,
        sentence=_sentence(found, rule if len(deployment.rules) > 1 else ""),
        kinds=kinds,
        marks=tuple((round(100 * m / marks[-1], 3), f"{m:,.9g}") for m in marks),
        agreement=_agreement(reliability),
        said="; ".join(f"{clean(k.name)}: {k.words}" for k in kinds),
        table=tuple(table),
    )


def _kind(name: str, share: float, total: Finding, false: Finding, most: float) -> Kind:
    def place(x: float) -> float:
        return round(100 * min(1.0, LESSONS * x / most), 3)

    def lane(f: Finding) -> Lane | None:
        if f.low is None or f.high is None:
            return None
        return place(f.low), round(place(f.high) - place(f.low), 3)

    assert total.value is not None
    assert false.value is not None
    wrong, end = place(false.value), place(total.value)
    return Kind(
        name=name,
        share=_("%(n)s of 100 lessons", n=tally(share, 100)),
        words=_flags(total.value, false.value),
        wrong=wrong,
        right=round(end - wrong, 3),
        total=end,
        wrong_lane=lane(false),
        total_lane=lane(total),
    )


def _flags(total: float, false: float) -> str:
    flags, wrong = amount(LESSONS * total), amount(LESSONS * false)
    if flags == "1":
        return _("1 flag, %(wrong)s wrong", wrong=wrong)
    return _("%(n)s flags, %(wrong)s wrong", n=flags, wrong=wrong)


def _sentence(found: list[tuple[str, float, Finding, Finding]], rule: str) -> str:
    ranked = sorted(found, key=lambda row: -(row[2].value or 0.0))
    (high, _share, most, most_false), (low, _other, least, least_false) = ranked[0], ranked[-1]
    assert most.value is not None
    assert least.value is not None
    named = {"rule": quote(rule), "most": _told(most, most_false), "high": quote(high)}
    if len(found) == 1:
        return _(_ONE[bool(rule)], **named)
    if amount(LESSONS * most.value) == amount(LESSONS * least.value):
        return _(_ALIKE[bool(rule)], **named)
    return _(_APART[bool(rule)], **named, least=_told(least, least_false), low=quote(low))


_ONE = (
    mark("A child gets %(most)s in 100 lessons of the kind %(high)s."),
    mark("By the rule %(rule)s a child gets %(most)s in 100 lessons of the kind %(high)s."),
)
_ALIKE = (
    mark("A child gets %(most)s in 100 lessons of the kind %(high)s; as many flags in lessons of any other kind."),
    mark(
        "By the rule %(rule)s a child gets %(most)s in 100 lessons of the kind %(high)s; as many flags in lessons of "
        "any other kind."
    ),
)
_APART = (
    mark("A child gets %(most)s in 100 lessons of the kind %(high)s; %(least)s in 100 of the kind %(low)s."),
    mark(
        "By the rule %(rule)s a child gets %(most)s in 100 lessons of the kind %(high)s; %(least)s in 100 of the kind "
        "%(low)s."
    ),
)
"""Without a rule's name, and with it."""


def _told(total: Finding, false: Finding) -> str:
    band = Band.of(total)
    assert band is not None
    shown = band.times(LESSONS)
    flags = amount(shown.value)
    named = {"open": brackets(shown), "wrong": amount(LESSONS * (false.value or 0.0))}
    if flags == "1":
        return _("1 flag%(open)s, %(wrong)s of them wrong,", **named)
    return _("%(n)s flags%(open)s, %(wrong)s of them wrong,", **named, n=flags)


def _agreement(finding: Finding | None) -> Agreement | None:
    band = Band.of(finding)
    if finding is None or band is None:
        return None
    r = band.value
    figure = _correlation(r)
    lane = None
    if band.ends is not None:
        low, high = (100 * min(1.0, max(0.0, e)) for e in band.ends)
        lane = round(low, 3), round(high - low, 3)
    error = "" if finding.se is None else _(" (standard error %(error)s)", error=amount(finding.se))
    return Agreement(
        at=round(100 * min(1.0, max(0.0, r)), 3),
        lane=lane,
        figure=figure,
        sentence=_(
            "Had the last school year been split in two, odd days and even days, a child’s two maps would agree with "
            "correlation %(figure)s%(open)s%(error)s.",
            figure=figure,
            open=brackets(band),
            error=error,
        ),
    )


def _correlation(r: float) -> str:
    """Two digits, and no 1 or 0 that is not quite so."""
    shown = f"{r:.2f}".replace("-", "−")
    return shown if shown not in ("−0.00", "1.00") or r in (0.0, 1.0) else ("0.00" if r < 0.5 else _("nearly 1"))


def _open(maps: tuple[Map, ...]) -> str:
    if any(m.agreement for m in maps):
        return _(
            "A map, here, is how many more or fewer flags than usual a child gets in each kind of lesson. Two maps "
            "that agree need not be of the child: a face that is misread is misread again tomorrow."
        )
    return _(
        "How far two maps of one child agree was not counted: it takes made-up children who are followed one by one, "
        "and this run computed expectations."
    )
