"""One deployment, from tables to findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from misread.deployment import Deployment, digest, resolve_profiles, unsupported
from misread.deployment.model.flags import TopOfClass, parse_flag
from misread.engine.chain import compile_chain, compile_rules
from misread.engine.exact.day import Progress
from misread.engine.exact.hiding.beyond import beyond
from misread.engine.exact.sizes import Size, refuse_what_does_not_fit
from misread.errors import MisreadError
from misread.findings.measure import measure
from misread.findings.pooling import Quantity
from misread.findings.summary import Open, summarise
from misread.findings.table import Findings
from misread.profile import Profile
from misread.study.exact.draws import Cell, cells_of, drawn, drawn_rows
from misread.study.exact.points import measured_at
from misread.version import __version__

DRAWS = 256
FEWEST = 39
"""So many that 95 % lie between the lowest and the highest; drawn where flags hide faces, which takes longer."""
SEED = 1
MANY = 1_000
"""Strata times levels of hiding faces from which on no draws are made unless they are asked for."""


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
        What the exact engine measured, at the profiles as stated and at each draw.
    findings : Findings
        All that was measured, summed up.
    draws : int
        Draws that intervals rest on.
    schools : int or None
        Schools sampled; None where nothing was.
    left_out : tuple of str
        What the engine that was asked for does not have, in words.
    """

    deployment: Deployment
    profiles: Mapping[str, Profile]
    quantities: tuple[Quantity, ...]
    findings: Findings
    draws: int
    schools: int | None = None
    left_out: tuple[str, ...] = ()


def measured(
    deployment: Deployment,
    *,
    draws: int | None = None,
    seed: int = SEED,
    layout: Sequence[Cell] | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Run the exact engine on a deployment.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    draws : int, optional
        Draws from the profiles' posteriors and from stated ranges that intervals rest on; 0 for none. By default as
        `default_draws` says.
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
    left = None
    if draws is None:
        draws, left = default_draws(deployment)
    refuse_what_does_not_fit(deployment, compile_rules(deployment)[0], draws)
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
        rows=summarise(quantities, _open(deployment, draws, bool(cells), left)),
        title=deployment.title,
        sha256=digest(deployment),
        engine="exact",
        step=None,
        seed=seed,
        version=__version__,
    )
    return Measured(deployment, profiles, quantities, findings, draws, left_out=tuple(needs_samples(deployment)))


def default_draws(deployment: Deployment) -> tuple[int, str | None]:
    """Draws where nobody says how many, and why there are none if there are none."""
    size = Size.of(deployment)
    if (many := size.strata * size.levels) <= MANY:
        return (DRAWS if size.levels == 1 else FEWEST), None
    what = f"{size.strata:,} kinds of pupils on their seats"
    what += f" times {size.levels:,} levels of hiding faces" if size.levels > 1 else ""
    return 0, f"no draws are made where {what} ({many:,}) exceed {MANY:,}, unless --draws asks for them"


def refuse_many(deployment: Deployment) -> None:
    """Refuse deployments of which one evaluation takes so long that thousands would take days.

    Raises
    ------
    MisreadError
        With the number, and what to take out.
    """
    size = Size.of(deployment)
    if (many := size.strata * size.levels) > MANY:
        path = ("feedback",) if size.levels > 1 else ("traits",)
        raise MisreadError(
            deployment.origin.problem(
                path,
                f"{size.strata:,} kinds of pupils on their seats times {size.levels:,} levels of hiding faces are "
                f"{many:,}: a search would take days.",
                f"at most {MANY:,}.",
                "take the table out for this: --set feedback.off=true, or fewer `levels` of traits.",
            )
        )


def needs_samples(deployment: Deployment) -> Iterator[str]:
    """What of a deployment the exact engine leaves to samples, in words."""
    ranked = [r for r in deployment.rules if isinstance(parse_flag(r.flag), TopOfClass)]
    rolls = deployment.population.school_years > 1
    hides = deployment.feedback is not None and any(r.notify for r in deployment.rules)
    yield from (f"the rule {r.name!r}, which ranks a class" for r in ranked)
    if hides and any(r.notify for r in ranked):
        yield "all that depends on faces, which flags of such a rule hide"
    elif hides:
        for rule, mark in beyond(deployment, compile_rules(deployment)[0]):
            what = f"the mark {mark.name!r}" if mark else f"quantiles of false flags of the rule {rule.name!r}"
            yield f"{what}, too large to follow night by night where flags hide faces"
    yield from (
        f"the mark {m.name!r}, within a rolling year" for m in deployment.file.marks if rolls and m.within != "year"
    )
    yield from (f"the decision {d.name!r}, which ranks a cohort" for d in deployment.decisions)
    if len(deployment.situations) > 1 and deployment.rules:
        yield "the reliability of the map over kinds of lessons"


def _open(deployment: Deployment, draws: int, uncertain: bool, left: str | None) -> Open:
    of = "the profiles and of stated ranges" if deployment.ranges else "the profiles"
    if not draws:
        return Open(of, left or "no draws were asked for")
    if not uncertain:
        return Open(of, "nothing states how many faces the profiles rest on")
    return Open(of, "nothing it rests on has a stated uncertainty")
