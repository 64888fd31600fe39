"""What is kept of the filmed movement, and the one that is shipped."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict

from misread.closed.day.model import WARNING
from misread.closed.micro.course import HELD


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

    def changed(self, movement: Film, reader: int) -> tuple[int, ...]:
        """The frames that hold the movement and on which a reader says another word than of the face at rest.

        It is compared with the very frame at rest, in which landmarks and camera have the same noise.
        """
        return tuple(
            at
            for at in movement.held
            if movement.frames[at - movement.first].said[reader] != self.rest[at].said[reader]
        )

    def by_itself(self, reader: int) -> int:
        """How often a reader's word differs from that of the frame before, though the face is at rest."""
        words = [frame.said[reader] for frame in self.rest]
        return sum(before != word for before, word in pairwise(words))


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
    format, warning : str
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
    warning: str = WARNING
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
