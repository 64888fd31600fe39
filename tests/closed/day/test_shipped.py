"""The day that is shipped: everything in it that can be worked out again is."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from misread.closed.day import shipped
from misread.closed.day.cast import head_of
from misread.closed.day.counts import agreed, by_reader, seen
from misread.closed.day.flags import raised
from misread.closed.day.make import LIBRARIES, cast_of
from misread.closed.day.model import DAY, FILM, READERS, WORDS, Day, faces_name, picture, room_name
from misread.closed.heads import SEEDS
from misread.closed.readers.landmarks import AWAY, MEASURES, POINTS, database
from misread.closed.readers.landmarks.read import _SHAPE, _TURN, _compared
from misread.closed.readers.landmarks.turn import _turned
from misread.closed.readers.networks.table import NETWORKS
from misread.closed.readers.packages.table import PACKAGES
from misread.deployment.seats.plan import plan_of

LARGEST = 3_000_000
"""Bytes of a file in the repository (issue: never over 3 MB)."""


@pytest.fixture(scope="module")
def day():
    return shipped()


@pytest.fixture(scope="module")
def cast():
    return cast_of()


def names(day: Day) -> list[str]:
    rooms = [room_name(at) for at in range(len(day.moments))]
    return [FILM, *rooms, *(faces_name(one.pupil) for one in day.pupils if one.between_eyes)]


def test_it_is_a_whole_day_of_a_whole_class(day):
    assert len(day.moments) == 48
    assert 24 <= len(day.pupils) <= 30
    assert day.readers == READERS
    assert all(len(one.faces) == 48 for one in day.pupils)
    for one in day.pupils:
        for face in one.faces:
            assert len(face.said) == len(face.scores) == 6
            assert set(face.said) <= set(WORDS)
            assert "away" not in face.said[1:]
    assert {word for face in seen(day) for word in face.said} > {"neutral", "sad", "angry", "away"}


def test_states_and_faces_are_the_traces(day, cast):
    assert [one.pupil for one in day.pupils] == [who.pupil for who in cast.facts]
    for one, own in zip(day.pupils, cast.looks, strict=True):
        assert [(face.state, face.expression) for face in one.faces] == [(look.state, look.expression) for look in own]
    assert [(m.lesson, m.look, m.situation) for m in day.moments] == [
        (look.lesson, look.look, look.situation) for look in cast.looks[0]
    ]


def test_everybody_sits_as_cast(day, cast):
    plan = plan_of(cast.geometry)
    assert (day.width, day.height) == (cast.geometry.picture.width, cast.geometry.picture.height)
    for at in (0, 30):
        for one, sitter, who in zip(day.pupils, cast.scene(at).sitters, cast.facts, strict=True):
            assert (one.seat, one.head, one.age) == (sitter.seat, sitter.who, sitter.age)
            assert one.head == head_of(who, 30)
            assert one.faces[at].turn == sitter.turn[:2]
            assert (one.row, one.column) == (plan.row[one.seat], plan.column[one.seat])
            assert bool(one.between_eyes) == bool(plan.inside[one.seat])


def test_flags_are_those_of_the_rules(day, cast):
    assert day.flags == raised(cast.deployment, day.pupils, 8, cast.seed)
    assert {flag.judged for flag in day.flags} == {"right", "wrong", "cannot be judged"}


def test_where_a_message_can_be_judged_its_words_misname_the_face(day):
    """As the command, the page and the docs say: no rule that tells somebody counts the word for a valid pose."""
    faces = {one.pupil: one.faces for one in day.pupils}
    judged = [flag for flag in day.flags if flag.notify and flag.judged != "cannot be judged"]
    assert len(judged) > 100
    for flag in judged:
        reader = READERS.index(flag.reader)
        assert all(faces[flag.pupil][at].said[reader] != faces[flag.pupil][at].expression for at in flag.hits)


def test_landmark_readings_follow_from_the_points(day, cast):
    """Read again from the points as they were kept, to a tenth of a pixel."""
    assert day.landmarks == POINTS
    assert day.measures == MEASURES
    plan, against = plan_of(cast.geometry), database()
    assert [(p.head, p.pose) for p in day.database] == list(zip(against.seed, against.pose, strict=True))
    assert np.array([p.measures for p in day.database]) == pytest.approx(against.measures, abs=6e-4)
    same = both = 0
    for one in day.pupils:
        for face in (f for f in one.faces if f.landmarks):
            places = np.array(face.landmarks.points)
            found = _compared(places[_SHAPE], against, leaving=one.head if one.head in SEEDS else None)
            turn = float(_turned(places[_TURN])) - float(plan.yaw[one.seat])
            assert turn == pytest.approx(face.landmarks.turn, abs=3)
            word = "away" if abs(turn) > AWAY else str(found.words)
            same, both = same + (word == face.said[0]), both + 1
            assert found.measures == pytest.approx(np.array(face.landmarks.measures), abs=0.03)
    assert both > 1000
    assert same / both > 0.97


def test_boxes_and_points_lie_on_the_face(day):
    for face in seen(day):
        left, top, side = face.crop
        assert 0 <= left <= day.width - side
        assert 0 <= top <= day.height - side
        x, y, width, height = face.box
        assert x < side
        assert y < side
        assert x + width > 0
        assert y + height > 0


def test_who_found_no_face_has_no_word(day):
    fer, facex = READERS.index("fer"), READERS.index("facex")
    for one in day.pupils:
        for face in one.faces:
            assert (face.said[0] == "none") == (face.landmarks is None)
            assert (face.said[fer] == "none") == (face.said[facex] == "none") == (face.found is None)
            if face.crop is None:
                assert face.said == ("none",) * 6
            else:
                assert "none" not in (face.said[n] for n in range(3, 6))


def test_pictures_are_there_and_none_is_large(day):
    data = files("misread.closed.day") / "data"
    assert {path.name for path in data.iterdir()} == {DAY, FILM, "faces", "rooms"}
    kept = {f"{part}/{path.name}" for part in ("rooms", "faces") for path in (data / part).iterdir()} | {FILM}
    assert kept == set(names(day))
    total = 0
    for name in names(day):
        webp = picture(name)
        assert webp[:4] == b"RIFF"
        assert webp[8:12] == b"WEBP"
        assert len(webp) < LARGEST
        total += len(webp)
    assert (data / DAY).stat().st_size < LARGEST
    assert total < 7_000_000


@pytest.mark.parametrize("name", ["rooms/49.webp", "../day.json", "day.json", "faces/01.webp", ""])
def test_no_other_file_is_handed_out(name):
    with pytest.raises(KeyError):
        picture(name)


def test_it_says_what_made_it(day):
    versions = {package.name: package.version for package in PACKAGES}
    assert [(n.name, n.package, n.file) for n in day.made.networks] == [
        (n.name, n.package, n.file) for n in NETWORKS.values()
    ]
    assert all(n.version == versions[n.package] and len(n.sha256) == 64 for n in day.made.networks)
    assert set(day.made.libraries) == set(LIBRARIES)
    assert "not evidence" in day.says


def test_no_share_of_right_messages_is_kept(day):
    kept = json.dumps(day.model_dump())
    assert "ppv" not in kept
    assert "accuracy" not in kept


def test_the_counts_are_of_the_same_faces(day):
    faces = seen(day)
    rest = sum(face.expression == "neutral" for face in faces)
    for one in by_reader(day):
        assert one.at_rest.total() == rest
        assert one.unjudged <= one.messages <= one.flags
        assert one.flags == sum(flag.reader == one.reader for flag in day.flags)
    assert 0 < agreed(faces) < len(faces)
