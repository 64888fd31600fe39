"""The 22 checks: what each asks, why, and what no file can tell; and how a finding of one is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from misread.language import gettext as _
from misread.language import mark
from misread.rights.check.model import Finding

if TYPE_CHECKING:
    from misread.rights.check.findings.seen.promised import Promise
    from misread.rights.check.model import Json, Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """One of the checks.

    Attributes
    ----------
    asks : str
        Its question.
    why : str
        Why it matters.
    cannot_tell : str
        What the file does not show.
    field : str
        The field of the disclosure record it is held against; empty where there is none.
    """

    asks: str
    why: str
    cannot_tell: str
    field: str = ""


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "X01": Check(
            mark("Which columns are there, and of what kind is each?"),
            mark("What is kept about a child is what can be used about it later."),
            mark("Whether there is more in the system than in this file."),
            "output.labels",
        ),
        "X02": Check(
            mark("Are there measures of the body: face or voice templates, pictures, sound, gaze, vital signs?"),
            mark("By them a child can be found again, and it cannot change them."),
            mark("Whether the same measures are kept elsewhere."),
            "input.identification",
        ),
        "X03": Check(
            mark("Which labels occur, how often, and of what class is each?"),
            mark("The labels are what the system says of the child."),
            mark("Whether any label was right: nothing here says what the child felt."),
            "output.labels",
        ),
        "X04": Check(
            mark("Are there labels that nobody disclosed?"),
            mark("A word for a feeling can be given another name. What it is written for stays the same."),
            mark("Whether a label has been renamed, or is a new one."),
            "output.labels",
        ),
        "X05": Check(
            mark("Is data of a disclosed kind missing from the answer?"),
            mark("An answer that leaves something out is incomplete."),
            mark("Whether it is kept and was left out, or was never kept."),
            "output.labels",
        ),
        "X06": Check(
            mark("From when to when does it go, and are there gaps?"),
            mark("What is missing in the middle may have been left out."),
            mark("Whether the child was away, the cameras were off, or rows were left out."),
        ),
        "X07": Check(
            mark("Are there rows outside school hours, terms or rooms?"),
            mark("Cameras that run at other times, or elsewhere, do more than was said."),
            mark("Whether the clock of the system was right."),
            "sys.places",
        ),
        "X08": Check(
            mark("How much time lies between two labels, and what was said?"),
            mark("Twice as often is twice as much about the child, and more chances of a false alarm."),
            mark("Whether the system looked more often than it wrote down."),
            "output.interval",
        ),
        "X09": Check(
            mark("Is anything older than was promised?"),
            mark("What was to be deleted can still be used."),
            mark("Whether this copy was made only to answer you."),
            "ret.labels",
        ),
        "X10": Check(
            mark("Are there rows after the opt-out, or after the child left?"),
            mark("A no that is not followed is none."),
            mark("When the school entered it into the system."),
            "rights.optout",
        ),
        "X11": Check(
            mark("Do dates and times go together: order, time zone, clock changes, hours that come twice?"),
            mark("Everything that is counted by day or hour rests on them."),
            mark("Whether the clock of the system was right."),
        ),
        "X12": Check(
            mark("Is anybody else in the file?"),
            mark("It would be a leak by the school, and what is theirs is not yours to keep."),
            mark("How it came into your file."),
            "output.level",
        ),
        "X13": Check(
            mark("Who received something, and does anything point outside the school?"),
            mark("What was passed on cannot be called back."),
            mark("Whether anything was really sent, and what became of it."),
            "share.third_parties",
        ),
        "X14": Check(
            mark("Did the model change within the period, and the labels with it?"),
            mark("After a change the same face can get another label."),
            mark("What was changed: children change with time as well."),
            "hist.changes",
        ),
        "X15": Check(
            mark("What do the confidence values look like?"),
            mark("Values that are rounded, cut off or missing hide how unsure the system was."),
            mark("How often a label of such a confidence is right."),
            "acc.claim",
        ),
        "X16": Check(
            mark("Are there rows that are too regular to have been read from a face?"),
            mark("Copied or made-up rows would be an answer about nobody."),
            mark("How they came to be."),
        ),
        "X17": Check(
            mark("Is there free text about the child?"),
            mark("What somebody writes about a child is about the child, and belongs into the answer."),
            mark("What the texts mean: they are counted here, and not read."),
            "input.joined_data",
        ),
        "X18": Check(
            mark("Is there data from elsewhere: grades, discipline, family, health?"),
            mark("Joined data makes a file of readings a file about a life."),
            mark("From where it was taken, and what was done with both together."),
            "input.joined_data",
        ),
        "X19": Check(
            mark("Are there hidden parts: sheets, columns, comments, formulas, properties?"),
            mark("They belong to what was given to you, and are easily overlooked."),
            mark("Whether they were left in on purpose."),
        ),
        "X20": Check(
            mark("Are codes explained?"),
            mark("An answer has to be understandable. A code without a key is not."),
            mark("What they stand for: only the school can say."),
            "output.labels",
        ),
        "X21": Check(
            mark("Does it say more about some hours, lessons, rooms or members of staff than about others?"),
            mark("Who is looked at more is flagged more."),
            mark("Whether the timetable explains it."),
            "sys.places",
        ),
        "X22": Check(
            mark("At the accuracy that was stated, how many alerts could be right?"),
            mark("Even few errors make many false alarms where what is looked for is rare."),
            mark("How accurate the system is on your child. No row of this file was used for the number."),
            "acc.claim",
        ),
    }
)
"""Code → check, in order."""

WORST: tuple[Verdict, ...] = ("contradicts", "not mentioned", "cannot tell", "matches")
MOST_ROWS = 2
"""Rows that a finding names."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a check on several things: that of the thing that is most to be asked about."""
    return min(verdicts, key=WORST.index)


def finding(
    code: str,
    verdict: Verdict,
    says: str,
    saw: Mapping[str, Json] | None = None,
    promised: Promise | None = None,
    next: Sequence[str] = (),
    cannot_tell: str = "",
) -> Finding:
    """A finding of a check.

    Parameters
    ----------
    code : str
        Which check.
    verdict : str
        One of the four.
    says : str
        What was seen and what was said, in a sentence or two.
    saw : mapping, optional
        What was seen: counts, columns, rows.
    promised : Promise, optional
        What the record says.
    next : sequence of str
        What can be done.
    cannot_tell : str
        What else the file does not show.
    """
    check = CHECKS[code]
    return Finding(
        code=code,
        asks=_(check.asks),
        verdict=verdict,
        field=promised.field if promised else check.field,
        saw=dict(saw or {}),
        promised=promised.json() if promised else None,
        says=says,
        why=_(check.why),
        cannot_tell=" ".join(filter(None, [_(check.cannot_tell), cannot_tell])),
        next=tuple(dict.fromkeys(next)),
    )
