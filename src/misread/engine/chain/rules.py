"""Rules as minimised automata that read (hit, claimed) at each look.

An automaton starts each lesson in state 0. What it remembers is where the hits of its window lie and,
where a flag's truth depends on the window, how long ago the pupil was last in a claimed state.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Rule
from misread.deployment.model.flags import ShareOver, TopOfClass, parse_flag

NO_FLAG, TRUE_FLAG, FALSE_FLAG = 0, 1, 2
MOST_STATES = 200_000
"""Automata larger than this before minimising are refused: building them alone would take minutes."""

ANY_WAY = ((False, False), (False, True), (True, False), (True, True))
"""All that a look can be: (hit, claimed)."""

Ints = NDArray[np.intp]
State = tuple[Any, ...]
Step = Callable[[State, bool, bool], tuple[State, int]]


@dataclass(frozen=True, eq=False)
class Automaton:
    """A rule that reads one look at a time.

    Attributes
    ----------
    next : ndarray of int, shape (states, 2, 2)
        Next state by [state, hit, claimed].
    event : ndarray of int, shape (states, 2, 2)
        `NO_FLAG`, `TRUE_FLAG` or `FALSE_FLAG`, by [state, hit, claimed].
    at_end : bool
        Whether events count at the lesson's last look only.
    memory : tuple
        For each state, one memory it stands for: (ages of the hits, newest first; looks since a claimed
        state or None), ``("muted",)``, or (hits, claimed looks) of a share rule.
    """

    next: Ints
    event: Ints
    at_end: bool
    memory: tuple[State, ...]

    @property
    def size(self) -> int:
        """Number of states."""
        return len(self.next)

    def reached(self, looks: int, ways: Sequence[tuple[bool, bool]] = ANY_WAY) -> list[Ints]:
        """States it can be in before look 0, 1, …, `looks`, if every look is one of `ways`: (hit, claimed)."""
        hit, claimed = np.array(ways, dtype=np.intp).T
        next_ = self.next[:, hit, claimed]
        sets = [np.zeros(1, dtype=np.intp)]
        for _ in range(looks):
            there = np.zeros(self.size, dtype=np.bool_)
            there[next_[sets[-1]]] = True
            sets.append(np.flatnonzero(there))
        return sets

    def most_flags(self, looks: int, kinds: tuple[int, ...]) -> int:
        """Most events of `kinds` that a lesson of `looks` looks can bring."""
        counted = np.isin(self.event, kinds)
        most = np.zeros(self.size, dtype=np.intp)
        for left in range(looks):
            counts = counted if left == 0 or not self.at_end else np.zeros_like(counted)
            most = (most[self.next] + counts).max(axis=(1, 2))
        return int(most[0])


def obstacle(rule: Rule, looks: int) -> tuple[str, str, str] | None:
    """Why a rule's automaton is too large, what would not be, and the mend; None if it is not."""
    flag = parse_flag(rule.flag)
    if isinstance(flag, TopOfClass):
        return None
    if isinstance(flag, ShareOver):
        size = (math.floor(flag.share * looks) + 2) ** 2
        what, smaller = "pairs of counts", "look less often, or ask for a smaller share"
    else:
        size = expected_size(flag.k, min(flag.n, looks), rule.after_flag, rule.true_if)
        what, smaller = "windows", 'shorten the window, or set true_if = "at_flag", which remembers less'
    if size <= MOST_STATES:
        return None
    return (
        f"Rule {rule.name!r} ({rule.flag}) must tell up to {size:,} different {what} apart.",
        f"at most {MOST_STATES:,}.",
        f"{smaller}.",
    )


def automaton(rule: Rule, looks: int) -> Automaton:
    """The smallest automaton that flags as `rule` does in lessons of `looks` looks, if it has no `obstacle`."""
    flag = parse_flag(rule.flag)
    assert not isinstance(flag, TopOfClass)
    if isinstance(flag, ShareOver):
        return share_over(math.floor(flag.share * looks))
    # A window as long as the lesson never slides: remembering more ages would change nothing.
    return k_of_last(flag.k, min(flag.n, looks), rule.after_flag, rule.true_if)


