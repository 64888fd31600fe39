"""The report of an audit, as one HTML file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from misread.audit.table import NONE
from misread.language import gettext as _
from misread.report.audit import opening, say
from misread.report.audit.drawn.heat import by_level, heat
from misread.report.audit.drawn.lines import Chart, Key, Table, Unit, cut, drawn, marks, whole
from misread.report.audit.sections import further, gaps, groups, persons, right
from misread.report.page.html import environment, page
from misread.report.words import exact, upper_first
from misread.report.words.lookup import clean
from misread.version import __version__

if TYPE_CHECKING:
    from misread.audit.groups import Disparity
    from misread.audit.intervals.methods import Method
    from misread.audit.rates import Estimate, Rates
    from misread.audit.result import Audit

BY_GROUP = frozenset({"accuracy", "none_share", "recall", "false_positive_rate"})
"""Statistics that are drawn for each group; that there is no answer where it ever happens."""
WORST = 3
"""Rows of the matrix that are told in words."""
EXAMPLES = (0.01, 0.05, 0.2)
"""How common an expression might be, where nobody says."""
SCHOOL = "misread run as-described --profile audit:audit.json"
"""What runs the audit in a school, in the folder of the report."""


def render(audit: Audit, *, command: str, asked: Sequence[Disparity] = (), asks: str = "") -> str:
    """The report of an audit as one self-contained HTML file.

    Parameters
    ----------
    audit : Audit
        Counts, and everything that can be said of them.
    command : str
        The command that repeats it.
    asked : sequence of Disparity
        Gaps within the levels of other columns, where somebody asked for them.
    asks : str
        What profile.toml still asks for; empty where it is complete.

    Returns
    -------
    str
        HTML: no script, nothing fetched, fonts embedded. The same input gives the same text.
    """
    return page("audit/audit.html.j2", told(audit, command=command, asked=asked, asks=asks))


def body(told: Mapping[str, Any]) -> Markup:
    """All sections of the report, for a page of another kind.

    Parameters
    ----------
    told : mapping
        What `told` gives.
    """
    return Markup(environment().get_template("audit/body.html.j2").render(**told))


def told(audit: Audit, *, command: str, asked: Sequence[Disparity] = (), asks: str = "") -> dict[str, Any]:
    """All that the report says, ready for a page of any kind; parameters as for `render`."""
    table, facts, ceiling = audit.table, audit.facts, audit.ceiling
    answered = bool(table.counts.sum() > 0)
    accuracy = audit.rates().find(0, "accuracy") if answered else None
    title = opening.headline(accuracy, ceiling, table.unit)
    return {
        "_": _,
        "css": style(),
        "version": __version__,
        "page_title": str(title),
        "headline": title,
        "kicker": opening.kicker(table, facts),
        "lede": opening.lede(accuracy, right.chance(table), ceiling, table),
        "meant": opening.meant(audit),
        "tested": opening.tested(table, facts),
        "facts": opening.figures(table, facts),
        "independent": opening.independent(Unit.of(audit)),
        "right": right.tell(table, accuracy, ceiling, audit.headline if answered else None),
        **(_answers(audit) if answered else NO_ANSWERS),
        "within": gaps.forest(asked),
        "within_plain": gaps.plain(asked),
        "further": tuple(_further(audit)),
        "school": SCHOOL if answered else "",
        "asks": asks,
        "warnings": tuple(map(upper_first, facts.warnings)),
        "methods": tuple(methods(audit, answered)),
        "limits": opening.limits(audit),
        "command": clean(command),
        "repeat": opening.repeat(audit, __version__),
    }


NO_ANSWERS = {"heat": None, "columns": (), "forest": None, "crossed": None, "composites": None}
"""What a page has none of where only votes were given."""


def _answers(audit: Audit) -> dict[str, Any]:
    """What is said of answers to faces whose truth is known."""
    table, unit, everybody, confusion = audit.table, Unit.of(audit), audit.rates(), tuple(audit.confusion())
    columns = {c: by_group(audit.rates(c)) for c in table.columns}
    against = {c: audit.difference("accuracy", between=c) for c in table.columns}
    maps = {c: by_level(audit.confusion(within=[c]), table.labels, NONE) for c in table.columns}
    found = audit.disparities
    return {
        "unit": unit.head[0],
        "clusters": unit.head[1],
        "missing": NONE,
        "persons": table.people is not None,
        "heat": heat(confusion, table.labels, NONE),
        "confusion_table": cells_table(confusion, unit),
        "unknown": say.unknown([e for e in table.expressions if e not in table.labels]),
        "worst": worst(confusion, table.unit),
        "each": each_word(everybody, unit),
        "worth": worth(audit),
        "stated": audit.prevalence is not None,
        "columns": groups.columns(columns, everybody, found, against, maps, unit),
        "forest": gaps.forest(found),
        "forest_draws": f"{most:,}" if (most := max((d.permutations for d in found), default=0)) else "",
        "plain": gaps.plain(found),
        "crossed": _crossed(audit),
        "composites": composites_table(audit.composites()),
    }


def style() -> Markup:
    """The style sheet of the reports, and what only this page has."""
    env = environment()
    assert env.loader is not None
    return Markup("").join(Markup(env.loader.get_source(env, name)[0]) for name in ("style.css", "audit/audit.css"))


def by_group(rates: Rates) -> tuple[groups.OfGroup, ...]:
    """The rates that are drawn for each group."""
    never = {rates.of(*m.key) for m in rates.measures if m.statistic == "none_share"}
    never = {column for column in never if not rates.hits[:, column].any()}
    keys = [m.key for i, m in enumerate(rates.measures) if m.statistic in BY_GROUP and i not in never]
    return tuple(
        groups.OfGroup(rates.find(stratum, *key), None if rates.even is None else float(rates.even[stratum, at]))
        for key in keys
        for at in [rates.of(*key)]
        for stratum in range(len(rates.value))
    )


def cells_table(confusion: Sequence[Estimate], unit: Unit) -> Table:
    """Every cell of the matrix with its interval."""
    head = (
        _("the face shows"), _("the answer"), _("share"), _("from"), _("to"), _("answers"), *unit.head, _("note"),
    )  # fmt: skip
    rows = tuple(
        (
            clean(e.expression),
            clean(e.label),
            *map(exact, (e.value, e.low, e.high)),
            whole(e.hits),
            whole(e.n),
            whole(e.persons),
            say.note(e),
        )
        for e in confusion
    )
    caption = _("P(answer | what the face shows), intervals by %(method)s", method=confusion[0].method)
    return Table(caption, head, rows, words=frozenset({0, 1, 8}))


def rows_of(confusion: Sequence[Estimate]) -> dict[str, list[Estimate]]:
    """Cells by expression."""
    found: dict[str, list[Estimate]] = {}
    for e in confusion:
        found.setdefault(e.expression or "", []).append(e)
    return found


def worst(confusion: Sequence[Estimate], unit: str) -> tuple[str, ...]:
    """The rows that are read worst, in words, of those that have an answer of their own."""
    named = [
        (next((e.value for e in row if e.label == name and e.value is not None), None), row)
        for name, row in rows_of(confusion).items()
    ]
    read = sorted(((value, row) for value, row in named if value is not None), key=lambda pair: pair[0])
    return tuple(say.row_sentence(row, NONE, unit) for value, row in read[:WORST] if value < 1)


def each_word(everybody: Rates, unit: Unit) -> tuple[Chart, ...]:
    """How often each word is named when it is shown, and when it is not."""
    return tuple(
        _by_word([everybody.find(0, *m.key) for m in everybody.measures if m.statistic == statistic], title, unit)
        for statistic, title in (
            ("recall", _("Named when it is shown")),
            ("false_positive_rate", _("Named when something else is shown")),
        )
        if any(m.statistic == statistic for m in everybody.measures)
    )


def _by_word(estimates: Sequence[Estimate], title: str, unit: Unit) -> Chart:
    names = [clean(e.expression or e.label) for e in estimates]
    lines = [groups.line(name, e, unit) for name, e in zip(names, estimates, strict=True)]
    wrong = say.tone(estimates[0].statistic) == "wrong"
    return Chart(
        title=title,
        said=cut(say.range_said(estimates, names), lines),
        axis=_("of 100 that show something else") if wrong else _("of 100 that show it"),
        marks=marks(lines),
        lines=drawn(lines),
        table=groups.estimates_table(title, estimates, unit, names),
        keys=(Key("dot", _("estimate, with its interval")),),
    )


def worth(audit: Audit) -> Table | None:
    """Of 100 answers, how many are right where an expression is as common as stated, or as in a few examples."""
    labels = [m.label for m in audit.rates().measures if m.statistic == "precision" and m.label]
    if not labels:
        return None
    stated = audit.prevalence
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    if isinstance(stated, Mapping):
        head = (_("answer"), _("of 100 show it"), _("right"))
        found = audit.precision_at(stated)
        rows = [(clean(e.label), f"{100 * stated[e.label or '']:g}", say.of_100(e)) for e in found]
    else:
        shares = EXAMPLES if stated is None else (stated,)
        head = (_("answer"), *(_("if %(n)s of 100 show it", n=f"{100 * share:g}") for share in shares))
        cases = [audit.precision_at(share) for share in shares]
        rows = [(clean(same[0].label), *map(say.of_100, same)) for same in zip(*cases, strict=True)]
    return Table(_("Of 100 answers, so many are right"), head, tuple(rows), words=frozenset(range(len(head))))


def _crossed(audit: Audit) -> Chart | None:
    """Accuracy where groups cross, or of the levels of a single column, alone and leaning on the others."""
    columns = audit.table.columns
    if not columns:
        return None
    return groups.crossed(audit.pooled("accuracy", over=columns), Unit.of(audit), columns)


def composites_table(estimates: Iterable[Estimate]) -> Table:
    """Figures that join all words, in one small table."""
    head = (_("figure"), _("value"), _("from"), _("to"), _("note"))
    rows = tuple((say.called(e.statistic), exact(e.value), exact(e.low), exact(e.high), say.note(e)) for e in estimates)
    return Table(_("Figures that join all words"), head, rows, words=frozenset({0, 4}))


def methods(audit: Audit, answered: bool) -> Iterator[Method]:
    """How what is on the page was made, in the order in which all methods are listed."""
    from misread.audit.intervals.methods import METHODS

    used = {e.method for e in (audit.ceiling.estimates if audit.ceiling else ())}
    if answered:
        used |= {audit.rates().method, *(e.method for e in audit.composites()), "mover-r"}
    if answered and audit.table.people is not None:
        used.add("beta-binomial")
    if answered and audit.table.columns:
        used |= {"newcombe", "permutation", "pooled", "sidak"}
    if audit.table.scores is not None:
        used.add("calibration-null")
    if answered and audit.facts.persons is not None:
        used.add("trait-likelihood")
    return (method for id, method in METHODS.items() if id in used)


def _further(audit: Audit) -> Iterator[further.Section]:
    """Sections that only some tables have, and what it takes to see a gap."""
    from misread.audit.agreement.flips import worst as worst_condition
    from misread.audit.groups import power

    table = audit.table
    if audit.ceiling is not None:
        yield further.ceiling_section(audit.ceiling)
    sure = [*audit.calibration(), *(c for column in table.columns for c in audit.calibration(within=[column]))]
    if sure:
        yield further.calibration_section(sure, Unit.of(audit))
    if audit.flips:
        paired = audit.counted.paired
        several = len(paired) > 1 and any(f.overall.value is not None for f in audit.flips.values())
        most = worst_condition(paired, level=audit.level) if several else None
        yield further.flips_section(audit.flips, most, Unit.of(audit))
    if not table.counts.sum() > 0:
        return
    if audit.effect is not None and audit.facts.persons is not None:
        yield persons.effect_section(audit.effect, audit.table.unit)
    accuracy = audit.rates().find(0, "accuracy").value
    if accuracy is not None:
        yield persons.power_section(power(base=round(accuracy, 2)), audit.facts.persons is not None)
