"""Rows of a confusion matrix: as posteriors, and what their faces are worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose
from scipy.stats import beta

from misread.audit.rates import confusion, rates, row_units
from misread.profile import Profile
from tests.audit.rates.made import EXPRESSIONS, LABELS, Row, rows, table_of


@settings(max_examples=15)
@given(rows())
def test_wilsons_are_those_of_all_rates(given):
    table = table_of(given, persons=True).margin("tone")
    one, every = confusion(table), rates(table)
    at = every.of("confusion", "anger", "anger")
    for name in ("value", "low", "high", "n", "hits", "n_eff"):
        assert_allclose(getattr(one, name), getattr(every, name)[:, at:], atol=0)
    assert one.method == "wilson-persons"


@settings(max_examples=15)
@given(rows())
def test_dirichlet_rows_of_independent_faces(given):
    found = confusion(table_of(given).margin(), interval="dirichlet", level=0.9)
    for estimate in found:
        if not estimate.n:
            assert (estimate.low, estimate.high) == (None, None)
            continue
        a, b = estimate.hits + 0.5, estimate.n - estimate.hits + 0.5 * (len(LABELS) - 1)
        assert (estimate.low, estimate.high) == pytest.approx(tuple(beta.ppf([0.05, 0.95], a, b)), abs=1e-9)
        assert (estimate.n_eff, estimate.method) == (estimate.n, "dirichlet")


def test_a_deployment_draws_from_the_interval_that_is_told():
    """The profile's own posterior, from what the rows are worth, has these quantiles."""
    given = [
        Row("child", "dark", "joy", ("joy", "joy", "fear", "none")[(i + i // 12 * (i % 12 > 5)) % 4], i % 12)
        for i in range(90)
    ]
    table = table_of(given, persons=True)
    found = confusion(table, interval="dirichlet")
    worth = row_units(confusion(table))[0]
    e = EXPRESSIONS.index("joy")
    p = table.counts[0, e] / table.counts[0, e].sum()
    profile = Profile("x", ("joy",), LABELS, p[None], worth[[e]], np.ones((1, len(LABELS)), bool))
    drawn = profile.draw(np.random.default_rng(1).random((40_000, 1, len(LABELS))))[:, 0]
    for at, label in enumerate(LABELS):
        estimate = found.find(0, "confusion", "joy", label)
        assert estimate.n_eff == worth[e] < 90
        assert_allclose(np.quantile(drawn[:, at], [0.025, 0.975]), (estimate.low, estimate.high), atol=0.004)


def test_what_a_row_is_worth_is_its_whole_variance():
    rng = np.random.default_rng(3)
    given = [
        Row("child", "dark", "joy", str(rng.choice(LABELS, p=rng.dirichlet(np.ones(5)))), i // 9) for i in range(180)
    ]
    worth = row_units(confusion(table_of(given, persons=True)))[0, EXPRESSIONS.index("joy")]
    answers = np.array([[sum(r.answer == w for r in given if r.person == q) for w in LABELS] for q in range(20)])
    p = answers.sum(axis=0) / 180
    each = 20 / 19 * ((answers - 9 * p) ** 2).sum(axis=0) / 180**2
    each = np.maximum(each, p * (1 - p) / 180)  # never better than independent faces
    assert worth == pytest.approx((1 - (p * p).sum()) / each.sum())


def test_rows_are_worth_their_faces_or_their_persons():
    alike = [Row("child", "dark", "joy", ("joy", "fear")[person % 2], person) for person in range(12) for _ in range(5)]
    e = EXPRESSIONS.index("joy")
    assert row_units(confusion(table_of(alike)))[0, e] == 60
    # Every person always gets the same answer: twelve persons, less one for the mean.
    assert row_units(confusion(table_of(alike, persons=True)))[0, e] == pytest.approx(11)
    same = [Row("child", "dark", "joy", "joy", person) for person in range(12) for _ in range(5)]
    assert row_units(confusion(table_of(same, persons=True)))[0, e] == 12
    assert np.isnan(row_units(confusion(table_of(same)))[0, EXPRESSIONS.index("fear")])


def test_few_persons_have_no_row():
    given = [Row("child", "dark", "joy", "joy", i % 4) for i in range(40)]
    found = confusion(table_of(given, persons=True), interval="dirichlet").find(0, "confusion", "joy", "joy")
    assert (found.value, found.low, found.high) == (1, None, None)
    assert found.method == "dirichlet-persons"


def test_another_interval_is_refused():
    with pytest.raises(ValueError, match="'wilson' or 'dirichlet'"):
        confusion(table_of([Row("child", "dark", "joy", "joy", 0)]), interval="wald")
