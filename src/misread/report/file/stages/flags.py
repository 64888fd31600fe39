"""The stages of a flag: what the rule read, who is told, and whether it was so."""

from __future__ import annotations

from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, ShareOver, TopOfClass, parse_flag
from misread.language import gettext as _
from misread.report.file.messages import addressed, either
from misread.report.file.stages.stage import Stage
from misread.report.file.walk import Walk


def rule_stage(walk: Walk) -> Stage:
    """What the rule read, and what was so at those looks."""
    rule, title, points = walk.rule, _("Rule"), ("A7",)
    if rule is None:
        none = not walk.deployment.rules
        why = _("This deployment has no rule.") if none else _("No rule ever fires for this child.")
        return Stage(title, points, why, _("So nothing is claimed about it."))
    flag = parse_flag(rule.flag)
    window = walk.lesson[-flag.n :] if isinstance(flag, KOfLast) else walk.lesson
    labels = ", ".join(f"{e.word}{' ●' if e.word in rule.labels else ''}" for e, _truth in window)
    states = ", ".join(f"{t.state}{' ●' if t.state in rule.claims else ''}" for _entry, t in window)
    system = _(
        "“%(rule)s” counts %(counted)s and flags at %(flag)s. What it read, with ● where it counts: %(labels)s.",
        rule=rule.name,
        counted=either(rule.labels),
        flag=rule.flag,
        labels=labels,
    )
    so = _(
        "It looks for %(states)s. What was so, with ● where it is that: %(was)s.",
        states=either(rule.claims),
        was=states,
    )
    return Stage(title, points, system, so)


def flag_stage(walk: Walk) -> Stage:
    """The message, and whether what it claims was so."""
    title = _("Flag and message")
    if walk.flag is None or walk.rule is None:
        return Stage(title, ("A8",), _("No flag, no message."), _("So nothing is claimed that could be wrong."))
    entry, truth = walk.flag
    told = _("A flag; nobody is told.")
    if entry.told:
        told = _("To %(told)s: “%(message)s”", told=addressed(entry.told), message=entry.message)
    verdict, because = judged(walk.rule, bool(truth.right))
    so = _(
        "%(verdict)s: %(because)s. At the time of the flag it was %(state)s.",
        verdict=verdict,
        because=because,
        state=truth.state,
    )
    return Stage(title, ("A8", "A14"), told, so)


def judged(rule: Rule, right: bool) -> tuple[str, str]:
    """The verdict on a flag, and what makes it right, or wrong.

    Parameters
    ----------
    rule : Rule
        Whose flag it is.
    right : bool
        Whether what it claims was so.
    """
    return (_("Right"), _so(rule)) if right else (_("Wrong"), _not_so(rule))


def _so(rule: Rule) -> str:
    claim, flag = either(rule.claims), parse_flag(rule.flag)
    if isinstance(flag, ShareOver):
        share = f"{100 * float(flag.share):.12g}"
        return _("the child was %(states)s in more than %(n)s of 100 looks of the lesson", states=claim, n=share)
    if isinstance(flag, TopOfClass):
        return _("the child was %(states)s in more than half of the looks of the lesson", states=claim)
    if rule.true_if == "at_flag":
        return _("the child was %(states)s at that look", states=claim)
    return _("at one or more of the last %(n)s looks of the lesson the child was %(states)s", n=flag.n, states=claim)


def _not_so(rule: Rule) -> str:
    claim, flag = either(rule.claims), parse_flag(rule.flag)
    if isinstance(flag, ShareOver):
        share = f"{100 * float(flag.share):.12g}"
        return _("the child was %(states)s in at most %(n)s of 100 looks of the lesson", states=claim, n=share)
    if isinstance(flag, TopOfClass):
        return _("the child was %(states)s in at most half of the looks of the lesson", states=claim)
    if rule.true_if == "at_flag":
        return _("the child was not %(states)s at that look", states=claim)
    return _("at none of the last %(n)s looks of the lesson the child was %(states)s", n=flag.n, states=claim)
