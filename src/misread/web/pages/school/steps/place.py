"""Where you are: what applies to such cameras there, on this day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.rights.letters.template import templates
from misread.rights.places.entries.load import law
from misread.rights.places.entries.words import AVAILABILITY, Effect, Fact, Mark
from misread.rights.places.known import at
from misread.rights.places.sheet import Rule, Sheet, Way, legend, sheet
from misread.web.pages.school.kept import Given, Kept, chosen

ASKED: tuple[tuple[Fact, str], ...] = (
    ("subject.pupil", mark("It watches pupils")),
    ("output.emotion", mark("It reads feelings off faces")),
    ("process.identifies_person", mark("It knows which child it sees")),
)
"""What is asked of the system: facts that the files of law know, in plain words."""
SHORT: Mapping[Mark, str] = {
    "R": mark("Read at its origin."),
    "O": mark("Its wording was seen."),
    "S": mark("Known from what others wrote."),
    "K": mark("From general knowledge alone."),
}
"""How something is known, in a few words."""
ORDER: tuple[Effect, ...] = ("prohibits", "grants-right", "requires")
"""Effects in the order in which they are told; the others follow."""


def absorb(kept: Kept, given: Given) -> Kept:
    """What the form adds: the place, and what is ticked; a box that is not ticked is not sent."""
    if not given.has("place"):
        return kept
    place = given.one("place")
    if place:
        chosen(place, law(), _("Where is the school?"))
    system = tuple(fact for fact, _said in ASKED if fact in given.all("fact"))
    changed = place != kept.place
    # Another place has other letters.
    return kept.model_copy(
        update={"place": place, "system": system} | ({"kind": "", "language": "", "warned": False} if changed else {})
    )


def placed(kept: Kept, given: Given) -> Kept:
    """What is kept, with the place that another step was told, if it was.

    Raises
    ------
    MisreadError
        If it is none of those that are offered.
    """
    place = given.one("place")
    return kept.model_copy(update={"place": chosen(place, law(), _("Where is the school?"))}) if place else kept


def told(kept: Kept, given: Given) -> dict[str, Any]:
    """What the template is given."""
    asked = tuple((fact, _(said), fact in kept.system) for fact, said in ASKED)
    if not kept.place:
        return {"places": places(), "asked": asked, "sheet": None}
    here = at(kept.place, given.today)
    found = sheet(here, kept.system, given.today)
    effects = {standing.entry.id: standing.entry.effect for standing in here.provisions}
    return {
        "places": places(),
        "asked": asked,
        "sheet": found,
        "headline": headline(found, effects),
        "ways": tuple(with_letters(found, kept.place)),
        "known": {sign: _(short) for sign, short in SHORT.items()},
        "legend": dict(legend()),
        "groups": tuple(groups(found, effects)),
        "read_at": tuple(
            (source.title, source.href) for place in here.places for source in place.source if source.href
        ),
        "elevated": any(place.safety.retaliation == "elevated" for place in here.places),
    }


def known(sign: Mark, confidence: str) -> str:
    """How something is known, in a few words, and that it is not sure where it is not."""
    return _(SHORT[sign]) if confidence == "high" else f"{_(SHORT[sign])} {_('Not sure.')}"


def places() -> tuple[tuple[str, str], ...]:
    """Ids and names of all places whose law is recorded, by name."""
    return tuple(sorted(((id, place.name) for id, place in law().items()), key=lambda one: one[1]))


def with_letters(found: Sheet, place: str) -> Iterator[tuple[Way, str]]:
    """Ways to ask, each with the kind of letter that goes it; the second way of a kind shares the first one's."""
    left: set[str] = {template.head.kind for template in templates().values() if template.head.place in _places(place)}
    for way in found.ways:
        yield way, way.kind if way.kind in left else ""
        left.discard(way.kind)


def _places(place: str) -> tuple[str, ...]:
    return (place, *law()[place].extends)


def headline(found: Sheet, effects: Mapping[str, Effect]) -> str:
    """What applies, in two sentences with their numbers."""
    bans = sum(effects[rule.id] == "prohibits" for rule in found.applies)
    ways = len({way.kind for way in found.ways if way.availability == _(AVAILABILITY["in-force"])})
    rules = ngettext("%(n)s rule applies to such cameras", "%(n)s rules apply to such cameras", len(found.applies))
    banned = ngettext("%(n)s of them is a ban with exceptions", "%(n)s of them are bans with exceptions", bans)
    asks = ngettext("There is %(n)s thing that you can ask for.", "There are %(n)s things that you can ask for.", ways)
    first = _("%(rules)s; %(banned)s.", rules=rules, banned=banned) if bans else f"{rules}."
    return f"{first} {asks}"


def groups(found: Sheet, effects: Mapping[str, Effect]) -> Iterator[tuple[str, tuple[Rule, ...]]]:
    """Rules under what they mean for the reader, the most telling first."""
    for title, rules in (
        (_("What applies"), found.applies),
        (_("What applies if more is true of it"), found.conditional),
        (_("What does not apply, if what you said is so"), found.excepted),
        (_("What does not apply yet"), found.not_yet),
        (_("What does not apply any more"), found.over),
    ):
        if rules:
            yield title, tuple(sorted(rules, key=lambda rule: _rank(effects[rule.id])))


def _rank(effect: Effect) -> int:
    return ORDER.index(effect) if effect in ORDER else len(ORDER)
