"""One school, sampled look by look."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from misread.engine.sampled.kernels.layout import (
    EARNED,
    FIRST_FALSE,
    FIRST_FLAG,
    GIVEN,
    LANES,
    LEVEL,
    MARK_ROWS,
    READER_ROWS,
    UNEARNED,
    Cohort,
    Lived,
    Outcome,
    Scratch,
    outcome_of,
    scratch_of,
    tape_of,
)
from misread.engine.sampled.kernels.planes.school import live_in_planes, sliceable
from misread.engine.sampled.kernels.year import live_a_year
from misread.engine.sampled.keys import MOST_SEED, key_of
from misread.engine.sampled.outcome import School
from misread.engine.sampled.pupils import Pupils, pupils_of
from misread.engine.sampled.tables import TOP, Flat, Ints, Tables

Whole = NDArray[np.int32]
BLOCKS = 4
"""Blocks taken side by side: a core's own cache holds so many."""
MANY = 8192
"""Pupils whose years are laid out together in planes: few tiles are left half empty, and what they count finds room."""


def simulate(tables: Tables, seed: int, school: int, *, threads: int = 1) -> School:
    """Live through all years of one school.

    Parameters
    ----------
    tables : Tables
        The deployment's tables (`tables_of`).
    seed : int
        0 ≤ seed < 2⁶⁴.
    school : int
        Which school, counted from 0; below 2³².
    threads : int
        How many take classes side by side.

    Returns
    -------
    School
        A function of the arguments but the last: the same bytes whatever runs beside it.
    """
    if not (0 <= seed <= MOST_SEED and 0 <= school < 2**32):
        raise ValueError(f"seed {seed} or school {school} is out of range")
    pupils = pupils_of(tables, seed, school)
    total = empty(tables, pupils, school)

    def live(lanes: Ints) -> None:
        _put(tables, total, lanes, live_look_by_look(tables.flat, cohort_of(tables, pupils, lanes, seed, school)))

    with ThreadPoolExecutor(threads) as pool:
        # Each writes to the places of its own pupils; the kernels hold no lock.
        way = map if threads == 1 else pool.map
        if sliceable(tables):
            watched = np.flatnonzero(pupils.watched).astype(np.int64)
            for begin in range(0, len(watched), MANY):
                lanes = watched[begin : begin + MANY]
                cohort = cohort_of(tables, pupils, lanes, seed, school)
                _put(tables, total, lanes, live_in_planes(tables.flat, cohort, way))
        else:
            list(way(live, _parts(tables, pupils, threads)))
    return total


def live_look_by_look(flat: Flat, cohort: Cohort) -> Lived:
    """All years of some pupils, whatever the deployment asks for: whole classes, where a rule ranks."""
    lanes = len(cohort.pupil)
    scratch, out = scratch_of(flat, lanes, len(cohort.klass)), outcome_of(flat, lanes)
    for year in range(flat.n.years):
        live_a_year(flat, cohort, scratch, out, NO_TAPE, year, 0, flat.n.days)
    return Lived(out, *first_days(scratch, lanes), *marks(scratch, lanes), _levels(flat, scratch, lanes))


NO_TAPE = tape_of(0, 0, np.zeros(0, np.int64), np.zeros(0, np.int64))


def cohort_of(tables: Tables, pupils: Pupils, lanes: Ints, seed: int, school: int) -> Cohort:
    """Some pupils, class by class, as the kernel takes them; `lanes` are their places in the school, rising."""
    klass, first = np.unique(pupils.klass[lanes], return_index=True)
    return Cohort(
        *key_of(seed),
        school,
        pupil=lanes,
        first=np.append(first, len(lanes)).astype(np.int64),
        klass=klass.astype(np.int64),
        stratum=np.ascontiguousarray(pupils.kind[lanes] * tables.views + pupils.view[:, lanes]),
    )


