"""The greatest gaps between groups: how large, beside what equal groups would show, and what would have been seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.report.audit import say
from misread.report.audit.drawn.lines import MOST_LINES, Chart, Key, Line, Table, hundredths, marks
from misread.report.words import amount, exact, upper_first
from misread.report.words.lookup import clean, quote

if TYPE_CHECKING:
    from misread.audit.groups import Disparity

MOST_TOLD = 8
"""Differences that are told in words."""


def forest(disparities: Sequence[Disparity]) -> Chart | None:
    """The greatest gaps, each beside what equal groups would show; None where nothing was compared.

    Parameters
    ----------
    disparities : sequence of Disparity
        Gaps, in the order of their columns.
    """
    compared = [d for d in disparities if d.p is not None]
    if not compared:
        return None
    lines, column = [], None
    for d in _chosen(compared):
        lines.append(_gap_line(d, d.column if d.column != column else ""))
        column = d.column
    plain = sum(map(say.is_shown, compared))
    expected = say.SHOWN * len(compared)
    said = _(
        "%(n)s of %(all)s comparisons show a difference by themselves (p below 0.05); if all groups were equal, "
        "about %(chance)s would."
    )
    return Chart(
        title=_("The greatest gap between groups"),
        said=said % {"n": plain, "all": len(compared), "chance": amount(expected)},
        axis=_("points of 100 between the highest and the lowest group"),
        marks=marks(lines),
        lines=tuple(lines),
        table=_gap_table(disparities),
        keys=(
            Key("dot", _("a gap that is shown, estimated from all groups together, with its interval"), "wrong"),
            Key("dot", _("none is shown: the same estimate"), "quiet"),
            Key("ring", _("as seen: the highest less the lowest")),
            Key("band", _("what equal groups would show in 19 of 20 such tables; the stroke: on average")),
        ),
    )


def _chosen(compared: Sequence[Disparity]) -> list[Disparity]:
    """All of them, or those with the smallest p, accuracy always; in their own order."""
    if len(compared) <= MOST_LINES:
        return list(compared)
    first = sorted(range(len(compared)), key=lambda i: (compared[i].statistic != "accuracy", compared[i].p or 0.0))
    return [compared[i] for i in sorted(first[:MOST_LINES])]


def _gap_line(d: Disparity, column: str) -> Line:
    plain = say.is_shown(d)
    ps = _("p %(p)s, Holm %(holm)s", p=say.p_words(d.p), holm=say.p_words(d.adjusted))
    return Line(
        name=upper_first(say.gap_called(d)),
        said=say.points(d.value) if plain else "",
        interval=say.gap_span(d) if plain else say.not_shown(d),
        beside=f"{ps}; {_mix_mark(d)}" if plain and d.of_the_mix else ps,
        dot=hundredths(d.value, d.low, d.high),
        ring=100 * (d.seen or 0.0),
        band=(0.0, 100 * (d.chance_high or 0.0)),
        tick=100 * (d.chance or 0.0),
        tone="wrong" if plain else "quiet",
        heading=_("Between the groups of %(column)s", column=quote(column)) if column else "",
    )


def _gap_table(gaps: Sequence[Disparity]) -> Table:
    head = (
        _("statistic"), _("between"), _("lowest"), _("highest"), _("note"), _("groups"), _("seen"),
        _("equal groups: mean"), _("equal groups: 95th percentile"), "p", _("p by Holm"), _("gap"), _("from"), _("to"),
        _("at least"), _("smallest gap visible"), _("with everybody’s mix of expressions"),
        _("the same, highest less lowest as seen"),
    )  # fmt: skip
    rows = tuple(
        (
            say.called(d.statistic, d.expression or d.label),
            ", ".join((clean(d.column), *(f"{clean(c)} {clean(v)}" for c, v in d.within))),
            clean(d.lowest),
            clean(d.highest),
            _(d.note) if d.note else "",
            str(d.groups),
            *map(
                exact,
                (d.seen, d.chance, d.chance_high, d.p, d.adjusted, d.value, d.low, d.high, d.at_least, d.visible),
            ),
            *map(exact, (d.standardised, d.pair)),
        )
        for d in gaps
    )
    return Table(_("Gaps between groups, as shares"), head, rows, words=frozenset(range(5)))


def plain(gaps: Sequence[Disparity]) -> tuple[str, ...]:
    """The differences that stay when so many are looked at, in words, the largest first."""
    stay = [d for d in gaps if d.adjusted is not None and d.adjusted < say.SHOWN and d.value is not None]
    stay.sort(key=lambda d: -(d.value or 0.0))
    return tuple(" ".join(filter(None, (say.disparity_sentence(d), mix_sentence(d)))) for d in stay[:MOST_TOLD])


def mix_sentence(d: Disparity) -> str:
    """What a gap owes to the expressions that each group happens to show; empty where that is little."""
    if not d.of_the_mix or d.pair is None or d.standardised is None:
        return ""
    if d.pair < 0:
        said = _(
            "The groups show other expressions: if all showed the same mix, it would turn round, and %(lowest)s be "
            "%(n)s points above %(highest)s."
        )
        return said % {"lowest": quote(d.lowest), "highest": quote(d.highest), "n": say.points(-d.pair)}
    said = _("The groups show other expressions: if all showed the same mix, %(n)s points would be left.")
    return said % {"n": say.points(d.standardised)}


def _mix_mark(d: Disparity) -> str:
    """The same for the end of a line."""
    if d.pair is not None and d.pair < 0:
        return _("turns round with the same mix of expressions")
    return _("%(n)s with the same mix of expressions", n=say.points(d.standardised))
