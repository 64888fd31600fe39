"""A day by enumeration: every path of states and hits, weighed. Shares no code with the engine."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from functools import cache


@dataclass
class Day:
    """What the engine's Day say, as plain numbers; `counts` by number of false flags."""

    true: float = 0.0
    false: float = 0.0
    sensitivity: float = 0.0
    prevalence: float = 0.0
    false_positive: float = 0.0
    unclaimed: float = 0.0
    spells: float = 0.0
    missed: float = 0.0
    any_false: float = 0.0
    no_false: float = 0.0
    only_true: float = 0.0
    random: float = 0.0
    """P(a flag at a random look, or in a random lesson, would be true)."""
    counts: dict[int, float] = field(default_factory=dict)
    flags: dict[tuple[bool, ...], float] = field(default_factory=dict)
    """P(the day's flags, in order, are these: true or false each)."""
    by_state: dict[int, float] = field(default_factory=dict)
    """Expected flags by the state at the look that fires."""


def is_true(claimed, t, flag, true_if):
    """Whether a flag at look `t` of a lesson is true, from the definition."""
    if flag[0] == "share":
        return sum(claimed) > flag[1] * len(claimed)
    return claimed[t] if true_if == "at_flag" else any(claimed[max(0, t - flag[2] + 1) : t + 1])


@cache
def flags_of(hits, claimed, flag, after="clear", true_if="in_window"):
    """(look, true) of each flag of one lesson, from the definition. `flag`: ("k", k, n) or ("share", x)."""
    L, out, since_clear, muted = len(hits), [], 0, False
    if flag[0] == "share":
        return [(L - 1, is_true(claimed, L - 1, flag, true_if))] if sum(hits) > flag[1] * L else []
    _, k, n = flag
    for t in range(L):
        window = hits[max(since_clear, t - n + 1) : t + 1]
        if sum(window) >= k and not muted:
            out.append((t, bool(is_true(claimed, t, flag, true_if))))
            if after == "clear":
                since_clear = t + 1
            muted = after == "mute lesson"
    return out


@cache
def spells_of(hits, claimed, flag, after, true_if):
    """(spells, spells without a flag) of one lesson."""
    at = [t for t, _ in flags_of(hits, claimed, flag, after, true_if)]
    spells = missed = t = 0
    while t < len(claimed):
        end = t
        while end < len(claimed) and claimed[end]:
            end += 1
        if end > t:
            spells += 1
            missed += not any(t <= a < end for a in at)
        t = end + 1
    return spells, missed


def paths(start, step, gap, looks, lessons):
    """Every path of states through a day, with its probability."""
    for path in itertools.product(range(len(start)), repeat=looks * lessons):
        p = start[path[0]]
        for i in range(1, len(path)):
            p *= (gap if i % looks == 0 else step)[path[i - 1]][path[i]]
        if p:
            yield path, p


def day(start, step, gap, hit, claimed, looks, lessons, flag, after="clear", true_if="in_window") -> Day:
    """Enumerate every path of a day of `lessons` lessons of `looks` looks."""
    found = Day()
    start, hit = [float(p) for p in start], [float(p) for p in hit]
    step, gap = ([[float(p) for p in row] for row in table] for table in (step, gap))
    certain = all(p in (0, 1) for p in hit)
    for path, p_path in paths(start, step, gap, looks, lessons):
        seen = tuple(bool(claimed[z]) for z in path)
        parts = [slice(i * looks, (i + 1) * looks) for i in range(lessons)]
        for part in parts:
            truths = [is_true(seen[part], t, flag, true_if) for t in range(looks)]
            found.random += p_path * sum(truths) / looks / lessons
        every = [tuple(hit[z] == 1 for z in path)] if certain else itertools.product((False, True), repeat=len(path))
        for hits in every:
            p = p_path * math.prod(hit[z] if h else 1 - hit[z] for z, h in zip(path, hits, strict=True))
            if p:
                _weigh(found, p, [(hits[part], seen[part]) for part in parts], (flag, after, true_if))
                for part in parts:
                    for t, _ in flags_of(hits[part], seen[part], flag, after, true_if):
                        z = path[part][t]
                        found.by_state[z] = found.by_state.get(z, 0.0) + p
    return found


def _weigh(found, p, lessons, rule):
    order = []
    for hits, claimed in lessons:
        truths = [true for _, true in flags_of(hits, claimed, *rule)]
        spells, missed = spells_of(hits, claimed, *rule)
        seen = any(claimed)
        order += truths
        found.true += p * sum(truths)
        found.false += p * (len(truths) - sum(truths))
        found.prevalence += p * seen
        found.unclaimed += p * (not seen)
        found.sensitivity += p * (seen and any(truths))
        found.false_positive += p * (not seen and bool(truths))
        found.spells += p * spells
        found.missed += p * missed
    false = order.count(False)
    found.any_false += p * (false > 0)
    found.no_false += p * (false == 0)
    found.only_true += p * (bool(order) and not false)
    found.counts[false] = found.counts.get(false, 0.0) + p
    found.flags[tuple(order)] = found.flags.get(tuple(order), 0.0) + p
