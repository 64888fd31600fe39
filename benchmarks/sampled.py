"""How fast the sampled engine draws, beside the same simulation in plain NumPy in the same run, and how that grows.

Rates are looks a CPU second: of one core, kernels compiled. Where the environment variable MISREAD_PROTOTYPES names a
folder with the scripts `numba_kernels.py` and `general.py`, these are run beside it: hand-tuned kernels for one pupil
process and one rule.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from misread.deployment import Deployment, load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.sampled.simulate import simulate
from misread.engine.sampled.tables import tables_of
from misread.study.compare import compare_sampled
from misread.study.sampled.job import job_of
from misread.study.sampled.run import sampled
from numpy_steps import false_flags_a_day

PROTOTYPES = "MISREAD_PROTOTYPES"
YEARS = "population.school_years=4"
"""The last school year is read twice, for what a second reading would say; so there are some before it."""
ONE = (YEARS, 'rules."not attentive".off=true', "file.marks.resistant.off=true")
"""One rule, no mark; and one group is enough."""
PUPIL_DAYS = 20_000
PROTOTYPE = "prototype {}: one process, one rule, flags and false flags only"
ONE_KIND = "tick step: one kind of pupil, one rule"


@dataclass(frozen=True, slots=True)
class Rate:
    """What was measured: looks a CPU second."""

    what: str
    looks: float


def rates() -> list[Rate]:
    """The table of rates, NumPy first."""
    plain = load("as-described")
    chain = compile_chain(plain, resolve_profiles(plain))
    a_day = chain.lessons * chain.looks
    took = _least(lambda: false_flags_a_day(plain, chain, PUPIL_DAYS))
    found = [Rate("NumPy steps: one rule, one reader, false flags only", PUPIL_DAYS * a_day / took)]
    found += _prototypes()
    for what, deployment in (
        (ONE_KIND, one_kind()),
        ("tick step: as-described (3 kinds, 2 rules, a mark)", load("as-described", settings=[YEARS])),
        ("tick step: as-described-full (54 strata, 3 rules, feedback, a ranked class)", _full()),
    ):
        found.append(Rate(what, looks_a_second(deployment)))
    return found


def one_kind() -> Deployment:
    """`as-described` with one group, one rule and no mark."""
    d = load("as-described", settings=ONE)
    only = (d.population.groups[0].model_copy(update={"share": 1.0}),)
    return d.model_copy(update={"population": d.population.model_copy(update={"groups": only})})


def _full() -> Deployment:
    """`as-described-full` as far as its fourth year: decisions go, since they are taken later."""
    off = [f'decisions."{name}".off=true' for name in ("advanced class", "admission", "trust score")]
    return load("as-described-full", settings=[YEARS, *off])


def looks_a_second(deployment: Deployment) -> float:
    """Looks at pupils a CPU second, compiling aside."""
    chain = compile_chain(deployment, resolve_profiles(deployment))
    tables = tables_of(chain, deployment)
    simulate(tables, 1, 0)
    pupils = deployment.population.pupils_per_school * (1 - deployment.population.opt_out)
    looks = pupils * chain.years * chain.days * chain.lessons * chain.looks
    return float(looks / _least(lambda: simulate(tables, 1, 1)))


def _prototypes() -> Iterator[Rate]:
    folder = os.environ.get(PROTOTYPES)
    if not folder:
        return
    for script, words, name in (("numba_kernels.py", ["e5"], "e5"), ("general.py", [], "e8")):
        env = {**os.environ, "TH": "1", "NUMBA_CACHE_DIR": tempfile.gettempdir()}
        run = subprocess.run(
            [sys.executable, script, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        if (got := re.search(r"([\d.]+) G obs/cpu-s", run.stdout)) is None:
            print(f"{script} did not run: {run.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            continue
        yield Rate(PROTOTYPE.format(name), float(got[1]) * 1e9)


def growth() -> dict[str, list[tuple[str, float]]]:
    """CPU seconds of one school of 1,000 pupils and one year, by what grows."""

    def seconds(*settings: str, of: str = "as-described") -> float:
        d = load(of, settings=["population.school_years=1", *settings])
        chain = compile_chain(d, resolve_profiles(d))
        tables = tables_of(chain, d)
        simulate(tables, 1, 0)
        return _least(lambda: simulate(tables, 1, 1))

    def policy(text: str) -> float:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "policy.toml"
            path.write_text(text, encoding="utf-8")
            d = load("as-described", policies=[str(path)] if text else [], settings=["population.school_years=1"])
        chain = compile_chain(d, resolve_profiles(d))
        tables = tables_of(chain, d)
        simulate(tables, 1, 0)
        return _least(lambda: simulate(tables, 1, 1))

    def schools(n: int) -> float:
        job = job_of(load("as-described"), seed=1, step="year")
        with ThreadPoolExecutor(1) as one:
            return _least(lambda: sampled(job, n, executor=one))

    def beside(n: int) -> float:
        small = ["population.school_years=1", "population.schools=2"]
        out = [f"population.opt_out={k / 100}" for k in range(n)]
        policies = {each: load("as-described", settings=[*small, each]) for each in out}
        return _least(lambda: compare_sampled(policies, seed=1))

    rule = '[[rules]]\nname = "rule {i}"\nlabels = ["angry"]\nflag = "2 of last 4"\nclaims = ["frustrated"]\n'
    trait = '[[traits]]\nname = "trait {i}"\nacts_on = "label"\nlabel = "{label}"\nsd = 0.5\nlevels = 3\n'
    labels = ("angry", "sad", "fear")
    return {
        "pupils": [(f"{n:,}", seconds(f"population.pupils_per_school={n}")) for n in (250, 500, 1000, 2000)],
        "seconds between looks": [(str(n), seconds(f"camera.observe_every_seconds={n}")) for n in (600, 300, 60, 30)],
        "rules": [(str(2 + n), policy("\n".join(rule.format(i=i) for i in range(n)) or "")) for n in (0, 1, 2, 4)],
        "policies on one path": [(str(n), beside(n)) for n in (2, 3, 4)],
        "schools, a year at a time": [(str(n), schools(n)) for n in (10, 20, 40, 80)],
        "traits": [
            (str(n), policy("\n".join(trait.format(i=i, label=labels[i]) for i in range(n)) or "")) for n in range(4)
        ],
    }


def _least(work: Callable[[], object], repeats: int = 3) -> float:
    times = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return float(np.min(times))
