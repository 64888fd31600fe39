"""Verdicts in words, for a terminal and a page."""

from __future__ import annotations

from misread.evidence import catalogue, number
from misread.report.words import amount, plural
from misread.report.words.lookup import isolate
from misread.study.stress import Needed, Setting, Stress, Verdict, in_units

PEOPLE = "A14"
"""How often two people who name the same face agree."""
STATES = {"holds": "holds", "depends": "depends", "not so": "is not so as stated"}


def state_of(v: Verdict) -> str:
    """What became of a claim: ``"holds"``, ``"depends"`` or ``"not so"``."""
    return "holds" if v.holds else "depends" if v.holds_as_stated else "not so"


def shown(v: Verdict, value: float | None) -> str:
    """A value of a claim's finding as people read it."""
    if value is None:
        return "no value"
    match v.claim.finding:
        case "flag_ppv":
            return f"{amount(100 * value)} of 100 alerts right"
        case "p_false_flag_by_year_1" if value > 0.995:
            return "more than 99 of 100 children"
        case "p_false_flag_by_year_1":
            return f"{amount(100 * value)} of 100 children"
        case "flag_lift":
            return f"{amount(value)} times as often right as by lot"
    return f"{amount(value)} times as many wrong flags"


def setting_in_words(s: Setting) -> str:
    """An input at the value that is kind to the vendor."""
    about = isolate(s.about)
    if isinstance(s.stated, str) or isinstance(s.kind_value, str):
        return f"{about}: {isolate(s.kind_value)}"
    turn = "" if s.turn is None or s.turn == s.kind_value else f"; it turns at {in_units(s.turn, s.unit)}"
    return f"{about}: {in_units(s.kind_value, s.unit)} instead of {in_units(s.stated, s.unit)}{turn}"


def line(v: Verdict) -> str:
    """One line for one claim."""
    if v.holds:
        return (
            f"{v.claim.words} It holds over {plural(v.inputs, 'open input')}: as stated {shown(v, v.stated)}, at the "
            f"setting kindest to the vendor {shown(v, v.kindest)}."
        )
    if not v.holds_as_stated:
        return f"{v.claim.words} It is not so as stated: {shown(v, v.stated)}."
    return (
        f"{v.claim.words} As stated: {shown(v, v.stated)}; at the setting kindest to the vendor {shown(v, v.kindest)}. "
        f"It breaks when {'this is so' if len(v.settings) == 1 else 'all of these are so at once'}:"
    )


def needed_in_words(n: Needed) -> str:
    """How good a classifier would have to be."""
    if n.at_best is None:
        return "With a classifier that never errs about a face this rule would not fire at all."
    if n.accuracy is None:
        return (
            "With all else as stated, nine alerts of ten cannot be right, however well faces are read: who never errs "
            f"about a face has {amount(100 * n.at_best)} of 100 alerts right, since children in other states show the "
            "same faces."
        )
    people = number(catalogue(), PEOPLE, "pairs of taggers that agree")
    often = "more often" if 100 * n.accuracy > people else "less often"
    return (
        f"With all else as stated, it would have to name {amount(100 * n.accuracy)} of 100 faces right for nine alerts "
        f"of ten to be right: {often} than two people agree who name the same photograph ({amount(people)} of 100, "
        f"{PEOPLE})."
    )


def headline(stress: Stress) -> str:
    """How many claims hold, depend, or are not so."""
    states = [state_of(v) for v in stress.verdicts]
    holds, depends, others = (states.count(s) for s in STATES)
    claims = plural(len(states), "claim")
    said = [
        f"{holds} hold whatever is unknown" if holds else "",
        f"{depends} depend on what nobody has measured or the vendor has not said" if depends else "",
        f"{others} are not so even as stated" if others else "",
    ]
    return f"Of {claims} about alerts, {', '.join(s for s in said if s)}."


def sentences(stress: Stress) -> list[str]:
    """Everything, for a terminal: the headline, a line a claim, what a classifier would have to be, the questions."""
    out = [headline(stress)]
    for n in stress.needed:
        out += ["", f"Rule “{isolate(n.rule)}”"]
        for v in stress.verdicts:
            if v.rule == n.rule:
                out.append(f"- {line(v)}")
                out += [f"    {setting_in_words(s)}" for s in v.settings]
                out += [f"    The searches ended at: {'; '.join(shown(v, end) for end in v.ends)}."] if v.ends else []
        out.append(f"- {needed_in_words(n)}")
    if stress.questions:
        out += ["", "Questions for the vendor"]
        for i, q in enumerate(stress.questions, 1):
            out.append(f"{i}. {q.words}")
            out += [f"   {t}." for t in q.turns]
    return out
