"""A chain's laws of lessons, days or school years, ready to be drawn from."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment
from misread.engine.chain import Chain, CompiledRule, RankedRule
from misread.engine.chain.markov import Array
from misread.engine.exact.laws import fast_length
from misread.engine.exact.lesson import JointCounts, place
from misread.engine.exact.part import alike, part_of, rows_of
from misread.engine.sampled.laws.cuts import Cuts, cuts_of
from misread.engine.sampled.laws.joint import law_of_days
from misread.engine.sampled.laws.lessons import Law, by_kind, lessons_of, rankings_of
from misread.engine.sampled.tables import Ints
from misread.errors import MisreadError, Problem

LIMIT, WORK = 2**30, 2**31
"""Bytes that the table of one lesson may take while it is made, and numbers that its looks may go through."""
COPIES = 4
"""Such tables that stand side by side."""
AT_ONCE = 2**24
"""Bytes that the tables of a few lessons made together aim at."""

Rule = CompiledRule | RankedRule


@dataclass(frozen=True, eq=False)
class Laws:
    """What lessons, days or school years are drawn from.

    Attributes
    ----------
    step : {"lesson", "day", "year"}
        What one law is about.
    cuts : Cuts
        All laws.
    row : ndarray of int, shape (rules, readers, epochs, levels of masking, strata)
        First row of each law in `cuts`. A lesson's have two more axes: situations, cells at the first look.
    names : tuple of int
        A number for each rule's name.
    tops : tuple of int
        For each rule that ranks a class, how many it flags; 0 for the others.
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
    tops: tuple[int, ...]
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
    step : {"lesson", "day", "year"}
        What is drawn at a time.

    Raises
    ------
    MisreadError
        If the table of a lesson would be too large.
    """
    if problems := tuple(too_large(chain, deployment)):
        raise MisreadError(problems)
    names = [rule.name for rule in deployment.rules]
    rules = sorted(_rules(chain), key=lambda rule: names.index(rule.name))
    laws: list[Law] = []
    shape = (chain.epochs, len(chain.masking), chain.strata)
    own = (chain.share.shape[1], len(chain.state)) if step == "lesson" else ()
    law = np.empty((len(rules), 2, *shape, *own), dtype=np.int64)
    for r, rule in enumerate(rules):
        for reader, hit in enumerate(_readers(chain, rule)):
            found, number = _laws(chain, rule, hit, step)
            law[r, reader] = len(laws) + number.reshape(*shape, *own)
            laws += found
    cuts, first = cuts_of(laws)
    in_all, keep = chain.days * chain.years, deployment.file.keep_days
    return Laws(
        step=step,
        cuts=cuts,
        row=first[law],
        names=tuple(zlib.crc32(name.encode()) for name in names),
        tops=tuple(rule.top if isinstance(rule, RankedRule) else 0 for rule in rules),
        notifies=tuple(bool(rule.notify) for rule in deployment.rules),
        marks=tuple((names.index(m.rule), m.flags, m.within != "year") for m in deployment.file.marks),
        keep=in_all if keep == "forever" else min(keep, in_all),
    )


def _rules(chain: Chain) -> tuple[Rule, ...]:
    return *chain.rules, *chain.ranked


def _readers(chain: Chain, rule: Rule) -> Iterator[tuple[Array, Array]]:
    """P(hit | cell) and P(no hit | cell) by reader: shape (epochs, levels, strata, situations, cells)."""
    shape = (chain.epochs, len(chain.masking), *chain.step.shape[2:5])
    yield chain.emission.of(rule.hit, chain.masking)[0], chain.emission.of(~rule.hit, chain.masking)[0]
    claimed = np.broadcast_to(chain.claimed(rule).astype(float), shape)
    yield claimed, 1 - claimed


def _laws(chain: Chain, rule: Rule, tables: tuple[Array, Array], step: str) -> tuple[list[Law], NDArray[np.intp]]:
    """Laws at a step, each once, and which ones each epoch, level and stratum has: shape (those, laws of each)."""
    hit, miss = (table.reshape(-1, *table.shape[3:]) for table in tables)
    rows = rows_of(chain, 1, *tables[0].shape[:2])
    # Pupils alike in all that this rule sees share laws, whatever their stratum.
    seen = np.column_stack([alike(chain)[rows], hit.reshape(len(hit), -1), miss.reshape(len(miss), -1)])
    _, kept, number = np.unique(seen, axis=0, return_index=True, return_inverse=True)
    some = max(1, AT_ONCE // (8 * _numbers(chain, rule)))
    laws: list[Law] = []
    for at in range(0, len(kept), some):
        those = kept[at : at + some]
        laws += _made(chain, rule, hit[those], miss[those], rows[those], step)
    of_each = len(laws) // len(kept)
    return laws, number.reshape(-1, 1) * of_each + np.arange(of_each)


def _made(chain: Chain, rule: Rule, hit: Array, miss: Array, rows: NDArray[np.intp], step: str) -> Iterator[Law]:
    """Laws of some readings."""
    if isinstance(rule, RankedRule):
        return rankings_of(chain, rule, hit, miss, rows)
    part = part_of(chain, rule, hit, miss, rows)
    if step == "lesson":
        return lessons_of(part)
    days = chain.days if step == "year" else 1
    lessons = by_kind(part.to_next(part.ask(JointCounts(rule.most_flags))), rule)
    return (law_of_days(*both, chain.lessons, days) for both in zip(part.start, lessons, strict=True))


def _numbers(chain: Chain, rule: Rule) -> int:
    """Numbers of the table of one lesson while it is made; of a ranking, numbers at all roots together."""
    cells, situations = len(chain.state), int(chain.step.shape[3])
    if isinstance(rule, RankedRule):
        length = fast_length(chain.looks + 1)
        return situations * cells**2 * length * (length // 2 + 1)
    return situations * rule.automaton.size * cells**2 * (place(0, rule.most_flags) + 1)


def too_large(chain: Chain, deployment: Deployment) -> Iterator[Problem]:
    """Rules whose law of a lesson would be too large to be made."""
    compiled = {rule.name: rule for rule in _rules(chain)}
    for at, written in deployment.origin.entries(("rules",), deployment.rules):
        rule = compiled[written.name]
        numbers = _numbers(chain, rule)
        if isinstance(rule, RankedRule):
            # A few roots at a time, and no look by look: by squaring.
            size, work = 0, 2 * chain.looks.bit_length() * numbers
            what = f"{chain.looks:,} hits and claimed looks"
        else:
            size, work = COPIES * 8 * numbers, chain.looks * numbers
            what = f"{rule.most_flags:,} true and false flags"
        if size > LIMIT or work > WORK:
            yield deployment.origin.problem(
                (*at, "flag"),
                f"The law of a lesson tells up to {what} apart: tables of {size / 2**30:,.1f} GiB, and {work:,} "
                "numbers to go through.",
                f"at most {LIMIT / 2**30:,.0f} GiB and {WORK:,} numbers.",
                "take --step tick, which needs no such table.",
            )
