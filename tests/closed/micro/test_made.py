"""The film at a tiny size, read by landmarks: the same each time, and the same noise whatever the face shows."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from misread.closed.micro import Micro, make
from misread.closed.micro.course import course
from misread.closed.micro.model import MICRO
from misread.closed.readers.landmarks import LOCATED
from misread.closed.readers.packages.place import kept
from misread.errors import MisreadError
from tests.closed.readers.faces import stimulus
from tests.closed.render.scenes import QUICK

pytest.importorskip("vtkmodules", reason="the renderer's pictures need VTK: pip install misread[closed]")

TINY = (make.Place("tiny", 2, (640, 360)),)
LASTS = (1, 3)


def made(**other) -> tuple[Micro, dict[str, list[tuple[int, ...]]], int]:
    """The film, what was given to the strip's writer, and how often progress was told."""
    sheets, told = {}, []

    def sheet(crops, columns):
        sheets["tiny"] = [crop.shape for crop in crops]
        sheets["crops"] = crops
        assert columns == make.SHOWN
        return b"strip"

    files = make.made(
        lambda done, of: told.append((done, of)),
        sheet,
        places=TINY,
        lasts=LASTS,
        networks=False,
        care=QUICK,
        texels=16,
        **other,
    )
    assert set(files) == {MICRO, "tiny.webp"}
    assert files["tiny.webp"] == b"strip"
    assert told == [(n + 1, len(told)) for n in range(len(told))]
    return Micro.model_validate_json(files[MICRO]), sheets, len(told)


@pytest.fixture(scope="module")
def film():
    return made()


def test_each_strength_is_rendered_once(film):
    _, _, told = film
    strengths = {s for n in LASTS for phase in make.PHASES for s in course(n, phase).values()}
    assert told == len(strengths | {Fraction(0)})


def test_its_frames_are_those_of_the_course(film):
    found, _, _ = film
    (view,) = found.views
    assert found.readers == ("landmarks",)
    assert found.made.weights == {}
    assert len(view.rest) == make.PER_SECOND
    assert [(f.phase, f.lasts) for f in view.films] == [(float(p), n) for p in make.PHASES for n in LASTS]
    for one in view.films:
        expected = course(one.lasts, Fraction(one.phase))
        assert one.strengths == tuple(map(float, expected.values()))
        assert len(one.frames) == len(expected)
        assert one.first == make.APEX + min(expected, default=0)


def test_the_strip_shows_every_length_with_its_apex_in_the_middle(film):
    _, sheets, _ = film
    crops, middle = sheets["crops"], make.SHOWN // 2
    assert len(crops) == len(LASTS) * make.SHOWN
    assert len(set(sheets["tiny"])) == 1
    # The same frame has the same noise in each row, and at the apex the same pose.
    for row in range(1, len(LASTS)):
        np.testing.assert_array_equal(crops[row * make.SHOWN + middle], crops[middle])
        np.testing.assert_array_equal(crops[row * make.SHOWN], crops[0])
    assert np.abs(crops[middle].astype(int) - crops[0]).mean() > make.GRAIN / 2


def test_the_same_words_each_time(film):
    assert made()[0] == film[0]


def test_the_noise_is_the_frames_own_whatever_the_face_shows():
    plain = {grey: stimulus(np.full((60, 50, 3), grey, np.uint8)) for grey in (90, 150)}
    one, beside = make._taken(plain[90], (1, 7))
    other, again = make._taken(plain[150], (1, 7))
    np.testing.assert_array_equal(beside, again)
    np.testing.assert_array_equal(one.rgb.astype(int) - 90, other.rgb.astype(int) - 150)
    assert beside.std() == pytest.approx(LOCATED, rel=0.4)
    assert one.rgb.std() == pytest.approx(make.GRAIN, rel=0.05)
    for key in ((1, 8), (2, 7), (1, 1 << 32 | 7)):
        assert (make._taken(plain[90], key)[0].rgb != one.rgb).mean() > 0.5


def test_a_seat_outside_of_the_picture_is_refused():
    with pytest.raises(ValueError, match="seat 0 is not in the picture"):
        make.made(places=(make.Place("outside", 0, (640, 360)),), networks=False, care=QUICK, texels=16)


def test_without_the_networks_files_it_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("MISREAD_CACHE", str(tmp_path))
    with pytest.raises(MisreadError, match="misread closed prepare"):
        make.made(places=TINY)


@pytest.mark.long
@pytest.mark.skipif(kept() is None, reason="no networks: run `misread closed prepare`")
def test_with_the_networks():
    pytest.importorskip("onnxruntime")
    pytest.importorskip("ai_edge_litert")
    found = Micro.model_validate_json(make.made(places=TINY, lasts=LASTS, care=QUICK, texels=16)[MICRO])
    frames = [frame for view in found.views for frame in (*view.rest, *(f for one in view.films for f in one.frames))]
    assert all(len(frame.said) == len(frame.scores) == len(found.readers) == 6 for frame in frames)
    assert len(found.made.weights) == 6
