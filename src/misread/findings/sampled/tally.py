"""One school to its row of sums. NumPy throughout: no loop over pupils."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from misread.deployment.model import Deployment
from misread.engine.chain import Chain
from misread.findings.sampled.decide import chances
from misread.findings.sampled.layout import Floats, Ints, Layout, counts

if TYPE_CHECKING:
    from misread.engine.sampled.outcome import School

Counts = NDArray[Any]
Adding = Callable[[Counts], Floats]
"""Adds up values along their last axis, by code: (…, pupils) to (…, codes)."""


def tally(school: School, chain: Chain, deployment: Deployment) -> Floats:
    """A school's row of sums.

    Parameters
    ----------
    school : School
        What was counted in one school.
    chain, deployment : Chain, Deployment
        What was simulated.

    Returns
    -------
    ndarray, shape (columns,)
        In the order of `Layout.of(chain, deployment)`. The same bytes for the same school on every machine: all sums
        that are not of whole numbers are made one after the other, in the order of the pupils.
    """
    layout = Layout.of(chain, deployment)
    seen = np.flatnonzero(school.watched)
    stratum = school.kind[seen].astype(np.intp) * max(1, len(chain.views)) + school.view[:, seen]
    group = chain.group[stratum[0]]
    by_group = adding(group, len(chain.groups))
    sums = _whole(school, chain, seen, by_group)
    sums |= _by_part(school, layout, seen, stratum, group)
    sums |= _since(school, chain, seen, by_group)
    sums |= _last_year(school, chain.strata, seen, stratum[-1])
    sums |= _histograms(school, layout, seen, group)
    sums |= _decisions(school, deployment, seen, by_group)
    if len(chain.situations) > 1:
        sums["map"] = by_group(_maps(school.half[..., seen], school.half_lessons[..., seen]))
    return layout.join(sums)


def adding(code: Ints, size: int) -> Adding:
    """What adds up values by code.

    Parameters
    ----------
    code : ndarray of int, shape (…, items)
        From 0 to `size` − 1; with several rows of codes an item is added to each of its codes.
    size : int
        Number of codes.
    """
    item = np.broadcast_to(np.arange(code.shape[-1]), code.shape)
    member = csr_array((np.ones(code.size), (code.ravel(), item.ravel())), shape=(size, code.shape[-1]))

    def add(values: Counts) -> Floats:
        *axes, items = values.shape
        flat = np.ascontiguousarray(values.reshape(math.prod(axes), items).T, dtype=np.float64)
        return np.asarray(member @ flat).T.reshape(*axes, size)

    return add


def _whole(school: School, chain: Chain, seen: Ints, by_group: Adding) -> dict[str, Floats]:
    def over_years(values: Counts) -> Floats:
        return by_group(values[..., seen].sum(axis=-2, dtype=np.int64))

    situations = school.by_situation if chain.situations else school.by_situation[:, :, :, :0]
    marked = school.mark_day[..., seen] >= 0
    return {
        "schools": np.ones(1),
        "classes": np.array([float(np.unique(school.klass).size)]),
        "tally": over_years(school.tally),
        "claimed looks": over_years(school.claimed),
        "true if random": over_years(school.true_if_random),
        "lessons": over_years(school.lessons),
        "flags by situation": over_years(situations),
        "on file": by_group(school.on_file[..., seen]),
        "marks": by_group(np.stack([marked, marked & school.unearned[..., seen]], axis=2)),
        "flags by state": by_group(school.state_flags[..., seen]),
        "masking": by_group(school.masking[seen]),
    }


def _by_part(school: School, layout: Layout, seen: Ints, stratum: Ints, group: Ints) -> dict[str, Floats]:
    """Sums over the school years of each part, by group."""
    chain, shape = layout.chain, (len(layout.parts), len(layout.chain.groups))
    part = _parts_of(chain, stratum)
    code = part * shape[1] + group
    flags, false, labels = (a[..., seen] for a in (school.flags, school.false, school.labels))
    one = np.ones((1, *stratum.shape))
    values = np.concatenate(
        [one, *(a.reshape(math.prod(a.shape[:-2]), *stratum.shape) for a in (flags, false, labels))]
    )
    by_part = adding(code.reshape(len(part), stratum.size), math.prod(shape))
    total = by_part(values.reshape(len(values), stratum.size)).reshape(len(values), *shape)
    ever = np.zeros((math.prod(shape), len(seen)), dtype=bool)
    ever[code, np.arange(len(seen))] = True
    rules = flags.shape[:2]
    of_flags, of_false, of_labels = np.split(total[1:], [math.prod(rules), 2 * math.prod(rules)])
    return {
        "pupils": ever.sum(axis=1).reshape(shape).astype(np.float64),
        "pupil-years": total[0],
        "flags": of_flags.reshape(*rules, *shape),
        "false": of_false.reshape(*rules, *shape),
        "labels": of_labels,
    }


def _parts_of(chain: Chain, stratum: Ints) -> Ints:
    """Indices of the parts that each pupil's school years belong to, shape (kinds of parts, years, pupils)."""
    kinds, first = [np.zeros_like(stratum)], 1
    if chain.views:
        kinds.append(first + chain.view[stratum])
        first += len(chain.views)
    for t, trait in enumerate(chain.traits):
        kinds.append(first + chain.level[stratum, t])
        first += len(trait.nodes)
    if chain.ages:
        kinds.append(np.broadcast_to(first + chain.epoch[:, None], stratum.shape))
    return np.stack(kinds)


