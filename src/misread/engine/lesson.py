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

import numpy as np
from numpy.typing import NDArray

from misread.engine.rules import FALSE_FLAG, TRUE_FLAG, Automaton

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

    Axes: state at the last look; then no flag, flags but none false, 1, 2, … `most` false flags.
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
        return before


@dataclass(frozen=True)
class JointCounts(Question):
    """Joint law of the state at the last look and the numbers of true and false flags, up to `most` each.

    Axes: state at the last look; true flags; false flags. Larger counts fall off the table.
    """

    most: int

    def at_end(self, states: int) -> Array:
        """No flag yet, and the state is what it is."""
        law = np.zeros((states, states, self.most + 1, self.most + 1))
        law[:, :, 0, 0] = np.eye(states)
        return law

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:  # noqa: ARG002
        """One more flag of its kind."""
        return _one_more(value, true)


@dataclass(frozen=True)
class Visits(Question):
    """P(a flag brings the lesson's counts to (true, false)), up to `most` each. Axes: true; false."""

    most: int

    def at_end(self, states: int) -> Array:
        """No flag comes any more."""
        return np.zeros((states, self.most + 1, self.most + 1))

    def flagged(self, value: Array, true: bool, claimed: bool) -> Array:  # noqa: ARG002
        """Later visits have one more flag; this one visits (1, 0) or (0, 1)."""
        before = _one_more(value, true)
        before[..., int(true), int(not true)] += 1
        return before


def _spell(value: Array, becomes: int, claimed: bool) -> Array:
    before = np.empty_like(value)
    before[..., :2, :] = value[..., None, becomes, :]
    before[..., 2, :] = value[..., 2 if claimed else 0, :]
    if claimed:
        before[..., 0, 0] += 1
    else:
        before[..., 1, 1] += 1
    return before


def _one_more(value: Array, true: bool) -> Array:
    before = np.zeros_like(value)
    if true:
        before[..., 1:, :] = value[..., :-1, :]
    else:
        before[..., :, 1:] = value[..., :, :-1]
    return before


def ask(
    question: Question, automaton: Automaton, hit: Array, miss: Array, claimed: NDArray[np.bool_], step: Array, looks: int
) -> Array:
    """Answer a question about one lesson, for every state it may start in.

    Parameters
    ----------
    question : Question
        What is asked.
    automaton : Automaton
        The rule.
    hit, miss : ndarray, shape (strata, states)
        P(a look is a hit | state), P(it is none | state); they add to 1.
    claimed : ndarray of bool, shape (states,)
        States the flag claims.
    step : ndarray, shape (strata, states, states)
        Transition probabilities from look to look.
    looks : int
        Looks in the lesson.

    Returns
    -------
    ndarray, shape (strata, states, \\*axes of the question)
    """
    strata, states = hit.shape
    end = question.at_end(states)
    axes = end.shape[1:]
    reached = automaton.reached(looks)
    # before[a, r, z]: value before a look, for the automaton states that can stand there.
    after = np.broadcast_to(end, (len(reached[looks]), strata, *end.shape))
    position = np.zeros(automaton.size, dtype=np.intp)
    for look in reversed(range(looks)):
        if look < looks - 1:
            flat = after.reshape(*after.shape[:3], -1)
            after = np.matmul(step, flat).reshape(after.shape)
        position[reached[look + 1]] = np.arange(len(reached[look + 1]))
        here = reached[look]
        before = np.zeros((len(here), strata, states, *axes))
        for is_claimed in (False, True):
            where = np.flatnonzero(claimed == is_claimed)
            if not len(where):
                continue
            values = after if len(where) == states else after[:, :, where]
            total: Array | float = 0.0
            for is_hit, p in ((False, miss), (True, hit)):
                chance = p[:, where]
                if not chance.any():
                    continue
                chosen = values[position[automaton.next[here, int(is_hit), int(is_claimed)]]]
                events = automaton.event[here, int(is_hit), int(is_claimed)]
                if automaton.at_end and look < looks - 1:
                    events = np.zeros_like(events)
                chosen = _read(question, chosen, events, is_claimed)
                chosen *= chance.reshape(*chance.shape, *(1,) * len(axes))
                total = total + chosen
            before[:, :, where] = total
        after = before
    return after[0]


def _read(question: Question, value: Array, events: NDArray[np.intp], claimed: bool) -> Array:
    """Apply a look to values gathered by automaton state (first axis); may change `value`."""
    fires = events > 0
    if not fires.any():
        return question.looked(value, claimed)
    out = np.empty_like(value)
    quiet = ~fires
    out[quiet] = question.looked(value[quiet], claimed)
    for kind in (TRUE_FLAG, FALSE_FLAG):
        rows = events == kind
        if rows.any():
            out[rows] = question.flagged(value[rows], kind == TRUE_FLAG, claimed)
    return out
