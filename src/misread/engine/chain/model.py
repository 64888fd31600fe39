"""What both engines run: tables and automata, axes in one order everywhere.

The axes are points (of what is uncertain), epochs (ages in force), strata, situations, cells, and whatever a table
is about. A stratum is a kind of pupil on a kind of seat: the kind (group, levels of the traits) stays for good, the
seat is drawn anew each school year. A cell is a state, or, where expressions last, a state and an expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Mark
from misread.engine.chain.markov import Array, adding_to_one
from misread.engine.chain.rules import Automaton

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class AnyRule:
    """What a rule counts, and what its flags lead to.

    Attributes
    ----------
    name : str
        The rule's name.
    hit : ndarray of bool, shape (labels,)
        Labels that are a hit.
    claimed : ndarray of bool, shape (states,)
        States that the flag claims.
    notify : tuple of str
        Who is told.
    marks : tuple of Mark
        Marks this rule's flags earn.
    """

    name: str
    hit: Bools
    claimed: Bools
    notify: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, eq=False)
class CompiledRule(AnyRule):
    """A rule on one pupil's looks, as the engines read it.

    Attributes
    ----------
    automaton : Automaton
        Reads (hit, claimed) at each look.
    truth : int
        Looks over which a claimed state makes a flag true: the window, or 1 with ``at_flag``; for a share
        rule the number of claimed looks that is not yet enough.
    most_flags, most_false : int
        Most flags, and most false ones, that a lesson can bring.
    """

    automaton: Automaton
    truth: int
    most_flags: int
    most_false: int


@dataclass(frozen=True, eq=False)
class RankedRule(AnyRule):
    """A rule that ranks a class at a lesson's end: the `top` pupils with most hits, nobody with none.

    Attributes
    ----------
    top : int
        How many pupils of the class are flagged.
    """

    top: int


@dataclass(frozen=True, eq=False)
class TraitLevels:
    """How pupils differ for good in one respect.

    Attributes
    ----------
    name : str
        The trait's name.
    acts_on : {"state", "display", "label"}
        What it changes.
    nodes : ndarray, shape (levels,)
        Gauss–Hermite nodes of the standard normal law.
    share : ndarray, shape (levels,)
        Share of the pupils at each; adds to 1.
    """

    name: str
    acts_on: Literal["state", "display", "label"]
    nodes: Array
    share: Array


@dataclass(frozen=True, eq=False)
class Emissions:
    """P(label | cell), at the rows as stated and at draws of them.

    Attributes
    ----------
    plain : ndarray, shape (draws, epochs, strata, situations, cells, labels)
        Faces that hide nothing.
    masked : ndarray, shape (draws, epochs, strata, labels)
        Faces wholly hidden behind the expression of `[feedback]`; of no meaning without.
    """

    plain: Array
    masked: Array

    def of(self, labels: Bools, masking: Array) -> Array:
        """P(the label is one of some | cell), by how far faces are hidden.

        Parameters
        ----------
        labels : ndarray of bool, shape (labels,)
            Which labels.
        masking : ndarray, shape (levels,)
            How far faces are hidden at each level; 0 for not at all.

        Returns
        -------
        ndarray, shape (draws, epochs, levels, strata, situations, cells)
        """
        plain = self.plain[..., labels].sum(axis=-1)[:, :, None]
        if not masking.any():
            return np.asarray(np.repeat(plain, len(masking), axis=2))
        masked = self.masked[..., labels].sum(axis=-1)[:, :, None, :, None, None]
        m = masking[:, None, None, None]
        return np.asarray((1 - m) * plain + m * masked)


@dataclass(frozen=True, eq=False)
class Chain:
    """A compiled deployment.

    Several chains that differ in numbers only can be laid one after the other along the points (`stacked`): one for
    each point of what is uncertain.

    Attributes
    ----------
    states, labels, expressions, groups : tuple of str
        What the axes mean.
    views, situations, ages : tuple of str
        The same; empty where all seats, lessons or school years are alike.
    traits : tuple of TraitLevels
        How pupils differ for good.
    weight : ndarray, shape (points, strata)
        Share of the pupils; adds to 1 at each point.
    group, view, kind : ndarray of int, shape (strata,)
        Index of each stratum's group, view, and kind; strata are kind by kind.
    level : ndarray of int, shape (strata, traits)
        Level of each trait.
    epoch : ndarray of int, shape (years,)
        Which epoch each school year is in.
    share : ndarray, shape (points, situations)
        Shares of the lessons.
    state : ndarray of int, shape (cells,)
        State of each cell.
    start : ndarray, shape (points, epochs, strata, cells)
        Law of the cell at the first look of a day.
    step : ndarray, shape (points, epochs, strata, situations, cells, cells)
        Transition probabilities from one look to the next.
    gap : ndarray, shape (points, epochs, strata, situations, cells, cells)
        From a lesson's last look to the next lesson's first.
    shown : ndarray, shape (points, epochs, strata, situations, cells, expressions)
        P(expression | cell), faces that hide nothing.
    emission : Emissions
        P(label | cell) at the profiles as stated: one draw, or one a point.
    profile : tuple of tuple of str
        Name of the profile by [epoch][stratum].
    row_of : mapping of str to tuple of int
        For each profile, its row for each expression; -1 where it has none, and the expression is never shown to it.
    lost, dilution : ndarray, shape (strata,)
        How each stratum's seats are seen.
    bias : ndarray, shape (strata, labels)
        What traits multiply a label's weight with.
    masking : ndarray, shape (levels,)
        How far faces are hidden, by the flags given before today; ``[0.]`` without feedback.
    behind : int
        Index of the expression that hidden faces show.
    looks, lessons, days, years : int
        Looks a lesson, lessons a day, days a year, years of school.
    rules : tuple of CompiledRule
        The rules on one pupil's looks.
    ranked : tuple of RankedRule
        The rules that rank a class.
    """

    states: tuple[str, ...]
    labels: tuple[str, ...]
    expressions: tuple[str, ...]
    groups: tuple[str, ...]
    views: tuple[str, ...]
    situations: tuple[str, ...]
    ages: tuple[str, ...]
    traits: tuple[TraitLevels, ...]
    weight: Array
    group: Ints
    view: Ints
    kind: Ints
    level: Ints
    epoch: Ints
    share: Array
    state: Ints
    start: Array
    step: Array
    gap: Array
    shown: Array
    emission: Emissions
    profile: tuple[tuple[str, ...], ...]
    row_of: Mapping[str, tuple[int, ...]]
    lost: Array
    dilution: Array
    bias: Array
    masking: Array
    behind: int
    looks: int
    lessons: int
    days: int
    years: int
    rules: tuple[CompiledRule, ...]
    ranked: tuple[RankedRule, ...]

    @property
    def strata(self) -> int:
        """Number of strata."""
        return len(self.group)

    @property
    def kinds(self) -> int:
        """Number of kinds of pupils."""
        return int(self.kind.max()) + 1

    @property
    def epochs(self) -> int:
        """Number of epochs."""
        return int(self.start.shape[1])

    @property
    def years_of_epoch(self) -> Ints:
        """School years of each epoch."""
        return np.bincount(self.epoch, minlength=self.epochs)

    def claimed(self, rule: AnyRule) -> Bools:
        """Cells in which a rule's claim is true."""
        return rule.claimed[self.state]

    def seen(self, rows: Array, stratum: int) -> Array:
        """Rows of a profile as they come out for a stratum's pupils on its seats.

        Parameters
        ----------
        rows : ndarray, shape (…, expressions of the profile, labels)
            P(label | expression) of the median pupil, seen well.
        stratum : int
            Who, on which seats.

        Returns
        -------
        ndarray of the same shape
            Labels weighted by the pupil's traits, drawn to the mean of all rows by `dilution`, then lost to the
            label "none" by `lost`.
        """
        if (self.bias[stratum] != 1).any():
            rows = adding_to_one(rows * self.bias[stratum])
        if self.dilution[stratum]:
            rows = (1 - self.dilution[stratum]) * rows + self.dilution[stratum] * rows.mean(axis=-2, keepdims=True)
        if self.lost[stratum]:
            rows = (1 - self.lost[stratum]) * rows
            rows[..., self.labels.index("none")] += self.lost[stratum]
        return rows

    def emissions(self, rows: Mapping[str, Array]) -> Emissions:
        """P(label | cell) for other rows of the profiles.

        Parameters
        ----------
        rows : mapping of profile name to ndarray, shape (draws, expressions of the profile, labels)
            Rows P(label | expression) that add to 1.
        """
        draws = max(len(r) for r in rows.values())
        size = (draws, self.epochs, self.strata)
        plain = np.empty((*size, *self.shown.shape[3:5], len(self.labels)))
        masked = np.empty((*size, len(self.labels)))
        done: dict[tuple[object, ...], Array] = {}
        for e in range(self.epochs):
            for s in range(self.strata):
                # Strata that see a profile alike share its rows.
                name = self.profile[e][s]
                key = (name, self.lost[s], self.dilution[s], self.bias[s].tobytes())
                if key not in done:
                    done[key] = self._all_rows(self.seen(rows[name], s), name)
                plain[:, e, s] = np.einsum("kcx,dxy->dkcy", self.shown[0, e, s], done[key])
                masked[:, e, s] = done[key][:, self.behind]
        return Emissions(adding_to_one(plain), masked)

    def _all_rows(self, rows: Array, name: str) -> Array:
        """Rows for every expression of the chain; a face that is never shown to a profile is read as anything."""
        out = np.zeros((*rows.shape[:-2], len(self.expressions), len(self.labels)))
        out[..., 0] = 1
        for x, at in enumerate(self.row_of[name]):
            if at >= 0:
                out[..., x, :] = rows[..., at, :]
        return out
