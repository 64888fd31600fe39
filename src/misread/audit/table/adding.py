"""Count tables of several parts as one, and whether two tables say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from misread.audit.table.build import people_of, strata_of
from misread.audit.table.model import MISSING, NONE, Codes, CountTable, Ints, Numbers, People, Scores
from misread.audit.table.scored import guarded, joined
from misread.audit.table.told import told_of, who_of
from misread.errors import MisreadError, Problem


def add(a: CountTable, b: CountTable) -> CountTable:
    """The table of both: shards, months, schools.

    Persons carry no names here, so that one who is in both parts counts as two; count such parts together.

    Parameters
    ----------
    a, b : CountTable
        With the same group columns, in any order, and the same units.

    Raises
    ------
    MisreadError
        If one knows what the other does not: other columns, persons, scores or bins.
    """
    _check(a, b)
    a, b = _same_bins(a, b)
    expressions, labels = _union(a.expressions, b.expressions), _union(a.labels, b.labels)
    other = [b.columns.index(column) for column in a.columns]
    levels = tuple(_union(a.levels[i], b.levels[j]) for i, j in enumerate(other))
    codes = [
        np.stack([_places(table.levels[j], levels[i])[table.strata[:, j]] for i, j in enumerate(at)], axis=1)
        if at
        else np.zeros((len(table.strata), 0), dtype=np.int64)
        for table, at in ((a, range(len(a.columns))), (b, other))
    ]
    strata, to = strata_of(np.concatenate(codes), [len(known) for known in levels])
    at = (to[: len(a.strata)], to[len(a.strata) :])
    shape = (len(strata), len(expressions), len(labels))
    squares = None
    if a.weighted or b.weighted:
        parts = [t.counts if t.squares is None else t.squares for t in (a, b)]
        squares = _cells((a, b), parts, at, expressions, labels, shape)
    untold = np.zeros((shape[0], shape[2]))
    for table, stratum in zip((a, b), at, strict=True):
        np.add.at(untold, (stratum[:, None], _places(table.labels, labels)[None, :]), table.untold)
    found = CountTable(
        expressions,
        labels,
        a.columns,
        levels,
        strata,
        _cells((a, b), (a.counts, b.counts), at, expressions, labels, shape),
        untold,
        squares,
        _people((a, b), at, expressions, labels),
        _scores(a.scores, b.scores, at, len(strata)),
        a.unit,
    )
    if a.told is None and b.told is None:
        return found
    return guarded(replace(found, told=told_of(found.strata, found.columns, len(expressions), who_of(found))))


def same(a: CountTable, b: CountTable) -> bool:
    """Whether two tables hold the same counts, whatever the order of their words, strata and persons."""
    if (
        sorted(a.expressions) != sorted(b.expressions)
        or sorted(a.labels) != sorted(b.labels)
        or sorted(a.columns) != sorted(b.columns)
        or a.unit != b.unit
        or (a.people is None, a.scores is None, a.weighted) != (b.people is None, b.scores is None, b.weighted)
    ):
        return False
    one, other = _canonical(a), _canonical(b)
    if one.levels != other.levels:
        return False
    # Sums of weights and scores differ in their last digit with the order of rows.
    return all(
        x.shape == y.shape and np.allclose(x, y, rtol=1e-12, atol=0)
        for x, y in zip(_arrays(one), _arrays(other), strict=True)
    )


def _arrays(table: CountTable) -> list[Numbers | Codes | Ints]:
    found: list[Numbers | Codes | Ints] = [table.strata, table.counts, table.untold]
    if table.squares is not None:
        found.append(table.squares)
    if (p := table.people) is not None:
        found += [p.stratum, p.person, p.cell, p.count, np.array([p.k, p.alone])]
    if (s := table.scores) is not None:
        found += [s.edges, s.n, s.hits, s.total, s.squares]
        if (p := s.people) is not None:
            found += [p.stratum, p.person, p.cell, p.count, np.array([p.k, p.alone])]
    return found


def _check(a: CountTable, b: CountTable) -> None:
    for what, mine, theirs in (
        ("group columns", sorted(a.columns), sorted(b.columns)),
        ("units", a.unit, b.unit),
        ("persons", a.people is not None, b.people is not None),
        ("scores", a.scores is not None, b.scores is not None),
    ):
        if mine != theirs:
            shown = f": {mine} and {theirs}" if isinstance(mine, str | list) else ", and one of them has none"
            raise MisreadError(
                Problem(
                    f"The tables cannot be added. They differ in their {what}{shown}.",
                    expected="tables that were counted alike.",
                    mend="count both parts with the same arguments.",
                )
            )


def _same_bins(a: CountTable, b: CountTable) -> tuple[CountTable, CountTable]:
    """Both with the bins that they have in common: some may have been put together in one of them."""
    if a.scores is None or b.scores is None:
        return a, b
    edges = np.intersect1d(a.scores.edges, b.scores.edges)
    made = []
    for table, own in ((a, a.scores), (b, b.scores)):
        if len(edges) < 2 or edges[0] != own.edges[0] or edges[-1] != own.edges[-1]:
            raise MisreadError(Problem("The tables cannot be added. They differ in the bins of their scores."))
        made.append(replace(table, scores=joined(own, np.searchsorted(own.edges, edges[:-1]))))
    return made[0], made[1]


def _union(a: Sequence[str], b: Sequence[str]) -> tuple[str, ...]:
    words = dict.fromkeys((*a, *b))
    return tuple(sorted(words, key=lambda w: w in (NONE, MISSING)))


def _places(words: Sequence[str], order: Sequence[str]) -> Ints:
    return np.array([order.index(w) for w in words], dtype=np.int64)


def _cells(
    tables: Sequence[CountTable],
    values: Sequence[Numbers],
    at: Sequence[Ints],
    expressions: Sequence[str],
    labels: Sequence[str],
    shape: tuple[int, int, int],
) -> Numbers:
    found = np.zeros(shape)
    for table, each, stratum in zip(tables, values, at, strict=True):
        rows, columns = _places(table.expressions, expressions), _places(table.labels, labels)
        np.add.at(found, (stratum[:, None, None], rows[None, :, None], columns[None, None, :]), each)
    return found


def _people(
    tables: Sequence[CountTable], at: Sequence[Ints], expressions: Sequence[str], labels: Sequence[str]
) -> People | None:
    parts = []
    for table in tables:
        if table.people is None:
            return None
        rows, columns = _places(table.expressions, expressions), _places(table.labels, labels)
        row, column = np.divmod(table.people.cell.astype(np.int64), len(table.labels))
        parts.append((table.people, rows[row] * len(labels) + columns[column]))
    return _joined(parts, at)


def _joined(parts: Sequence[tuple[People, Ints]], at: Sequence[Ints]) -> People:
    """Persons of all parts, each with the cells that they have now; those of different parts are different persons."""
    lines = []
    named = sum(people.k - people.alone for people, _ in parts)
    first, first_alone = 0, named
    for (people, cell), stratum in zip(parts, at, strict=True):
        known = people.k - people.alone
        person = people.person.astype(np.int64)
        person = np.where(person < known, first + person, first_alone + person - known)
        first, first_alone = first + known, first_alone + people.alone
        lines.append((stratum[people.stratum], person, cell, people.count))
    stratum, person, cell, count = (np.concatenate(each) for each in zip(*lines, strict=True))
    return people_of(stratum, person, cell, count, rows=np.ones(len(person), dtype=np.int64), own=named)


def _scores(a: Scores | None, b: Scores | None, at: Sequence[Ints], strata: int) -> Scores | None:
    if a is None or b is None:
        return None

    def added(one: Numbers, other: Numbers) -> Numbers:
        found = np.zeros((strata, one.shape[1]))
        for values, stratum in zip((one, other), at, strict=True):
            np.add.at(found, stratum, values)
        return found

    return Scores(
        a.edges,
        added(a.n, b.n),
        added(a.hits, b.hits),
        added(a.total, b.total),
        added(a.squares, b.squares),
        None
        if a.people is None or b.people is None
        else _joined([(s.people, s.people.cell.astype(np.int64)) for s in (a, b) if s.people is not None], at),
    )


def _canonical(table: CountTable) -> CountTable:
    """The same table with words, columns and strata sorted, and persons numbered by what they hold."""
    columns = sorted(table.columns)
    rows, places = np.argsort(table.expressions), np.argsort(table.labels)
    at = [table.columns.index(column) for column in columns]
    levels = tuple(tuple(sorted(table.levels[i])) for i in at)
    codes = (
        np.stack([_places(table.levels[i], levels[j])[table.strata[:, i]] for j, i in enumerate(at)], axis=1)
        if at
        else np.zeros((len(table.strata), 0), dtype=np.int64)
    )
    strata, to = strata_of(codes, [len(known) for known in levels])
    order = np.argsort(to)
    people = table.people
    if people is not None:
        row, column = np.divmod(people.cell.astype(np.int64), len(table.labels))
        people = _joined([(people, np.argsort(rows)[row] * len(places) + np.argsort(places)[column])], [to])
    s = table.scores
    scored = None if s is None else s.people
    if scored is not None:
        scored = _joined([(scored, scored.cell.astype(np.int64))], [to])
    return replace(
        table,
        expressions=tuple(sorted(table.expressions)),
        labels=tuple(sorted(table.labels)),
        columns=tuple(columns),
        levels=levels,
        strata=strata,
        counts=table.counts[order][:, rows][:, :, places],
        untold=table.untold[order][:, places],
        squares=None if table.squares is None else table.squares[order][:, rows][:, :, places],
        people=people,
        scores=None
        if s is None
        else Scores(s.edges, s.n[order], s.hits[order], s.total[order], s.squares[order], scored),
    )
