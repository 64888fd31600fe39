"""Several deployments on the same pupils: all of them drawn school by school, in one pass.

A pupil's path has random numbers of its own, in whose keys no policy stands: policies that leave pupils and their
process alone find each pupil on the same path. Where cameras look at different intervals, the path is moved on the
greatest common divisor of these, and each camera looks at its own moments of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache, partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment, looks_per_lesson
from misread.engine.chain.compile import MOST_LOOKS
from misread.errors import MisreadError
from misread.profile import Profile
from misread.study.sampled.files import as_parquet
from misread.study.sampled.job import Compiled, Job, Span, digest_of, job_of
from misread.study.sampled.run import Progress, sampled
from misread.study.sampled.sizes import refuse_what_does_not_fit
from misread.study.sampled.task import Drawn
from misread.version import __version__

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Member:
    """One of the deployments that are drawn together.

    Attributes
    ----------
    name : str
        What the comparison calls it.
    deployment : Deployment
        What is drawn.
    profiles : mapping of str to Profile
        Its profiles, resolved.
    sha256 : str
        Digest of the deployment.
    grid : Fraction
        Seconds from move to move of its pupils' paths; its camera's interval is a whole multiple.
    apart : tuple of str
        What keeps its pupils off the paths of the first deployment's, in words; empty where nothing does.
    """

    name: str
    deployment: Deployment = field(compare=False, repr=False)
    profiles: Mapping[str, Profile] = field(compare=False, repr=False)
    sha256: str
    grid: Fraction
    apart: tuple[str, ...]

    @property
    def stride(self) -> int:
        """Moves from look to look."""
        return int(interval_of(self.deployment) / self.grid)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Deployments drawn together.

    Attributes
    ----------
    members : tuple of Member
        The first is what the others are compared with.
    job : Job
        All of them as one job, whose digests are of all: what a range's file belongs to.
    """

    members: tuple[Member, ...]
    job: Job


