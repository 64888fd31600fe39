"""The greatest disparity among groups: whether there is any, how large it is, and what chance alone would have shown.

The range of raw rates, highest less lowest, grows with the number of groups and shrinks with their size even where they
do not differ at all, and resampling it adds noise to noise: its bootstrap interval leaves out 0 almost always. So the
range that was seen stands beside the range that equal groups show, a permutation p says whether there is a difference,
the posterior of the groups' rates, pooled as far as they ask for it, how large, and intervals that hold for all groups
at once what survives the kindest reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.audit.groups.permuting import Chance, chances
from misread.audit.groups.pooling import draws
from misread.audit.groups.power import visible
from misread.audit.groups.seen import blocks, chosen, same_mix, taking_part, units, who
from misread.audit.intervals.effective import t_quantile
from misread.audit.intervals.many import sidak
from misread.audit.intervals.proportion import wilson, z_of
from misread.audit.rates import Measure, measured, measures
from misread.audit.table.model import CountTable

Array = NDArray[np.float64]

ALPHA = 0.05
"""From this p on no difference is shown."""
PERMUTATIONS = 1999
SEED = 1
FOR_EACH = 40
"""Permutations for each comparison that a table allows: Holm's smallest p is that of one dealing out of all, times the
comparisons, and has to be able to fall below 0.05."""
MOST_DEALT = 20_000
"""Permutations at most, enough for a thousand comparisons."""
DRAWS = 2000
"""From the posterior of the groups' rates."""
SMALLER = 0.5
"""Share of the gap that is left with the same mix of expressions, up to which the note says so."""
SHOWN = ("accuracy", "recall", "false_positive_rate")
"""Statistics that `disparities` looks at."""
FEWER_THAN_TWO = "nothing to compare: fewer than two levels have five persons (or faces)"


@dataclass(frozen=True, slots=True)
class Disparity:
    """How much a rate differs among the levels of a column.

    All of p, seen, chance, chance_high, value, low, high, at_least, visible, standardised and pair are None where fewer
    than two levels take part.

    Attributes
    ----------
    statistic : str
        Which rate.
    expression, label : str or None
        The words it is about.
    column : str
        Whose levels are compared.
    within : tuple of (column, level)
        Among whom.
    groups : int
        Levels that take part.
    n : float
        Trials in all of them.
    persons : int or None
        Persons among them; None where they are not known.
    left_out : tuple of str
        Levels that take no part: `(missing)`, those with fewer than five persons (or faces), and those of which one
        person has most of the faces.
    seed : int
        Of permutations and posterior draws.
    level : float
        Of the interval.
    p : float or None
        Permutation p of the hypothesis that they are all equal; with persons, Welch's where that is larger, or where
        they are too many to be dealt.
    adjusted : float or None
        The same for all comparisons made together (Holm 1979).
    looked_at : int
        How many those were.
    permutations : int
        How often groups were dealt anew; 0 where persons are too many for that.
    seen : float or None
        Highest less lowest raw rate.
    chance, chance_high : float or None
        The same among equal groups: its mean, and what it stays under in 95 % of cases.
    value, low, high : float or None
        Median and interval of the range of true rates, from the pooled posterior. `low` is 0 where p ≥ 0.05: a
        posterior of a range never holds 0 itself, so whether there is a difference is asked first.
    at_least : float or None
        Difference that is left when every rate is taken at the kinder end of intervals that hold for all levels at
        once.
    highest, lowest : str
        Levels with the highest and the lowest raw rate.
    visible : float or None
        Smallest gap between two levels of usual size that would have been seen with power 0.8; 1 where none would.
    ratio_seen : float or None
        Lowest by highest raw rate; None where the highest is 0.
    standardised : float or None
        Of accuracy and other rates over faces of several expressions: highest less lowest rate if all groups showed
        them in the same mix (`same_mix`). None of rates of one expression, and where no expression is shown by all.
    pair : float or None
        The same between `highest` and `lowest`; below 0 where they change places.
    note : str
        What it comes to, and what else has to be said with it.
    """

    statistic: str
    expression: str | None
    label: str | None
    column: str
    within: tuple[tuple[str, str], ...]
    groups: int
    n: float
    persons: int | None
    left_out: tuple[str, ...]
    seed: int
    level: float
    p: float | None = None
    adjusted: float | None = None
    looked_at: int = 0
    permutations: int = 0
    seen: float | None = None
    chance: float | None = None
    chance_high: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    highest: str = ""
    lowest: str = ""
    visible: float | None = None
    ratio_seen: float | None = None
    standardised: float | None = None
    pair: float | None = None
    note: str = ""

    @property
    def of_the_mix(self) -> bool:
        """Whether half of it or less is left, or it turns round, where all groups show the same mix of expressions."""
        if self.seen is None or self.standardised is None or self.pair is None:
            return False
        return self.pair < 0 or self.standardised <= SMALLER * self.seen


