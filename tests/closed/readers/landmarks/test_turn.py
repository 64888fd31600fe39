"""How far a face is turned, from its landmarks: against turns that are known, wherever the camera hangs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.closed.heads import SEEDS, expression, points
from misread.closed.readers.landmarks.turn import TURNING, _before, _turned

ADULT, CHILD = 25.0, 9.0


def seen(seed: int, age: float, yaw: float, above: float = 0.0, pose: str = "neutral") -> np.ndarray:
    """Landmarks of a head far away that is turned by so much, from a camera so many degrees above the eyes."""
    face = points(seed, age, expression(pose))
    a, e = np.radians([yaw, above])
    places = np.array([face[name] for name in TURNING])
    x, y = places[:, 0] * np.cos(a) + places[:, 2] * np.sin(a), places[:, 1]
    z = -places[:, 0] * np.sin(a) + places[:, 2] * np.cos(a)
    return np.stack([x, -(y * np.cos(e) - z * np.sin(e))], axis=1)


@pytest.mark.parametrize("yaw", [-50.0, -20.0, 0.0, 20.0, 50.0])
def test_adults_are_read_right_on_average(yaw):
    found = [_turned(seen(seed, ADULT, yaw)) for seed in SEEDS]
    assert np.mean(found) == pytest.approx(yaw, abs=0.5)
    assert np.std(found) < 6


@pytest.mark.parametrize(("above", "of_50"), [(0.0, 50.0), (15.0, 46.5), (30.0, 43.0)])
def test_from_above_a_turn_looks_a_little_less(above, of_50):
    found = [_turned(seen(seed, ADULT, 50.0, above)) for seed in SEEDS]
    assert np.mean(found) == pytest.approx(of_50, abs=0.5)


def test_it_was_made_for_grown_faces():
    """A child's nose stands out less, so that a child is taken to be turned less than it is."""
    found = np.array([_turned(seen(seed, CHILD, 45.0)) for seed in SEEDS])
    assert 35 < found.mean() < 43


@given(st.floats(0, 2 * np.pi), st.floats(0.05, 20), st.floats(-500, 500))
def test_where_how_large_and_how_far_it_leans_does_not_matter(angle, size, to):
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    face = 1000 * seen(3, CHILD, 30.0, 10.0)
    assert _turned(size * face @ turn + to) == pytest.approx(float(_turned(face)), abs=1e-5)


@given(st.integers(0, 2**32 - 1))
def test_a_mirrored_face_is_turned_the_other_way(seed):
    crooked = 1000 * seen(5, CHILD, 20.0) + np.random.default_rng(seed).normal(0, 2, (len(TURNING), 2))
    swapped = [2, 3, 0, 1, 4, 5, 6]
    assert _turned((crooked * (-1, 1))[swapped]) == pytest.approx(-float(_turned(crooked)))


def test_faces_with_all_points_in_one_place_are_turned_nowhere():
    assert np.isnan(_turned(np.zeros((len(TURNING), 2))))


def test_the_nose_stands_before_the_face():
    assert 0.2 < _before() < 0.5
