"""For whom it is right: each group with its interval, and small groups leaning on the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from misread.audit.rates.estimate import LEFT_OUT
from misread.audit.table.model import FEW
from misread.language import gettext as _
from misread.language import ngettext
from misread.report.audit import say
from misread.report.audit.drawn.heat import Heat
from misread.report.audit.drawn.lines import (
    Chart,
    Key,
    Line,
    Table,
    Unit,
    cut,
    drawn,
    hundredths,
    level,
    marks,
    whole,
)
from misread.report.audit.sections.equal import bands
from misread.report.words import exact, upper_first
from misread.report.words.lookup import clean, isolate, quote

if TYPE_CHECKING:
    from misread.audit.groups import Disparity
    from misread.audit.rates import Estimate
    from misread.audit.rates.compare import Difference

MOST_FOLDED = 400
"""Lines in the folded charts of one column."""

ACCURACY = ("accuracy", None, None)
POOLED = "pooled"
"""Method of figures that lean on other groups."""

About = tuple[str, str | None, str | None]
"""Statistic, expression, label."""


class OfGroup(NamedTuple):
    """A rate of one group, and how many persons with equally many faces it rests on, where persons are known."""

    rate: Estimate
    even: float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One group column.

    Attributes
    ----------
    name : str
        The column.
    id : str
        For links within the page.
    text : tuple of str
        Whether its groups differ in accuracy, what equal groups would show, and which are several put together.
    main : Chart or None
        Accuracy of each level; None, as all that follows, where there is a single one.
    against : Table or None
        Accuracy of each level beside that of all others.
    folded : tuple of Chart
        No answer; recall and false positives of each word.
    left_out : int
        Charts that there was no room for.
    maps : tuple of (str, Heat)
        What each level is answered.
    """

    name: str
    id: str
    text: tuple[str, ...]
    main: Chart | None = None
    against: Table | None = None
    folded: tuple[Chart, ...] = ()
    left_out: int = 0
    maps: tuple[tuple[str, Heat], ...] = ()

    @property
    def shown(self) -> str:
        """The name as text in the middle of a sentence."""
        return isolate(self.name)

    @property
    def folded_said(self) -> str:
        """What the folded charts are, and how many."""
        return ngettext(
            "Word by word, by %(column)s (%(n)s chart)",
            "Word by word, by %(column)s (%(n)s charts)",
            len(self.folded),
            column=self.shown,
        )


def columns(
    by: Mapping[str, Sequence[OfGroup]],
    overall: Iterable[Estimate],
    disparities: Sequence[Disparity],
    against: Mapping[str, Sequence[Difference]],
    maps: Mapping[str, tuple[tuple[str, Heat], ...]],
    unit: Unit,
) -> tuple[Column, ...]:
    """Each group column, with its charts.

    Parameters
    ----------
    by : mapping
        Column → rates of each of its levels.
    overall : iterable of Estimate
        Rates of everybody.
    disparities : sequence of Disparity
        Greatest gaps within a column, without control columns.
    against : mapping
        Column → accuracy of each of its levels beside that of all others.
    maps : mapping
        Column → what each of its levels is answered.
    unit : Unit
        What is counted.
    """
    everybody = {about(e): e for e in overall}
    gaps = {(d.column, about(d)): d for d in disparities if not d.within}
    return tuple(
        _column(f"column-{i}", name, found, everybody, gaps, against[name], maps[name], unit)
        for i, (name, found) in enumerate(by.items())
    )


def about(of: Disparity | Estimate) -> About:
    """What a figure is about."""
    return (of.statistic, of.expression, of.label)