def _parts(tables: Tables, pupils: Pupils, threads: int) -> Iterator[Ints]:
    """Watched pupils in runs that fill a block; where a rule ranks, in runs of whole classes, at least one."""
    watched = np.flatnonzero(pupils.watched).astype(np.int64)
    ends = np.append(np.flatnonzero(np.diff(pupils.klass[watched])) + 1, len(watched))
    ranked = bool((tables.flat.rules["form"] == TOP).any())
    # Classes fill several blocks better than one; but every thread has something to do.
    most = LANES * max(1, min(BLOCKS, -(-len(watched) // LANES) // threads))
    begin = 0
    while begin < len(watched):
        end = begin + LANES
        if ranked:
            fits = ends[(ends > begin) & (ends <= begin + most)]
            end = int(fits[-1] if len(fits) else ends[ends > begin][0])
        yield watched[begin:end]
        begin = end


def empty(tables: Tables, pupils: Pupils, school: int) -> School:
    """A school in which nothing has been counted yet."""
    flat = tables.flat
    zero = outcome_of(flat, tables.pupils)
    rules, marks = len(flat.rules), len(flat.marks)
    return School(
        school=school,
        kind=pupils.kind.astype(np.int16),
        klass=pupils.klass.astype(np.int32),
        watched=pupils.watched,
        view=pupils.view.astype(np.int16),
        flags=zero.flags,
        false=zero.false,
        tally=zero.tally,
        first_flag=np.full((2, rules, tables.pupils), -1, np.int32),
        first_false=np.full((2, rules, tables.pupils), -1, np.int32),
        claimed=zero.claimed,
        true_if_random=zero.true,
        labels=zero.labels,
        lessons=zero.lessons,
        by_situation=zero.by_situation,
        half=zero.half,
        half_lessons=zero.half_lessons,
        on_file=np.zeros((2, rules, tables.pupils), np.int32),
        at_decision=np.zeros((2, len(tables.decisions), tables.pupils)),
        mark_day=np.full((2, marks, tables.pupils), -1, np.int32),
        unearned=np.zeros((2, marks, tables.pupils), np.bool_),
        masking=np.zeros(tables.pupils),
        state_flags=zero.state_flags,
        second=zero.second,
    )


def _put(tables: Tables, total: School, lanes: Ints, lived: Lived) -> None:
    """Add some pupils' counts to their school."""
    flat, out = tables.flat, lived.out
    for name in ("flags", "false", "tally", "claimed", "lessons", "half", "half_lessons", "state_flags", "second"):
        getattr(total, name)[..., lanes] = getattr(out, name)
    total.true_if_random[..., lanes] = out.true
    labels = np.empty_like(out.labels)
    labels[tables.severity] = out.labels
    total.labels[..., lanes] = labels
    by_situation = (
        out.by_situation if flat.n.situations > 1 else np.stack([out.flags, out.false], axis=2)[:, :, :, None]
    )
    total.by_situation[..., lanes] = by_situation
    total.first_flag[..., lanes], total.first_false[..., lanes] = lived.first_flag, lived.first_false
    total.mark_day[..., lanes], total.unearned[..., lanes] = lived.mark_day, lived.unearned
    total.masking[lanes] = tables.masking[lived.level]
    for r, (year, census) in enumerate(tables.on_file):
        total.on_file[:, r, lanes] = _kept(out, r, year, flat.n.years, census)
    for d, (rule, mark, year, since, census) in enumerate(tables.decisions):
        days = lived.mark_day
        earned = (days[:, mark] >= 0) & (days[:, mark] < year * flat.n.days) if mark >= 0 else None
        total.at_decision[:, d, lanes] = _kept(out, rule, since, year, census) if earned is None else earned


def _kept(out: Outcome, rule: int, first: int, last: int, census: int) -> Whole:
    """Flags of the years from `first` to before `last`, less those that a census had counted before."""
    flags: Whole = out.flags[:, rule, first:last].sum(axis=1)
    return flags - out.census[:, census] if census >= 0 else flags


def first_days(scratch: Scratch, lanes: int) -> tuple[Whole, Whole]:
    """Days of the first flag, and of the first false one: each (2, rules, lanes)."""
    blocks, rules, readers, _ = scratch.reader.shape
    rows = scratch.reader.reshape(blocks, rules, readers, READER_ROWS, LANES)[:, :, :2].view(np.int32)
    return _flat(rows[:, :, :, FIRST_FLAG], lanes), _flat(rows[:, :, :, FIRST_FALSE], lanes)


def marks(scratch: Scratch, lanes: int) -> tuple[Whole, NDArray[np.bool_]]:
    """Days on which marks were earned, and whether they were unearned: each (2, marks, lanes)."""
    blocks, many, readers, _ = scratch.mark.shape
    rows = scratch.mark.reshape(blocks, many, readers, MARK_ROWS, LANES).view(np.int32)
    return _flat(rows[:, :, :, EARNED], lanes), _flat(rows[:, :, :, UNEARNED], lanes) > 0


def _flat(rows: Whole, lanes: int) -> Whole:
    """From [block][what][reader][lane] to [reader][what][lane]."""
    return rows.transpose(2, 1, 0, 3).reshape(rows.shape[2], rows.shape[1], rows.shape[0] * rows.shape[3])[..., :lanes]


def _levels(flat: Flat, scratch: Scratch, lanes: int) -> Ints:
    """Level of masking on the day that was begun last."""
    if len(flat.masking) == 1:
        return np.zeros(lanes, np.int64)
    return scratch.pupil[:, LEVEL * LANES : (LEVEL + 1) * LANES].ravel()[:lanes].astype(np.int64)


def given(scratch: Scratch, lane: int) -> int:
    """Flags that one lane was given in the years before by rules that notify somebody."""
    return int(scratch.pupil[lane // LANES, GIVEN * LANES + lane % LANES])