def expected_size(k: int, n: int, after: str, true_if: str) -> int:
    """States of `k_of_last` before minimising: windows that can still decide anything, times looks since a claim."""
    # With j < k hits the oldest is j + n − 1 − k looks old at most: Σⱼ C(n − k + j, j) = C(n, k − 1) windows.
    windows = math.comb(n, k - 1) + (math.comb(n - 1, k) if after == "keep" else 0)
    return windows * (n if true_if == "in_window" else 1) + (after == "mute lesson")


@lru_cache(maxsize=64)
def k_of_last(k: int, n: int, after: str, true_if: str) -> Automaton:
    """Fires at every look at which the last `n` looks hold at least `k` hits (docs/deployment-file.md).

    Parameters
    ----------
    k, n : int
        1 ≤ k ≤ n.
    after : {"clear", "mute lesson", "keep"}
        What a flag does to the window.
    true_if : {"in_window", "at_flag"}
        Whether a claimed state anywhere in the window makes the flag true, or only one at the look that fires.
    """
    windowed = true_if == "in_window"

    def step(state: State, hit: bool, claimed: bool) -> tuple[State, int]:
        if state == ("muted",):
            return state, NO_FLAG
        ages, since = state
        seen = ((0,) if hit else ()) + tuple(a + 1 for a in ages if a + 1 < n)
        # Only the k newest hits can decide anything later.
        seen = seen[:k]
        since = 0 if claimed else since + 1 if since is not None and since + 1 < n else None
        true = since is not None if windowed else claimed
        fires = len(seen) == k
        event = (TRUE_FLAG if true else FALSE_FLAG) if fires else NO_FLAG
        if fires and after == "mute lesson":
            return ("muted",), event
        if fires and after == "clear":
            seen = ()
        # What ages out at the next look is forgotten now, which makes equal states equal.
        kept = tuple(a for a in seen if a + 1 < n)
        # So is an oldest hit that will have left the window before k hits can be in it.
        while kept and len(kept) + n - 1 - kept[-1] < k:
            kept = kept[:-1]
        still = since if windowed and since is not None and since + 1 < n else None
        return (kept, still), event

    return minimised(step, ((), None))


@lru_cache(maxsize=64)
def share_over(most: int) -> Automaton:
    """Fires at the lesson's last look if more than `most` looks were hits; true if more than `most` were claimed.

    Two counters that stop at most + 1. No two of its states are alike, so that nothing is left to minimise.
    """
    size = most + 2
    hits, claims = np.divmod(np.arange(size**2), size)
    look = np.arange(2)
    hits = np.minimum(hits[:, None, None] + look[:, None], most + 1)
    claims = np.minimum(claims[:, None, None] + look, most + 1)
    event = np.where(hits <= most, NO_FLAG, np.where(claims > most, TRUE_FLAG, FALSE_FLAG))
    return Automaton(
        next=hits * size + claims,
        event=event,
        at_end=True,
        memory=tuple((h, c) for h in range(size) for c in range(size)),
    )


def minimised(step: Step, start: State) -> Automaton:
    """Explore `step` from `start`, then merge states that no future can tell apart (Moore 1956)."""
    number = {start: 0}
    queue = [start]
    following: list[list[int]] = []
    events: list[list[int]] = []
    for state in queue:
        outcomes = [step(state, hit, claimed) for hit in (False, True) for claimed in (False, True)]
        for reached, _ in outcomes:
            if reached not in number:
                number[reached] = len(queue)
                queue.append(reached)
        following.append([number[reached] for reached, _ in outcomes])
        events.append([event for _, event in outcomes])
    nxt, event = np.array(following, dtype=np.intp), np.array(events, dtype=np.intp)
    block = np.zeros(len(nxt), dtype=np.intp)
    count, beyond = 0, max(len(nxt), FALSE_FLAG + 1)
    while True:
        # States stay together while their events, and the blocks they lead to, are the same.
        for column in (*event.T, *block[nxt].T):
            _, first, block = np.unique(block * beyond + column, return_index=True, return_inverse=True)
        if len(first) == count:
            break
        count = len(first)
    # Blocks numbered by their first state in order of exploration, so that the start is state 0.
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(count)
    keep = first[order]
    shape = (count, 2, 2)
    return Automaton(
        next=rank[block[nxt[keep]]].reshape(shape),
        event=event[keep].reshape(shape),
        at_end=False,
        memory=tuple(queue[i] for i in keep),
    )
