"""Two policies side by side, each laid on what was asked."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from misread.deployment import Deployment, policies_by_topic, shipped_text
from misread.errors import MisreadError
from misread.language import gettext as _
from misread.report import words
from misread.report.drawn.pictures import slips
from misread.report.page.story import tally_100
from misread.report.words.lookup import Figures, clean
from misread.report.words.sources import EVIDENCE_ID
from misread.web.pages.explore import numbers
from misread.web.pages.explore.asked import Asked


@dataclass(frozen=True, slots=True)
class Option:
    """A policy that can be chosen."""

    name: str
    label: str
    left: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Column:
    """What one policy leads to.

    Attributes
    ----------
    name, title : str
        The policy, empty for none; and what it is called.
    sentence : str
        Of so many alerts, how many are wrong; or why nothing can be said.
    kinds : tuple of str
        Ten alerts.
    facts : tuple of (str, str, str)
        What, how many, and the finding's id.
    about : str
        What the policy's author says it is.
    evidence : tuple of str
        Entries of the evidence that are named there.
    """

    name: str
    title: str
    sentence: str
    kinds: tuple[str, ...] = ()
    facts: tuple[tuple[str, str, str], ...] = ()
    about: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """Two columns, the answer in a sentence, and the command that compares them in full."""

    sentence: str
    columns: tuple[Column, Column]
    command: str


def listed(left: str, right: str) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """Policies by topic."""
    return tuple(
        (topic, tuple(Option(n, f"{_about(n).removesuffix('.')} ({n})", n == left, n == right) for n in names))
        for topic, names in policies_by_topic().items()
    )


def side_by_side(asked: Asked, left: str, right: str) -> Sides | None:
    """Two policies; None where none is asked for.

    Raises
    ------
    MisreadError
        If one of them is no shipped policy.
    """
    if not left and not right:
        return None
    (one, a), (other, b) = (_column(asked, name) for name in (left, right))
    names = [n for n in (left, right) if n]
    settings = [p for s in asked.settings for p in ("--set", s)]
    # The command takes policies, not settings: those are laid on by `misread run`.
    command = shlex.join(["misread", "compare", asked.name, *names])
    if settings:
        command = "\n".join(
            shlex.join(["misread", "run", asked.name, *(["--with", n] if n else []), *settings]) for n in (left, right)
        )
    return Sides(_compared(one, a, other, b), (_explained(one), _explained(other)), command)


def _explained(column: Column) -> Column:
    about = _about(column.name) if column.name else ""
    return replace(column, about=about, evidence=tuple(dict.fromkeys(EVIDENCE_ID.findall(about))))


@cache
def _about(policy: str) -> str:
    """The first sentence of a policy's file."""
    remark = takewhile(lambda line: line.startswith("#"), shipped_text(policy).splitlines())
    said = clean(" ".join(line.lstrip("#: ") for line in remark))
    return said.split(". ")[0].removesuffix(".") + "."


def _compared(one: Column, a: Figures | None, other: Column, b: Figures | None) -> str:
    if a is None or b is None:
        return f"{one.sentence} {other.sentence}"
    values = [next((f.value for f in x.rows if f.id == "p_false_flag_by_year_1" and f.group == "all"), None)
              for x in (a, b)]  # fmt: skip
    if None in values:
        return f"{one.sentence} {other.sentence}"
    first, second = (words.half_up(100 * (v or 0)) for v in values)
    if first == second:
        return _("Either way, %(n)s of 100 children would be wrongly flagged in the first school year.", n=first)
    said = _(
        "%(first)s of 100 children would be wrongly flagged in the first school year with %(one)s, %(second)s with "
        "%(other)s."
    )
    return said % {"first": first, "one": one.title, "second": second, "other": other.title}


def _column(asked: Asked, name: str) -> tuple[Column, Figures | None]:
    title = f"“{name.replace('-', ' ')}”" if name else _("nothing laid on it")
    try:
        deployment = asked.under(name) if name else asked.deployment
    except MisreadError as error:
        if any(p.key == name for p in error.problems):
            raise
        return Column(
            name, title, _("With %(what)s it does not fit: %(why)s", what=title, why=clean(error.problems[0].what))
        ), None
    return _told(asked, deployment, name, title)


def _told(asked: Asked, deployment: Deployment, name: str, title: str) -> tuple[Column, Figures | None]:
    rule = next((r for r in deployment.rules if r.name == asked.rule.name), None)
    if rule is None:
        return Column(name, title, _("With %(what)s no alert is sent, so none is wrong.", what=title)), None
    if numbers.large(deployment):
        return Column(
            name, title, _("With %(what)s it takes longer than a page may: use the command below.", what=title)
        ), None
    ids = (*numbers.BESIDE, *numbers.RATES, "p_false_flag_by_year_1")
    found = numbers.figures(deployment, rule, ids, perfect=False)
    right = found.value("flag_ppv", rule.name)
    if right is None:
        return Column(name, title, _("With %(what)s no alert is ever sent.", what=title)), found
    of = words.base(1 - right)
    said = _("With %(what)s, %(wrong)s of %(n)s alerts would be wrong.")
    sentence = said % {"what": title, "wrong": words.tally(1 - right, of), "n": words.count(of)}
    facts = []
    for id, what in (
        ("flags_per_pupil_year", _("alerts about a child in a school year")),
        ("false_flags_per_pupil_year", _("of them wrong")),
    ):
        if (value := found.value(id, rule.name)) is not None:
            facts.append((what, words.amount(value), id))
    for id, what in (
        ("p_false_flag_by_year_1", _("children wrongly flagged in the first school year")),
        ("spells_missed", _("real spells missed")),
    ):
        if (value := found.value(id, rule.name)) is not None:
            facts.append((what, tally_100(value), id))
    return Column(name, title, sentence, slips(right), tuple(facts)), found
