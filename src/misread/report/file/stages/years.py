"""The stages of all school years: file, mark, map, decisions, and what it does to the child."""

from __future__ import annotations

from collections import Counter, defaultdict

from misread.deployment.model import Decision, Mark
from misread.language import gettext as _
from misread.language import ngettext
from misread.report.file.entries import Entry, Kind
from misread.report.file.messages import either, fate
from misread.report.file.stages.stage import Stage, of_100
from misread.report.file.walk import Walk
from misread.report.words import amount

Lesson = tuple[int, int, int]
"""School year, day, and lesson of the day."""


def file_stage(walk: Walk) -> Stage:
    """What the file holds after all years."""
    flags = walk.of(Kind.FLAG)
    keep = walk.deployment.file.keep_days
    kept = _("kept for ever")
    if keep != "forever":
        kept = ngettext("kept for %(days)s school day", "kept for %(days)s school days", keep, days=f"{keep:,}")
    system = _(
        "After %(years)s school years the file has %(labels)s labels. Flags are %(kept)s: of %(flags)s ever given, "
        "%(held)s are held at the end.",
        years=walk.file.last,
        labels=f"{sum(e.kind is Kind.LABEL for e in walk.file.entries):,}",
        kept=kept,
        flags=f"{len(flags):,}",
        held=f"{walk.file.on_file[-1]:,}",
    )
    wrong = sum(not t.right for _entry, t in flags)
    truth = _("No flag was given.")
    if flags:
        truth = _("Of the %(n)s flags, %(wrong)s claimed what was not so.", n=f"{len(flags):,}", wrong=f"{wrong:,}")
    return Stage(_("File"), ("A9",), system, truth)


def mark_stage(walk: Walk) -> Stage:
    """The lasting words that the file earned, and those it did not."""
    title, points, marks = _("Mark"), ("A10",), walk.deployment.file.marks
    if not marks:
        return Stage(title, points, _("This deployment gives no mark."), _("So none is unearned."))
    found = walk.of(Kind.MARK)
    said, so = [], []
    for mark in marks:
        given = next(((e, t) for e, t in found if e.word == mark.name), None)
        needs = _needed(mark)
        if given is None:
            most = f"{_most(walk, mark.rule):,}"
            said.append(
                _(
                    "“%(mark)s” takes %(needs)s; the most in one school year was %(most)s.",
                    mark=mark.name,
                    needs=needs,
                    most=most,
                )
            )
            so.append(_("“%(mark)s” is not given.", mark=mark.name))
            continue
        said.append(
            _(
                "In school year %(year)s the child is marked “%(mark)s”: %(needs)s.",
                year=given[0].year,
                mark=mark.name,
                needs=needs,
            )
        )
        if given[1].right:
            so.append(_("“%(mark)s” is earned.", mark=mark.name))
        else:
            so.append(_("“%(mark)s” is unearned: at least half of its flags were wrong.", mark=mark.name))
    return Stage(title, points, " ".join(said), " ".join(so))


def _needed(mark: Mark) -> str:
    flags = f"{mark.flags:,}"
    if mark.within == "year":
        return _("%(n)s flags of “%(rule)s” within a year", n=flags, rule=mark.rule)
    return _("%(n)s flags of “%(rule)s” within a rolling year", n=flags, rule=mark.rule)


def _most(walk: Walk, rule: str) -> int:
    """Most flags of a rule in one school year."""
    years = Counter(e.year for e, _truth in walk.of(Kind.FLAG) if e.word == rule)
    return max(years.values(), default=0)


def map_stage(walk: Walk) -> Stage:
    """How the child answers to kinds of lesson, as the file has it, and how often what is looked for was so."""
    title, points, rule = _("Map"), ("A10", "A12"), walk.rule
    if not walk.deployment.situations or rule is None:
        why = _("There are no flags, so that there is no map.")
        if rule:
            why = _("This deployment tells no kinds of lesson apart, so that there is no map.")
        return Stage(title, points, why, _("So it claims nothing of kinds of lesson that could be wrong."))
    flags, so = [], []
    for kind, flagged, claimed in kinds_of_lesson(walk):
        never = _("%(situation)s (never)", situation=kind)
        flags.append(never if flagged is None else f"{kind} {amount(flagged)}")
        so.append(never if claimed is None else f"{kind} {amount(claimed)}")
    system = _("Lessons of 100 with a flag of “%(rule)s”: %(flags)s.", rule=rule.name, flags=", ".join(flags))
    truth = _(
        "Lessons of 100 in which the child was %(states)s at some look: %(so)s.",
        states=either(rule.claims),
        so=", ".join(so),
    )
    return Stage(title, points, system, truth)


