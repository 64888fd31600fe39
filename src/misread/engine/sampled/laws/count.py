"""One school, drawn from laws of lessons, days or school years."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from misread.engine.sampled.keys import COUNT, MOST_SEED, key, key_of
from misread.engine.sampled.laws.counted import DAY_PERIODS, YEAR_PERIODS, BySituation, Counted
from misread.engine.sampled.laws.draw import draw_days, draw_years
from misread.engine.sampled.laws.lived import Books, draw_lessons, room_of, situations_of
from misread.engine.sampled.laws.tables import Laws
from misread.engine.sampled.outcome import DEPLOYED, Counts
from misread.engine.sampled.pupils import Pupils, pupils_of
from misread.engine.sampled.simulate import cohort_of
from misread.engine.sampled.tables import Ints, Tables


class _Drawn(NamedTuple):
    """Where what is drawn goes, with axes as in `Counted`.

    `first` is the day of the first flag and of the first false one, −1 where there is none.
    """

    flags: Counts
    false: Counts
    first: Counts
    on_file: Counts
    mark_year: Counts
    masking: NDArray[np.float64]


def count(tables: Tables, laws: Laws, seed: int, school: int) -> Counted:
    """Draw all years of one school.

    Parameters
    ----------
    tables : Tables
        The deployment's tables: who goes to the school is drawn from them, as it is look by look.
    laws : Laws
        The deployment's laws.
    seed : int
        0 ≤ seed < 2⁶⁴.
    school : int
        Which school, counted from 0; below 2³².

    Returns
    -------
    Counted
        A function of the arguments alone. Each rule's numbers hang on its name, not on its place.
    """
    if not (0 <= seed <= MOST_SEED and 0 <= school < 2**32):
        raise ValueError(f"seed {seed} or school {school} is out of range")
    pupils = pupils_of(tables, seed, school)
    flags = np.zeros((2, len(laws.names), tables.flat.n.years, tables.pupils), np.int32)
    false, masking, by_situation = np.zeros_like(flags), np.zeros(tables.pupils), None
    if laws.step == "year":
        _draw_years(tables, laws, seed, school, pupils, flags, false)
        some, some_false = (np.stack([a[:, :, 0] > 0, (a > 0).any(axis=2)], axis=2) for a in (flags, false))
        on_file, mark_year = _kept_years(tables, laws, flags), _years_of_marks(laws, flags)
    else:
        first = np.full((2, *flags.shape[:2], tables.pupils), -1, np.int32)
        on_file = np.zeros((*flags.shape[:2], tables.pupils), np.int32)
        mark_year = np.full((2, len(laws.marks), tables.pupils), -1, np.int32)
        to = _Drawn(flags, false, first, on_file, mark_year, masking)
        if laws.step == "day":
            _draw_days(tables, laws, seed, school, pupils, to)
        else:
            by_situation = _draw_lessons(tables, laws, seed, school, pupils, to)
        some, some_false = _by_then(tables, first)
    return Counted(
        school=school,
        kind=pupils.kind.astype(np.int16),
        klass=pupils.klass.astype(np.int32),
        watched=pupils.watched,
        view=pupils.view.astype(np.int16),
        flags=flags,
        false=false,
        some=some,
        some_false=some_false,
        on_file=on_file,
        mark_year=mark_year,
        masking=masking,
        by_situation=by_situation,
    )


def periods_of(step: str) -> tuple[str, ...]:
    """Periods whose ends a step knows: the third axis of `Counted.some`."""
    return YEAR_PERIODS if step == "year" else DAY_PERIODS


def keeps_whole_years(laws: Laws, days: int) -> bool:
    """Whether flags are kept for whole school years of `days` days."""
    return laws.keep % days == 0


def _own_key(laws: Laws, seed: int, rule: int) -> tuple[int, int]:
    words = key(laws.names[rule], 0, 0, COUNT, *key_of(seed))
    return int(words[0]), int(words[1])


def _strata(tables: Tables, pupils: Pupils, seen: Ints) -> Ints:
    return np.ascontiguousarray(pupils.kind[seen] * tables.views + pupils.view[:, seen])


def _draw_years(
    tables: Tables, laws: Laws, seed: int, school: int, pupils: Pupils, flags: Counts, false: Counts
) -> None:
    seen = np.flatnonzero(pupils.watched)
    stratum, epoch = _strata(tables, pupils, seen), tables.flat.epoch[:, None]
    cuts = laws.cuts
    for rule in range(len(laws.names)):
        row = np.ascontiguousarray(laws.row[rule][:, epoch, 0, stratum])
        own = _own_key(laws, seed, rule)
        draw_years(cuts.cut, cuts.at, cuts.least, cuts.guide, row, *own, school, seen, flags[:, rule], false[:, rule])


def _kept_years(tables: Tables, laws: Laws, flags: Counts) -> Counts | None:
    if not keeps_whole_years(laws, tables.flat.n.days):
        return None
    years = laws.keep // tables.flat.n.days
    return np.asarray(flags[:, :, flags.shape[2] - years :].sum(axis=2, dtype=np.int32))


def _years_of_marks(laws: Laws, flags: Counts) -> Counts:
    """The first year whose count is enough; a mark over a rolling year is one of a single school year."""
    found = np.empty((2, len(laws.marks), flags.shape[-1]), np.int32)
    for m, (rule, enough, _) in enumerate(laws.marks):
        reached = flags[:, rule] >= enough
        found[:, m] = np.where(reached.any(axis=1), reached.argmax(axis=1), -1)
    return found


def _by_then(tables: Tables, first: Counts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Periods with a flag, and with a false one, from the days of the first."""
    n = tables.flat.n
    in_all = n.days * n.years
    end = np.array([1, min(5, in_all), n.days, in_all])[:, None]
    by_then = (first[..., None, :] >= 0) & (first[..., None, :] < end)
    return by_then[0], by_then[1]


