"""What is kept of the day, and the one that is shipped."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from misread.closed import SAYS

READERS = ("landmarks", "fer", "facex", "face-api", "human", "ferx")
"""The landmark reader and the five networks, in the order in which they are shown."""
WORDS = ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise", "away", "none")
"""What a reader can say; no network has a word for looking away. `none`: it found no face."""

Judged = Literal["right", "wrong", "cannot be judged"]
Box = tuple[int, int, int, int]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Moment(_Kept):
    """One look at the whole class.

    Attributes
    ----------
    lesson, look : int
        Counted from 1.
    minute : float
        From the first lesson's start.
    situation : str
        The kind of lesson.
    """

    lesson: int
    look: int
    minute: float
    situation: str


class SaidOf(_Kept):
    """What the landmark reader went by at one look.

    Attributes
    ----------
    points : tuple of (float, float)
        Where the landmarks were located, in pixels of the face's crop; by `Day.landmarks`.
    measures : tuple of float
        By `Day.measures`, in distances between the eyes.
    nearest : tuple of int
        The nearest faces of `Day.database`, the nearest first.
    distances : tuple of float
        How far these are, in standard deviations of the database.
    turn : float
        Degrees by which it takes the face to be turned away from the board, to the pupil's own left.
    """

    points: tuple[tuple[float, float], ...]
    measures: tuple[float, ...]
    nearest: tuple[int, ...]
    distances: tuple[float, ...]
    turn: float


class Face(_Kept):
    """One pupil at one look.

    Attributes
    ----------
    state, expression : str
        What is true, from the trace.
    turn : (float, float)
        Degrees that the face is turned away from the board: to its own left, up.
    crop : (int, int, int) or None
        The square that is read, in pixels of the camera: left, top, side. None outside of the picture.
    box : (int, int, int, int) or None
        The rendered face, in pixels of the crop: left, top, width, height.
    found : (int, int, int, int) or None
        The face as the detector has it, in pixels of the crop; None where it misses it.
    said : tuple of str
        Each reader's word, by `READERS`.
    scores : tuple of float
        The score of its word, by `READERS`; 0 for the landmark reader, which has none, and where no face was found.
    landmarks : SaidOf or None
        What the landmark reader went by.
    """

    state: str
    expression: str
    turn: tuple[float, float]
    crop: tuple[int, int, int] | None
    box: Box | None
    found: Box | None
    said: tuple[str, ...]
    scores: tuple[float, ...]
    landmarks: SaidOf | None


class Sat(_Kept):
    """One pupil of the class.

    Attributes
    ----------
    pupil, seat : int
        Number within the school, from 1; seat row by row from the board, from 0.
    row, column : int
        Of the seat, from 0.
    head : int
        Seed of the head.
    age : float
        Years.
    group : str
        The deployment's group.
    between_eyes : float
        Pixels from pupil to pupil, of a face that looks into the camera. 0 outside of the picture.
    faces : tuple of Face
        By look.
    """

    pupil: int
    seat: int
    row: int
    column: int
    head: int
    age: float
    group: str
    between_eyes: float
    faces: tuple[Face, ...]


class Flagged(_Kept):
    """A flag that a rule raised on a reader's words.

    Attributes
    ----------
    reader, rule : str
    pupil : int
        Number within the school.
    at : int
        The look, from 0 over the day.
    hits : tuple of int
        The looks whose words it counts.
    notify : tuple of str
        Who is told.
    judged : "right", "wrong" or "cannot be judged"
        The last where a word that it counts was said of a pose that is no valid stimulus.
    """

    reader: str
    rule: str
    pupil: int
    at: int
    hits: tuple[int, ...]
    notify: tuple[str, ...]
    judged: Judged


class Network(_Kept):
    """A network that read: the package that it comes in, and its weights."""

    name: str
    package: str
    version: str
    file: str
    sha256: str


class Pose(_Kept):
    """A face of the database: whose, what it poses, and its measures, by `Day.measures`."""

    head: int
    pose: str
    measures: tuple[float, ...]


class Made(_Kept):
    """What the day was made of.

    Attributes
    ----------
    deployment, policy : str
        Names of the shipped deployment, and of the policy whose room it is.
    seed, school, klass, day : int
        The trace's; day over all years, from 1.
    version : str
        Of misread.
    libraries : dict of str to str
        Versions of what rendered and read.
    networks : tuple of Network
    """

    deployment: str
    policy: str
    seed: int
    school: int
    klass: int
    day: int
    version: str
    libraries: dict[str, str]
    networks: tuple[Network, ...]


class Day(_Kept):
    """A class's day.

    Attributes
    ----------
    format, says : str
    made : Made
    width, height : int
        Of the camera's picture, in pixels; the pictures that are kept are half as wide.
    readers, landmarks, measures : tuple of str
        Names, in the order of what is listed by them.
    database : tuple of Pose
        The faces that the landmark reader compares with.
    moments : tuple of Moment
        All looks, in order.
    pupils : tuple of Sat
        The class, in order of their numbers.
    flags : tuple of Flagged
        In order of time, then of readers and pupils.
    """

    format: Literal["misread-closed-day/1"] = "misread-closed-day/1"
    says: str = SAYS
    made: Made
    width: int
    height: int
    readers: tuple[str, ...] = READERS
    landmarks: tuple[str, ...]
    measures: tuple[str, ...]
    database: tuple[Pose, ...]
    moments: tuple[Moment, ...]
    pupils: tuple[Sat, ...]
    flags: tuple[Flagged, ...]


DATA = "data"
DAY = "day.json"
FILM = "day.webp"


def room_name(at: int) -> str:
    """File of the whole picture at a look, counted from 0."""
    return f"rooms/{at + 1:02d}.webp"


def faces_name(pupil: int) -> str:
    """File of all crops of a pupil: a row of squares a lesson, a column a look."""
    return f"faces/{pupil:02d}.webp"


@lru_cache(maxsize=1)
def shipped() -> Day:
    """The day that is shipped."""
    return Day.model_validate_json(_data(DAY))


def picture(name: str) -> bytes:
    """A picture of the day that is shipped, as WebP, by its file's name.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    names = {FILM, *(room_name(at) for at in range(len(shipped().moments)))}
    names |= {faces_name(one.pupil) for one in shipped().pupils if one.between_eyes}
    if name not in names:
        raise KeyError(name)
    return _data(name)


def _data(name: str) -> bytes:
    return files(__package__).joinpath(DATA, *name.split("/")).read_bytes()
