"""What a deployment's cameras can see of movements that last a fraction of a second.

A micro-expression is said to last from 1/25 to 1/2 of a second (evidence D01, D02). What the deployment does not give
is a range here, from the least that it could be to the most.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from misread.deployment import Deployment
from misread.errors import MisreadError, Problem
from misread.evidence import catalogue, number
from misread.study.micro.film import filled, frames, smeared, touched
from misread.study.micro.spotting import Rate, Spotted, given_rate, rates, scores, spotted

DURATIONS = (Fraction(1, 25), Fraction(1, 5), Fraction(1, 2))
"""Seconds: the shortest movement of D02, Ekman's longest and the longest of D01."""
RANGE = (8.0, 25.0, 30.0, 100.0, 200.0)
"""Frames a second that are shown in any case: from D02's slow camera to the laboratories of D06."""
SLOWEST = Fraction(1, 8)
"""Seconds: the longest exposure thought of where the deployment gives none, a whole frame at 8 a second."""
FRAMES_NEEDED = 3
"""Assumption: a movement is seen on three frames, as it rises, is there, and goes; no published number was found."""
FACE_PER_EYES = 2.2
"""Assumption: a face is 2.2 times as wide as its pupils are apart."""


@dataclass(frozen=True, slots=True)
class Between:
    """A figure, or the range that something not given leaves it; both ends are the same where all is given."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether it is one figure."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Looked:
    """Movements of one length, where a look is one picture.

    Attributes
    ----------
    seconds : float
        How long they last.
    touched, enough : Between
        Share that falls on a look at all; on as many looks as frames are needed.
    """

    seconds: float
    touched: Between
    enough: Between


@dataclass(frozen=True, slots=True)
class Filmed:
    """Movements of one length, where the camera films without a break.

    Attributes
    ----------
    seconds : float
        How long they last.
    frames : Between
        Frames that one is on, on average.
    some, enough : Between
        Share that is on a frame at all; on as many as are needed.
    filled : Between
        Share of a frame's exposure that one fills.
    smeared : Between
        Share of one that a frame runs together.
    """

    seconds: float
    frames: Between
    some: Between
    enough: Between
    filled: Between
    smeared: Between


@dataclass(frozen=True, slots=True)
class Film:
    """A film at one rate; `given` if it is the deployment's."""

    per_second: float
    given: bool
    exposure: Between
    lengths: tuple[Filmed, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Pixels between the eyes of a face that looks into the camera.

    Attributes
    ----------
    between_eyes : tuple of float
        A number for each seat, or one for all.
    source : str
        Who says so.
    """

    between_eyes: tuple[float, ...]
    source: str

    @property
    def across_face(self) -> Between:
        """Pixels across a face, at the worst seat and at the best, by `FACE_PER_EYES`."""
        return Between(min(self.between_eyes) * FACE_PER_EYES, max(self.between_eyes) * FACE_PER_EYES)

    def reached(self, across_face: float) -> float:
        """Share of the seats at which a face has at least so many pixels across."""
        return sum(n * FACE_PER_EYES >= across_face for n in self.between_eyes) / len(self.between_eyes)


@dataclass(frozen=True, slots=True)
class Micro:
    """What a deployment's cameras can see of movements from 1/25 to 1/2 of a second.

    Attributes
    ----------
    every : float
        Seconds from one look to the next; at most a lesson, which has one look at least.
    frames_per_second, exposure : float or None
        As the deployment gives them; the exposure in seconds. None where it does not.
    open_for : Between
        Seconds that a look lasts: the exposure, or from 0 to a frame's length where none is given.
    needed : int
        Frames that a movement has to be on.
    looked : tuple of Looked
        Where a look is one picture: the shortest movement first.
    films : tuple of Film
        Where the camera films: the deployment's rate, if given, and those of `RANGE`.
    rates : tuple of Rate
        Movements per pupil-hour.
    met : tuple of Between
        For each rate: movements per pupil-hour that fall on a look; from the shortest to the longest.
    spotted : tuple of Spotted
        What published scores leave, for each score and rate; films without a break only.
    resolution : Resolution or None
        None where nothing says how many there are.
    laboratory_face : float
        Pixels across a face in a laboratory's set (D12).
    """

    every: float
    frames_per_second: float | None
    exposure: float | None
    open_for: Between
    needed: int
    looked: tuple[Looked, ...]
    films: tuple[Film, ...]
    rates: tuple[Rate, ...]
    met: tuple[Between, ...]
    spotted: tuple[Spotted, ...]
    resolution: Resolution | None
    laboratory_face: float

    @property
    def fall_on_a_look(self) -> Between:
        """Share of the movements that falls on a look at all, whatever their length within the range."""
        return Between(self.looked[0].touched.low, self.looked[-1].touched.high)

    @property
    def covered(self) -> Between | None:
        """Share on enough frames at seats with a laboratory's pixels; None where nothing says how many there are.

        Of the film that the deployment gives, else of its looks; from the shortest to the longest movement.
        """
        if self.resolution is None:
            return None
        seats = self.resolution.reached(self.laboratory_face)
        film = self.given_film
        laws = self.looked if film is None else film.lengths
        return Between(seats * laws[0].enough.low, seats * laws[-1].enough.high)

    @property
    def given_film(self) -> Film | None:
        """The film at the deployment's own rate."""
        return next((film for film in self.films if film.given), None)


def examine(
    deployment: Deployment,
    *,
    needed: int = FRAMES_NEEDED,
    resolution: Resolution | None = None,
    events_per_hour: float | None = None,
) -> Micro:
    """What a deployment's cameras can see of movements from 1/25 to 1/2 of a second.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    needed : int
        Frames that a movement has to be on, at least 1.
    resolution : Resolution, optional
        How many there are between the eyes, where that is known; without it, as `[camera.geometry]` makes it.
    events_per_hour : float, optional
        Movements per pupil-hour; without it what is published of adults, with the assumptions named.

    Raises
    ------
    MisreadError
        If `events_per_hour` is no rate, or no frames at all are needed.
    """
    if needed < 1:
        raise MisreadError(
            Problem(f"{needed} frames show nothing.", "a whole number from 1.", "ask for more.", key="--frames")
        )
    camera, lesson = deployment.camera, _decimal(deployment.calendar.lesson_minutes) * 60
    every = min(_decimal(camera.observe_every_seconds), lesson)
    per_second = None if camera.frames_per_second is None else _decimal(camera.frames_per_second)
    exposure = None if camera.exposure_ms is None else _decimal(camera.exposure_ms) / 1000
    longest = min(every, SLOWEST if per_second is None else 1 / per_second)
    opened = (Fraction(0), longest) if exposure is None else (min(exposure, every),) * 2
    looked = tuple(_looked(d, every, opened, needed) for d in DURATIONS)
    hold = None if deployment.face is None else 60 / deployment.face.hold_minutes
    found = rates(hold) if events_per_hour is None else (given_rate(events_per_hour),)
    return Micro(
        every=float(every),
        frames_per_second=camera.frames_per_second,
        exposure=None if exposure is None else float(exposure),
        open_for=_both([float(e) for e in opened]),
        needed=needed,
        looked=looked,
        films=_films(per_second, exposure, needed),
        rates=found,
        met=tuple(Between(r.per_hour * looked[0].touched.low, r.per_hour * looked[-1].touched.high) for r in found),
        spotted=tuple(spotted(score, rate) for score in scores() for rate in found),
        resolution=resolution or room_resolution(deployment),
        laboratory_face=number(catalogue(), "D12", "face, width"),
    )


def _looked(duration: Fraction, every: Fraction, opened: tuple[Fraction, Fraction], needed: int) -> Looked:
    # Looks are frames, few and far between.
    enough = [frames(duration, 1 / every, e).at_least(needed) for e in opened]
    return Looked(float(duration), _both([touched(duration, every, e) for e in opened]), _both(enough))


def _films(given: Fraction | None, exposure: Fraction | None, needed: int) -> tuple[Film, ...]:
    shown = {Fraction(f) for f in RANGE} | ({given} if given is not None else set())
    return tuple(_filmed(f, f == given, exposure, needed) for f in sorted(shown))


def _filmed(per_second: Fraction, given: bool, exposure: Fraction | None, needed: int) -> Film:
    # An exposure that is given is the deployment's; at a faster rate a frame is no longer open than it lasts.
    ends = (Fraction(0), 1 / per_second) if exposure is None else (min(exposure, 1 / per_second),) * 2
    lengths = []
    for d in DURATIONS:
        laws = [frames(d, per_second, e) for e in ends]
        lengths.append(
            Filmed(
                seconds=float(d),
                frames=_both([law.mean for law in laws]),
                some=_both([law.at_least(1) for law in laws]),
                enough=_both([law.at_least(needed) for law in laws]),
                filled=_both([filled(d, e) for e in ends]),
                smeared=_both([smeared(d, e) for e in ends]),
            )
        )
    return Film(float(per_second), given, _both([float(e) for e in ends]), tuple(lengths))


def _both(ends: Sequence[float]) -> Between:
    return Between(min(ends), max(ends))


def _decimal(value: float) -> Fraction:
    """A number of the file as the decimal that was written."""
    return Fraction(str(value))


def room_resolution(deployment: Deployment) -> Resolution | None:
    """Pixels by seat, as computed from the room; 0 where a seat is not in the picture. None without a room."""
    if deployment.camera.geometry is None:
        return None
    from misread.deployment.seats.plan import plan_of

    plan = plan_of(deployment.camera.geometry)
    pixels = (p if inside else 0.0 for p, inside in zip(plan.facing_pixels.tolist(), plan.inside, strict=True))
    return Resolution(tuple(pixels), "computed from [camera.geometry]")


def given_resolution(between_eyes: float) -> Resolution:
    """Pixels that the user states.

    Raises
    ------
    MisreadError
        If there can be no such number of pixels.
    """
    if not 0 < between_eyes < math.inf:
        raise MisreadError(
            Problem(
                f"{between_eyes:g} is no number of pixels.",
                expected="a number above 0: pixels between the eyes.",
                mend="give such a number, or leave the option out.",
                key="--between-eyes",
            )
        )
    return Resolution((between_eyes,), "as given with --between-eyes")
