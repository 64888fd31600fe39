"""What a table may tell: nothing of one to four persons, and nothing that gives such a figure away by subtraction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from misread.audit.table.model import CountTable

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

LEAST = 5
"""Persons that a figure has to be about at least."""
MOST_COLUMNS = 4
"""Columns up to which all of their crossings may be told; of more columns pairs, and all of them crossed."""
MOST_TOLD = 120
"""Strata that are held against each other at most: where more are told already, further crossings are not."""
MOST_TRIED = 1000
"""Sets of persons that are tried at most for what would be told of them; where there are more, nothing is told."""
EXACT = 1e-7
"""What sums and differences of whole numbers may be off by after a decomposition."""


@dataclass(frozen=True, eq=False)
class Told:
    """Which strata and expressions each set of group columns leaves out.

    Attributes
    ----------
    hidden : mapping of frozenset of str to ndarray of bool, shape (strata, expressions)
        By set of columns; alike for all strata of the table that the margin by these columns puts together.
    scores : frozenset of frozenset of str, or None
        Sets of columns whose margins tell how sure answers were; None where all do.
    """

    hidden: Mapping[frozenset[str], Mask]
    scores: frozenset[frozenset[str]] | None = None

    def of(self, columns: Iterable[str]) -> Mask:
        """What the margin by these columns leaves out: everything where nobody looked at this set of columns."""
        found = self.hidden.get(frozenset(columns))
        return np.ones_like(next(iter(self.hidden.values()))) if found is None else found

    def kept(self, strata: NDArray[np.integer]) -> Told:
        """The same for some of the strata."""
        return Told({columns: mask[strata] for columns, mask in self.hidden.items()}, self.scores)

    def within(self, fixed: Iterable[str]) -> Told:
        """The same where these columns have one level each: a margin by others is then one of theirs as well."""
        set_ = frozenset(fixed)
        crossed = {columns: mask for columns, mask in self.hidden.items() if set_ <= columns}
        scores = None
        if self.scores is not None:
            whole = frozenset(columns for columns in self.scores if set_ <= columns)
            scores = whole | {columns - set_ for columns in whole}
        return Told({columns - set_: mask for columns, mask in crossed.items()} | crossed, scores)


@dataclass(frozen=True, eq=False)
class Who:
    """Who shows what in which stratum: each combination once.

    Attributes
    ----------
    stratum, expression, person : ndarray of int, shape (rows,)
        Persons are numbered from 0.
    """

    stratum: Ints
    expression: Ints
    person: Ints

    @classmethod
    def of(cls, stratum: NDArray[np.integer], person: NDArray[np.integer]) -> Who:
        """Who is in which stratum, whatever they show, from lines in which the same may stand several times."""
        people = int(person.max(initial=-1)) + 1
        keys = np.unique(stratum.astype(np.int64) * people + person)
        at, who = np.divmod(keys, max(people, 1))
        return cls(at, np.zeros_like(at), who)

    def counted(self, to: Ints, strata: int, expressions: int | None = None) -> Ints:
        """Different persons in each stratum of a margin, or in each of its rows.

        Parameters
        ----------
        to : ndarray of int
            Which stratum of the margin each stratum belongs to.
        strata, expressions : int
            How many there are; without expressions all are taken together.
        """
        at = to[self.stratum]
        if expressions is not None:
            at = at * expressions + self.expression
        size = strata * (expressions or 1)
        # In order already but for persons who are in several strata.
        keys = np.sort(self.person * size + at, kind="stable")
        fresh = np.diff(keys, prepend=-1) > 0
        found: Ints = np.bincount(keys[fresh] % size, minlength=size)
        return found if expressions is None else found.reshape(strata, expressions)


def who_of(table: CountTable) -> Who:
    """Who shows what in which stratum of a table; where its persons are not kept, each row is a person."""
    E, L = len(table.expressions), len(table.labels)
    people = table.people
    if people is None:
        # Every row is a person; of more than five no more has to be known.
        rows = table.counts.sum(axis=2)
        if table.squares is not None:
            squares = table.squares.sum(axis=2)
            rows = np.divide(rows * rows, squares, out=np.zeros_like(rows), where=squares > 0)
        persons = np.where(rows > 0, np.clip(np.floor(rows + 1e-9), 1, LEAST), 0).astype(np.int64)
        at = np.repeat(np.arange(persons.size), persons.reshape(-1))
        return Who(at // max(E, 1), at % max(E, 1), np.arange(len(at)))
    expression = people.cell // max(L, 1)
    # They are sorted by person, stratum and cell.
    fresh = np.ones(len(expression), dtype=bool)
    for values in (people.stratum, people.person, expression):
        fresh[1:] &= values[1:] == values[:-1]
    fresh[1:] = ~fresh[1:]
    stratum, person = (values[fresh].astype(np.int64) for values in (people.stratum, people.person))
    return Who(stratum, expression[fresh].astype(np.int64), person)


def sets_of(columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Sets of columns in the order in which they are told: what comes first is told first."""
    deepest = len(columns) if len(columns) <= MOST_COLUMNS else 2
    for size in range(deepest + 1):
        yield from combinations(columns, size)
    if deepest < len(columns):
        yield tuple(columns)


