"""What is said of the whole: what was tested, what counts as right, what intervals cover, what cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.report.audit import say
from misread.report.audit.drawn.lines import Unit, whole
from misread.report.words import Band, base, count, interval_sentence, listing, tally
from misread.report.words.headlines import Headline
from misread.report.words.lookup import clean, isolate, quote

if TYPE_CHECKING:
    from misread.audit.agreement import Ceiling
    from misread.audit.rates import Estimate
    from misread.audit.reading.facts import Facts
    from misread.audit.result import Audit
    from misread.audit.table import CountTable

Figure = tuple[str, str, str]
"""A figure, what it counts, what else is to be said."""


def kicker(table: CountTable, facts: Facts) -> str:
    """The line above the headline: what was tested."""
    parts = [_("misread audit"), isolate(facts.source), f"{whole(table.total)} {_(table.unit)}"]
    if facts.persons is not None:
        parts.append(ngettext("%(n)s person", "%(n)s persons", facts.persons))
    return " · ".join(p for p in parts if p)


def headline(accuracy: Estimate | None, ceiling: Ceiling | None, unit: str) -> Headline:
    """The answer: how many answers are wrong; where nothing but votes was given, how far people agree."""
    if accuracy is None and ceiling is not None:
        return say.ceiling_headline(ceiling.leave_one_out.value)
    return say.headline(accuracy, unit)


def lede(accuracy: Estimate | None, blind: float | None, ceiling: Ceiling | None, table: CountTable) -> tuple[str, ...]:
    """What follows the headline: the interval in its words, and how chance would do; or how far people agree.

    Parameters
    ----------
    accuracy : Estimate or None
        Of everybody; None where only votes were given.
    blind : float or None
        How often the same answers dealt out blindly are right.
    ceiling : Ceiling or None
        What raters agree on.
    table : CountTable
        All counts.
    """
    if accuracy is None and ceiling is not None:
        agree = ceiling.leave_one_out
        if agree.value is None or agree.low is None:
            return (_("No interval can be given: %(why)s.", why=say.note(agree)),)
        _value, low, high = say.of_three(agree)
        between = _("Between %(low)s and %(high)s, given what is known.", low=low, high=high)
        return (between, _("Against the word of one of them, no classifier can look much better."))
    if accuracy is None or accuracy.value is None:
        return ()
    wrong = Band(accuracy.value, accuracy.low, accuracy.high).complement()
    of = base(wrong.value)
    told = [
        interval_sentence(wrong, of) if wrong.ends else _("No interval can be given: %(why)s.", why=say.note(accuracy))
    ]
    if blind is not None:
        dealt = _("Of %(of)s %(answers)s dealt out blindly, %(n)s would be wrong.")
        told.append(dealt % {"of": count(of), "answers": say.answers(table.unit), "n": tally(1 - blind, of)})
    return tuple(told)


def meant(audit: Audit) -> tuple[str, ...]:
    """What counts as right, what an interval is, and what it takes for granted."""
    table = audit.table
    said = []
    if table.counts.sum() > 0:
        said.append(
            _("An answer is right if it is the very word that the table holds as truth; no answer is a wrong one.")
        )
    said.append(_("“Between” is a %(level)s %% interval throughout.", level=f"{100 * audit.level:g}"))
    said.append(cautious(Unit.of(audit)))
    return tuple(said)


def cautious(unit: Unit) -> str:
    """What intervals take for granted."""
    if unit.clusters == "persons":
        return _("Several faces of one person are alike, so intervals count persons, not faces.")
    if unit.clusters == "faces":
        return _(
            "Votes on one face are alike, so intervals count faces, not votes. Persons are not known: if the same "
            "people are shown several times, intervals should be wider than these."
        )
    return _(
        "Persons are not known: intervals treat each row as independent. If the same people are shown several times, "
        "intervals should be wider than these."
    )


def independent(unit: Unit) -> str:
    """The same in short, where persons are not known; empty where they are."""
    if unit.clusters == "persons":
        return ""
    if unit.clusters == "faces":
        return _("Persons are not known: intervals treat faces as independent.")
    return _("Persons are not known: intervals treat rows as independent.")


def tested(table: CountTable, facts: Facts) -> tuple[str, ...]:
    """What was read, what was missing, what groups there are: a sentence each."""
    if facts.kind == "matrix":
        counted = _("%(n)s %(unit)s were counted by others: %(source)s.")
        said = [counted % {"n": whole(table.total), "unit": _(table.unit), "source": quote(facts.source)}]
    else:
        said = [_("%(rows)s rows of %(source)s were read.", rows=whole(facts.rows), source=quote(facts.source))]
    if table.unit != "rows" and facts.kind != "matrix":
        said.append(_("They hold %(n)s %(unit)s.", n=whole(table.total), unit=_(table.unit)))
    if table.weighted and facts.kind == "matrix":
        said.append(_("They are worth fewer independent faces than they are; intervals count that in."))
    elif table.weighted:
        said.append(_("Rows have weights: every count is a sum of them."))
    if table.counts.sum() > 0:
        said.append(
            _(
                "Faces show %(expressions)s; the answers are %(labels)s.",
                expressions=_words(table.expressions),
                labels=_words(table.labels),
            )
        )
    if table.columns:
        levels = [f"{quote(c)} ({len(own)})" for c, own in zip(table.columns, table.levels, strict=True)]
        said.append(_("Groups: %(groups)s.", groups=listing(levels, "and")))
    return tuple(said)


MOST_WORDS = 12
"""Words that a sentence lists; of more it says how many."""


def _words(names: tuple[str, ...]) -> str:
    """Names as a list, or how many there are where nobody would read them."""
    if len(names) > MOST_WORDS:
        return ngettext("%(n)s word", "%(n)s different words", len(names))
    return listing([quote(name) for name in names], "and")


def figures(table: CountTable, facts: Facts) -> tuple[Figure, ...]:
    """What was counted and what was not."""
    found: list[Figure] = []
    known, told = (float(counts.sum()) for counts in (table.counts, table.margin().counts))
    if known > 0:
        found.append((whole(told), _("%(unit)s with a truth: rates are shares of these", unit=_(table.unit)), ""))
    if told < known:
        few = _("%(unit)s stand in no rate: too few persons show what they show", unit=_(table.unit))
        found.append((whole(known - told), few, ""))
    missing = sum(n for _how, n in facts.missing_answers)
    if missing:
        how = ", ".join(f"{clean(how)}: {n:,}" for how, n in facts.missing_answers)
        found.append((f"{missing:,}", _("answers are missing; each counts as “none”, a wrong answer"), how))
    if facts.missing_truth:
        found.append((f"{facts.missing_truth:,}", _("rows have no truth: counted here, and in no rate"), ""))
    for why, n in facts.left_out:
        found.append((f"{n:,}", _("rows stand in no count: %(why)s", why=clean(why)), ""))
    if facts.persons is not None:
        alone = _("%(n)s of them are rows that name nobody", n=f"{facts.alone:,}") if facts.alone else ""
        found.append((f"{facts.persons:,}", _("persons are shown"), alone))
    return tuple(found)


LIMITS = (
    mark(
        "It is about these faces, this version of what was tested, and the groups that the table names; about no "
        "others."
    ),
    mark(
        "What a face shows is what the table says it shows: what an actor was asked to show, or what somebody wrote "
        "down. It is not what the person felt."
    ),
    mark(
        "How often an answer is right depends on how common each expression is where it is used. A benchmark has a "
        "mixture of its own."
    ),
    mark("Intervals cover what chance does in choosing persons and faces. They do not cover how these were chosen."),
)
"""What no audit can tell."""


def limits(audit: Audit) -> tuple[str, ...]:
    """What this table cannot tell."""
    return (*map(_, LIMITS), cautious(Unit.of(audit)))


def repeat(audit: Audit, version: str) -> tuple[tuple[str, str, bool], ...]:
    """What has to be the same for the same figures to come out: what, value, and whether it is code."""
    facts = audit.facts
    rows = [(_("Table"), f"{facts.source} ({facts.kind})" if facts.source else facts.kind, False)]
    if facts.digest:
        rows.append((_("SHA-256 of the file"), facts.digest, True))
    if facts.bytes is not None:
        rows.append((_("Size"), _("%(n)s bytes", n=f"{facts.bytes:,}"), False))
    uses: dict[str, list[str]] = {}
    for use, column in facts.columns:
        uses.setdefault(use, []).append(column)
    rows += [(_("Column for “%(use)s”", use=use), ", ".join(columns), False) for use, columns in uses.items()]
    rows += [(_("Read as"), how, False) for how in facts.read_as]
    drawn = _("%(seed)s; %(permutations)s permutations, %(replicates)s replicates") % {
        "seed": audit.seed,
        "permutations": f"{audit.permutations:,}",
        "replicates": f"{audit.replicates:,}",
    }
    return (*rows, (_("Seed"), drawn, False), (_("Version"), f"misread {version}", False))
