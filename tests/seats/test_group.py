"""At most five views that lose as much as the seats do, cut where it costs least."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.deployment.seats import groups_of
from misread.deployment.seats.group import MOST, NEAR, members, named, views
from misread.deployment.seats.plan import plan_of

from .rooms import room, rooms


def made_up(lost, dilution):
    """A plan of one row with these losses."""
    n = len(lost)
    lost, dilution = np.array(lost, dtype=float), np.array(dilution, dtype=float)
    plan = plan_of(room(seats={"rows": 1, "columns": min(n, 7)}))
    index = np.arange(n)
    return replace(plan, row=index * 0, column=index, lost=lost, dilution=np.where(lost >= 1, 0.0, dilution))


LOSSES = st.lists(st.tuples(st.sampled_from([0, 0.1, 0.3, 0.31, 0.7, 1.0]) | st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=24)  # fmt: skip


def of(plan):
    groups = members(plan)
    return groups, views(plan, groups, named(plan, groups))


@given(LOSSES)
def test_what_is_lost_on_average_stays(losses):
    plan = made_up(*zip(*losses, strict=True))
    groups, found = of(plan)
    assert 1 <= len(found) <= MOST
    assert sum(v.share for v in found) == pytest.approx(1)
    assert np.sort(np.concatenate(groups)).tolist() == list(range(len(losses)))
    assert sum(v.share * v.lost for v in found) == pytest.approx(plan.lost.mean())
    # What a diluted row keeps, and so every label's probability, whatever the profile.
    assert sum(v.share * (1 - v.lost) * v.dilution for v in found) == pytest.approx(
        np.mean((1 - plan.lost) * plan.dilution)
    )
    assert len({v.name for v in found}) == len(found)


@given(rooms())
def test_so_it_is_in_rooms(geometry):
    plan = plan_of(geometry)
    _, found = of(plan)
    assert len(found) <= MOST
    assert sum(v.share * v.lost for v in found) == pytest.approx(plan.lost.mean())
    assert [name for name, _ in groups_of(geometry)] == [v.name for v in found]


def test_labels_come_as_from_the_plan():
    # Enumerated: the mean over seats of a profile's row, and over the views.
    profile = np.array([[0.8, 0.2, 0.0], [0.3, 0.6, 0.1]])
    none = np.array([0.0, 0.0, 1.0])

    def row(lost, dilution):
        return (1 - lost) * ((1 - dilution) * profile[0] + dilution * profile.mean(axis=0)) + lost * none

    plan = plan_of(room(place={"x": 1.0}))
    _, found = of(plan)
    by_seat = np.mean([row(a, b) for a, b in zip(plan.lost, plan.dilution, strict=True)], axis=0)
    assert np.sum([v.share * row(v.lost, v.dilution) for v in found], axis=0) == pytest.approx(by_seat)
    # And not if dilution were weighted by seats alone.
    naive = np.sum([len(s) / 30 * row(plan.lost[s].mean(), plan.dilution[s].mean()) for s in members(plan)], axis=0)
    assert naive != pytest.approx(by_seat, abs=1e-9)


def test_seats_never_seen_are_a_view_of_their_own():
    plan = made_up([0.0, 1.0, 0.2, 1.0], [0, 0, 0, 0])
    groups, found = of(plan)
    assert groups[-1].tolist() == [1, 3]
    assert (found[-1].name, found[-1].lost, found[-1].dilution, found[-1].share) == ("not seen", 1.0, 0.0, 0.5)
    _, all_of_them = of(made_up([1.0, 1.0], [0, 0]))
    assert [v.name for v in all_of_them] == ["not seen"]


def cost(plan, groups):
    points = np.round(np.stack([plan.lost, plan.dilution], axis=-1), 9)
    return sum(((points[g] - points[g].mean(axis=0)) ** 2).sum() for g in groups)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), min_size=1, max_size=9))
def test_the_cuts_are_the_cheapest(numbers):
    plan = made_up([a / 20 for a, _ in numbers], [b / 20 for _, b in numbers])
    groups = members(plan)
    kinds = sorted(
        {(a, b) for a, b in zip(plan.lost, plan.dilution, strict=True)}, key=lambda k: -(1 - k[0]) * (1 - k[1])
    )
    worth = [round((1 - a) * (1 - b), 9) for a, b in kinds]
    if len(set(worth)) < len(worth):
        return  # Two kinds of seats that are worth the same: their order is a convention.
    every = []
    for at in combinations(range(1, len(kinds)), len(groups) - 1):
        bounds = [0, *at, len(kinds)]
        runs = [set(kinds[a:b]) for a, b in pairwise(bounds)]
        seats = [
            np.array([i for i, k in enumerate(zip(plan.lost, plan.dilution, strict=True)) if k in run]) for run in runs
        ]
        every.append(cost(plan, seats))
    assert cost(plan, groups) == pytest.approx(min(every), abs=1e-9)


def test_as_few_views_as_are_near_enough():
    alike = made_up(np.linspace(0.1, 0.1 + NEAR, 20), [0.05] * 20)
    assert len(members(alike)) == 1
    two = made_up([0.1] * 10 + [0.5] * 10, [0] * 20)
    assert [len(g) for g in members(two)] == [10, 10]
    many = made_up(np.linspace(0, 0.95, 20), [0] * 20)
    assert len(members(many)) == MOST


@pytest.mark.parametrize("height", [1.3, 1.8, 2.6])
def test_seats_that_are_alike_are_together(height):
    geometry = room(place={"height": height})
    for _, seats in groups_of(geometry):
        mirrored = (seats // 6) * 6 + 5 - seats % 6
        assert sorted(mirrored) == sorted(seats)


def test_names_say_where():
    names = [name for name, _ in groups_of(room(picture={"width": 1920, "height": 1080, "field_of_view": 90.0}))]
    assert names == ["front rows", "front rows, centre", "middle rows", "back rows", "not seen"]
    (alone,) = groups_of(room(seats={"rows": 1, "columns": 1}))
    assert alone[0] == "all seats"


def test_names_follow_the_camera():
    left, right = ([n for n, _ in groups_of(room(place={"x": x}))] for x in (0.3, 6.7))
    assert left == ["back rows and right side", "seats here and there", "middle rows", "front rows", "not seen"]
    assert right == ["back rows and left side", *left[1:]]


@given(rooms())
def test_names_are_told_apart_and_short(geometry):
    names = [n for n, _ in groups_of(geometry)]
    assert len(set(names)) == len(names)
    assert all(0 < len(n) <= 60 and n.strip() == n for n in names)


def test_a_name_holds_for_most_of_its_seats():
    bands = {"front": (0, 1), "middle": (2,), "back": (3, 4)}
    checked = 0
    for x in (0.3, 1.5, 3.5, 5.0):
        for name, seats in groups_of(room(place={"x": x})):
            rows = [r for word, at in bands.items() if word in name for r in at]
            if rows and "side" not in name:
                assert np.mean(np.isin(seats // 6, rows)) >= 0.65, (x, name)
                checked += 1
    assert checked > 10
