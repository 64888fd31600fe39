"""Balanced accuracy, macro-F1, kappa and alpha, beside scikit-learn and counting pairs; their intervals two ways."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib import import_module
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose
from sklearn.metrics import balanced_accuracy_score, cohen_kappa_score, f1_score

from misread.audit.rates import composites, composites_of
from misread.audit.rates.composed import replicate
from misread.audit.rates.composed.linear import slopes, variance
from misread.audit.rates.composed.measure import ENOUGH, MANY
from misread.audit.rates.composed.replicate import composites_again, drawn, quantiles
from misread.audit.rates.composed.sums import STATISTICS, Sums, sums_of, values
from misread.audit.table import CountTable, People
from tests.audit.rates.made import EXPRESSIONS, Row, rows, table_of

OWN = ("anger", "fear", "joy")
BALANCED, MACRO, KAPPA, ALPHA = range(4)


def alpha_by_pairs(given: list[Row]) -> float:
    """Krippendorff's alpha as he defines it: disagreement within faces beside that among all words, pair by pair."""
    within = sum(row.truth != row.answer for row in given) / len(given)
    words = [word for row in given for word in (row.truth, row.answer)]
    counted = Counter(words)
    differ = sum(counted[a] * counted[b] for a, b in permutations(counted, 2)) / (len(words) * (len(words) - 1))
    return 1 - within / differ if differ else np.nan


@settings(max_examples=25)
@given(rows())
@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true", "ignore:A single label")
def test_values(given):
    found = composites(table_of(given).margin()).value[0]
    truth, answer = [r.truth for r in given], [r.answer for r in given]
    assert_allclose(found[BALANCED], balanced_accuracy_score(truth, answer), atol=1e-12)
    assert_allclose(found[MACRO], f1_score(truth, answer, labels=sorted({*truth}), average="macro"), atol=1e-12)
    if len({*truth, *answer}) > 1:
        assert_allclose(found[KAPPA], cohen_kappa_score(truth, answer), atol=1e-12)
    assert_allclose(found[ALPHA], alpha_by_pairs(given), atol=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "printed"), [("0100000010", "1110010000", 0.095), ("aabbdcccedda", "babbbccceddd", 0.692)]
)
def test_alpha_of_krippendorffs_own_examples(first, second, printed):
    """Computing Krippendorff's Alpha-Reliability (2011), sections A and B, printed with three places."""
    words = tuple(sorted({*first, *second}))
    counts = np.zeros((1, len(words), len(words) + 1))
    for one, other in zip(first, second, strict=True):
        counts[0, words.index(one), words.index(other)] += 1
    table = CountTable(
        words, (*words, "none"), (), (), np.zeros((1, 0), np.int32), counts, np.zeros((1, len(words) + 1))
    )
    assert composites(table).value[0, ALPHA] == pytest.approx(printed, abs=0.0005)


@settings(max_examples=20)
@given(rows(weights=True))
def test_slopes_are_derivatives(given):
    """Each number nudged, the composites computed anew."""
    sums = sums_of(table_of(given, weighted=True).margin())
    if sums.n[0] < 2:
        return
    plain = values(sums)
    found = slopes(sums)
    for name, slope in zip(("hits", "faces", "answers"), found, strict=True):
        for at in range(slope.shape[1]):
            number = getattr(sums, name)
            if number[0, at] <= 0:
                continue
            step = 1e-6 * number[0, at]
            nudged = []
            for sign in (1, -1):
                changed = number.copy()
                changed[0, at] += sign * step
                nudged.append(_consistent(sums, name, changed))
            numeric = (nudged[0] - nudged[1])[0] / (2 * step)
            there = np.isfinite(plain[0]) & np.isfinite(numeric)
            assert_allclose(slope[0, at][there], numeric[there], rtol=2e-4, atol=1e-6)


def _consistent(sums: Sums, name: str, changed: np.ndarray) -> np.ndarray:
    return values(replace(sums, **{name: changed}))


def person_rows(persons: int, faces: int, seed: int, right: float = 0.6, spread: float = 0.25) -> list[Row]:
    rng = np.random.default_rng(seed)
    found = []
    for person in range(persons):
        own = np.clip(right + spread * (rng.random() - 0.5) * 2, 0, 1)
        for _ in range(faces):
            truth = str(rng.choice(EXPRESSIONS[:3]))
            answer = truth if rng.random() < own else str(rng.choice(["anger", "fear", "joy", "none"]))
            found.append(Row("child" if person % 2 else "adult", "dark", truth, answer, person))
    return found


