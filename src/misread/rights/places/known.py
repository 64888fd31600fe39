"""What is known of the law of a place, and applies, on a day; and what a letter that rests on it has to say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from misread.deployment.text.source import near
from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.rights.places.deadlines.lengths import months_after
from misread.rights.places.entries.load import law
from misread.rights.places.entries.model import (
    Applies,
    Deadline,
    Entry,
    Pending,
    Place,
    Provision,
    Question,
    Route,
    Source,
)
from misread.rights.places.entries.words import Fact, Mark, day

State = Literal["applies", "not-yet", "over", "undated"]
"""Whether a provision applies on a day; `undated` where it was in force when recorded, and nobody noted since when."""

STALE = 6
"""Months after which what was checked has to be checked again."""


@dataclass(frozen=True)
class Known:
    """A provision or a deadline, with the place whose law it is.

    Attributes
    ----------
    place : Place
        The place.
    entry : Provision or Deadline
        What is known.
    """

    place: Place
    entry: Entry

    @property
    def sources(self) -> tuple[Source, ...]:
        """What it rests on."""
        return tuple(source for source in self.place.source if source.id in self.entry.sources)

    @property
    def mark(self) -> Mark:
        """How it is known: as its least sure source; from general knowledge where it has none."""
        return self.place.mark(self.entry)

    @property
    def sure(self) -> bool:
        """Whether nothing about how it is known has to be said beside it."""
        return self.mark != "K" and self.entry.confidence == "high"

    def caveats(self, today: date) -> tuple[str, ...]:
        """Sentences without which it grounds no letter.

        Parameters
        ----------
        today : date
            The day on which the letter is written.
        """
        return tuple(self._caveats(today))

    def _caveats(self, today: date) -> Iterator[str]:
        name = self.entry.pinpoint if isinstance(self.entry, Provision) else self.entry.id
        if isinstance(self.entry, Deadline):
            name = self.entry.basis
        if self.mark == "K":
            yield _("%(name)s is given from general knowledge: it was not compared with a text of the law.", name=name)
        if self.entry.confidence != "high":
            yield _("It is not sure that %(name)s is rendered rightly here.", name=name)
        checked = self.entry.last_checked_still_valid
        if stale(checked or self.place.checked_on, today):
            when = day(checked or self.place.checked_on)
            yield _("%(name)s was last checked on %(when)s, more than six months ago.", name=name, when=when)
        if self.entry.retired is not None:
            yield _("%(name)s is not used any more: %(why)s.", name=name, why=self.entry.retired.reason.rstrip("."))


@dataclass(frozen=True)
class Owed(Known):
    """A deadline, with the place whose law it is."""

    entry: Deadline


@dataclass(frozen=True)
class Standing(Known):
    """How a provision stands on a day.

    Attributes
    ----------
    entry : Provision
        The provision.
    on : date
        The day.
    state : str
        One of `State`.
    rule : Applies or None
        The entry of its history that counts on that day; None where it has no history.
    before, later : tuple of Applies
        Entries that were known but count no more, and those that became known only later.
    """

    entry: Provision
    on: date
    state: State
    rule: Applies | None
    before: tuple[Applies, ...]
    later: tuple[Applies, ...]

    @property
    def set_by(self) -> Source | None:
        """The source that set its dates."""
        rule = self.rule
        return next((s for s in self.place.source if rule is not None and s.id == rule.set_by), None)

    def lacking(self, facts: Collection[Fact]) -> tuple[Fact, ...]:
        """What has to be true of a system for it to be about that, beside what is known to be."""
        return tuple(fact for fact in self.entry.facts_all if fact not in facts)

    def ground(self, today: date) -> Ground:
        """It as a ground of a letter, with all the sentences that the letter then has to hold.

        Parameters
        ----------
        today : date
            The day on which the letter is written.
        """
        return Ground(self, today)


@dataclass(frozen=True)
class Ground:
    """A provision that a letter rests on: it cannot be had without the sentences that belong to it.

    Attributes
    ----------
    standing : Standing
        The provision as it stands.
    today : date
        The day on which the letter is written.
    """

    standing: Standing
    today: date

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the letter, or the note that goes with it, has to say."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        standing, name = self.standing, self.standing.entry.pinpoint
        yield from standing.caveats(self.today)
        if standing.state == "not-yet" and standing.rule is not None:
            when = day(standing.rule.applies_from)
            yield _("%(name)s applies only from %(when)s: until then nobody owes what is asked.", name=name, when=when)
        if standing.state == "over":
            yield _("%(name)s does not apply any more.", name=name)
        if standing.place.lawyer_review == "none":
            yield _("No lawyer has reviewed what is said here about %(name)s.", name=name)

    def require(self, text: str) -> None:
        """Refuse a letter that keeps silent about what is not sure.

        Parameters
        ----------
        text : str
            The letter with the note that goes with it; how its lines are broken does not matter.

        Raises
        ------
        MisreadError
            With every sentence that is missing.
        """
        flat = " ".join(text.split())
        problems = [
            Problem(
                f"A letter may not rest on {self.standing.entry.id} without saying: {sentence}",
                "the letter, or the note that goes with it, says so.",
                "put the sentence in, or take the ground out.",
            )
            for sentence in self.sentences
            if sentence not in flat
        ]
        if problems:
            raise MisreadError(problems)


@dataclass(frozen=True)
class Law:
    """What is known of the law of a place on a day, that of the places it belongs to included.

    Attributes
    ----------
    place : Place
        The place.
    on : date
        The day.
    places : tuple of Place
        The place first, then those it belongs to.
    provisions : tuple of Standing
        All that were known on that day.
    """

    place: Place
    on: date
    places: tuple[Place, ...]
    provisions: tuple[Standing, ...]

    @property
    def deadlines(self) -> tuple[Owed, ...]:
        """All deadlines."""
        return tuple(Owed(place, deadline) for place in self.places for deadline in place.deadline)

    @property
    def routes(self) -> tuple[Route, ...]:
        """All ways to ask."""
        return tuple(route for place in self.places for route in place.route)

    @property
    def pending(self) -> tuple[Pending, ...]:
        """Bills."""
        return tuple(bill for place in self.places for bill in place.pending)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What nobody here could answer."""
        return tuple(question for place in self.places for question in place.open_question)

    def __getitem__(self, id: str) -> Standing:
        for found in self.provisions:
            if found.entry.id == id:
                return found
        raise KeyError(id)

    def deadline(self, word: str) -> tuple[Owed, ...]:
        """Deadlines by a word: an id, an id without its place, or what is asked for.

        Parameters
        ----------
        word : str
            Such as "eu.gdpr.12-3", "gdpr.12-3", or "access".

        Raises
        ------
        MisreadError
            If none is meant.
        """
        asked = {route.deadline for route in self.routes if route.kind == word}
        found = tuple(d for d in self.deadlines if d.entry.id in asked or word in (d.entry.id, _tail(d.entry.id)))
        if found:
            return found
        kinds = {route.kind for route in self.routes if route.deadline is not None}
        words = [*sorted(kinds), *(_tail(d.entry.id) for d in self.deadlines)]
        meant = near(word, words)
        raise MisreadError(
            Problem(
                f"No deadline of {self.place.name} is called `{word}`.",
                f"one of {', '.join(words)}.",
                f"did you mean `{meant}`?" if meant else "take one of these.",
                key="KIND",
            )
        )

    def banners(self, today: date) -> tuple[str, ...]:
        """What has to stand above everything that is said: old checks, and days that nobody can know of.

        Parameters
        ----------
        today : date
            The day on which it is read.
        """
        return tuple(self._banners(today))

    def _banners(self, today: date) -> Iterator[str]:
        for place in self.places:
            if stale(place.checked_on, today):
                yield _(
                    "%(name)s was last gone through on %(when)s, more than six months ago: check it before use.",
                    name=place.name,
                    when=day(place.checked_on),
                )
            if self.on > place.law_as_of:
                yield _(
                    "%(name)s is recorded as of %(when)s: what changed after that day is not in here.",
                    name=place.name,
                    when=day(place.law_as_of),
                )


