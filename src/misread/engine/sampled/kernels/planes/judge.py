"""What a window rule makes of a lesson, for 512 pupils at once: rows of planes, one a look.

Rows of a rule go by what is counted, in the order of its tallies: `MANY_ROWS` times as many rows as a lesson takes.
"""

from __future__ import annotations

from typing import Any

from misread.engine.sampled.kernels.jit import part
from misread.engine.sampled.kernels.planes.draw import MOST_CELLS
from misread.engine.sampled.kernels.planes.tally import add_one
from misread.engine.sampled.kernels.planes.vector import Plane, Planes, every, load, none, store
from misread.engine.sampled.tables import CLEAR, MUTE, Ints

MOST_PATH = MOST_CELLS - 1
"""Thresholds between cells, at most."""

# Tallies of a rule. By look: where the pupil was in a claimed state, a flag would be true, a spell began; what each
# reader flags, flags falsely, misses; the flags of a second reading; flags at a cell below each threshold.
CLAIMED, TRUE, STARTS, FLAGS = range(4)
PER_READER = 3
FALSE, MISSED = 1, 2
AGAIN = FLAGS + 2 * PER_READER
CELL = AGAIN + 1
# By lesson, with a claimed look, of these with a true flag, flagged without one.
LESSONS = CELL + MOST_PATH
SEEN, ALARMED = LESSONS + 1, LESSONS + 2  # and the perfect reader's, two further on
TALLIES = LESSONS + 5
"""Tallies of a rule."""
LOOK_TALLIES = LESSONS
"""Those by look: the first ones."""
HITS = LOOK_TALLIES
"""Where the labels read are hits: rows that are not counted."""
MANY_ROWS = HITS + 1

OFFSET = 8
"""Hits are counted from so much below, that the count has its fourth bit when there are enough: k is no more."""
MOST_MORE = 7
"""Looks of a window beyond k: with so many more hits, the count still has four bits."""


@part
def hits(rows: Planes, below: int, apart: int, edges: Ints, looks: int, to: int) -> None:
    """Where labels are hits, from where they lie below thresholds.

    `edges` are how many thresholds lie between hits and other labels, whether the last label is a hit, and which
    thresholds: across each of them, it changes.
    """
    for look in range(looks):
        odd = every() if edges[1] else none()
        for i in range(edges[0]):
            odd = odd ^ load(rows, below + edges[2 + i] * apart + look)
        store(rows, to + look, odd)


@part
def truths(rows: Planes, claimed: int, to: int, truth: int, looks: int) -> None:
    """Where one of the last `truth` looks was claimed."""
    for look in range(looks):
        store(rows, to + look, load(rows, claimed + look))
    width = 1
    while width < truth:
        step = min(width, truth - width)
        for look in range(looks - 1, step - 1, -1):
            store(rows, to + look, load(rows, to + look) | load(rows, to + look - step))
        width += step


@part
def windows(rows: Planes, hit: int, fires: int, k: int, n: int, after: int, looks: int) -> None:
    """Where at least k of the last n looks were hits: a count of four planes, whose highest says that it is so."""
    less = OFFSET - k
    start0 = every() if less & 1 else none()
    start1 = every() if less & 2 else none()
    start2 = every() if less & 4 else none()
    c0, c1, c2, c3, muted = start0, start1, start2, none(), none()
    for look in range(looks):
        more, fewer = load(rows, hit + look), none()
        if look >= n:
            # The look that leaves the window counts no more, unless a flag since then has cleared it away.
            fewer = load(rows, hit + look - n)
            if after == CLEAR:
                for since in range(look - n, look):
                    fewer = fewer & ~load(rows, fires + since)
        more, fewer = more & ~fewer, fewer & ~more
        bit = c0
        c0 = bit ^ more ^ fewer
        more, fewer = more & bit, fewer & ~bit
        bit = c1
        c1 = bit ^ more ^ fewer
        more, fewer = more & bit, fewer & ~bit
        bit = c2
        c2 = bit ^ more ^ fewer
        c3 = c3 ^ (more & bit) ^ (fewer & ~bit)
        fired = c3 & ~muted
        if after == CLEAR:
            c0 = (c0 & ~fired) | (start0 & fired)
            c1 = (c1 & ~fired) | (start1 & fired)
            c2 = (c2 & ~fired) | (start2 & fired)
            c3 = c3 & ~fired
        elif after == MUTE:
            muted = muted | fired
        store(rows, fires + look, fired)


@part
def claim(rows: Planes, own: int, apart: int, looks: int, tally: Planes, at: int, planes: int, day: int) -> Plane:
    """Where spells begin; whether a look was claimed, which is counted, too."""
    claimed, before = none(), none()
    for look in range(looks):
        now = load(rows, own + CLAIMED * apart + look)
        store(rows, own + STARTS * apart + look, now & ~before)
        before = now
        claimed = claimed | now
    add_one(tally, at + LESSONS * planes, claimed, day)
    return claimed


@part
def read(
    rows: Planes,
    own: int,
    apart: int,
    hit: int,
    who: int,
    rule: Any,
    claimed: Plane,
    looks: int,
    tally: Planes,
    at: int,
    planes: int,
    day: int,
) -> tuple[Plane, Plane]:
    """One reader's flags in a lesson, false ones, and spells missed; whether there was a flag, and a false one."""
    fires = own + (FLAGS + who * PER_READER) * apart
    windows(rows, hit, fires, rule.least, rule.window, rule.after, looks)
    flagged, rightly, wrongly = none(), none(), none()
    before, caught = none(), none()
    for look in range(looks):
        fired, true = load(rows, fires + look), load(rows, own + TRUE * apart + look)
        now = load(rows, own + CLAIMED * apart + look)
        false = fired & ~true
        flagged = flagged | fired
        rightly = rightly | (fired & true)
        wrongly = wrongly | false
        store(rows, fires + FALSE * apart + look, false)
        # A spell that ended at the look before, and in which nothing fired.
        store(rows, fires + MISSED * apart + look, before & ~now & ~caught)
        caught = now & (fired | (before & caught))
        before = now
    # A spell still open ends with the lesson; at such a look none has ended.
    last = fires + MISSED * apart + looks - 1
    store(rows, last, load(rows, last) | (before & ~caught))
    add_one(tally, at + (SEEN + 2 * who) * planes, claimed & rightly, day)
    add_one(tally, at + (ALARMED + 2 * who) * planes, flagged & ~claimed, day)
    return flagged, wrongly


@part
def by_cell(rows: Planes, own: int, apart: int, path: int, many: int, looks: int) -> None:
    """Flags at looks whose cell lies below each threshold, which stand in `many` rows a look from `path` on."""
    for i in range(many):
        for look in range(looks):
            fired = load(rows, own + FLAGS * apart + look)
            store(rows, own + (CELL + i) * apart + look, fired & load(rows, path + MOST_PATH * look + i))
