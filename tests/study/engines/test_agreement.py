"""The engines held against each other: those that agree are said to, those that differ are told apart."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from misread.deployment import load, shipped
from misread.engine.sampled.laws import STEPS, coarsest
from misread.errors import MisreadError
from misread.study.engines import agreement as held
from misread.study.engines.agreement import BY_CHANCE, agreement, as_rows
from tests.study.schools import school

BRIEF = ("calendar.days_per_year=4", "population.pupils_per_school=30")


@pytest.mark.parametrize("name", shipped())
def test_the_engines_agree_on_every_shipped_deployment(name):
    full = name == "as-described-full"
    settings = (*BRIEF, "population.class_size=15", *(("feedback.saturates_at=2",) if full else ()))
    found = agreement(load(name, settings=settings), schools=60)
    assert found.holds, [row for row in as_rows(found) if not row["agree"]]
    assert len(found.rows) > 100
    assert sum(row.z is not None for row in found.rows) > 50
    # Not by being far off in the other direction: standard errors are no larger than what lies between.
    z = np.array([row.z for row in found.rows if row.z is not None])
    assert 0.2 < np.mean(z**2) < 3


def test_what_is_allowed_is_a_matter_of_how_many_are_compared(tmp_path):
    found = agreement(school(tmp_path), schools=50)
    varying = sum(bool(row.sampled.se) for row in found.rows)
    assert 2 * varying * _beyond(found.allowed, 49) == pytest.approx(BY_CHANCE, rel=1e-6)


def _beyond(z, degrees):
    from scipy.integrate import quad

    def density(x):
        c = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(degrees * math.pi) / 2
        return math.exp(c - (degrees + 1) / 2 * math.log1p(x * x / degrees))

    return quad(density, z, np.inf, epsabs=1e-14, epsrel=1e-9)[0]


@pytest.mark.parametrize("id", ["false_flags_per_pupil_year", "flag_ppv", "p_false_flag_by_end", "label_share"])
def test_an_engine_that_is_off_in_one_finding_is_told_apart(tmp_path, monkeypatch, id):
    deployment, run = school(tmp_path), held.run

    def off(d, way, hands):
        measured = run(d, way, hands)
        if way.engine != "exact":
            return measured
        rows = tuple(replace(f, value=f.value * 0.7) if f.id == id and f.value else f for f in measured.findings)
        return replace(measured, findings=replace(measured.findings, rows=rows))

    assert agreement(deployment, schools=200).holds
    monkeypatch.setattr(held, "run", off)
    found = agreement(deployment, schools=200)
    assert not found.holds
    assert {row.exact.id for row in found.rows if not row.agree} == {id}


def test_one_school_has_no_standard_error(tmp_path):
    with pytest.raises(MisreadError, match="at least two"):
        agreement(school(tmp_path), schools=1)


FURTHER = """
[population]
opt_out = {opt_out}
class_size = 10
[[traits]]
name = "shows it"
acts_on = "display"
expression = "sad"
sd = {a}
levels = 3
[[traits]]
name = "read so"
acts_on = "label"
label = "sad"
sd = {b}
levels = 2
[[situations]]
name = "plain"
share = {share}
[[situations]]
name = "test"
share = {rest}
mean_minutes = {{ {state} = {c} }}
[[ages]]
from_year = 2
mean_minutes = {{ {state} = {d} }}
[[camera.views]]
name = "near"
share = {near}
[[camera.views]]
name = "far"
share = {far}
dilution = {e}
{face}
{feedback}
"""


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50))
def test_the_engines_agree_on_random_deployments_with_every_further_table(tmp_path, seed):
    rng = np.random.default_rng(seed)
    plain = school(tmp_path)
    share, near = rng.uniform(0.2, 0.8, 2)
    policy = tmp_path / "further.toml"
    policy.write_text(
        FURTHER.format(
            opt_out=rng.choice([0.0, 0.3]), a=rng.uniform(0.2, 1), b=rng.uniform(0.2, 1), share=share, rest=1 - share,
            state=rng.choice(plain.pupil.states), c=rng.uniform(0.3, 3), d=rng.uniform(0.3, 3), near=near, far=1 - near,
            e=rng.uniform(0, 0.5), face=rng.choice(["", "[face]\nhold_minutes = 3.0"]),
            feedback=rng.choice(["", '[feedback]\nexpression = "neutral"\nmax = 0.7\nstrength = 0.2\nsaturates_at = 6']),
        )
    )  # fmt: skip
    settings = ("population.school_years=3", "population.pupils_per_school=40")
    deployment = load(tmp_path / "tiny.toml", policies=[policy], settings=settings)
    for step in STEPS[: STEPS.index(coarsest(deployment).step) + 1]:
        found = agreement(deployment, schools=300, seed=seed, step=step)
        assert found.holds, (step, [row for row in as_rows(found) if not row["agree"]])
