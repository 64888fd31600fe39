"""How often it is right, beside chance and beside what people agree on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from misread.language import gettext as _
from misread.report.audit.drawn.lines import Table, whole
from misread.report.audit.say import answers, of_100
from misread.report.drawn.pictures import slips
from misread.report.words import Band, amount, base, count, exact, half_up, share_span, tally

if TYPE_CHECKING:
    from misread.audit.agreement import Ceiling
    from misread.audit.intervals.posterior import Posterior
    from misread.audit.rates import Estimate
    from misread.audit.table import CountTable


@dataclass(frozen=True, slots=True)
class Row:
    """Ten answers of somebody: who, how many are right in words, and which are."""

    who: str
    said: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Right:
    """The picture and what it says.

    Attributes
    ----------
    sentence, note : str
        Before and after it.
    rows : tuple of Row
        Its answers, chance's, people's.
    table : Table
        The figures.
    """

    sentence: str
    note: str
    rows: tuple[Row, ...]
    table: Table


def chance(table: CountTable) -> float | None:
    """How often answers dealt out blindly would be right: the same answers, each to a face picked by lot.

    Sum over words of the share of faces that show it times the share of answers that name it (Cohen, Educ. Psychol.
    Meas. 20, 1960, 37–46); None without faces.
    """
    counts = table.margin().counts.sum(axis=0)
    total = counts.sum()
    if total <= 0:
        return None
    shown, answered = counts.sum(axis=1) / total, counts.sum(axis=0) / total
    return float((np.outer(shown, answered) * table.right).sum())


def tell(
    table: CountTable, accuracy: Estimate | None, ceiling: Ceiling | None, posterior: Posterior | None = None
) -> Right | None:
    """The picture of how often it is right; None where nothing can be said.

    Parameters
    ----------
    table : CountTable
        All counts.
    accuracy : Estimate or None
        Of everybody.
    ceiling : Ceiling or None
        What raters agree on, where several voted.
    posterior : Posterior or None
        Accuracy over persons who differ, for the table.
    """
    blind = chance(table)
    if accuracy is None or accuracy.value is None or blind is None:
        return None
    said = answers(table.unit)
    of = base(accuracy.value)
    people = None if ceiling is None else ceiling.leave_one_out
    rows = [
        _row(_("What was tested"), accuracy.value, of, _span(accuracy)),
        _row(_("The same %(answers)s, dealt out blindly", answers=said), blind, of),
    ]
    figures: list[tuple[str, float, float | None, float | None, float]] = [
        (_("what was tested"), accuracy.value, accuracy.low, accuracy.high, accuracy.n),
        (_("dealt out blindly"), blind, None, None, accuracy.n),
    ]
    if posterior is not None and not math.isnan(posterior.median) and accuracy.low is not None:
        median, low, high = map(float, (posterior.median, posterior.low, posterior.high))
        figures.insert(1, (_("the same, as a posterior over persons"), median, low, high, accuracy.n))
    sentence = _(
        "Of 100 %(answers)s, %(right)s are right. Dealt out blindly to the same faces, %(blind)s would be."
    ) % {"answers": said, "right": of_100(accuracy), "blind": amount(100 * blind)}
    note = ""
    if people is not None and people.value is not None:
        rows.append(_row(_("One person, against most of the others"), people.value, of, _span(people)))
        figures.append((_("one person"), people.value, people.low, people.high, people.n))
        sentence += " " + _("One person’s word is that of most others for %(people)s of 100.", people=of_100(people))
        if table.unit != "votes":
            sentence += " " + _("Against the word of a single person, no classifier can look much better than that.")
        note = _("More about people is under “How far people agree”.")
    head = (_("who"), _("share right"), _("from"), _("to"), _("of"))
    cells = tuple((who, exact(v), exact(low), exact(high), whole(n)) for who, v, low, high, n in figures)
    return Right(sentence, note, tuple(rows), Table(_("Share of right answers"), head, cells))


def _row(who: str, share: float, of: int, span: str = "") -> Row:
    # Of 1,000 slips nobody would see each.
    of = min(of, 100)
    n = tally(share, of)
    said = _("%(n)s right", n=n) if half_up(share * of) == of else _("%(n)s of %(of)s right", n=n, of=count(of))
    return Row(who, f"{said} ({span})" if span else said, slips(share, of))


def _span(e: Estimate) -> str:
    if e.value is None or e.low is None:
        return ""
    return _("of 100: %(span)s", span=share_span(Band(e.value, e.low, e.high)))
