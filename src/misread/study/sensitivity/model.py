"""A finding as a plain function of points: u in the unit cube, one value a point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment, ranges, resolve_profiles
from misread.deployment.ranges import Range
from misread.errors import MisreadError, Problem
from misread.profile import Profile
from misread.study.exact.draws import Draws, cells_of
from misread.study.exact.points import Rows, measured_in, stacks
from misread.study.sensitivity.inputs import Input, inputs_of, open_ranges
from misread.study.sensitivity.target import Target

Array = NDArray[np.float64]
Evaluate = Callable[[Array], Array]
"""Points of shape (points, dimensions), each in the unit cube, to values of shape (points,)."""

AT_ONCE = 256
"""Points that one worker takes at a time."""


@dataclass(frozen=True, eq=False)
class Model:
    """One finding of a deployment, wherever what is left open lies.

    Attributes
    ----------
    deployment : Deployment
        As stated.
    profiles : mapping of str to Profile
        Its profiles, resolved.
    target : Target
        The finding.
    inputs : tuple of Input
        What is left open.
    """

    deployment: Deployment
    profiles: Mapping[str, Profile]
    target: Target
    inputs: tuple[Input, ...]

    @classmethod
    def of(cls, deployment: Deployment, profiles: Mapping[str, Profile], target: Target) -> Model:
        """The finding with all that the deployment leaves open."""
        return cls(deployment, profiles, target, inputs_of(deployment, profiles))

    def __call__(self, points: Array) -> Array:
        """The finding at points of shape (points, dimensions): ranges drawn evenly, rows from their posteriors."""
        layout = cells_of(self.profiles, open_ranges(self.deployment))
        draws = Draws({cell: i for i, cell in enumerate(layout)}, points)
        columns = [(i.what, i.columns[0]) for i in self.inputs if isinstance(i.what, Range)]
        variants = (
            ranges.at(self.deployment, {r.path: r.along(float(point[c])) for r, c in columns}) for point in points
        )
        # As few gamma quantiles as can be: at once, unless a range moves the profiles themselves.
        fixed = {} if self._moves_profiles else {name: draws.rows(p) for name, p in self.profiles.items()}

        def rows(i: int, here: Mapping[str, Profile]) -> Mapping[str, Array]:
            if fixed:
                return {name: table[i : i + 1] for name, table in fixed.items()}
            return {name: draws.rows(p, slice(i, i + 1)) for name, p in here.items()}

        return self.measured(variants, rows, len(points))

    def measured(self, variants: Iterable[Deployment], rows: Rows, count: int) -> Array:
        """The finding of variants of the deployment, with rows of their profiles: shape (count,)."""
        read = resolve_profiles if self._moves_profiles else lambda _: self.profiles
        quantities = measured_in(stacks(variants, read, rows), count, wanted=self.target.wanted)
        (q,) = (q for q in quantities if q.key == self.target.key)
        values = np.broadcast_to(q.samples, count).astype(float)
        if missing := int(np.isnan(values).sum()):
            raise MisreadError(
                Problem(
                    f"{self.target.id} has no value at {missing} of {count} points inside the ranges: what it is a "
                    "share of never happens there.",
                    expected="a finding with a value everywhere.",
                    mend="ask about another finding, or narrow the ranges that let it vanish.",
                    file="--finding",
                )
            )
        return values

    @property
    def _moves_profiles(self) -> bool:
        return any(r.path[0] == "classifier" for r in open_ranges(self.deployment))


def spread(evaluate: Evaluate, executor: Executor | None, step: Callable[[int], None]) -> Evaluate:
    """The same function, a few points at a time, on workers if there are some.

    The parts do not depend on the workers, so neither do the values.

    Parameters
    ----------
    evaluate : callable
        From points to values.
    executor : Executor, optional
        Where it is called; here if None.
    step : callable
        Called with the number of points whose values have come.
    """

    def spread_out(points: Array) -> Array:
        parts = [points[i : i + AT_ONCE] for i in range(0, len(points), AT_ONCE)]
        values = []
        for found in map(evaluate, parts) if executor is None else executor.map(evaluate, parts):
            values.append(found)
            step(len(found))
        return np.concatenate(values)

    return spread_out
