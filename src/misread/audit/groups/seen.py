"""What each group showed of a statistic, and which groups can take part in a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.audit.intervals.effective import LEAST_EVEN, TOO_FEW
from misread.audit.rates import Measure, Rates, measures
from misread.audit.rates.masks import cells
from misread.audit.rates.moments import matrix, pairs
from misread.audit.table.model import MISSING, CountTable
from misread.errors import MisreadError, Problem

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Units:
    """What is whole when groups are permuted: everything of one person in one group.

    Attributes
    ----------
    group, person : ndarray of int, shape (units,)
        Sorted by group.
    x, n : ndarray, shape (units, measures)
        Hits and trials.
    """

    group: NDArray[np.int32]
    person: NDArray[np.int32]
    x: Array
    n: Array

    def some(self, which: NDArray[np.bool_]) -> Units:
        """Some of them."""
        return Units(self.group[which], self.person[which], self.x[which], self.n[which])

    @property
    def shared(self) -> NDArray[np.bool_]:
        """Which of them are of persons who are in several groups."""
        _, number, count = np.unique(self.person, return_inverse=True, return_counts=True)
        return np.asarray(count[number] > 1)


def chosen(table: CountTable, statistic: str, *, expression: str | None = None, label: str | None = None) -> Measure:
    """The measure that these words name.

    Raises
    ------
    MisreadError
        If none does, or more than one.
    """
    known = cells(table) if statistic == "confusion" else measures(table)
    named = [m for m in known if m.statistic == statistic]
    found = [m for m in named if expression in (None, m.expression) and label in (None, m.label)]
    if len(found) == 1:
        return found[0]
    asked = " ".join(word for word in (statistic, expression, label) if word)
    there = list(dict.fromkeys(m.statistic for m in known))
    if not named:
        raise MisreadError(
            Problem(
                f"there is no rate named {statistic!r}.",
                expected=f"one of {', '.join(there)}; others are made of several rates.",
                key="statistic",
            )
        )
    words = ", ".join(dict.fromkeys(" ".join(w for w in (m.expression, m.label) if w) for m in found or named))
    raise MisreadError(
        Problem(
            f"{asked!r} names {len(found) or 'no'} rate{'s' if len(found) > 1 else ''} of this table.",
            expected=f"one of {statistic} {words}.",
            mend="name the expression, the label, or both.",
            key="expression",
        )
    )


def units(table: CountTable, of: Sequence[Measure]) -> Units | None:
    """Hits and trials of each person in each stratum; None where persons are not known."""
    people = table.people
    if people is None:
        return None
    starts = pairs(people)
    order = np.argsort(people.stratum[starts], kind="stable")
    both = [*(m.hits & m.of for m in of), *(m.of for m in of)]
    masks = np.array(both, dtype=np.float64).reshape(len(both), len(table.expressions) * len(table.labels))
    x, n = np.split((matrix(people, masks.shape[1]) @ masks.T)[order], 2, axis=1)
    stratum, person = (codes[starts][order] for codes in (people.stratum, people.person))
    return Units(stratum, person, np.ascontiguousarray(x), np.ascontiguousarray(n))


def who(persons: Units, inside: NDArray[np.bool_], measure: int) -> tuple[int, float]:
    """Persons that a measure is about, and the share of trials that are of persons in several of the groups.

    Parameters
    ----------
    persons : Units
        Of all groups.
    inside : ndarray of bool, shape (groups,)
        Groups that take part.
    measure : int
        Number of the measure.
    """
    about = inside[persons.group] & (persons.n[:, measure] > 0)
    person, n = persons.person[about], persons.n[about, measure]
    groups = np.bincount(person)
    return int(np.count_nonzero(groups)), float(n[groups[person] > 1].sum() / n.sum()) if len(n) else 0.0


def taking_part(rates: Rates) -> NDArray[np.bool_]:
    """Which groups a comparison can look at, shape (strata, measures).

    `(missing)` is no group: who is in it nobody knows. Under five persons (or five faces worth, where persons are not
    known), or where one person has most of the faces, a rate may be anything, and a range over such groups says only
    that they are small.
    """
    missing = np.array([MISSING in rates.table.names(s).values() for s in range(len(rates.value))], dtype=bool)
    enough = np.nan_to_num(rates.n_eff if rates.persons is None else rates.persons) >= TOO_FEW
    if rates.even is not None:
        enough &= rates.even >= LEAST_EVEN
    return np.asarray(enough & ~missing[:, None])


def same_mix(counts: Array, measure: Measure) -> Array | None:
    """What each group's rate would be if all showed the expressions in the same mix, that of all of them together.

    Direct standardisation (Rothman, Greenland and Lash, Modern Epidemiology, 3rd ed. 2008, ch. 3): the rates of single
    expressions are averaged with everybody's faces as weights, over the expressions that every group shows.

    Parameters
    ----------
    counts : ndarray, shape (groups, expressions, labels)
        Of the groups that take part.
    measure : Measure
        What is counted.

    Returns
    -------
    ndarray, shape (groups,), or None
        None where the rate is not one over faces of several expressions, as recall is not and precision neither, or
        where there is no expression that all groups show.
    """
    rows = measure.of.all(axis=1)
    if rows.sum() < 2 or measure.of[~rows].any():
        return None
    n = counts[:, rows].sum(axis=2)
    x = (counts * measure.hits)[:, rows].sum(axis=2)
    shared = (n > 0).all(axis=0)
    if not shared.any():
        return None
    return np.asarray((x[:, shared] / n[:, shared]) @ n[:, shared].sum(axis=0) / n[:, shared].sum())


def blocks(
    table: CountTable, columns: Sequence[str], within: Sequence[str]
) -> Iterator[tuple[tuple[tuple[str, str], ...], CountTable]]:
    """The margin of some columns, apart for each combination of levels of others.

    Yields
    ------
    levels : tuple of (column, level)
        Of `within`.
    table : CountTable
        A group each stratum.
    """
    apart = table.margin(*within)
    for stratum in range(len(apart.strata)):
        levels = apart.names(stratum)
        yield tuple(levels.items()), (table.where(levels) if levels else table).margin(*columns)
