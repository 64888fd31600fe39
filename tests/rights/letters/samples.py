"""What letters of tests are told: nobody's names."""

from __future__ import annotations

from datetime import date
from typing import Any

from misread import rights
from misread.rights.letters.facts import Facts, facts_of
from misread.rights.letters.template import Template, templates
from misread.rights.letters.write import Letter, write

DAY = date(2026, 11, 30)
TOLD: dict[str, Any] = {
    "sender": {"name": "A. Example", "contact": "1 Example Road\nExampletown", "relation": "mother"},
    "child": {"name": "Child A", "birth_year": 2014, "school_class": "5b", "view": "I have read it and I agree."},
    "controller": {"name": "School Board of Exampletown", "address": "2 Example Square\nExampletown"},
    "authority": {"name": "Authority of Examplestate", "address": "3 Example Row"},
    "system": {"name": "Camera System X"},
    "other": {"name": "B. Example"},
    "date": str(DAY),
    "asked_on": "2026-10-01",
    "events": "There has been a camera above the blackboard since September.",
    "remedy": "That the camera be turned off.",
}


def facts(*flags: str, without: tuple[str, ...] = (), **changed: Any) -> Facts:
    """Facts of nobody: all of them, but for those named."""
    told = {key: dict(value) if isinstance(value, dict) else value for key, value in TOLD.items()} | changed
    for name in without:
        table, dot, key = name.partition(".")
        if dot:
            told[table].pop(key)
        else:
            told.pop(name)
    return facts_of({**told, "flags": list(flags)})


def written(template: Template | str, told: Facts | None = None, today: date = DAY, **more: Any) -> Letter:
    """A letter written on a day."""
    template = templates()[template] if isinstance(template, str) else template
    told = told or facts()
    law = rights.at(template.head.place, told.date or today)
    return write(template, told, law=law, today=today, **more)
