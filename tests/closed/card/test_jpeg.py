"""What JPEG loses is what a picture loses that OpenCV keeps as JPEG, with libjpeg, and reads again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.closed.card.made.jpeg import _CHROMINANCE, _LUMINANCE, _WAVES, _compressed, _table
from misread.closed.heads import expression

QUALITIES = (95, 50, 20, 8)


def by_opencv(rgb: np.ndarray, quality: int) -> np.ndarray:
    cv2 = pytest.importorskip("cv2")
    _, packed = cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1]


@pytest.fixture(scope="module")
def rendered() -> list[np.ndarray]:
    pytest.importorskip("vtkmodules", reason="the renderer's pictures need VTK: pip install misread[closed]")
    from misread.closed.render import Sitter, portrait_of
    from misread.closed.render.stimuli import _stimulus_of
    from tests.closed.render.scenes import QUICK

    faces = [
        _stimulus_of(portrait_of(Sitter(0, who, weights=expression("happy")), apart, care=QUICK, texels=128), 0)
        for who, apart in ((3, 40), (7, 13), (11, 21))
    ]
    return [face.rgb for face in faces if face is not None]


@pytest.mark.parametrize("quality", QUALITIES)
def test_rendered_faces_lose_what_they_lose_there(rendered, quality):
    assert len(rendered) == 3
    for rgb in rendered:
        np.testing.assert_array_equal(_compressed(rgb, quality), by_opencv(rgb, quality))


@given(
    seed=st.integers(0, 2**32 - 1), height=st.integers(1, 40), width=st.integers(1, 40),
    spread=st.sampled_from([3, 40, 256]), quality=st.integers(1, 100),
)  # fmt: skip
def test_noise_of_any_size_loses_the_same(seed, height, width, spread, quality):
    draw = np.random.default_rng(seed)
    rgb = (draw.integers(0, 257 - spread) + draw.integers(0, spread, (height, width, 3))).astype(np.uint8)
    np.testing.assert_array_equal(_compressed(rgb, quality), by_opencv(rgb, quality))


def test_a_worse_quality_loses_more(rendered):
    for rgb in rendered:
        lost = [np.abs(_compressed(rgb, quality).astype(int) - rgb).mean() for quality in QUALITIES]
        assert lost == sorted(lost)
        assert lost[-1] > 2 * lost[0] > 0


@pytest.mark.parametrize("grey", [0, 17, 128, 255])
def test_one_grey_loses_nothing_at_the_best_quality(grey):
    plain = np.full((20, 30, 3), grey, np.uint8)
    np.testing.assert_array_equal(_compressed(plain, 100), plain)


def test_tables_as_libjpeg_scales_them():
    """By hand: 50 leaves them, 100 makes all steps 1, 25 doubles, and no step is above 255."""
    for base in (_LUMINANCE, _CHROMINANCE):
        np.testing.assert_array_equal(_table(base, 50), base)
        assert (_table(base, 100) == 1).all()
        np.testing.assert_array_equal(_table(base, 25), np.minimum(2 * base, 255))
        assert _table(base, 1).max() == 255
    # 16 × 40 % is 6.4, 11 × 40 % is 4.4, 10 × 40 % is 4.
    assert _table(_LUMINANCE, 80)[0, :3].tolist() == [6, 4, 4]


def test_waves_are_cosines():
    """To within two in the thirteenth binary place."""
    k, x = np.mgrid[:8, :8]
    exact = 8192 * np.sqrt(2) * np.cos((2 * x + 1) * k * np.pi / 16)
    exact[0] = 8192
    assert np.abs(_WAVES - exact).max() < 2


@pytest.mark.parametrize("quality", [0, 101, -5])
def test_there_is_no_such_quality(quality):
    with pytest.raises(ValueError, match="from 1 to 100"):
        _compressed(np.zeros((8, 8, 3), np.uint8), quality)
