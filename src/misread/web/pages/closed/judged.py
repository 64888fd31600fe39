"""What a reader's word comes to: it is held against what the face shows, where that may be judged."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from misread.closed.day.model import READERS, Face, Flagged, Sat
from misread.closed.heads import GATED

Verdict = Literal["right", "wrong", "quiet", "unseen"]

NO_FACE = "none"
"""The word of a reader that found no face."""


def verdict(face: Face, word: str) -> Verdict:
    """What a word about a face comes to.

    Parameters
    ----------
    face : Face
        What is true.
    word : str
        What a reader says.

    Returns
    -------
    {"right", "wrong", "quiet", "unseen"}
        Right if it names what the face shows; `quiet` where that cannot be judged.
    """
    if word == NO_FACE:
        return "unseen"
    if face.expression not in GATED:
        return "quiet"
    return "right" if word == face.expression else "wrong"


def said_by(face: Face, reader: str) -> str:
    """A reader's word about a face."""
    return face.said[READERS.index(reader)]


def misread(flag: Flagged, sat: Sat) -> bool:
    """Whether each word that a message counts names something else than the face shows."""
    faces = [sat.faces[at] for at in flag.hits]
    return all(verdict(face, said_by(face, flag.reader)) == "wrong" for face in faces)


def most_said(face: Face) -> tuple[str, int]:
    """The word that most readers say, and how many do; of words that are tied, that of the earlier reader."""
    counts = Counter(face.said)
    word = max(counts, key=lambda one: (counts[one], -face.said.index(one)))
    return word, counts[word]


def agreed(face: Face) -> bool:
    """Whether all readers say the same."""
    return len(set(face.said)) == 1
