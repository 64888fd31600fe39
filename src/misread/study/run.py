"""One deployment, from tables to findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment, digest, resolve_profiles, unsupported
from misread.engine.chain import compile_chain, compile_rules
from misread.engine.exact import Progress
from misread.engine.markov import Array
from misread.engine.sizes import refuse_what_does_not_fit
from misread.errors import MisreadError
from misread.findings.measure import measure
from misread.findings.pooling import Quantity
from misread.findings.summary import Open, summarise
from misread.findings.table import Findings
from misread.profile import Profile
from misread.study.draws import Cell, Draws, cells_of, drawn, drawn_rows
from misread.study.points import stacks
from misread.version import __version__

DRAWS = 256
SEED = 1
AT_ONCE = 512
"""Most points measured at once."""


@dataclass(frozen=True, eq=False)
class Measured:
    """A deployment and what was measured of it, draws kept.

    Attributes
    ----------
    deployment : Deployment
        What was measured.
    profiles : mapping of str to Profile
        Its profiles, resolved.
    quantities : tuple of Quantity
        What was measured, at the profiles as stated and at each draw.
    findings : Findings
        The same, summed up.
    draws : int
        Draws that were asked for.
    """

    deployment: Deployment
    profiles: Mapping[str, Profile]
    quantities: tuple[Quantity, ...]
    findings: Findings
    draws: int


def measured(
    deployment: Deployment,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    layout: Sequence[Cell] | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Run the exact engine on a deployment.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    draws : int
        Draws from the profiles' posteriors and from stated ranges that intervals rest on; 0 for none.
    seed : int
        Seed of the quasi-random points.
    layout : sequence, optional
        Which point belongs to what is uncertain, where several deployments are compared.
    progress : callable, optional
        Called with (work done, work in all) now and then.

    Raises
    ------
    MisreadError
        If the deployment asks for what no engine computes yet, or its tables would not fit.
    """
    if problems := unsupported(deployment):
        raise MisreadError(problems)
    refuse_what_does_not_fit(deployment, compile_rules(deployment), draws)
    profiles = resolve_profiles(deployment)
    cells = cells_of(profiles, deployment.ranges)
    if draws and deployment.ranges:
        points = drawn(cells if layout is None else layout, draws, seed)
        quantities = _at_points(deployment, profiles, points, progress)
    else:
        chain = compile_chain(deployment, profiles)
        rows = drawn_rows(profiles, drawn(cells if layout is None else layout, draws, seed))
        quantities = measure(chain, deployment, chain.emissions(rows), progress)
    findings = Findings(
        rows=summarise(quantities, _open(deployment, draws, bool(cells))),
        title=deployment.title,
        sha256=digest(deployment),
        engine="exact",
        step=None,
        seed=seed,
        version=__version__,
    )
    return Measured(deployment, profiles, quantities, findings, draws)


def _open(deployment: Deployment, draws: int, uncertain: bool) -> Open:
    of = "the profiles and of stated ranges" if deployment.ranges else "the profiles"
    if not draws:
        return Open(of, "no draws were asked for")
    if not uncertain:
        return Open(of, "nothing states how many faces the profiles rest on")
    return Open(of, "nothing it rests on has a stated uncertainty")


def _at_points(
    deployment: Deployment, profiles: Mapping[str, Profile], draws: Draws, progress: Progress | None
) -> tuple[Quantity, ...]:
    """Quantities at the deployment as stated, then at each draw of its profiles and ranges."""
    ranges, count = deployment.ranges, len(draws.points)
    points = [{}, *(draws.values(ranges, i) for i in range(count))]
    # As few gamma quantiles as can be: at once, unless a range moves the profiles themselves.
    fixed = drawn_rows(profiles, draws)

    def rows(i: int, here: Mapping[str, Profile]) -> Mapping[str, Array]:
        if here is profiles or i == 0:
            return {name: table[i : i + 1] if len(table) > 1 else table for name, table in fixed.items()}
        return {name: draws.rows(p, slice(i - 1, i)) for name, p in here.items()}

    parts, done = [], 0
    for stack in stacks(deployment, profiles, points, rows, at_once=AT_ONCE):
        size = len(stack.index)
        step = (lambda part, of, d=done, n=size: progress(d * of + part * n, (1 + count) * of)) if progress else None
        parts.append((stack.index, measure(stack.chain, stack.deployment, stack.emission, step)))
        done += size
    return merged(parts, 1 + count)


def merged(parts: Sequence[tuple[NDArray[np.intp], tuple[Quantity, ...]]], count: int) -> tuple[Quantity, ...]:
    """Quantities measured at some points each, as quantities at all of them.

    Parameters
    ----------
    parts : sequence of (ndarray of int, tuple of Quantity)
        Which points, and what was measured there: the same quantities each time.
    count : int
        How many points there are.
    """
    out = []
    for quantities in zip(*(q for _, q in parts), strict=True):
        samples = np.empty(count)
        for (index, _), q in zip(parts, quantities, strict=True):
            samples[index] = q.samples
        first = next(q for (index, _), q in zip(parts, quantities, strict=True) if 0 in index)
        alone = all(len(q.samples) == 1 for q in quantities)
        still = alone and np.isclose(samples, samples[0], rtol=1e-9, atol=0, equal_nan=True).all()
        out.append(replace(first, samples=samples[:1] if still else samples))
    return tuple(out)
