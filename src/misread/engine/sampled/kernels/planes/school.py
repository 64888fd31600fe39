"""The pupils of a school, 512 pupil-years at a time: who lives beside whom, and whose counts are whose.

A day hangs on no other but through what is counted, so that any pupil-years can be side by side, each with its own
day's keys. Those with the same tables are put together: nearly all then have neighbours of their own kind only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from misread.engine.sampled.kernels.guide import same
from misread.engine.sampled.kernels.layout import Cohort, Lived, Outcome, outcome_of
from misread.engine.sampled.kernels.planes.draw import KINDS, MOST_CELLS, SETS
from misread.engine.sampled.kernels.planes.judge import (
    AGAIN,
    ALARMED,
    CELL,
    CLAIMED,
    FALSE,
    FLAGS,
    LESSONS,
    MISSED,
    MOST_MORE,
    OFFSET,
    PER_READER,
    SEEN,
    STARTS,
    TALLIES,
    TRUE,
)
from misread.engine.sampled.kernels.planes.layout import (
    LANE,
    Deal,
    Lanes,
    Tile,
    bits_of,
    edges_of,
    halves,
    lanes_of,
    padded,
    place_of,
    places,
    planes_of,
    room_of,
    rows,
)
from misread.engine.sampled.kernels.planes.vector import ABREAST, BYTES
from misread.engine.sampled.kernels.planes.year import live_years
from misread.engine.sampled.keys import Words
from misread.engine.sampled.tables import WINDOW, Flat, Ints, Tables

PUPILS_A_KIND = 100
"""Pupils of a school for each kind of them, where there are more kinds than go side by side: with fewer, most tiles
would be mostly empty."""
MOST_LOOKS = 256
"""Looks of a lesson whose rows a core's second cache holds."""

Way = Callable[[Callable[["_Some"], None], Iterable["_Some"]], Iterable[None]]
"""How tiles are gone through: `map`, or that of a pool."""


def sliceable(tables: Tables) -> bool:
    """Whether planes take a deployment; they then give what `kernels.year` gives.

    They do where one kind of lesson, looks at every move and no feedback leave a day to hang on nothing but its keys;
    where there are rules, and all look back over a window that four planes can count; where marks are for flags of one
    school year; and where cells, kinds of pupils and looks are few enough for it to be quicker.
    """
    n, rules, marks = tables.flat.n, tables.flat.rules, tables.flat.marks
    plain = n.situations == 1 and n.stride == 1 and len(tables.flat.masking) == 1
    narrow = (rules["least"] <= OFFSET) & (rules["window"] - rules["least"] <= MOST_MORE)
    read_alike = len(rules) > 0 and (rules["form"] == WINDOW).all() and narrow.all() and not marks["rolling"].any()
    full = n.strata <= KINDS or n.strata * PUPILS_A_KIND <= tables.pupils
    return bool(plain and read_alike and full and n.cells <= MOST_CELLS and n.looks <= MOST_LOOKS)


def live_in_planes(flat: Flat, cohort: Cohort, way: Way) -> Lived:
    """Live through all school years of some pupils of a school.

    Parameters
    ----------
    flat : Flat
        A deployment that is `sliceable`.
    cohort : Cohort
        Any pupils of one school.
    way : callable
        `map`, or that of a pool: tiles share nothing but arrays, in which each has places of its own.
    """
    dealt, found = _dealt(flat), _found(flat, len(cohort.pupil))

    def live(some: _Some) -> None:
        own, kind = np.unique(some.seat, return_inverse=True)
        filled = np.resize(np.arange(len(kind)), ABREAST)  # any pupils fill up the last ones
        tile = Tile(
            pupil=halves(cohort.pupil[some.lane][filled]),
            first_day=halves((some.year * flat.n.days)[filled]),
            masks=rows(KINDS),
        )
        tile.masks[:] = bits_of(kind[filled] == np.arange(KINDS)[:, None]).ravel()
        room, out, key = room_of(flat), lanes_of(flat), (cohort.k0, cohort.k1, cohort.school)
        deal, twice = _deal(dealt, own), bool(some.year[0] == flat.n.years - 1)
        live_years(flat.n, flat.rules, flat.marks, flat.censuses, deal, tile, room, out, key, *planes_of(flat.n), twice)
        for all_years, of_these in zip(found, out, strict=True):
            all_years[..., some.year, some.lane] = of_these[..., LANE[: len(kind)]]

    for _ in way(live, _tiles(flat, cohort)):
        pass
    return _lived(flat, found)


