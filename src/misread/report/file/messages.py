"""What a flag says to whoever is told, and what a decision came to: plain words of our own."""

from __future__ import annotations

from collections.abc import Sequence

from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag
from misread.language import gettext as _
from misread.language import mark


def message(rule: Rule) -> str:
    """The message that a rule's flags send.

    Parameters
    ----------
    rule : Rule
        Whose name, labels, window and claims it repeats. Nothing about a pupil goes into it.

    Returns
    -------
    str
        Empty where the rule tells nobody: then no message is sent.
    """
    if not rule.notify:
        return ""
    opening = rule.name[0].upper() + rule.name[1:]
    return _(
        "%(rule)s: %(why)s. The child is taken to be %(states)s.",
        rule=opening,
        why=_why(rule),
        states=either(rule.claims),
    )


def _why(rule: Rule) -> str:
    flag, words = parse_flag(rule.flag), either([f"“{label}”" for label in rule.labels])
    if isinstance(flag, ShareOver):
        share = f"{100 * float(flag.share):.12g}"
        return _("more than %(n)s of 100 readings of the lesson were %(words)s", n=share, words=words)
    if not isinstance(flag, KOfLast):
        if flag.n == 1:
            return _("the child of the class with most readings of %(words)s in the lesson", words=words)
        return _(
            "among the %(n)s children of the class with most readings of %(words)s in the lesson", n=flag.n, words=words
        )
    if flag.n == 1:
        return _("a reading was %(words)s", words=words)
    if flag.k == flag.n:
        return _("%(n)s readings in a row were %(words)s", n=flag.n, words=words)
    # With "keep" hits are never forgotten, so that more than k can lie in the window.
    if rule.after_flag == "keep":
        return _("%(k)s or more of the last %(n)s readings were %(words)s", k=flag.k, n=flag.n, words=words)
    return _("%(k)s of the last %(n)s readings were %(words)s", k=flag.k, n=flag.n, words=words)


def either(words: Sequence[str]) -> str:
    """Words as one would say them: a, b or c."""
    *first, last = words
    return _("%(first)s or %(last)s", first=", ".join(first), last=last) if first else last


def addressed(told: Sequence[str]) -> str:
    """Who is told, as a rule's ``notify`` has them: the teacher and the parent."""
    *first, last = told
    who = _(_TOLD[last])
    return _("%(first)s and %(last)s", first=addressed(first), last=who) if first else who


_TOLD = {"teacher": mark("the teacher"), "parent": mark("the parent"), "counsellor": mark("the counsellor")}


def fate(chance: float | None) -> str:
    """What a decision came to, by the chance of being chosen; only those tied at the cut have one between 0 and 1."""
    if not chance:
        return _("not chosen")
    return _("chosen") if chance == 1 else _("tied at the cut, chosen with chance %(chance)s", chance=f"{chance:.2g}")
