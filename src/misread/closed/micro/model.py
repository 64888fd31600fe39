"""What is kept of the filmed movement, and the one that is shipped."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from misread.closed import SAYS
from misread.closed.micro.course import HELD

NO_FACE = "none"
"""The word of a reader that was given no face."""


class Count(NamedTuple):
    """So many, of so many that could be counted."""

    n: int
    of: int


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Frame(_Kept):
    """One frame, read.

    Attributes
    ----------
    said : tuple of str
        Each reader's word, by `Micro.readers`; `none` where it was given no face.
    scores : tuple of float
        The score of its word; 0 for the landmark reader, which has none, and where no face was found.
    """

    said: tuple[str, ...]
    scores: tuple[float, ...]


class Film(_Kept):
    """One movement on the film: the frames that it is on. All others are those of the face at rest.

    Attributes
    ----------
    lasts : int
        In twenty-fifths of a second, from rest to rest.
    phase : float
        By how much of a frame its apex falls after a frame.
    first : int
        The first frame that it is on, counted from 0.
    strengths : tuple of float
        How strong it is on each, as a share of its apex.
    frames : tuple of Frame
        What was read of each.
    """

    lasts: int
    phase: float
    first: int
    strengths: tuple[float, ...]
    frames: tuple[Frame, ...]

    @property
    def held(self) -> tuple[int, ...]:
        """The frames that hold it, counted from 0: those on which it is at least half as strong as at its apex."""
        return tuple(self.first + n for n, strength in enumerate(self.strengths) if strength >= HELD)

    def said(self, at: int, reader: int) -> str:
        """A reader's word on a frame that it is on, counted from 0."""
        return self.frames[at - self.first].said[reader]


class View(_Kept):
    """A seat as one camera has it.

    Attributes
    ----------
    seat, row, column : int
        From 0, row by row from the board.
    width, height : int
        Of the camera's picture, in pixels.
    between_eyes : float
        Pixels from pupil to pupil, of a face that looks into the camera.
    strip : str
        File of the strip: a row for each length, its apex in the middle of `Micro.shown` frames.
    rest : tuple of Frame
        The same second with the face at rest, frame by frame: the control.
    films : tuple of Film
        By phase, the shortest first.
    """

    seat: int
    row: int
    column: int
    width: int
    height: int
    between_eyes: float
    strip: str
    rest: tuple[Frame, ...]
    films: tuple[Film, ...]

    def changed(self, movement: Film, reader: int) -> Count:
        """On how many frames that hold the movement a reader says another word than of the face at rest.

        It is compared with the very frame at rest, in which landmarks and camera have the same noise. A face that is
        not found has no word: frames on which it is found in both are counted, and no other.
        """
        return _differ((self._at_rest(at, reader), movement.said(at, reader)) for at in movement.held)

    def by_itself(self, reader: int) -> Count:
        """How often a reader's word differs from that of the frame before, though the face is at rest.

        Of the pairs of frames on both of which it is given a face.
        """
        return _differ(pairwise(frame.said[reader] for frame in self.rest))

    def lost_at_rest(self, reader: int) -> Count:
        """On how many frames of the face at rest a reader is given no face."""
        return _lost(frame.said[reader] for frame in self.rest)

    def lost(self, reader: int) -> Count:
        """On how many frames that hold a movement a reader is given no face, where the apex is on a frame."""
        films = [film for film in self.films if film.phase == 0]
        return _lost(film.said(at, reader) for film in films for at in film.held)

    def names(self, movement: Film, reader: int, pose: str) -> bool:
        """Whether a reader says the pose of all frames that hold the movement, and of none of the same at rest."""
        moved = all(movement.said(at, reader) == pose for at in movement.held)
        return bool(movement.held) and moved and not self.names_at_rest(movement, reader, pose)

    def names_at_rest(self, movement: Film, reader: int, pose: str) -> bool:
        """Whether a reader says the pose of a frame that would hold the movement, though the face is at rest."""
        return any(self._at_rest(at, reader) == pose for at in movement.held)

    def _at_rest(self, at: int, reader: int) -> str:
        return self.rest[at].said[reader]


def _differ(pairs: Iterable[tuple[str, str]]) -> Count:
    found = [one != other for one, other in pairs if NO_FACE not in (one, other)]
    return Count(sum(found), len(found))


def _lost(words: Iterable[str]) -> Count:
    found = [word == NO_FACE for word in words]
    return Count(sum(found), len(found))


class Made(_Kept):
    """What it was made of.

    Attributes
    ----------
    deployment, policy : str
        The shipped deployment whose looks are meant, and the policy whose room it is.
    seed : int
        Of the noise.
    head : int
        Seed of the head.
    age : float
        Years.
    version : str
        Of misread.
    libraries : dict of str to str
        Versions of what rendered and read.
    weights : dict of str to str
        SHA-256 of each prepared file that read.
    """

    deployment: str
    policy: str
    seed: int
    head: int
    age: float
    version: str
    libraries: dict[str, str]
    weights: dict[str, str]


class Micro(_Kept):
    """A movement of a fraction of a second, on a film of one second.

    Attributes
    ----------
    format, says : str
    made : Made
    pose : str
        What the face shows at the apex.
    per_second : int
        Frames.
    shown : int
        Frames of a strip.
    located, grain : float
        Standard deviations of a located landmark, in pixels, and of the camera's noise, in steps of 255.
    look_every : float
        Seconds between two looks of the deployment.
    readers : tuple of str
    views : tuple of View
    """

    format: Literal["misread-closed-micro/1"] = "misread-closed-micro/1"
    says: str = SAYS
    made: Made
    pose: str
    per_second: int
    shown: int
    located: float
    grain: float
    look_every: float
    readers: tuple[str, ...]
    views: tuple[View, ...]


DATA = "data"
MICRO = "micro.json"


@lru_cache(maxsize=1)
def shipped() -> Micro:
    """The one that is shipped."""
    return Micro.model_validate_json(_data(MICRO))


def strip(name: str) -> bytes:
    """A strip of the one that is shipped, as WebP, by its file's name.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    if name not in {view.strip for view in shipped().views}:
        raise KeyError(name)
    return _data(name)


def _data(name: str) -> bytes:
    return files(__package__).joinpath(DATA, name).read_bytes()
