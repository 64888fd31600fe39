"""Precision at a stated prevalence, by Bayes' rule over faces and by every sample that can occur."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import binom

from misread.audit.intervals.compare import mover_ratio
from misread.audit.intervals.proportion import wilson
from misread.audit.rates import precision_at, rates
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
