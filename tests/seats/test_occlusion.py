"""Heads in the way: the lens of two discs against integration, and balls against rays that are cast at them."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.integrate import quad

from misread.deployment.seats.occlusion import hidden, overlap

RADII = st.floats(0.01, 10)


def by_integration(a, b, d):
    """The shared area as an integral over x of what both discs have of each line."""

    def shared(x):
        first, second = a * a - x * x, b * b - (x - d) ** 2
        return 2 * math.sqrt(min(first, second)) if min(first, second) > 0 else 0.0

    low, high = max(-a, d - b), min(a, d + b)
    if low >= high:
        return 0.0
    # The two circles meet at this x.
    meet = (d * d + a * a - b * b) / (2 * d) if d else 0.0
    at = sorted({low, min(max(meet, low), high), high})
    return sum(quad(shared, p, q, epsabs=1e-11, limit=200)[0] for p, q in pairwise(at))


@given(RADII, RADII, st.floats(0, 25))
@example(0.25, 0.25, 5e-324)
@example(1.0, 1.0, 1e-13)
@example(1.0, 1.0 + 1e-15, 2e-15)
def test_the_lens_is_the_integral(a, b, d):
    assert overlap(a, b, d) == pytest.approx(by_integration(a, b, d), rel=1e-6, abs=1e-6 * min(a, b) ** 2)


@given(RADII, RADII, st.floats(0, 25), st.floats(0, 25))
def test_closer_discs_share_more(a, b, near, far):
    near, far = sorted((near, far))
    assert overlap(a, b, near) >= overlap(a, b, far) - 1e-9 * min(a, b) ** 2
    assert 0 <= overlap(a, b, far) <= math.pi * min(a, b) ** 2 * (1 + 1e-12)


def test_the_ends():
    assert overlap(2.0, 1.0, 0.5) == pytest.approx(math.pi)
    assert overlap(2.0, 1.0, 3.0) == 0
    # Two equal discs, each through the other's middle: 2π/3 − √3/2.
    assert overlap(1.0, 1.0, 1.0) == pytest.approx(2 * math.pi / 3 - math.sqrt(3) / 2)


def by_rays(eyes, camera, radius, seat, others, rays, rng):
    """Of rays at one head, the share that meets another head first: exact but for sampling."""
    axis = eyes[seat] - camera
    far = np.linalg.norm(axis)
    axis = axis / far
    # Even over the disc in the plane of small angles.
    size = math.asin(radius / far) * np.sqrt(rng.random(rays))
    turn = rng.random(rays) * 2 * math.pi
    side = np.cross(axis, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side)
    up = np.cross(side, axis)
    way = np.cos(size)[:, None] * axis + np.sin(size)[:, None] * (
        np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * up
    )
    met = np.zeros(rays, dtype=bool)
    for other in others:
        along = way @ (eyes[other] - camera)
        closest = np.linalg.norm(eyes[other] - camera - along[:, None] * way, axis=1)
        met |= (closest < radius) & (along > 0) & (np.linalg.norm(eyes[other] - camera) < far)
    return met.mean()


@pytest.mark.parametrize("drop", [0.0, 0.03, 0.08, 0.12, 0.2])
def test_one_head_in_front_of_another(drop):
    camera = np.array([0.0, 0.0, 1.1])
    eyes = np.array([[0.0, 2.0, 1.1 - drop], [0.0, 3.2, 1.1]])
    rays = 40_000
    share = by_rays(eyes, camera, 0.07, 1, [0], rays, np.random.default_rng(7))
    error = 4 * math.sqrt(max(share * (1 - share), 1e-4) / rays)
    assert hidden(eyes, camera, 0.07)[1] == pytest.approx(share, abs=error + 2e-3)
    assert hidden(eyes, camera, 0.07)[0] == 0


def test_of_several_heads_the_one_counts_that_hides_most():
    rng = np.random.default_rng(11)
    camera = np.array([0.3, 0.0, 1.25])
    row, column = (i.ravel() for i in np.indices((5, 6)))
    eyes = np.stack([column * 0.5, 2.0 + row * 0.8, np.full(30, 1.1)], axis=-1)
    found = hidden(eyes, camera, 0.07)
    several = 0
    for seat in range(30):
        others = [o for o in range(30) if o != seat]
        alone = [by_rays(eyes, camera, 0.07, seat, [o], 4000, rng) for o in others]
        union = by_rays(eyes, camera, 0.07, seat, others, 4000, rng)
        assert found[seat] == pytest.approx(max(alone), abs=0.04)
        assert found[seat] <= union + 0.04
        several += sum(a > 0.02 for a in alone) > 1
    assert several
    assert found.max() > 0.3


def test_heads_that_are_further_away_hide_nothing():
    eyes = np.array([[0.0, 3.0, 1.1], [0.0, 2.0, 1.1]])
    assert hidden(eyes, np.array([0.0, 0.0, 1.1]), 0.07).tolist() == [1.0, 0.0]
    assert hidden(eyes[:1], np.array([0.0, 0.0, 1.1]), 0.07).tolist() == [0.0]
