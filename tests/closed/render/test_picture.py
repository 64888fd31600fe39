"""Pictures against the projection of the geometry, against themselves, and against the plan of the seats."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from misread.closed.render.kernels import depth_map
from misread.closed.render.light import from_far
from misread.closed.render.mesh import joined, packed, plain
from misread.closed.render.picture import LIGHTS, Lit, clip, encoded, pieces, portrait_of, room_of
from misread.closed.render.scene import Scene, Sitter
from misread.closed.render.stage import Stage, staged
from misread.deployment.seats.plan import plan_of
from tests.closed.render.scenes import QUICK, digest, geometry, small

pytest.importorskip("vtkmodules", reason="the renderer's pictures need VTK: pip install misread[closed]")
from misread.closed.render.visible import Rasteriser


@pytest.fixture(scope="module")
def seen() -> Lit:
    return room_of(small(), QUICK, 64)


def dots(lit: Lit, number: int) -> Lit:
    """The same camera before nothing but a small square at each landmark of a sitter, each an owner of its own."""
    who = lit.stage.placed[number]
    camera, squares = lit.camera, []
    for index, name in enumerate(who.head.points):
        at = who.of(who.head.points[name])
        half = 2.5 * camera.depth(at) / camera.focal
        corners = [at + half * (a * camera.right + b * camera.down) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        normals = np.tile(-camera.forward, (4, 1))
        squares.append(plain(np.array(corners), normals, np.array([[0, 1, 2], [0, 2, 3]]), (1, 1, 1), "shining", index))
    mesh = packed(joined(squares))
    light = np.zeros((len(mesh.vertices), 3), dtype=np.float32)
    stage = replace(lit.stage, mesh=mesh)
    return replace(lit, stage=stage, light=light, clear=light[:, 0], eyes=Rasteriser(mesh.vertices, mesh.triangles))


def test_landmarks_fall_where_the_pinhole_says() -> None:
    # Wider than a piece, so that pieces are joined as well.
    room = geometry(size=(1920, 1080))
    lit = room_of(Scene(room, (Sitter(0, 3), Sitter(3, 7))), QUICK, 16)
    assert len(pieces(1920, 1080)) == 4
    for number in (0, 1):
        owners = dots(lit, number).owners()
        points = lit.points(number)
        found = 0
        for index, name in enumerate(points):
            rows, columns = np.nonzero(owners == index)
            if len(rows) < 20:  # behind another dot
                continue
            found += 1
            middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
            others = [points[n] for n in points if n != name]
            if min(float(np.abs(points[name] - o).max()) for o in others) > 5:
                np.testing.assert_allclose(middle, points[name], atol=0.5, err_msg=name)
        assert found > 10


def test_the_light_of_a_dot_falls_there_too() -> None:
    """The colours' own way to a point, a ray, agrees with the rasteriser's: bright places have the dots' middle."""
    lit = room_of(Scene(geometry(size=(640, 360)), (Sitter(0, 3),)), QUICK, 16)
    only = dots(lit, 0)
    weight = np.abs(only.whole()[..., 0] - only.background[0])
    rows, columns = np.indices(weight.shape)
    seen = only.owners() >= 0
    for axis in (rows, columns):
        assert (weight * axis).sum() / weight.sum() == pytest.approx(axis[seen].mean(), abs=0.15)


def test_a_crop_has_the_pictures_own_pixels(seen: Lit) -> None:
    left, top, side = seen.window(0)
    np.testing.assert_array_equal(seen.face(0), seen.whole()[top : top + side, left : left + side])


def test_same_bytes_twice_and_in_another_process(seen: Lit) -> None:
    here = digest()
    assert here == digest()
    code = "from tests.closed.render.scenes import digest; print(digest())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == here


def test_a_mirrored_scene_gives_the_mirrored_picture(seen: Lit) -> None:
    one = encoded(seen.whole()).astype(int)
    other = encoded(room_of(replace(small(), mirrored=True), QUICK, 64).whole()).astype(int)[:, ::-1]
    apart = np.abs(one - other)
    assert np.abs(one - one[:, ::-1]).mean() > 5, "the picture itself is not alike on both sides"
    # Only where an edge goes through the middle of a place are left and right not the same.
    assert apart.mean() < 0.2
    assert (apart.max(-1) > 6).mean() < 0.01


