"""What a flag says to whoever is told, and what a decision came to: plain words of our own."""

from __future__ import annotations

from collections.abc import Sequence

from misread.deployment.model import Rule
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag


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
    return f"{opening}: {_why(rule)}. The child is taken to be {either(rule.claims)}."


def _why(rule: Rule) -> str:
    flag, words = parse_flag(rule.flag), either([f"“{label}”" for label in rule.labels])
    if isinstance(flag, ShareOver):
        return f"more than {100 * float(flag.share):.12g} of 100 readings of the lesson were {words}"
    if not isinstance(flag, KOfLast):
        most = "the child" if flag.n == 1 else f"among the {flag.n} children"
        return f"{most} of the class with most readings of {words} in the lesson"
    # With "keep" hits are never forgotten, so that more than k can lie in the window.
    k = f"{flag.k} or more" if rule.after_flag == "keep" and flag.k < flag.n else f"{flag.k}"
    if flag.n == 1:
        return f"a reading was {words}"
    if flag.k == flag.n:
        return f"{flag.n} readings in a row were {words}"
    return f"{k} of the last {flag.n} readings were {words}"


def either(words: Sequence[str]) -> str:
    """Words as one would say them: a, b or c."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def fate(chance: float | None) -> str:
    """What a decision came to, by the chance of being chosen; only those tied at the cut have one between 0 and 1."""
    if not chance:
        return "not chosen"
    return "chosen" if chance == 1 else f"tied at the cut, chosen with chance {chance:.2g}"
