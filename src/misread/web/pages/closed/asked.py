"""What was asked of the closed classroom, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from misread.closed.day.model import READERS, Day
from misread.web.pages.classroom.asked import one_of, whole

ALL = "all"
"""In place of a reader: how many of them say the same."""
NEWEST = "newest"
"""In place of all messages."""
OPENS_AT = 13
"""The page opens at this look, counted from 0: the sixth of the second lesson, as the glass classroom does."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is shown, checked: a look of the day, from 0; who is followed; whose words; how many messages."""

    at: int
    pupil: int
    reader: str
    messages: str

    def link(self, **changed: str | int) -> str:
        """The address of this view, with something changed."""
        now: dict[str, str | int] = {
            "at": self.at,
            "pupil": self.pupil,
            "reader": self.reader,
            "messages": self.messages,
        }
        return "/closed?" + urlencode({**now, **changed})

    @property
    def readers(self) -> tuple[str, ...]:
        """Whose words are looked at."""
        return READERS if self.reader == ALL else (self.reader,)


def checked(asked: Mapping[str, str], day: Day) -> Asked:
    """What was asked, or what the page opens with.

    Raises
    ------
    MisreadError
        If the day has no such look, pupil or reader.
    """
    last = len(day.moments) - 1
    numbers = [one.pupil for one in day.pupils]
    return Asked(
        at=whole(asked, "at", min(OPENS_AT, last), 0, last),
        pupil=whole(asked, "pupil", first_in_sight(day), min(numbers), max(numbers)),
        reader=one_of(asked, "reader", (ALL, *READERS), ALL),
        messages=one_of(asked, "messages", (NEWEST, ALL), NEWEST),
    )


def first_in_sight(day: Day) -> int:
    """Who is followed first, whatever was read: the lowest number in the picture, or the lowest of all."""
    return min([one.pupil for one in day.pupils if one.between_eyes] or [one.pupil for one in day.pupils])