@dataclass(frozen=True, eq=False)
class _Groups:
    """One measure among the groups that take part; arrays of shape (groups,)."""

    names: tuple[str, ...]
    x: Array
    n: Array
    worth: Array
    even: Array | None
    mixed: Array | None

    @property
    def rate(self) -> Array:
        return self.x / self.n

    def cautious(self, level: float) -> Array:
        """Independent trials, fewer where few persons tell how many they are (Korn and Graubard 1998)."""
        if self.even is None:
            return self.worth
        return np.asarray(self.worth * (z_of(level) / t_quantile(self.even, level)) ** 2)


def disparity(
    table: CountTable,
    statistic: str,
    *,
    between: str,
    expression: str | None = None,
    label: str | None = None,
    within: Sequence[str] = (),
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    level: float = 0.95,
) -> tuple[Disparity, ...]:
    """The greatest disparity of a rate among the levels of a column.

    Parameters
    ----------
    table : CountTable
        With these columns.
    statistic : str
        A rate: "accuracy", "recall", "false_positive_rate", …
    between : str
        Whose levels are compared.
    expression, label : str, optional
        What the rate is about.
    within : sequence of str
        Columns whose levels are kept apart: one result for each combination.
    permutations : int
        How often groups are dealt anew, at least: where the table allows more than 50 comparisons it is 40 times for
        each of them, up to 20,000 times.
    seed : int
        Of permutations and posterior draws.
    level : float
        Of the interval.

    Raises
    ------
    MisreadError
        If the table has no such rate.
    """
    measure = chosen(table, statistic, expression=expression, label=label)
    return adjusted(_between(table, (measure,), (between,), within, permutations, seed, level))


def disparities(
    table: CountTable,
    *,
    between: Sequence[str] | None = None,
    within: Sequence[str] = (),
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    level: float = 0.95,
) -> tuple[Disparity, ...]:
    """Accuracy, recall of each expression and false-positive rate of each label, among the levels of each column.

    Parameters
    ----------
    table : CountTable
        With the columns.
    between : sequence of str, optional
        Columns whose levels are compared; by default all but those of `within`.
    within, permutations, seed, level
        As of `disparity`: what is computed of a comparison does not depend on which others are made with it, but for
        its adjusted p.
    """
    shown = _shown(table)
    columns = tuple(c for c in table.columns if c not in within) if between is None else between
    return adjusted(_between(table, shown, columns, within, permutations, seed, level))


def _shown(table: CountTable) -> tuple[Measure, ...]:
    return tuple(m for m in measures(table) if m.statistic in SHOWN)


def _between(
    table: CountTable,
    of: tuple[Measure, ...],
    columns: Sequence[str],
    within: Sequence[str],
    permutations: int,
    seed: int,
    level: float,
) -> Iterator[Disparity]:
    """Disparities of these measures among the levels of these columns, apart for each combination of others."""
    apart = len(np.unique(table.strata[:, [table.columns.index(c) for c in within]], axis=0)) if within else 1
    possible = FOR_EACH * len(_shown(table)) * len(table.columns) * apart
    times = max(permutations, min(possible, MOST_DEALT))
    for column in columns:
        for levels, part in blocks(table, (column,), within):
            yield from _compared(part, of, column, levels, times, seed, level)


def adjusted(found: Sequence[Disparity] | Iterator[Disparity]) -> tuple[Disparity, ...]:
    """The same with p adjusted for how many were looked at, by Holm's step-down (Scand. J. Stat. 6, 1979, 65–70).

    Done once, over everything that was looked at together: their notes tell what it comes to.
    """
    listed = tuple(found)
    tested = sorted((d.p, i) for i, d in enumerate(listed) if d.p is not None)
    so_far, together = 0.0, dict[int, float]()
    for rank, (p, i) in enumerate(tested):
        so_far = max(so_far, min(1.0, p * (len(tested) - rank)))
        together[i] = so_far
    return tuple(_among(d, together.get(i), len(tested)) for i, d in enumerate(listed))


def _among(found: Disparity, adjusted: float | None, looked_at: int) -> Disparity:
    """A disparity as one of several: a small p is less than it seems where many were looked at."""
    note = found.note
    if found.p is not None and adjusted is not None and found.p < ALPHA <= adjusted:
        doubt = f"among {looked_at} comparisons it may be chance (adjusted p {adjusted:.2g})"
        note = f"{note}; {doubt}" if note else doubt
    return replace(found, adjusted=adjusted, looked_at=looked_at, note=note)


