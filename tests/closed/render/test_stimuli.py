"""What the readers are given is the camera's own picture of a face, with a box and landmarks on the very place."""

from __future__ import annotations

import numpy as np
import pytest

from misread.closed.render.picture import encoded, portrait_of, room_of
from misread.closed.render.scene import Scene, Sitter
from misread.closed.render.stimuli import _stimulus_of
from tests.closed.render.scenes import QUICK, geometry, small

pytest.importorskip("vtkmodules", reason="the renderer's pictures need VTK: pip install misread[closed]")


def test_it_is_a_window_of_the_picture() -> None:
    lit = room_of(small(), QUICK, 64)
    stimulus = _stimulus_of(lit, 2)
    assert stimulus is not None
    left, top, side = lit.window(2, 5.0)
    np.testing.assert_array_equal(stimulus.rgb, encoded(lit.whole())[top : top + side, left : left + side])
    of_the_whole = _stimulus_of(lit, 2, whole=encoded(lit.whole()))
    assert of_the_whole is not None
    np.testing.assert_array_equal(of_the_whole.rgb, stimulus.rgb)
    x, y = lit.points(2)["chin"]
    assert stimulus.landmarks["chin"] == pytest.approx((x - left, y - top))


def test_the_box_holds_the_face() -> None:
    lit = portrait_of(Sitter(0, 3), 40, care=QUICK, texels=64)
    stimulus = _stimulus_of(lit, 0)
    assert stimulus is not None
    left, top, width, height = stimulus.box
    for x, y in stimulus.landmarks.values():
        assert left <= x <= left + width
        assert top <= y <= top + height
    # Jaw to jaw is some two distances of the pupils; brow to chin somewhat less.
    assert 1.6 < width / 40 < 2.9
    assert 1.4 < height / 40 < 2.9


def test_outside_of_the_picture_there_is_none() -> None:
    room = geometry(rows=1, columns=2, yaw=75.0)
    lit = room_of(Scene(room, (Sitter(0, 3),)), QUICK, 16)
    assert _stimulus_of(lit, 0) is None
