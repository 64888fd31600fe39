"""What a run of the sampled engine is: a deployment and a seed, split into ranges of schools."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from misread.deployment import Deployment, digest, looks_per_lesson, resolve_profiles
from misread.errors import MisreadError
from misread.profile import Profile
from misread.version import __version__

if TYPE_CHECKING:
    from misread.engine.chain import Chain
    from misread.engine.sampled.laws import Laws
    from misread.engine.sampled.tables import Tables
    from misread.findings.sampled import Layout
    from misread.findings.table import Finding

ROWS, LOOKS = 2**16, 2**28
"""Rows of one file (a pupil and school year each), and looks drawn for it, that a range of schools stays under."""
WHOLE = 8
"""Looks that take as long to draw as a lesson, or a day, that is drawn whole."""


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
        Digest of the tables, and of the laws, that it compiles to. Whoever draws compiles them anew and compares, so
        that another version or another machine's rounding is found out before it is in a file.
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
    """A job's deployment as engine and tallies read it; `laws` are None where looks are drawn."""

    chain: Chain
    tables: Tables
    laws: Laws | None
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
        What is drawn at a time: one of `misread.engine.sampled.laws.STEPS`.
    size : int, optional
        Schools of a range and its file; by default as many as make a file worth having and are drawn within seconds.

    Raises
    ------
    MisreadError
        If the seed is out of range, the step unknown or too coarse for what the deployment couples, or the deployment
        cannot be compiled.
    """
    from misread.engine.sampled.laws.coarsest import refuse_too_coarse

    refuse_too_coarse(deployment, step)
    if not 0 <= seed < 2**64:
        raise MisreadError(f"The seed is {seed}. Expected: a whole number from 0 to 2^64 − 1.")
    profiles = resolve_profiles(deployment)
    made = _compile(deployment, profiles, step)
    digests = digest(deployment), _digest_of(made), digest_of(tuple(made.layout.columns()))
    return Job(deployment, profiles, *digests, seed, size or _size(deployment, step), step)


@lru_cache(maxsize=4)
def compiled(job: Job) -> Compiled:
    """The job's tables, made once in each process.

    Raises
    ------
    MisreadError
        If they are not those that the job names.
    """
    made = _compile(job.deployment, job.profiles, job.step)
    if job.version != __version__ or _digest_of(made) != job.tables:
        raise MisreadError(
            f"A worker has other tables than the machine that asked it (misread {__version__} there, {job.version} "
            "here). Mend: install the same locked packages on both."
        )
    return made


def found(job: Job, matrix: NDArray[np.float64]) -> tuple[Finding, ...]:
    """The findings of a job's tallies.

    Parameters
    ----------
    job : Job
        What was drawn.
    matrix : ndarray, shape (schools, columns)
        As `misread.study.sampled.sampled` gives it.
    """
    from misread.findings.sampled import findings
    from misread.findings.sampled.coarse import CoarseLayout, coarse_findings

    layout = compiled(job).layout
    if isinstance(layout, CoarseLayout):
        return coarse_findings(layout, matrix)
    return findings(layout, matrix, job.step)


def unknown(job: Job) -> tuple[str, ...]:
    """What the job's step does not tell, in words."""
    from misread.findings.sampled.coarse import CoarseLayout, left_out

    layout = compiled(job).layout
    return tuple(left_out(layout)) if isinstance(layout, CoarseLayout) else ()


def _compile(deployment: Deployment, profiles: Mapping[str, Profile], step: str) -> Compiled:
    from misread.engine.chain import compile_chain
    from misread.engine.sampled.tables import tables_of
    from misread.findings.sampled import Layout
    from misread.findings.sampled.coarse import CoarseLayout

    chain = compile_chain(deployment, profiles)
    tables = tables_of(chain, deployment)
    if step == "tick":
        return Compiled(chain, tables, None, Layout.of(chain, deployment))
    from misread.engine.sampled.laws import laws_of

    return Compiled(chain, tables, laws_of(chain, deployment, step), CoarseLayout.at(step, chain, deployment))


def _digest_of(made: Compiled) -> str:
    return digest_of(made.tables if made.laws is None else (made.tables, made.laws))


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


def _size(deployment: Deployment, step: str) -> int:
    """Schools of a range."""
    population, calendar = deployment.population, deployment.calendar
    rows = population.pupils_per_school * population.school_years
    lessons = {"tick": looks_per_lesson(deployment), "lesson": WHOLE}
    a_day = calendar.lessons_per_day * lessons[step] if step in lessons else WHOLE
    looks = 1 if step == "year" else calendar.days_per_year * a_day
    return max(min(ROWS // rows, LOOKS // (rows * looks)), 1)


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
