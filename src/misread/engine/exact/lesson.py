"""One lesson, exactly: a backward recursion over (state × automaton), whatever is asked of the flags.

Windows are empty when a lesson starts, so all that a lesson passes on is the pupil's state. Reading the
recursion backwards makes every transition of the automaton a gather: the value of standing before look t
in (automaton state a, pupil state z) is a mixture of values before look t + 1. A `Question` says what a
value is and what a look does to it; everything is a sum of products of probabilities, so that small
results keep their relative accuracy.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from misread.engine.chain.rules import FALSE_FLAG, TRUE_FLAG, Automaton

Array = NDArray[np.float64]


class Question(ABC):
    """What is asked of a lesson: values that a look changes, whatever axes they have.

    Every method takes values of shape (…, \\*axes) and returns values of the same shape.
    """

    @abstractmethod
    def at_end(self, states: int) -> Array:
        """Values after the last look, by state at that look: shape (states, \\*axes)."""

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:  # noqa: ARG002
        """The value before a look with a flag, given the value after it."""
        return value

    def looked(self, value: Array, claimed: bool) -> Array:  # noqa: ARG002
        """The value before a look without a flag, given the value after it."""
        return value


@dataclass(frozen=True)
class Outcomes(Question):
    """Expected numbers and chances of a lesson.

    Six values: true flags; false flags; P(a true flag); P(a claimed look); P(no claimed look);
    P(a flag and no claimed look).
    """

    def at_end(self, states: int) -> Array:
        """Nothing has happened after the end."""
        return np.tile([0.0, 0.0, 0.0, 0.0, 1.0, 0.0], (states, 1))

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:
        """Count the flag; the last value becomes "the rest of the lesson has no claimed look"."""
        value = self.looked(value, claimed)
        value[..., 0 if true else 1] += 1
        if true:
            value[..., 2] = 1
        value[..., 5] = value[..., 4]
        return value

    def looked(self, value: Array, claimed: bool) -> Array:
        """A claimed look settles the values that ask for one."""
        if claimed:
            value[..., 3:] = (1.0, 0.0, 0.0)
        return value


@dataclass(frozen=True)
class FlagsByState(Question):
    """Expected flags by the state at the look that fires. Axis: that state. Asked without claims."""

    def at_end(self, states: int) -> Array:
        """No flag comes any more."""
        return np.zeros((states, states))

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:  # noqa: ARG002
        """One more flag in the state that the pupil is in: without claims, states stand in their own order."""
        return np.asarray(value + np.eye(value.shape[-1])[:, None])


@dataclass(frozen=True)
class Spells(Question):
    """Spells of claimed looks: how many there are, and during how many no flag fires.

    Axes: the spell the last look belonged to (none, unflagged so far, flagged), then (spells, missed).
    """

    def at_end(self, states: int) -> Array:
        """A spell cut off unflagged by the bell is missed."""
        return np.tile([[0.0, 0.0], [0.0, 1.0], [0.0, 0.0]], (states, 1, 1))

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:  # noqa: ARG002
        """A flag saves the spell it falls into."""
        return _spell(value, 2 if claimed else 0, claimed)

    def looked(self, value: Array, claimed: bool) -> Array:
        """A claimed look opens or goes on with a spell; another ends it."""
        return _spell(value, 1 if claimed else 0, claimed)


@dataclass(frozen=True)
class FalseCounts(Question):
    """Joint law of the state at the last look and the flags of the lesson.

    Axes: state at the last look; then no flag, flags but none false, 1, 2, … `most` false flags or more.
    """

    most: int

    def at_end(self, states: int) -> Array:
        """No flag yet, and the state is what it is."""
        law = np.zeros((states, states, self.most + 2))
        law[:, :, 0] = np.eye(states)
        return law

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:  # noqa: ARG002
        """A true flag turns "none" into "none false"; a false one adds one to the count."""
        before = np.zeros_like(value)
        any_or_none = value[..., 0] + value[..., 1]
        if true:
            before[..., 1] = any_or_none
            before[..., 2:] = value[..., 2:]
        else:
            before[..., 2] = any_or_none
            before[..., 3:] = value[..., 2:-1]
            before[..., -1] += value[..., -1]
        return before


@dataclass(frozen=True)
class Moments(Question):
    """Powers 0, 1 and 2 of the number of flags, expected together with the state at the last look.

    Asked without claims. Axes: state at the last look; then the three powers.
    """

    def at_end(self, states: int) -> Array:
        """No flag yet, and the state is what it is."""
        law = np.zeros((states, states, 3))
        law[:, :, 0] = np.eye(states)
        return law

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:  # noqa: ARG002
        """(f + 1)² = f² + 2f + 1."""
        value[..., 2] += 2 * value[..., 1] + value[..., 0]
        value[..., 1] += value[..., 0]
        return value


@dataclass(frozen=True)
class JointCounts(Question):
    """Joint law of the state at the last look and the numbers of true and false flags.

    Axes: state at the last look; then `place` (true flags, false flags), as long as they add to `most` or less.
    Larger counts fall off the table.
    """

    most: int

    def at_end(self, states: int) -> Array:
        """No flag yet, and the state is what it is."""
        law = np.zeros((states, states, place(0, self.most) + 1))
        law[:, :, 0] = np.eye(states)
        return law

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:  # noqa: ARG002
        """One more flag of its kind."""
        return _one_more(value, true, self.most)


@dataclass(frozen=True)
class Visits(Question):
    """P(a flag brings the lesson's counts to (true, false)), by `place`, as long as they add to `most` or less."""

    most: int

    def at_end(self, states: int) -> Array:
        """No flag comes any more."""
        return np.zeros((states, place(0, self.most) + 1))

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:  # noqa: ARG002
        """Later visits have one more flag; this one visits (1, 0) or (0, 1)."""
        before = _one_more(value, true, self.most)
        before[..., place(int(true), int(not true))] += 1
        return before


def place(true: int, false: int) -> int:
    """Where counts of true and false flags stand: by their sum, then by the false ones."""
    both = true + false
    return both * (both + 1) // 2 + false


def _spell(value: Array, becomes: int, claimed: bool) -> Array:
    before = np.empty_like(value)
    before[..., :2, :] = value[..., None, becomes, :]
    before[..., 2, :] = value[..., 2 if claimed else 0, :]
    if claimed:
        before[..., 0, 0] += 1
    else:
        before[..., 1, 1] += 1
    return before


def _one_more(value: Array, true: bool, most: int) -> Array:
    before = np.zeros_like(value)
    for flags in range(most):
        first = place(int(true) + flags, int(not true))
        before[..., first : first + flags + 1] = value[..., place(flags, 0) : place(0, flags) + 1]
    return before


def ask(
    question: Question,
    automaton: Automaton,
    hit: Array,
    miss: Array,
    claimed: NDArray[np.bool_],
    step: Array,
    looks: int,
) -> Array:
    """Answer a question about one lesson, for every state it may start in.

    Parameters
    ----------
    question : Question
        What is asked.
    automaton : Automaton
        The rule.
    hit, miss : ndarray, shape (readings, states)
        P(a look is a hit | state), P(it is none | state); they add to 1. A reading is one stratum seen through
        one emission table.
    claimed : ndarray of bool, shape (states,)
        States the flag claims.
    step : ndarray, shape (readings, states, states)
        Transition probabilities from look to look.
    looks : int
        Looks in the lesson.

    Returns
    -------
    ndarray, shape (readings, states, \\*axes of the question)
    """
    readings, states = hit.shape
    # Unclaimed states first: each kind is then a slice, which costs no copy.
    order = np.argsort(claimed, kind="stable")
    hit, miss, step = hit[:, order], miss[:, order], step[:, order][:, :, order]
    unclaimed = states - int(claimed.sum())
    end = question.at_end(states)[order]
    axes = end.shape[1:]
    spread = (..., *(None,) * (1 + len(axes)))
    # What no pupil can do leads nowhere: a perfect reader, whose hits are the claims, goes through few states.
    ways = [
        _Way(is_hit, is_claimed, where, p[:, where][spread])
        for is_claimed, where in ((False, slice(0, unclaimed)), (True, slice(unclaimed, states)))
        for is_hit, p in ((False, miss), (True, hit))
        if p[:, where].any()
    ]
    reached = automaton.reached(looks, [(way.hit, way.claimed) for way in ways])
    turns: list[_Turn] = []
    # after[r, z, i]: value after a look (before the next), for the i-th automaton state that can stand there.
    after = np.broadcast_to(end[:, None], (readings, states, len(reached[looks]), *axes))
    for look in reversed(range(looks)):
        if look < looks - 1:
            after = np.matmul(step, after.reshape(readings, states, -1)).reshape(after.shape)
        here, there = reached[look], reached[look + 1]
        # Most looks of a long lesson lead from the same automaton states to the same as the look after them.
        if look >= looks - 2 or not (np.array_equal(here, there) and np.array_equal(there, reached[look + 2])):
            fires = look == looks - 1 or not automaton.at_end
            turns = _turns(automaton, here, there, ways, fires)
        before = np.empty((readings, states, len(here), *axes))
        begun = None
        for way, turn in zip(ways, turns, strict=True):
            value = _read(question, after[:, way.where].take(turn.to, axis=2), turn, way.claimed)
            if way.claimed is not begun:
                np.multiply(value, way.chance, out=before[:, way.where])
            else:
                value *= way.chance
                before[:, way.where] += value
            begun = way.claimed
        after = before
    answer = np.empty_like(after[:, :, 0])
    answer[:, order] = after[:, :, 0]
    return answer


class _Way(NamedTuple):
    """How a look can go: a hit or none, in states that the rule claims or others; and P(it is so read | state)."""

    hit: bool
    claimed: bool
    where: slice
    chance: Array


class _Turn(NamedTuple):
    """What a look does to the automaton: where its states go, and which of them fire a true flag, or a false one."""

    to: NDArray[np.intp]
    fired: tuple[tuple[bool, NDArray[np.intp]], ...]


def _turns(
    automaton: Automaton, here: NDArray[np.intp], there: NDArray[np.intp], ways: list[_Way], fires: bool
) -> list[_Turn]:
    """A turn for each way, from the automaton states before a look to those after it, by their places among them."""
    position = np.zeros(automaton.size, dtype=np.intp)
    position[there] = np.arange(len(there))
    following, event = position[automaton.next[here]], automaton.event[here]
    turns = []
    for way in ways:
        events = event[:, int(way.hit), int(way.claimed)]
        fired = [(kind == TRUE_FLAG, np.flatnonzero(events == kind)) for kind in (TRUE_FLAG, FALSE_FLAG) if fires]
        to = following[:, int(way.hit), int(way.claimed)]
        turns.append(_Turn(to, tuple((true, at) for true, at in fired if len(at))))
    return turns


def _read(question: Question, value: Array, turn: _Turn, claimed: bool) -> Array:
    """Apply a look to values gathered by automaton state (third axis); may change `value`."""
    fired = [(at, question.flagged(value.take(at, axis=2), true, claimed)) for true, at in turn.fired]
    value = question.looked(value, claimed)
    for at, flagged in fired:
        value[:, :, at] = flagged
    return value
