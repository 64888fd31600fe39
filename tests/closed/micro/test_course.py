"""How strong a movement is on which frame: closed forms, and the same count as `misread.study.micro`."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.closed.micro.course import HELD, course
from misread.study.micro import frames

LASTS = st.integers(1, 12)
PHASES = st.fractions(0, 1, max_denominator=50).filter(lambda phase: phase < 1)


def test_by_hand():
    assert course(1) == {0: 1}
    assert course(2) == {0: 1}
    assert course(3) == {-1: Fraction(1, 3), 0: 1, 1: Fraction(1, 3)}
    assert course(5, Fraction(1, 2)) == {
        -1: Fraction(2, 5), 0: Fraction(4, 5), 1: Fraction(4, 5), 2: Fraction(2, 5)
    }  # fmt: skip


def test_the_shortest_falls_between_two_frames():
    assert course(1, Fraction(1, 2)) == {}
    assert course(1, Fraction(1, 4)) == {0: Fraction(1, 2)}


@given(LASTS, PHASES)
def test_it_is_on_the_frames_between_its_ends(lasts, phase):
    """A frame is on it whose instant lies strictly within n frames' time round the apex."""
    begins, ends = phase - Fraction(lasts, 2), phase + Fraction(lasts, 2)
    assert list(course(lasts, phase)) == [at for at in range(-20, 21) if begins < at < ends]


@given(LASTS, PHASES)
def test_as_many_frames_as_instants_of_a_film(lasts, phase):
    """The closed form of `misread micro`, but where a frame falls on the movement's very ends and shows nothing yet."""
    law = frames(Fraction(lasts, 25), 25)
    at_an_end = (phase + Fraction(lasts, 2)).denominator == 1
    assert law.one_more == 0
    assert len(course(lasts, phase)) == law.fewest - at_an_end


@given(LASTS, PHASES)
def test_half_of_it_is_held(lasts, phase):
    """It is at least half as strong for half of its time."""
    held = [at for at, strength in course(lasts, phase).items() if strength >= HELD]
    quarter = Fraction(lasts, 4)
    assert held == [at for at in range(-20, 21) if phase - quarter <= at <= phase + quarter]


@given(LASTS, PHASES)
def test_it_rises_and_falls_evenly(lasts, phase):
    strengths = course(lasts, phase)
    assert all(0 < strength <= 1 for strength in strengths.values())
    for at, strength in strengths.items():
        if at + 1 in strengths and (at >= phase or at + 1 <= phase):
            assert abs(strengths[at + 1] - strength) == Fraction(2, lasts)
    # Seen backwards, it is the same movement.
    turned = course(lasts, (1 - phase) % 1)
    shift = 1 if phase else 0
    assert {shift - at: strength for at, strength in strengths.items()} == turned


@pytest.mark.parametrize(
    ("lasts", "phase"), [(0, Fraction(0)), (-1, Fraction(0)), (1, Fraction(1)), (1, Fraction(-1, 9))]
)
def test_there_is_no_such_movement(lasts, phase):
    with pytest.raises(ValueError, match=r"that lasts|a phase"):
        course(lasts, phase)
