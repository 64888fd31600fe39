"""Landmarks measured and compared: closed forms, what must not matter, and the poses of heads of nobody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.closed.heads import EXPRESSIONS, SEEDS, expression, points
from misread.closed.readers.landmarks import LOCATED, MEASURES, POINTS, database, word_of
from misread.closed.readers.landmarks.database import front
from misread.closed.readers.landmarks.measures import LANDMARKS, _measured
from misread.closed.readers.landmarks.read import _compared, _read
from misread.closed.readers.stimulus import _MAKER, _made

DRAWN = {
    "eye inner corner": (15, 0), "eye outer corner": (45, 0), "upper lid": (30, -6), "lower lid": (30, 6),
    "brow inner": (12, -20), "brow middle": (30, -27), "mouth corner": (24, 57),
    "upper lip top": (0, 54), "upper lip edge": (0, 60), "lower lip edge": (0, 69), "lower lip bottom": (0, 78),
}  # fmt: skip
"""A face drawn on paper, its left half: 60 from eye to eye, rows downwards."""


def paper() -> np.ndarray:
    """All its landmarks; the right half mirrors the left."""
    places = []
    for name in LANDMARKS:
        side, _, rest = name.partition(" ")
        x, y = DRAWN[rest if side in ("left", "right") else name]
        places.append((-x if side == "right" else x, y))
    return np.array(places, dtype=float)


def test_measures_are_lengths_over_the_distance_of_the_eyes() -> None:
    assert dict(zip(MEASURES, _measured(paper()), strict=True)) == pytest.approx(
        {"brow height": 27 / 60, "brow distance": 24 / 60, "lip corner lift": 9 / 60, "mouth opening": 9 / 60,
         "eye opening": 12 / 60}
    )  # fmt: skip


@given(st.floats(0, 2 * np.pi), st.floats(0.05, 20), st.floats(-500, 500), st.floats(-500, 500))
def test_where_how_large_and_how_far_to_a_side_does_not_matter(angle, size, x, y) -> None:
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    assert _measured(size * paper() @ turn + (x, y)) == pytest.approx(_measured(paper()), abs=1e-6)


@given(st.integers(0, 2**32 - 1))
def test_a_mirrored_face_measures_the_same(seed) -> None:
    crooked = paper() + np.random.default_rng(seed).normal(0, 2, paper().shape)
    other = {"left": "right", "right": "left"}
    swapped = [LANDMARKS.index(" ".join(other.get(word, word) for word in name.split(" "))) for name in LANDMARKS]
    assert _measured((crooked * (-1, 1))[swapped]) == pytest.approx(_measured(crooked))


def test_eyes_at_one_place_measure_nothing() -> None:
    against = database((0, 1))
    flat = np.zeros((len(LANDMARKS), 2))
    assert np.isnan(_measured(flat)).all()
    assert np.isinf(_compared(flat, against, leaving=None).distances).all()


def moved(seed: int, age: float, pose: str) -> dict[str, float]:
    """By how much a pose differs from the same head at rest."""
    return dict(zip(MEASURES, _measured(front(seed, age, pose)) - _measured(front(seed, age, "neutral")), strict=True))


@pytest.mark.parametrize("age", [9.0, 25.0])
@pytest.mark.parametrize("seed", [0, 7, 13])
def test_poses_move_what_their_units_move(seed, age) -> None:
    assert moved(seed, age, "happy")["lip corner lift"] > 0.03
    assert moved(seed, age, "sad")["lip corner lift"] < -0.03
    surprise = moved(seed, age, "surprise")
    assert min(surprise["brow height"], surprise["mouth opening"], surprise["eye opening"]) > 0.03
    for angry in ("angry, closed mouth", "angry, open mouth"):
        assert moved(seed, age, angry)["brow height"] < -0.02
        assert moved(seed, age, angry)["brow distance"] < 0


def test_a_face_of_the_database_is_found_there() -> None:
    against = database((0, 1, 2))
    for seed in (0, 2):
        for pose in EXPRESSIONS:
            found = _compared(37.0 * front(seed, 25.0, pose), against, leaving=None)
            assert (against.seed[found.nearest[0]], against.pose[found.nearest[0]]) == (seed, pose)
            assert found.distances[0] == pytest.approx(0, abs=1e-6)
            assert found.words == word_of(pose)


@given(st.integers(0, 2**32 - 1), st.sampled_from([None, 0, 3]))
def test_the_nearest_are_the_nearest(seed, leaving) -> None:
    against, rng = database((0, 3, 5)), np.random.default_rng(seed)
    places = paper() + rng.normal(0, 4, (6, *paper().shape))
    found = _compared(places, against, leaving=leaving)
    for i, face in enumerate(places):
        far = {
            j: float(np.linalg.norm((_measured(face) - against.measures[j]) / against.spread))
            for j in range(len(against.pose))
            if against.seed[j] != leaving
        }
        near = sorted(far, key=far.__getitem__)[:3]
        assert found.nearest[i].tolist() == near
        assert found.distances[i] == pytest.approx([far[j] for j in near])
        assert found.words[i] == word_of(against.pose[near[0]])


def test_a_head_is_not_compared_with_itself() -> None:
    against = database((0, 1))
    found = _compared(front(0, 25.0, "happy"), against, leaving=0)
    assert set(against.seed[found.nearest].tolist()) == {1}
    with pytest.raises(ValueError, match="too few"):
        _compared(front(0, 25.0, "happy"), database((0,)), leaving=0)


def shares(age: float, pixels: float) -> float:
    """How many of all poses of twenty heads are read right from so many pixels between the eyes, each ten times."""
    rng, against, right = np.random.default_rng(5), database(), []
    for seed in SEEDS:
        for pose in EXPRESSIONS:
            face = front(seed, age, pose)
            face = np.repeat((face * pixels / _apart(face))[None], 10, axis=0)
            found = _compared(face + rng.normal(0, LOCATED, face.shape), against, leaving=seed)
            right.append((found.words == word_of(pose)).mean())
    return float(np.mean(right))


def _apart(face: np.ndarray) -> float:
    middle = {
        side: sum(face[LANDMARKS.index(f"{side} eye {end} corner")] for end in ("inner", "outer")) / 2
        for side in ("left", "right")
    }
    return float(np.linalg.norm(middle["left"] - middle["right"]))


def test_full_poses_are_told_apart_near_by_and_less_so_far_away() -> None:
    near, row, back = (shares(25.0, pixels) for pixels in (40, 12, 6))
    assert near > 0.97
    assert near > row > back
    assert back < 0.7


def test_the_heads_points_are_those_of_the_drawn_head() -> None:
    from misread.closed.heads import head

    whole = head(3, 9.0, expression("sad"), turn=(20.0, -5.0, 3.0)).points
    for name, place in points(3, 9.0, expression("sad"), turn=(20.0, -5.0, 3.0)).items():
        assert place == pytest.approx(whole[name]), name


def test_it_reads_what_the_renderer_made_and_nothing_else() -> None:
    points_of_anybody = np.zeros((len(POINTS), 2))

    class Like:
        landmarks = dict.fromkeys(POINTS, (0.0, 0.0))

    for other in (points_of_anybody, Like(), Like.landmarks):
        with pytest.raises(TypeError, match="only what the product rendered"):
            _read(other, database(), leaving=None, noise=np.zeros((len(POINTS), 2)))


def test_a_stimulus_is_read_at_its_landmarks() -> None:
    """The points that the renderer gave, moved by the noise; the word is that of the same lengths."""
    face = points(3, 9.0, expression("happy"))
    places = {name: (100 + 900 * face[name][0], 100 - 900 * face[name][1]) for name in POINTS}
    made = _made(_MAKER, np.zeros((200, 200, 3), np.uint8), (50, 50, 100, 100), places)
    noise = np.full((len(POINTS), 2), 0.25)
    found, where, turn = _read(made, database(), leaving=3, noise=noise, bearing=5.0)
    np.testing.assert_allclose(where, np.array([places[name] for name in POINTS]) + 0.25)
    assert found.words == "happy"
    assert turn == pytest.approx(-5, abs=2)
