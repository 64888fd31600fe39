"""Precision at a stated prevalence, by Bayes' rule over faces and by every sample that can occur."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import expit, logit
from scipy.stats import binom

from misread.audit.intervals.compare import mover_ratio
from misread.audit.intervals.proportion import wilson
from misread.audit.rates import precision_at, rates
from tests.audit.groups.made import table_of as of_faces
from tests.audit.rates.made import Row, rows, table_of


@settings(max_examples=20)
@given(rows())
def test_at_the_benchmarks_own_prevalence_it_is_the_precision(given):
    found = rates(table_of(given).margin())
    for word in ("anger", "fear", "joy"):
        share = sum(row.truth == word for row in given) / len(given)
        if not 0 < share < 1:
            continue
        (estimate,) = precision_at(found, {word: share})
        assert estimate.value == pytest.approx(found.find(0, "precision", None, word).value)
        assert estimate.n == len(given)


@settings(max_examples=20)
@given(st.floats(0.001, 0.6), st.integers(1, 30), st.integers(0, 30), st.integers(0, 30))
def test_of_ten_million_children(prevalence, hits, misses, false):
    """Children who show it and who do not, each answered as often as the benchmark's faces."""
    given = [Row("child", "dark", "joy", "joy" if i < hits else "none", 0) for i in range(hits + misses)]
    given += [Row("child", "dark", "fear", "joy" if i < false else "none", 0) for i in range(40)]
    (estimate,) = precision_at(rates(table_of(given)), {"joy": prevalence})
    shown, others = 1e7 * prevalence, 1e7 * (1 - prevalence)
    right, wrong = shown * hits / (hits + misses), others * false / 40
    assert estimate.value == pytest.approx(right / (right + wrong))
    assert estimate.low <= estimate.value + 1e-12
    assert estimate.high >= estimate.value - 1e-12
    assert f"where {prevalence:g} of faces show it" in estimate.note


def test_who_is_hard_to_read_is_so_in_both_rates():
    """Persons of whom few joyful faces are read, and many others as joyful: the two rates are tied, by hand."""
    rng = np.random.default_rng(3)
    given, hits, false, n = [], [], [], 40
    for person, skill in enumerate(rng.uniform(0.1, 0.95, 15)):
        found, wrong = rng.random(n) < skill, rng.random(n) < (1 - skill) / 2
        given += [Row("child", "dark", "joy", "joy" if hit else "none", person) for hit in found]
        given += [Row("child", "dark", "fear", "joy" if hit else "fear", person) for hit in wrong]
        hits.append(found.sum())
        false.append(wrong.sum())
    table = table_of(given, persons=True).margin()
    (joy,) = precision_at(rates(table), {"joy": 0.05})
    r, f = rates(table).find(0, "recall", "joy"), rates(table).find(0, "false_positive_rate", None, "joy")
    z, w = np.array(hits) - n * r.value, np.array(false) - n * f.value
    least = [15 * n * e.value * (1 - e.value) for e in (r, f)]
    tied = (z * w).sum() / np.sqrt(max((z * z).sum(), least[0]) * max((w * w).sum(), least[1]))
    assert tied < -0.5
    low, high = mover_ratio(f.value, f.low, f.high, r.value, r.low, r.high, correlation=tied)
    assert_allclose((joy.low, joy.high), (1 / (1 + 19 * high), 1 / (1 + 19 * low)), rtol=1e-9)
    apart_low, apart_high = mover_ratio(f.value, f.low, f.high, r.value, r.low, r.high)
    assert joy.high - joy.low > 1.1 * (1 / (1 + 19 * apart_low) - 1 / (1 + 19 * apart_high))


