"""What a sampled run takes of memory and disk, known and refused before it starts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from misread.deployment import Deployment
from misread.engine.chain import compile_rules
from misread.errors import MisreadError, Problem
from misread.study.sampled.files import path_of
from misread.study.sampled.job import Job, Span, spans_of

MEMORY = 2**30
"""Bytes that ranges under way at the same time may take."""


def refuse_what_does_not_fit(job: Job, schools: int, *, out: Path | None = None, workers: int = 1) -> None:
    """Refuse a run whose files would not fit on the disk, or whose ranges would not fit into memory.

    Parameters
    ----------
    job : Job
        What is drawn.
    schools : int
        How many schools.
    out : Path, optional
        Folder of the run, where files are to be written.
    workers : int
        Ranges under way on this machine at a time.

    Raises
    ------
    MisreadError
        With the size.
    """
    spans = spans_of(job, schools)
    if problems := tuple(_too_large(job.deployment, spans, out, workers)):
        raise MisreadError(problems)


def _too_large(deployment: Deployment, spans: Sequence[Span], out: Path | None, workers: int) -> Iterator[Problem]:
    population = deployment.population
    rows = len(spans[0]) * population.school_years if out else 0
    one = population.pupils_per_school * (pupil_bytes(deployment) + rows * row_bytes(deployment))
    if workers * one > MEMORY:
        yield deployment.origin.problem(
            ("population", "pupils_per_school"),
            f"Drawing {_in_words(workers, spans[0])} at a time needs about {in_words(workers * one)} of memory.",
            f"at most {in_words(MEMORY)}.",
            "take fewer --workers." if one <= MEMORY else "take fewer pupils a school, or fewer school years.",
        )
    if out is None:
        return
    schools = sum(len(span) for span in spans if not path_of(out, span).exists())
    size = files_bytes(deployment, schools)
    there = next(p for p in (out.absolute(), *out.absolute().parents) if p.exists())
    if size > (free := shutil.disk_usage(there).free):
        yield Problem(
            f"The files of {schools:,} schools may take {in_words(size)}; {in_words(free)} are free there.",
            expected="room for them all.",
            mend="name another place with --out, or draw a part with --schools.",
            file=str(out),
        )


def pupil_bytes(deployment: Deployment) -> int:
    """Bytes a pupil takes while a school is drawn: counts by year, rule, reader, label, state and situation."""
    rules, situations = len(deployment.rules), max(len(deployment.situations), 1)
    flags, lessons, by_situation = 2 * 2 * rules, 2 * 6 * rules, 2 * 2 * situations * rules
    by_year = flags + lessons + by_situation + 2 * rules + len(deployment.classifier.labels) + situations
    once = rules * (9 + 2 * situations + len(deployment.pupil.states)) + 4 * len(deployment.decisions)
    return 4 * (by_year * deployment.population.school_years + once)


def row_bytes(deployment: Deployment) -> int:
    """Bytes of a row before it is packed."""
    counts, marks, decisions = 4 * len(deployment.rules), len(deployment.file.marks), len(deployment.decisions)
    return 18 + len(deployment.traits) + 4 * counts + 2 * marks + 16 * decisions


def files_bytes(deployment: Deployment, schools: int) -> int:
    """Bytes that the files of some schools take at most: each count in as many bits as its largest value has.

    What tells rows apart (school, pupil, class, year, group) comes in long runs or small steps and is put at four
    bytes a row. Packing (zstd) makes it less.
    """
    lessons = deployment.calendar.lessons_per_day * deployment.calendar.days_per_year
    rules, ranked = compile_rules(deployment)
    most = [rule.most_flags * lessons for rule in rules] + [lessons] * len(ranked)
    bits = sum(4 * n.bit_length() for n in most) + 4 * len(deployment.traits)
    bits += 2 * len(deployment.file.marks) + 2 * len(deployment.decisions)
    population = deployment.population
    return schools * population.pupils_per_school * population.school_years * (4 + -(-bits // 8))


def in_words(size: int) -> str:
    """A number of bytes."""
    return f"{size / 2**30:,.1f} GiB" if size >= 2**30 else f"{max(size / 2**20, 0.1):,.1f} MiB"


def _in_words(workers: int, span: Span) -> str:
    schools = "one school" if len(span) == 1 else f"{len(span):,} schools"
    return schools if workers == 1 else f"{workers:,} times {schools}"
