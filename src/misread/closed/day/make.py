"""The day, made: the trace's pupils are cast, every look is rendered and read, and the rules run over what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as version_of
from importlib.util import find_spec

import numpy as np

from misread.closed.day.cast import sitter_of
from misread.closed.day.film import _film, _sheet, _still, _writer
from misread.closed.day.flags import raised
from misread.closed.day.model import (
    DAY,
    FILM,
    Day,
    Face,
    Made,
    Moment,
    Network,
    Pose,
    Sat,
    faces_name,
    room_name,
)
from misread.closed.day.read import Pixels, _Looked, _looked
from misread.closed.readers.detector.table import FILE as DETECTOR
from misread.closed.readers.landmarks import MEASURES, POINTS, database
from misread.closed.readers.networks.table import NETWORKS
from misread.closed.readers.packages.place import not_installed, prepared, sha256
from misread.closed.readers.packages.table import PACKAGES
from misread.closed.render import Care, Scene, Sitter
from misread.closed.workers import each
from misread.deployment import Deployment, load, looks_per_lesson, resolve_profiles
from misread.deployment.model.camera import Geometry
from misread.deployment.seats.plan import plan_of
from misread.engine.chain import compile_chain
from misread.engine.sampled.replay import Facts, Look, Replay
from misread.version import __version__

DEPLOYMENT, POLICY = "as-described-full", "camera-over-the-board"
SCHOOL, CLASS, YEAR, TODAY = 1, 1, 4, 24
"""The first class of the first school, as nine-year-olds, on the day with which the glass classroom opens too."""
LIBRARIES = ("numpy", "vtk", "onnxruntime", "ai-edge-litert", "pillow")
FILM_WIDTH = 960
PER_LOOK = 500
"""Milliseconds that the film stays at a look."""

Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who sits before which camera, and what is true of each at each look."""

    deployment: Deployment
    geometry: Geometry
    facts: tuple[Facts, ...]
    looks: tuple[tuple[Look, ...], ...]
    day: int
    seed: int

    def scene(self, at: int) -> Scene:
        """The class at a look."""
        size = len(self.facts)
        return Scene(
            self.geometry,
            tuple(
                sitter_of(who, own[at], at, size, self.seed) for who, own in zip(self.facts, self.looks, strict=True)
            ),
        )


def cast_of(seed: int = 1) -> Cast:
    """The class of the shipped day, from the trace."""
    deployment = load(DEPLOYMENT)
    geometry = load("as-described", policies=[POLICY]).camera.geometry
    assert geometry is not None  # the policy is the product's own
    profiles = resolve_profiles(deployment)
    replay = Replay(deployment, compile_chain(deployment, profiles), profiles, seed)
    size = deployment.population.class_size
    day = (YEAR - 1) * deployment.calendar.days_per_year + TODAY
    looks = replay.days(SCHOOL, range((CLASS - 1) * size + 1, CLASS * size + 1), day)
    facts = tuple(replay.facts(SCHOOL, pupil) for pupil in looks)
    return Cast(deployment, geometry, facts, tuple(looks.values()), day, seed)


def made(cast: Cast, step: Step, first: int | None = None, care: Care | None = None) -> dict[str, str | bytes]:
    """A day, as files by their names.

    Parameters
    ----------
    cast : Cast
    step : callable
        Told (looks done, looks in all).
    first : int, optional
        Only the first so many looks of the day; by default all. A rule that ranks then ranks a lesson that was cut.
    care : Care, optional
        How finely light is worked out.

    Raises
    ------
    MisreadError
        If the networks were not prepared, or the extra is not installed.
    """
    ready()  # Said before anything is rendered.
    count = len(cast.looks[0]) if first is None else min(first, len(cast.looks[0]))
    found: list[_Looked] = []
    scenes = (cast.scene(at) for at in range(count))
    for one in each(_looked, scenes, [(cast.seed, at) for at in range(count)], [care] * count):
        found.append(one)
        step(len(found), count)
    day = _kept(cast, found)
    files: dict[str, str | bytes] = {DAY: day.model_dump_json()}
    files |= {room_name(at): _still(one.room) for at, one in enumerate(found)}
    for number, sat in enumerate(day.pupils):
        crops = [one.crops[number] for one in found]
        if any(crop is not None for crop in crops):
            files[faces_name(sat.pupil)] = _sheet(crops, looks_per_lesson(cast.deployment))
    files[FILM] = _film([_smaller(one.room) for one in found], PER_LOOK)
    return files


