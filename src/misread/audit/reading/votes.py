"""Votes of several raters: as answers, and as what tells how far raters agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from misread.audit.reading.doubts import refused, said
from misread.audit.reading.facts import Counted, Facts
from misread.audit.reading.frames import Grouped, group, number
from misread.audit.reading.words import check_word, ordered, several
from misread.audit.table.build import Lines, build, strata_of
from misread.audit.table.model import NONE

if TYPE_CHECKING:
    from misread.audit.agreement.votes import VoteTable
    from misread.audit.reading.counting import Pass

Ints = NDArray[np.int64]
MOST_VOTES = 10_000
"""For one option on one face."""


@dataclass(frozen=True)
class _Votes:
    """Faces with the same votes, a line each.

    Attributes
    ----------
    read : Grouped
        Keys and rows.
    options : tuple of str
        Words that were voted for, `none` last where it is one.
    vectors : ndarray of int, shape (lines, options)
        Votes for each.
    empty : int
        Cells without a number, taken as no vote.
    """

    read: Grouped
    options: tuple[str, ...]
    vectors: Ints
    empty: int


def counted(over: Pass, left_out: tuple[tuple[str, int], ...]) -> Counted:
    """Each vote as an answer; without a truth there is nothing but agreement."""
    ask, source = over.ask, over.source
    voted = _read(over)
    read = voted.read
    truth = over.labels(read, "truth") if ask.truth else None
    expressions: tuple[str, ...] = ()
    if truth is not None:
        expressions = ordered(w for w in truth.words if w is not None)
        refused.check_truth(source, ask, read, truth)
    options = [option for option in voted.options if option != NONE]
    refused.check_labels(source, ask, expressions, options, read)
    labels = (*ordered(options, expressions), NONE)
    levels, group = over.levels(read)
    rows = read.rows
    if levels:
        refused.check_strata(source, ask, levels, Lines(group, rows, rows, rows), (len(expressions) or 1) * len(labels))
    told = np.full(len(rows), -1) if truth is None else truth.in_order(expressions)
    person, named = _persons(over, read)
    lines = _answers(voted, labels, group, told, person, named)
    if truth is None:
        # Persons are kept for rates, and there are none.
        lines = replace(lines, person=None)
    table = build(lines, expressions=expressions, labels=labels, columns=ask.groups, levels=levels, unit="votes")
    votes, people = _table(over, voted), table.people
    silent = int(rows[voted.vectors.sum(axis=1) == 0].sum())
    facts = Facts(
        source.name,
        source.kind,
        rows=int(rows.sum()) + sum(n for _, n in left_out),
        columns=tuple(ask.roles()),
        missing_truth=0 if truth is None else int(rows[told < 0].sum()),
        persons=None if ask.person is None else votes.persons if people is None else people.k,
        alone=0 if ask.person is None or people is None else people.alone,
        left_out=(*left_out, *((("without a vote", silent),) if silent else ())),
    )
    warnings = said.about_missing(facts)
    if voted.empty:
        warnings.append(f"{several(voted.empty, 'cell')} of votes without a number: taken as no vote.")
    if ask.person is None:
        warnings.append("no person is named: the votes on one face are taken together, as one person's.")
    else:
        # A row is several answers: whoever has one row alone is a person all the same.
        warnings += said.about_people(table, ask, None)[1]
    if truth is not None:
        warnings += said.about_words(over.words, ask, ((ask.truth, truth),))
    facts = replace(facts, warnings=tuple(warnings))
    return Counted(table, votes, (), facts)


def table_of(over: Pass) -> VoteTable:
    """How often the same votes were given to a face, beside a model's answers."""
    voted = _read(over)
    for option in voted.options:
        check_word(over.ask, "votes", "votes", option, over.source.name)
    return _table(over, voted)