def _column(
    id: str,
    name: str,
    found: Sequence[OfGroup],
    everybody: Mapping[About, Estimate],
    gaps: Mapping[tuple[str, About], Disparity],
    against: Sequence[Difference],
    maps: tuple[tuple[str, Heat], ...],
    unit: Unit,
) -> Column:
    statistics: dict[About, list[OfGroup]] = {}
    for one in found:
        statistics.setdefault(about(one.rate), []).append(one)
    accuracy = statistics.pop(ACCURACY)
    levels = [level(one.rate) for one in accuracy]
    gap = gaps.get((name, ACCURACY))
    text = []
    if gap is not None:
        text.append(say.disparity_sentence(gap))
        text += [say.chance_sentence(gap)] if gap.p is not None else []
    if any(FEW in one for one in levels):
        text.append(say.put_together())
    if len(levels) < 2:
        # All there is to draw of one level is what was drawn of everybody.
        return Column(name, id, tuple(text))
    main = dots(accuracy, everybody.get(ACCURACY), name, unit)
    # Where there is no room for all, those stay whose groups differ most plainly.
    room = max(1, MOST_FOLDED // len(levels))
    kept = set(sorted(statistics, key=lambda one: _p(gaps.get((name, one))))[:room])
    folded = tuple(dots(of, everybody.get(one), name, unit) for one, of in statistics.items() if one in kept)
    return Column(
        name=name,
        id=id,
        text=tuple(text),
        main=main,
        against=against_table(against),
        folded=folded,
        left_out=len(statistics) - len(folded),
        maps=maps,
    )


def _p(d: Disparity | None) -> float:
    return 2.0 if d is None or d.p is None else d.p


def dots(found: Sequence[OfGroup], overall: Estimate | None, column: str, unit: Unit) -> Chart:
    """One statistic of each level of a column: dots with intervals, before what chance would spread them over.

    Parameters
    ----------
    found : sequence of OfGroup
        One a level, in their order.
    overall : Estimate or None
        Of everybody.
    column : str
        The column.
    unit : Unit
        What is counted.
    """
    estimates = [one.rate for one in found]
    first = estimates[0]
    word = first.expression or first.label
    ends = bands(estimates, [one.even for one in found])
    lines = [replace(line(level(e), e, unit), band=band) for e, band in zip(estimates, ends, strict=True)]
    around = None if overall is None else overall.value
    title = _("%(what)s, by %(column)s", what=say.called(first.statistic, word), column=quote(column))
    keys = [Key("dot", _("estimate, with its interval"))]
    if around is not None:
        keys.append(Key("upright", _("everybody")))
    if any(ends):
        keys.append(Key("band", _("where a group of its size would lie, were all equal (19 of 20 tables)")))
    return Chart(
        title=upper_first(title),
        said=cut(say.range_said(estimates, [level(e) for e in estimates]), lines),
        axis=say.axis(first.statistic, word),
        marks=marks(lines, *(() if around is None else (100 * around,))),
        lines=drawn(lines),
        table=estimates_table(upper_first(title), estimates, unit),
        upright=None if around is None else 100 * around,
        keys=tuple(keys),
    )


def line(name: str, e: Estimate, unit: Unit, tone: str | None = None) -> Line:
    """The line of one estimate."""
    return Line(
        name=name,
        said=say.of_three(e)[0],
        interval=say.line_interval(e),
        beside=_beside(e, unit),
        dot=hundredths(e.value, e.low, e.high),
        tone="faint" if e.low is None else tone or say.tone(e.statistic),
    )


def _beside(e: Estimate, unit: Unit) -> str:
    """How many faces a figure rests on; nothing of those that are left out, which are not none."""
    return "" if e.note == LEFT_OUT else unit.counted(e.n, e.persons)


def estimates_table(
    caption: str, estimates: Sequence[Estimate], unit: Unit, names: Sequence[str] | None = None
) -> Table:
    """All figures of a chart, each under its group or another name."""
    names = [level(e) for e in estimates] if names is None else names
    head = (_("about"), _("share"), _("from"), _("to"), *unit.head, _("effective n"), _("method"), _("note"))
    rows = tuple(
        (
            name,
            exact(e.value),
            exact(e.low),
            exact(e.high),
            whole(None if e.note == LEFT_OUT else e.n),
            whole(e.persons),
            exact(e.n_eff),
            e.method.replace("_", " "),
            say.note(e),
        )
        for name, e in zip(names, estimates, strict=True)
    )
    return Table(caption, head, rows, words=frozenset({0, 7, 8}))


def against_table(differences: Sequence[Difference]) -> Table:
    """Each group's accuracy beside that of all others together: difference and ratio."""
    head = (
        _("group"), _("its share"), _("that of all others"), _("difference"), _("from"), _("to"), _("ratio"), _("from"),
        _("to"), _("note"),
    )  # fmt: skip
    rows = tuple(
        (
            clean(d.level),
            *map(exact, (d.value, d.against_value, d.difference, d.low, d.high, d.ratio, d.ratio_low)),
            _("no upper bound") if d.ratio_low is not None and d.ratio_high is None else exact(d.ratio_high),
            _(d.note) if d.note else "",
        )
        for d in differences
    )
    return Table(_("Right answers: each group against all others"), head, rows, words=frozenset({0, 9}))


def crossed(pooled: Sequence[Estimate], unit: Unit, columns: Sequence[str]) -> Chart | None:
    """Accuracy where all columns cross, of each group alone and leaning on the others; None where nothing crosses.

    Parameters
    ----------
    pooled : sequence of Estimate
        Of each group the raw figure, then (but for `(missing)`) the pooled one.
    unit : Unit
        What is counted.
    columns : sequence of str
        What is crossed.
    """
    leaning = {e.group: e for e in pooled if e.method == POOLED}
    pairs = [(e, leaning.get(e.group, e)) for e in pooled if e.method != POOLED]
    if len(pairs) < 2:
        return None
    told = [(e, p) for e, p in pairs if e.note != LEFT_OUT]
    lines = [_pooled_line(e, p, unit) for e, p in told]
    title = _("Accuracy by %(columns)s", columns=" × ".join(quote(c) for c in columns))
    said = cut(say.range_said([p for _e, p in told], [level(p) for _e, p in told]), lines)
    if len(told) < len(pairs):
        said = f"{said} {say.not_drawn(len(pairs) - len(told), len(pairs))}" if told else say.not_drawn(len(pairs))
    head = (
        _("group"), _("alone"), _("from"), _("to"), _("leaning"), _("from"), _("to"), *unit.head, _("note"),
    )  # fmt: skip
    rows = tuple(
        (
            level(e),
            *map(exact, (e.value, e.low, e.high, p.value, p.low, p.high)),
            whole(None if e.note == LEFT_OUT else e.n),
            whole(e.persons),
            say.note(e) or say.note(p),
        )
        for e, p in pairs
    )
    return Chart(
        title=title,
        said=said,
        axis=say.axis("accuracy"),
        marks=marks(lines),
        lines=drawn(lines),
        table=Table(title, head, rows, words=frozenset({0, 9})),
        keys=(
            Key("dot", _("leaning on the other groups, with its interval")),
            Key("ring", _("this group alone")),
        ),
    )


def _pooled_line(e: Estimate, p: Estimate, unit: Unit) -> Line:
    return Line(
        name=level(e),
        said=say.of_three(p)[0],
        interval=say.line_interval(p),
        beside=_beside(e, unit),
        dot=hundredths(p.value, p.low, p.high),
        ring=None if e.value is None else 100 * e.value,
        tone="faint" if p.low is None else "right",
    )
