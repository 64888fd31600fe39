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

from misread.audit.groups.permuting import Chance, beside, deal_persons, deal_trials, permissible
from misread.audit.groups.pooling import draws
from misread.audit.groups.power import visible
from misread.audit.groups.seen import Units, blocks, chosen, taking_part, units
from misread.audit.groups.welch import second_opinion
from misread.audit.intervals.effective import t_quantile
from misread.audit.intervals.many import sidak
from misread.audit.intervals.proportion import wilson, z_of
from misread.audit.rates import Measure, Rates, measured, measures
from misread.audit.table.model import CountTable

Array = NDArray[np.float64]

ALPHA = 0.05
"""From this p on no difference is shown."""
PERMUTATIONS = 1999
SEED = 1
FOR_EACH = 40
"""Permutations for each comparison that is made beside others."""
HARDLY = 0.1
"""Share of trials of persons in several groups up to which a second opinion that takes each for several is heard."""
DRAWS = 2000
"""From the posterior of the groups' rates."""
MOST_SUMS = 4_000_000
"""Sums over dealt groups that are made at a time: 32 MB."""
SHOWN = ("accuracy", "recall", "false_positive_rate")
"""Statistics that `disparities` looks at."""
FEWER_THAN_TWO = "nothing to compare: fewer than two levels have five persons (or faces)"


@dataclass(frozen=True, slots=True)
class Disparity:
    """How much a rate differs among the levels of a column.

    All of p, seen, chance, chance_high, value, low, high, at_least and visible are None where fewer than two levels
    take part.

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
        Levels that take no part: `(missing)`, and those with fewer than five persons (or faces).
    seed : int
        Of permutations and posterior draws.
    level : float
        Of the interval.
    p : float or None
        Permutation p of the hypothesis that they are all equal; with persons, Welch's where that is larger.
    adjusted : float or None
        The same for all comparisons made together (Holm 1979).
    looked_at : int
        How many those were.
    permutations : int
        How often groups were dealt anew.
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
    note: str = ""


@dataclass(frozen=True, eq=False)
class _Groups:
    """One measure among the groups that take part; arrays of shape (groups,)."""

    names: tuple[str, ...]
    x: Array
    n: Array
    worth: Array
    persons: Array | None

    @property
    def rate(self) -> Array:
        return self.x / self.n

    def cautious(self, level: float) -> Array:
        """Independent trials, fewer where few persons tell how many they are (Korn and Graubard 1998)."""
        if self.persons is None:
            return self.worth
        return np.asarray(self.worth * (z_of(level) / t_quantile(self.persons, level)) ** 2)


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
        How often groups are dealt anew.
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
    return adjusted(
        found
        for levels, part in blocks(table, (between,), within)
        for found in _compared(part, (measure,), between, levels, permutations, seed, level)
    )


def disparities(
    table: CountTable, *, permutations: int = PERMUTATIONS, seed: int = SEED, level: float = 0.95
) -> tuple[Disparity, ...]:
    """Accuracy, recall of each expression and false-positive rate of each label, among the levels of each column.

    Parameters
    ----------
    table : CountTable
        With the columns.
    permutations : int
        How often groups are dealt anew, at least: where more than 50 comparisons are made it is 40 times for each of
        them.
    seed, level
        As of `disparity`.
    """
    shown = tuple(m for m in measures(table) if m.statistic in SHOWN)
    # Holm's smallest p is that of one dealing out of all, times the comparisons: it has to be able to fall below 0.05.
    times = max(permutations, FOR_EACH * len(shown) * len(table.columns))
    return adjusted(
        found
        for column in table.columns
        for found in _compared(table.margin(column), shown, column, (), times, seed, level)
    )


def adjusted(found: Sequence[Disparity] | Iterator[Disparity]) -> tuple[Disparity, ...]:
    """The same with p adjusted for how many were looked at, by Holm's step-down (Scand. J. Stat. 6, 1979, 65–70)."""
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
    chances = _chances(rates, part, persons, times, seed)
    for i, measure in enumerate(of):
        inside = part[:, i]
        groups = _Groups(
            tuple(names[inside]),
            rates.hits[inside, i],
            rates.n[inside, i],
            rates.n_eff[inside, i],
            None if rates.persons is None else rates.persons[inside, i],
        )
        known, shared = (None, 0.0) if persons is None else _who(persons, inside, i)
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
        chance = chances[i]
        if chance is not None and groups.persons is not None and shared <= HARDLY:
            # With more of them, somebody in several groups would count as two persons there.
            doubt = second_opinion(groups.x, groups.n, groups.worth, groups.persons)
            chance = replace(chance, p=max(chance.p, doubt))
        yield plain if chance is None else _told(plain, groups, chance, shared > 0)


