"""The day, counted: what faces at rest were called, where readers agree, what was sent. No share of right ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from misread.closed.day.model import Day, Face

AT_REST = "neutral"
"""The expression of a face at rest."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one reader made of the day.

    Attributes
    ----------
    reader : str
    at_rest : Counter of str
        Its words for the faces at rest, `none` included.
    flags, messages : int
        Flags that rules raised on its words; those of them that somebody is told of.
    unjudged : int
        Messages that cannot be judged.
    """

    reader: str
    at_rest: Counter[str]
    flags: int
    messages: int
    unjudged: int


def seen(day: Day) -> list[Face]:
    """All faces of the day that lie within the camera's picture, look by look."""
    every = (one.faces[at] for at in range(len(day.moments)) for one in day.pupils)
    return [face for face in every if face.crop is not None]


def by_reader(day: Day) -> tuple[Read, ...]:
    """The day by reader, in the readers' order."""
    rest = [face for face in seen(day) if face.expression == AT_REST]
    found = []
    for n, reader in enumerate(day.readers):
        flags = [flag for flag in day.flags if flag.reader == reader]
        sent = [flag for flag in flags if flag.notify]
        found.append(
            Read(
                reader=reader,
                at_rest=Counter(face.said[n] for face in rest),
                flags=len(flags),
                messages=len(sent),
                unjudged=sum(flag.judged == "cannot be judged" for flag in sent),
            )
        )
    return tuple(found)


def agreed(faces: list[Face]) -> int:
    """On how many faces all readers say the same word."""
    return sum(len(set(face.said)) == 1 for face in faces)