def by_leaving_out(table: CountTable, given: list[Row]) -> np.ndarray:
    """Jackknife over persons: a variance that uses no derivative."""
    persons = sorted({row.person for row in given})
    each = np.array([values(sums_of(table_of([r for r in given if r.person != p]).margin()))[0] for p in persons])
    k = len(persons)
    return (k - 1) / k * ((each - each.mean(axis=0)) ** 2).sum(axis=0)


def test_linearised_variance_is_close_to_the_jackknifes():
    given = person_rows(60, 12, seed=3)
    table = table_of(given, persons=True).margin()
    found, k, even = variance(table, sums_of(table))
    assert (k[0], even[0]) == (60, 60)
    assert_allclose(found[0], by_leaving_out(table, given), rtol=0.05)


def test_of_few_persons_with_one_expression_it_is_the_variance_of_the_mean_of_their_shares():
    hits = [0, 1, 1, 2, 4, 3, 3]
    given = [
        Row("child", "dark", "joy", "joy" if face < n else "fear", who)
        for who, n in enumerate(hits)
        for face in range(4)
    ]
    found, *_ = variance(table := table_of(given, persons=True).margin(), sums_of(table))
    assert found[0, 0] == pytest.approx(np.var(np.array(hits) / 4, ddof=1) / len(hits), rel=1e-12)


def test_rows_are_persons_of_one_face():
    given = [replace(row, person=i) for i, row in enumerate(person_rows(20, 10, seed=5))]
    with_persons, k, _ = variance(table := table_of(given, persons=True).margin(), sums_of(table))
    without, *none = variance(bare := table_of(given).margin(), sums_of(bare))
    assert none == [None, None]
    assert_allclose(with_persons * (k - 1)[:, None] / k[:, None], without, rtol=0.02)


def test_few_faces_that_are_all_read_right_are_not_taken_to_be_sure():
    """Sixty faces of anger and of fear, four of joy, each read right in nine of ten, many times over."""
    rng, times, faces = np.random.default_rng(6), 3000, np.array([60, 60, 4])
    hits = rng.binomial(faces, 0.9, (times, 3))
    counts = np.zeros((times, 3, 4))
    counts[:, range(3), range(3)], counts[:, :, 3] = hits, faces - hits
    words = ("anger", "fear", "joy")
    levels = tuple(f"{i:04}" for i in range(times))
    strata = np.arange(times, dtype=np.int32)[:, None]
    table = CountTable(words, (*words, "none"), ("time",), (levels,), strata, counts, np.zeros((times, 4)))
    found = composites(table)
    held = (found.low[:, BALANCED] <= 0.9) & (found.high[:, BALANCED] >= 0.9)
    assert 0.94 < held.mean() < 0.99  # 0.87 if four faces of four had no variance
    # Persons drawn again would not show it either.
    given = [replace(row, person=i) for i, row in enumerate(person_rows(150, 2, seed=8, right=0.9))]
    rare = [Row("child", "dark", "pride", "anger", 0), *(row for row in given if row.truth != "joy")]
    table = table_of([*rare, *(Row("child", "dark", "joy", "joy", i) for i in range(3))], persons=True).margin()
    assert composites(table).again[0].tolist() == [False, False, True, True]
    assert composites(table_of(given, persons=True).margin()).again.all()


def test_intervals_by_linearisation_are_close_to_those_of_persons_drawn_again():
    given = person_rows(220, 8, seed=7)
    table = table_of(given, persons=True).margin("age")
    again, linear = composites(table), composites(table, replicates=0)
    assert again.again.all()
    assert not linear.again.any()
    assert_allclose(again.low, linear.low, atol=0.012)
    assert_allclose(again.high, linear.high, atol=0.012)
    assert_allclose(again.high - again.low, linear.high - linear.low, rtol=0.15)


def test_persons_drawn_again_are_drawn_whole():
    """The replicates of the composites, made anew from rows with the same draws."""
    given = person_rows(8, 5, seed=11)
    given += [replace(row, tone="light", age="adult") for row in person_rows(8, 3, seed=12)]  # the same eight persons
    table = table_of(given, persons=True)
    found = composites_again(table, sums_of(table), replicates=20, seed=4)
    times = drawn(8, 20, np.random.default_rng(4))
    assert (times.sum(axis=0) == 8).all()
    for b in range(20):
        repeated = [row for row in given for _ in range(int(times[row.person, b]))]
        for s in range(len(table.strata)):
            here = [r for r in repeated if r.group == tuple(table.names(s).values())]
            if here:
                assert_allclose(found[b, s], values(sums_of(table_of(here).margin()))[0], atol=1e-12)
            else:
                assert np.isnan(found[b, s]).all()


