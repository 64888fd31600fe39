"""Which engine computes what: each finding exact where it can be, the rest sampled."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from misread.deployment import Deployment, digest, resolve_profiles, unsupported
from misread.engine.chain import compile_rules
from misread.engine.exact.day import Progress
from misread.engine.exact.sizes import refuse_what_does_not_fit
from misread.errors import MisreadError, Problem
from misread.findings.about import KEYS
from misread.findings.table import Finding, Findings
from misread.study.exact.run import SEED, Measured, default_draws, measured, needs_samples
from misread.version import __version__

Engine = Literal["auto", "exact", "sampled"]

SCHOOLS = 20
"""Schools that are sampled where most is exact; a fixed number, so that the same run gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a run is made, as far as it can change a number.

    Attributes
    ----------
    engine : {"auto", "exact", "sampled"}
        Which engine; `auto` takes the exact one for all it has, and samples for the rest.
    step : str or None
        What the sampled engine draws at a time; None for the coarsest that is exact for the deployment.
    draws : int or None
        Draws that intervals rest on; None for as many as `default_draws` says.
    seed : int
        Seed of all that is drawn.
    schools : int or None
        Schools sampled; None for all, or with `auto` for `SCHOOLS`.
    """

    engine: Engine = "auto"
    step: str | None = None
    draws: int | None = None
    seed: int = SEED
    schools: int | None = None


@dataclass(frozen=True, slots=True)
class Hands:
    """Who draws, and where files go: nothing of it changes a number.

    Attributes
    ----------
    executor : Executor or None
        Who draws schools; None for a thread for each core.
    out : Path or None
        Folder of the run, for a file a range of schools.
    keep_going : bool
        Whether to go on when a range has failed.
    counting, drawing : callable or None
        Called with (done, in all) now and then, by the exact engine and for each range of schools.
    """

    executor: Executor | None = None
    out: Path | None = None
    keep_going: bool = False
    counting: Progress | None = None
    drawing: Progress | None = None


def run(deployment: Deployment, way: Way = Way(), hands: Hands = Hands()) -> Measured:
    """Measure a deployment.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    way : Way
        How.
    hands : Hands
        By whom.

    Raises
    ------
    MisreadError
        If something does not fit, is out of range or of another run.
    """
    if problems := unsupported(deployment):
        raise MisreadError(problems)
    _refuse(deployment, way)
    samples = way.engine == "sampled" or (way.engine == "auto" and any(needs_samples(deployment)))
    if not samples:
        return measured(deployment, draws=way.draws, seed=way.seed, progress=hands.counting)
    draws = default_draws(deployment)[0] if way.draws is None else way.draws
    if draws or way.engine == "auto":
        # What the exact engine has no room for is said before anything is drawn.
        refuse_what_does_not_fit(deployment, compile_rules(deployment)[0], draws)
    rows, step, schools, left_out = _sampled(deployment, way, hands)
    if way.engine == "auto":
        exact = measured(deployment, draws=way.draws, seed=way.seed, progress=hands.counting)
        known = {_key(f) for f in exact.findings}
        added = tuple(f for f in rows if _key(f) not in known)
        findings = replace(exact.findings, rows=(*exact.findings.rows, *added), engine="both", step=step)
        return replace(exact, findings=findings, schools=schools, left_out=())
    intervals = measured(deployment, draws=draws, seed=way.seed, progress=hands.counting) if draws else None
    findings = Findings(
        rows=tuple(_with_interval(f, {_key(x): x for x in intervals.findings}) for f in rows) if intervals else rows,
        title=deployment.title,
        sha256=digest(deployment),
        engine="sampled",
        step=step,
        seed=way.seed,
        version=__version__,
    )
    quantities = intervals.quantities if intervals else ()
    return Measured(deployment, resolve_profiles(deployment), quantities, findings, draws, schools, left_out)


def _refuse(deployment: Deployment, way: Way) -> None:
    """Refuse what an engine cannot be asked for."""
    if way.engine == "exact" and way.step is not None:
        what = "--step is what the sampled engine draws at a time: the exact engine draws nothing."
        raise MisreadError(Problem(what, "no --step.", "leave --step out, or take --engine sampled.", file="--step"))
    if way.engine == "auto" and way.step not in (None, "tick"):
        raise MisreadError(f"--step {way.step} needs --engine sampled: what is left to samples is drawn tick by tick.")
    if way.engine == "exact" and way.schools is not None:
        what = "--schools says how many are sampled: the exact engine samples none."
        raise MisreadError(Problem(what, "no --schools.", "leave it out, or take --engine sampled.", file="--schools"))
    there = deployment.population.schools
    if way.schools is not None and not 1 <= way.schools <= there:
        what = f"{way.schools:,} schools were asked for; the deployment has {there:,} (population.schools)."
        expected = f"a whole number from 1 to {there:,}." if there > 1 else "1."
        raise MisreadError(Problem(what, expected, "leave --schools out, or name another number.", file="--schools"))


def _sampled(deployment: Deployment, way: Way, hands: Hands) -> tuple[tuple[Finding, ...], str, int, tuple[str, ...]]:
    """Findings, the step, the schools, and what the step does not tell."""
    # Compiled code and Arrow load where something is sampled.
    from misread.engine.sampled.laws import by_default
    from misread.study.sampled import job_of, sampled
    from misread.study.sampled.job import found, unknown

    step = way.step or ("tick" if way.engine == "auto" else by_default(deployment).step)
    job = job_of(deployment, seed=way.seed, step=step)
    there = deployment.population.schools
    schools = way.schools if way.schools is not None else min(SCHOOLS, there) if way.engine == "auto" else there
    matrix = sampled(
        job,
        schools,
        out=hands.out,
        executor=hands.executor,
        keep_going=hands.keep_going,
        progress=hands.drawing,
    )
    return found(job, matrix), step, schools, unknown(job)


def _key(f: Finding) -> tuple[str | None, ...]:
    return (f.id, f.group, f.rule, *(getattr(f, key) for key in KEYS))


def _with_interval(f: Finding, exact: Mapping[tuple[str | None, ...], Finding]) -> Finding:
    """A sampled finding with the interval of the exact engine's draws, where it has one."""
    known = exact.get(_key(f))
    if known is None or known.low is None or f.value is None:
        return f
    how = f.method.rpartition("; no interval")[0] + known.method.removeprefix("exact") + " in the exact engine"
    return replace(f, low=known.low, high=known.high, method=how)