def _read(over: Pass) -> _Votes:
    ask = over.ask
    keys = over.group_keys() | {f"v{i}": number(column, ask) for i, column in enumerate(ask.votes)}
    if ask.person is not None:
        keys["person"] = nw.col(ask.person)
    if ask.prediction is None and ask.truth is not None:
        keys["truth"] = nw.col(ask.truth)
    read = group(over.source, ask, keys)
    if len(read.rows) == 0:
        refused.refuse_empty(over.source, ask)
    given, empty = [], 0
    for i, column in enumerate(ask.votes):
        values = np.array([np.nan if v is None else float(v) for v in read.values[f"v{i}"]] + [np.nan])
        votes = values[read.codes[f"v{i}"]]
        missing = np.isnan(votes)
        empty += int(read.rows[missing].sum())
        votes = np.where(missing, 0.0, votes)
        wrong = ~np.isfinite(votes) | (votes < 0) | (votes != np.floor(votes)) | (votes > MOST_VOTES)
        if wrong.any():
            raise ask.wrong(
                "votes",
                f'"{column}" holds {votes[wrong][0]:g} in {several(read.rows[wrong].sum(), "row")}.',
                f"how many raters chose this word: a whole number from 0 to {MOST_VOTES:,}.",
                "name columns of votes, one for each word.",
                file=over.source.name,
            )
        given.append(votes.astype(np.int64))
    words = [over.words.label(column)[0] or NONE for column in ask.votes]
    options = ordered(words)
    vectors = np.zeros((len(read.rows), len(options)), dtype=np.int64)
    for w, votes in zip(words, given, strict=True):
        vectors[:, options.index(w)] += votes
    return _Votes(read, options, vectors, empty)


def _persons(over: Pass, read: Grouped) -> tuple[Ints, int]:
    """Who each line's faces show, −1 where that is not known; and how many persons are named."""
    if over.ask.person is None:
        return np.full(len(read.rows), -1), 0
    person = over.persons(read)
    return person, int(person.max(initial=-1)) + 1


def _answers(voted: _Votes, labels: tuple[str, ...], group: Ints, truth: Ints, person: Ints, named: int) -> Lines:
    """Votes as lines of answers. Faces that show nobody known are persons of their own, each with all its votes."""
    rows = voted.read.rows
    # Lines of faces that stand for themselves are taken apart, face by face.
    times = np.where(person < 0, rows, 1)
    line = np.repeat(np.arange(len(rows)), times)
    alone = person[line] < 0
    who = np.where(alone, named - 1 + np.cumsum(alone), person[line])
    at, option = np.nonzero(voted.vectors[line])
    column = np.array([labels.index(o) for o in voted.options], dtype=np.int64)
    each = np.where(alone, 1, rows[line])
    lines = line[at]
    return Lines(
        group[lines], truth[lines], column[option], voted.vectors[lines, option] * each[at], person=who[at], own=named
    )


def _table(over: Pass, voted: _Votes) -> VoteTable:
    # Comes with all that is made of it, which takes a moment to load.
    from misread.audit.agreement.votes import VoteTable

    levels, group = over.levels(voted.read)
    strata, stratum = strata_of(group, [len(known) for known in levels])
    person, named = _persons(over, voted.read)
    rows = voted.read.rows
    keep = np.arange(len(rows))
    if named:
        # Whoever is not named stands for one face alone.
        times = np.where(person < 0, rows, 1)
        keep = np.repeat(keep, times)
        alone = person[keep] < 0
        count = np.where(alone, 1, rows[keep])
        person = np.where(alone, named - 1 + np.cumsum(alone), person[keep])
        persons = named + int(alone.sum())
    else:
        count, persons = rows, 0
    table = VoteTable(
        voted.options,
        over.ask.groups,
        levels,
        strata,
        voted.vectors[keep].astype(np.int32),
        stratum[keep].astype(np.int32),
        count.astype(np.float64),
        person.astype(np.int32) if named else None,
        persons,
        "faces" if over.ask.unit == "rows" else over.ask.unit,
    )
    return table.margin(*over.ask.groups)
