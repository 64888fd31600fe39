"""What applies to a system in a place on a day, in plain sentences: the command prints it, and pages can."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from misread.language import gettext as _
from misread.report.words import upper_first
from misread.rights.places.deadlines.lengths import parse
from misread.rights.places.entries.model import Applies, Deadline, Place, Route, Source
from misread.rights.places.entries.words import (
    AVAILABILITY,
    EFFECTS,
    FACTS,
    KINDS,
    MARK_OF,
    MARKS,
    Fact,
    Mark,
    day,
    run_by,
)
from misread.rights.places.known import Law, Owed, Standing

ALWAYS: tuple[Fact, ...] = ("setting.education", "input.face_image")
"""What is true of every system that misread is about: cameras that read faces, in a school."""


@dataclass(frozen=True)
class Rule:
    """One provision, as it is said.

    Attributes
    ----------
    id, where, effect, summary, quote : str
        Id, place in the law, what it does, what it says, and a quotation where an official text was read.
    actors : tuple of str
        Whom it binds, or who has the right.
    when : str
        Since when it applies, or from when.
    only_if, not_if : tuple of str
        What has to be true, and was not said to be; and what must not be.
    to_judge, readings, caveats : tuple of str
        Questions that a person has to answer, rival readings, and what a letter that rests on it has to say.
    history : tuple of str
        Dates that were known before and count no more, and those that became known later.
    sources : tuple of str
        Titles of what it rests on.
    mark, confidence : str
        How it is known, and how sure its author was.
    checked : str
        When it was last checked to be in force.
    """

    id: str
    where: str
    effect: str
    actors: tuple[str, ...]
    summary: str
    quote: str
    when: str
    only_if: tuple[str, ...]
    not_if: tuple[str, ...]
    to_judge: tuple[str, ...]
    readings: tuple[str, ...]
    caveats: tuple[str, ...]
    history: tuple[str, ...]
    sources: tuple[str, ...]
    mark: Mark
    confidence: str
    checked: str


@dataclass(frozen=True)
class Way:
    """One way to ask for something, as it is said; `by` is whose law it is, where several are told of."""

    kind: str
    asks: str
    availability: str
    grounds: tuple[str, ...]
    details: tuple[str, ...]
    by: str = ""


@dataclass(frozen=True)
class Limit:
    """One deadline, as it is said: whose it is, how long, and from what it is counted."""

    id: str
    what: str
    owner: str
    length: str
    basis: str
    mark: Mark
    confidence: str


@dataclass(frozen=True)
class Sheet:
    """All that is said of a system in a place on a day.

    Attributes
    ----------
    place, name : str
        Id and name of the place.
    on : date
        The day.
    system : str
        What was said of the system.
    banners : tuple of str
        What has to stand above everything else.
    applies, conditional, excepted, not_yet, over : tuple of Rule
        What applies to such a system; what does if more is true of it; what does not if what was said of it holds; what
        does not yet; what does no more.
    ways : tuple of Way
        What can be asked for.
    limits : tuple of Limit
        Deadlines: the user's own first, since nobody else minds them.
    pending, open_questions, safety : tuple of str
        Bills, what nobody here could answer, and what to read before writing a letter.
    unsure, for_a_lawyer : tuple of str
        What the author of the files was not sure of, and what a lawyer of the place must check.
    sources : tuple of str
        All sources of the place, and how each was read.
    """

    place: str
    name: str
    on: date
    system: str
    banners: tuple[str, ...]
    applies: tuple[Rule, ...]
    conditional: tuple[Rule, ...]
    excepted: tuple[Rule, ...]
    not_yet: tuple[Rule, ...]
    over: tuple[Rule, ...]
    ways: tuple[Way, ...]
    limits: tuple[Limit, ...]
    pending: tuple[str, ...]
    open_questions: tuple[str, ...]
    safety: tuple[str, ...]
    unsure: tuple[str, ...]
    for_a_lawyer: tuple[str, ...]
    sources: tuple[str, ...]


def sheet(law: Law, facts: Collection[Fact], today: date) -> Sheet:
    """What applies to a system in a place on a day.

    Parameters
    ----------
    law : Law
        What is known of the law of the place on that day.
    facts : collection of str
        What is true of the system, beside that it is a camera that reads faces in a school. What is not in it is not
        known: it becomes a condition.
    today : date
        The day on which it is read: from it old checks are told.
    """
    facts = {*ALWAYS, *facts}
    ours = [(route, place) for place in law.places for route in place.route if _grounded(route, law)]
    routes = [route for route, _place in ours]
    unheard = {route.deadline for route in law.routes} - {route.deadline for route in routes}
    rules = [(s, _rule(s, facts, today)) for s in law.provisions]
    now = [(s, rule) for s, rule in rules if s.state in ("applies", "undated")]
    excepted = [rule for s, rule in now if facts & set(s.entry.facts_none)]
    now = [(s, rule) for s, rule in now if rule not in excepted]
    return Sheet(
        place=law.place.id,
        name=law.place.name,
        on=law.on,
        system=_system(facts),
        banners=(*_notice(law), *law.banners(today)),
        applies=tuple(rule for s, rule in now if not s.lacking(facts)),
        conditional=tuple(rule for s, rule in now if s.lacking(facts)),
        excepted=tuple(excepted),
        not_yet=tuple(rule for s, rule in rules if s.state == "not-yet"),
        over=tuple(rule for s, rule in rules if s.state == "over"),
        ways=tuple(_way(route, law, place) for route, place in ours),
        limits=tuple(
            _limit(owed)
            for owed in sorted(law.deadlines, key=lambda owed: owed.entry.owner != "user")
            if owed.entry.id not in unheard
        ),
        pending=tuple(
            _("%(title)s. %(change)s Known how: %(source)s.", title=b.title, change=b.would_change, source=b.source)
            for b in law.pending
        ),
        open_questions=tuple(question.text for question in law.open_questions),
        safety=tuple(said for place in law.places for said in _safety(place)),
        unsure=tuple(place.unsure for place in law.places if place.unsure),
        sources=tuple(_source(source) for place in law.places for source in place.source),
        for_a_lawyer=tuple(place.for_a_lawyer for place in law.places if place.for_a_lawyer),
    )


def _system(facts: Collection[Fact]) -> str:
    said = [_(FACTS[fact]) for fact in FACTS if fact in facts and fact not in ALWAYS]
    known = _("cameras that read faces in a school")
    return _("%(known)s; %(more)s", known=known, more="; ".join(said)) if said else known


def _notice(law: Law) -> Iterator[str]:
    yield _("This is no legal advice. It is what was found out, with how it is known beside it.")
    for place in law.places:
        by = place.checked_by
        if place.lawyer_review == "none":
            yield _("%(name)s: %(by)s; reviewed by no lawyer.", name=place.name, by=by)
        else:
            who, on = place.lawyer_review.name_or_role, day(place.lawyer_review.on)
            yield _("%(name)s: %(by)s; reviewed by %(who)s on %(on)s.", name=place.name, by=by, who=who, on=on)
        if place.more_below:
            yield place.more_below


def _rule(standing: Standing, facts: Collection[Fact], today: date) -> Rule:
    entry = standing.entry
    only_if = [_(FACTS[fact]) for fact in standing.lacking(facts)]
    if entry.controller_types:
        only_if.append(run_by(entry.controller_types))
    readings = (
        _("%(question)s %(reading)s Read so by: %(source)s.", question=r.question, reading=r.reading, source=r.source)
        for r in entry.readings
    )
    checked = entry.last_checked_still_valid
    return Rule(
        id=entry.id,
        where=entry.pinpoint,
        effect=_(EFFECTS[entry.effect]),
        actors=entry.actors,
        summary=entry.summary,
        quote=entry.quote,
        when=_when(standing),
        only_if=tuple(only_if),
        not_if=tuple(_(FACTS[fact]) for fact in entry.facts_none),
        to_judge=entry.judgement,
        readings=tuple(readings),
        caveats=standing.caveats(today),
        history=(
            *(_was(a, standing.place) for a in standing.before),
            *(_became(a, standing.place) for a in standing.later),
        ),
        sources=tuple(source.title for source in standing.sources),
        mark=standing.mark,
        confidence=entry.confidence,
        checked=_("last checked to be in force on %(on)s", on=day(checked))
        if checked
        else _("never checked to be in force"),
    )


def _when(standing: Standing) -> str:
    rule = standing.rule
    if rule is None:
        when = day(standing.place.law_as_of)
        return _("in force when it was recorded (%(when)s); since when was not noted", when=when)
    since = _since(rule, standing.place)
    if standing.state == "over" and rule.applies_until is not None:
        return _("until %(until)s (%(since)s)", until=day(rule.applies_until), since=since)
    return since


def _since(rule: Applies, place: Place) -> str:
    by = next(source for source in place.source if source.id == rule.set_by)
    return _("from %(on)s on, by %(by)s", on=day(rule.applies_from), by=by.title)


def _was(rule: Applies, place: Place) -> str:
    known, since = day(rule.known_from), _since(rule, place)
    if rule.superseded is None:
        return _("Known since %(known)s: %(since)s.", known=known, since=since)
    return _(
        "Known since %(known)s: %(since)s; no longer since %(no)s.", known=known, since=since, no=day(rule.superseded)
    )


def _became(rule: Applies, place: Place) -> str:
    return _("Known only since %(known)s: %(since)s.", known=day(rule.known_from), since=_since(rule, place))


def _source(source: Source) -> str:
    how = _(MARKS[MARK_OF[source.read]])
    parts = [source.title, source.citation, source.href, upper_first(how), source.note.rstrip(".")]
    return ". ".join(part for part in parts if part) + "."


def _grounded(route: Route, law: Law) -> bool:
    """Whether anything that a way rests on was known on the day; a way that names nothing is always told."""
    known = {standing.entry.id for standing in law.provisions}
    return not route.grounds or not known.isdisjoint(route.grounds)


def _way(route: Route, law: Law, place: Place) -> Way:
    deadline = next((d.entry for d in law.deadlines if d.entry.id == route.deadline), None)
    who = [f"{w.actor} ({w.condition})" if w.condition else w.actor for w in route.who]
    named = (
        (_("to"), route.addressee),
        (_("who"), "; ".join(who)),
        (_("form"), route.form),
        (_("fee"), route.fee),
        (_("proof of identity"), route.identity),
        (_("limits"), route.limits),
        (_("by when"), f"{_length(deadline)} [{deadline.id}]" if deadline else ""),
        (_("then"), "; ".join(route.on_expiry)),
        (_("note"), route.note),
    )
    details = tuple(f"{name}: {text}" for name, text in named if text)
    by = place.name if len(law.places) > 1 else ""
    return Way(route.kind, _(KINDS[route.kind]), _(AVAILABILITY[route.availability]), route.grounds, details, by)


def _limit(owed: Owed) -> Limit:
    deadline = owed.entry
    return Limit(
        id=deadline.id,
        what=deadline.what,
        owner=deadline.owner,
        length=_length(deadline),
        basis=deadline.basis,
        mark=owed.mark,
        confidence=deadline.confidence,
    )


def _length(deadline: Deadline) -> str:
    lengths = [str(parse(text)) for text in deadline.lengths]
    if not lengths:
        return _("the law names no number of days")
    how = lengths[0] if len(lengths) == 1 else _("the earliest of %(lengths)s", lengths=", ".join(lengths))
    return _("%(length)s from %(starts)s", length=how, starts=deadline.starts)


def _safety(place: Place) -> Iterator[str]:
    if place.safety.retaliation != "low":
        how = {"medium": _("medium"), "elevated": _("elevated")}[place.safety.retaliation]
        yield _("%(name)s: the danger that a letter is held against the family is %(how)s.", name=place.name, how=how)
    if place.safety.notes:
        yield place.safety.notes
    if place.safety.prefer:
        yield _("Before a letter, try: %(ways)s.", ways="; ".join(place.safety.prefer))


def legend() -> tuple[tuple[Mark, str], ...]:
    """The marks and what they mean."""
    return tuple((sign, _(meaning)) for sign, meaning in MARKS.items())
