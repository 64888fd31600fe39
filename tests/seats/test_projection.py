"""The projection against OpenCV's, closed forms, and rotations done by another library."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import assume, given
from scipy.spatial.transform import Rotation

from misread.deployment.seats.plan import eyes_of, plan_of
from misread.deployment.seats.project import aimed, pinhole

from .rooms import room, rooms


def by_opencv(geometry, points):
    """Where OpenCV puts points: a right-handed world, its own rotation from angles, its own camera matrix."""
    place, picture = geometry.place, geometry.picture
    yaw, pitch = aimed(geometry), place.pitch
    # Right-handed: the board's wall along −x, so that x runs to the pupils' left, as seen by a camera at the board.
    mirrored = points * [-1, 1, 1]
    at = np.array([-place.x, place.y, place.height])
    # A camera that looks along y with z up: picture's right is x, its down is −z.
    level = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    turned = Rotation.from_euler("z", yaw, degrees=True).as_matrix()  # towards −x, which is the pupils' right
    tilted = Rotation.from_euler("x", -pitch, degrees=True).as_matrix()
    world_to_camera = level @ (turned @ tilted).T
    focal = picture.width / 2 / math.tan(math.radians(picture.field_of_view / 2))
    matrix = np.array([[focal, 0, picture.width / 2], [0, focal, picture.height / 2], [0, 0, 1]])
    rvec, _ = cv2.Rodrigues(world_to_camera)
    found, _ = cv2.projectPoints(mirrored, rvec, -world_to_camera @ at, matrix, None)
    return found.reshape(-1, 2)


@given(rooms())
def test_points_fall_where_opencv_puts_them(geometry):
    points = eyes_of(geometry)[2]
    camera = pinhole(geometry)
    depth = camera.depth(points)
    before = depth > 0.05
    assume(before.any())
    assert camera.project(points)[before] == pytest.approx(by_opencv(geometry, points)[before], rel=1e-6, abs=1e-4)
    assert np.isnan(camera.project(points)[depth <= 0]).all()


@given(rooms())
def test_the_axes_are_those_of_a_camera(geometry):
    camera = pinhole(geometry)
    axes = np.stack([camera.right, camera.down, camera.forward])
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-12)
    # The room's axes are left-handed, seen from above.
    assert np.linalg.det(axes) == pytest.approx(-1)


@pytest.mark.parametrize(
    ("place", "seat", "side"),
    [
        # A camera at the board sees the pupils' left on its right; one behind them sees it on its left.
        ({"yaw": 0.0}, (0.5, 5.0, 1.1), "right"),
        ({"yaw": 0.0}, (6.5, 5.0, 1.1), "left"),
        ({"y": 8.9, "yaw": 180.0}, (0.5, 4.0, 1.1), "left"),
        ({"x": 0.1, "y": 4.5, "yaw": 90.0}, (4.0, 2.0, 1.1), "left"),
        ({"x": 6.9, "y": 4.5, "yaw": -90.0}, (4.0, 2.0, 1.1), "right"),
    ],
)
def test_left_and_right(place, seat, side):
    camera = pinhole(room(place=place))
    column = camera.project(np.array(seat))[0]
    assert (column > camera.width / 2) == (side == "right")


def test_down_is_down():
    camera = pinhole(room(place={"pitch": 0.0}))
    assert camera.project(np.array([3.5, 4.0, 1.1]))[1] > camera.height / 2
    assert camera.project(np.array([3.5, 4.0, 2.9]))[1] < camera.height / 2


def on_the_axis(d, **changes):
    """One pupil at distance d straight before a camera at eye height, which hangs in the middle of the board."""
    return room(
        room={"board_height": 1.1, "depth": 40.0},
        seats={"rows": 1, "columns": 1, "first_row": 0.1 + d},
        place={"x": 3.5, "y": 0.1, "height": 1.1, "pitch": 0.0},
        **changes,
    )


@pytest.mark.parametrize("d", [0.5, 2.0, 8.0, 30.0])
@pytest.mark.parametrize("mm", [45.0, 55.0, 63.0])
def test_pixels_of_a_face_on_the_axis(d, mm):
    plan = plan_of(on_the_axis(d, head={"between_eyes_mm": mm}))
    focal = 1920 / math.tan(math.radians(40))
    assert plan.between_eyes[0] == pytest.approx(focal * mm / 1000 / d)
    assert plan.facing_pixels[0] == pytest.approx(focal * mm / 1000 / d)
    assert plan.face_pixels[0] == pytest.approx(focal * 0.14 / d)
    assert (plan.yaw[0], plan.pitch[0], plan.angle[0]) == pytest.approx((0, 0, 0), abs=1e-9)


@pytest.mark.parametrize("degrees", [10.0, 30.0, 55.0])
def test_a_camera_to_the_side_sees_the_eyes_closer_together(degrees):
    # The camera stands beside the board at distance d, and aims at the only pupil.
    d, mm = 3.0, 55.0
    x, y = 3.5 + d * math.sin(math.radians(degrees)), 4.0 - d * math.cos(math.radians(degrees))
    plan = plan_of(
        room(
            room={"board_height": 1.1, "width": 20.0},
            seats={"rows": 1, "columns": 1, "first_row": 4.0},
            place={"x": x + 6.5, "y": y, "height": 1.1, "pitch": 0.0},
        )
    )
    assert plan.yaw[0] == pytest.approx(degrees)
    # Two points ±h·(cos θ, sin θ) at depth d: f·h·cos θ·(1/(d − h·sin θ) + 1/(d + h·sin θ)).
    h, a = mm / 2000, math.radians(degrees)
    focal = 1920 / math.tan(math.radians(40))
    whole = focal * h * math.cos(a) * (1 / (d - h * math.sin(a)) + 1 / (d + h * math.sin(a)))
    assert plan.between_eyes[0] == pytest.approx(whole)


@given(rooms())
def test_yaw_and_pitch_turn_the_face_to_the_camera(geometry):
    # Starting from the way the face is turned, a turn by `yaw` and a tilt by `pitch` end at the camera.
    plan = plan_of(geometry)
    board = np.array([geometry.room.width / 2, 0.0, geometry.room.board_height])
    camera = np.array([geometry.place.x, geometry.place.y, geometry.place.height])
    for i in range(len(plan.eyes)):
        ahead, to_camera = (p - plan.eyes[i] for p in (board, camera))
        ahead, to_camera = ahead / np.linalg.norm(ahead), to_camera / np.linalg.norm(to_camera)
        assert np.cos(np.radians(plan.angle[i])) == pytest.approx(ahead @ to_camera, abs=1e-9)
        # In the face's own frame, turned so that it looks along −y with z up.
        bearing = np.degrees(np.arctan2(ahead[0], -ahead[1]))
        level = Rotation.from_euler("z", -bearing, degrees=True)
        rise = np.degrees(np.arcsin(ahead[2]))
        own = Rotation.from_euler("x", rise, degrees=True).apply(level.apply(to_camera))
        again = Rotation.from_euler("z", plan.yaw[i], degrees=True).apply(
            Rotation.from_euler("x", -plan.pitch[i], degrees=True).apply([0, -1, 0])
        )
        assert own == pytest.approx(again, abs=1e-9)


@pytest.mark.parametrize("height", [1.2, 1.8, 2.6])
@pytest.mark.parametrize("columns", [5, 6])
def test_a_symmetric_room_has_symmetric_seats(height, columns):
    plan = plan_of(room(place={"height": height}, seats={"columns": columns}))
    for name in ("face_pixels", "between_eyes", "angle", "hidden", "lost", "dilution", "pitch"):
        seats = getattr(plan, name).reshape(5, columns)
        assert seats == pytest.approx(seats[:, ::-1], abs=1e-9), name
    yaw = plan.yaw.reshape(5, columns)
    assert yaw == pytest.approx(-yaw[:, ::-1], abs=1e-9)


def test_further_back_there_are_fewer_pixels():
    plan = plan_of(room())
    for name in ("face_pixels", "facing_pixels", "between_eyes"):
        assert (np.diff(getattr(plan, name).reshape(5, 6), axis=0) < 0).all(), name


@given(rooms())
def test_more_pixels_in_the_picture_are_more_on_every_face(geometry):
    big = geometry.picture.model_copy(
        update={"width": geometry.picture.width * 2, "height": geometry.picture.height * 2}
    )
    more = geometry.model_copy(update={"picture": big})
    assert plan_of(more).between_eyes == pytest.approx(2 * plan_of(geometry).between_eyes)
    assert (plan_of(more).inside == plan_of(geometry).inside).all()


def test_what_is_behind_the_camera_is_not_in_the_picture():
    plan = plan_of(room(place={"y": 5.0, "yaw": 0.0}))
    behind = plan.eyes[:, 1] < 4.5
    assert behind.any()
    assert not plan.inside[behind].any()
    assert (plan.face_pixels[behind] == 0).all()
    assert (plan.lost[behind] == 1).all()


def test_without_a_yaw_it_aims_at_the_middle_of_the_seats():
    geometry = room(place={"x": 0.3, "y": 0.4})
    middle = eyes_of(geometry)[2].mean(axis=0)
    camera = pinhole(geometry)
    assert camera.project(middle)[0] == pytest.approx(camera.width / 2)
    assert aimed(room(place={"yaw": -12.0})) == -12.0
