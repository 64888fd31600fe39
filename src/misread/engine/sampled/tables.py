"""A chain as flat integer tables: what the kernels read."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Deployment, Mark
from misread.deployment.model.flags import KOfLast, ShareOver, parse_flag
from misread.engine.chain import Chain
from misread.engine.sampled.kernels.guide import guide_to, once, sharpness
from misread.engine.sampled.keys import CERTAIN, Words
from misread.errors import MisreadError, Problem

WINDOW, SHARE, TOP = range(3)
"""Kinds of rules: looks back over a window, counts a lesson, ranks a class."""
CLEAR, MUTE, KEEP = range(3)
"""What a flag does to the hits so far."""
MOST_WORDS = 32
"""States, and labels, that a machine word can tell apart."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Size(NamedTuple):
    """How many of everything; rows of thresholds have 2^bits places, their guides (`guide_to`) 2^guide.

    A pupil's path is moved `moves` times a lesson, `stride` times from look to look: once each, unless the path is
    shared with a camera that looks at other moments.
    """

    years: int
    days: int
    lessons: int
    looks: int
    moves: int
    stride: int
    cells: int
    states: int
    labels: int
    cell_bits: int
    label_bits: int
    cell_guide: int
    label_guide: int
    strata: int
    situations: int


RULE = np.dtype([(name, "i8") for name in ("form", "least", "window", "after", "truth", "notifies")])
RULE = np.dtype([*RULE.descr, ("hit", "u8"), ("claimed", "u8")])
MARK = np.dtype([("rule", "i8"), ("flags", "i8"), ("rolling", "i8")])
CENSUS = np.dtype([("rule", "i8"), ("day", "i8")])


class Flat(NamedTuple):
    """What a kernel reads of a deployment.

    Rows of thresholds (see `thresholds`) go by cell in `step`, `gap` and `emission`. Seats whose rows are the same
    share them: `path_row` says by [epoch][stratum][situation] where those of `step` and `gap` begin, `label_row` where
    those of `emission` do, `masked_row` by [epoch][stratum] which row of `emission` a hidden face has. `start` goes by
    [epoch][stratum]. Labels are numbered by severity (`Tables.severity`). `masking` is how far faces are hidden, of
    `CERTAIN`, by flags given before today.

    `rules` are records of `RULE`: `least` is k of a window, the hits that are not yet enough of a share, the places
    of a ranking; `truth` the looks over which a claimed state makes a window's flag true, else the claimed looks that
    are not yet enough; `hit` and `claimed` have a bit a label and a bit a state. A census, a record of `CENSUS`,
    notes a rule's flags of the school year when a day begins.
    """

    n: Size
    rules: Any
    marks: Any
    censuses: Any
    epoch: Ints
    situation: Words
    path_row: Words
    label_row: Words
    masked_row: Words
    start: Words
    step: Words
    step_guide: Words
    gap: Words
    gap_guide: Words
    emission: Words
    label_guide: Words
    state: Words
    masking: Words


@dataclass(frozen=True, eq=False)
class Tables:
    """What a school is sampled from.

    Attributes
    ----------
    flat : Flat
        What the kernels read.
    pupils, class_size : int
        Pupils of a school, and of each of its classes but the last.
    severity : ndarray of int, shape (labels,)
        Labels by severity: those that no rule counts first, then by how many rules count them.
    group, view : ndarray of uint32
        Thresholds that draw a pupil's group, and each year's view.
    traits : tuple of (int, ndarray of uint32)
        A number for each trait's name, and the thresholds of its levels.
    kind : ndarray of int, shape (groups, levels of the first trait, …)
        A pupil's kind.
    views : int
        Kinds of seats, at least one: stratum = kind · views + view.
    opt_out : int
        Share of pupils left alone, of `CERTAIN`.
    masking : ndarray, shape (levels,)
        How far faces are hidden by the flags given before today, as the chain has it.
    on_file : tuple of (int, int)
        For each rule, what is on file at the end: first whole school year that counts, and the census that takes
        off the year's flags before `keep_days` reach back (−1: none).
    decisions : tuple of (int, int, int, int, int)
        For each decision: rule, mark (−1: none), years that have gone by, and as in `on_file`.
    """

    flat: Flat
    pupils: int
    class_size: int
    severity: Ints
    group: Words
    view: Words
    traits: tuple[tuple[int, Words], ...]
    kind: Ints
    views: int
    opt_out: int
    masking: Floats
    on_file: tuple[tuple[int, int], ...]
    decisions: tuple[tuple[int, int, int, int, int], ...]