class _Some(NamedTuple):
    """Up to 512 pupil-years: years, places in the cohort, seats: [epoch][stratum] as one number."""

    year: Ints
    lane: Ints
    seat: Ints


def _tiles(flat: Flat, cohort: Cohort) -> Iterator[_Some]:
    """Pupil-years by seat; those of the last year apart, because they are read twice."""
    n, last = flat.n, flat.n.years - 1
    seats = flat.epoch[:, None] * n.strata + cohort.stratum
    for years in (np.arange(last), np.array([last])):
        all_of = seats[years]
        order = np.argsort(all_of, axis=None, kind="stable")
        year, lane = np.unravel_index(order, all_of.shape)
        seat = all_of[year, lane]
        begin = 0
        while begin < len(order):
            kinds = np.cumsum(np.diff(seat[begin : begin + ABREAST], prepend=seat[begin]) > 0)
            end = begin + int(np.searchsorted(kinds, KINDS))
            yield _Some(years[year[begin:end]], lane[begin:end], seat[begin:end])
            begin = end


class _Dealt(NamedTuple):
    """Tables of all seats, and which seats have the same ones."""

    start: NDArray[np.uint32]
    step: NDArray[np.uint32]
    gap: NDArray[np.uint32]
    emission: NDArray[np.uint32]
    again: NDArray[np.uint32]
    path: Ints
    label: Ints
    claims: Words
    edges: Ints
    edges_again: Ints
    apart: int


def _dealt(flat: Flat) -> _Dealt:
    n = flat.n

    def limits(table: Words, rows: Words, bits: int, outcomes: int) -> Words:
        return table.reshape(-1, 1 << bits)[rows[:, None] + np.arange(n.cells), : outcomes - 1]

    start = np.repeat(flat.start, n.cells).reshape(-1, 1 << n.cell_bits, n.cells).swapaxes(1, 2)[..., : n.cells - 1]
    step, gap = (limits(table, flat.path_row, n.cell_bits, n.cells) for table in (flat.step, flat.gap))
    emission = limits(flat.emission, flat.label_row, n.label_bits, n.labels)
    edges = edges_of(flat)
    telling = np.unique(np.concatenate([own[2 : 2 + own[0]] for own in edges]))
    edges_again = edges.copy()
    edges_again[:, 2:] = np.searchsorted(telling, edges[:, 2:])
    claimed = np.array([[int(rule["claimed"]) >> int(state) & 1 for state in flat.state] for rule in flat.rules])
    return _Dealt(
        start=places(start),
        step=places(step),
        gap=places(gap),
        emission=places(emission),
        again=places(emission[..., telling]),
        path=same(np.concatenate([start, step, gap], axis=1)),
        label=same(emission),
        claims=place_of(claimed),
        edges=edges,
        edges_again=edges_again,
        apart=padded(n.looks),
    )