def at(place: str, on: date) -> Law:
    """What is known of the law of a place, and applies, on a day.

    Only what was known on that day is in it, so that what was written then can be looked at with the eyes of that time:
    a date that was moved later still stands as it was expected.

    Parameters
    ----------
    place : str
        Id of a place, such as "eu" or "us-il".
    on : date
        The day.

    Raises
    ------
    MisreadError
        If there is no such place.
    """
    known = law()
    if place not in known:
        named = {p.name.casefold(): id for id, p in known.items()}
        meant = near(place.casefold(), known) or named.get(near(place.casefold(), named), "")
        raise MisreadError(
            Problem(
                f"`{place}` is no place whose law is recorded.",
                f"one of {', '.join(f'{id} ({p.name})' for id, p in known.items())}.",
                f"did you mean `{meant}`?" if meant else "take one of these.",
                key="PLACE",
            )
        )
    places = (known[place], *(known[id] for id in known[place].extends))
    return Law(known[place], on, places, tuple(s for p in places for q in p.provision if (s := standing(p, q, on))))


def standing(place: Place, provision: Provision, on: date) -> Standing | None:
    """How a provision stands on a day; None where nobody knew of it yet."""
    known = tuple(a for a in provision.applies if a.known_from <= on)
    later = provision.applies[len(known) :]
    if not provision.applies:
        return Standing(place, provision, on, "undated", None, (), ())
    if not known:
        return None
    rule = known[-1]
    over = rule.applies_until is not None and rule.applies_until < on
    state: State = "not-yet" if on < rule.applies_from else "over" if over else "applies"
    return Standing(place, provision, on, state, rule, known[:-1], later)


def _tail(id: str) -> str:
    return id.partition(".")[2]


def stale(checked: date, today: date) -> bool:
    """Whether what was checked on a day has to be checked again."""
    return today > months_after(checked, STALE)
