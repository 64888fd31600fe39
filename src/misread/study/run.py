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
from misread.findings.summary import summarise
from misread.findings.table import Findings
from misread.profile import Profile
from misread.study.draws import Row, drawn_rows
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
    layout: Sequence[Row] | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Run the exact engine on a deployment.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    draws : int
        Draws from the profiles' posteriors that intervals rest on; 0 for none.
    seed : int
        Seed of the quasi-random points.
    layout : sequence, optional
        Which point belongs to which cell of the profiles, where several deployments are compared.
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
    chain = compile_chain(deployment, profiles)
    emission = chain.emissions(drawn_rows(profiles, draws, seed, layout))
    quantities = measure(chain, deployment, emission, progress)
    if not draws:
        reason = "no draws were asked for"
    elif len(emission) == 1:
        reason = "nothing states how many faces the profiles rest on"
    else:
        reason = "nothing it rests on has a stated uncertainty"
    findings = Findings(
        rows=summarise(quantities, reason),
        title=deployment.title,
        sha256=digest(deployment),
        engine="exact",
        step=None,
        seed=seed,
        version=__version__,
    )
    return Measured(deployment, profiles, quantities, findings, draws)
