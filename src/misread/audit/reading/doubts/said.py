"""What is said beside the figures: what was missing, and what makes them mean less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from misread.audit.reading.ask import Ask
from misread.audit.reading.facts import Facts
from misread.audit.reading.frames import Grouped
from misread.audit.reading.words import EMPTY, LOOK_MISSING, Dictionary, listed, several
from misread.audit.table.build import Binned, Lines
from misread.audit.table.model import NONE, CountTable, distinct
from misread.audit.table.told import LEAST

if TYPE_CHECKING:
    from misread.audit.reading.counting import Read


def weightless(lines: Lines) -> tuple[tuple[str, int], ...]:
    """Rows that count for nothing."""
    if lines.weight is None or lines.squares is None:
        return ()
    # A line of several rows holds one of weight 0 without being seen: only lines that count for nothing are told.
    nothing = int(lines.rows[lines.weight == 0].sum())
    return (("weight 0", nothing),) if nothing else ()


def about_people(table: CountTable, ask: Ask, rows: int | None, *, every: bool = False) -> tuple[CountTable, list[str]]:
    """What has to be known about persons; where each row has its own, they are left out.

    Parameters
    ----------
    table : CountTable
        Counts.
    ask : Ask
        What was asked.
    rows : int or None
        Rows read; None where a row is several answers.
    every : bool
        Whether the beginning already showed that each row has its own person.
    """
    people = table.people
    alone_each = f'every row has its own "{ask.person}": intervals treat rows as independent.'
    if every:
        return table, [alone_each]
    if people is None:
        return table, []
    named = people.k - people.alone
    if rows == people.k:
        return replace(table, people=None), [alone_each]
    said = []
    if people.alone:
        said.append(f'{several(people.alone, "row")} without "{ask.person}": each is taken as a person of its own.')
    pairs, _ = distinct(people.stratum.astype(np.int64) * people.k + people.person, len(table.strata) * people.k)
    stratum, person = np.divmod(pairs, people.k)
    for i, column in enumerate(table.columns):
        at, _ = distinct(table.strata[stratum, i].astype(np.int64) * people.k + person, len(table.levels[i]) * people.k)
        moved = int(np.count_nonzero(np.bincount(at % people.k, minlength=people.k) > 1))
        if moved:
            # Of one to four persons not even their number is told.
            number = f"{moved:,}" if moved >= LEAST else f"fewer than {LEAST}"
            said.append(f'{number} of {named:,} persons occur in more than one level of "{column}".')
    return table, said


def about_missing(facts: Facts) -> list[str]:
    """What was missing, and what was made of it."""
    said = []
    if facts.missing_truth:
        said.append(
            f"{facts.missing_truth:,} of {several(facts.rows, 'row')} have no truth; they are counted, and in no rate."
        )
    missing = sum(n for _, n in facts.missing_answers)
    answers = facts.rows - facts.missing_truth - sum(n for _, n in facts.left_out)
    if missing and missing == answers:
        said.append(
            f'all {several(missing, "answer")} are missing and counted as "{NONE}": nothing was answered at all.'
        )
    elif missing:
        ways = [("empty" if how == EMPTY else f'"{how}"') + f": {n:,}" for how, n in facts.missing_answers]
        how = f" ({', '.join(ways)})" if [how for how, _ in facts.missing_answers] != [EMPTY] else ""
        said.append(
            f'{missing:,} of {several(answers, "answer")} are missing{how}, counted as "{NONE}" '
            f"({100 * missing / answers:.1f} %)."
        )
    for why, n in facts.left_out:
        said.append(f"{several(n, 'row')} left out: {why}.")
    return said


def about_answers(table: CountTable, facts: Facts) -> list[str]:
    """Whether truth and answer are the same throughout."""
    total, named = float(table.counts.sum()), dict(facts.columns)
    if total > 1 and float(table.counts[:, table.right].sum()) == total:
        rows = facts.rows - facts.missing_truth if table.weighted else round(total)
        both = " and ".join(f'"{named.get(role, role)}"' for role in ("truth", "prediction"))
        return [f"{both} agree in all {several(rows, 'row')}; is one a copy?"]
    return []


def about_scores(read: Grouped, lines: Lines, binned: Binned | None, ask: Ask) -> list[str]:
    """Scores that are missing, or always the same."""
    if binned is None:
        return []
    said = []
    if without := int(lines.rows[(lines.truth >= 0) & (binned.bin < 0)].sum()):
        said.append(f'{several(without, "row")} without "{ask.score}": left out of calibration alone.')
    low, high = read.sums["low"], read.sums["high"]
    low, high = low[~np.isnan(low)].min(initial=np.inf), high[~np.isnan(high)].max(initial=-np.inf)
    if low == high:
        said.append(
            f'"{ask.score}" is {low * ask.score_scale:g} in every row; is it the certainty of the answer given?'
        )
    return said


def about_words(dictionary: Dictionary, ask: Ask, columns: Iterable[tuple[str | None, Read]]) -> list[str]:
    """Words that look as if they meant "missing", and mappings that nothing needed."""
    said = []
    for column, read in columns:
        if odd := sorted({w for w in read.words if w is not None and w.strip().casefold() in LOOK_MISSING}):
            said.append(
                f'"{column}" has the word {listed(odd)}; if it means "missing", say {ask.option("missing", odd[0])}.'
            )
    if dictionary.unused:
        said.append(f"{ask.option('map_labels')} names words that do not occur: {listed(dictionary.unused)}.")
    return said
