"""The closed vocabularies of the files of law, and what each word means in plain English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

from misread.language import gettext as _
from misread.language import mark

Mark = Literal["R", "O", "S", "K"]
"""How a statement is known, from the surest to the least sure."""

MARKS: Mapping[Mark, str] = MappingProxyType(
    {
        "R": mark("read or measured for this project at its origin"),
        "O": mark("its wording was seen in a stored copy of an official text"),
        "S": mark("seen only in what others wrote about it"),
        "K": mark("from general knowledge: nobody compared it with a text for this project"),
    }
)
"""What each mark means."""

Read = Literal["origin", "official", "secondary", "recall"]
"""How a source was read: there, in a stored copy of an official text, through others, or not at all."""

MARK_OF: Mapping[Read, Mark] = MappingProxyType({"origin": "R", "official": "O", "secondary": "S", "recall": "K"})
"""The mark that a source gives to what rests on it."""

Effect = Literal[
    "prohibits", "requires", "permits", "defines", "exempts", "grants-right", "sets-deadline", "empowers-authority"
]
EFFECTS: Mapping[Effect, str] = MappingProxyType(
    {
        "prohibits": mark("prohibits"),
        "requires": mark("requires"),
        "permits": mark("permits"),
        "defines": mark("defines"),
        "exempts": mark("exempts"),
        "grants-right": mark("grants a right"),
        "sets-deadline": mark("sets a deadline"),
        "empowers-authority": mark("empowers an authority"),
    }
)
"""What a provision does."""

Fact = Literal[
    "setting.education",
    "subject.pupil",
    "input.face_image",
    "output.emotion",
    "process.identifies_person",
    "purpose.medical",
    "purpose.safety",
]
FACTS: Mapping[Fact, str] = MappingProxyType(
    {
        "setting.education": mark("it is used in education"),
        "subject.pupil": mark("it is about pupils"),
        "input.face_image": mark("it takes in pictures of faces"),
        "output.emotion": mark("it infers emotions"),
        "process.identifies_person": mark("it tells who somebody is"),
        "purpose.medical": mark("its purpose is medical"),
        "purpose.safety": mark("its purpose is safety"),
    }
)
"""What can be true of a system, in words that complete "if …"."""

Kind = Literal["access", "objection", "erasure", "records", "impact-assessment", "complaint", "internal-complaint"]
KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        "access": mark("see what is held"),
        "objection": mark("object, or opt out"),
        "erasure": mark("have it erased"),
        "records": mark("ask for public records"),
        "impact-assessment": mark("ask for the impact assessment"),
        "complaint": mark("complain to an authority"),
        "internal-complaint": mark("complain to who runs it"),
    }
)
"""What can be asked for."""

Availability = Literal["in-force", "not-yet", "doubtful", "none"]
AVAILABILITY: Mapping[Availability, str] = MappingProxyType(
    {
        "in-force": mark("there is a way"),
        "not-yet": mark("not in force yet"),
        "doubtful": mark("doubtful"),
        "none": mark("no way was found"),
    }
)
"""Whether it can be asked for."""

_RUN_BY: Mapping[str, str] = MappingProxyType(
    {
        "public": mark("a public body"),
        "private": mark("a private body"),
        "private, with a public service": mark("a private body with a public service"),
        "vendor": mark("a vendor"),
        "nonpublic": mark("a nonpublic school"),
        "charter": mark("a charter school"),
        "maintained school": mark("a maintained school"),
        "public authority, state-funded schools among them": mark("a public authority, such as a state-funded school"),
        "government or aided school": mark("a government or aided school"),
        "department": mark("a government department"),
        "authority": mark("an authority"),
    }
)
"""Kinds of controllers that the files of law name → who that is."""

_MONTHS = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"), mark("July"),
    mark("August"), mark("September"), mark("October"), mark("November"), mark("December"),
)  # fmt: skip


def run_by(types: Sequence[str]) -> str:
    """Who has to run a system for a provision to be about it, in words that complete "if …".

    Parameters
    ----------
    types : sequence of str
        Kinds of controllers, as a file of law names them.
    """
    return _("it is run by %(who)s", who=_(" or ").join(_(_RUN_BY.get(one, one)) for one in types))


def day(of: date, *, year: bool = True) -> str:
    """A date in words, such as "1 December 2026"."""
    name = _(_MONTHS[of.month - 1])
    if year:
        return _("%(day)s %(month)s %(year)s", day=of.day, month=name, year=of.year)
    return _("%(day)s %(month)s", day=of.day, month=name)


def read_day(text: str) -> date:
    """A day written as YYYY-MM-DD, and in no other way.

    Raises
    ------
    ValueError
        If it is no such day.
    """
    # Python reads other forms of ISO 8601 too, such as 2026-W48-5, which nobody would mean here.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)