def _deal(dealt: _Dealt, own: Ints) -> Deal:
    """Tables for pupils of some seats."""

    def of_kinds(table: NDArray[np.uint32], alike: Ints) -> Words:
        if _one(alike[own]):
            return np.ravel(table[own[0]])
        first = BYTES * SETS * (1 + np.arange(KINDS, dtype=np.uint32))
        # A kind that nobody is of has any table.
        each = table[np.resize(own, KINDS)] + first[:, None, None, None]
        return np.ascontiguousarray(np.moveaxis(each, 0, 2)).ravel()

    return Deal(
        start=of_kinds(dealt.start, dealt.path),
        step=of_kinds(dealt.step, dealt.path),
        gap=of_kinds(dealt.gap, dealt.path),
        emission=of_kinds(dealt.emission, dealt.label),
        again=of_kinds(dealt.again, dealt.label),
        path_kinds=1 if _one(dealt.path[own]) else KINDS,
        label_kinds=1 if _one(dealt.label[own]) else KINDS,
        claims=dealt.claims,
        edges=dealt.edges,
        edges_again=dealt.edges_again,
        few=dealt.again.shape[1],
        apart=dealt.apart,
    )


def _one(alike: Ints) -> bool:
    return bool((alike == alike[0]).all())


def _found(flat: Flat, lanes: int) -> Lanes:
    """As a tile's counts, but by [year][lane]."""
    shape = (flat.n.years, lanes)
    empty: list[Any] = [np.broadcast_to(a[..., :1, None], (*a.shape[:-1], *shape)).copy() for a in lanes_of(flat)]
    return Lanes(*empty)


def _lived(flat: Flat, found: Lanes) -> Lived:
    """What the years come to together, as the other kernel counts it."""
    n, lanes = flat.n, found.counts.shape[-1]
    out, edges, many = outcome_of(flat, lanes), n.labels - 1, n.days * n.lessons
    out.labels[:] = _apart(found.counts[:edges], np.full((n.years, lanes), many * n.looks, np.uint32))
    out.lessons[:] = many
    rules = found.counts[edges:].reshape(len(flat.rules), TALLIES, n.years, lanes)
    for who in range(2):
        o, own = FLAGS + who * PER_READER, 2 * who
        out.flags[who], out.false[who] = rules[:, o], rules[:, o + FALSE]
        lessons = rules[:, LESSONS]
        out.tally[who, :, 0], out.tally[who, :, 1] = lessons, rules[:, SEEN + own]
        out.tally[who, :, 2], out.tally[who, :, 3] = many - lessons, rules[:, ALARMED + own]
        out.tally[who, :, 4], out.tally[who, :, 5] = rules[:, STARTS], rules[:, o + MISSED]
    out.claimed[:], out.true[:], out.second[:] = rules[:, CLAIMED], rules[:, TRUE], rules[:, AGAIN, -1]
    for r in range(len(flat.rules)):
        by_cell = _apart(rules[r, CELL : CELL + n.cells - 1], rules[r, FLAGS]).sum(axis=1, dtype=np.int32)
        for cell, state in enumerate(flat.state):
            out.state_flags[r, state] += by_cell[cell]
    for c, census in enumerate(flat.censuses):
        out.census[:, c] = found.census[c, :, census["day"] // n.days]
    return _first_years(flat, found, out)


def _apart(below: NDArray[np.uint32], all_of: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Counts of each outcome, from those below each threshold and of all."""
    upto = np.concatenate([below, all_of[None]])
    upto[1:] -= below
    return upto


def _first_years(flat: Flat, found: Lanes, out: Outcome) -> Lived:
    """The first year that has one gives the day of the first flag, and of a mark; to [reader][rule or mark][lane]."""

    def first(days: NDArray[np.int32]) -> Any:
        year = (days >= 0).argmax(axis=-2, keepdims=True)
        own = np.take_along_axis(days, year, axis=-2)
        return year, np.where(own >= 0, own + year * flat.n.days, -1)[..., 0, :].astype(np.int32)

    _, flags = first(found.first)
    year, marks = first(found.mark_day)
    unearned = np.take_along_axis(found.unearned, year, axis=-2)[..., 0, :]
    first_flag, first_false = flags.transpose(2, 1, 0, 3)
    level = np.zeros(flags.shape[-1], np.int64)
    return Lived(out, first_flag, first_false, marks.swapaxes(0, 1), unearned.swapaxes(0, 1), level)
