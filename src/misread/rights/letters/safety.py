"""What to read before a letter is sent. Sending one can do harm; this comes before it and never into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from misread.language import gettext as _
from misread.rights.places.entries.load import law


@dataclass(frozen=True, slots=True)
class Note:
    """Something to read first.

    Attributes
    ----------
    id : str
        What it is about.
    text : str
        What it says.
    elevated : bool
        Whether nobody should go on without having read it.
    """

    id: str
    text: str
    elevated: bool = False


def safety(place: str) -> tuple[Note, ...]:
    """What to read before a letter is sent in a place, the most pressing first.

    Parameters
    ----------
    place : str
        Its id.
    """
    return tuple(_notes(place))


def elevated(place: str) -> bool:
    """Whether complaining in a place can do so much harm that nobody should go on without having read the notes."""
    return any(note.elevated for note in safety(place))


def _notes(place: str) -> Iterator[Note]:
    places = [law()[place], *(law()[id] for id in law()[place].extends)]
    risk = max(("low", "medium", "elevated").index(one.safety.retaliation) for one in places)
    if risk == 2:
        said = _("Here a letter can have consequences for your family. Nobody has to send one.")
        yield Note("retaliation", said, True)
    for one in places:
        if one.safety.notes:
            yield Note(f"place-{one.id}", one.safety.notes, one.safety.retaliation == "elevated")
    if risk < 2:
        said = _(
            "Think of how the school treats people who complain, and of what your child wants. Keep a copy of all."
        )
        if risk == 1:
            said = _("Some families have more to lose than others by a letter. Think of what your child wants.")
        yield Note("retaliation", said)
    yield Note(
        "parents",
        _(
            "If you are separated, or a court has said who may know what: the school may show your letter, and your "
            "address, to the other parent. Ask somebody who knows the order first. This is not stored anywhere."
        ),
    )
    yield Note(
        "immigration",
        _(
            "If the right of somebody in your home to stay is not secure: ask a counsellor first. The letter needs "
            "nothing about nationality or papers; never put them in."
        ),
    )
    yield Note(
        "device",
        _("Do not write it on a device or an account that the school or an employer manages."),
    )
    prefer = [way for one in places for way in one.safety.prefer] or [
        _("a talk with the teacher"),
        _("the parents’ association, together with others"),
        _("an ombudsperson"),
        _("a union"),
        _("a lawyer"),
        _("a reporter"),
    ]
    yield Note("instead", _("What may do instead, or first: %(ways)s.", ways="; ".join(prefer)))
