"""One school, drawn from laws of days or school years."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from misread.engine.sampled.keys import MOST_SEED, key, key_of
from misread.engine.sampled.laws.counted import DAY_PERIODS, YEAR_PERIODS, Counted
from misread.engine.sampled.laws.draw import COUNT, draw_days, draw_years
from misread.engine.sampled.laws.tables import Laws
from misread.engine.sampled.outcome import DEPLOYED, Counts
from misread.engine.sampled.pupils import Pupils, pupils_of
from misread.engine.sampled.tables import Ints, Tables


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
    false, masking = np.zeros_like(flags), np.zeros(tables.pupils)
    if laws.step == "year":
        _draw_years(tables, laws, seed, school, pupils, flags, false)
        some, some_false = (np.stack([a[:, :, 0] > 0, (a > 0).any(axis=2)], axis=2) for a in (flags, false))
        on_file, mark_year = _kept_years(tables, laws, flags), _years_of_marks(laws, flags)
    else:
        some, some_false, on_file, mark_year = _draw_days(tables, laws, seed, school, pupils, flags, false, masking)
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


Drawn = tuple[NDArray[np.bool_], NDArray[np.bool_], Counts, Counts]


def _draw_days(
    tables: Tables,
    laws: Laws,
    seed: int,
    school: int,
    pupils: Pupils,
    flags: Counts,
    false: Counts,
    masking: NDArray[np.float64],
) -> Drawn:
    """Periods with a flag, and with a false one; flags on file at the end; years of marks."""
    n, seen = tables.flat.n, np.flatnonzero(pupils.watched)
    stratum = _strata(tables, pupils, seen)
    first = np.full((2, *flags.shape[:2], tables.pupils), -1, np.int32)
    on_file = np.zeros((*flags.shape[:2], tables.pupils), np.int32)
    mark_year = np.full((2, len(laws.marks), tables.pupils), -1, np.int32)
    for reader, rule in np.ndindex(flags.shape[:2]):
        own = [m for m, mark in enumerate(laws.marks) if mark[0] == rule]
        earned = mark_year[reader, own]
        draw_days(
            laws.cuts.cut,
            laws.cuts.at,
            laws.cuts.least,
            laws.cuts.guide,
            reader,
            laws.row[rule, reader],
            stratum,
            tables.flat.epoch,
            n.days,
            *_own_key(laws, seed, rule),
            school,
            seen,
            reader == DEPLOYED and laws.notifies[rule] and len(tables.masking) > 1,
            tables.masking,
            laws.keep,
            np.array([laws.marks[m][1] for m in own], dtype=np.int64),
            np.array([laws.marks[m][2] for m in own], dtype=np.bool_),
            flags[reader, rule],
            false[reader, rule],
            first[0, reader, rule],
            first[1, reader, rule],
            on_file[reader, rule],
            earned,
            masking,
        )
        mark_year[reader, own] = earned
    in_all = n.days * n.years
    end = np.array([1, min(5, in_all), n.days, in_all])[:, None]
    by_then = (first[..., None, :] >= 0) & (first[..., None, :] < end)
    return by_then[0], by_then[1], on_file, mark_year
