"""Received texts, and cases to read them in."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from misread.rights import at
from misread.rights.case.change import begun, sent
from misread.rights.case.model import Case
from misread.rights.letters.facts import Child, Controller, Facts, Sender
from misread.rights.places.known import Law
from misread.rights.record import change
from misread.rights.record.fields import FIELDS

SENT, CAME = date(2026, 11, 2), date(2026, 11, 20)
FACTS = Facts(
    sender=Sender(name="A. Example", contact="1 Sample Street"),
    child=Child(name="Child A", birth_year=2014, school_class="5b"),
    controller=Controller(name="Example School Board", address="2 Sample Street"),
)
DEADLINES = {("us-il", "access"): "us-il.issra.10"}


def texts(name: str, key: str = "text") -> list[dict[str, Any]]:
    """The texts of a file in `replies`."""
    file = Path(__file__).parent / "replies" / name
    found: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))[key]
    return found


@cache
def case_in(place: str, kind: str = "access") -> tuple[Case, Law]:
    """A case with one letter, which asked for every field, and the law of its place."""
    law = at(place, CAME)
    record = change.new("A system", place, on=date(2026, 11, 1))
    case = begun(place, FACTS, on=date(2026, 11, 1), record=record)
    deadline = DEADLINES.get((place, kind), "")
    return sent(case, f"{kind}.{place}.en", kind, on=SENT, law=law, deadline=deadline, fields=FIELDS), law


@cache
def without_record(place: str, kind: str = "access") -> tuple[Case, Law]:
    """The same without a record, which takes longer to make than anything that is asked of it here."""
    case, law = case_in(place, kind)
    return case.model_copy(update={"record": None}), law
