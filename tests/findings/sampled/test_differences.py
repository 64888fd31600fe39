"""Differences between estimates from the same schools: against definitions, and against leaving schools out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from misread.findings.about import About
from misread.findings.sampled import differences, estimates, findings, in_words
from misread.findings.sampled.estimate import (
    ALIKE,
    NEVER,
    ONE_SCHOOL,
    Estimate,
    difference,
    jackknife,
    lots,
    quantile,
    quotient_of_ratios,
    ratio,
)
from misread.findings.sampled.sums import Estimated

RNG = np.random.default_rng(7)
POPULATION = RNG.uniform(50, 90, 40)
FIRST = POPULATION * RNG.uniform(0.2, 0.3, 40)
OTHER = FIRST + RNG.uniform(-1, 3, 40)


def left_out(of, *sums):
    """The jackknife's standard error of a function of sums over schools, by its definition."""
    n = len(sums[0])
    without = np.array([of(*(np.delete(s, i, axis=0) for s in sums)) for i in range(n)])
    return math.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())


def test_a_difference_of_quotients_by_its_definition():
    a, b = ratio(FIRST, POPULATION), ratio(OTHER, POPULATION + 1)
    d = difference(a, b)
    assert d.value == pytest.approx(OTHER.sum() / (POPULATION + 1).sum() - FIRST.sum() / POPULATION.sum())
    e = (OTHER - b.value * (POPULATION + 1)) / (POPULATION + 1).sum() - (
        FIRST - a.value * POPULATION
    ) / POPULATION.sum()
    assert d.se == pytest.approx(math.sqrt(40 / 39 * (e**2).sum()))
    assert d.se < math.hypot(a.se, b.se) / 2


@pytest.mark.parametrize(
    ("of", "args"),
    [
        (ratio, (FIRST, POPULATION)),
        (lots, (FIRST, POPULATION)),
        (quotient_of_ratios, (FIRST, POPULATION, OTHER, POPULATION)),
    ],
)
def test_pulls_are_what_leaving_a_school_out_does(of, args):
    found = of(*args)
    total = len(args[0])
    without = np.array([of(*(np.delete(a, i) for a in args)).value for i in range(total)])
    assert np.corrcoef(found.pull, -without)[0, 1] > 0.999
    assert found.se == pytest.approx(math.sqrt(total / (total - 1) * (found.pull**2).sum()))
    assert found.se == pytest.approx(left_out(lambda *a: of(*a).value, *args), rel=0.03)


def test_a_difference_of_jackknifed_estimates_is_the_jackknife_of_the_difference():
    one, other = np.stack([FIRST, POPULATION], 1), np.stack([OTHER, POPULATION**2], 1)

    def of(sums):
        return (np.sqrt(sums[..., 0]) / sums[..., 1])[..., None]

    (a,), (b,) = jackknife(one, of, ""), jackknife(other, of, "")
    d = difference(a, b)
    assert d.se == pytest.approx(left_out(lambda x, y: (of(y.sum(axis=0)) - of(x.sum(axis=0)))[0], one, other))


def test_a_quantile_falls_where_more_lie_below_it():
    low = np.arange(40)
    rng = np.random.default_rng(3)
    counted = np.stack([np.bincount(np.minimum(rng.poisson(m, 200), 39), minlength=40) for m in rng.uniform(9, 14, 30)])
    found = quantile(counted.astype(float), low, 0.5)
    means = (counted * low).sum(axis=1)
    assert np.corrcoef(found.pull, means)[0, 1] > 0.9
    assert found.se == pytest.approx(math.sqrt(30 / 29 * (found.pull**2).sum()))


def test_why_there_is_no_difference_or_no_error():
    known, alike = ratio(FIRST, POPULATION), ratio(0.5 * POPULATION, POPULATION)
    never = ratio(FIRST * 0, POPULATION * 0)
    assert difference(known, never) == Estimate(None, why=NEVER)
    assert difference(never, known) == Estimate(None, why=NEVER)
    assert difference(alike, alike) == Estimate(0.0, why=ALIKE)
    # One that never varies is known as well as it can be: the other's error is that of the difference.
    assert difference(alike, known).se == pytest.approx(known.se)
    one = ratio(FIRST[:1], POPULATION[:1])
    assert difference(one, one).why == ONE_SCHOOL
    biased = Estimate(2.0, why="biased")
    assert difference(known, biased) == Estimate(2.0 - known.value, why="biased")
    same = difference(known, ratio(FIRST.copy(), POPULATION.copy()))
    assert (same.value, same.se) == (0.0, 0.0)


def row(estimate, id="flag_ppv", **about):
    return Estimated(About(id, **about), estimate, 1)


def test_intervals_are_student_s():
    (d,) = differences([row(ratio(FIRST, POPULATION))], [row(ratio(OTHER, POPULATION))])
    low, high = stats.t.interval(0.95, 39, loc=d.value, scale=d.se)
    assert (d.low, d.high) == (pytest.approx(low), pytest.approx(high))


def test_quantiles_may_lie_one_off():
    a, b = ratio(FIRST, POPULATION), ratio(OTHER, POPULATION)
    counts = [Estimate(7.0, 0.01, pull=a.pull), Estimate(9.0, 0.01, pull=b.pull)]
    (d,) = differences(*([row(c, "false_flags_end_p50")] for c in counts))
    assert (d.value, d.low, d.high) == (2.0, 1.0, 3.0)
    (d,) = differences(*([row(counts[0], "false_flags_end_p50")] for _ in range(2)))
    assert (d.value, d.low, d.high) == (0.0, 0.0, 0.0)


def test_only_what_both_have_differs_and_keys_tell_rows_apart():
    one, other = ratio(FIRST, POPULATION), ratio(OTHER, POPULATION)
    first = [row(one, rule="a"), row(other, rule="b"), row(one, rule="a", reader="perfect")]
    second = [row(other, rule="a", reader="perfect"), row(other, rule="c"), row(other, rule="b")]
    found = list(differences(first, second))
    assert [(d.about.rule, d.about.reader) for d in found] == [("a", "perfect"), ("b", None)]
    assert found[1].value == 0.0
    assert found[0].value == pytest.approx(other.value - one.value)


def test_one_and_the_same_deployment_differs_in_nothing(layout, matrix):
    found = list(estimates(layout, matrix))
    same = list(differences(found, found, identical=True))
    assert len(same) == len(found)
    assert {(d.value, d.se, d.low, d.high) for d in same} <= {(0.0,) * 4, (None,) * 4}
    # Nor is there anything to tell the two apart by, were it not known that they are the same.
    unknown = list(differences(found, found))
    assert {d.value for d in unknown} <= {0.0, None}
    assert {d.se for d in unknown} <= {0.0, None}


def test_findings_are_the_estimates_in_words(layout, matrix):
    assert in_words(estimates(layout, matrix), len(matrix)) == findings(layout, matrix)
