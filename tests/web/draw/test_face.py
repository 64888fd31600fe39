"""Drawn children: what they show, and what they may not hold."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from misread.web.draw.face import EXPRESSIONS, STATES, _Spots, face, landmarks_of, pose_of

ALLOWED = {
    "class",
    "transform",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
}
ALLOWED |= {"d", "cx", "cy", "r"}


@pytest.mark.parametrize("state", [*STATES, "delighted"])
def test_only_presentation_attributes(state: str) -> None:
    for seed in range(40):
        drawn = ElementTree.fromstring(face(seed, state, "fear", landmarks=True))
        assert {name for part in drawn.iter() for name in part.attrib} <= ALLOWED
        assert {part.tag for part in drawn.iter()} <= {"g", "path", "circle"}


def test_markup_in_words_is_never_drawn() -> None:
    assert "script" not in face(1, "<script>", "'><script>", landmarks=True)


def test_the_same_child_each_time_and_others_beside_it() -> None:
    assert face(7, "bored", "neutral") == face(7, "bored", "neutral")
    assert len({face(seed, "bored", "neutral") for seed in range(30)}) >= 28
    colours = [set(re.findall(r"#\w{6}", face(seed, "bored", "neutral"))) for seed in (7, 7)]
    assert colours[0] == set(re.findall(r"#\w{6}", face(7, "engaged", "neutral"))) == colours[1]


def test_states_look_unlike_each_other() -> None:
    """By what one sees first: brows, eyes and mouth differ by more than a hair."""
    for shown in ("neutral", "frown", "happy"):
        poses = [pose_of(state, shown) for state in STATES]
        for i, one in enumerate(poses):
            for other in poses[:i]:
                apart = abs(one.inner - other.inner) + abs(one.smile - other.smile) + abs(one.uneven - other.uneven)
                assert apart + 10 * abs(one.open - other.open) + 5 * abs(one.look - other.look) > 4


def test_plain_signs_of_states() -> None:
    assert pose_of("frustrated", "neutral").inner < 0 < pose_of("anxious", "neutral").inner
    assert pose_of("bored", "neutral").open < 0.6
    assert pose_of("engaged", "neutral").smile > 0 > pose_of("frustrated", "neutral").smile
    # An engaged child that rests with a frown still smiles: the drawing is of the state.
    assert pose_of("engaged", "frown").smile > 0 > pose_of("engaged", "frown").inner


def test_other_words_go_by_the_expression() -> None:
    assert pose_of("delighted", "happy") == EXPRESSIONS["happy"]
    assert pose_of("delighted", "no such face") == EXPRESSIONS["neutral"]
    assert pose_of("engaged", "away").look == -1
    assert (pose_of("engaged", "away", (0.5, 3)).look, pose_of("engaged", "away", (0.5, 3)).lift) == (0.5, 1)


def test_place_and_size() -> None:
    assert 'transform="translate(10 -4.5) scale(0.24)"' in face(1, "engaged", "neutral", x=10, y=-4.5, size=24)


def test_sixty_eight_landmarks_within_the_head() -> None:
    for state in STATES:
        points = [p for line in landmarks_of(_Spots.of(pose_of(state, "neutral"))) for p in line]
        assert len(points) == 68
        assert all(abs(x) <= 29 and -30 <= y <= 26 for x, y in points)
    assert face(3, "engaged", "neutral", landmarks=True).count('class="landmarks"') == 1
    assert "landmarks" not in face(3, "engaged", "neutral")
