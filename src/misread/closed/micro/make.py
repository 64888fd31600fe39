"""The film, made: one head at a seat, rendered at every strength that comes up, and read frame by frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version as version_of

import numpy as np
from numpy.typing import NDArray

from misread.closed.day.model import READERS
from misread.closed.day.read import _landmarks, _networks
from misread.closed.heads import expression
from misread.closed.micro.course import course
from misread.closed.micro.model import MICRO, Film, Frame, Made, Micro, View
from misread.closed.readers.detector.table import FILE
from misread.closed.readers.landmarks import LOCATED, POINTS
from misread.closed.readers.networks.table import NETWORKS
from misread.closed.readers.packages.place import prepared, sha256
from misread.closed.readers.stimulus import _MAKER, Stimulus, _altered
from misread.closed.render import Care, Scene, Sitter, room_of
from misread.closed.render.stimuli import _stimulus_of
from misread.deployment import load
from misread.deployment.model.camera import Geometry
from misread.deployment.seats.plan import plan_of
from misread.version import __version__

DEPLOYMENT, POLICY = "as-described", "camera-over-the-board"
LIBRARIES = ("numpy", "vtk", "onnxruntime", "ai-edge-litert")
PER_SECOND = 25
LASTS = (1, 2, 3, 4, 5)
"""Twenty-fifths of a second: from the shortest movement that is spoken of to Ekman's longest (evidence D02)."""
PHASES = (Fraction(0), Fraction(1, 2))
"""The apex on a frame, and in the middle between two."""
APEX = PER_SECOND // 2
"""The frame that the apex is on or comes after."""
SHOWN = 7
POSE = "surprise"
"""A valid stimulus: geometry and networks tell it (`probe.md` section 3). All of it at the apex (assumption, kind)."""
HEAD, AGE = 20, 9.5
"""The first head that stands in no database, at an age of primary school."""
GRAIN = 2.0
"""Standard deviation of the camera's noise, in steps of 255, for each point and colour (assumption: a good camera)."""

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]
Step = Callable[[int, int], None]
Sheet = Callable[[Sequence[Pixels], int], bytes]
"""Writes pictures into rows of so many, as a file."""


@dataclass(frozen=True, slots=True)
class Place:
    """A seat before the policy's camera, whose picture may have fewer pixels.

    Attributes
    ----------
    name : str
    seat : int
        From 0, row by row from the board.
    size : tuple of int or None
        Width and height of the picture; none: the policy's own.
    """

    name: str
    seat: int
    size: tuple[int, int] | None = None

    def before(self) -> Geometry:
        """The room with the camera."""
        geometry = load(DEPLOYMENT, policies=[POLICY]).camera.geometry
        assert geometry is not None  # the policy is the product's own
        if self.size is None:
            return geometry
        width, height = self.size
        fewer = geometry.picture.model_copy(update={"width": width, "height": height})
        return geometry.model_copy(update={"picture": fewer})


