"""Paths that are moved more often than a camera looks: the same path, seen less often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from misread.deployment import looks_per_lesson
from misread.engine.chain import compile_chain, compile_rules
from misread.engine.sampled import reference
from misread.engine.sampled.simulate import simulate
from misread.engine.sampled.tables import tables_of
from tests.engine.sampled.schools import differing, made, tapes, text_of

MINUTES = 14.0
"""Not a whole number of intervals: the last moves before a lesson's end fall behind the last look."""


def on_grid(folder, base, interval, grid):
    """A deployment that looks every `interval` seconds, its path moved every `grid` seconds."""
    school = made(folder, text_of(base, lesson_minutes=MINUTES, observe_every_seconds=interval))
    camera = school.deployment.camera.model_copy(update={"observe_every_seconds": grid})
    fine = school.deployment.model_copy(update={"camera": camera})
    chain = compile_chain(fine, school.profiles, compile_rules(school.deployment))
    moves, looks = chain.looks, looks_per_lesson(school.deployment)
    tables = tables_of(replace(chain, looks=looks), school.deployment, moves=moves, stride=int(interval / grid))
    return school.deployment, tables


@pytest.mark.parametrize("base", ["small", "full"])
@pytest.mark.parametrize(("interval", "grid"), [(300, 100), (200, 100), (30, 6)])
def test_kernel_and_reference_count_the_same(tmp_path, base, interval, grid):
    deployment, tables = on_grid(tmp_path, base, interval, grid)
    assert tables.flat.n.stride == interval / grid
    assert differing(simulate(tables, 7, 1), reference.simulate(tables, deployment, 7, 1)) == []


@pytest.mark.parametrize("base", ["small", "full"])
def test_a_camera_that_looks_less_often_sees_the_same_path(tmp_path, base):
    _, every = on_grid(tmp_path, base, 100, 100)
    fine = tapes(every, 3, 0)
    for interval in (300, 200):
        _, tables = on_grid(tmp_path, base, interval, 100)
        n = tables.flat.n
        assert (n.moves, n.looks) == (9, -(-840 // interval))
        coarse = tapes(tables, 3, 0)
        assert coarse.keys() == fine.keys()
        for i in coarse:
            seen = fine[i]["cell"].reshape(-1, n.moves)[:, :: n.stride]
            assert seen.tobytes() == coarse[i]["cell"].reshape(-1, n.looks).tobytes()


def test_one_move_a_look_is_the_plain_engine(tmp_path):
    plain = made(tmp_path, text_of("full"))
    again = tables_of(plain.chain, plain.deployment, moves=plain.chain.looks, stride=1)
    assert differing(simulate(plain.tables, 3, 0), simulate(again, 3, 0)) == []


@pytest.mark.parametrize(("moves", "stride"), [(0, 1), (1, 3), (100, 3)])
def test_looks_that_do_not_fit_among_the_moves_are_refused(tmp_path, moves, stride):
    plain = made(tmp_path, text_of())
    with pytest.raises(ValueError, match="do not lie"):
        tables_of(plain.chain, plain.deployment, moves=moves, stride=stride)
