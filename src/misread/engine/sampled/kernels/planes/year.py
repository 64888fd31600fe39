"""The kernel that takes 512 pupils through a school year, each through one of his own: see `kernels.year`.

Of a lesson, all looks of all pupils are drawn first; then each rule judges it, reader by reader. Every day begins
anew with a cell of its own, so that pupils need not stay together from year to year.
"""

from __future__ import annotations

from typing import Any

from misread.engine.sampled.kernels.jit import kernel_in_place, part
from misread.engine.sampled.kernels.planes.books import earn, note, note_first
from misread.engine.sampled.kernels.planes.draw import below, cell_sets, sets_of_kinds
from misread.engine.sampled.kernels.planes.judge import (
    AGAIN,
    CELL,
    CLAIMED,
    HITS,
    LOOK_TALLIES,
    MOST_PATH,
    TALLIES,
    TRUE,
    by_cell,
    claim,
    hits,
    read,
    truths,
    windows,
)
from misread.engine.sampled.kernels.planes.layout import Deal, Lanes, Room, Tile
from misread.engine.sampled.kernels.planes.numbers import BATCH, ROWS, STATE, draw, keyed
from misread.engine.sampled.kernels.planes.tally import add, close_day, counted
from misread.engine.sampled.kernels.planes.vector import Planes, every, fetch, load, store
from misread.engine.sampled.keys import LABEL, PATH, SECOND
from misread.engine.sampled.tables import Size


