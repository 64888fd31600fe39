"""Steps of the page “Your school”, asked as its forms ask them."""

from __future__ import annotations

from datetime import date
from typing import Any

from misread.web.pages.school import taken, view
from misread.web.render import rendered
from misread.web.server.app import LISTED, SCHOOL

TODAY = date(2026, 11, 23)
LETTER = {
    "f:sender.name": "A. Example",
    "f:sender.contact": "1 Example Road",
    "f:child.name": "Child A",
    "f:child.birth_year": "2014",
    "f:child.school_class": "5b",
    "f:controller.name": "The board",
}


class Person:
    """Somebody who goes from step to step: what the page keeps goes along, as in its hidden field."""

    def __init__(self, today: date = TODAY) -> None:
        self.kept, self.at, self.today = "", "place", today

    def go(self, step: str, file: tuple[str, bytes] | None = None, **fields: Any) -> dict[str, Any]:
        """Send the form of the step one is at, and be shown another."""
        told = view(step, self._sent(fields), file, self.today)
        self.kept, self.at = told["kept"], told["step"].name
        return told

    def take(self, name: str, kind: str, **fields: Any) -> bytes:
        """A file of the step one is at."""
        made = taken(self.at, name, kind, self._sent(fields), self.today)
        assert made is not None
        return made[0]

    def _sent(self, fields: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        every = {"kept": self.kept, "step": self.at, **fields}
        return {name: value if isinstance(value, tuple) else (value,) for name, value in every.items()}


def page_of(told) -> str:
    around = {"pages": LISTED, "here": SCHOOL, "query": None, "visit": ""}
    return rendered(f"pages/school/{told['step'].name}.html.j2", {**told, **around})


def in_europe(**more) -> Person:
    person = Person()
    person.go("place", place="eu", fact=("subject.pupil", "output.emotion"), **more)
    return person