def test_margins_together_give_what_each_gives_by_itself():
    given = person_rows(2 * ENOUGH + 60, 4, seed=7)
    given += [replace(row, tone="light") for row in person_rows(40, 4, seed=8)]  # too few there to be drawn again
    table = table_of(given, persons=True)
    margins = [table.margin(*columns) for columns in ((), ("age",), ("tone",), ("tone", "age"), ("age", "tone"))]
    together = composites_of(table, margins, replicates=30, seed=3)
    assert [one.again.all() for one in together] == [True, True, False, False, False]
    assert all(one.again.any() for one in together)
    for margin, found in zip(margins, together, strict=True):
        assert tuple(found) == tuple(composites(margin, replicates=30, seed=3))


def test_batches_change_no_replicates_shape_nor_the_seed(monkeypatch):
    table = table_of(person_rows(ENOUGH, 3, seed=2), persons=True).margin()
    one, same = composites(table, replicates=50, seed=9), composites(table, replicates=50, seed=9)
    other = composites(table, replicates=50, seed=10)
    assert (one.low == same.low).all()
    assert (one.low != other.low).any()
    monkeypatch.setattr(replicate, "AT_ONCE", 7 * ENOUGH)
    monkeypatch.setattr(replicate, "BY_ONE", 300)
    batches = composites(table, replicates=50, seed=9)
    assert_allclose((batches.low, batches.high), (one.low, one.high), rtol=1e-12)
    assert "50 replicates, seed 9" in next(iter(one)).note


def test_quantiles_leave_out_what_is_not_estimable():
    rng = np.random.default_rng(0)
    drawn_values = rng.normal(size=(200, 3))
    drawn_values[rng.random((200, 3)) < 0.2] = np.nan
    drawn_values[:, 2] = np.nan
    low, high = quantiles(drawn_values, 0.9)
    expected = [np.nanquantile(drawn_values[:, :2], q, axis=0) for q in (0.05, 0.95)]
    assert_allclose((low[:2], high[:2]), expected, atol=1e-12)
    assert np.isnan([low[2], high[2]]).all()


def test_nothing_but_right_answers_is_not_certainty():
    given = [Row("child", "dark", word, word, i % 12) for i in range(60) for word in OWN[i % 3 : i % 3 + 1]]
    for persons in (False, True):
        found = list(composites(table_of(given, persons=persons)))
        for estimate in found:
            assert estimate.value == pytest.approx(1)
            assert estimate.high == pytest.approx(1)
            assert estimate.low < (0.9 if persons else 0.97)
            assert estimate.method == ("delta-persons" if persons else "delta")


def test_with_few_persons_there_is_a_value_and_no_interval():
    found = list(composites(table_of(person_rows(4, 20, seed=1), persons=True).margin()))
    assert [e.statistic for e in found] == list(STATISTICS)
    for estimate in found:
        assert estimate.value is not None
        assert (estimate.low, estimate.high) == (None, None)
        assert estimate.note.startswith("too few persons (4)")


def test_means_say_what_they_are_over():
    given = [Row("child", "dark", word, "joy", i) for i, word in enumerate(("anger", "joy", "pride"))]
    balanced, macro, kappa, _ = composites(table_of(given).margin())
    assert balanced.value == pytest.approx(1 / 3)
    for mean in (balanced, macro):
        assert mean.note == "mean over anger, joy, pride; never answered: pride"
    assert kappa.note == ""


def test_one_word_alone_has_no_kappa():
    *_, kappa, alpha = composites(table_of([Row("child", "dark", "joy", "joy", 0)] * 3))
    assert (kappa.value, alpha.value) == (None, None)
    assert kappa.note == "not estimable: only one word"


def test_bounds_stay_in_range():
    for seed in range(6):
        given = person_rows(6, 3, seed=seed, right=(0.05, 0.95)[seed % 2])
        for persons in (False, True):
            found = composites(table_of(given, persons=persons).margin("age"))
            there = ~np.isnan(found.low)
            assert (found.low[there] <= found.value[there] + 1e-12).all()
            assert (found.high[there] >= found.value[there] - 1e-12).all()
            assert (found.high[there] <= 1 + 1e-12).all()
            assert (found.low[:, :2][there[:, :2]] >= 0).all()