def _told(plain: Disparity, groups: _Groups, chance: Chance, several: bool) -> Disparity:
    """What is computed, added to what it is about."""
    rate, level = groups.rate, plain.level
    top, bottom = int(np.argmax(rate)), int(np.argmin(rate))
    worth = groups.cautious(level)
    ranges = np.ptp(draws(rate * worth, worth, DRAWS, np.random.default_rng([plain.seed, 2])), axis=1)
    low, value, high = (float(q) for q in np.quantile(ranges, [(1 - level) / 2, 0.5, (1 + level) / 2]))
    gap = visible(rate, groups.worth, float(groups.worth.sum()) if plain.persons is None else plain.persons)
    return replace(
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
        note=_note(chance.p, gap, plain.left_out, several),
    )


def _surviving(groups: _Groups, level: float) -> float:
    """Highest lower less lowest upper bound of intervals that hold for all groups together; 0 where they overlap."""
    together = sidak(level, len(groups.names))
    quantile = None if groups.persons is None else t_quantile(groups.persons, together)
    low, high = wilson(groups.rate * groups.worth, groups.worth, level=together, quantile=quantile)
    return max(0.0, float(low.max() - high.min()))


def _note(p: float, gap: float, left_out: tuple[str, ...], several: bool) -> str:
    """What the figures come to, in sentences without a full stop between them: semicolons part them."""
    said = []
    if p >= ALPHA:
        would = f"a gap under {gap:.2g} would not have been seen" if gap < 1 else "no gap would have been seen surely"
        said.append(f"no difference shown; {would}")
    if left_out:
        said.append(f"left out ((missing), or fewer than five persons or faces): {', '.join(left_out)}")
    if several:
        said.append("persons in several levels are compared with themselves")
    return "; ".join(said)


def _who(persons: Units, inside: NDArray[np.bool_], measure: int) -> tuple[int, float]:
    """Persons that a measure is about, and the share of trials that are of persons in several of the groups."""
    about = inside[persons.group] & (persons.n[:, measure] > 0)
    _, number, count = np.unique(persons.person[about], return_inverse=True, return_counts=True)
    n = persons.n[about, measure]
    return len(count), float(n[count[number] > 1].sum() / n.sum()) if len(n) else 0.0


def _chances(
    rates: Rates, part: NDArray[np.bool_], persons: Units | None, times: int, seed: int
) -> list[Chance | None]:
    """What equal groups show, for each measure; None where fewer than two take part."""
    found: list[Chance | None] = [None] * len(rates.measures)
    comparable = [i for i in range(len(found)) if part[:, i].sum() >= 2]
    if persons is None:
        for i in comparable:
            worth = rates.n_eff[part[:, i], i]
            # With weights it is the effective numbers that are dealt, as whole numbers.
            n = np.rint(worth)
            x = np.rint(rates.value[part[:, i], i] * worth)
            found[i] = beside(deal_trials(x, n, times, np.random.default_rng([seed, 1])))
        return found
    table = rates.table
    grain = 1.0 if table.squares is None else float(table.squares.sum() / table.counts.sum())
    # Persons are dealt once for all measures that are about the same persons and groups.
    alike: dict[bytes, list[int]] = {}
    about = [part[persons.group, i] & (persons.n[:, i] > 0) for i in range(len(found))]
    for i in comparable:
        alike.setdefault(about[i].tobytes() + part[:, i].tobytes(), []).append(i)
    for same in alike.values():
        keep, groups = about[same[0]], np.flatnonzero(part[:, same[0]])
        number = np.searchsorted(groups, persons.group[keep]).astype(np.int32)
        often = permissible(times, len(number))
        at_once = max(1, MOST_SUMS // (3 * often * len(groups)))
        for now in (same[i : i + at_once] for i in range(0, len(same), at_once)):
            some = Units(number, persons.person[keep], persons.x[keep][:, now], persons.n[keep][:, now])
            # From the same seed each time: what a measure gets does not depend on which others are looked at.
            dealt = deal_persons(some, len(groups), often, np.random.default_rng([seed, 1]), grain=grain)
            for i, equal in zip(now, dealt, strict=True):
                found[i] = beside(equal)
    return found
