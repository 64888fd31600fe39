"""Sections that only some tables have: raters, sureness, other conditions, persons; and what it takes to see a gap."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.language import ngettext
from misread.report.audit import say
from misread.report.audit.drawn.heat import rounded
from misread.report.audit.drawn.lines import Chart, Key, Line, Table, Unit, cut, drawn, hundredths, level, marks, whole
from misread.report.audit.sections.groups import estimates_table, line
from misread.report.words import Band, amount, exact
from misread.report.words.lookup import clean, quote

if TYPE_CHECKING:
    from misread.audit.agreement import Calibration, Ceiling, Flips
    from misread.audit.agreement.flips import Worst
    from misread.audit.rates import Estimate


@dataclass(frozen=True, slots=True)
class Section:
    """One section further down the page.

    Attributes
    ----------
    id, title : str
        Its heading.
    text : tuple of str
        Paragraphs before its charts.
    charts : tuple of Chart
        What it draws.
    tables : tuple of Table
        Small tables that are always seen.
    folded : tuple of Chart
        What is drawn where a reader opens it.
    folded_title : str
        What these are.
    notes : tuple of str
        What is said after all of it.
    """

    id: str
    title: str
    text: tuple[str, ...]
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Chart, ...] = ()
    folded_title: str = ""
    notes: tuple[str, ...] = ()

    @property
    def folded_said(self) -> str:
        """What the folded charts are, and how many."""
        n = len(self.folded)
        return ngettext("%(what)s (%(n)s chart)", "%(what)s (%(n)s charts)", n, what=self.folded_title)


def ceiling_section(found: Ceiling) -> Section:
    """How good anything could look beside several raters."""
    every = found.leave_one_out
    text = _(
        "%(faces)s faces have the words of several people, %(votes)s in all. One person’s word is that of most of the "
        "others for %(one)s of 100 faces; two people say the same for %(two)s; on %(all)s of 100 all agree."
    ) % {
        "faces": amount(found.faces),
        "votes": amount(found.votes),
        "one": say.of_100(every),
        "two": say.of_100(found.rater_pairs),
        "all": say.of_100(found.unanimous),
    }
    kind = _(
        "The share of the commonest word, %(share)s of 100, is too kind a measure: each person is counted among those "
        "who agree with them. Beyond chance, agreement is %(kappa)s by Fleiss’ kappa and %(alpha)s by Krippendorff’s "
        "alpha (1: full, 0: as by chance)."
    ) % {
        "share": say.of_100(found.commonest_share),
        "kappa": say.coefficient(found.kappa),
        "alpha": say.coefficient(found.alpha),
    }
    notes = [_("“Cannot tell” counts as a word of its own where it was one of the options.")]
    if found.lone:
        notes.append(_("%(n)s faces with fewer than two votes are in no figure here.", n=amount(found.lone)))
    unit = Unit("votes", "faces" if found.persons is None else "persons")
    by_word = [e for option in found.options for e in [found.find("leave_one_out", option)] if e.n > 0]
    words = _agreement(
        _("By the word that most of the others chose"), by_word, [clean(e.label) for e in by_word], every, unit
    )
    by_column: dict[str, list[Estimate]] = {}
    for e in found.estimates:
        if e.statistic == every.statistic and e.label is None and len(e.group) == 1:
            by_column.setdefault(e.group[0][0], []).append(e)
    groups = tuple(
        _agreement(_("By %(column)s", column=quote(column)), es, [level(e) for e in es], every, unit)
        for column, es in by_column.items()
    )
    return Section("people", _("How far people agree"), (text, kind), (words, *groups), notes=tuple(notes))


def _agreement(title: str, estimates: Sequence[Estimate], names: Sequence[str], every: Estimate, unit: Unit) -> Chart:
    lines = tuple(line(name, e, unit) for name, e in zip(names, estimates, strict=True))
    return Chart(
        title=title,
        said=cut(say.range_said(estimates, names), lines),
        axis=_("of 100 votes, the same word as most of the others"),
        marks=marks(lines),
        lines=drawn(lines),
        table=estimates_table(title, estimates, unit, names),
        upright=None if every.value is None else 100 * every.value,
        keys=(Key("dot", _("estimate, with its interval")), Key("upright", _("all faces"))),
    )


def calibration_section(found: Sequence[Calibration], unit: Unit) -> Section:
    """How sure it said it was, beside how often it was right; everybody first, then each group.

    Parameters
    ----------
    found : sequence of Calibration
        Everybody, then the levels of each column.
    unit : Unit
        What is counted.
    """
    every = found[0]
    over = every.overconfidence
    said = [
        _(
            "It says how sure it is of each answer. If that is to mean something, it has to be right for 80 of 100 "
            "answers that it gives a score of 0.8."
        )
    ]
    if over.value is not None:
        surer = _("On average it is %(n)s points of 100 surer than it is right%(range)s.")
        less = _("On average it is %(n)s points of 100 less sure than it is right%(range)s.")
        span = "" if over.low is None or over.high is None else f" ({say.signed_span(over)})"
        said.append((surer if over.value >= 0 else less) % {"n": amount(abs(100 * over.value)), "range": span})
    chance = _(
        "The dot is how far the two lie apart, over bins of scores. A model that is perfectly calibrated would not "
        "show 0: with so few answers a bin, chance keeps them apart. The band is what it would show in 19 of 20 tables."
    )
    return Section(
        "sure",
        _("How sure it says it is"),
        (*said, chance),
        (_errors(found, unit),),
        folded=(_overconfidence(found, unit), _bins(every)),
        folded_title=_("Surer than right, and score by score"),
    )


def _errors(found: Sequence[Calibration], unit: Unit) -> Chart:
    lines = tuple(
        Line(
            name=_named(c),
            said="–" if c.error is None else say.points(c.error),
            interval=_("p %(p)s", p=say.p_words(c.p)) if c.p is not None else _(c.note),
            beside=unit.counted(c.n, c.persons),
            dot=None if c.error is None else Band(100 * c.error),
            band=None if c.chance_high is None else (0.0, 100 * c.chance_high),
            tick=None if c.chance is None else 100 * c.chance,
            tone="wrong" if c.p is not None and c.p < say.SHOWN else "quiet",
        )
        for c in found
    )
    told = [c for c in found if c.p is not None]
    beyond = sum(c.p < say.SHOWN for c in told if c.p is not None)
    title = _("How far sureness and being right lie apart (ECE)")
    head = (
        _("about"), _("apart"), _("perfect model: mean"), _("perfect model: 95th percentile"), "p", _("beyond chance"),
        *unit.head, _("note"),
    )  # fmt: skip
    rows = tuple(
        (
            _named(c),
            *map(exact, (c.error, c.chance, c.chance_high, c.p, c.beyond)),
            whole(c.n),
            whole(c.persons),
            _(c.note) if c.note else "",
        )
        for c in found
    )
    several = _(
        "For %(n)s of %(all)s it is more than a perfectly calibrated model would show (p below 0.05); chance alone "
        "would make it about %(chance)s."
    ) % {"n": beyond, "all": len(told), "chance": amount(say.SHOWN * len(told))}
    more = _("It is more than a perfectly calibrated model would show (p below 0.05).")
    no_more = _("It is no more than a perfectly calibrated model might show.")
    return Chart(
        title=title,
        said=cut(several if len(told) != 1 else more if beyond else no_more, lines),
        axis=_("points of 100"),
        marks=marks(lines),
        lines=drawn(lines),
        table=Table(title, head, rows, words=frozenset({0, 8})),
        keys=(
            Key("point", _("seen: more than chance would make it"), "wrong"),
            Key("point", _("seen: no more than that"), "quiet"),
            Key("band", _("what a perfectly calibrated model would show; the stroke: on average")),
        ),
    )


def _named(c: Calibration) -> str:
    return " · ".join(clean(value) for _column, value in c.group) or _("everybody")


def _overconfidence(found: Sequence[Calibration], unit: Unit) -> Chart:
    estimates = [c.overconfidence for c in found]
    lines = tuple(
        Line(
            name=level(e),
            said="–" if e.value is None else amount(100 * e.value, signed=True),
            interval=say.signed_span(e) or say.note(e),
            beside=unit.counted(e.n, e.persons),
            dot=hundredths(e.value, e.low, e.high),
            tone="quiet",
        )
        for e in estimates
    )
    title = _("Surer than right")
    return Chart(
        title=title,
        said=cut(_("Right of the line: surer than right. Left of it: less sure."), lines),
        axis=_("points of 100"),
        marks=marks(lines),
        lines=drawn(lines),
        table=estimates_table(title, estimates, unit),
        upright=0.0,
        keys=(Key("dot", _("estimate, with its interval")), Key("upright", _("as sure as right"))),
    )


def _bins(c: Calibration) -> Chart:
    bins = c.bins
    assert bins is not None, "everybody's are always told"
    used = [i for i in range(len(bins.n)) if bins.n[i] > 0]
    lines = tuple(
        Line(
            name=_("%(low)s to %(high)s", low=amount(100 * bins.edges[i]), high=amount(100 * bins.edges[i + 1])),
            said=rounded(float(bins.share[i])),
            interval=""
            if math.isnan(bins.low[i])
            else _("%(low)s to %(high)s") % {"low": rounded(float(bins.low[i])), "high": rounded(float(bins.high[i]))},
            beside=_("sure: %(n)s", n=rounded(float(bins.score[i]))),
            dot=hundredths(float(bins.share[i]), *_both(float(bins.low[i]), float(bins.high[i]))),
            ring=100 * float(bins.score[i]),
            tone="right",
        )
        for i in used
    )
    title = _("Score by score")
    head = (_("sure, of 100"), _("mean score"), _("share right"), _("from"), _("to"), _("answers"), _("right"))
    rows = tuple(
        (
            line.name,
            *map(_exact, (bins.score[i], bins.share[i], bins.low[i], bins.high[i])),
            whole(float(bins.n[i])),
            whole(float(bins.hits[i])),
        )
        for i, line in zip(used, lines, strict=True)
    )
    return Chart(
        title=title,
        said=_("Where ring and dot lie apart, it is surer or less sure than it is right."),
        axis=_("of 100"),
        marks=marks(lines),
        lines=lines,
        table=Table(title, head, rows),
        keys=(Key("dot", _("how often it was right, with its interval")), Key("ring", _("how sure it said it was"))),
    )


def _exact(x: float) -> str:
    return exact(None if math.isnan(x) else float(x))


def _both(low: float, high: float) -> tuple[float | None, float | None]:
    return (None, None) if math.isnan(low) else (low, high)


def flips_section(found: Mapping[str, Flips], most: Worst | None, unit: Unit) -> Section:
    """How often the answer to the same face changes under another condition.

    Parameters
    ----------
    found : mapping
        Condition → its flips.
    most : Worst or None
        The condition under which most answers change, where there are several.
    unit : Unit
        What is counted.
    """
    every = [f.overall for f in found.values()]
    names = [clean(name) for name in found]
    lines = tuple(line(name, e, unit, "wrong") for name, e in zip(names, every, strict=True))
    title = _("Answers that change")
    chart = Chart(
        title=title,
        said=cut(say.range_said(every, names), lines),
        axis=_("of 100 faces, answered otherwise"),
        marks=marks(lines),
        lines=drawn(lines),
        table=estimates_table(title, every, unit, names),
        keys=(Key("dot", _("estimate, with its interval")),),
    )
    folded = tuple(c for name, f in found.items() for c in _flips(clean(name), f, unit))
    text = _(
        "The same faces were shown under other conditions. What a person feels has not changed, so a changed answer is "
        "the condition’s doing."
    )
    return Section(
        "conditions",
        _("The same faces under other conditions"),
        (text, *(_flip_sentence(name, f) for name, f in zip(names, found.values(), strict=True)), *_most(most)),
        (chart,),
        folded=folded,
        folded_title=_("Answer by answer, group by group"),
    )


def _most(worst: Worst | None) -> tuple[str, ...]:
    """What can be claimed of the worst of several conditions."""
    if worst is None or worst.at_least is None:
        return ()
    said = _(
        "Most answers change under %(name)s. The worst of %(k)s looks worse than it is; with all of them counted in, "
        "at least %(n)s of 100 change."
    )
    return (said % {"name": quote(worst.condition), "k": worst.conditions, "n": say.points(worst.at_least)},)


def _flip_sentence(name: str, f: Flips) -> str:
    lost, gained = f.rates.find(0, "lost_rate"), f.rates.find(0, "found_rate")
    said = _("Under %(name)s, %(n)s of 100 answers change.", name=quote(name), n=say.of_100(f.overall))
    if lost.hits:
        said += " " + _("Of 100 faces that had an answer, %(n)s lose it.", n=say.of_100(lost))
    if gained.hits:
        said += " " + _("Of 100 that had none, %(n)s get one.", n=say.of_100(gained))
    return said


def _flips(condition: str, f: Flips, unit: Unit) -> tuple[Chart, ...]:
    """What is told of one condition: by the first answer, then by each group column."""
    first = [f.rates.find(0, *m.key) for m in f.rates.measures if m.statistic == "flip_rate" and m.expression]
    charts = [(_("By the answer without it"), first, [clean(e.expression) for e in first])]
    for rates in f.groups:
        by = [rates.find(s, "flip_rate") for s in range(len(rates.value))]
        charts.append((_("By %(column)s", column=quote(rates.table.columns[0])), by, [level(e) for e in by]))
    made = []
    for what, estimates, names in charts:
        title = f"{quote(condition)}: {what}"
        lines = tuple(line(name, e, unit, "wrong") for name, e in zip(names, estimates, strict=True))
        made.append(
            Chart(
                title=title,
                said=cut(say.range_said(estimates, names), lines),
                axis=_("of 100 faces, answered otherwise"),
                marks=marks(lines),
                lines=drawn(lines),
                table=estimates_table(title, estimates, unit, names),
                keys=(Key("dot", _("estimate, with its interval")),),
            )
        )
    return tuple(made)
