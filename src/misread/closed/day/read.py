"""One look at the class: rendered, read by every reader, and dropped but for words, numbers and small pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from misread.closed.day.model import READERS, Box, SaidOf
from misread.closed.heads import SEEDS
from misread.closed.readers.detector.run import _Detector, _found, _open_detector
from misread.closed.readers.landmarks import AWAY, LOCATED, POINTS, database
from misread.closed.readers.landmarks.read import _read
from misread.closed.readers.networks.boxes import _as_drawn
from misread.closed.readers.networks.run import _open, _Reader, _scores
from misread.closed.readers.networks.table import WORDS
from misread.closed.readers.stimulus import Stimulus, _boxed
from misread.closed.render import Care, Lit, Scene, encoded, room_of
from misread.closed.render.stimuli import TIMES, _stimulus_of
from misread.deployment.seats.plan import plan_of

OWN_DETECTOR = frozenset({"fer", "facex"})
"""Networks whose packages find faces with the detector that is run here; the others are given the rendered face's box,
as theirs would draw it."""
SEEN = 0.5
"""The landmark reader needs so large a part of its points in sight, or more (assumption)."""

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was made of one sitter at one look; see `misread.closed.day.model.Face`."""

    crop: tuple[int, int, int] | None = None
    box: Box | None = None
    found: Box | None = None
    said: tuple[str, ...] = ("none",) * len(READERS)
    scores: tuple[float, ...] = (0.0,) * len(READERS)
    landmarks: SaidOf | None = None


@dataclass(frozen=True, slots=True)
class _Looked:
    """A look: what was made of each sitter, the square that it was read from, and the whole picture, half as wide."""

    seen: tuple[Seen, ...]
    crops: tuple[Pixels | None, ...]
    room: Pixels


def _looked(scene: Scene, key: Sequence[int], care: Care | None = None) -> _Looked:
    """Render a scene and have it read by all readers; landmarks are located with noise that the key draws."""
    lit = room_of(scene, care)
    linear = lit.whole()
    whole, owners = encoded(linear), lit.owners()
    draw = np.random.Generator(np.random.Philox(key=list(key)))
    noise = draw.normal(0, LOCATED, (len(scene.sitters), len(POINTS), 2))
    plan = plan_of(scene.geometry)
    seen: list[Seen] = []
    crops: list[Pixels | None] = []
    for number, sitter in enumerate(scene.sitters):
        stimulus = _stimulus_of(lit, number, whole=whole)
        if stimulus is None:
            seen.append(Seen())
            crops.append(None)
            continue
        window = lit.window(number, TIMES)
        words, scores, found = _networks(stimulus)
        said = _landmarks(
            stimulus, noise[number], _in_sight(lit, number, owners), float(plan.yaw[sitter.seat]), sitter.who
        )
        seen.append(
            Seen(
                crop=window,
                box=stimulus.box,
                found=found,
                said=(said[0] if said else "none", *words),
                scores=(0.0, *scores),
                landmarks=said[1] if said else None,
            )
        )
        crops.append(stimulus.rgb)
    height, width = linear.shape[0] // 2, linear.shape[1] // 2
    half = linear[: 2 * height, : 2 * width].reshape(height, 2, width, 2, 3).mean(axis=(1, 3))
    return _Looked(tuple(seen), tuple(crops), encoded(half))


def _networks(stimulus: Stimulus) -> tuple[list[str], list[float], Box | None]:
    """Each network's word and its score, and the face as the detector has it."""
    found = _found(_detector(), stimulus)
    words, scores = [], []
    for name in READERS[1:]:
        if name in OWN_DETECTOR and found is None:
            words.append("none")
            scores.append(0.0)
            continue
        given = _boxed(stimulus, found) if name in OWN_DETECTOR and found else _as_drawn(name, stimulus)
        (row,) = _scores(_network(name), [given])
        words.append(WORDS[int(row.argmax())])
        scores.append(round(float(row.max()), 3))
    return words, scores, found


def _landmarks(
    stimulus: Stimulus, noise: Floats, in_sight: NDArray[np.bool_], bearing: float, who: int
) -> tuple[str, SaidOf] | None:
    """The landmark reader's word and what it went by; nothing where too few points are in sight.

    It knows where the camera hangs: a face that is turned to the board is turned from the camera by the seat's bearing.
    """
    if in_sight.mean() < SEEN:
        return None
    found, places, turn = _read(
        stimulus, database(), leaving=who if who in SEEDS else None, noise=noise, bearing=bearing
    )
    word = "away" if abs(turn) > AWAY else str(found.words)
    return word, SaidOf(
        points=tuple((round(float(x), 1), round(float(y), 1)) for x, y in places),
        measures=tuple(round(float(value), 3) for value in found.measures),
        nearest=tuple(int(face) for face in found.nearest),
        distances=tuple(round(float(far), 2) for far in found.distances),
        turn=round(turn, 1),
    )


def _in_sight(lit: Lit, number: int, owners: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which points of a sitter lie where it is the foremost, within the picture."""
    places = lit.points(number)
    at = np.floor([places[name] for name in POINTS]).astype(int)
    inside = ((at >= 0) & (at < owners.shape[::-1])).all(axis=1)
    seen = np.zeros(len(at), dtype=bool)
    seen[inside] = owners[at[inside, 1], at[inside, 0]] == number
    return seen


@lru_cache(maxsize=1)
def _detector() -> _Detector:
    return _open_detector()


@lru_cache(maxsize=len(READERS))
def _network(name: str) -> _Reader:
    return _open(name)
