"""Heads are rendered, read and dropped, one by one: what stays are words, scores and whether a face was found."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from misread.closed.card.counted.answers import NOT_TAKEN, Answers
from misread.closed.card.grid import CONDITIONS, DETECTORS, LANDMARKS, POSES, READERS, Condition
from misread.closed.card.made.jpeg import _compressed
from misread.closed.heads import GATED, expression
from misread.closed.readers.detector.run import _Detector, _found, _open_detector
from misread.closed.readers.landmarks import LOCATED, POINTS, database
from misread.closed.readers.landmarks.read import _read
from misread.closed.readers.networks.boxes import _as_drawn
from misread.closed.readers.networks.run import _open, _Reader, _scores
from misread.closed.readers.networks.table import WORDS
from misread.closed.readers.stimulus import _MAKER, Stimulus, _altered, _boxed
from misread.closed.render import LIGHTS, Care, Lit, Sitter, portrait_of
from misread.closed.render.picture import again, out_of_focus
from misread.closed.render.scene import forget
from misread.closed.render.stimuli import _stimulus_of


@dataclass(frozen=True, slots=True)
class Grid:
    """What is taken of each head.

    Attributes
    ----------
    conditions : tuple of Condition
        The base first.
    poses : tuple of str
        The gated ones first; the others are taken in the base condition alone.
    readers : tuple of str
        Of `READERS`.
    detectors : tuple of str
        Of `DETECTORS`.
    seed : int
        Of the noise of located landmarks.
    care : Care or None
        How finely light is worked out; none: as portraits have it.
    texels : int
        Points a side of the skin's picture.
    """

    conditions: tuple[Condition, ...] = CONDITIONS
    poses: tuple[str, ...] = POSES
    readers: tuple[str, ...] = READERS
    detectors: tuple[str, ...] = DETECTORS
    seed: int = 1
    care: Care | None = None
    texels: int = 512

    def taken(self) -> Iterator[tuple[int, int]]:
        """Places of all conditions and poses that are taken, those in the same light one after another."""
        for pose, name in enumerate(self.poses):
            wanted = range(len(self.conditions)) if name in GATED else range(1)
            # Sorted by the place where a light comes up first.
            lights = [condition.lighting for condition in self.conditions]
            for place in sorted(wanted, key=lambda at: (lights.index(lights[at]), at)):
                yield place, pose


@dataclass(frozen=True, eq=False)
class Taken:
    """What one head gave.

    Attributes
    ----------
    answers : Answers
    digests : tuple of str
        By condition, SHA-256 of the pixels and boxes of all its poses.
    """

    answers: Answers
    digests: tuple[str, ...]


def taken(seed: int, grid: Grid) -> Taken:
    """One head through the whole grid.

    Parameters
    ----------
    seed : int
        Whose head.
    grid : Grid

    Raises
    ------
    MisreadError
        If the networks were not prepared, or the extra is not installed.
    """
    networks = {name: _network(name) for name in grid.readers if name != LANDMARKS}
    detectors = [_detector(name) for name in grid.detectors]
    shape = (1, len(grid.conditions), len(grid.poses))
    words = np.full((*shape, len(grid.readers)), NOT_TAKEN, dtype=np.int8)
    scores = np.full((*shape, len(networks), len(WORDS)), np.nan)
    found = np.zeros((*shape, len(detectors)), dtype=bool)
    digests = [hashlib.sha256() for _ in grid.conditions]
    for place, pose, stimulus in _stimuli(seed, grid):
        digests[place].update(stimulus.rgb.tobytes() + repr(stimulus.box).encode())
        at = (0, place, pose)
        given = [_shares(_scores(network, [_as_drawn(name, stimulus)])[0]) for name, network in networks.items()]
        told = iter(given)
        for number, name in enumerate(grid.readers):
            if name == LANDMARKS:
                words[*at, number] = _by_landmarks(stimulus, seed, grid, place, pose)
            else:
                words[*at, number] = int(next(told).argmax())
        if given:
            scores[at] = given
        found[at] = [_found(detector, stimulus) is not None for detector in detectors]
    forget()
    answers = Answers((seed,), words, scores, found, grid.poses, grid.conditions)
    return Taken(answers, tuple(digest.hexdigest() for digest in digests))


def _stimuli(seed: int, grid: Grid) -> Iterator[tuple[int, int, Stimulus]]:
    """Every picture of a head: its condition, its pose, and what readers are given."""
    before: tuple[object, ...] = ()
    lit: Lit | None = None
    for place, pose in grid.taken():
        condition = grid.conditions[place]
        lighting = (*condition.lighting, pose)
        if lit is None or lighting != before:
            if lit is not None:
                lit.eyes.close()
            lit, before = _lit(seed, condition, grid.poses[pose], grid), lighting
        yield place, pose, _stimulus(lit, condition)
    if lit is not None:
        lit.eyes.close()


def _lit(seed: int, condition: Condition, pose: str, grid: Grid) -> Lit:
    sitter = Sitter(0, seed, condition.age, expression(pose), wears=condition.wears, skin=condition.skin)
    return portrait_of(
        sitter, condition.apart, light=LIGHTS[condition.light], mirrored=condition.mirrored, care=grid.care,
        texels=grid.texels,
    )  # fmt: skip


def _stimulus(lit: Lit, condition: Condition) -> Stimulus:
    """What readers are given of a head in its light."""
    seen = again(lit, condition.apart, condition.yaw, shift=condition.shift)
    whole = out_of_focus(seen, condition.spread) if condition.spread else None
    stimulus = _stimulus_of(seen, 0, whole=whole)
    if stimulus is None:
        raise RuntimeError(f"a portrait without its face: {condition}")
    if condition.quality is not None:
        stimulus = _altered(_MAKER, stimulus, _compressed(stimulus.rgb, condition.quality))
    if any(condition.box):
        stimulus = _boxed(stimulus, _moved(stimulus.box, condition.box))
    return stimulus


def _moved(box: tuple[int, int, int, int], by: tuple[float, float]) -> tuple[int, int, int, int]:
    """A box moved by a share of its size, by a whole pixel at least."""
    left, top, width, height = box
    across, down = (
        int(np.sign(share)) * max(1, round(abs(share) * side)) for share, side in zip(by, (width, height), strict=True)
    )
    return left + across, top + down, width, height


def _shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores that add to 1, as those of one network do not."""
    return np.asarray(scores / scores.sum())


def _by_landmarks(stimulus: Stimulus, seed: int, grid: Grid, place: int, pose: int) -> int:
    """The landmark reader's word: points located with noise of their own in every picture, the own head left out."""
    condition = grid.conditions[place]
    shown = zlib.crc32(f"{condition.factor} {condition.level} {grid.poses[pose]}".encode())
    draw = np.random.Generator(np.random.Philox(key=[grid.seed, seed << 32 | shown]))
    noise = LOCATED * draw.standard_normal((len(POINTS), 2))
    reading, _places, _turn = _read(stimulus, database(), leaving=seed, noise=noise)
    return WORDS.index(str(reading.words))


@lru_cache(maxsize=len(READERS))
def _network(name: str) -> _Reader:
    return _open(name)


@lru_cache(maxsize=len(DETECTORS))
def _detector(name: str) -> _Detector:
    return _open_detector(name)
