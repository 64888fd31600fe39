"""Faces with a score are fewer than all: neither sums nor bins of both together are about one to four persons."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.audit.reading.doubts import few
from misread.audit.table.build import Binned, Lines, build
from misread.audit.table.told import LEAST
from misread.audit.written.build import write
from misread.errors import MisreadError
from tests.audit.boundary.attack import audit_of, called

BINS = 20


def made(seed, persons, columns):
    """Rows of persons, some of whose faces have no score: home, truth, person and bin of each, and the table."""
    rng = np.random.default_rng(seed)
    home = rng.integers(0, 2, (persons, columns))
    if columns > 1:
        home[:, 1] = np.where(rng.random(persons) < 0.8, home[:, 0], home[:, 1])
    person = np.repeat(np.arange(persons), 6)
    truth = rng.integers(0, 2, len(person))
    answer = np.where(rng.random(len(person)) < 0.6, truth, rng.integers(0, 3, len(person)))
    without = (rng.random(persons) < 0.2)[person] & (rng.random(len(person)) < 0.5)
    bins = np.where(without, -1, rng.choice([2, 5, 6, 9], len(person), p=[0.05, 0.15, 0.3, 0.5]))
    score = np.where(without, 0, (bins + 0.5) / BINS)
    table = build(
        Lines(home[person], truth, answer, np.ones(len(person), dtype=np.int64), person=person),
        expressions=("a", "b"),
        labels=("a", "b", "none"),
        columns=[f"c{i}" for i in range(columns)],
        levels=[("x", "y")] * columns,
        binned=Binned(bins, score, score**2),
    )
    return home[person], truth, person, bins, table


def told(said, home, truth, bins):
    """Which rows each count adds up that audit.json tells, shape (counts, rows); checked by their number."""
    levels = {column["name"]: column["levels"] for column in said["columns"]}
    names = [{f"c{i}": called("xy"[at], levels[f"c{i}"]) for i, at in enumerate(row)} for row in home]

    def inside(group):
        return np.array([group.items() <= name.items() for name in names])

    found = []
    for margin in said["margins"]:
        for part in margin["parts"]:
            rows = [(inside(part["levels"]) & (truth == e), row) for e, row in enumerate(part["rows"])]
            found += [(where, row["n"]) for where, row in rows if not row["left_out"]]
    for calibrated in said["calibration"]:
        scored = inside(dict(calibrated["group"])) & (bins >= 0)
        found.append((scored, calibrated["n"]))
        for bin in calibrated["bins"]:
            low, high = round(bin["low"] * BINS), round(bin["high"] * BINS)
            found.append((scored & (bins >= low) & (bins < high), bin["n"]))
    for where, n in found:
        assert where.sum() == n
    return np.array([where for where, n in found if n])


def found_out(seed, persons, columns):
    """One to four persons about whom alone some combination of the counts is; None if there are none."""
    home, truth, person, bins, table = made(seed, persons, columns)
    try:
        audit = audit_of(table)
    except MisreadError:
        return None
    sums = told(json.loads(write(audit).text()), home, truth, bins)
    # Rows alike are told together or not at all.
    _, first, kind = np.unique(np.column_stack([home, truth, bins]), axis=0, return_index=True, return_inverse=True)
    members = [set(person[kind.reshape(-1) == k].tolist()) for k in range(len(first))]
    sums = np.unique(sums[:, first], axis=0).astype(float)
    rank = np.linalg.matrix_rank(sums)
    single = sorted(set().union(*(who for who in members if len(who) < LEAST)))
    tried = set()
    for size in range(1, LEAST):
        for few_persons in combinations(single, size):
            alone = frozenset(k for k, who in enumerate(members) if who <= set(few_persons))
            if alone and alone not in tried:
                tried.add(alone)
                if np.linalg.matrix_rank(np.delete(sums, list(alone), axis=1)) < rank:
                    return few_persons
    return None


@given(st.integers(0, 2**32), st.integers(8, 16), st.integers(1, 2))
@settings(max_examples=15, deadline=None)
def test_nothing_of_one_to_four_persons_can_be_had(seed, persons, columns):
    assert found_out(seed, persons, columns) is None


@pytest.mark.long
@given(st.integers(0, 2**32), st.integers(8, 18), st.integers(1, 3))
@settings(max_examples=500, deadline=None)
def test_nothing_of_one_to_four_persons_can_be_had_at_length(seed, persons, columns):
    assert found_out(seed, persons, columns) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_the_rule_it_can(seed, monkeypatch):
    monkeypatch.setattr(few.scored, "guarded", lambda table: table)
    assert found_out(seed, 12, 1) is not None


def test_bins_stay_where_there_are_many_groups(monkeypatch):
    """Of more than a hundred sums not everything is taken to tell of somebody."""
    rng = np.random.default_rng(6)
    home, person = rng.integers(0, 3, (400, 6)), np.repeat(np.arange(400), 6)
    truth, bins = rng.integers(0, 2, len(person)), rng.integers(-1, BINS, len(person))
    table = build(
        Lines(home[person], truth, truth, np.ones(len(person), dtype=np.int64), person=person),
        expressions=("a", "b"),
        labels=("a", "b", "none"),
        columns=[f"c{i}" for i in range(6)],
        levels=[("x", "y", "z")] * 6,
        binned=Binned(bins, bins / BINS, bins / BINS),
    )
    assert len(audit_of(table).table.scores.edges) > BINS // 2
    monkeypatch.setattr(few.scored, "MOST_SUMS", 120)
    assert len(audit_of(table).table.scores.edges) == 2