@pytest.mark.long
@pytest.mark.parametrize("persons", [10, 40])
def test_coverage_where_persons_differ_in_how_well_they_are_read(persons):
    rng, each, q, held, runs = np.random.default_rng(5), 20, 0.05, 0, 800
    skill = rng.normal(size=1_000_000)
    recall, false = expit(logit(0.7) + skill).mean(), expit(logit(0.1) - skill).mean()
    truth = q * recall / (q * recall + (1 - q) * false)
    who, shown = np.repeat(np.arange(persons), 2 * each), np.tile(np.repeat([0, 1], each), persons)
    for _ in range(runs):
        own = rng.normal(size=persons)[who]
        sad = rng.random(len(who)) < np.where(shown == 0, expit(logit(0.7) + own), expit(logit(0.1) - own))
        table = of_faces(np.zeros(len(who)), shown, np.where(sad, 0, 1), person=who).margin()
        found = next(e for e in precision_at(rates(table), q) if e.label == "sad")
        held += found.low <= truth <= found.high
    assert 0.925 < held / runs < 0.975  # without the correlation 0.90 and 0.91


def test_rarer_is_less_precise():
    given = [Row("child", "dark", word, ("joy", "fear")[i % 3 == 0], 0) for i in range(60) for word in ("joy", "fear")]
    found = rates(table_of(given))
    told = [precision_at(found, q) for q in (0.01, 0.1, 0.5)]
    assert [e.label for e in told[0]] == ["anger", "fear", "joy"]
    for rare, seldom, often in zip(*(t[1:] for t in told), strict=True):
        assert rare.value < seldom.value < often.value
        assert rare.low < seldom.low < often.low
        assert rare.high < seldom.high < often.high


def test_not_estimable():
    given = [Row("child", "dark", "joy", "none", 0), Row("child", "dark", "fear", "none", 0)]
    joy, anger = precision_at(rates(table_of(given)), {"joy": 0.1, "anger": 0.1})
    assert (joy.value, joy.low, joy.high) == (None, 0, 1)
    assert joy.note.startswith("not estimable: never answered; ")
    assert (anger.value, anger.low, anger.high) == (None, None, None)
    assert anger.note.startswith("not estimable: no such face; ")


@pytest.mark.parametrize("prevalence", [0, 1, -0.1, 95, float("nan")])
def test_a_prevalence_is_a_share(prevalence):
    with pytest.raises(ValueError, match="must be above 0 and below 1"):
        precision_at(rates(table_of([Row("child", "dark", "joy", "joy", 0)])), prevalence)


def test_a_label_without_precision():
    with pytest.raises(KeyError, match="no 'false_positive_rate contempt' in this table; there is: accuracy"):
        precision_at(rates(table_of([Row("child", "dark", "joy", "joy", 0)])), {"contempt": 0.1})


@pytest.mark.parametrize(("recall", "false"), [(0.8, 0.1), (0.6, 0.3), (0.9, 0.03), (0.5, 0.5)])
def test_coverage_over_every_sample(recall, false):
    """Forty faces that show it, eighty that do not: the interval holds the truth in about 95 % of all samples."""
    n, m, q = 40, 80, 0.05
    x, y = np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij")
    mass = binom.pmf(x, n, recall) * binom.pmf(y, m, false)
    low, high = mover_ratio(y / m, *wilson(y, m), x / n, *wilson(x, n))
    odds = (1 - q) / q
    truth = 1 / (1 + odds * false / recall)
    held = mass[(1 / (1 + odds * high) <= truth) & (truth <= 1 / (1 + odds * low))].sum()
    assert 0.93 <= held <= 0.975
    given = [Row("child", "dark", "joy", "joy" if i < 32 else "none", 0) for i in range(n)]
    given += [Row("child", "dark", "fear", "joy" if i < 8 else "none", 0) for i in range(m)]
    (estimate,) = precision_at(rates(table_of(given)), {"joy": q})
    expected = 1 / (1 + odds * high[32, 8]), 1 / (1 + odds * low[32, 8])
    assert_allclose((estimate.low, estimate.high), expected, atol=1e-12)
