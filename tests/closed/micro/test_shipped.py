"""The film that is shipped: whole, in agreement with itself, and small."""

from __future__ import annotations

from fractions import Fraction
from importlib.resources import files
from itertools import groupby

import pytest
from pydantic import ValidationError

from misread.closed import micro as package
from misread.closed.day.model import READERS, WORDS
from misread.closed.micro import Frame, Micro, shipped
from misread.closed.micro.chance import on_a_look
from misread.closed.micro.course import HELD, course
from misread.closed.micro.model import MICRO, strip
from misread.closed.readers.packages.table import PACKAGES
from misread.deployment import load
from misread.study.micro import examine


def test_it_says_what_it_is_not():
    found = shipped()
    assert found.format == "misread-closed-micro/1"
    assert "not evidence that a product works or fails on children" in found.says
    assert "passed" not in found.model_dump_json()


def test_every_frame_is_read_by_every_reader():
    found = shipped()
    assert found.readers == READERS
    for view in found.views:
        assert len(view.rest) == found.per_second == 25
        for frame in (*view.rest, *(frame for film in view.films for frame in film.frames)):
            assert len(frame.said) == len(frame.scores) == len(READERS)
            assert set(frame.said) <= set(WORDS)
            assert frame.scores[0] == 0
            for word, score in zip(frame.said[1:], frame.scores[1:], strict=True):
                assert (score == 0) if word == "none" else (0 < score <= 1)


def test_its_frames_are_those_of_the_course():
    for view in shipped().views:
        assert {film.lasts for film in view.films} == {1, 2, 3, 4, 5}
        for film in view.films:
            expected = course(film.lasts, Fraction(film.phase))
            assert film.strengths == pytest.approx([float(strength) for strength in expected.values()])
            assert len(film.frames) == len(expected)
            apex = film.first - min(expected, default=0)
            assert film.held == tuple(apex + at for at, strength in expected.items() if strength >= HELD)


def test_where_the_apex_is_on_a_frame_all_lengths_show_the_same_there():
    for view in shipped().views:
        at_the_apex = [film.frames[film.strengths.index(1.0)] for film in view.films if film.phase == 0]
        assert len(at_the_apex) == 5
        assert len(list(groupby(at_the_apex))) == 1


def test_a_row_near_by_and_one_far_away_before_two_cameras():
    seats = [(view.row, view.width) for view in shipped().views]
    assert seats == [(0, 3840), (4, 3840), (0, 1920), (4, 1920)]
    near, far, near_common, far_common = (view.between_eyes for view in shipped().views)
    assert near == pytest.approx(2 * near_common, abs=0.15)
    assert far == pytest.approx(2 * far_common, abs=0.15)
    geometry = load("as-described", policies=["camera-over-the-board"])
    pixels = examine(geometry).resolution
    assert pixels is not None
    for view in shipped().views[:2]:
        assert view.between_eyes == pytest.approx(pixels.between_eyes[view.seat], abs=0.05)


def test_changes_are_counted_against_the_same_frame_at_rest():
    def frame(word: str) -> Frame:
        return Frame(said=(word,), scores=(0.0,))

    view = (
        shipped()
        .views[0]
        .model_copy(update={"rest": tuple(frame(word) for word in ("sad", "sad", "happy", "sad", "sad"))})
    )
    film = view.films[0].model_copy(
        update={"first": 1, "strengths": (0.4, 0.5, 1.0), "frames": tuple(map(frame, ("fear", "happy", "happy")))}
    )
    assert film.held == (2, 3)
    assert view.changed(film, 0) == (1, 2)
    assert view.by_itself(0) == (2, 4)
    assert view.lost_at_rest(0) == (0, 5)


def test_a_face_that_is_not_found_is_counted_apart_from_a_word_that_changes():
    def frames(*words: str) -> tuple[Frame, ...]:
        return tuple(Frame(said=(word,), scores=(0.0,)) for word in words)

    whole = shipped().views[0]
    moved = {"lasts": 5, "phase": 0.0, "first": 1, "strengths": (0.5, 1.0, 0.5)}
    film = whole.films[0].model_copy(update=moved | {"frames": frames("none", "happy", "happy")})
    off = film.model_copy(update={"phase": 0.5})
    view = whole.model_copy(update={"rest": frames("sad", "sad", "none", "sad", "happy"), "films": (film, off)})
    assert film.held == (1, 2, 3)
    assert view.changed(film, 0) == (1, 1)  # Of the first it has none with the movement, of the second none at rest.
    assert view.by_itself(0) == (1, 2)
    assert view.lost_at_rest(0) == (1, 5)
    assert view.lost(0) == (1, 3)  # Of the films whose apex is on a frame.


@pytest.mark.parametrize(
    ("moved", "rest", "named", "at_rest"),
    [
        (("surprise", "surprise"), ("sad", "sad"), True, False),
        (("surprise", "sad"), ("sad", "sad"), False, False),
        (("surprise", "surprise"), ("sad", "surprise"), False, True),
        (("none", "surprise"), ("none", "none"), False, False),
    ],
)
def test_a_reader_names_it_on_all_frames_that_hold_it_and_on_none_at_rest(moved, rest, named, at_rest):
    def frames(*words: str) -> tuple[Frame, ...]:
        return tuple(Frame(said=(word,), scores=(0.0,)) for word in words)

    whole = shipped().views[0]
    film = whole.films[0].model_copy(update={"first": 1, "strengths": (0.5, 1.0), "frames": frames(*moved)})
    view = whole.model_copy(update={"rest": frames("surprise", *rest, "surprise")})
    assert view.names(film, 0, "surprise") == named
    assert view.names_at_rest(film, 0, "surprise") == at_rest
    nowhere = film.model_copy(update={"strengths": (), "frames": ()})
    assert not view.names(nowhere, 0, "surprise")


def test_it_is_held_for_half_of_the_time_that_it_lasts():
    """As the page and the command say: on a look it is held half as likely as it is there at all."""
    strengths = course(1000, Fraction(1, 2)).values()
    assert len(strengths) == 1000
    assert sum(strength >= HELD for strength in strengths) == 500


def test_a_look_seldom_falls_on_it():
    """d seconds of every Δ: by hand, and as `misread micro` has it of the deployment."""
    found = shipped()
    chances = on_a_look(found)
    assert found.look_every == 300
    assert chances == pytest.approx({lasts: lasts / 25 / 300 for lasts in range(1, 6)})
    looked = examine(load("as-described")).looked
    assert {one.seconds: one.touched.low for one in looked if one.seconds < 0.3} == pytest.approx(
        {1 / 25: chances[1], 1 / 5: chances[5]}
    )


def test_what_read_is_pinned():
    read = set(shipped().made.weights)
    known = {model.file for one in PACKAGES for model in one.models}
    assert read <= known
    assert len(read) == 6


def test_its_strips_are_there_and_all_is_small():
    folder = files(package).joinpath("data")
    names = {view.strip for view in shipped().views}
    assert {entry.name for entry in folder.iterdir()} == {MICRO, *names}
    for name in names:
        assert strip(name)[:4] == b"RIFF"
        assert strip(name)[8:12] == b"WEBP"
    assert sum(len(folder.joinpath(name).read_bytes()) for name in (MICRO, *names)) < 250_000
    with pytest.raises(KeyError):
        strip("../micro.json")


def test_what_does_not_belong_there_is_refused():
    with pytest.raises(ValidationError):
        Micro.model_validate(shipped().model_dump() | {"name": "of a child"})