def test_very_many_persons_are_not_drawn_again(monkeypatch):
    assert MANY >= 10_000
    table = table_of(person_rows(ENOUGH, 3, seed=2), persons=True).margin()
    assert composites(table, replicates=5).again.all()
    monkeypatch.setattr(import_module("misread.audit.rates.composed.measure"), "MANY", ENOUGH - 1)
    assert not composites(table, replicates=5).again.any()


def test_with_fewer_than_a_hundred_persons_they_are_not_drawn_again():
    table = table_of(person_rows(ENOUGH - 1, 3, seed=2), persons=True).margin()
    assert not composites(table).again.any()
    more = person_rows(ENOUGH, 3, seed=2) + [
        replace(row, tone="light", age="adult") for row in person_rows(20, 3, seed=3)
    ]
    found = composites(table_of(more, persons=True).margin("tone"), replicates=20)
    assert found.again.tolist() == [[True] * 4, [False] * 4]


@pytest.mark.long
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("right", [0.6, 0.95])
@pytest.mark.parametrize("persons", [10, 30, 100])
def test_coverage(persons, right, again, monkeypatch):
    """How often the intervals hold the truth over persons who differ. Why persons are drawn again only from 100 on:
    with 30 the percentiles hold it in .91 of samples, where linearisation does in .95.
    """
    monkeypatch.setattr(import_module("misread.audit.rates.composed.measure"), "ENOUGH", 10 if again else 10**9)
    rng = np.random.default_rng([persons, int(100 * right)])
    truth = _true_values(right)
    held, runs = np.zeros(4), 500
    for _ in range(runs):
        found = composites(_of_persons(rng, persons, right), replicates=400, seed=int(rng.integers(1 << 30)))
        assert (found.again == again).all() or right > 0.9  # all right, in every replicate
        held += (found.low[0] <= truth) & (truth <= found.high[0])
    share = held / runs
    print(persons, right, again, share)
    if again:
        assert (share >= (0.92 if persons == 100 else 0.75)).all()
    else:
        assert (share >= 0.925).all()


@pytest.mark.long
def test_coverage_of_rows():
    """Eighty faces of as many persons, nothing known of who they are of."""
    rng = np.random.default_rng(80)
    truth = _true_values(0.6)
    held, runs = np.zeros(4), 1000
    for _ in range(runs):
        found = composites(replace(_of_persons(rng, 80, 0.6, faces=1), people=None))
        held += (found.low[0] <= truth) & (truth <= found.high[0])
    assert (np.abs(held / runs - 0.955) <= 0.02).all()


def _of_persons(rng: np.random.Generator, persons: int, right: float, faces: int = 10) -> CountTable:
    """Persons whose share of right answers is Beta with that mean: an intraclass correlation of 1/11 or 1/21."""
    size = 10 if right < 0.9 else 20
    own = rng.beta(right * size, (1 - right) * size, persons)
    truth = rng.integers(0, 3, (persons, faces))
    wrong = np.array([0, 1, 3])[rng.integers(0, 3, (persons, faces))]
    cell = 4 * truth + np.where(rng.random((persons, faces)) < own[:, None], truth, wrong)
    keys, count = np.unique(12 * np.arange(persons)[:, None] + cell, return_counts=True)
    person, cell = np.divmod(keys.astype(np.int32), 12)
    people = People(np.zeros_like(person), person, cell, count.astype(float), persons)
    counts = np.bincount(cell, count, 12).reshape(1, 3, 4)
    return CountTable(OWN, (*OWN, "none"), (), (), np.zeros((1, 0), np.int32), counts, np.zeros((1, 4)), people=people)


def _true_values(right: float) -> np.ndarray:
    """From probabilities: a wrong answer is anger, fear or none, each a third of the time, which may be the truth."""
    p = np.zeros((3, 4))  # anger, fear, joy; anger, fear, joy, none
    for e in range(3):
        p[e, e] += right
        p[e, [0, 1, 3]] += (1 - right) / 3
    p /= 3
    faces, answers, hits = p.sum(axis=1), p.sum(axis=0), np.diag(p)
    balanced = (hits / faces).mean()
    f1 = (2 * hits / (faces + answers[:3])).mean()
    chance = (faces * answers[:3]).sum()
    kappa = (hits.sum() - chance) / (1 - chance)
    use = np.append((faces + answers[:3]) / 2, answers[3] / 2)
    return np.array([balanced, f1, kappa, 1 - (1 - hits.sum()) / (1 - (use**2).sum())])