COMMON = (1920, 1080)
"""A common film's picture; the policy's has four times the pixels."""
PLACES = (
    Place("near", 2),
    Place("far", 26),
    Place("near-common", 2, COMMON),
    Place("far-common", 26, COMMON),
)
"""The first row and the last, in the middle."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """How it is made.

    Attributes
    ----------
    lasts : tuple of int
    seed : int
    networks : bool
        Whether the networks read as well.
    care : Care or None
        How finely light is worked out.
    texels : int
        Points a side of the skin's picture.
    """

    lasts: tuple[int, ...]
    seed: int
    networks: bool
    care: Care | None
    texels: int

    def courses(self) -> Iterator[tuple[Fraction, int, Mapping[int, Fraction]]]:
        """Each movement: its phase, its length, and how strong it is on which frame."""
        for phase in PHASES:
            for lasts in self.lasts:
                yield phase, lasts, course(lasts, phase)


def made(
    step: Step = lambda _done, _of: None,
    sheet: Sheet | None = None,
    *,
    places: Sequence[Place] = PLACES,
    lasts: Sequence[int] = LASTS,
    seed: int = 1,
    networks: bool = True,
    care: Care | None = None,
    texels: int = 256,
) -> dict[str, str | bytes]:
    """The film and what was read of it, as files by their names: `MICRO`, and a strip for each place.

    Parameters
    ----------
    step : callable
        Told (faces rendered, faces in all).
    sheet : callable, optional
        Writes a strip; without it there are none.
    places : sequence of Place
    lasts : sequence of int
        How long the movements last, in frames; the shortest first.
    seed : int
        Of the noise.
    networks : bool
        Whether the networks read as well; without them, only landmarks are read.
    care : Care, optional
        How finely light is worked out.
    texels : int
        Points a side of the skin's picture.

    Raises
    ------
    MisreadError
        If the networks were not prepared, or the extra is not installed.
    """
    files = [FILE, *(network.file for network in NETWORKS.values())] if networks else []
    weights = {file: sha256(prepared(file)) for file in files}  # Said before anything is rendered.
    how = _Setting(tuple(lasts), seed, networks, care, texels)
    views: list[View] = []
    strips: dict[str, str | bytes] = {}
    strengths = sorted({Fraction(0)}.union(*(own.values() for _, _, own in how.courses())))
    for number, place in enumerate(places):
        faces = {}
        for strength in strengths:
            faces[strength] = _rendered(place, strength, how)
            step(number * len(strengths) + len(faces), len(places) * len(strengths))
        view, crops = _filmed(place, number, faces, how)
        views.append(view)
        if sheet is not None:
            strips[view.strip] = sheet(crops, SHOWN)
    found = Micro(
        made=Made(
            deployment=DEPLOYMENT,
            policy=POLICY,
            seed=seed,
            head=HEAD,
            age=AGE,
            version=__version__,
            libraries={name: version_of(name) for name in LIBRARIES},
            weights=weights,
        ),
        pose=POSE,
        per_second=PER_SECOND,
        shown=SHOWN,
        located=LOCATED,
        grain=GRAIN,
        look_every=load(DEPLOYMENT).camera.observe_every_seconds,
        readers=READERS if networks else READERS[:1],
        views=tuple(views),
    )
    return {MICRO: found.model_dump_json(), **strips}


def _rendered(place: Place, strength: Fraction, how: _Setting) -> Stimulus:
    """The face at the seat, by how strong its pose is. It sits there alone: the room is empty."""
    sitter = Sitter(place.seat, HEAD, AGE, expression(POSE, float(strength)))
    lit = room_of(Scene(place.before(), (sitter,)), how.care, how.texels)
    face = _stimulus_of(lit, 0)
    lit.eyes.close()
    if face is None:
        raise ValueError(f"seat {place.seat} is not in the picture")
    return face


def _filmed(place: Place, number: int, faces: Mapping[Fraction, Stimulus], how: _Setting) -> tuple[View, list[Pixels]]:
    """What was read at one place, and the crops of its strip."""
    geometry = place.before()
    plan = plan_of(geometry)
    bearing = float(plan.yaw[place.seat])

    def taken(at: int, strength: Fraction) -> tuple[Stimulus, Floats]:
        return _taken(faces[strength], (how.seed, number << 32 | at))

    def read(at: int, strength: Fraction) -> Frame:
        return _read(*taken(at, strength), bearing, how.networks)

    films = [
        Film(
            lasts=lasts,
            phase=float(phase),
            first=APEX + min(strengths, default=0),
            strengths=tuple(float(strength) for strength in strengths.values()),
            frames=tuple(read(APEX + at, strength) for at, strength in strengths.items()),
        )
        for phase, lasts, strengths in how.courses()
    ]
    span = range(-(SHOWN // 2), SHOWN // 2 + 1)
    crops = [taken(APEX + at, course(lasts).get(at, Fraction(0)))[0].rgb for lasts in how.lasts for at in span]
    view = View(
        seat=place.seat,
        row=int(plan.row[place.seat]),
        column=int(plan.column[place.seat]),
        width=geometry.picture.width,
        height=geometry.picture.height,
        between_eyes=round(float(plan.facing_pixels[place.seat]), 1),
        strip=f"{place.name}.webp",
        rest=tuple(read(at, Fraction(0)) for at in range(PER_SECOND)),
        films=tuple(films),
    )
    return view, crops


def _taken(face: Stimulus, key: tuple[int, int]) -> tuple[Stimulus, Floats]:
    """A face as the camera has it on one frame, and by how much each landmark is located beside its place.

    The key is the frame's: the noise is the same whatever the face shows.
    """
    draw = np.random.Generator(np.random.Philox(key=list(key)))
    beside = LOCATED * draw.standard_normal((len(POINTS), 2))
    grain = GRAIN * draw.standard_normal(face.rgb.shape)
    return _altered(_MAKER, face, np.clip(np.rint(face.rgb + grain), 0, 255).astype(np.uint8)), beside


def _read(face: Stimulus, beside: Floats, bearing: float, networks: bool) -> Frame:
    """What each reader says of a face, before which nothing stands."""
    said = _landmarks(face, beside, np.ones(len(POINTS), dtype=bool), bearing, HEAD)
    words, scores, _ = _networks(face) if networks else ([], [], None)
    return Frame(said=(said[0] if said else "none", *words), scores=(0.0, *scores))
