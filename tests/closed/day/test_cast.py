"""How the trace's pupils sit: drawn once, one head each, and away only where the trace says so."""

from __future__ import annotations

import pytest

from misread.closed.day import cast
from misread.closed.day.make import cast_of
from misread.closed.heads import EXPRESSIONS, SEEDS
from misread.deployment import load


@pytest.fixture(scope="module")
def whole():
    return cast_of()


def test_every_face_that_the_deployment_shows_can_be_shown():
    shown = {name for rows in load("as-described-full").display.values() for row in rows.values() for name in row}
    assert {name for name in shown if name != "away" and not cast.weights_of(name)} == {"neutral"}


def test_a_face_that_no_head_shows_is_refused():
    with pytest.raises(ValueError, match="no head shows “contempt”"):
        cast.weights_of("contempt")


def test_only_what_passed_both_gates_is_valid():
    assert {name for name in EXPRESSIONS if cast.valid(name)} == {"neutral", "happy", "surprise"}
    assert not any(map(cast.valid, ("frown", "sad", "fear", "away")))


def test_the_same_seed_gives_the_same_class(whole):
    again = cast_of()
    assert [whole.scene(at) for at in (0, 20)] == [again.scene(at) for at in (0, 20)]
    assert whole.scene(0) != cast_of(2).scene(0)


def test_each_has_a_head_of_its_own_that_is_not_in_the_database(whole):
    first, last = whole.scene(0).sitters, whole.scene(47).sitters
    heads = [sitter.who for sitter in first]
    assert len(set(heads)) == 30
    assert not set(heads) & set(SEEDS)
    assert [(s.who, s.age, s.seat) for s in first] == [(s.who, s.age, s.seat) for s in last]
    assert all(9 <= sitter.age < 10 for sitter in first)


def test_who_looks_away_is_turned_and_nobody_else(whole):
    away = ahead = 0
    for at in range(48):
        for look, sitter in zip((own[at] for own in whole.looks), whole.scene(at).sitters, strict=True):
            yaw, pitch, _roll = sitter.turn
            if look.expression == "away":
                away += 1
                assert abs(yaw) > 30 or abs(pitch) > 13
                assert any(
                    all(low <= turn <= high for low, turn, high in zip(least, sitter.turn, most, strict=True))
                    for least, most in cast.WAYS.values()
                )
            else:
                ahead += 1
                assert max(map(abs, sitter.turn)) <= 12
    assert away > 40
    assert ahead > 1000
