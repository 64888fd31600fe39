"""For whom it is right: each group with its interval, and small groups leaning on the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.report.audit import say
from misread.report.audit.drawn.heat import Heat
from misread.report.audit.drawn.lines import (
    Chart,
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

POOLED = "pooled"
"""Method of figures that lean on other groups."""

Key = tuple[str, str | None, str | None, str]
"""Statistic, expression, label, column."""


@dataclass(frozen=True, slots=True)
class Column:
    """One group column.

    Attributes
    ----------
    name : str
        The column.
    id : str
        For links within the page.
    sentence, chance : str
        Whether its groups differ in accuracy, and what equal groups would show.
    main : Chart
        Accuracy of each level.
    against : Table
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
    sentence: str
    chance: str
    main: Chart
    against: Table
    folded: tuple[Chart, ...]
    left_out: int
    maps: tuple[tuple[str, Heat], ...]

    @property
    def shown(self) -> str:
        """The name as text in the middle of a sentence."""
        return isolate(self.name)


def columns(
    by: Mapping[str, Sequence[Estimate]],
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
    everybody = {(e.statistic, e.expression, e.label): e for e in overall}
    gaps: dict[Key, Disparity] = {key(d): d for d in disparities if not d.within}
    return tuple(
        _column(f"column-{i}", name, estimates, everybody, gaps, against[name], maps[name], unit)
        for i, (name, estimates) in enumerate(by.items())
    )


def key(d: Disparity) -> Key:
    """What a gap is about."""
    return (d.statistic, d.expression, d.label, d.column)


def _column(
    id: str,
    name: str,
    estimates: Sequence[Estimate],
    everybody: Mapping[tuple[str, str | None, str | None], Estimate],
    gaps: Mapping[Key, Disparity],
    against: Sequence[Difference],
    maps: tuple[tuple[str, Heat], ...],
    unit: Unit,
) -> Column:
    statistics: dict[tuple[str, str | None, str | None], list[Estimate]] = {}
    for e in estimates:
        statistics.setdefault((e.statistic, e.expression, e.label), []).append(e)
    charts = {about: dots(es, everybody.get(about), name, unit) for about, es in statistics.items()}
    main = charts.pop(("accuracy", None, None))
    gap = gaps.get(("accuracy", None, None, name))
    # Where there is no room for all, those stay whose groups differ most plainly.
    levels = max(1, len(main.table.rows))
    room = max(1, MOST_FOLDED // levels)
    by_p = sorted(charts, key=lambda about: _p(gaps.get((*about, name))))
    kept = set(by_p[:room])
    folded = tuple(chart for about, chart in charts.items() if about in kept)
    return Column(
        name=name,
        id=id,
        sentence="" if gap is None else say.disparity_sentence(gap),
        chance="" if gap is None or gap.p is None else say.chance_sentence(gap),
        main=main,
        against=against_table(against),
        folded=folded,
        left_out=len(charts) - len(folded),
        maps=maps,
    )


def _p(d: Disparity | None) -> float:
    return 2.0 if d is None or d.p is None else d.p


def dots(estimates: Sequence[Estimate], overall: Estimate | None, column: str, unit: Unit) -> Chart:
    """One statistic of each level of a column: dots with intervals, before what chance would spread them over.

    Parameters
    ----------
    estimates : sequence of Estimate
        One a level, in their order.
    overall : Estimate or None
        Of everybody.
    column : str
        The column.
    unit : Unit
        What is counted.
    """
    first = estimates[0]
    about = first.expression or first.label
    ends = bands(estimates)
    lines = [replace(line(level(e), e, unit), band=band) for e, band in zip(estimates, ends, strict=True)]
    around = None if overall is None else overall.value
    title = _("%(what)s, by %(column)s", what=say.called(first.statistic, about), column=quote(column))
    keys = [("dot", _("estimate, with its interval"))]
    if any(ends):
        keys.append(("band", _("where a group of its size would lie, were all equal (19 of 20 tables)")))
    if around is not None:
        keys.append(("upright", _("everybody")))
    return Chart(
        title=upper_first(title),
        said=cut(say.range_said(estimates, [level(e) for e in estimates]), lines),
        axis=say.axis(first.statistic, about),
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
        beside=unit.counted(e.n, e.persons),
        dot=hundredths(e.value, e.low, e.high),
        tone="faint" if e.low is None else tone or say.tone(e.statistic),
    )


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
            whole(e.n),
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
    lines = [_pooled_line(e, p, unit) for e, p in pairs]
    title = _("Accuracy by %(columns)s", columns=" × ".join(quote(c) for c in columns))
    said = cut(say.range_said([p for _e, p in pairs], [level(p) for _e, p in pairs]), lines)
    head = (
        _("group"), _("alone"), _("from"), _("to"), _("leaning"), _("from"), _("to"), *unit.head, _("note"),
    )  # fmt: skip
    rows = tuple(
        (
            level(e),
            *map(exact, (e.value, e.low, e.high, p.value, p.low, p.high)),
            whole(e.n),
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
            ("dot", _("leaning on the other groups, with its interval")),
            ("ring", _("this group alone")),
        ),
    )


def _pooled_line(e: Estimate, p: Estimate, unit: Unit) -> Line:
    return Line(
        name=level(e),
        said=say.of_three(p)[0],
        interval=say.line_interval(p),
        beside=unit.counted(e.n, e.persons),
        dot=hundredths(p.value, p.low, p.high),
        ring=None if e.value is None else 100 * e.value,
        tone="faint" if p.low is None else "right",
    )