def put_together(strata: NDArray[np.integer], at: Sequence[int]) -> Ints:
    """Which stratum of the margin by these columns each stratum belongs to, shape (strata,)."""
    if not at:
        return np.zeros(len(strata), dtype=np.int64)
    to: Ints = np.unique(strata[:, at], axis=0, return_inverse=True)[1].reshape(-1)
    return to


def told_of(strata: NDArray[np.integer], columns: Sequence[str], expressions: int, who: Who) -> Told:
    """What each margin of a table has to leave out.

    A stratum of one to four persons is left out, and as many others, small ones first, as it takes that no sum or
    difference of what is told is about one to four persons alone; where most strata of a margin are small, all of it.
    An expression that one to four persons show in a stratum that is told is left out of the whole margin, so that its
    strata stay comparable.

    Parameters
    ----------
    strata : ndarray of int, shape (strata, columns)
        Levels of each stratum.
    columns : sequence of str
        Group columns.
    expressions : int
        How many there are.
    who : Who
        Who is in it.

    Returns
    -------
    Told
    """
    S = len(strata)
    single = np.bincount(who.stratum * max(expressions, 1) + who.expression, minlength=S * expressions)
    if not ((single > 0) & (single < LEAST)).any():
        # No stratum is small, so no sum of strata is.
        nothing = np.zeros((S, expressions), dtype=bool)
        return Told({frozenset(chosen): nothing for chosen in sets_of(columns)})
    with one_thread():
        return Told(_hidden(strata, columns, expressions, who))


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra by one thread: of many small matrices several threads mostly wait for each other."""
    # It has to be loaded for its threads to be known, which takes a moment, and is needed where strata are small alone.
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def _hidden(
    strata: NDArray[np.integer], columns: Sequence[str], expressions: int, who: Who
) -> dict[frozenset[str], Mask]:
    """What each margin has to leave out, where some strata are small."""
    S = len(strata)
    finest = np.arange(S)
    alone = [Atoms(who, finest, S)]
    alone += [Atoms(who, finest, S, expression) for expression in range(expressions)]
    known: dict[tuple[bytes, bytes], bool] = {}

    def safe(atoms: Atoms, sums: Mask) -> bool:
        key = atoms.key, sums.tobytes()
        if key not in known:
            known[key] = not gives_away(sums, atoms)
        return known[key]

    told: list[Mask] = [np.zeros((0, S), dtype=bool) for _ in alone]
    hidden: dict[frozenset[str], Mask] = {}
    for chosen in sets_of(columns):
        to = put_together(strata, [columns.index(column) for column in chosen])
        blocks = np.arange(int(to.max(initial=0)) + 1)[:, None] == to
        persons = who.counted(to, len(blocks))
        rows = who.counted(to, len(blocks), expressions)
        shown = persons >= LEAST
        if 2 * np.count_nonzero(shown) < np.count_nonzero(persons):
            shown[:] = False
        # From small to large, more at a time where there are many.
        order = np.flatnonzero(shown)[np.argsort(persons[shown], kind="stable")]
        while shown.any() and not safe(alone[0], np.concatenate([told[0], blocks[shown]])):
            step = max(1, len(order) // 8)
            shown[order[:step]], order = False, order[step:]
        told[0] = np.concatenate([told[0], blocks[shown]])
        mask = np.repeat(~shown[:, None], expressions, axis=1)
        for e in range(expressions):
            there = shown & (rows[:, e] > 0)
            sums = np.concatenate([told[e + 1], blocks[there]])
            if (rows[there, e] < LEAST).any() or not safe(alone[e + 1], sums):
                mask[:, e] = True
            else:
                told[e + 1] = sums
        hidden[frozenset(chosen)] = mask[to]
    return hidden


class Atoms:
    """The finest strata, and who is in the small ones."""

    def __init__(self, who: Who, finest: Ints, strata: int, expression: int | None = None) -> None:
        mine = np.ones(len(who.stratum), dtype=bool) if expression is None else who.expression == expression
        here = Who(who.stratum[mine], who.expression[mine], who.person[mine])
        persons = here.counted(finest, strata)
        self.small = (persons > 0) & (persons < LEAST)
        self.large = persons >= LEAST
        few = self.small[here.stratum]
        found: dict[int, set[int]] = {int(s): set() for s in np.flatnonzero(self.small)}
        for s, p in zip(here.stratum[few].tolist(), here.person[few].tolist(), strict=True):
            found[s].add(p)
        self.members = [frozenset(members) for members in found.values()]
        self.key = repr((sorted(map(sorted, self.members)), self.small.tobytes(), self.large.tobytes())).encode()


def gives_away(sums: Mask, atoms: Atoms, most: int = MOST_TOLD) -> bool:
    """Whether some combination of sums is about one to four persons alone.

    What can be made of the sums are the vectors of their row space. Those of them that are 0 on all large strata are
    looked at: one that lies on the strata of a few persons alone is an eigenvector, with eigenvalue 1, of that part of
    the projection.

    Parameters
    ----------
    sums : ndarray of bool, shape (sums, strata)
        Which strata each sum adds up.
    atoms : Atoms
        Which strata are small, and who is in them.
    most : int
        Different sums up to which it is looked at; where there are more, it is taken that they do.
    """
    if not atoms.small.any() or not len(sums):
        return False
    sums = np.unique(sums, axis=0)
    if len(sums) > most:
        return True
    large, small = sums[:, atoms.large].astype(float), sums[:, atoms.small].astype(float)
    values, vectors = np.linalg.eigh(large @ large.T)
    left = vectors[:, values <= EXACT * max(1.0, float(values.max(initial=0.0)))].T @ small
    _, strength, basis = np.linalg.svd(left, full_matrices=False)
    basis = basis[strength > EXACT]
    if not len(basis):
        return False
    reached = (basis * basis).sum(axis=0) > EXACT
    members = [who for who, there in zip(atoms.members, reached, strict=True) if there]
    basis = basis[:, reached]
    apart = _apart(basis, members)
    # Each of them holds everything that can be made, and one to four persons cannot be in all of five.
    if len(apart) >= LEAST:
        return False
    tried = _few(members)
    if tried is None:
        return _by_one(basis, members, apart)
    projection = basis.T @ basis
    for few in tried:
        at = [i for i, who in enumerate(members) if who <= few]
        if np.linalg.eigvalsh(projection[np.ix_(at, at)])[-1] > 1 - EXACT:
            return True
    return False


def _apart(basis: NDArray[np.float64], members: Sequence[frozenset[int]]) -> list[list[int]]:
    """Sets of strata without a person in common, each of which determines every vector of a space; five at most."""
    from scipy.linalg import qr

    found: list[list[int]] = []
    used: set[int] = set()
    while len(found) < LEAST:
        free = [i for i, who in enumerate(members) if not who & used]
        if len(free) < len(basis):
            break
        upper, order = qr(basis[:, free], mode="r", pivoting=True)
        if abs(upper[len(basis) - 1, len(basis) - 1]) < EXACT:
            break
        found.append([free[i] for i in order[: len(basis)]])
        used = used.union(*(members[i] for i in found[-1]))
    return found


def _by_one(basis: NDArray[np.float64], members: Sequence[frozenset[int]], apart: Sequence[Sequence[int]]) -> bool:
    """The same where there are too many sets of persons to try; true where it cannot be told.

    Where three sets of strata have nobody in common, one to four persons have one of them at most in some set. What is
    about them alone is then 0 in that set but for the strata of this one.
    """
    if 2 * len(apart) < LEAST:
        return True
    for strata in apart:
        own = np.linalg.solve(basis[:, strata], basis)
        for who in {members[i] for i in strata if len(members[i]) == 1}:
            rows = [row for row, i in enumerate(strata) if members[i] == who]
            reached = np.flatnonzero(np.abs(own[rows]).max(axis=0) > EXACT).tolist()
            touched = {person for i in reached for person in members[i]}
            if len(rows) > 1 or len(touched) < LEAST:
                return True
    return False


def _few(members: Sequence[frozenset[int]]) -> set[frozenset[int]] | None:
    """Each set of one to four persons that strata are made of; None where there are too many to try."""
    single = set(members)
    found, latest = set(single), set(single)
    while latest:
        more = set()
        for few in latest:
            for other in single:
                joined = few | other
                if len(joined) < LEAST and joined not in found:
                    more.add(joined)
            if len(found) + len(more) > MOST_TRIED:
                return None
        found |= more
        latest = more
    return found