def test_points_of_a_mirrored_scene_are_mirrored(seen: Lit) -> None:
    other = room_of(replace(small(), mirrored=True), QUICK, 64)
    for name, place in seen.points(1).items():
        assert other.points(1)[name] == pytest.approx([seen.camera.width - place[0], place[1]])


def test_hidden_faces_are_those_that_the_plan_says() -> None:
    """A low camera: the share of a head's pixels lost behind others, beside the plan's of a ball behind balls."""
    room = geometry(rows=3, columns=2, size=(640, 360), height=1.25, pitch=3, x=3.1)
    plan = plan_of(room)
    everyone = tuple(Sitter(seat, 3) for seat in range(6))
    together = room_of(Scene(room, everyone), QUICK, 16)
    owners = together.owners()
    lost = []
    for seat in range(6):
        alone = room_of(Scene(room, (everyone[seat],)), QUICK, 16).owners() == 0
        points = together.points(seat)
        gap = together.window(seat, 1.0)[2]
        rows, columns = np.indices(alone.shape)
        middle = (points["left pupil"] + points["right pupil"]) / 2
        face = alone & (np.hypot(columns - middle[0], rows - middle[1]) < 1.25 * gap)
        lost.append(1 - (face & (owners == seat)).sum() / face.sum())
    assert plan.hidden.max() > 0.3
    # The plan's balls have no hair and no shoulders, so it hides less.
    assert ((lost - plan.hidden > -0.1) & (lost - plan.hidden < 0.35)).all()
    assert np.corrcoef(lost, plan.hidden)[0, 1] > 0.9


@pytest.mark.parametrize("pixels", [20.0, 60.0])
def test_a_portrait_has_the_pixels_asked_for(pixels: float) -> None:
    lit = portrait_of(Sitter(0, 3), pixels, care=QUICK, texels=64)
    points = lit.points(0)
    assert np.linalg.norm(points["left pupil"] - points["right pupil"]) == pytest.approx(pixels, rel=0.01)


def test_the_camera_of_a_portrait_stands_to_the_right_for_a_yaw_above_0() -> None:
    lit = portrait_of(Sitter(0, 3), 40, yaw=30, care=QUICK, texels=64)
    points = lit.points(0)
    # Seen from the pupil's right, the nose points to the picture's right.
    assert points["nose tip"][0] > (points["left pupil"] + points["right pupil"])[0] / 2 + 4


def test_a_mirrored_portrait_is_the_mirrored_portrait() -> None:
    one, other = (
        encoded(portrait_of(Sitter(0, 7), 20, 25, mirrored=m, care=QUICK, texels=64).whole()).astype(int)
        for m in (False, True)
    )
    apart = np.abs(one - other[:, ::-1])
    assert np.abs(one - other).mean() > 5
    assert apart.mean() < 0.2
    assert (apart.max(-1) > 6).mean() < 0.01


def test_lights_differ_as_their_names_say() -> None:
    def face(name: str) -> float:
        lit = portrait_of(Sitter(0, 3), 24, light=LIGHTS[name], care=QUICK, texels=64)
        left, top, side = lit.window(0, 1.6)
        return float(lit.linear(left, top, side, side).mean())

    day, dim, back, over = (face(name) for name in ("daylight", "dim", "backlit", "overhead"))
    assert dim < 0.35 * day
    assert back < 0.75 * day
    assert 0.3 * day < over < 1.5 * day


def test_shadow_maps_agree_with_the_graphics_library() -> None:
    """Two ways to the same depths: our own loop, which shadows are made with, and VTK's."""
    stage: Stage = staged(small(), 16)
    mesh = packed(stage.mesh)
    triangles = mesh.triangles[: stage.casters]
    matrix, _ = from_far(np.array([-0.6, -0.48, 0.64]), stage.mesh.vertices[np.unique(triangles)])
    own = np.ones((300, 300), dtype=np.float32)
    depth_map(mesh.vertices, triangles, matrix, own)
    other = Rasteriser(mesh.vertices, triangles).depths(matrix, 300)
    assert (np.abs(own - other) < 1e-4).mean() > 0.99
    assert ((own < 1) == (other < 1)).mean() > 0.995


def test_pieces_see_what_the_whole_camera_sees(seen: Lit) -> None:
    whole = seen.eyes.seen(clip(seen.camera, 0, 0, 160, 90), 160, 90)
    part = seen.eyes.seen(clip(seen.camera, 80, 30, 60, 50), 60, 50)
    assert (whole[30:80, 80:140] == part).mean() > 0.995
