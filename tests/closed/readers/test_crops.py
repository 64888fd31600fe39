"""What each network is given: against closed forms on planes, and beside OpenCV's own resizing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from misread.closed.readers.networks import crops, resample

from .faces import grey, noise, oval, ramp, stimulus


def plane(height, width, box, size, *, margin=0, edge="centre", across=0.4, down=0.2, start=10.0):
    """A plane's values where a network's pixels lie, if it cuts the box and so much around it into size × size."""
    left, top, w, h = box[0] - margin, box[1] - margin, box[2] + 2 * margin, box[3] + 2 * margin
    offset = 0.5 if edge == "centre" else 0.0
    x = left + (np.arange(size) + offset) * w / size - offset
    y = top + (np.arange(size) + offset) * h / size - offset
    return start + across * x[None, :] + down * y[:, None]


PLANE = {"across": 0.4, "down": 0.2, "start": 10.0}
"""Between 10 and 180 on 300 × 300: no value is cut off."""
BOX = (60, 50, 130, 130)
INNER = slice(4, -4)
"""Away from the edges, where what lies beyond them would count."""


def shown(box=BOX):
    return stimulus(grey(ramp(300, 300, **PLANE)), box)


# On bytes, rounding to whole greys: at most one grey level from it, which is what the tolerances are.


def test_fer_on_a_plane():
    found = crops._fer(shown())
    assert found.shape == (64, 64, 1)
    expected = plane(300, 300, BOX, 64, margin=10) / 127.5 - 1
    assert np.abs(found[..., 0] - expected)[INNER, INNER].max() < 1.5 / 127.5


def test_fer_makes_an_oblong_box_square():
    np.testing.assert_array_equal(crops._fer(shown((60, 50, 100, 130))), crops._fer(shown((45, 50, 130, 130))))
    np.testing.assert_array_equal(crops._fer(shown((60, 50, 131, 100))), crops._fer(shown((60, 35, 131, 131))))


def test_fer_goes_on_with_the_last_rows_beyond_the_picture():
    rgb = grey(np.full((100, 100), 200.0))
    rgb[-2:] = 50
    found = crops._fer(stimulus(rgb, (-20, -20, 60, 60)))
    # 30 of the 80 pixels to the left and above are beyond.
    assert found[:20, :, 0] == pytest.approx(50 / 127.5 - 1, abs=1e-6)
    assert found[30:, 30:, 0] == pytest.approx(200 / 127.5 - 1, abs=1e-6)


def test_facex_on_a_plane():
    found = crops._facex(shown())
    assert found.shape == (200, 200, 3)
    assert np.abs(found[..., 0] - plane(300, 300, BOX, 200) / 255)[INNER, INNER].max() < 1 / 255
    np.testing.assert_array_equal(found[..., 0], found[..., 1])
    np.testing.assert_array_equal(found[..., 0], found[..., 2])


def test_facex_smooths_what_it_shrinks():
    """Stripes of one pixel are gone at a quarter of the size, and would not be without smoothing."""
    rgb = grey(np.tile([0.0, 255.0], (800, 400)))
    assert np.ptp(crops._facex(stimulus(rgb))[INNER, INNER, 0]) < 0.25


def test_face_api_on_a_plane():
    found = crops._face_api(shown())
    assert found.shape == (112, 112, 3)
    expected = plane(300, 300, BOX, 112, edge="corner")
    for channel, mean in enumerate((122.782, 117.001, 104.298)):
        assert np.abs(found[..., channel] - (expected - mean) / 255).max() < 1 / 255


def test_face_api_keeps_the_order_of_colours_and_fills_up_with_black():
    rgb = np.full((100, 61, 3), (250, 130, 20), np.uint8)
    found = crops._face_api(stimulus(rgb)) * 255 + (122.782, 117.001, 104.298)
    # 39 columns are missing: 19 before and 20 after, of 100 that become 112.
    assert found[:, :21] == pytest.approx(0, abs=1e-4)
    assert found[:, 23:88] == pytest.approx(np.broadcast_to((250, 130, 20), (112, 65, 3)), abs=1e-4)
    assert found[:, 90:] == pytest.approx(0, abs=1e-4)


def test_human_on_a_plane():
    found = crops._human(shown())
    assert found.shape == (64, 64, 1)
    # Enlarged by 1.4 to 182: from 34 to 216 across. TensorFlow lays the first and the last pixel on the ends of the
    # box, as shares of the picture of the distance between its first and last pixel.
    at = np.linspace(34, 216, 256)[::4] * 299 / 300
    down = np.linspace(24, 206, 256)[::4] * 299 / 300
    values = 10 + 0.4 * at[None, :] + 0.2 * down[:, None]
    # Its weights of red, green and blue add up to 0.9999.
    assert np.abs(found[..., 0] - (values * 0.9999 / 127.5 - 1)).max() < 1 / 127.5


def test_human_sees_black_beyond_the_picture():
    rgb = grey(np.full((100, 100), 200.0))
    found = crops._human(stimulus(rgb, (0, 0, 100, 100)))[..., 0]
    # 20 pixels of 140 on each side.
    assert found[:9] == pytest.approx(-1)
    assert found[-9:] == pytest.approx(-1)
    assert found[10:-10, 10:-10] == pytest.approx(200 * 0.9999 / 127.5 - 1, abs=1e-5)


def test_ferx_on_a_plane():
    found = crops._ferx(shown())
    assert found.shape == (48, 48, 1)
    expected = plane(300, 300, BOX, 48) / 127.5 - 1
    assert np.abs(found[..., 0] - expected)[INNER, INNER].max() < 1.5 / 127.5


def test_ferx_takes_the_mean_of_what_it_shrinks():
    """Stripes of one pixel become grey at half the size."""
    rgb = grey(np.tile([0.0, 200.0], (96, 48)))
    assert crops._ferx(stimulus(rgb))[:, 2:-2] == pytest.approx(100 / 127.5 - 1, abs=1.1 / 127.5)


@pytest.mark.parametrize("name", crops._CROPS)
def test_a_box_over_the_edge_is_cut_there(name):
    rgb = oval(0.2, 100, 80)
    found = crops._CROPS[name](stimulus(rgb, (-9, -7, 70, 90)))
    assert np.isfinite(found).all()
    if name not in ("fer", "fer-float", "human"):
        np.testing.assert_array_equal(found, crops._CROPS[name](stimulus(rgb, (0, 0, 61, 83))))


# Beside the libraries that the packages call.


def test_grey_is_opencvs():
    rgb = noise(4, 300, 300)
    np.testing.assert_array_equal(resample._grey(rgb), cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))


@pytest.mark.parametrize("side", [20, 33, 64, 97, 128, 150, 256])
def test_linear_is_opencvs(side):
    bytes_ = noise(side, side, side + 5)[..., 0]
    found, theirs = resample._linear(bytes_, 64), cv2.resize(bytes_, (64, 64))
    assert np.abs(found.astype(int) - theirs.astype(int)).max() <= 1


@pytest.mark.parametrize(("height", "width"), [(20, 31), (48, 48), (97, 150), (300, 211)])
def test_triangles_are_pillows(height, width):
    pillow = pytest.importorskip("PIL.Image")
    bytes_ = noise(height, height, width)[..., 0]
    theirs = np.asarray(pillow.fromarray(bytes_).resize((48, 48), pillow.Resampling.BILINEAR))
    np.testing.assert_array_equal(resample._triangles(bytes_, 48), theirs)


@pytest.mark.parametrize(("height", "width"), [(20, 31), (200, 200), (97, 250), (500, 411)])
def test_smoothed_is_scikit_images(height, width):
    transform = pytest.importorskip("skimage.transform")
    bytes_ = noise(height, height, width)[..., 0]
    theirs = transform.resize(bytes_, (200, 200, 3))
    np.testing.assert_allclose(resample._smoothed(bytes_, 200), theirs[..., 0], atol=1e-12)
    np.testing.assert_allclose(theirs[..., 2], theirs[..., 0], atol=1e-12)


def test_triangle_weights_add_up_to_one():
    for length in (10, 48, 49, 300):
        weights = resample._triangle(length, 48)
        assert (weights >= 0).all()
        assert np.abs(weights.sum(axis=1) - 2**22).max() <= length
