"""The planes' kernel against the other one, bit for bit, and against the plain reading."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.sampled import reference
from misread.engine.sampled import simulate as module
from misread.engine.sampled.kernels.guide import guide_to, once
from misread.engine.sampled.kernels.layout import Cohort
from misread.engine.sampled.kernels.planes.judge import MOST_MORE, OFFSET
from misread.engine.sampled.kernels.planes.school import live_in_planes, sliceable
from misread.engine.sampled.simulate import live_look_by_look, simulate
from misread.engine.sampled.tables import (
    CENSUS,
    CLEAR,
    KEEP,
    MARK,
    MUTE,
    RULE,
    SHARE,
    TOP,
    WINDOW,
    Flat,
    Size,
    tables_of,
    thresholds,
)
from tests.engine.sampled.schools import differing, made, text_of

GIVEN_FIELDS = ("first_flag", "first_false", "mark_day", "unearned", "level")


def laws(rng, *shape):
    """Laws, a third of their entries 0."""
    found = rng.gamma(0.5, size=shape) * (rng.random(shape) < 2 / 3) + 1e-300
    return found / found.sum(axis=-1, keepdims=True)


@st.composite
def flats(draw):
    """Any deployment that the planes take, as tables of chances that follow from a number."""
    whole = st.integers
    looks, cells, labels, strata = draw(whole(1, 20)), draw(whole(1, 8)), draw(whole(1, 10)), draw(whole(1, 5))
    years, days, lessons, rules = draw(whole(1, 4)), draw(whole(1, 4)), draw(whole(1, 3)), draw(whole(1, 3))
    states = draw(whole(1, cells))
    rng = np.random.default_rng(draw(whole(0, 2**32)))
    epoch = np.sort(rng.integers(draw(whole(1, 2)), size=years))
    alike = draw(st.sampled_from(("all", "paths", "none")))
    shape = (int(epoch.max()) + 1, strata, 1, cells)

    def table(what, *own):
        drawn = laws(rng, *own)
        shared = alike == "all" or (alike == "paths" and what != "emission")
        return thresholds(np.broadcast_to(drawn[:1, :1], drawn.shape) if shared else drawn)

    start = table("start", *shape[:2], cells)
    step, gap = table("step", *shape, cells), table("gap", *shape, cells)
    emission = table("emission", *shape, labels)
    path_row, step, gap = once(step, gap, of=cells)
    label_row, emission = once(emission, of=cells)
    cell_guide, label_guide = (max(3, (outcomes + 1).bit_length()) for outcomes in (cells, labels))

    def rule():
        window = draw(whole(1, min(looks, OFFSET + MOST_MORE)))
        least = draw(whole(max(1, window - MOST_MORE), OFFSET))
        truth = draw(st.sampled_from((1, window)))
        after = draw(st.sampled_from((CLEAR, MUTE, KEEP)))
        return WINDOW, least, window, after, truth, 1, draw(whole(0, 2**labels - 1)), draw(whole(0, 2**states - 1))

    judged = np.array([rule() for _ in range(rules)], dtype=RULE)
    marks = [(draw(whole(0, rules - 1)), draw(whole(1, 12)), 0) for _ in range(draw(whole(0, 2)))]
    censuses = [(draw(whole(0, rules - 1)), draw(whole(0, years * days - 1))) for _ in range(draw(whole(0, 2)))]
    sizes = (states, labels, int(step.shape[-1]).bit_length() - 1, int(emission.shape[-1]).bit_length() - 1)
    return Flat(
        n=Size(years, days, lessons, looks, looks, 1, cells, *sizes, cell_guide, label_guide, strata, 1),
        rules=judged,
        marks=np.array(marks, dtype=MARK),
        censuses=np.array(censuses, dtype=CENSUS),
        epoch=epoch,
        situation=thresholds(np.ones(1)),
        path_row=path_row,
        label_row=label_row,
        masked_row=np.zeros(shape[0] * strata, np.uint32),
        start=start.ravel(),
        step=step.ravel(),
        step_guide=guide_to(step, cell_guide),
        gap=gap.ravel(),
        gap_guide=guide_to(gap, cell_guide),
        emission=emission.ravel(),
        label_guide=guide_to(emission, label_guide),
        state=np.sort(np.append(np.arange(states), rng.integers(states, size=cells - states))).astype(np.uint32),
        masking=np.zeros(1, np.uint32),
    )


@settings(max_examples=60)
@given(flats(), st.sampled_from((1, 2, 60, 127, 300, 520)), st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1))
def test_planes_count_what_the_other_kernel_counts(flat, many, seed, school):
    assert sliceable(SimpleNamespace(flat=flat, pupils=500))
    rng = np.random.default_rng(seed)
    cohort = Cohort(
        seed & 0xFFFFFFFF,
        seed >> 32,
        school,
        # Not every pupil is watched.
        pupil=np.sort(rng.choice(2 * many, many, replace=False)).astype(np.int64),
        first=np.array([0, many]),
        klass=np.array([0]),
        stratum=rng.integers(flat.n.strata, size=(flat.n.years, many)),
    )
    one, other = live_in_planes(flat, cohort, map), live_look_by_look(flat, cohort)
    for name in one.out._fields:
        # Where there is one situation, nobody reads what is counted by situation.
        assert np.array_equal(getattr(one.out, name), getattr(other.out, name)), name
        assert getattr(one.out, name).dtype == getattr(other.out, name).dtype
    for name in GIVEN_FIELDS:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def plain(**changes) -> str:
    """A small deployment that the planes take: window rules only, marks within a year."""
    head, tail = text_of(**changes).split('[[rules]]\nname = "glum lesson"')
    tail = tail[tail.index("[[rules]]") :].replace('within = "rolling year"\n', "")
    kept, rest = tail.split('[[rules]]\nname = "happiest"')
    rest = rest[rest.index("[file]") :].replace(
        '[[file.marks]]\nname = "happy child"\nrule = "happiest"\nflags = 2\n', ""
    )
    return head + kept + rest.replace('mark = "happy child"', 'mark = "moody"')


AGES = '\n[[ages]]\nfrom_year = 2\nmean_minutes = { bored = 1.4 }\ndisplay = "flat"\n'
VIEWS = '\n[[camera.views]]\nname = "front"\nshare = 0.6\n[[camera.views]]\nname = "back"\nshare = 0.4\nlost = 0.35\n'

SCHOOLS = {
    "kinds": plain(),
    "opt-out, and what is not kept": plain(keep_days=3, days_per_year=4, school_years=2).replace(
        "school_years = 2", "school_years = 2\nopt_out = 0.3"
    ),
    "seats and ages": plain().replace("share = 0.8 }", "share = 1 }").replace('  { name = "flat-affect"', "# {")
    + AGES
    + VIEWS,
    # Cells are a state and an expression: six of two expressions.
    "expressions that last": plain().replace("happy = 0.25 }", "sad = 0.25 }") + "\n[face]\nhold_minutes = 2.0\n",
    "long lessons": plain(lesson_minutes=95.0, pupils_per_school=6),
}


@pytest.mark.parametrize("name", SCHOOLS)
def test_every_count_is_the_reference_s(name, tmp_path):
    school = made(tmp_path, SCHOOLS[name])
    assert sliceable(school.tables)
    kernel = simulate(school.tables, 7, 1)
    assert differing(kernel, reference.simulate(school.tables, school.deployment, 7, 1)) == []
    assert kernel.flags[0].sum(axis=(1, 2)).all(), "a rule that never fires tests nothing"
    assert (kernel.mark_day[0] >= 0).any(axis=1).all()


SHIPPED = ("as-described", "best-case", "vendor-claim", "one-classroom", "a-teacher-instead")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_deployments_are_taken(name):
    deployment = load(name, settings=["calendar.days_per_year=2", "population.school_years=3"])
    tables = tables_of(compile_chain(deployment, resolve_profiles(deployment)), deployment)
    assert sliceable(tables)


NOT_TAKEN = {
    "a share": {"form": SHARE},
    "a ranking": {"form": TOP},
    "many hits": {"least": 9, "window": 9},
    "many looks beyond them": {"least": 2, "window": 10},
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_rules_that_no_four_planes_count_are_left_to_the_other_kernel(name, tmp_path):
    tables = made(tmp_path, plain()).tables
    rules = tables.flat.rules.copy()
    for field, value in NOT_TAKEN[name].items():
        rules[field][-1] = value
    assert sliceable(tables)
    assert not sliceable(replace(tables, flat=tables.flat._replace(rules=rules)))


def test_what_hangs_on_other_days_is_left_to_the_other_kernel(tmp_path):
    assert not sliceable(made(tmp_path, plain().replace("flags = 3", 'flags = 3\nwithin = "rolling year"')).tables)
    full = made(tmp_path, text_of("full")).tables
    assert not sliceable(replace(full, flat=full.flat._replace(rules=full.flat.rules[:1], marks=full.flat.marks[:0])))


def test_many_kinds_of_few_pupils_are_left_to_the_other_kernel(tmp_path):
    tables = made(tmp_path, plain() + VIEWS).tables
    assert tables.flat.n.strata == 4
    assert not sliceable(tables)
    assert sliceable(replace(tables, pupils=400))


def test_without_a_rule_labels_are_counted_all_the_same():
    few = ["population.pupils_per_school=6", "population.school_years=2", "calendar.days_per_year=2"]
    deployment = load("as-described", policies=["switched-off"], settings=few)
    tables = tables_of(compile_chain(deployment, resolve_profiles(deployment)), deployment)
    school = simulate(tables, 7, 1)
    assert school.flags.shape[1] == 0
    assert school.labels.sum() == tables.pupils * tables.flat.n.years * 2 * tables.flat.n.lessons * tables.flat.n.looks
    assert differing(school, reference.simulate(tables, deployment, 7, 1)) == []


def test_how_pupils_are_shared_out_changes_nothing(tmp_path, monkeypatch):
    tables = made(tmp_path, plain(pupils_per_school=700)).tables
    whole = simulate(tables, 7, 1)
    assert differing(simulate(tables, 7, 1, threads=3), whole) == []
    monkeypatch.setattr(module, "MANY", 300)
    assert differing(simulate(tables, 7, 1, threads=2), whole) == []


MACHINE = """
import sys, zlib
from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.sampled.simulate import simulate
from misread.engine.sampled.tables import tables_of
d = load(sys.argv[1])
school = simulate(tables_of(compile_chain(d, resolve_profiles(d)), d), 7, 1)
print(zlib.crc32(b"".join(bytes(value) for value in vars(school).values())))
"""


@pytest.mark.long
@pytest.mark.parametrize("cpu", ["haswell", "generic"])
def test_machines_with_narrower_registers_count_the_same(cpu, tmp_path):
    path = tmp_path / "school.toml"
    path.write_text(SCHOOLS["seats and ages"])

    def sum_of(**env):
        words = [sys.executable, "-c", MACHINE, str(path)]
        found = subprocess.run(words, env={**os.environ, **env}, check=True, capture_output=True, text=True)
        return found.stdout

    assert sum_of(NUMBA_CPU_NAME=cpu, NUMBA_CPU_FEATURES="", NUMBA_CACHE_DIR=str(tmp_path)) == sum_of()