def tables_of(chain: Chain, deployment: Deployment, *, moves: int | None = None, stride: int = 1) -> Tables:
    """The tables of a chain's first point.

    Parameters
    ----------
    chain : Chain
        Compiled from `deployment`.
    deployment : Deployment
        A valid deployment: rules, marks, decisions, sizes and the calendar are read from it.
    moves : int, optional
        Moves of the path a lesson, that to the next lesson's first look among them; by default as many as looks. The
        chain's `step` and `gap` are from move to move, and from the last one.
    stride : int
        Moves from look to look: looks come before every `stride`-th move.

    Raises
    ------
    MisreadError
        If there are more states or labels than a machine word has bits.
    """
    moves = chain.looks if moves is None else moves
    if not (chain.looks - 1) * stride < moves <= chain.looks * stride:
        raise ValueError(f"{chain.looks} looks do not lie {stride} apart among {moves} moves")
    _refuse_what_no_word_holds(chain)
    labels = chain.labels
    severity = np.argsort([sum(y in r.labels for r in deployment.rules) for y in labels], kind="stable")
    on_file, decisions, census = _censuses(deployment)
    kinds, views = chain.kinds, max(1, len(chain.views))
    weight = chain.weight[0].reshape(kinds, views)
    kind = np.zeros((len(chain.groups), *(len(t.share) for t in chain.traits)), dtype=np.int64)
    for stratum in range(0, chain.strata, views):
        kind[(chain.group[stratum], *chain.level[stratum])] = chain.kind[stratum]
    in_group = np.bincount(chain.group[::views], weight.sum(axis=1), minlength=len(chain.groups))
    marks = deployment.file.marks
    names = [r.name for r in deployment.rules]
    cells, seats = len(chain.state), chain.strata * chain.share.shape[1]
    path_row, step, gap = once(thresholds(chain.step[0]), thresholds(chain.gap[0]), of=cells)
    label_row, emission = once(thresholds(chain.emission.plain[0][..., severity]), of=cells)
    masked_row, masked = once(thresholds(chain.emission.masked[0][..., severity]), of=1)
    # The first year's rows come first.
    cell_guide = sharpness(step[: path_row[:seats].max() + cells], cells)
    label_guide = sharpness(emission[: label_row[:seats].max() + cells], len(labels))
    masked_row, emission = masked_row + np.uint32(len(emission)), np.concatenate([emission, masked])
    flat = Flat(
        n=Size(
            years=chain.years,
            days=chain.days,
            lessons=chain.lessons,
            looks=chain.looks,
            moves=moves,
            stride=stride,
            cells=cells,
            states=len(chain.states),
            labels=len(chain.labels),
            cell_bits=_bits(cells),
            label_bits=_bits(len(chain.labels)),
            cell_guide=cell_guide,
            label_guide=label_guide,
            strata=chain.strata,
            situations=chain.share.shape[1],
        ),
        rules=_rules(deployment, chain.looks, [labels[y] for y in severity]),
        marks=np.array([(names.index(m.rule), m.flags, m.within == "rolling year") for m in marks], dtype=MARK),
        censuses=np.array(census, dtype=CENSUS),
        epoch=chain.epoch.astype(np.int64),
        situation=thresholds(chain.share[0]),
        path_row=path_row,
        label_row=label_row,
        masked_row=masked_row,
        start=thresholds(chain.start[0]).ravel(),
        step=step.ravel(),
        step_guide=guide_to(step, cell_guide),
        gap=gap.ravel(),
        gap_guide=guide_to(gap, cell_guide),
        emission=emission.ravel(),
        label_guide=guide_to(emission, label_guide),
        state=chain.state.astype(np.uint32),
        masking=_of_certain(chain.masking),
    )
    return Tables(
        flat=flat,
        pupils=deployment.population.pupils_per_school,
        class_size=deployment.population.class_size,
        severity=severity,
        group=thresholds(in_group.astype(np.float64)),
        view=thresholds(weight.sum(axis=0)),
        traits=tuple((zlib.crc32(t.name.encode()), thresholds(t.share)) for t in chain.traits),
        kind=kind,
        views=views,
        opt_out=int(_of_certain(np.array([deployment.population.opt_out]))[0]),
        masking=chain.masking,
        on_file=on_file,
        decisions=decisions,
    )


