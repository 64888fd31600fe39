"""What clings to the person, and how many persons it takes to see a gap between groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.report.audit import say
from misread.report.audit.drawn.lines import Chart, Key, Line, Table, cut, drawn, hundredths, marks, whole
from misread.report.audit.sections.further import Section
from misread.report.words import amount, exact, upper_first
from misread.report.words.lookup import clean, quote

if TYPE_CHECKING:
    from misread.audit.groups import Needed
    from misread.audit.groups.effect import LabelEffect, PersonEffect


def effect_section(found: PersonEffect, unit: str) -> Section:
    """How much of the wrong answers belongs to the person, `unit` being what was counted."""
    lines = tuple(_line(e) for e in found.labels)
    title = _("What belongs to the person")
    head = (
        _("wrong answer"), _("part"), _("from"), _("to"), _("sd of the trait"), _("from"), _("to"), _("persons"),
        _("looked at"), _("so answered"), _("note"),
    )  # fmt: skip
    rows = tuple(
        (
            clean(e.label),
            *map(exact, (e.icc, e.icc_low, e.icc_high, e.sd, e.sd_low, e.sd_high)),
            str(e.persons),
            whole(e.faces),
            whole(e.hits),
            _(e.note) if e.note else "",
        )
        for e in found.labels
    )
    told = [e for e in found.labels if e.icc is not None and e.icc_low is not None]
    sure = [e for e in told if _sure(e)]
    text = _(
        "Does a wrong answer fall on anybody alike, or on the same people again and again? Looked at are faces that "
        "show something else than the answer says. The dot is the part of what varies that belongs to the person: 0 if "
        "the answer falls on anybody, 100 if it always falls on the same ones."
    )
    said = _(
        "For %(n)s of %(all)s answers the person’s part is more than chance would show (the interval lies above 0).",
        n=len(sure),
        all=len(told),
    )
    most = max(sure, key=lambda e: e.sd or 0.0, default=None)
    texts = [text]
    if most is not None and most.sd:
        texts.append(
            _(
                "Most plainly %(label)s: with a spread of %(sd)s%(range)s, one person in six has at least %(times)s "
                "times the odds of the middle person to be answered so wrongly."
            )
            % {
                "label": quote(most.label),
                "sd": amount(most.sd),
                "range": _range(most),
                "times": amount(math.exp(most.sd)),
            }
        )
    chart = Chart(
        title=title,
        said=cut(said if told else _untold(found.labels), lines),
        axis=_("of 100 parts of what varies"),
        marks=marks(lines),
        lines=drawn(lines),
        table=Table(_("The person’s part, and the spread of the trait"), head, rows, words=frozenset({0, 10})),
        upright=0.0,
        keys=(Key("dot", _("estimate, with its interval")),),
    )
    notes = []
    if told:
        notes.append(
            _(
                "The spread goes with the counts: run in a school, children differ by it for good, as a trait that "
                "acts on the label. Adults who were photographed may differ otherwise than children do."
            )
        )
    if told and unit == "votes":
        notes.append(_("Votes on one picture are alike because of the picture too: that is in the part of the person."))
    return Section("person", _("Whether it is the same people again"), tuple(texts), (chart,), notes=tuple(notes))


def _untold(labels: Sequence[LabelEffect]) -> str:
    """That nothing can be told, and why where the reason is one for all."""
    why = {e.note for e in labels}
    return upper_first(_(why.pop())) + "." if len(why) == 1 else _("Of no answer can it be told.")


def _sure(e: LabelEffect) -> bool:
    """Whether more belongs to the person than chance would show."""
    return e.icc_low is not None and e.icc_low > say.NOTHING and (e.sd_low or 0.0) > say.NOTHING


def _range(e: LabelEffect) -> str:
    if e.sd_low is None:
        return ""
    if e.sd_high is None:
        return _(" (at least %(low)s)", low=amount(e.sd_low))
    return _(" (between %(low)s and %(high)s)", low=amount(e.sd_low), high=amount(e.sd_high))


def _line(e: LabelEffect) -> Line:
    if e.icc is None:
        return Line(name=clean(e.label), said="–", interval=_(e.note), beside=_so(e), tone="quiet")
    span = ""
    if e.icc_low is not None and e.icc_high is not None:
        span = _("%(low)s to %(high)s", low=say.points(e.icc_low), high=say.points(e.icc_high))
    return Line(
        name=clean(e.label),
        said=say.points(e.icc),
        interval=span,
        beside=_so(e),
        dot=hundredths(e.icc, e.icc_low, e.icc_high),
        tone="wrong" if _sure(e) else "quiet",
    )


def _so(e: LabelEffect) -> str:
    return _("%(hits)s of %(all)s", hits=whole(e.hits), all=whole(e.faces))


def power_section(needed: Sequence[Needed], known: bool) -> Section:
    """How many faces and persons it takes to see a gap between two groups.

    Parameters
    ----------
    needed : sequence of Needed
        Worked out at one base rate.
    known : bool
        Whether persons are known, so that several faces of one may be told apart.
    """
    rows = [n for n in needed if known or n.faces_a_person == 1]
    gaps = sorted({n.gap for n in rows})
    cases = list(dict.fromkeys((n.faces_a_person, n.icc) for n in rows))
    by = {(n.faces_a_person, n.icc, n.gap): n for n in rows}
    head = (_("faces of a person"), *(_("%(n)s points", n=f"{100 * gap:g}") for gap in gaps))
    table = Table(
        _("Needed in each of two groups"),
        head,
        tuple((_case(each, icc), *(_needs(by.get((each, icc, gap))) for gap in gaps)) for each, icc in cases),
    )
    text = _(
        "If the true gap between two groups is so many points of 100, so many faces a group are needed to see it four "
        "times out of five, where %(base)s of 100 answers are right in the one that is read better."
    ) % {"base": amount(100 * rows[0].base)}
    note = _(
        "Further faces of the same person add the less, the more alike their answers are (ICC: 0 not at all, 1 fully)."
    )
    return Section(
        "power", _("How many it takes to see a gap"), (text,), tables=(table,), notes=(note,) if known else ()
    )


def _case(each: int, icc: float) -> str:
    if each == 1:
        return _("one")
    return _("%(n)s, ICC %(icc)s", n=each, icc=f"{icc:g}")


def _needs(n: Needed | None) -> str:
    if n is None:
        return "–"
    faces = _("%(n)s faces", n=f"{n.faces:,}")
    return faces if n.faces_a_person == 1 else _("%(faces)s of %(k)s persons", faces=faces, k=f"{n.persons:,}")
