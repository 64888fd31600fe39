"""Bounds: what a figure allows, against every table of answers there is."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from misread.audit.claim.bounds import COMPUTED, any_wrong, as_plain, both, bounds, found_right

RATES = ("false_positive_rate", "recall", "precision")


def figures(p, n, t, f, kept):
    """All figures of a table: p looks at the state, n at others; t right alarms, f false ones, kept: others read right."""
    found = {
        "accuracy": (t + kept) / (p + n),
        "error_rate": (p + n - t - kept) / (p + n),
        "recall": t / p,
        "miss_rate": (p - t) / p,
        "specificity": (n - f) / n,
        "false_positive_rate": f / n,
        "f1": 2 * t / (t + f + p),
    }
    if t + f:
        found |= {"precision": t / (t + f), "false_discovery_rate": f / (t + f)}
    return found


def tables(p, n):
    """Every table with at least three words: others may be read wrong without an alarm."""
    for t, f in product(range(p + 1), range(n + 1)):
        for kept in range(n - f + 1):
            yield t, f, kept


def seen(p, n, quantity):
    """Value of a figure → lowest and highest of each rate over all tables that have it."""
    found = defaultdict(lambda: defaultdict(list))
    for table in tables(p, n):
        known = figures(p, n, *table)
        if quantity in known:
            for rate in RATES:
                if rate in known:
                    found[known[quantity]][rate].append(known[rate])
    return found


@pytest.mark.parametrize(("p", "n"), [(1, 1), (1, 7), (2, 5), (3, 3), (5, 2), (4, 9)])
@pytest.mark.parametrize(
    "quantity", ["accuracy", "error_rate", "recall", "miss_rate", "specificity", "false_positive_rate"]
)
def test_the_ends_are_those_of_all_tables(p, n, quantity):
    """Of these, each end is reached by a table of whole looks."""
    for value, rates in seen(p, n, quantity).items():
        got = bounds(quantity, value, value, p / (p + n))
        for rate in RATES:
            if rates[rate]:
                ends = (min(rates[rate]), max(rates[rate]))
                assert tuple(getattr(got, rate)[:, 0]) == pytest.approx(ends, abs=1e-12), (quantity, value, rate)


@pytest.mark.parametrize(("p", "n"), [(1, 7), (2, 5), (3, 3), (5, 2), (4, 9)])
@pytest.mark.parametrize("quantity", ["precision", "false_discovery_rate", "f1"])
def test_no_table_lies_outside(p, n, quantity):
    for value, rates in seen(p, n, quantity).items():
        got = bounds(quantity, value, value, p / (p + n))
        for rate in RATES:
            low, high = getattr(got, rate)[:, 0]
            assert all(low - 1e-12 <= one <= high + 1e-12 for one in rates[rate]), (quantity, value, rate)


@pytest.mark.parametrize("prevalence", [0.01, 0.05, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("value", [0.05, 0.3, 0.5, 0.88, 0.99])
@pytest.mark.parametrize("quantity", ["precision", "f1"])
def test_ends_of_precision_and_f1_are_reached(prevalence, value, quantity):
    """Over a fine grid of right alarms, each with the false ones that the figure then demands."""
    t = np.linspace(0, prevalence, 400_001)[1:]
    f = t * (1 - value) / value if quantity == "precision" else 2 * t / value - t - prevalence
    there = (f >= -1e-15) & (f <= 1 - prevalence)
    t, f = t[there], np.maximum(f[there], 0)
    got = bounds(quantity, value, value, prevalence)
    for rate, values in (
        ("false_positive_rate", f / (1 - prevalence)),
        ("recall", t / prevalence),
        ("precision", t / (t + f)),
    ):
        assert tuple(getattr(got, rate)[:, 0]) == pytest.approx((values.min(), values.max()), abs=3e-3), rate


# As they are written in sentences; a share of 1e-38 is none.
shares = st.integers(0, 1000).map(lambda n: n / 1000)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(COMPUTED), st.floats(0.01, 0.99), shares, shares, shares, shares, shares)
def test_a_range_holds_every_table_inside_it(quantity, prevalence, recall, false, kept, a, b):
    """Bounds of a range are those of all its values together."""
    table = (
        prevalence,
        1 - prevalence,
        recall * prevalence,
        false * (1 - prevalence),
        kept * (1 - false) * (1 - prevalence),
    )
    known = figures(*table)
    plain = {"agreement": "accuracy"}.get(quantity, quantity)
    assume(plain in known)
    low, high = min(known[plain] * a, 1), min(1, known[plain] + (1 - known[plain]) * b)
    got = bounds(quantity, low, high, prevalence)
    for rate in RATES:
        if rate in known:
            ends = getattr(got, rate)[:, 0]
            assert ends[0] - 1e-9 <= known[rate] <= ends[1] + 1e-9, rate


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(COMPUTED), st.floats(0.01, 0.99), shares, shares, shares, shares)
def test_a_narrower_range_allows_no_more(quantity, prevalence, a, b, c, d):
    lows, highs = sorted((a, b)), sorted((c, d))
    assume(lows[1] <= highs[0])
    wide = bounds(quantity, lows[0], highs[1], prevalence)
    narrow = bounds(quantity, lows[1], highs[0], prevalence)
    for rate in RATES:
        assert getattr(wide, rate)[0, 0] <= getattr(narrow, rate)[0, 0] + 1e-12
        assert getattr(wide, rate)[1, 0] >= getattr(narrow, rate)[1, 0] - 1e-12


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), shares, shares)
def test_two_figures_together_are_the_table(p, n, r, f):
    t, false = round(r * p), round(f * n)
    known = figures(p, n, t, false, 0)
    pi = p / (p + n)
    got = both((known["recall"],) * 2, (known["false_positive_rate"],) * 2, pi)
    if "precision" in known:
        assert got.precision[:, 0] == pytest.approx(known["precision"], abs=1e-12)
    if t:
        again = found_right((known["recall"],) * 2, (known["precision"],) * 2, pi)
        assert again.false_positive_rate[:, 0] == pytest.approx(known["false_positive_rate"], abs=1e-9)


def test_the_two_sides_of_a_mistake():
    assert as_plain("error_rate", 0, 0.05) == ("accuracy", 0.95, 1)
    assert as_plain("agreement", 0.8, 0.9) == ("accuracy", 0.8, 0.9)


def test_many_prevalences_at_once():
    pi = np.array([0.01, 0.05, 0.2, 0.9])
    for quantity in COMPUTED:
        whole = bounds(quantity, 0.7, 0.9, pi)
        for i, one in enumerate(pi):
            alone = bounds(quantity, 0.7, 0.9, one)
            for rate in RATES:
                assert getattr(whole, rate)[:, i] == pytest.approx(getattr(alone, rate)[:, 0])


@pytest.mark.parametrize(
    ("quantity", "low", "high", "prevalence"),
    [
        ("auc", 0.9, 0.9, 0.1),
        ("accuracy", 0.9, 0.8, 0.1),
        ("accuracy", -0.1, 0.8, 0.1),
        ("f1", 0.5, 0.6, 0),
        ("f1", 0.5, 0.6, 1),
    ],
)
def test_what_is_out_of_range_is_refused(quantity, low, high, prevalence):
    with pytest.raises(ValueError, match=quantity):
        bounds(quantity, low, high, prevalence)


@pytest.mark.parametrize("wrong", [0.0, 0.05, 0.4, 1.0])
@pytest.mark.parametrize("looks", [1, 2, 3, 8])
def test_days_with_a_wrong_reading(wrong, looks):
    low, chance, high = any_wrong(wrong, looks)
    patterns = np.array(list(product([0, 1], repeat=looks)))
    weight = np.prod(np.where(patterns, wrong, 1 - wrong), axis=1)
    assert chance == pytest.approx(weight[patterns.any(axis=1)].sum(), abs=1e-12)
    # All on the same days; and never two on one day, as long as there are days left.
    assert (low, high) == pytest.approx((wrong, min(1, looks * wrong)))
    assert low - 1e-12 <= chance <= high + 1e-12