def thresholds(law: Floats) -> Words:
    """Cumulative thresholds: a number u below `CERTAIN` means the outcome whose place is the number of entries ≤ u.

    Parameters
    ----------
    law : ndarray, shape (…, outcomes)
        Probabilities; the last axis is divided by its sum.

    Returns
    -------
    ndarray of uint32, shape (…, 2^bits)
        Never falling; filled up with `CERTAIN`, which no number reaches. An outcome of probability 0 is never meant.
    """
    cumulated = np.cumsum(law, axis=-1)
    out = np.full((*law.shape[:-1], 1 << _bits(law.shape[-1])), CERTAIN, dtype=np.uint32)
    out[..., : law.shape[-1] - 1] = _of_certain(cumulated[..., :-1] / cumulated[..., -1:])
    # Behind the last outcome that can be, nothing lies: rounding must not leave a gap there.
    possible = np.flip(np.cumsum(np.flip(law, axis=-1), axis=-1), axis=-1)[..., 1:] > 0
    out[..., : law.shape[-1] - 1][~possible] = CERTAIN
    return out


def _of_certain(shares: Floats) -> Words:
    return np.asarray(np.rint(np.minimum(shares, 1.0) * CERTAIN), dtype=np.uint32)


def _bits(outcomes: int) -> int:
    return max(1, math.ceil(math.log2(outcomes)))


def _bitmask(words: Sequence[str], members: Sequence[str]) -> int:
    return sum(1 << i for i, word in enumerate(words) if word in members)


def _refuse_what_no_word_holds(chain: Chain) -> None:
    problems = [
        Problem(f"There are {count} {what}.", f"at most {MOST_WORDS} in the sampled engine.", f"put {what} together.")
        for what, count in (("states", len(chain.states)), ("labels", len(chain.labels)))
        if count > MOST_WORDS
    ]
    if problems:
        raise MisreadError(problems)


def _rules(deployment: Deployment, looks: int, labels: Sequence[str]) -> Any:
    """Records of the rules, as `Flat` tells them; `labels` by severity."""
    rows = []
    for rule in deployment.rules:
        flag = parse_flag(rule.flag)
        if isinstance(flag, KOfLast):
            # A window as long as the lesson never slides.
            n = min(flag.n, looks)
            after = {"clear": CLEAR, "mute lesson": MUTE, "keep": KEEP}[rule.after_flag]
            numbers = (WINDOW, flag.k, n, after, n if rule.true_if == "in_window" else 1)
        elif isinstance(flag, ShareOver):
            enough = math.floor(flag.share * looks)
            numbers = (SHARE, enough, 1, KEEP, enough)
        else:
            numbers = (TOP, flag.n, 1, KEEP, looks // 2)
        hit, claimed = _bitmask(labels, rule.labels), _bitmask(deployment.pupil.states, rule.claims)
        rows.append((*numbers, bool(rule.notify), hit, claimed))
    return np.array(rows, dtype=RULE)


def _censuses(
    deployment: Deployment,
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int, int, int, int], ...], Sequence[tuple[int, int]]]:
    """What is on file at the end and at decisions, and days at which a rule's flags of the year so far are noted."""
    days, years = deployment.calendar.days_per_year, deployment.population.school_years
    keep, names = deployment.file.keep_days, [r.name for r in deployment.rules]
    marks: dict[str, Mark] = {m.name: m for m in deployment.file.marks}
    census: list[tuple[int, int]] = []

    def reach(rule: int, year: int) -> tuple[int, int]:
        first = 0 if keep == "forever" else max(0, year * days - keep)
        if first % days == 0:
            return first // days, -1
        if (rule, first) not in census:
            census.append((rule, first))
        return first // days, census.index((rule, first))

    on_file = tuple(reach(r, years) for r in range(len(names)))
    decisions = []
    for d in deployment.decisions:
        mark = -1 if d.mark is None else list(marks).index(d.mark)
        rule = names.index(d.rule if d.mark is None else marks[d.mark].rule)  # type: ignore[arg-type]
        decisions.append((rule, mark, d.after_year, *reach(rule, d.after_year)))
    return on_file, tuple(decisions), census
