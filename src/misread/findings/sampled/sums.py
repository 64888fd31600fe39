"""Schools' sums by group, and rows of findings made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from misread.findings.about import About
from misread.findings.sampled.estimate import Estimate, ratio
from misread.findings.sampled.layout import Floats, Layout, Part


@dataclass(frozen=True, slots=True)
class Estimated:
    """A finding before it is put into words.

    Attributes
    ----------
    about : About
        What it is about.
    estimate : Estimate
        Its value and standard error.
    n : int
        Watched pupils sampled that it is about.
    """

    about: About
    estimate: Estimate
    n: int


@dataclass(frozen=True, eq=False)
class Sums:
    """The sums of all schools sampled.

    Attributes
    ----------
    layout : Layout
        What they are.
    blocks : mapping of str to ndarray, each (schools, *shape of the block)
        As the layout names them.
    pooled : mapping of str to ndarray, each (schools, …, names)
        Blocks by group, and of all groups after them.
    names : tuple of str
        The groups, then ``"all"``.
    """

    layout: Layout
    blocks: Mapping[str, Floats]
    pooled: Mapping[str, Floats]
    names: tuple[str, ...]

    @classmethod
    def of(cls, layout: Layout, matrix: Floats) -> Sums:
        """The sums in a matrix (schools, columns)."""
        blocks, groups = layout.split(matrix), layout.chain.groups
        pooled = {name: with_all(b) for name, b in blocks.items() if layout.blocks[name].axes[-1] == groups}
        return cls(layout, blocks, pooled, (*groups, "all"))

    @property
    def pupils(self) -> Floats:
        """Watched pupils: (schools, names)."""
        return self.pooled["pupils"][:, 0]

    @property
    def years(self) -> Floats:
        """Their school years: (schools, names)."""
        return self.pooled["pupil-years"][:, 0]

    @property
    def looks(self) -> Floats:
        """Looks at them: (schools, names)."""
        return np.asarray(self.pooled["labels"][:, :, 0].sum(axis=1))

    def parts(self) -> Iterator[tuple[int, Part]]:
        """Parts that somebody can be in, everybody first, with their places."""
        chain = self.layout.chain
        empty = {v for i, v in enumerate(chain.views) if not chain.weight[0, chain.view == i].sum() > 0}
        return ((p, part) for p, part in enumerate(self.layout.parts) if part.view not in empty)

    def ratios(self, about: About, numerator: Floats, denominator: Floats, part: int = 0) -> Iterator[Estimated]:
        """A row of a quotient for each group and all: sums (schools, names)."""
        return self.each(about, (ratio(a, b) for a, b in zip(numerator.T, denominator.T, strict=True)), part)

    def each(self, about: About, estimates: Iterable[Estimate], part: int = 0) -> Iterator[Estimated]:
        """A row for each group and all."""
        n = self.pooled["pupils"][:, part].sum(axis=0)
        for name, estimate, pupils in zip(self.names, estimates, n, strict=True):
            yield Estimated(replace(about, group=name), estimate, int(pupils))

    def one(self, about: About, estimate: Estimate) -> Estimated:
        """A row about all pupils."""
        return Estimated(about, estimate, int(self.pupils[:, -1].sum()))


def with_all(sums: Floats) -> Floats:
    """Sums by group (…, groups), and of all groups after them."""
    return np.concatenate([sums, sums.sum(axis=-1, keepdims=True)], axis=-1)
