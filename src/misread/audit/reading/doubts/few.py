"""Nothing is told of one to four persons: which levels are put together, and what is left out, where persons are known.

Without the column of persons nobody can know whether a group is one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from misread.audit.reading.doubts.said import about_answers, about_missing
from misread.audit.reading.words import listed, several
from misread.audit.table import scored
from misread.audit.table.model import FEW, MISSING, CountTable, together
from misread.audit.table.told import LEAST, Told, Who, sets_of, told_of, who_of
from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.audit.agreement.votes import VoteTable
    from misread.audit.reading.facts import Counted

    T = TypeVar("T", CountTable, VoteTable)

NAMING = 5
"""Levels from which on a column whose levels mostly are one person each is taken for one that names persons."""
Joined = Mapping[str, Mapping[str, str]]
"""By column: what a level is called in which it is put together with others."""


def guarded(counted: Counted) -> Counted:
    """The same, from which nothing about one to four persons can be had.

    Parameters
    ----------
    counted : Counted
        As it was read.

    Raises
    ------
    MisreadError
        If there are fewer than five persons, or a group column tells them apart.
    """
    asked = dict(counted.facts.columns).get("person", "")
    if counted.table.told is not None or not (asked or counted.facts.persons is not None):
        return counted
    table, votes = counted.table, counted.votes
    shown = table if len(table.expressions) or votes is None else votes
    joined, said = _joined(shown, _who(shown), asked, counted.facts.source)
    table = _called(table, joined)
    who = _who(table)
    told = told_of(table.strata, table.columns, len(table.expressions), who)
    table = scored.guarded(_without_words(replace(table, told=told)))
    paired = tuple((name, _beside(_called(other, joined), table)) for name, other in counted.paired)
    # What is told of nobody has no words either.
    silent = [name for name, other in paired if other.told is not None and other.told.of(()).any()]
    paired = tuple(each for each in paired if each[0] not in silent)
    said += [f'of "{name}" nothing is told: it would tell of faces of fewer than {LEAST} persons.' for name in silent]
    facts = counted.facts
    if told.of(()).any():
        # Taken from all of them, those that are told would give away the missing answers of what is left out.
        known = replace(facts, missing_answers=())
        gone = {*about_missing(facts), *about_answers(counted.table, facts)} - {*about_missing(known)}
        left = tuple(warning for warning in facts.warnings if warning not in gone)
        facts = replace(known, warnings=(*left, *about_answers(table.margin(), facts)))
    facts = replace(facts, warnings=(*facts.warnings, *said, *_left_out(table, who)))
    return replace(
        counted,
        table=table,
        votes=None if votes is None else _heard(_called(votes, joined), table),
        paired=paired,
        facts=facts,
    )


def _who(table: CountTable | VoteTable) -> Who:
    """Who shows what in which stratum."""
    if not isinstance(table, CountTable):
        if table.person is None:
            raise AssertionError("persons are not known")
        return Who.of(table.stratum, table.person)
    return who_of(table)


def _joined(table: CountTable | VoteTable, who: Who, asked: str, source: str) -> tuple[Joined, list[str]]:
    """Levels of one to four persons: together where they are five then, else with the largest level of the column."""
    everybody = int(who.counted(np.zeros(len(table.strata), dtype=np.int64), 1).sum())
    if everybody < LEAST:
        only = "one person only" if everybody == 1 else f"{everybody} persons only"
        raise MisreadError(
            Problem(
                f"{only}{f' in {asked!r}' if asked else ''}: nothing is told of so few.",
                f"{LEAST} persons at least.",
                "audit faces of more persons; where rows do not tell of persons, leave out who is shown, which treats "
                "them as independent, and say so.",
                file=source,
                key="person",
            )
        )
    found: dict[str, dict[str, str]] = {}
    said = []
    for i, column in enumerate(table.columns):
        levels, at = table.levels[i], table.strata[:, i].astype(np.int64)
        persons = who.counted(at, len(levels))
        if len(levels) >= NAMING and 2 * np.count_nonzero(persons == 1) > len(levels):
            one = np.count_nonzero(persons == 1)
            raise MisreadError(
                Problem(
                    f"{column!r} has {len(levels):,} values, and {one:,} of them are one person each: it tells persons "
                    "apart.",
                    "a column whose values several persons share.",
                    "leave it out, or put values together in bands.",
                    file=source,
                    key="groups",
                )
            )
        few = (persons < LEAST) & (np.bincount(at, minlength=len(levels)) > 0)
        if not few.any():
            continue
        together = int(who.counted(np.where(few[at], 0, 1), 2)[0])
        names = {levels[j] for j in np.flatnonzero(few)}
        number = several(len(names), "level")
        if together < LEAST and names >= set(levels) - {MISSING}:
            # Nothing by this column is told, since all of its strata are few, or give them away.
            continue
        if together >= LEAST:
            called = FEW
            said.append(f'{number} of "{column}" with fewer than {LEAST} persons each are one level now: "{FEW}".')
        else:
            known = np.where([level == MISSING for level in levels], persons - persons.max() - 1, persons)
            largest = levels[int(np.argmax(known))]
            called = f"{largest} + {FEW}"
            names.add(largest)
            said.append(
                f'{number} of "{column}" with fewer than {LEAST} persons: together with the largest, as "{called}", '
                "since the whole less the others would tell of them."
            )
        found[column] = dict.fromkeys(names, called)
    return found, said


def _called(table: T, joined: Joined) -> T:
    """The same table with levels put together."""
    if not joined:
        return table
    strata, all_levels = table.strata.copy(), []
    for i, column in enumerate(table.columns):
        names = joined.get(column, {})
        new = [names.get(level, level) for level in table.levels[i]]
        order = sorted(dict.fromkeys(new), key=lambda level: (level == MISSING, level == FEW))
        strata[:, i] = np.array([order.index(level) for level in new], dtype=strata.dtype)[table.strata[:, i]]
        all_levels.append(tuple(order))
    return replace(table, strata=strata, levels=tuple(all_levels)).margin(*table.columns)


def _beside(paired: CountTable, table: CountTable) -> CountTable:
    """What a table of the same faces under another condition may tell, whose rows are answers.

    Its answers are those of all expressions. Where the table itself leaves some of them out, they would tell of these.
    """
    who = _who(paired)
    whole = told_of(paired.strata, paired.columns, 1, Who.of(who.stratum, who.person))
    E = len(paired.expressions)
    hidden = {}
    for columns in sets_of(paired.columns):
        found = whole.of(columns).repeat(E, axis=1)
        margin = table.margin(*columns)
        left_out = margin.few is not None and margin.counts.sum() < table.counts.sum() * (1 - 1e-9)
        hidden[frozenset(columns)] = np.ones_like(found) if left_out else found
    return replace(paired, told=Told(hidden))


def _without_words(table: CountTable) -> CountTable:
    """Answers that only faces got of which nothing is told stand as `none`: their names would tell of these faces."""
    L = len(table.labels)
    keep = np.append(np.any(table.margin().counts[..., :-1], axis=(0, 1)), True)
    if keep.all():
        return table
    new = np.where(keep, np.cumsum(keep) - 1, np.count_nonzero(keep) - 1)
    merged = np.eye(new[-1] + 1)[new]
    people = table.people
    if people is not None:
        cell = people.cell // L * (new[-1] + 1) + new[people.cell % L]
        people = together(replace(people, cell=cell.astype(np.int32)), people.stratum)
    return replace(
        table,
        labels=tuple(label for label, there in zip(table.labels, keep, strict=True) if there),
        counts=table.counts @ merged,
        untold=table.untold @ merged,
        squares=None if table.squares is None else table.squares @ merged,
        people=people,
    )


def _heard(votes: VoteTable, table: CountTable) -> VoteTable:
    """Votes with what is told of them: by columns by which nothing is left out, neither of them nor of the table."""
    several = votes.vectors.sum(axis=1) >= 2
    assert votes.person is not None
    whole = told_of(votes.strata, votes.columns, 1, Who.of(votes.stratum[several], votes.person[several]))
    there = np.isin(np.arange(len(votes.strata)), votes.stratum[several])
    told = [column for column in votes.columns if not whole.of((column,))[there].any()]
    if table.told is not None and len(table.expressions):
        told = [column for column in told if not (table.told.of((column,)) & table.counts.any(axis=2)).any()]
    return replace(votes, told=frozenset(told))


def _left_out(table: CountTable, who: Who) -> Iterator[str]:
    """What is in no figure, and what in none of some group."""
    S, E = len(table.strata), len(table.expressions)
    there = who.counted(np.arange(S), S, E) > 0
    nowhere = {e for e in range(E) if there[:, e].any() and table.told is not None and table.told.of(())[:, e].all()}
    if nowhere:
        words = listed([table.expressions[e] for e in sorted(nowhere)])
        yield f"fewer than {LEAST} persons show {words}: such faces are in no figure."
    crossed = []
    for columns in sets_of(table.columns):
        if not columns or table.told is None:
            continue
        at = [table.columns.index(column) for column in columns]
        first = np.unique(table.strata[:, at], axis=0, return_index=True)[1]
        few = table.told.of(columns)[first]
        whole = few.all(axis=1)
        if whole.any():
            crossed.append((columns, int(whole.sum()), len(few)))
        rows = [e for e in range(E) if few[~whole, e].any() and e not in nowhere]
        if rows and len(columns) == 1:
            words = listed([table.expressions[e] for e in rows])
            yield f'by "{columns[0]}", faces that show {words} are left out: of one level fewer than {LEAST} persons.'
    known = None if table.scores is None or table.told is None else table.told.scores
    unknown = [
        c for c in ((), *((column,) for column in table.columns)) if known is not None and frozenset(c) not in known
    ]
    if unknown:
        of = "anybody" if () in unknown else " and ".join(f'the levels of "{column}"' for (column,) in unknown)
        yield (
            f"how sure answers were is not told of {of}: it would tell of faces of fewer than {LEAST} persons, "
            "which are left out or have no score. Leave such rows out of the table to have it."
        )
    if crossed:
        how = "; ".join(f"{n:,} of {of:,} by {' × '.join(columns)}" for columns, n, of in crossed)
        yield f"groups left out, of fewer than {LEAST} persons or since they would tell of such: {how}."
