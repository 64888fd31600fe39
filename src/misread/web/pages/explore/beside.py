"""Two policies side by side, each laid on what was asked."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from misread.deployment import Deployment, policies_by_topic
from misread.errors import MisreadError
from misread.report import words
from misread.report.lookup import Figures
from misread.report.pictures import slips
from misread.report.story import tally_100
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
    """

    name: str
    title: str
    sentence: str
    kinds: tuple[str, ...] = ()
    facts: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """Two columns, the answer in a sentence, and the command that compares them in full."""

    sentence: str
    columns: tuple[Column, Column]
    command: str


def listed(left: str, right: str) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """Policies by topic."""
    return tuple(
        (topic, tuple(Option(n, n.replace("-", " "), n == left, n == right) for n in names))
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
    return Sides(_compared(one, a, other, b), (one, other), command)


def _compared(one: Column, a: Figures | None, other: Column, b: Figures | None) -> str:
    if a is None or b is None:
        return f"{one.sentence} {other.sentence}"
    values = [next((f.value for f in x.rows if f.id == "p_false_flag_by_year_1" and f.group == "all"), None)
              for x in (a, b)]  # fmt: skip
    if None in values:
        return f"{one.sentence} {other.sentence}"
    first, second = (words.half_up(100 * (v or 0)) for v in values)
    if first == second:
        return f"Either way, {first} of 100 children would be wrongly flagged in the first school year."
    return (
        f"{first} of 100 children would be wrongly flagged in the first school year with {one.title}, "
        f"{second} with {other.title}."
    )


def _column(asked: Asked, name: str) -> tuple[Column, Figures | None]:
    title = f"“{name.replace('-', ' ')}”" if name else "nothing laid on it"
    try:
        deployment = asked.under(name) if name else asked.deployment
    except MisreadError as error:
        if any(p.key == name for p in error.problems):
            raise
        return Column(name, title, f"With {title} it does not fit: {error.problems[0].what}"), None
    return _told(asked, deployment, name, title)


def _told(asked: Asked, deployment: Deployment, name: str, title: str) -> tuple[Column, Figures | None]:
    rule = next((r for r in deployment.rules if r.name == asked.rule.name), None)
    if rule is None:
        return Column(name, title, f"With {title} no alert is sent, so none is wrong."), None
    if numbers.large(deployment):
        return Column(name, title, f"With {title} it takes longer than a page may: use the command below."), None
    found = numbers.figures(deployment, rule, (*numbers.BESIDE, *numbers.RATES, "p_false_flag_by_year_1"))
    right = found.value("flag_ppv", rule.name)
    if right is None:
        return Column(name, title, f"With {title} no alert is ever sent."), found
    of = words.base(1 - right)
    sentence = f"With {title}, {words.tally(1 - right, of)} of {words.count(of)} alerts would be wrong."
    facts = []
    for id, what in (
        ("flags_per_pupil_year", "alerts about a child in a school year"),
        ("false_flags_per_pupil_year", "of them wrong"),
    ):
        if (value := found.value(id, rule.name)) is not None:
            facts.append((what, words.amount(value), id))
    for id, what in (
        ("p_false_flag_by_year_1", "children wrongly flagged in the first school year"),
        ("spells_missed", "real spells missed"),
    ):
        if (value := found.value(id, rule.name)) is not None:
            facts.append((what, tally_100(value), id))
    return Column(name, title, sentence, slips(right), tuple(facts)), found
