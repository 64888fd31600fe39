"""Small deployments for the sampled engine, and what its kernels write down."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from misread.deployment import load, resolve_profiles
from misread.deployment.model import Deployment
from misread.engine.chain import Chain, compile_chain
from misread.engine.sampled.kernels.layout import outcome_of, scratch_of, tape_of
from misread.engine.sampled.kernels.year import live_a_year
from misread.engine.sampled.pupils import pupils_of
from misread.engine.sampled.simulate import cohort_of
from misread.engine.sampled.tables import Tables, tables_of
from tests.deployment.samples import FULL, SMALL

RULES = """
[[rules]]
name = "kept"
labels = ["sad", "none"]
flag = "2 of last 4"
after_flag = "keep"
claims = ["anxious"]
true_if = "at_flag"
notify = ["parent"]

[[rules]]
name = "muted"
labels = ["neutral"]
flag = "run of 2"
after_flag = "mute lesson"
claims = ["engaged"]
notify = []

[[rules]]
name = "happiest"
labels = ["happy"]
flag = "top 2 of class"
claims = ["engaged"]
"""

LAST = """
[[file.marks]]
name = "moody"
rule = "kept"
flags = 3
within = "rolling year"
[[file.marks]]
name = "happy child"
rule = "happiest"
flags = 2
[[decisions]]
name = "trusted"
rule = "kept"
choose = "fewest"
share = 0.3
after_year = 2
[[decisions]]
name = "prized"
mark = "happy child"
choose = "most"
share = 0.2
after_year = 1
"""


@dataclass(frozen=True)
class Made:
    """A deployment, and all that comes of it."""

    deployment: Deployment
    profiles: dict
    chain: Chain
    tables: Tables


def made(folder, text) -> Made:
    """Compile a deployment's text."""
    path = folder / "school.toml"
    path.write_text(text)
    deployment = load(path)
    profiles = resolve_profiles(deployment)
    chain = compile_chain(deployment, profiles)
    return Made(deployment, profiles, chain, tables_of(chain, deployment))


def text_of(base="small", **changes) -> str:
    """SMALL or FULL with three more rules, marks and decisions; then words replaced: old = new, or pairs."""
    text = {"small": SMALL, "full": FULL}[base]
    head, tail = text.split("[file]", 1)
    text = head + RULES + "\n[file]" + tail.replace("flags = 20", "flags = 2") + LAST
    for key, value in {"pupils_per_school": 12, "days_per_year": 2, "lessons_per_day": 3, **changes}.items():
        lines = text.splitlines()
        (at,) = [i for i, line in enumerate(lines) if line.split("#")[0].split("=")[0].strip() == key]
        lines[at] = f"{key} = {value}"
        text = "\n".join(lines)
    return text + "\n"


def differing(one, other) -> list[str]:
    """Fields in which two schools differ, in numbers or in type."""
    return [
        field.name
        for field in dataclasses.fields(one)
        if not (
            np.asarray(getattr(one, field.name)).dtype == np.asarray(getattr(other, field.name)).dtype
            and np.array_equal(getattr(one, field.name), getattr(other, field.name))
        )
    ]


def tapes(tables: Tables, seed: int, school: int) -> dict[int, dict[str, np.ndarray]]:
    """Cells and labels (by severity) of every watched pupil of a school, look by look, all years on end."""
    pupils = pupils_of(tables, seed, school)
    found = {}
    for klass in range(int(pupils.klass.max()) + 1):
        lanes = np.flatnonzero(pupils.watched & (pupils.klass == klass))
        for lane, pupil in enumerate(lanes):
            found[int(pupil)] = _tape(tables, seed, school, pupils, lanes, lane)
    return found


def _tape(tables, seed, school, pupils, lanes, lane):
    flat = tables.flat
    cohort = cohort_of(tables, pupils, lanes, seed, school)
    scratch, out = scratch_of(flat, len(lanes), 1), outcome_of(flat, len(lanes))
    years = []
    for year in range(flat.n.years):
        tape = tape_of(flat.n.days * flat.n.lessons, flat.n.looks, np.array([lane]), np.array([0]))
        live_a_year(flat, cohort, scratch, out, tape, year, 0, flat.n.days)
        years.append(tape)
    return {what: np.concatenate([getattr(t, what)[0] for t in years]) for what in ("cell", "label")}