def _since(school: School, chain: Chain, seen: Ints, by_group: Adding) -> dict[str, Floats]:
    """Pupils with a false flag, and with true ones only, by the end of each period."""
    in_all = chain.days * chain.years
    ends = np.array([1, min(5, in_all), chain.days, in_all])[:, None]

    def so_far(first: Counts) -> Counts:
        day = first[..., None, seen]
        return (day >= 0) & (day < ends)

    some, false = so_far(school.first_flag), so_far(school.first_false)
    return {"some false": by_group(false), "only true": by_group(some & ~false)}


def _last_year(school: School, strata: int, seen: Ints, stratum: Ints) -> dict[str, Floats]:
    """Counts, sums and products of the last year's flags, by stratum."""
    by_stratum = adding(stratum, strata)
    flags, second = school.flags[:, :, -1, seen].astype(np.float64), school.second[:, seen].astype(np.float64)
    return {
        "strata": by_stratum(np.ones(len(seen))),
        "last year": by_stratum(np.stack([flags, flags**2], axis=2)),
        "second reading": by_stratum(np.stack([second, flags[0] * second], axis=1)),
    }


def _histograms(school: School, layout: Layout, seen: Ints, group: Ints) -> dict[str, Floats]:
    """Pupils by false flags until the end of school."""
    ever = school.false[..., seen].sum(axis=2, dtype=np.int64)
    found, groups = {}, len(layout.chain.groups)
    for r, (rule, low) in enumerate(zip(layout.deployment.rules, layout.lows, strict=True)):
        place = np.searchsorted(low, ever[:, r], side="right") - 1
        shape = (len(ever), groups, len(low))
        code = (np.arange(len(ever))[:, None] * groups + group) * len(low) + place
        found[counts(rule.name)] = np.bincount(code.ravel(), minlength=math.prod(shape)).reshape(shape).astype(float)
    return found


def _decisions(school: School, deployment: Deployment, seen: Ints, by_group: Adding) -> dict[str, Floats]:
    """Of each decision: for how many it is wrong, and how many are chosen, both in expectation over ties."""
    rank = deployment.population.opt_out_rank
    both = np.zeros((len(deployment.decisions), 2, len(seen)))
    for i, decision in enumerate(deployment.decisions):
        a, b = (chances(on_file[i], school.watched, decision, rank)[seen] for on_file in school.at_decision)
        both[i] = a * (1 - b) + b * (1 - a), a
    return {"decisions": by_group(both)}


def _maps(flags: Counts, lessons: Counts) -> Floats:
    """Moments of the maps of odd and even days, over the situations that a pupil had on both.

    Parameters
    ----------
    flags : ndarray, shape (rules, halves, situations, pupils)
        Flags of the last year.
    lessons : ndarray, shape (halves, situations, pupils)
        Lessons of the last year.

    Returns
    -------
    ndarray, shape (rules, moments, pupils)
    """
    own = flags.sum(axis=2) / np.maximum(lessons.sum(axis=1), 1)
    away = flags / np.maximum(lessons, 1) - own[:, :, None]
    both = (lessons > 0).all(axis=0)
    odd, even = np.where(both, away[:, 0], 0.0), np.where(both, away[:, 1], 0.0)
    pairs = np.broadcast_to(both, odd.shape).astype(np.float64)
    return np.asarray(np.stack([pairs, odd, even, odd**2, even**2, odd * even], axis=1).sum(axis=2))