@kernel_in_place
def live_years(
    n: Size,
    rules: Any,
    marks: Any,
    censuses: Any,
    deal: Deal,
    tile: Tile,
    room: Room,
    out: Lanes,
    key: tuple[int, int, int],
    day_planes: int,
    planes: int,
    twice: bool,
) -> None:
    """Go through a school year.

    Parameters
    ----------
    n, rules, marks, censuses
        Those of `Flat`.
    deal : Deal
        Its tables.
    tile : Tile
        Pupils, and which year of each.
    room : Room
        Empty rows to work in.
    out : Lanes
        Where counts go.
    key : tuple of int
        The seed's two words, and the school.
    day_planes, planes : int
        Of a tally (`planes_of`).
    twice : bool
        Whether faces are read a second time, as they are in the last year.
    """
    k0, k1, school = key
    seeds, numbers, bits, undecided = room.seeds, room.numbers, room.bits, room.undecided
    sets, rows, tally, ever = room.sets, room.rows, room.tally, room.ever
    apart, path, edges, few = deal.apart, n.cells - 1, n.labels - 1, deal.few
    # Rows: cells below thresholds, look by look; labels below them, read once and again; claimed looks; a rule's own.
    labels = MOST_PATH * (n.looks + 1)
    second = labels + edges * apart
    claims = second + few * apart
    own = claims + len(rules) * apart
    several = max(deal.path_kinds, deal.label_kinds) > 1
    # Whoever has been nowhere is in the first cell, which says nothing about where he begins.
    for i in range(path):
        store(rows, i, every())
    _enter(n.cells, rows, 0, tile.masks, several, sets)
    for day in range(n.days):
        today = (k0, k1, school, day)
        for reading in range(3 if twice else 2):
            purpose = PATH if reading == 0 else LABEL if reading == 1 else SECOND
            keyed(seeds, reading * STATE, tile.pupil, tile.first_day, today, purpose)
        for c in range(len(censuses)):
            if censuses[c].day % n.days == day:
                note(tally, (edges + TALLIES * censuses[c].rule) * planes, day_planes, planes, out.census[c])
        for lesson in range(n.lessons):
            # Before its first look, a day's first cell is drawn.
            for look in range(0 if lesson else -1, n.looks):
                tick, readings = look % BATCH if look > 0 else 0, 1 if look < 0 else 3 if twice else 2
                if tick == 0:
                    for reading in range(readings):
                        count = min(BATCH, n.looks - look) if look >= 0 else 1
                        draw(seeds, reading * STATE, numbers, reading * BATCH * ROWS, count)
                if look >= 0:
                    _enter(n.cells, rows, MOST_PATH * look, tile.masks, several, sets)
                    for r in range(len(rules)):
                        claimed = fetch(sets, deal.claims[r, 0]) | fetch(sets, deal.claims[r, 1])
                        store(rows, claims + r * apart + look, claimed)
                for reading in range(readings):
                    table = deal.start if look < 0 else deal.gap if look == n.looks - 1 else deal.step
                    own_kinds, many, to, by = deal.path_kinds, path, MOST_PATH * (look + 1), 1
                    if reading == 1:
                        table, own_kinds, many, to, by = deal.emission, deal.label_kinds, edges, labels + look, apart
                    elif reading == 2:
                        table, own_kinds, many, to, by = deal.again, deal.label_kinds, few, second + look, apart
                    drawn = (reading * BATCH + tick) * ROWS
                    below(numbers, drawn, bits, undecided, sets, table, own_kinds, many, rows, to, by)
            for i in range(edges):
                add(rows, labels + i * apart, n.looks, tally, i * planes, day_planes)
            for r in range(len(rules)):
                at = (edges + TALLIES * r) * planes
                for look in range(n.looks):
                    store(rows, own + CLAIMED * apart + look, load(rows, claims + r * apart + look))
                truths(rows, own + CLAIMED * apart, own + TRUE * apart, rules[r].truth, n.looks)
                claimed = claim(rows, own, apart, n.looks, tally, at, planes, day_planes)
                hits(rows, labels, apart, deal.edges[r], n.looks, own + HITS * apart)
                for who in range(2):
                    hit = own + (CLAIMED if who else HITS) * apart
                    to_tally = (n.looks, tally, at, planes, day_planes)
                    flagged, wrongly = read(rows, own, apart, hit, who, rules[r], claimed, *to_tally)
                    today_row = 2 * (2 * (2 * r + who)) + 1
                    store(ever, today_row, load(ever, today_row) | flagged)
                    store(ever, today_row + 2, load(ever, today_row + 2) | wrongly)
                by_cell(rows, own, apart, 0, path, n.looks)
                if twice:
                    hits(rows, second, apart, deal.edges_again[r], n.looks, own + HITS * apart)
                    rule, to = rules[r], own + AGAIN * apart
                    windows(rows, own + HITS * apart, to, rule.least, rule.window, rule.after, n.looks)
                for i in range(LOOK_TALLIES):
                    if i < AGAIN or (i == AGAIN and twice) or (CELL <= i < CELL + path):
                        add(rows, own + i * apart, n.looks, tally, at + i * planes, day_planes)
                for m in range(len(marks)):
                    if marks[m].rule == r:
                        counts = (tally, at, day_planes, planes)
                        given = (room.earned, m, marks[m].flags, day, out.mark_day[m], out.unearned[m])
                        earn(rows, own, apart, n.looks, *counts, *given)
            for i in range(path):
                store(rows, i, load(rows, MOST_PATH * n.looks + i))
        for i in range(edges + TALLIES * len(rules)):
            close_day(tally, i * planes, day_planes, planes)
        for r in range(len(rules)):
            for who in range(2):
                for what in range(2):
                    note_first(ever, 2 * (2 * (2 * r + who) + what), day, out.first[r, who, what])
    for i in range(edges + TALLIES * len(rules)):
        by_look = i < edges or (i - edges) % TALLIES < LOOK_TALLIES
        counted(tally, i * planes, day_planes, planes, by_look, out.counts[i])


@part
def _enter(cells: int, rows: Planes, at: int, masks: Planes, several: bool, sets: Planes) -> None:
    """Make the sets of cells at a look, and those of each kind if there are several."""
    cell_sets(cells, rows, at, sets)
    if several:
        sets_of_kinds(cells, masks, sets)
