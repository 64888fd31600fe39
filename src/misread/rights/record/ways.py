"""How a question can be asked in a place, and what requires its answer there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from misread.errors import MisreadError
from misread.language import gettext as _
from misread.rights.places.deadlines.due import Circumstances, count
from misread.rights.places.entries.model import Route
from misread.rights.places.entries.words import FACTS, Availability, Fact, Kind, Mark, day, run_by
from misread.rights.places.known import Law, Standing
from misread.rights.record.fields import COPIES, Field
from misread.rights.record.model import SchoolKind


@dataclass(frozen=True)
class Provision:
    """A provision that stands behind a gap.

    Attributes
    ----------
    id, where, says : str
        Its id, where it stands in the law, and what it says in a sentence.
    since : str
        Since when it applies.
    who : tuple of str
        Whom it binds, or who has the right.
    mark, confidence : str
        How it is known, and how sure its author was.
    judgement, readings : tuple of str
        Questions that a person has to answer before it is said to apply, and rival ways to understand it.
    caveats : tuple of str
        What a letter that rests on it has to say.
    """

    id: str
    where: str
    says: str
    since: str
    who: tuple[str, ...]
    mark: Mark
    confidence: str
    judgement: tuple[str, ...]
    readings: tuple[str, ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """A kind of letter by which a question can be asked.

    Attributes
    ----------
    kind : str
        Which, such as "access".
    availability : str
        Whether there is such a right: "in-force" or "doubtful".
    grounds : tuple of Provision
        What it rests on.
    conditions : tuple of str
        What has to be true of who runs the system, and is not known, in words that complete "if …".
    due : date or None
        The earliest day on which an answer is due, if the letter arrives on the day of the report; None where the law
        names no number of days, or where one of those that it can go to has a deadline that cannot be counted.
    counted, unsure : tuple of str
        How it was counted, and what could make it another day.
    """

    kind: Kind
    availability: Availability
    grounds: tuple[Provision, ...]
    conditions: tuple[str, ...]
    due: date | None
    counted: tuple[str, ...]
    unsure: tuple[str, ...]


def ways(law: Law, kind: SchoolKind, today: date, given: Circumstances) -> tuple[Way, ...]:
    """The ways to ask that a place has: one for each kind of letter and how sure the right to it is.

    Parameters
    ----------
    law : Law
        What is known of its law.
    kind : str
        Which kind of school it is.
    today : date
        The day on which a letter would arrive.
    given : Circumstances
        Holidays, closed days and terms that move deadlines.
    """
    together: dict[tuple[Kind, Availability, bool], list[Route]] = {}
    for route in law.routes:
        if route.availability not in ("in-force", "doubtful"):
            continue
        now = [one for one in law.provisions if one.entry.id in route.grounds and one.state in ("applies", "undated")]
        if route.grounds and not now:
            continue
        bound = not now or any(_bound(one.entry.controller_types, kind) for one in now)
        copy = bool(now) and {one.entry.id for one in now} <= COPIES
        together.setdefault((route.kind, route.availability if bound else "doubtful", copy), []).append(route)
    return tuple(_one_way(law, routes, how, kind, today, given) for (_kind, how, _copy), routes in together.items())


def _one_way(
    law: Law, routes: Sequence[Route], how: Availability, kind: SchoolKind, today: date, given: Circumstances
) -> Way:
    ids = {id for route in routes for id in route.grounds}
    grounds = [one for one in law.provisions if one.entry.id in ids and one.state in ("applies", "undated")]
    types = [one.entry.controller_types for one in grounds]
    dues: list[date | None] = []
    counted, unsure = [], []
    for route in routes:
        owed = next((one for one in law.deadlines if one.entry.id == route.deadline), None)
        if owed is None:
            continue
        to = _("To %(who)s: ", who=route.addressee) if len(routes) > 1 and route.addressee else ""
        try:
            found = count(owed.entry, today, given)
        except MisreadError as error:
            unsure += [f"{to}{problem.what}" for problem in error.problems]
            dues.append(None)
            continue
        dues.append(found.due)
        counted += [f"{to}{one.said}" for one in found.counted]
        counted += [] if found.counted else [_("%(to)sthe law names no number of days.", to=to)]
        unsure += [*found.unsure, *owed.caveats(today)]
    return Way(
        kind=routes[0].kind,
        availability=how,
        grounds=tuple(behind(one, today) for one in grounds),
        conditions=tuple(run_by(one) for one in dict.fromkeys(types) if one and kind not in one and all(types)),
        due=None if None in dues else min((one for one in dues if one), default=None),
        counted=tuple(counted),
        unsure=tuple(dict.fromkeys(unsure)),
    )


def _bound(types: Collection[str], kind: SchoolKind) -> bool:
    """Whether a rule may bind such a school: one for public bodies alone does not bind a private one."""
    return not types or kind not in ("private", "church") or any("private" in t or "nonpublic" in t for t in types)


def aptest(field: Field, among: Sequence[Way]) -> Way | None:
    """The way to ask a question: where there is a right, the aptest; of equals, the earliest. None where there is none.

    Parameters
    ----------
    field : Field
        What is asked.
    among : sequence of Way
        The ways that its place has.
    """
    fit = [way for way in among if way.kind in field.routes and (field.in_data or not _copy(way))]
    return min(
        fit,
        key=lambda way: (way.availability != "in-force", field.routes.index(way.kind), way.due or date.max),
        default=None,
    )


def _copy(way: Way) -> bool:
    """Whether it lets one see what is held, and nothing more."""
    return bool(way.grounds) and {one.id for one in way.grounds} <= COPIES


def conditions(standing: Standing, facts: Collection[Fact], kind: SchoolKind) -> Iterator[str]:
    """What is not known to be true, and has to be before a provision binds; in words that complete "if …".

    Parameters
    ----------
    standing : Standing
        The provision as it stands.
    facts : collection of str
        What is true of the system.
    kind : str
        Which kind of school it is.
    """
    if standing.state == "not-yet" and standing.rule is not None:
        yield _("it is %(day)s or later", day=day(standing.rule.applies_from))
    yield from (_(FACTS[fact]) for fact in standing.lacking(facts))
    yield from (_("it is not so that %(fact)s", fact=_(FACTS[fact])) for fact in standing.entry.facts_none)
    types = standing.entry.controller_types
    if types and kind not in types:
        yield run_by(types)


def behind(standing: Standing, today: date) -> Provision:
    """A provision as it is said beside a gap.

    Parameters
    ----------
    standing : Standing
        The provision as it stands.
    today : date
        The day on which it is read.
    """
    rule, entry = standing.rule, standing.entry
    since = (
        _("since %(day)s", day=day(rule.applies_from))
        if rule
        else _("in force when it was recorded, on %(day)s", day=day(standing.place.law_as_of))
    )
    return Provision(
        id=entry.id,
        where=entry.pinpoint,
        says=entry.summary,
        since=since,
        who=entry.actors,
        mark=standing.mark,
        confidence=entry.confidence,
        judgement=entry.judgement,
        readings=tuple(
            _(
                "%(question)s %(reading)s Read so by: %(source)s.",
                question=r.question,
                reading=r.reading,
                source=r.source,
            )
            for r in entry.readings
        ),
        caveats=standing.ground(today).sentences,
    )
