"""What would tell of one to four persons: found by the quick ways wherever it is found by trying every set of persons."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.audit.table import told
from misread.audit.table.told import LEAST, Atoms, Who, gives_away, sets_of, told_of


def drawn(seed):
    """Persons in strata, mostly one each, and some sums of strata."""
    rng = np.random.default_rng(seed)
    strata, persons = int(rng.integers(2, 14)), int(rng.integers(1, 14))
    person = np.concatenate([np.arange(persons), rng.integers(0, persons, int(rng.integers(0, 4)))])
    stratum = rng.integers(0, strata, len(person))
    pairs = np.unique(np.stack([stratum, person], axis=1), axis=0)
    who = Who(pairs[:, 0], np.zeros(len(pairs), dtype=np.int64), pairs[:, 1])
    sums = rng.random((int(rng.integers(1, 8)), strata)) < rng.choice([0.2, 0.5, 0.8])
    return Atoms(who, np.arange(strata), strata), sums, who


def by_trying(sums, who):
    """Every set of one to four persons: whether leaving out the strata of these alone lowers the rank."""
    members = {}
    for stratum, person in zip(who.stratum.tolist(), who.person.tolist(), strict=True):
        members.setdefault(stratum, set()).add(person)
    there = sorted(members)
    sums = sums[:, there].astype(float)
    rank = np.linalg.matrix_rank(sums)
    everybody = sorted(set().union(*members.values()))
    for size in range(1, LEAST):
        for few in combinations(everybody, size):
            others = [i for i, stratum in enumerate(there) if not members[stratum] <= set(few)]
            if np.linalg.matrix_rank(sums[:, others]) < rank:
                return True
    return False


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_it_is_found_as_by_trying(seed):
    atoms, sums, who = drawn(seed)
    expected = by_trying(sums, who)
    assert gives_away(sums, atoms) == expected


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_where_there_are_too_many_to_try_nothing_is_overlooked(seed):
    atoms, sums, who = drawn(seed)
    before, told.MOST_TRIED = told.MOST_TRIED, -1
    try:
        found = gives_away(sums, atoms)
    finally:
        told.MOST_TRIED = before
    assert found or not by_trying(sums, who)


def test_one_in_each_of_many_strata_is_told_as_a_whole():
    """A person in each stratum of three columns: there are far too many sets to try."""
    rng = np.random.default_rng(3)
    strata = np.unique(rng.integers(0, [6, 5, 6], (400, 3)), axis=0)
    n = len(strata)
    who = Who(np.arange(n), np.zeros(n, dtype=np.int64), np.arange(n))
    found = told_of(strata, ("a", "b", "c"), 1, who)
    for columns in sets_of(("a", "b", "c")):
        assert len(columns) > 1 or not found.of(columns).any()
    assert found.of(("a", "b", "c")).all()
    assert found.of(["d"]).all()
