"""What each column of a school's row of sums is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Deployment
from misread.engine.chain import Chain
from misread.findings.slices import level_name

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

Axes = tuple[tuple[str | int, ...], ...]

READERS = (None, "perfect")
"""Readers as findings name them, in the order of a school's arrays."""
PERIODS = ("day_1", "week_1", "year_1", "end")
"""Periods from the first day on, as ids name them."""
MOMENTS = ("pairs", "odd", "even", "odd²", "even²", "odd·even")
"""Sums from which a correlation follows."""
EXACT, FINE = 128, 64
"""Counts below `EXACT` have a bin each; above, each doubling has `FINE` bins."""


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring columns of one kind.

    Attributes
    ----------
    first : int
        Its first column.
    axes : tuple of tuple of str or int
        What each index along each axis is, in C order; a whole number is the least count of a bin.
    """

    first: int
    axes: Axes

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        return tuple(len(a) for a in self.axes)

    @property
    def size(self) -> int:
        """Number of columns."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Part:
    """School years of some pupils: those on a kind of seat, at a level of a trait, or of an age.

    Attributes
    ----------
    view, trait, age : str or None
        As in `About`; all None for every school year of everybody.
    """

    view: str | None = None
    trait: str | None = None
    age: str | None = None


@dataclass(frozen=True, eq=False)
class Layout:
    """The columns of a school's row of sums.

    Rows of schools add up: every column is a sum over the school's watched pupils (or over the school), so that the
    sum of the rows of several schools is the row of all of them. Counts are whole numbers below 2⁵³, whose sums are
    exact in any order.

    Attributes
    ----------
    chain, deployment : Chain, Deployment
        What was simulated.
    parts : tuple of Part
        Everybody first, then views, levels of traits and ages.
    lows : tuple of ndarray of int
        For each rule, the least count of false flags of each bin.
    blocks : mapping of str to Block
        The columns by name.
    """

    chain: Chain
    deployment: Deployment
    parts: tuple[Part, ...]
    lows: tuple[Ints, ...]
    blocks: Mapping[str, Block]

    @classmethod
    def of(cls, chain: Chain, deployment: Deployment) -> Layout:
        """The layout of a deployment: pure, the same for all its schools."""
        parts, lows = tuple(_parts(chain)), tuple(bins(n) for n in most_false(chain, deployment))
        blocks: dict[str, Block] = {}
        first = 0
        for name, axes in _axes(chain, deployment, parts, lows):
            blocks[name] = Block(first, axes)
            first += blocks[name].size
        return cls(chain, deployment, parts, lows, blocks)

    @property
    def size(self) -> int:
        """Number of columns."""
        return max(block.first + block.size for block in self.blocks.values())

    def columns(self) -> Iterator[tuple[str | int, ...]]:
        """For each column the name of its block, then what its index along each axis is."""
        for name, block in self.blocks.items():
            for place in itertools.product(*block.axes):
                yield (name, *place)

    def join(self, sums: Mapping[str, Floats]) -> Floats:
        """One row from the sums of each block; those of a block without columns are not looked at."""
        row = np.empty(self.size)
        for name, block in self.blocks.items():
            if block.size:
                row[block.first : block.first + block.size] = sums[name].ravel()
        return row

    def split(self, matrix: Floats) -> dict[str, Floats]:
        """Rows (…, columns) to the sums of each block, of shape (…, *block.shape)."""
        return {
            name: matrix[..., b.first : b.first + b.size].reshape(*matrix.shape[:-1], *b.shape)
            for name, b in self.blocks.items()
        }


def bins(most: int) -> Ints:
    """The least count of each bin, for counts from 0 to `most`.

    Bins are as narrow as a count below `EXACT`, and from there on a `FINE`-th of the doubling that they lie in:
    under 1.6 % of the count.
    """
    lows = list(range(min(EXACT, most + 1)))
    base = EXACT
    while base <= most:
        lows += range(base, min(2 * base, most + 1), base // FINE)
        base *= 2
    return np.array(lows, dtype=np.intp)


def most_false(chain: Chain, deployment: Deployment) -> list[int]:
    """Most false flags that a rule can bring a pupil until the end of school, rule by rule."""
    a_lesson = {r.name: r.most_false for r in chain.rules} | {r.name: 1 for r in chain.ranked}
    return [a_lesson[r.name] * chain.lessons * chain.days * chain.years for r in deployment.rules]


def _parts(chain: Chain) -> Iterator[Part]:
    yield Part()
    yield from (Part(view=v) for v in chain.views)
    for trait in chain.traits:
        levels = len(trait.nodes)
        yield from (Part(trait=level_name(trait.name, i, levels)) for i in range(levels))
    yield from (Part(age=a) for a in chain.ages)


def _axes(
    chain: Chain, deployment: Deployment, parts: tuple[Part, ...], lows: tuple[Ints, ...]
) -> Iterator[tuple[str, Axes]]:
    groups, readers = chain.groups, ("deployed", "perfect")
    rules = tuple(r.name for r in deployment.rules)
    marks = tuple(m.name for m in deployment.file.marks)
    places = tuple(p.view or p.trait or p.age or "everybody" for p in parts)
    lessons = ("claimed", "claimed, true flag", "unclaimed", "unclaimed, flag", "spells", "spells missed")
    strata = tuple(f"stratum {s}" for s in range(chain.strata))
    yield "schools", (("schools",),)
    yield "classes", (("classes",),)
    yield "pupils", (places, groups)
    yield "pupil-years", (places, groups)
    yield "labels", (chain.labels, places, groups)
    yield "flags", (readers, rules, places, groups)
    yield "false", (readers, rules, places, groups)
    yield "tally", (readers, rules, lessons, groups)
    yield "claimed looks", (rules, groups)
    yield "true if random", (rules, groups)
    yield "lessons", (chain.situations or ("all",), groups)
    yield "flags by situation", (readers, rules, ("flags", "false"), chain.situations, groups)
    yield "some false", (readers, rules, PERIODS, groups)
    yield "only true", (readers, rules, PERIODS, groups)
    yield "on file", (readers, rules, groups)
    yield "marks", (readers, marks, ("earned", "unearned"), groups)
    yield "flags by state", (rules, chain.states, groups)
    yield "decisions", (tuple(d.name for d in deployment.decisions), ("wrong", "chosen"), groups)
    yield "masking", (groups if deployment.feedback else (),)
    yield "strata", (strata,)
    yield "last year", (readers, rules, ("flags", "flags²"), strata)
    yield "second reading", (rules, ("flags", "flags·first"), strata)
    yield "map", (rules if len(chain.situations) > 1 else (), MOMENTS, groups)
    for rule, low in zip(rules, lows, strict=True):
        yield counts(rule), (readers, groups, tuple(low.tolist()))


def counts(rule: str) -> str:
    """Name of the block that holds a rule's false flags until the end of school, pupils counted by bin."""
    return f"counts: {rule}"
