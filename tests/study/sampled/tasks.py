"""Tasks that draw nothing: what they return depends on job and range alone, some die on the way."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from misread.deployment import load
from misread.study.sampled import Job, job_of
from misread.study.sampled.files import as_parquet
from misread.study.sampled.task import Drawn, draw
from tests.findings.test_enumerated import TINY

__all__ = ["draw"]

FURTHER = """
[[camera.views]]
name = "front"
share = 0.4
[[camera.views]]
name = "back"
share = 0.6
lost = 0.1
[[traits]]
name = "sad face"
acts_on = "label"
label = "sad"
sd = 0.5
levels = 3
[[decisions]]
name = "advanced class"
rule = "sad enough"
choose = "fewest"
share = 0.3
after_year = 1
[[decisions]]
name = "seen to"
mark = "word"
choose = "most"
share = 0.1
after_year = 2
"""


def job(*, seed=5, size=3, sha256="d" * 64, **others):
    """A job whose digests are made up."""
    deployment = load("as-described", settings=["population.schools=20"])
    return Job(deployment, {}, sha256, "t" * 64, "c" * 64, seed, size, **others)


def further(folder):
    """The file of a tiny deployment with most further tables."""
    path = folder / "further.toml"
    marks = '[[file.marks]]\nname = "word"\nrule = "any word"\nflags = 2\n'
    path.write_text(TINY.split("[file]")[0].replace("schools = 3", "schools = 7\nopt_out = 0.2") + marks + FURTHER)
    return path


def drawn_job(folder):
    """A job that the sampled engine draws: seven schools, two a range."""
    return job_of(load(further(folder)), seed=5, size=2)


def plain(job, span, with_file):
    """Noise of its own for each school, as tallies and as a file."""
    rows = [np.random.default_rng([job.seed, school]).integers(0, 9, 50) for school in range(span.first, span.end)]
    tallies = np.stack(rows).astype(float)
    if not with_file:
        return Drawn(tallies, None)
    table = pa.table({"school": np.repeat(np.arange(span.first, span.end), 50), "count": tallies.ravel()})
    return Drawn(tallies, as_parquet(table, tallies, job, span))


def slow(job, span, with_file):
    """Takes its time, the later ranges less."""
    time.sleep(0.02 + 0.1 / (1 + span.first))
    return plain(job, span, with_file)


def failing(job, span, with_file):
    """Fails on the ranges that begin with schools 7 and 13."""
    if span.first in (6, 12):
        raise ZeroDivisionError(f"nothing to divide {span} by")
    return plain(job, span, with_file)


def failing_slowly(job, span, with_file):
    """As `failing`, after a while."""
    time.sleep(0.02)
    return failing(job, span, with_file)


def lame(job, span, with_file):
    """As `plain`, each range in a tenth of a second, the last one slower: whoever stops the run finds it under way."""
    time.sleep(1.5 if span.end == 20 else 0.1)
    return plain(job, span, with_file)


class Dying:
    """Kills its own process on one range, the first time only."""

    def __init__(self, folder: Path, at: int = 6) -> None:
        self.marker, self.at = folder / "died", at

    def __call__(self, job, span, with_file):
        if span.first == self.at and not self.marker.exists():
            self.marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(job, span, with_file)
