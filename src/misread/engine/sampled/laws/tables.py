"""A chain's laws of days or school years, ready to be drawn from."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment
from misread.engine.chain import Chain, CompiledRule
from misread.engine.chain.markov import Array
from misread.engine.exact.lesson import JointCounts, place
from misread.engine.exact.part import alike, part_of, rows_of
from misread.engine.sampled.laws.cuts import Cuts, cuts_of
from misread.engine.sampled.laws.joint import law_of_days
from misread.engine.sampled.tables import Ints
from misread.errors import MisreadError, Problem

LIMIT, WORK = 2**30, 2**31
"""Bytes that the table of one lesson may take while it is made, and numbers that its looks may go through."""
COPIES = 4
"""Such tables that stand side by side."""
AT_ONCE = 2**24
"""Bytes that the tables of a few lessons made together aim at."""

Law = tuple[int, int, Array]


@dataclass(frozen=True, eq=False)
class Laws:
    """What days or school years are drawn from.

    Attributes
    ----------
    step : {"day", "year"}
        What one law is about.
    cuts : Cuts
        All laws.
    row : ndarray of int, shape (rules, readers, epochs, levels of masking, strata)
        First row of each law in `cuts`.
    names : tuple of int
        A number for each rule's name.
    notifies : tuple of bool
        Whether somebody is told of each rule's flags.
    marks : tuple of (int, int, bool)
        Of each mark the rule, the flags it takes, and whether they count over a rolling year.
    keep : int
        Days for which a flag is kept, all days of school at most.
    """

    step: str
    cuts: Cuts
    row: Ints
    names: tuple[int, ...]
    notifies: tuple[bool, ...]
    marks: tuple[tuple[int, int, bool], ...]
    keep: int


def laws_of(chain: Chain, deployment: Deployment, step: str) -> Laws:
    """The laws that a coarser step draws from.

    Parameters
    ----------
    chain : Chain
        Compiled from `deployment`; its first point is read.
    deployment : Deployment
        A valid deployment, for which the step is exact (`misread.engine.sampled.laws.coarsest`).
    step : {"day", "year"}
        What is drawn at a time.

    Raises
    ------
    MisreadError
        If the table of a lesson would be too large.
    """
    if problems := tuple(_too_large(chain, deployment)):
        raise MisreadError(problems)
    days = chain.days if step == "year" else 1
    laws: list[Law] = []
    shape = (chain.epochs, len(chain.masking), chain.strata)
    law = np.empty((len(chain.rules), 2, *shape), dtype=np.int64)
    for r, rule in enumerate(chain.rules):
        for reader, hit in enumerate(_readers(chain, rule)):
            found, number = _laws(chain, rule, hit, days)
            law[r, reader] = len(laws) + number.reshape(shape)
            laws += found
    cuts, first = cuts_of(laws)
    names = [rule.name for rule in deployment.rules]
    in_all, keep = chain.days * chain.years, deployment.file.keep_days
    return Laws(
        step=step,
        cuts=cuts,
        row=first[law],
        names=tuple(zlib.crc32(name.encode()) for name in names),
        notifies=tuple(bool(rule.notify) for rule in deployment.rules),
        marks=tuple((names.index(m.rule), m.flags, m.within != "year") for m in deployment.file.marks),
        keep=in_all if keep == "forever" else min(keep, in_all),
    )


def _readers(chain: Chain, rule: CompiledRule) -> Iterator[tuple[Array, Array]]:
    """P(hit | cell) and P(no hit | cell) by reader: shape (epochs, levels, strata, situations, cells)."""
    shape = (chain.epochs, len(chain.masking), *chain.step.shape[2:5])
    yield chain.emission.of(rule.hit, chain.masking)[0], chain.emission.of(~rule.hit, chain.masking)[0]
    claimed = np.broadcast_to(chain.claimed(rule).astype(float), shape)
    yield claimed, 1 - claimed


def _laws(
    chain: Chain, rule: CompiledRule, tables: tuple[Array, Array], days: int
) -> tuple[list[Law], NDArray[np.intp]]:
    """Laws of some days, each once, and which one each epoch, level and stratum has."""
    hit, miss = (table.reshape(-1, *table.shape[3:]) for table in tables)
    rows = rows_of(chain, 1, *tables[0].shape[:2])
    # Pupils alike in all that this rule sees share a law, whatever their stratum.
    seen = np.column_stack([alike(chain)[rows], hit.reshape(len(hit), -1), miss.reshape(len(miss), -1)])
    _, kept, number = np.unique(seen, axis=0, return_index=True, return_inverse=True)
    some = max(1, AT_ONCE // (8 * _numbers(chain, rule)))
    laws = []
    for at in range(0, len(kept), some):
        those = kept[at : at + some]
        part = part_of(chain, rule, hit[those], miss[those], rows[those])
        lessons = part.to_next(part.ask(JointCounts(rule.most_flags)))
        for start, lesson in zip(part.start, _by_kind(lessons, rule), strict=True):
            laws.append(law_of_days(start, lesson, chain.lessons, days))
    return laws, number.ravel()


def _by_kind(counts: Array, rule: CompiledRule) -> Array:
    """Counts by `place` (readings, cells, cells, places) to (readings, cells, cells, true + 1, false + 1)."""
    most = rule.most_flags
    out = np.zeros((*counts.shape[:-1], most + 1, rule.most_false + 1))
    for true in range(most + 1):
        for false in range(min(most - true, rule.most_false) + 1):
            out[..., true, false] = counts[..., place(true, false)]
    return out


def _numbers(chain: Chain, rule: CompiledRule) -> int:
    """Numbers of the table of one lesson while it is made."""
    cells, situations = len(chain.state), int(chain.step.shape[3])
    return situations * rule.automaton.size * cells**2 * (place(0, rule.most_flags) + 1)


def _too_large(chain: Chain, deployment: Deployment) -> Iterator[Problem]:
    compiled = {rule.name: rule for rule in chain.rules}
    for at, rule in deployment.origin.entries(("rules",), deployment.rules):
        numbers = _numbers(chain, compiled[rule.name])
        size, work = COPIES * 8 * numbers, chain.looks * numbers
        if size > LIMIT or work > WORK:
            yield deployment.origin.problem(
                (*at, "flag"),
                f"The law of a lesson's flags tells up to {compiled[rule.name].most_flags:,} true and false flags "
                f"apart: tables of {size / 2**30:,.1f} GiB, and {work:,} numbers to go through.",
                f"at most {LIMIT / 2**30:,.0f} GiB and {WORK:,} numbers.",
                "take --step tick, which needs no such table.",
            )