def pairing_of(deployments: Mapping[str, Deployment], *, seed: int, size: int | None = None) -> Pairing:
    """Deployments to be drawn together.

    Parameters
    ----------
    deployments : mapping of str to Deployment
        At least two, by the names of the comparison.
    seed : int
        Seed of every draw, from 0 to 2⁶⁴ − 1.
    size : int, optional
        Schools of a range and its file.

    Raises
    ------
    MisreadError
        If the seed is out of range, a deployment cannot be compiled, or the cameras' intervals have only so small a
        divisor in common that a day would have too many moves.
    """
    first = next(iter(deployments.values()))
    jobs = {name: job_of(d, seed=seed, step="tick", size=size) for name, d in deployments.items()}
    why = {name: tuple(apart(first, d)) for name, d in deployments.items()}
    together = [d for name, d in deployments.items() if not why[name]]
    common = grid_of(together)
    members = tuple(
        Member(
            name,
            job.deployment,
            job.profiles,
            job.sha256,
            interval_of(job.deployment) if why[name] else common,
            why[name],
        )
        for name, job in jobs.items()
    )
    _refuse_too_fine(together, common)
    made = _compile(members)
    one = next(iter(jobs.values()))
    job = replace(
        one,
        sha256=digest_of(tuple((m.name, m.sha256) for m in members)),
        tables=digest_of(tuple(c.tables for c in made)),
        layout=digest_of(tuple(tuple(c.layout.columns()) for c in made)),
        # All are drawn for each school of a range.
        size=size or max(min(j.size for j in jobs.values()) // len(jobs), 1),
    )
    return Pairing(members, job)


def paired(
    pairing: Pairing,
    schools: int,
    *,
    out: Path | None = None,
    executor: Executor | None = None,
    keep_going: bool = False,
    progress: Progress | None = None,
) -> tuple[Floats, ...]:
    """Draw the first schools of all deployments.

    Parameters
    ----------
    pairing : Pairing
        What is drawn.
    schools : int
        How many schools, from 1 to those of the smallest deployment.
    out, executor, keep_going, progress
        As in `sampled`. A range's file holds the pupils of all deployments, a column saying whose.

    Returns
    -------
    tuple of ndarray, each (schools, columns)
        Each deployment's tallies, the schools in the same order.

    Raises
    ------
    MisreadError, RangesError, KeyboardInterrupt
        As `sampled`.
    """
    for m in pairing.members:
        own = replace(pairing.job, deployment=m.deployment, profiles=m.profiles)
        refuse_what_does_not_fit(own, schools, out=out)
    matrix = sampled(
        pairing.job,
        schools,
        out=out,
        executor=executor,
        keep_going=keep_going,
        progress=progress,
        task=partial(draw_all, pairing.members),
    )
    widths = [c.layout.size for c in compiled_all(pairing.members, pairing.job)]
    return tuple(np.split(matrix, np.cumsum(widths)[:-1], axis=1))


def draw_all(members: tuple[Member, ...], job: Job, span: Span, with_file: bool) -> Drawn:
    """Draw a range of schools of all deployments; as `misread.study.sampled.task.draw`."""
    from misread.engine.sampled.simulate import simulate
    from misread.findings.sampled import tally
    from misread.study.sampled.rows import rows_of

    made = compiled_all(members, job)
    tallies, tables = [], []
    for number in range(span.first, span.end):
        row = []
        for m, c in zip(members, made, strict=True):
            school = simulate(c.tables, job.seed, number)
            row.append(tally(school, c.chain, m.deployment))
            if with_file:
                tables.append(_named(m.name, rows_of(school, c.chain, m.deployment)))
        tallies.append(np.concatenate(row))
    matrix = np.stack(tallies)
    return Drawn(matrix, as_parquet(_joined(tables), matrix, job, span) if with_file else None)


@lru_cache(maxsize=1)
def compiled_all(members: tuple[Member, ...], job: Job) -> tuple[Compiled, ...]:
    """Tables of all deployments, made once in each process.

    Raises
    ------
    MisreadError
        If they are not those that the job names.
    """
    made = _compile(members)
    if job.version != __version__ or digest_of(tuple(c.tables for c in made)) != job.tables:
        raise MisreadError(
            f"A worker has other tables than the machine that asked it (misread {__version__} there, {job.version} "
            "here). Mend: install the same locked packages on both."
        )
    return made


@lru_cache(maxsize=1)
def _compile(members: tuple[Member, ...]) -> tuple[Compiled, ...]:
    return tuple(_compiled(m) for m in members)


def _compiled(m: Member) -> Compiled:
    """A deployment's tables, its path moved on the grid."""
    from misread.engine.chain import compile_chain, compile_rules
    from misread.engine.sampled.tables import tables_of
    from misread.findings.sampled import Layout

    camera = m.deployment.camera.model_copy(update={"observe_every_seconds": float(m.grid)})
    fine = m.deployment.model_copy(update={"camera": camera})
    # Nothing but the path's own tables and the number of looks depends on how often the camera looks.
    chain = compile_chain(fine, m.profiles, compile_rules(m.deployment))
    moves, chain = chain.looks, replace(chain, looks=looks_per_lesson(m.deployment))
    tables = tables_of(chain, m.deployment, moves=moves, stride=m.stride)
    return Compiled(chain, tables, None, Layout.of(chain, m.deployment))


def interval_of(deployment: Deployment) -> Fraction:
    """Seconds from look to look, as the decimal that was written."""
    return Fraction(str(deployment.camera.observe_every_seconds))


def grid_of(deployments: Iterable[Deployment]) -> Fraction:
    """The longest time in seconds of which all intervals are whole multiples."""
    return reduce(_divisor, map(interval_of, deployments))


def _divisor(a: Fraction, b: Fraction) -> Fraction:
    return Fraction(math.gcd(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator)


def apart(first: Deployment, other: Deployment) -> Iterator[str]:
    """What keeps the same pupil from being on the same path in both, in words.

    How often a camera looks does not: see `grid_of`. Nor do the seats, the classifier, rules, files, or who is left
    alone.
    """
    held = first.face is not None or other.face is not None
    same: dict[str, Sequence[object]] = {
        "pupils per school": [d.population.pupils_per_school for d in (first, other)],
        "school years": [d.population.school_years for d in (first, other)],
        "groups": [[(g.name, g.share) for g in d.population.groups] for d in (first, other)],
        "timetables": [d.calendar for d in (first, other)],
        "states, or times in them": [d.pupil for d in (first, other)],
        "traits": [_traits(d, held) for d in (first, other)],
        "kinds of lessons": [_lessons(d, held) for d in (first, other)],
        "ages": [_ages(d, held) for d in (first, other)],
    }
    if held:
        same["faces that last"] = [
            (d.face, d.display, [g.display for g in d.population.groups]) for d in (first, other)
        ]
    yield from (what for what, (a, b) in same.items() if a != b)


def _traits(d: Deployment, held: bool) -> object:
    moving = ("state", "display") if held else ("state",)
    return [t for t in d.traits if t.acts_on in moving]


def _lessons(d: Deployment, held: bool) -> object:
    """Kinds of lessons, where they change what pupils go through; and the classes that have them together."""
    if not any(s.mean_minutes or (held and s.display) for s in d.situations):
        return None
    kinds = [(s.share, s.mean_minutes, s.display if held else None) for s in d.situations]
    return kinds, d.population.class_size


def _ages(d: Deployment, held: bool) -> object:
    return [
        (a.from_year, a.mean_minutes, a.display if held else None)
        for a in d.ages
        if a.mean_minutes or (held and a.display)
    ]


def _refuse_too_fine(deployments: Sequence[Deployment], grid: Fraction) -> None:
    for d in deployments:
        moves = math.ceil(Fraction(str(d.calendar.lesson_minutes)) * 60 / grid) * d.calendar.lessons_per_day
        if moves > MOST_LOOKS or Fraction(str(float(grid))) != grid:
            every = " and ".join(f"{float(interval_of(d)):g}" for d in deployments)
            raise MisreadError(
                f"Cameras that look every {every} seconds share moments only on a grid of {float(grid):g} seconds, on "
                f"which a day has {moves:,} moves. Expected: at most {MOST_LOOKS:,}. Mend: take intervals with a "
                "larger divisor in common."
            )


def _named(name: str, table: pa.Table) -> pa.Table:
    import pyarrow as pa

    names = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(table), np.int16)), pa.array([name], pa.string()))
    return table.add_column(0, "deployment", names)


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Tables of deployments with other rules and marks: what a deployment does not have is empty."""
    import pyarrow as pa

    return pa.concat_tables(tables, promote_options="default").unify_dictionaries().combine_chunks()
