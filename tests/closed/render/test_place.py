"""Heads come to sit where the plan of the seats has them; no graphics library is needed for that."""

from __future__ import annotations

import numpy as np
import pytest

from misread.closed.render.scene import Sitter, level, place
from misread.deployment.seats.plan import plan_of
from misread.deployment.seats.project import pinhole
from tests.closed.render.scenes import geometry


@pytest.mark.parametrize("seat", [0, 2, 3])
def test_eyes_lie_at_the_seat_and_have_the_plans_pixels(seat: int) -> None:
    room = geometry(rows=2, columns=2)
    plan, camera = plan_of(room), pinhole(room)
    placed = place(Sitter(seat, 3), room, 16)
    left, right = (placed.of(placed.head.points[side + " pupil"]) for side in ("left", "right"))
    np.testing.assert_allclose((left + right) / 2, plan.eyes[seat], atol=1e-9)
    gap = float(np.linalg.norm(left - right))
    seen = float(np.linalg.norm(camera.project(left) - camera.project(right)))
    assert seen == pytest.approx(plan.between_eyes[seat] * gap / 0.055, rel=0.01)


def test_left_is_left() -> None:
    room = geometry()
    placed = place(Sitter(0, 3), room, 16)
    left, right = (placed.of(placed.head.points[side + " pupil"]) for side in ("left", "right"))
    # Who looks at the board has the smaller x on the left; the camera over it sees that on the right.
    assert left[0] < right[0]
    assert pinhole(room).project(left)[0] > pinhole(room).project(right)[0]


@pytest.mark.parametrize("turn", [(0.0, 0.0, 0.0), (50.0, 0.0, 0.0), (-30.0, -20.0, 0.0)])
def test_face_points_to_the_board_or_away_by_the_turn(turn: tuple[float, float, float]) -> None:
    room = geometry()
    placed = place(Sitter(1, 3, turn=turn), room, 16)
    points = placed.head.points
    across = placed.of(points["left pupil"]) - placed.of(points["right pupil"])
    middle = (points["left pupil"] + points["right pupil"]) / 2
    rest = place(Sitter(1, 3), room, 16)
    assert across[2] == pytest.approx(0.0, abs=2e-3), "eyes level, but for what the head itself has askew"
    # The same three landmarks of the head span its frame, turned or not: their azimuth differs by the turn.
    before = rest.of(rest.head.points["left pupil"]) - rest.of(rest.head.points["right pupil"])
    turned = np.degrees(np.arctan2(across[1], -across[0]) - np.arctan2(before[1], -before[0]))
    assert turned == pytest.approx(turn[0], abs=0.5)
    assert np.isfinite(middle).all()


@pytest.mark.parametrize("angles", [(0.0, 0.0, 0.0), (40.0, 10.0, 0.0), (-25.0, -15.0, 8.0), (0.0, 20.0, -5.0)])
def test_level_gives_the_turn_that_points_a_face(angles: tuple[float, float, float]) -> None:
    from misread.closed.heads.pose import turned

    yaw, pitch, roll = level(*angles)
    left, up, front = turned(np.eye(3), np.ones(3), (yaw, pitch, roll), np.zeros(3))
    a, h, r = np.radians(angles)
    np.testing.assert_allclose(front, [np.sin(a) * np.cos(h), np.sin(h), np.cos(a) * np.cos(h)], atol=1e-12)
    assert left[1] == pytest.approx(-np.sin(r) * np.cos(h), abs=1e-12), "left ear down"
    np.testing.assert_allclose(np.cross(left, up), front, atol=1e-12)