def _marks_of(laws: Laws, rule: int) -> tuple[list[int], Ints, NDArray[np.bool_]]:
    """The marks that a rule's flags earn: which, the flags each takes, and whether they count over a rolling year."""
    own = [m for m, mark in enumerate(laws.marks) if mark[0] == rule]
    enough, rolls = ([laws.marks[m][i] for m in own] for i in (1, 2))
    return own, np.array(enough, dtype=np.int64), np.array(rolls, dtype=np.bool_)


def _draw_days(
    tables: Tables,
    laws: Laws,
    seed: int,
    school: int,
    pupils: Pupils,
    to: _Drawn,
) -> None:
    seen = np.flatnonzero(pupils.watched)
    stratum = _strata(tables, pupils, seen)
    for reader, rule in np.ndindex(to.flags.shape[:2]):
        own, enough, rolls = _marks_of(laws, rule)
        earned = to.mark_year[reader, own]
        draw_days(
            laws.cuts.cut,
            laws.cuts.at,
            laws.cuts.least,
            laws.cuts.guide,
            reader,
            laws.row[rule, reader],
            stratum,
            tables.flat.epoch,
            tables.flat.n.days,
            *_own_key(laws, seed, rule),
            school,
            seen,
            reader == DEPLOYED and laws.notifies[rule] and len(tables.masking) > 1,
            tables.masking,
            laws.keep,
            enough,
            rolls,
            to.flags[reader, rule],
            to.false[reader, rule],
            to.first[0, reader, rule],
            to.first[1, reader, rule],
            to.on_file[reader, rule],
            earned,
            to.masking,
        )
        to.mark_year[reader, own] = earned


def _draw_lessons(
    tables: Tables,
    laws: Laws,
    seed: int,
    school: int,
    pupils: Pupils,
    to: _Drawn,
) -> BySituation:
    n, cuts, seen = tables.flat.n, laws.cuts, np.flatnonzero(pupils.watched)
    cohort = cohort_of(tables, pupils, seen, seed, school)
    if n.situations > 1:
        limits, in_all = tables.flat.situation, n.days * n.years
        situation = situations_of(limits, *key_of(seed), school, cohort.klass, in_all, n.lessons)
    else:
        situation = np.zeros((n.days * n.years, n.lessons, len(cohort.klass)), np.int64)
    found = _by_situation(tables, len(laws.names), situation, cohort.first, seen)
    for rule in range(len(laws.names)):
        own, enough, rolls = _marks_of(laws, rule)
        hides = laws.notifies[rule] and len(tables.masking) > 1
        books = Books(
            to.flags[:, rule],
            to.false[:, rule],
            found.flags[:, rule],
            found.half[rule],
            to.first[:, :, rule],
            to.on_file[:, rule],
            to.mark_year[:, own],
            np.zeros(tables.pupils, np.int64),
        )
        draw_lessons(
            cuts.cut,
            cuts.at,
            cuts.least,
            cuts.guide,
            laws.row[rule],
            tables.flat.start,
            n,
            tables.flat.epoch,
            *_own_key(laws, seed, rule),
            cohort,
            situation,
            laws.tops[rule],
            len(tables.masking) - 1 if hides else 0,
            laws.keep,
            enough,
            rolls,
            room_of(len(seen), n.days if rolls.any() else 0, n.looks),
            books,
        )
        to.mark_year[:, own] = books.mark_year
        if hides:
            to.masking[seen] = tables.masking[books.level[seen]]
    return found


def _by_situation(tables: Tables, rules: int, situation: Ints, first: Ints, seen: Ints) -> BySituation:
    """The lessons of each situation, and room for their flags."""
    n, pupils, of_class = tables.flat.n, tables.pupils, np.diff(first)
    kinds = situation.reshape(n.years, n.days, n.lessons, 1, -1) == np.arange(n.situations)[:, None]
    by_day = kinds.sum(axis=2).transpose(2, 0, 1, 3)
    lessons = np.zeros((n.situations, n.years, pupils), np.int32)
    lessons[..., seen] = by_day.sum(axis=2).repeat(of_class, axis=2)
    half = np.zeros((2, n.situations, pupils), np.int32)
    for odd in range(2):
        half[odd][:, seen] = by_day[:, -1, odd::2].sum(axis=1).repeat(of_class, axis=1)
    return BySituation(
        lessons=lessons,
        flags=np.zeros((2, rules, 2, n.situations, n.years, pupils), np.int32),
        half=np.zeros((rules, 2, n.situations, pupils), np.int32),
        half_lessons=half,
    )
