"""Groups against each other, beside Fairlearn, counting face by face, and simulated persons who are in both groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn.metrics import accuracy_score, recall_score

from misread.audit.intervals.compare import mover_ratio, newcombe
from misread.audit.rates import composites, differences, rates
from misread.audit.rates.against import _in_base
from misread.audit.rates.composed.sums import STATISTICS
from misread.audit.table import MISSING, CountTable, People
from tests.audit.rates.made import Row, by_person, meant, rows, table_of

RATES = (
    ("accuracy", None, None),
    ("recall", "joy", None),
    ("precision", None, "joy"),
    ("false_positive_rate", None, "fear"),
)


@settings(max_examples=6)
@given(rows(ages=("child", "adult")))
@pytest.mark.filterwarnings("ignore")
def test_fairlearn_agrees(given):
    """Its metrics by group, within a control column, their differences and ratios."""
    frame = pd.DataFrame([vars(row) for row in given])
    joy = lambda y, p: recall_score(y, p, labels=["joy"], average="macro", zero_division=np.nan)  # noqa: E731
    theirs = MetricFrame(
        metrics={"accuracy": accuracy_score, "recall": joy},
        y_true=frame.truth,
        y_pred=frame.answer,
        sensitive_features=frame[["tone"]],
        control_features=frame[["age"]],
    )
    table = table_of(given)
    found = rates(table.margin("age", "tone"))
    for s in range(len(found.table.strata)):
        group = tuple(found.table.names(s).values())
        for statistic, expression in (("accuracy", None), ("recall", "joy")):
            ours = found.find(s, statistic, expression).value
            assert_allclose(np.nan if ours is None else ours, theirs.by_group.loc[group, statistic], atol=1e-12)
    for statistic, expression in (("accuracy", None), ("recall", "joy")):
        pairs = [
            d
            for level in {row.tone for row in given}
            for d in differences(
                table, statistic, expression=expression, between="tone", within=("age",), against=level
            )
        ]
        for age in {row.age for row in given}:
            here = [d for d in pairs if d.within == (("age", age),) and d.difference is not None]
            if not here:
                continue
            widest = max(d.difference for d in here)
            assert_allclose(widest, theirs.difference(method="between_groups").loc[age, statistic], atol=1e-12)
            ratios = [d.ratio for d in here if d.ratio is not None]
            if len(ratios) == len(here):
                assert_allclose(min(ratios), theirs.ratio(method="between_groups").loc[age, statistic], atol=1e-12)


@settings(max_examples=25)
@given(rows(weights=True), st.sampled_from(RATES), st.sampled_from([(), ("tone",)]), st.booleans(), st.booleans())
def test_all_others_together_are_counted_as_one_group(given, key, within, persons, weighted):
    """The same from rows in which all other levels have one name; persons may be in several."""
    given = given if weighted else [replace(row, weight=1.0) for row in given]
    statistic, expression, label = key
    table = table_of(given, persons=persons, weighted=weighted)
    ages = [age for age in ("child", "adult") if any(row.age == age for row in given)]
    for age in ages:
        told = [row for row in given if row.age != MISSING]
        merged = [replace(row, age="child" if row.age == age else "adult") for row in told]
        beside = rates(table_of(merged, persons=persons, weighted=weighted).margin(*within, "age"))
        for d in differences(table, *key[:1], expression=expression, label=label, between="age", within=within):
            if d.level != age:
                continue
            groups = [dict(d.within) | {"age": name} for name in ("child", "adult")]
            places = [
                next((s for s in range(len(beside.table.strata)) if beside.table.names(s) == group), None)
                for group in groups
            ]
            sides = [None if s is None else beside.find(s, statistic, expression, label) for s in places]
            values = [None if side is None else side.value for side in sides]
            assert (d.value, d.against_value) == pytest.approx(tuple(values), abs=1e-9)
            assert d.n == pytest.approx(sides[0].n)
            assert d.against_n == pytest.approx(0 if sides[1] is None else sides[1].n)
            assert d.persons == sides[0].persons
            if sides[1] is None or None in values:
                assert (d.difference, d.low, d.ratio) == (None, None, None)
                continue
            assert d.against_persons == sides[1].persons
            correlation = correlation_by_hand(told, d, meant(*key)) if persons else 0.0
            assert d.correlation == pytest.approx(correlation, abs=1e-7)
            bounds = [
                np.nan if number is None else number for side in sides for number in (side.value, side.low, side.high)
            ]
            low, high = newcombe(*bounds, correlation=correlation)
            assert_allclose(_numbers(d.low, d.high), (low, high), atol=1e-7)
            r_low, r_high = mover_ratio(*bounds, correlation=correlation)
            assert_allclose(_numbers(d.ratio_low), (r_low,), atol=1e-6)
            if not np.isinf(r_high) and r_high < 1e4:
                assert_allclose(_numbers(d.ratio_high), (r_high,), rtol=1e-5)
            assert (d.note == "the ratio has no upper bound") == bool(np.isinf(r_high))


def correlation_by_hand(given, d, counts):
    """Covariance of what each person adds to the two rates, over the root of both variances."""
    here = [row for row in given if all(getattr(row, c) == level for c, level in d.within)]
    parts, spreads = [], []
    for inside in (True, False):
        side = [row for row in here if (row.age == d.level) == inside]
        each = {
            person: by_person([row for row in side if row.person == person], *counts)
            for person in {r.person for r in side}
        }
        each = {person: found[0] for person, found in each.items() if found}
        p = sum(x for x, _ in each.values()) / sum(n for _, n in each.values())
        parts.append({person: x - p * n for person, (x, n) in each.items()})
        independent = p * (1 - p) * sum(row.weight**2 for row in side if counts[1](row))
        spreads.append(max(independent, sum(z * z for z in parts[-1].values())))
    together = sum(parts[0][person] * parts[1][person] for person in parts[0].keys() & parts[1].keys())
    scale = np.sqrt(np.prod(spreads))
    return together / scale if scale > 1e-9 else 0.0


@settings(max_examples=15)
@given(rows(), st.sampled_from(STATISTICS), st.sampled_from([(), ("tone",)]), st.booleans())
def test_composites_of_all_others_together(given, statistic, within, persons):
    table = table_of(given, persons=persons)
    for d in differences(table, statistic, between="age", within=within):
        here = [row for row in given if all(getattr(row, c) == level for c, level in d.within)]
        one = [row for row in here if row.age == d.level]
        other = [row for row in here if row.age not in (d.level, MISSING)]
        for value, low_n, side in ((d.value, d.n, one), (d.against_value, d.against_n, other)):
            assert low_n == len(side)
            expected = composites(table_of(side).margin()).value[0, STATISTICS.index(statistic)] if side else np.nan
            assert_allclose(_numbers(value), (expected,), atol=1e-9)
        if statistic in ("kappa", "alpha"):
            assert (d.ratio, d.ratio_low, d.ratio_high) == (None, None, None)


@settings(max_examples=15)
@given(rows(), st.sampled_from(RATES), st.booleans())
def test_against_one_level(given, key, persons):
    statistic, expression, label = key
    table = table_of(given, persons=persons)
    single = rates(table.margin("tone", "age"))
    level = given[0].age
    found = differences(
        table, statistic, expression=expression, label=label, between="age", within=("tone",), against=level
    )
    assert all(d.level != level and d.against == level for d in found)
    at = {tuple(single.table.names(s).values()): s for s in range(len(single.table.strata))}
    for d in found:
        tone = d.within[0][1]
        assert d.value == single.find(at[tone, d.level], statistic, expression, label).value
        other = at.get((tone, level))
        assert d.against_value == (None if other is None else single.find(other, statistic, expression, label).value)


@settings(max_examples=25)
@given(rows(ages=("child", "adult")), st.sampled_from(RATES), st.sampled_from([(), ("tone",)]))
def test_of_two_levels_the_other_is_all_others(given, key, within):
    statistic, expression, label = key
    table = table_of(given, persons=True)
    asked = {"expression": expression, "label": label, "between": "age", "within": within}
    together = [d for d in differences(table, statistic, **asked) if d.level == "child"]
    single = differences(table, statistic, against="adult", **asked)
    assert len(single) == len(together)
    for one, other in zip(single, together, strict=True):
        for name in (
            "value",
            "against_value",
            "low",
            "high",
            "ratio_low",
            "n",
            "against_n",
            "persons",
            "against_persons",
        ):
            assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-9), name
        assert one.correlation == pytest.approx(other.correlation, abs=1e-9)
        assert one.note == other.note


def test_a_level_that_is_not_there():
    table = table_of([Row("child", "dark", "joy", "joy", 0)])
    with pytest.raises(KeyError, match="no level 'old'; it has: child, adult"):
        differences(table, "accuracy", between="age", against="old")


def test_nobody_is_in_a_level_that_is_not_there():
    # The first person is in the last stratum; what the second one is compared with does not occur.
    stratum, person = np.array([2, 1]), np.array([0, 1])
    x, n = np.array([3.0, 4.0]), np.array([5.0, 6.0])
    found = _in_base(x, n, stratum, person, np.array([-1, -1, 2]))
    assert [values.tolist() for values in found] == [[3, 0], [5, 0]]


def test_a_ratio_without_an_upper_bound_says_so():
    given = [Row("child", "dark", "joy", "joy" if i < 8 else "fear", i) for i in range(20)]
    given += [Row("adult", "dark", "joy", "fear", i) for i in range(20)]
    child, adult = differences(table_of(given), "recall", expression="joy", between="age")
    assert (child.ratio, child.ratio_high) == (None, None)
    assert child.ratio_low > 1
    assert child.note == "the ratio has no upper bound"
    assert (adult.ratio, adult.ratio_low) == (0, 0)
    assert adult.ratio_high == pytest.approx(1 / child.ratio_low)
    assert adult.low == pytest.approx(-child.high)


def test_kappas_may_be_two_apart():
    """All right on one side, all wrong on the other."""
    words = ("joy", "fear")
    given = [Row("child", "dark", words[i % 2], words[i % 2], i) for i in range(60)]
    given += [Row("adult", "dark", words[i % 2], words[1 - i % 2], i) for i in range(60)]
    child, adult = differences(table_of(given), "kappa", between="age")
    assert (child.difference, adult.difference) == (2, -2)
    assert 1.7 < child.low < 2 == child.high
    assert (adult.low, adult.high) == pytest.approx((-child.high, -child.low))


def test_a_missing_level_is_no_group():
    given = [Row(age, "dark", "joy", "joy", i) for i in range(10) for age in ("child", "adult", MISSING)]
    assert [d.level for d in differences(table_of(given), "accuracy", between="age")] == ["child", "adult"]
    assert [d.level for d in differences(table_of(given), "accuracy", between="age", against="adult")] == ["child"]


def test_too_few_persons_on_one_side():
    given = [Row("child", "dark", "joy", "joy", i % 20) for i in range(40)]
    given += [Row("adult", "dark", "joy", "joy", 30 + i % 3) for i in range(40)]
    child, adult = differences(table_of(given, persons=True), "accuracy", between="age")
    for d in (child, adult):
        assert (d.low, d.high, d.ratio_low, d.ratio_high) == (None,) * 4
        assert d.difference == 0
        assert d.note == "too few persons (3)"


def paired(rng: np.random.Generator, persons: int, faces: int, gap: float) -> CountTable:
    """The same persons under two conditions; each has a share of right answers of their own."""
    own = rng.beta(4, 4, persons)
    right = rng.binomial(faces, np.clip(np.stack([own, own - gap]), 0, 1))  # (conditions, persons)
    stratum = np.repeat([0, 1], persons * 2).astype(np.int32)
    person = np.tile(np.repeat(np.arange(persons), 2), 2).astype(np.int32)
    cell = np.tile([0, 1], persons * 2).astype(np.int32)
    count = np.stack([right, faces - right], axis=2).reshape(-1).astype(float)
    keep = count > 0
    counts = np.stack([right.sum(axis=1), faces * persons - right.sum(axis=1)], axis=1)[:, None, :].astype(float)
    people = People(stratum[keep], person[keep], cell[keep], count[keep], persons)
    strata = np.array([[0], [1]], np.int32)
    return CountTable(
        ("joy",), ("joy", "none"), ("light",), (("day", "dim"),), strata, counts, np.zeros((2, 2)), people=people
    )


def test_the_same_persons_in_both_groups_make_the_interval_narrower():
    table = paired(np.random.default_rng(1), 40, 10, 0.1)
    day, dim = differences(table, "accuracy", between="light")
    assert day.correlation > 0.5
    assert day.correlation == pytest.approx(dim.correlation)
    people = table.people
    apart = replace(people, person=people.person + 40 * people.stratum, k=80)
    alone, _ = differences(replace(table, people=apart), "accuracy", between="light")
    assert alone.correlation == 0
    assert alone.difference == day.difference
    assert day.high - day.low < 0.8 * (alone.high - alone.low)


@pytest.mark.long
@pytest.mark.parametrize("persons", [10, 20, 60])
def test_coverage_with_the_same_persons_in_both_groups(persons):
    rng = np.random.default_rng(persons)
    gap, runs, held, ratio_held = 0.1, 1500, 0, 0
    # The mean of max(own − gap, 0) over Beta(4, 4).
    grid = (np.arange(20_000) + 0.5) / 20_000
    density = grid**3 * (1 - grid) ** 3
    lower = (np.maximum(grid - gap, 0) * density).sum() / density.sum()
    for _ in range(runs):
        day, _ = differences(paired(rng, persons, 10, gap), "accuracy", between="light")
        held += day.low <= 0.5 - lower <= day.high
        ratio_held += day.ratio_low <= 0.5 / lower <= (day.ratio_high or np.inf)
    print(persons, held / runs, ratio_held / runs)
    assert 0.93 <= held / runs <= 0.98
    assert 0.93 <= ratio_held / runs <= 0.98


def _numbers(*values: float | None) -> tuple[float, ...]:
    return tuple(np.nan if value is None else value for value in values)
