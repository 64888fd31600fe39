"""What the worksheets show: faces and messages of a made-up class's day, and what was so."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from misread.engine.sampled.replay import Look
from misread.web.draw.face import face
from misread.web.pages.classroom import child_seed
from misread.web.pages.classroom.day import ClassDay, Pupil, Sent
from misread.web.pages.classroom.words import clock

WANTED = (
    ("neutral", "bored"), ("frown", "engaged"), ("away", "thinking"), ("happy", "engaged"), ("neutral", "anxious"),
    ("sad", "bored"), ("frown", "frustrated"), ("neutral", "thinking"),
)  # fmt: skip
"""What the faces should show, and what should be so: easy ones beside those that mislead."""
LETTERS = "ABCDEFGH"
MESSAGES = 10


@dataclass(frozen=True, slots=True)
class Card:
    """A face of a worksheet.

    Attributes
    ----------
    letter : str
        What it is called.
    drawn : Markup
        The face: what it shows, and not what is so.
    expression, state, label, judged : str
        What it shows, what is true of the child, what the system wrote down, and what that comes to.
    pupil : int
        Of the class.
    at : int
        Which look of the day.
    time : str
        When.
    """

    letter: str
    drawn: Markup
    expression: str
    state: str
    label: str
    judged: str
    pupil: int
    at: int
    time: str


def cards(day: ClassDay, seed: int, school: int) -> tuple[Card, ...]:
    """Faces of the day, each of another child; what the day does not have is taken from what comes next to it."""
    taken: set[int] = set()
    found = []
    for letter, wanted in zip(LETTERS, WANTED, strict=True):
        here = _best(day, wanted, taken)
        if here is None:
            break
        pupil, at = here
        taken.add(pupil.number)
        look = pupil.looks[at]
        drawn = face(child_seed(seed, school, pupil.number), "", look.expression)
        found.append(
            Card(
                letter=letter,
                drawn=drawn,
                expression=look.expression,
                state=look.state,
                label=look.label,
                judged=day.judged(look),
                pupil=pupil.number,
                at=at,
                time=clock(look.minute),
            )
        )
    return tuple(found)


def _best(day: ClassDay, wanted: tuple[str, str], taken: set[int]) -> tuple[Pupil, int] | None:
    """The first look of the day that comes closest to what is wanted: the face first, then the state."""
    looks = [(pupil, at) for pupil in day.pupils if pupil.number not in taken for at in range(len(pupil.looks))]

    def far(one: tuple[Pupil, int]) -> tuple[bool, bool, int, int]:
        look = one[0].looks[one[1]]
        return look.expression != wanted[0], look.state != wanted[1], one[1], one[0].number

    return min(looks, key=far, default=None)


def messages(day: ClassDay) -> tuple[Sent, ...]:
    """Messages for a worksheet, spread over the day."""
    sent = day.messages
    step = max(len(sent) / MESSAGES, 1)
    return tuple(sent[int(i * step)] for i in range(min(MESSAGES, len(sent))))


@dataclass(frozen=True, slots=True)
class Table:
    """All looks of a day: children in a state that a rule claims or not, labels that the rule counts or not.

    Attributes
    ----------
    hit_true, hit_false : int
        Looks with such a label, of children who were and who were not in such a state.
    missed, left : int
        Looks without, of children who were and who were not.
    """

    hit_true: int
    hit_false: int
    missed: int
    left: int

    @property
    def hits(self) -> int:
        """Looks with such a label."""
        return self.hit_true + self.hit_false

    @property
    def true(self) -> int:
        """Looks at children who were in such a state."""
        return self.hit_true + self.missed

    @property
    def looks(self) -> int:
        """All looks."""
        return self.hits + self.missed + self.left


def table(day: ClassDay) -> Table:
    """The day's looks by the first rule."""
    rule = day.deployment.rules[0]
    looks = [look for pupil in day.pupils for look in pupil.looks]

    def count(is_so: bool, hit: bool) -> int:
        return sum((look.state in rule.claims) == is_so and (look.label in rule.labels) == hit for look in looks)

    return Table(count(True, True), count(False, True), count(True, False), count(False, False))


def brows(day: ClassDay) -> tuple[int, int]:
    """Looks at a lowered brow, and how many of them were at children who were just following."""
    shown: list[Look] = [look for pupil in day.pupils for look in pupil.looks if look.expression == "frown"]
    return len(shown), sum(look.state in {"engaged", "thinking"} for look in shown)
