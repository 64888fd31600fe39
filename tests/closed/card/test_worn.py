"""Glasses and masks in millimetres: where they sit, what they clear, what they cover, and that they fit all heads."""

from __future__ import annotations

import numpy as np
import pytest

from misread.closed.heads import MATERIALS, SEEDS, Head, expression, head, person, with_skin
from misread.closed.heads.drawn.skin import DARKEST, LIGHTEST
from misread.closed.heads.drawn.worn import CLOTH, tube

SMALL = 64


def of(face: Head, *names: str) -> np.ndarray:
    """The vertices of some materials, in millimetres."""
    used = face.triangles[np.isin(face.materials, [MATERIALS.index(n) for n in names])]
    return 1e3 * face.vertices[np.unique(used)]


def nearest(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.sqrt(((points[:, None] - others[None]) ** 2).sum(-1).min(1))


def triangles(face: Head, name: str) -> np.ndarray:
    return face.vertices[face.triangles[face.materials == MATERIALS.index(name)]]


@pytest.fixture(scope="module", params=[(0, 9.5), (1, 6.0), (7, 25.0), (13, 60.0)], ids=str)
def wearing(request: pytest.FixtureRequest) -> Head:
    seed, age = request.param
    return head(seed, age, expression("happy"), texels=SMALL, wears=("glasses", "mask"))


def test_rims_go_round_the_eyes_and_clear_the_face(wearing: Head) -> None:
    frame, skin = of(wearing, "frame"), of(wearing, "skin", "lids", "lash", "white", "iris", "pupil")
    scale = np.linalg.norm(wearing.points["left pupil"] - wearing.points["right pupil"]) / 0.062
    for side, sign in (("left", 1), ("right", -1)):
        pupil = 1e3 * wearing.points[f"{side} pupil"]
        # What of the frame lies before the eyes is rims and half the bridge.
        rim = frame[(sign * frame[:, 0] > 0.5) & (frame[:, 2] > pupil[2] + 2)]
        low, high = rim.min(0), rim.max(0)
        assert low[0] < pupil[0] < high[0]
        assert low[1] < pupil[1] < high[1]
        assert 30 * scale < high[1] - low[1] < 50 * scale
        assert nearest(rim, skin).min() > 0.5
        assert 4 < rim[:, 2].min() - pupil[2] < 28


def test_temples_reach_the_ears_outside_of_the_head(wearing: Head) -> None:
    frame = of(wearing, "frame")
    front = frame[:, 2].max()
    for sign in (1, -1):
        side = frame[sign * frame[:, 0] > 0]
        assert front - side[:, 2].min() > 70, "a temple runs back to the ear"
    # The frame is a little wider than the head is between eyes and ears, and no wider than a hand.
    assert 95 < np.ptp(frame[:, 0]) < 175


def test_glasses_fit_all_twenty_heads() -> None:
    for seed in SEEDS:
        face = head(seed, 9.5, texels=SMALL, wears=("glasses",))
        frame, eyes = of(face, "frame"), of(face, "lids", "lash", "iris")
        front = frame[frame[:, 2] > 1e3 * face.points["left pupil"][2] + 2]
        assert nearest(front, eyes).min() > 1.0, seed


def test_a_mask_covers_nose_and_mouth_and_no_eye(wearing: Head) -> None:
    mask = of(wearing, "mask")
    for name in ("nose tip", "upper lip top", "lower lip bottom", "left mouth corner", "right mouth corner"):
        point = 1e3 * wearing.points[name]
        near = mask[np.hypot(mask[:, 0] - point[0], mask[:, 1] - point[1]) < 9]
        assert near[:, 2].max() > point[2] + 1, name
    assert mask[:, 1].min() < 1e3 * wearing.points["chin"][1]
    middle = mask[np.abs(mask[:, 0]) < 30]
    lids = min(wearing.points[f"{side} lower lid"][1] for side in ("left", "right"))
    assert middle[:, 1].max() < 1e3 * lids + 6


@pytest.mark.parametrize("pose", ["neutral", "surprise", "happy"])
def test_a_mask_is_cloth_off_the_skin_which_goes_with_the_chin(pose: str) -> None:
    face = head(4, 9.5, expression(pose), texels=SMALL, wears=("mask",))
    skin, mask = of(face, "skin", "lips"), of(face, "mask")
    middle = mask[(mask[:, 2] > 1e3 * face.points["left mouth corner"][2] - 20)]
    gap = nearest(middle, skin)
    # Between vertices it is more than the cloth is off; a child's head has less of it.
    assert gap.min() > 1e3 * CLOTH * 0.5
    assert np.median(gap) < 15
    assert mask[:, 1].min() < 1e3 * face.points["chin"][1] - 3


def test_what_is_worn_is_wound_outwards(wearing: Head) -> None:
    cloth = triangles(wearing, "mask")
    normal = np.cross(cloth[:, 1] - cloth[:, 0], cloth[:, 2] - cloth[:, 0])
    front = cloth.mean(1)[:, 2] > wearing.points["left mouth corner"][2]
    assert (normal[front, 2] > 0).mean() > 0.97
    points, rows = tube(np.array([[0.0, 0, 0], [0.1, 0.02, 0], [0.2, 0.02, 0.1]]), 0.01)
    corners = points[rows]
    out = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    axis = points.reshape(3, -1, 3).mean(1)
    away = corners.mean(1) - axis[np.abs(corners.mean(1)[:, None, 0] - axis[None, :, 0]).argmin(1)]
    assert (np.sum(out * away, axis=1) > 0).mean() > 0.9


def test_the_face_under_it_is_the_same() -> None:
    bare, worn = (head(5, 9.5, expression("happy"), texels=SMALL, wears=w) for w in ((), ("glasses", "mask")))
    for name in ("skin", "lips", "hair", "shirt"):
        np.testing.assert_array_equal(of(bare, name), of(worn, name))
    assert not np.isin(bare.materials, [MATERIALS.index("frame"), MATERIALS.index("mask")]).any()
    assert bare.points.keys() == worn.points.keys()


def test_nobody_wears_anything_else() -> None:
    with pytest.raises(ValueError, match="'hat' is none of glasses, mask"):
        head(0, wears=("hat",), texels=SMALL)


def test_skin_of_another_lightness_is_as_far_off_the_middle() -> None:
    own = person(6)
    same = with_skin(own, own.skin[0])
    np.testing.assert_allclose(same.skin, own.skin)
    for light in (DARKEST, 45.0, LIGHTEST):
        other = with_skin(own, light)
        assert other.skin[0] == light
        assert (other.hair, other.axes, other.freckles) == (own.hair, own.axes, own.freckles)
        back = with_skin(other, own.skin[0])
        np.testing.assert_allclose(back.skin, own.skin)
    for light in (DARKEST - 1, LIGHTEST + 1):
        with pytest.raises(ValueError, match="from 30 to 68"):
            with_skin(own, light)
