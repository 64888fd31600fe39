"""What a run of the sampled engine is: a deployment and a seed, split into ranges of schools."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from misread.deployment import Deployment, digest, looks_per_lesson, resolve_profiles
from misread.errors import MisreadError
from misread.profile import Profile
from misread.version import __version__

if TYPE_CHECKING:
    from misread.engine.chain import Chain
    from misread.engine.sampled.tables import Tables
    from misread.findings.sampled import Layout

ROWS, LOOKS = 2**16, 2**28
"""Rows of one file (a pupil and school year each), and looks drawn for it, that a range of schools stays under."""
STEPS = ("tick",)
"""What can be drawn at a time."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of schools: what one task draws and one file holds.

    Attributes
    ----------
    first, end : int
        The first school, counted from 0, and the one after the last.
    """

    first: int
    end: int

    def __len__(self) -> int:
        return self.end - self.first

    def __str__(self) -> str:
        """The range in words, schools counted from 1."""
        return f"school {self.end}" if len(self) == 1 else f"schools {self.first + 1}–{self.end}"


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that can change a number of a sampled run, small enough to be sent with each task.

    Two jobs are equal if they draw the same schools.

    Attributes
    ----------
    deployment : Deployment
        What is drawn.
    profiles : mapping of str to Profile
        Its profiles, resolved: whoever draws needs no file of evidence.
    sha256 : str
        Digest of the deployment.
    tables : str
        Digest of the tables it compiles to. Whoever draws compiles them anew and compares, so that another version
        or another machine's rounding is found out before it is in a file.
    layout : str
        Digest of what each column of the tallies is.
    seed : int
        Seed of every draw.
    size : int
        Schools of a range. The deployment fixes it, never who draws, so that files are the same everywhere.
    step : str
        What is drawn at a time.
    version : str
        Version of misread.
    """

    deployment: Deployment = field(compare=False, repr=False)
    profiles: Mapping[str, Profile] = field(compare=False, repr=False)
    sha256: str
    tables: str
    layout: str
    seed: int
    size: int
    step: str = "tick"
    version: str = __version__


@dataclass(frozen=True, eq=False)
class Compiled:
    """A job's deployment as engine and tallies read it."""

    chain: Chain
    tables: Tables
    layout: Layout


def job_of(deployment: Deployment, *, seed: int, step: str = "tick", size: int | None = None) -> Job:
    """The job of drawing a deployment's schools.

    Parameters
    ----------
    deployment : Deployment
        A valid deployment.
    seed : int
        Seed of every draw, from 0 to 2⁶⁴ − 1.
    step : str
        What is drawn at a time: one of `STEPS`.
    size : int, optional
        Schools of a range and its file; by default as many as make a file worth having and are drawn within seconds.

    Raises
    ------
    MisreadError
        If the seed is out of range, the step unknown, or the deployment cannot be compiled.
    """
    if step not in STEPS:
        raise MisreadError(f"The step is {step!r}. Expected: {' or '.join(STEPS)}.")
    if not 0 <= seed < 2**64:
        raise MisreadError(f"The seed is {seed}. Expected: a whole number from 0 to 2^64 − 1.")
    profiles = resolve_profiles(deployment)
    made = _compile(deployment, profiles)
    digests = digest(deployment), digest_of(made.tables), digest_of(tuple(made.layout.columns()))
    return Job(deployment, profiles, *digests, seed, size or _size(deployment), step)


@lru_cache(maxsize=4)
def compiled(job: Job) -> Compiled:
    """The job's tables, made once in each process.

    Raises
    ------
    MisreadError
        If they are not those that the job names.
    """
    made = _compile(job.deployment, job.profiles)
    if job.version != __version__ or digest_of(made.tables) != job.tables:
        raise MisreadError(
            f"A worker has other tables than the machine that asked it (misread {__version__} there, {job.version} "
            "here). Mend: install the same locked packages on both."
        )
    return made


def _compile(deployment: Deployment, profiles: Mapping[str, Profile]) -> Compiled:
    from misread.engine.chain import compile_chain
    from misread.engine.sampled.tables import tables_of
    from misread.findings.sampled import Layout

    chain = compile_chain(deployment, profiles)
    return Compiled(chain, tables_of(chain, deployment), Layout.of(chain, deployment))


def digest_of(tables: Any) -> str:
    """SHA-256 of dataclasses, tuples, arrays and plain values, however nested, as 64 hexadecimal digits."""
    sha = hashlib.sha256()
    _feed(sha.update, tables)
    return sha.hexdigest()


def _feed(update: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        update(f"array {np.lib.format.dtype_to_descr(value.dtype)} {value.shape};".encode())
        update(np.ascontiguousarray(value).tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            update(f"{each.name}=".encode())
            _feed(update, getattr(value, each.name))
    elif isinstance(value, tuple | list):
        update(f"{len(value)} of;".encode())
        for each in value:
            _feed(update, each)
    elif value is None or isinstance(value, str | int | float | np.generic):
        update(f"{value!r};".encode())
    else:
        raise TypeError(f"no digest of a {type(value).__name__}")


def _size(deployment: Deployment) -> int:
    """Schools of a range."""
    population, calendar = deployment.population, deployment.calendar
    rows = population.pupils_per_school * population.school_years
    looks = rows * calendar.days_per_year * calendar.lessons_per_day * looks_per_lesson(deployment)
    return max(min(ROWS // rows, LOOKS // looks), 1)


def spans_of(job: Job, schools: int) -> tuple[Span, ...]:
    """The ranges of the first schools.

    Parameters
    ----------
    job : Job
        What is drawn.
    schools : int
        How many schools, from 1 to the deployment's.

    Raises
    ------
    MisreadError
        If there are not so many.
    """
    most = job.deployment.population.schools
    if not 1 <= schools <= most:
        raise MisreadError(
            f"{schools:,} schools were asked for. Expected: from 1 to {most:,}, which is population.schools."
        )
    return tuple(Span(first, min(first + job.size, schools)) for first in range(0, schools, job.size))
