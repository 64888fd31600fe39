"""Rows of thresholds that are kept once for all seats that share them, and guides into rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.sampled.kernels.guide import guide_to, once
from misread.engine.sampled.keys import BITS, CERTAIN
from misread.engine.sampled.tables import tables_of, thresholds


@given(st.data(), st.integers(1, 12), st.integers(1, 3), st.integers(1, 4))
def test_each_seat_finds_its_own_rows_and_no_two_are_the_same(data, seats, of, places):
    few = st.lists(st.integers(0, 1), min_size=seats * of * places, max_size=seats * of * places)
    one, other = (np.array(data.draw(few), np.uint32).reshape(seats * of, places) for _ in range(2))
    begins, *kept = once(one, other, of=of)
    rows = begins[:, None] + np.arange(of)
    for table, left in zip((one, other), kept, strict=True):
        assert np.array_equal(left[rows], table.reshape(seats, of, places))
    blocks = np.concatenate([left.reshape(-1, of, places) for left in kept], axis=2)
    assert len(np.unique(blocks, axis=0)) == len(blocks)
    # Those that a seat asks for first come first.
    assert np.all(begins <= np.maximum.accumulate(np.append(-of, begins[:-1].astype(int))) + of)


@pytest.mark.parametrize("name", ["as-described", "as-described-full"])
def test_seats_of_a_shipped_deployment_find_what_the_chain_says(name):
    deployment = load(name)
    chain = compile_chain(deployment, resolve_profiles(deployment))
    tables = tables_of(chain, deployment)
    flat, n = tables.flat, tables.flat.n

    def held(table, rows, bits, of):
        return table.reshape(-1, 1 << bits)[rows[:, None] + np.arange(of)]

    def told(law, of):
        return thresholds(law).reshape(-1, of, 1 << (law.shape[-1] - 1).bit_length())

    for law, table in ((chain.step, flat.step), (chain.gap, flat.gap)):
        assert np.array_equal(held(table, flat.path_row, n.cell_bits, n.cells), told(law[0], n.cells))
    shown, masked = (law[0][..., tables.severity] for law in (chain.emission.plain, chain.emission.masked))
    assert np.array_equal(held(flat.emission, flat.label_row, n.label_bits, n.cells), told(shown, n.cells))
    assert np.array_equal(held(flat.emission, flat.masked_row, n.label_bits, 1), told(masked, 1))
    # Whom a seat, a trait or a group has read differently moves as all do.
    assert len(flat.step) >> n.cell_bits <= (flat.epoch.max() + 1) * n.situations * n.cells


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8).filter(any), st.integers(4, 10), st.data())
def test_a_guide_says_what_the_row_says_or_nothing(law, sharp, data):
    row = thresholds(np.array(law))
    guide = guide_to(row, sharp)
    near = [int(limit) + d for limit in row for d in (-1, 0, 1)]
    number = data.draw(st.sampled_from([u for u in near if 0 <= u < CERTAIN]) | st.integers(0, CERTAIN - 1))
    ones, rest = (1 << sharp) - 1, BITS - sharp
    entry = int(guide[number >> rest])
    among = np.sum((row.astype(int) > number >> rest << rest) & (row.astype(int) < (number >> rest) + 1 << rest))
    if entry & ones == ones:
        assert among > 1
    else:
        assert (entry & ones) + ((number & (1 << rest) - 1) >= entry >> sharp) == np.sum(row <= number)
