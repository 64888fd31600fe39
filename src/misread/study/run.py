"""One deployment, from tables to findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from misread.deployment import Deployment, digest, resolve_profiles, unsupported
from misread.engine.chain import compile_chain, compile_rules
from misread.engine.exact import Progress
from misread.engine.sizes import refuse_what_does_not_fit
from misread.errors import MisreadError
from misread.findings.measure import measure
from misread.findings.pooling import Quantity
from misread.findings.summary import Open, summarise
from misread.findings.table import Findings
from misread.profile import Profile
from misread.study.draws import Cell, cells_of, drawn, drawn_rows
from misread.study.points import measured_at
from misread.version import __version__

DRAWS = 256
SEED = 1


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
        quantities = measured_at(deployment, profiles, points, progress)
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
