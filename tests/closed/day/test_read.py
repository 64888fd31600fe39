"""One look: what is read is the camera's own pixels, and the landmark reader says what it goes by."""

from __future__ import annotations

import numpy as np
import pytest

from misread.closed.day import read
from misread.closed.day.model import READERS
from misread.closed.heads import expression
from misread.closed.readers.landmarks import AWAY
from misread.closed.readers.landmarks.turn import TURNING, _turned
from misread.closed.render import Scene, Sitter, encoded, room_of
from tests.closed.render.scenes import QUICK, geometry

pytest.importorskip("vtkmodules", reason="the renderer's pictures need VTK: pip install misread[closed]")


@pytest.fixture
def looked(monkeypatch):
    """A look at four seats, of which one is empty; the networks are left out."""
    monkeypatch.setattr(read, "_networks", lambda _stimulus: (["happy"] * 5, [0.5] * 5, (1, 2, 30, 30)))
    scene = Scene(
        geometry(size=(960, 540)),
        (
            Sitter(0, 23, 9.0, expression("happy")),
            Sitter(1, 24, 9.0, turn=(48.0, 0.0, 0.0)),
            Sitter(2, 25, 9.0, expression("surprise")),
        ),
    )
    return scene, read._looked(scene, (1, 0), QUICK)


def test_the_crops_are_windows_of_the_cameras_picture(looked):
    scene, look = looked
    whole = encoded(room_of(scene, QUICK).whole())
    for seen, crop in zip(look.seen, look.crops, strict=True):
        left, top, side = seen.crop
        np.testing.assert_array_equal(crop, whole[top : top + side, left : left + side])
    assert look.room.shape == (270, 480, 3)
    mean = whole.reshape(270, 2, 480, 2, 3).mean(axis=(1, 3))
    assert np.abs(mean - look.room).mean() < 1.5


def test_every_reader_has_a_word(looked):
    _scene, look = looked
    for seen in look.seen:
        assert len(seen.said) == len(seen.scores) == len(READERS)
        assert seen.said[1:] == ("happy",) * 5
        assert seen.found == (1, 2, 30, 30)


def test_the_landmark_reader_reads_and_says_what_it_went_by(looked):
    _scene, look = looked
    smiles, away, surprised = look.seen
    assert smiles.said[0] == "happy"
    assert away.said[0] == "away"
    assert surprised.said[0] == "surprise"
    assert abs(smiles.landmarks.turn) < AWAY < away.landmarks.turn
    assert away.landmarks.turn == pytest.approx(48, abs=12)
    for seen in look.seen:
        assert len(seen.landmarks.points) == len(read.POINTS)
        assert seen.landmarks.distances == tuple(sorted(seen.landmarks.distances))
        at = [read.POINTS.index(name) for name in TURNING]
        assert np.isfinite(_turned(np.array(seen.landmarks.points)[at]))


def test_the_same_key_locates_the_same_and_another_does_not(looked):
    scene, look = looked
    again, other = read._looked(scene, (1, 0), QUICK), read._looked(scene, (1, 1), QUICK)
    assert again.seen == look.seen
    assert other.seen[0].landmarks.points != look.seen[0].landmarks.points
    np.testing.assert_array_equal(again.room, look.room)


def test_a_seat_outside_of_the_picture_is_read_by_nobody(monkeypatch):
    monkeypatch.setattr(read, "_networks", lambda _stimulus: (["happy"] * 5, [0.5] * 5, None))
    look = read._looked(Scene(geometry(rows=1, columns=2, yaw=75.0), (Sitter(0, 23, 9.0),)), (1, 0), QUICK)
    assert look.seen[0].said == ("none",) * 6
    assert look.seen[0].crop is None
    assert look.crops == (None,)


def test_a_hidden_face_is_not_read_by_landmarks():
    scene = Scene(geometry(size=(640, 360)), (Sitter(0, 23, 9.0), Sitter(2, 24, 9.0)))
    lit = room_of(scene, QUICK)
    owners = lit.owners()
    assert read._in_sight(lit, 0, owners).mean() > 0.9
    assert not read._in_sight(lit, 0, np.full_like(owners, 1)).any()
