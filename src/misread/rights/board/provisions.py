"""Provisions in a paper: each with since when it applies, how it is known, and what has to be said beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from misread.language import gettext as _
from misread.rights.paper.blocks import Run, Words
from misread.rights.places.entries.words import FACTS, MARKS, Effect, Fact, day, run_by
from misread.rights.places.known import Law, Standing
from misread.rights.places.sheet import ALWAYS

FIRST: Sequence[Effect] = ("prohibits", "requires", "exempts", "permits", "defines")
"""What a board has to know first; rights of others to ask come after these."""


def marked() -> str:
    """What the marks of law mean, in a sentence."""
    meanings = "; ".join(f"{sign}, {_(meaning)}" for sign, meaning in MARKS.items())
    return _("In brackets stands how each is known, and how sure its author was: %(marks)s.", marks=meanings)


def cited(standing: Standing) -> Words:
    """A provision as a point of a list, with its mark.

    Parameters
    ----------
    standing : Standing
        The provision as it stands.
    """
    entry = standing.entry
    return (
        Run(entry.pinpoint, "strong"),
        Run(f": {entry.summary} [{standing.mark}, {entry.confidence}; {since(standing)}] "),
        Run(entry.id, "code"),
    )


def sentences(standings: Iterable[Standing], today: date) -> str:
    """All that has to be said beside some provisions, each sentence once.

    Parameters
    ----------
    standings : iterable of Standing
        The provisions.
    today : date
        The day on which the paper is written.
    """
    return " ".join(dict.fromkeys(said for s in standings for said in s.ground(today).sentences))


def since(standing: Standing) -> str:
    """Since when it applies, or from when, in a few words."""
    rule = standing.rule
    if rule is None:
        return _("in force when recorded, %(when)s", when=day(standing.place.law_as_of))
    if standing.state == "over" and rule.applies_until is not None:
        return _("until %(when)s", when=day(rule.applies_until))
    if standing.state == "not-yet":
        return _("only from %(when)s", when=day(rule.applies_from))
    return _("since %(when)s", when=day(rule.applies_from))


def bearing(law: Law, facts: Collection[Fact]) -> tuple[Standing, ...]:
    """The provisions that bear on a system, those first that forbid something or ask for it.

    Parameters
    ----------
    law : Law
        What is known of the law of the place on that day.
    facts : collection of str
        What is true of the system, beside that it is a camera that reads faces in a school.

    Returns
    -------
    tuple of Standing
        Without those that apply no more, that an exception takes out, and that are not used any more.
    """
    known = {*ALWAYS, *facts}
    found = [s for s in law.provisions if s.state != "over" and s.entry.retired is None]
    found = [s for s in found if not known & set(s.entry.facts_none)]
    return tuple(sorted(found, key=lambda s: (_rank(s.entry.effect), s.state == "not-yet", len(s.lacking(known)))))


def _rank(effect: Effect) -> int:
    return FIRST.index(effect) if effect in FIRST else len(FIRST)


def conditions(standing: Standing, facts: Collection[Fact]) -> tuple[str, ...]:
    """What has to be true for a provision to be about a system, beside what is known to be.

    Parameters
    ----------
    standing : Standing
        The provision as it stands.
    facts : collection of str
        As for `bearing`.
    """
    lacking = [_(FACTS[fact]) for fact in standing.lacking({*ALWAYS, *facts})]
    if who := standing.entry.controller_types:
        lacking.append(run_by(who))
    return tuple(lacking)
