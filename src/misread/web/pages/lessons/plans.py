"""The lessons: what is done, minute by minute."""

from __future__ import annotations

from dataclasses import dataclass, replace

from misread.language import gettext as _
from misread.language import mark


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a lesson.

    Attributes
    ----------
    minutes : int
        How long.
    name, does, asks : str
        What happens, what to do, and a question to put.
    leads : str
        Which page it needs, of those that the lessons lead to.
    """

    minutes: int
    name: str
    does: str
    asks: str = ""
    leads: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson.

    Attributes
    ----------
    ages, title, aim : str
        For whom, what it is called, what everybody can say afterwards.
    needs : tuple of str
        What has to be there.
    steps : mapping of int to tuple of Step
        By its length in minutes.
    """

    ages: str
    title: str
    aim: str
    needs: tuple[str, ...]
    steps: dict[int, tuple[Step, ...]]


_YOUNG_OPEN = Step(
    4,
    mark("Make a thinking face"),
    mark("Everybody thinks hard about what 17 and 26 is, eyes open. Half the class watches the other half. Then swap."),
    mark("Who looked cross, sad or far away? Were you?"),
)
_YOUNG_SHEET = Step(
    8,
    mark("The worksheet"),
    mark("In pairs: look at faces A to H and write what each child may feel. Then hear what was so. Tick or cross."),
    mark("Which face did nobody get? Would it help to look longer?"),
)
_YOUNG_ROOM = Step(
    5,
    mark("The glass classroom"),
    mark("Show the classroom on the big screen. Step through six looks. A pupil reads out each wrong label."),
    mark("What would you want the machine to do when it is not sure?"),
    leads="room",
)
_YOUNG_CLOSE = Step(
    3,
    mark("One sentence"),
    mark("Everybody ends the sentence: “If you want to know how I feel, …”. Put the sentences on the wall."),
)
YOUNGER = Lesson(
    ages=mark("8 to 11"),
    title=mark("Can a face be read?"),
    aim=mark("A face does not say what somebody feels. To know it, ask."),
    needs=(
        mark("one worksheet for each pair"),
        mark("the answers for you"),
        mark("the glass classroom on a big screen, or its picture on paper"),
    ),
    steps={
        20: (_YOUNG_OPEN, _YOUNG_SHEET, _YOUNG_ROOM, _YOUNG_CLOSE),
        45: (
            _YOUNG_OPEN,
            _YOUNG_SHEET,
            Step(
                12,
                mark("We are the machine"),
                mark(
                    "The exercise: everybody writes one word for each of the eight faces, without talking. "
                    "Count the votes and type them in."
                ),
                mark("Did we agree? Where did we not? What did the machine write?"),
                leads="exercise",
            ),
            Step(
                10,
                mark("The glass classroom"),
                mark("Follow one child for a day, then for six weeks. Count the hatched squares aloud."),
                mark("How would you feel if this list went home? Who should be allowed to see it?"),
                leads="room",
            ),
            Step(
                8,
                mark("Who may look?"),
                mark(
                    "Four corners of the room: always, only if I say yes, only for safety, never. Read out: a "
                    "camera that counts children, one that opens the door, one that writes down feelings. "
                    "Everybody walks to a corner."
                ),
                mark("What would make you change your corner?"),
            ),
            _YOUNG_CLOSE,
        ),
    },
)

_OLD_OPEN = Step(
    3,
    mark("Guess first"),
    mark("Everybody writes a number: of ten messages that such a system sends, how many are wrong? Keep it face down."),
)
_OLD_SHEET = Step(
    9,
    mark("Ten messages"),
    mark(
        "Worksheet, part 1. You are the teacher: mark which of the ten messages you would act on. Then compare "
        "with what was so."
    ),
    mark("Was there a way to tell the wrong ones from the message alone?"),
)
_OLD_TABLE = Step(
    6,
    mark("Where the wrong ones come from"),
    mark(
        "Worksheet, part 2: fill in the table of all looks of the day. Two things decide how many of those picked out "
        "are wrong: how well the reader tells trouble from none, and how rare trouble is. Which weighs more here?"
    ),
    mark("What would happen if twice as many children were bored?"),
    leads="answers",
)
_OLD_CLOSE = Step(
    2, mark("Turn your number over"), mark("Compare it with the answer. One reason each for being too high or low.")
)
OLDER = Lesson(
    ages=mark("12 to 16"),
    title=mark("Why are so many alerts wrong?"),
    aim=mark(
        "How many alerts are wrong follows from how well a reader tells trouble from none, and from how rare trouble "
        "is; and a file keeps the wrong ones."
    ),
    needs=(mark("one worksheet each"), mark("the answers for you"), mark("the glass classroom on a big screen")),
    steps={
        20: (_OLD_OPEN, _OLD_SHEET, _OLD_TABLE, _OLD_CLOSE),
        45: (
            _OLD_OPEN,
            _OLD_SHEET,
            _OLD_TABLE,
            Step(
                12,
                mark("We are the classifier"),
                mark(
                    "The exercise: one word for each face, votes counted and typed in. Compare your "
                    "agreement with what chance alone would give."
                ),
                mark("If people do not agree, what were the machine’s examples labelled with?"),
                leads="exercise",
            ),
            Step(
                7,
                mark("Twelve years"),
                mark("Follow one child through all years. Find the day on which a lasting word is earned."),
                mark("Which of these flags would you want to explain at a job interview?"),
                leads="map",
            ),
            Step(
                6,
                mark("What would have to be shown?"),
                mark(
                    "In threes: write three questions that a school should have answered before it buys such a "
                    "system. The questions page has ours."
                ),
                leads="questions",
            ),
            _OLD_CLOSE,
        ),
    },
)


def spoken(lesson: Lesson) -> Lesson:
    """A lesson in the language that is spoken."""
    steps = {
        minutes: tuple(replace(step, name=_(step.name), does=_(step.does), asks=_(step.asks)) for step in planned)
        for minutes, planned in lesson.steps.items()
    }
    return Lesson(_(lesson.ages), _(lesson.title), _(lesson.aim), tuple(map(_, lesson.needs)), steps)


LESSONS = {"younger": YOUNGER, "older": OLDER}