def kinds_of_lesson(walk: Walk) -> list[tuple[str, float | None, float | None]]:
    """The map of a child: how it was flagged in each kind of lesson, and how it was.

    Returns
    -------
    list of (str, float, float)
        For each situation its name, of 100 such lessons those with a flag of the walk's rule, and those in which what
        the rule claims was so at some look; None where the child had no such lesson.
    """
    rule = walk.rule
    lessons: dict[str, set[Lesson]] = defaultdict(set)
    claimed: dict[str, set[Lesson]] = defaultdict(set)
    flagged: dict[str, set[Lesson]] = defaultdict(set)
    for e, t in walk.of(Kind.LABEL):
        lessons[t.situation].add(_lesson(e))
        if rule and t.state in rule.claims:
            claimed[t.situation].add(_lesson(e))
    for e, t in walk.of(Kind.FLAG):
        if rule and e.word == rule.name:
            flagged[t.situation].add(_lesson(e))

    def of_100(some: set[Lesson], all: set[Lesson]) -> float | None:
        return 100 * len(some) / len(all) if all else None

    names = [s.name for s in walk.deployment.situations]
    return [(n, of_100(flagged[n], lessons[n]), of_100(claimed[n], lessons[n])) for n in names]


def _lesson(e: Entry) -> Lesson:
    return e.year, e.day, e.lesson


def decision_stage(walk: Walk) -> Stage:
    """What was decided on the file, and what would have been on a file without error."""
    title, points = _("Decision, years later"), ("A11", "A16")
    if not walk.deployment.decisions:
        return Stage(title, points, _("This deployment takes no decision on the file."), _("So none is wrong."))
    by = {d.name: d for d in walk.deployment.decisions}
    said, so = [], []
    for e, t in walk.of(Kind.DECISION):
        said.append(_taken(by[e.word], e))
        so.append(_("“%(name)s” on the flags of a reader without error: %(fate)s.", name=e.word, fate=fate(t.chosen)))
    return Stage(
        title,
        points,
        " ".join(said) or _("None concerned this child."),
        " ".join(so) or _("So none is wrong."),
    )


def _taken(d: Decision, e: Entry) -> str:
    what = _("the mark “%(mark)s”", mark=d.mark) if d.mark else _("flags of “%(rule)s”", rule=d.rule)
    choose = _("fewest") if d.choose == "fewest" else _("most")
    places = {"name": e.word, "year": e.year, "choose": choose, "what": what, "fate": fate(e.chance)}
    if d.by:
        return _(
            "“%(name)s”, taken by %(by)s, after school year %(year)s, on the %(choose)s %(what)s: %(fate)s.",
            by=d.by,
            **places,
        )
    return _("“%(name)s”, after school year %(year)s, on the %(choose)s %(what)s: %(fate)s.", **places)


def hiding_stage(walk: Walk) -> Stage:
    """How the child answers to being flagged."""
    title, feedback = _("What it does to the child"), walk.deployment.feedback
    if feedback is None:
        system = _("This deployment has no answer of the child to being flagged.")
        return Stage(title, ("A18",), system, _("It goes on showing what it showed."))
    notes, m = walk.masking()
    system = _(
        "%(n)s flags were told to somebody. The system sees a face that shows %(expression)s more often.",
        n=f"{notes:,}",
        expression=feedback.expression,
    )
    truth = _(
        "By the end the child hides its face behind %(expression)s in %(share)s looks, whatever it feels.",
        expression=feedback.expression,
        share=of_100(m),
    )
    return Stage(title, ("A18", "A12"), system, truth)