def _compared(
    table: CountTable,
    of: tuple[Measure, ...],
    column: str,
    within: tuple[tuple[str, str], ...],
    times: int,
    seed: int,
    level: float,
) -> Iterator[Disparity]:
    """One disparity a measure."""
    rates = measured(table, of, level=level)
    part = taking_part(rates)
    names = np.array([table.names(s)[column] for s in range(len(table.strata))], dtype=object)
    persons = units(table, of)
    about = [(None, 0.0) if persons is None else who(persons, part[:, i], i) for i in range(len(of))]
    equal = chances(rates, part, persons, [shared for _, shared in about], times, seed)
    for i, measure in enumerate(of):
        inside = part[:, i]
        groups = _Groups(
            tuple(names[inside]),
            rates.hits[inside, i],
            rates.n[inside, i],
            rates.n_eff[inside, i],
            None if rates.even is None else rates.even[inside, i],
            same_mix(table.counts[inside], measure) if inside.any() else None,
        )
        known, shared = about[i]
        plain = Disparity(
            measure.statistic,
            measure.expression,
            measure.label,
            column,
            within,
            groups=len(groups.names),
            n=float(groups.n.sum()),
            persons=known,
            left_out=tuple(names[~inside]),
            seed=seed,
            level=level,
            note=FEWER_THAN_TWO,
        )
        chance = equal[i]
        yield plain if chance is None else _told(plain, groups, chance, shared > 0)


def _told(plain: Disparity, groups: _Groups, chance: Chance, several: bool) -> Disparity:
    """What is computed, added to what it is about."""
    rate, level = groups.rate, plain.level
    # Of groups that are all equal, the first and the last, not one of them twice.
    top, bottom = int(np.argmax(rate)), len(rate) - 1 - int(np.argmin(rate[::-1]))
    worth = groups.cautious(level)
    ranges = np.ptp(draws(rate * worth, worth, DRAWS, np.random.default_rng([plain.seed, 2])), axis=1)
    low, value, high = (float(q) for q in np.quantile(ranges, [(1 - level) / 2, 0.5, (1 + level) / 2]))
    each = groups.worth if groups.even is None else groups.even
    gap = visible(rate, groups.worth, float(each.sum()) if plain.persons is None else min(plain.persons, each.sum()))
    mixed = groups.mixed
    found = replace(
        plain,
        p=chance.p,
        permutations=chance.times,
        seen=float(rate[top] - rate[bottom]),
        chance=chance.mean,
        chance_high=chance.high,
        value=value,
        low=low if chance.p < ALPHA else 0.0,
        high=high,
        at_least=_surviving(groups, level),
        highest=groups.names[top],
        lowest=groups.names[bottom],
        visible=gap,
        ratio_seen=float(rate[bottom] / rate[top]) if rate[top] > 0 else None,
        standardised=None if mixed is None else float(np.ptp(mixed)),
        pair=None if mixed is None else float(mixed[top] - mixed[bottom]),
    )
    return replace(found, note=_note(found, chance.p, gap, several))


def _surviving(groups: _Groups, level: float) -> float:
    """Highest lower less lowest upper bound of intervals that hold for all groups together; 0 where they overlap."""
    together = sidak(level, len(groups.names))
    quantile = None if groups.even is None else t_quantile(groups.even, together)
    low, high = wilson(groups.rate * groups.worth, groups.worth, level=together, quantile=quantile)
    return max(0.0, float(low.max() - high.min()))


def _note(found: Disparity, p: float, gap: float, several: bool) -> str:
    """What the figures come to, in sentences without a full stop between them: semicolons part them."""
    said = []
    if p >= ALPHA:
        would = f"a gap under {gap:.2g} may well have gone unseen" if gap < 1 else "no gap would have been seen surely"
        said.append(f"no difference shown; {would}")
    else:
        said.extend(_mix(found))
    if found.left_out:
        why = "(missing), fewer than five persons or faces, or one person with most of the faces"
        said.append(f"left out ({why}): {', '.join(found.left_out)}")
    if several:
        said.append("persons in several levels are compared with themselves")
    if found.permutations == 0:
        said.append("too many persons to be dealt to groups anew: p is that of Welch's test alone")
    return "; ".join(said)


def _mix(found: Disparity) -> Iterator[str]:
    """What a difference owes to the expressions that each group happens to show."""
    if not found.of_the_mix or found.pair is None:
        return
    said = f"the gap is {found.standardised:.2g}"
    if found.pair < 0:
        said = f"it turns round, {found.lowest} above {found.highest} by {-found.pair:.2g}"
    yield f"groups show other expressions: with everybody's mix {said}"
