"""What a pupil goes through and shows: states, and faces that last, in each kind of lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from misread.deployment.model import Age, Deployment, Group
from misread.engine.chain.markov import Array, adding_to_one, generator, stationary, transition

Factors = Mapping[str, float]
Key = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Process:
    """One stratum's tables in one epoch: axes as in `Chain`, from the situations on."""

    start: Array
    step: Array
    gap: Array
    shown: Array


class Displays:
    """Displays with the traits that act on them.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    expressions : sequence of str
        Columns of the tables.
    """

    def __init__(self, deployment: Deployment, expressions: Sequence[str]) -> None:
        self.expressions = tuple(expressions)
        self._states = deployment.pupil.states
        self._rows = deployment.display
        self._traits = deployment.traits

    def of(self, name: str, nodes: Sequence[float]) -> Array:
        """P(expression | state) of a display for a pupil with some traits: shape (states, expressions)."""
        rows = self._rows[name]
        table = np.array([[rows[s].get(x, 0.0) for x in self.expressions] for s in self._states])
        for trait, u in zip(self._traits, nodes, strict=True):
            if trait.acts_on == "display" and trait.expression in self.expressions:
                table[:, self.expressions.index(trait.expression)] *= np.exp(trait.sd * u)
        return adding_to_one(table)


class Processes:
    """Tables of the pupils' own processes; what pupils share is computed once.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    displays : Displays
        What faces show.
    interval, left, rest : float
        Minutes from look to look, from a lesson's last look to its end, and of a break.
    """

    def __init__(self, deployment: Deployment, displays: Displays, interval: float, left: float, rest: float) -> None:
        self._deployment, self._displays = deployment, displays
        self._interval, self._left, self._rest = interval, left, rest
        states, shown = len(deployment.pupil.states), len(displays.expressions)
        self.state: NDArray[np.intp] = np.arange(states) if deployment.face is None else np.repeat(range(states), shown)
        self._moves = lru_cache(maxsize=None)(self._moved)

    def of(self, group: Group, age: Age | None, nodes: Sequence[float]) -> Process:
        """Tables of a pupil of a group, at an age, with some traits.

        Parameters
        ----------
        group : Group
            The group.
        age : Age or None
            What is in force.
        nodes : sequence of float
            The pupil's traits, in standard deviations.
        """
        own = (age and age.display) or group.display
        lasting = self._lasting(age, nodes)
        resting = self._displays.of(own, nodes)
        situations = [(s.mean_minutes, s.display) for s in self._deployment.situations] or [({}, None)]
        starts, steps, gaps, showns = [], [], [], []
        for factors, display in situations:
            shown = self._displays.of(display, nodes) if display else resting
            inside = tuple(m * factors.get(s, 1.0) for s, m in zip(self._deployment.pupil.states, lasting, strict=True))
            start, step, gap = self._moves(lasting, inside, *self._faces(resting, shown))
            starts.append(start)
            steps.append(step)
            gaps.append(gap)
            showns.append(shown if self._deployment.face is None else np.tile(np.eye(shown.shape[1]), (len(shown), 1)))
        return Process(starts[0], np.array(steps), np.array(gaps), np.array(showns))

    def _faces(self, resting: Array, shown: Array) -> tuple[bytes, bytes]:
        """What tells two displays apart; where faces hold no longer than a look, only whether they differ."""
        keys = _key(resting), _key(shown)
        return keys if self._deployment.face is not None else (b"", b"" if keys[0] == keys[1] else b"other")

    def _lasting(self, age: Age | None, nodes: Sequence[float]) -> Key:
        """Mean minutes of the states, all day."""
        minutes = dict(self._deployment.pupil.mean_minutes)
        for state, factor in (age.mean_minutes if age else {}).items():
            minutes[state] *= factor
        for trait, u in zip(self._deployment.traits, nodes, strict=True):
            if trait.acts_on == "state":
                minutes[trait.state] *= float(np.exp(trait.sd * u))
        return tuple(minutes[s] for s in self._deployment.pupil.states)

    def _moved(self, lasting: Key, inside: Key, resting: bytes, shown: bytes) -> tuple[Array, Array, Array]:
        """Law of the first look, and transitions from look to look and from lesson to lesson."""
        base, lesson = self._rates(lasting), self._rates(inside)
        start = stationary(base)
        if self._deployment.face is not None:
            D0, D = (np.frombuffer(d).reshape(len(start), -1) for d in (resting, shown))
            start = (start[:, None] * D0).ravel()
            hold = self._deployment.face.hold_minutes
            base, lesson = _with_faces(base, D0, hold), _with_faces(lesson, D, hold)
        if inside == lasting and resting == shown:
            # In one process throughout, one exponential covers the rest of the lesson and the break.
            return start, transition(lesson, self._interval), transition(base, self._left + self._rest)
        gap = adding_to_one(transition(lesson, self._left) @ transition(base, self._rest))
        return start, transition(lesson, self._interval), gap

    def _rates(self, minutes: Key) -> Array:
        pupil = self._deployment.pupil
        return generator(pupil.model_copy(update={"mean_minutes": dict(zip(pupil.states, minutes, strict=True))}))


def _key(table: Array) -> bytes:
    return np.ascontiguousarray(table).tobytes()


def _with_faces(Q: Array, display: Array, hold: float) -> Array:
    """Rates of (state, expression): the face is drawn anew at each change of state, and at rate 1/hold."""
    states, shown = display.shape
    rates = np.zeros((states, shown, states, shown))
    for z in range(states):
        for x in range(shown):
            rates[z, x] = Q[z][:, None] * display
            rates[z, x, z] = display[z] / hold
    joint = rates.reshape(states * shown, states * shown)
    np.fill_diagonal(joint, 0)
    np.fill_diagonal(joint, -joint.sum(axis=1))
    return joint
