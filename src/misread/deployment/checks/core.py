"""Checks of the tables that every deployment has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from misread.deployment.model import Deployment, Pupil
from misread.deployment.model.flags import KOfLast, parse_flag
from misread.deployment.model.timing import looks_per_lesson
from misread.deployment.origin import Origin, quoted
from misread.deployment.text.overlay import OF_WINDOWS
from misread.deployment.text.problems import a_row_each, adds_to_one, listed, names_twice, twice, unknown
from misread.deployment.text.schema import said
from misread.errors import Problem

GROUPS = ("population", "groups")
MARKS = ("file", "marks")


def groups(d: Deployment) -> Iterator[Problem]:
    """Names and shares of the groups."""
    yield from names_twice(d.origin, GROUPS, d.population.groups)
    yield from adds_to_one(d.origin, GROUPS, (g.share for g in d.population.groups), "The groups' `share`")
    for at, group in d.origin.entries(GROUPS, d.population.groups):
        if group.name == "all":
            yield d.origin.problem(
                (*at, "name"),
                'No group can be called "all": findings call all pupils so.',
                mend="rename the group.",
            )


def group_displays(d: Deployment) -> Iterator[Problem]:
    """Every group's display must exist."""
    for at, group in d.origin.entries(GROUPS, d.population.groups):
        if group.display not in d.display:
            yield unknown(d.origin, (*at, "display"), group.display, d.display, "display", "display")


def school_day(d: Deployment) -> Iterator[Problem]:
    """Lessons and the breaks between them must fit into a day."""
    c = d.calendar
    minutes = c.lessons_per_day * Fraction(str(c.lesson_minutes))
    minutes += (c.lessons_per_day - 1) * Fraction(str(c.break_minutes))
    if minutes > 24 * 60:
        yield d.origin.problem(
            ("calendar",),
            f"Lessons and the breaks between them last {float(minutes / 60):,.6g} hours.",
            "at most 24.",
            "shorten lessons or breaks, or hold fewer lessons a day.",
        )


def states(d: Deployment) -> Iterator[Problem]:
    """The pupil's chain."""
    origin, pupil = d.origin, d.pupil
    yield from twice(origin, ("pupil", "states"), pupil.states)
    for table in ("mean_minutes", "next"):
        given: Mapping[str, object] = getattr(pupil, table)
        yield from a_row_each(origin, ("pupil", table), given, pupil.states, "state", "pupil.states")
    sound = set(pupil.next) == set(pupil.states)
    for state, row in pupil.next.items():
        path = ("pupil", "next", state)
        strange = [w for w in row if w not in pupil.states]
        yield from (unknown(origin, (*path, w), w, pupil.states, "state", "pupil.states") for w in strange)
        yield from adds_to_one(origin, path, row.values())
        if row.get(state):
            yield origin.problem(
                (*path, state),
                f"{quoted(state)} jumps to itself.",
                "jumps to other states only.",
                "take the entry out, and divide the row by the rest.",
            )
        sound = sound and not strange
    if sound:
        yield from _irreducible(origin, pupil)


def _irreducible(origin: Origin, pupil: Pupil) -> Iterator[Problem]:
    reached = {state: _reached(pupil, state) for state in pupil.states}
    for target in pupil.states:
        stuck = [s for s in pupil.states if target not in reached[s]]
        if stuck:
            yield origin.problem(
                ("pupil", "next"),
                f"The state {quoted(target)} can never be reached from {listed(stuck)}.",
                "a way from every state to every other.",
                "add a jump that leads there.",
            )


def _reached(pupil: Pupil, state: str) -> set[str]:
    reached, open_ = {state}, [state]
    while open_:
        for following, p in pupil.next[open_.pop()].items():
            if p > 0 and following not in reached:
                reached.add(following)
                open_.append(following)
    return reached


def displays(d: Deployment) -> Iterator[Problem]:
    """Every display has a row for every state."""
    for name, rows in d.display.items():
        path = ("display", name)
        yield from a_row_each(d.origin, path, rows, d.pupil.states, "state", "pupil.states")
        for state, row in rows.items():
            yield from adds_to_one(d.origin, (*path, state), row.values())


def labels(d: Deployment) -> Iterator[Problem]:
    """Every label once."""
    yield from twice(d.origin, ("classifier", "labels"), d.classifier.labels)


def rules(d: Deployment) -> Iterator[Problem]:
    """What a rule says by itself."""
    yield from names_twice(d.origin, ("rules",), d.rules)
    for at, rule in d.origin.entries(("rules",), d.rules):
        for words in ("labels", "claims", "may_claim", "notify"):
            yield from twice(d.origin, (*at, words), getattr(rule, words) or ())
        try:
            flag = parse_flag(rule.flag)
        except ValueError as error:
            yield d.origin.problem((*at, "flag"), f"{error}.", f"{said((*at, 'flag'))[0]}.", "change the rule.")
            continue
        if isinstance(flag, KOfLast):
            continue
        for key in OF_WINDOWS:
            if key in rule.model_fields_set:
                yield d.origin.problem(
                    (*at, key),
                    f'`{key}` means nothing with "{rule.flag}", which is judged once a lesson.',
                    mend=f"take `{key}` out.",
                )


def rule_words(d: Deployment) -> Iterator[Problem]:
    """Labels and states of the rules must exist."""
    for at, rule in d.origin.entries(("rules",), d.rules):
        for word in rule.labels:
            if word not in d.classifier.labels:
                known = d.classifier.labels
                yield unknown(d.origin, (*at, "labels"), word, known, "label", "classifier.labels")
        for key in ("claims", "may_claim"):
            for word in getattr(rule, key) or ():
                if word not in d.pupil.states:
                    yield unknown(d.origin, (*at, key), word, d.pupil.states, "state", "pupil.states")
        if both := set(rule.claims) & set(rule.may_claim or ()):
            what = f"{listed(sorted(both))} stands under `claims` too."
            yield d.origin.problem((*at, "may_claim"), what, "states that are not claimed anyway.", "take it out.")


def rule_looks(d: Deployment) -> Iterator[Problem]:
    """A lesson must have the looks that a rule asks for."""
    looks = looks_per_lesson(d)
    for at, rule in d.origin.entries(("rules",), d.rules):
        try:
            flag = parse_flag(rule.flag)
        except ValueError:
            continue
        if isinstance(flag, KOfLast) and flag.k > looks:
            yield d.origin.problem(
                (*at, "flag"),
                f'"{rule.flag}" can never fire: a lesson has {looks:,} look{"s" if looks != 1 else ""}.',
                f"at most {looks:,} hit{'s' if looks != 1 else ''}.",
                "ask for fewer hits, look more often, or hold longer lessons.",
            )


def marks(d: Deployment) -> Iterator[Problem]:
    """Marks stand on rules."""
    yield from names_twice(d.origin, MARKS, d.file.marks)
    known = [r.name for r in d.rules]
    for at, mark in d.origin.entries(MARKS, d.file.marks):
        if mark.rule not in known:
            yield unknown(d.origin, (*at, "rule"), mark.rule, known, "rule", "rules")