def ready() -> None:
    """Refuse where something is missing that the day needs: the cache's files, the renderer, or what writes pictures.

    Raises
    ------
    MisreadError
        With what is missing, and how to get it.
    """
    for file in (DETECTOR, *(network.file for network in NETWORKS.values())):
        prepared(file)
    _writer()
    if find_spec("vtkmodules") is None:
        raise not_installed("VTK")


def _kept(cast: Cast, found: Sequence[_Looked]) -> Day:
    looks, geometry = looks_per_lesson(cast.deployment), cast.geometry
    pupils = tuple(_sat(cast, number, found) for number in range(len(cast.facts)))
    return Day(
        made=_made(cast),
        width=geometry.picture.width,
        height=geometry.picture.height,
        landmarks=POINTS,
        measures=MEASURES,
        database=_database(),
        moments=tuple(
            Moment(lesson=look.lesson, look=look.look, minute=look.minute, situation=look.situation)
            for look in cast.looks[0][: len(found)]
        ),
        pupils=pupils,
        flags=raised(cast.deployment, pupils, looks, cast.seed),
    )


def _database() -> tuple[Pose, ...]:
    against = database()
    return tuple(
        Pose(head=int(head), pose=pose, measures=tuple(round(float(value), 3) for value in values))
        for head, pose, values in zip(against.seed, against.pose, against.measures, strict=True)
    )


def _sat(cast: Cast, number: int, found: Sequence[_Looked]) -> Sat:
    plan, who = plan_of(cast.geometry), cast.facts[number]
    own = zip(range(len(found)), cast.looks[number], strict=False)
    sitters = [sitter_of(who, look, at, len(cast.facts), cast.seed) for at, look in own]
    seat = sitters[0].seat
    seen = any(one.crops[number] is not None for one in found)
    return Sat(
        pupil=who.pupil,
        seat=seat,
        row=int(plan.row[seat]),
        column=int(plan.column[seat]),
        head=sitters[0].who,
        age=sitters[0].age,
        group=who.group,
        between_eyes=round(float(plan.facing_pixels[seat]), 1) if seen else 0.0,
        faces=tuple(
            _face(look, sitter, one, number)
            for look, sitter, one in zip(cast.looks[number], sitters, found, strict=False)
        ),
    )


def _face(look: Look, sitter: Sitter, one: _Looked, number: int) -> Face:
    seen = one.seen[number]
    return Face(
        state=look.state,
        expression=look.expression,
        turn=sitter.turn[:2],
        crop=seen.crop,
        box=seen.box,
        found=seen.found,
        said=seen.said,
        scores=seen.scores,
        landmarks=seen.landmarks,
    )


def _made(cast: Cast) -> Made:
    versions: Mapping[str, str] = {package.name: package.version for package in PACKAGES}
    return Made(
        deployment=DEPLOYMENT,
        policy=POLICY,
        seed=cast.seed,
        school=SCHOOL,
        klass=CLASS,
        day=cast.day,
        version=__version__,
        libraries={name: version_of(name) for name in LIBRARIES},
        networks=tuple(
            Network(
                name=network.name,
                package=network.package,
                version=versions[network.package],
                file=network.file,
                sha256=sha256(prepared(network.file)),
            )
            for network in NETWORKS.values()
        ),
    )


def _smaller(rgb: Pixels) -> Pixels:
    """Each point of the film is the mean of as many points of the picture; light is added up as bytes, for the eye."""
    times = max(1, rgb.shape[1] // FILM_WIDTH)
    height, width = rgb.shape[0] // times, rgb.shape[1] // times
    mean = rgb[: height * times, : width * times].reshape(height, times, width, times, 3).mean(axis=(1, 3))
    smaller: Pixels = np.rint(mean).astype(np.uint8)
    return smaller
