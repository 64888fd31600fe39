"""Each group's own figure, raw and pooled; the posterior against sums over a fine grid that is written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import betaln

from misread.audit.groups import pooled
from misread.audit.groups.pooling import POINTS, centres, draws, strength
from misread.audit.rates import rates
from misread.audit.table.model import MISSING, CountTable
from misread.errors import MisreadError
from tests.audit.groups.made import LABELS, WORDS, of_hits, table_of

Array = NDArray[np.float64]


def recall(table: CountTable, **more: object) -> tuple:
    return pooled(table, "recall", expression="sad", over="tone", **more)  # type: ignore[arg-type]


def test_raw_figures_are_those_of_the_rates_and_pooled_ones_lie_between() -> None:
    table = of_hits([2, 30, 9, 14], [10, 40, 10, 20])
    found = recall(table)
    raw, drawn = found[::2], found[1::2]
    every = rates(table)
    assert raw == tuple(every.find(s, "recall", "sad") for s in range(4))
    assert {e.method for e in drawn} == {"pooled"}
    mean, _ = centres(np.array([2.0, 30, 9, 14]), np.array([10.0, 40, 10, 20]))
    assert [e.value for e in drawn] == pytest.approx(mean)
    for before, after in zip(raw, drawn, strict=True):
        assert after.low < after.value < after.high
        assert (after.group, after.n, after.hits) == (before.group, before.n, before.hits)
    assert raw[0].value < drawn[0].value < raw[1].value
    assert drawn[2].value < raw[2].value


def test_groups_that_are_alike_tell_of_one_another() -> None:
    found = recall(of_hits([6, 14, 9, 7], [10, 20, 12, 10]))
    for raw, drawn in zip(found[::2], found[1::2], strict=True):
        assert drawn.high - drawn.low < 0.85 * (raw.high - raw.low)


def test_it_says_how_much_is_its_own() -> None:
    small, large = recall(of_hits([3, 280], [6, 400]))[1::2]
    assert "mostly what the other groups show" in small.note
    assert large.note == "its own faces weigh 86 %"
    _, own = centres(np.array([3.0, 280]), np.array([6.0, 400]))
    assert own[1] == pytest.approx(0.86, abs=0.005)


def test_too_few_to_say_and_missing_lend_nothing() -> None:
    found = recall(of_hits([14, 12, 3, 0, 40], [20, 20, 4, 0, 40], levels=("a", "b", "c", "d", MISSING)))
    assert found[:4] == recall(of_hits([14, 12], [20, 20], levels=("a", "b")))
    few = found[5]
    assert (few.value, few.low, few.high, few.note) == (None, None, None, "too few to say (4 faces)")
    assert found[4].value == 0.75  # the raw figure stays
    # A group without a face of this kind is no stratum of such a table; what is missing has its raw figure alone.
    assert [dict(e.group)["tone"] for e in found[6:]] == [MISSING]
    assert found[6].method == "wilson"


def test_a_group_without_such_faces_is_not_estimable() -> None:
    group = np.repeat([0, 1, 2], 20)
    truth = np.where(group == 2, 1, 0)
    raw, drawn = recall(table_of(group, truth, np.tile([0, 1], 30)))[-2:]
    assert raw.value is None
    assert drawn.value is None
    assert drawn.note == raw.note == "not estimable: no such face"


def test_few_persons_are_too_few_however_many_faces() -> None:
    person = np.repeat(np.arange(13), 20)
    group = np.where(person < 5, 0, np.where(person < 10, 1, 2))
    found = recall(table_of(group, np.zeros(260), np.arange(260) % 3 % 2, person=person))
    assert [e.value is None for e in found] == [False, False, False, False, False, True]
    assert found[5].note == "too few to say (3 persons)"


def test_nothing_is_pooled_across_what_was_kept_apart() -> None:
    counts = np.zeros((4, 2, 3))
    counts[:, 0, 0], counts[:, 0, 1] = [18, 17, 5, 4], [2, 3, 15, 16]
    strata = np.array([(0, 0), (0, 1), (1, 0), (1, 1)], dtype=np.int32)
    levels = (("young", "old"), ("g0", "g1"))
    table = CountTable(WORDS, LABELS, ("age", "tone"), levels, strata, counts, np.zeros((4, 3)))
    apart = recall(table, within=("age",))
    assert apart[0].group == (("age", "young"), ("tone", "g0"))
    for age, hits in enumerate(([18, 17], [5, 4])):
        alone = recall(of_hits(hits, [20, 20]))
        assert [e.value for e in apart[4 * age : 4 * age + 4]] == [e.value for e in alone]
    crossed = pooled(table, "recall", expression="sad", over=("age", "tone"))
    assert [e.group for e in crossed] == [e.group for e in apart]
    # Old and young together: the old are drawn upwards.
    assert crossed[7].value > apart[7].value


def test_only_rates_can_be_pooled() -> None:
    with pytest.raises(MisreadError, match="no rate named"):
        pooled(of_hits([1], [9]), "macro_f1", over="tone")


@pytest.mark.long
@pytest.mark.parametrize(("spread", "groups", "faces"), [(0.02, 60, 10), (0.05, 12, 50), (0.1, 6, 10)])
def test_even_the_group_that_looks_worst_lies_in_its_interval(spread: float, groups: int, faces: int) -> None:
    rng = np.random.default_rng(groups)
    a = 0.7 * (0.21 / spread**2 - 1)
    every, worst, raw = [], [], []
    for _ in range(250):
        rate = rng.beta(a, a * 3 / 7, groups)
        hits = rng.binomial(faces, rate)
        found = recall(of_hits(hits, [faces] * groups))
        inside = [e.low <= r <= e.high for e, r in zip(found[1::2], rate, strict=True)]
        at = int(np.argmin(hits))
        every.append(np.mean(inside))
        worst.append(inside[at])
        raw.append(found[2 * at].low <= rate[at] <= found[2 * at].high)
    assert np.mean(every) > 0.92
    assert np.mean(worst) > 0.9
    assert np.mean(raw) < np.mean(worst)


def prior_and_likelihood(x: Array, n: Array, points: int) -> tuple[Array, Array, Array]:
    """Spread and mean on an even grid, everywhere there can be one: weights, a and b of the groups' beta."""
    spread = ((np.arange(points) + 0.5) / points)[:, None]
    # Even steps of asin √μ are even steps of Beta(½, ½).
    mean = np.sin((np.arange(points) + 0.5) / points * np.pi / 2)[None] ** 2
    M = 1 / spread**2 - 1
    a, b = mean * M, (1 - mean) * M
    told = sum(betaln(hits + a, size - hits + b) - betaln(a, b) for hits, size in zip(x, n, strict=True))
    weight = np.exp(told - np.max(told))
    return weight / weight.sum(), a, b


def densities(x: Array, n: Array, points: int, rates: Array) -> list[Array]:
    """Probability of each cell of rates, of each group, for each spread and mean; shape (grid, rates)."""
    _, a, b = prior_and_likelihood(x, n, points)
    found = []
    for hits, size in zip(x, n, strict=True):
        log = (hits + a.ravel() - 1)[:, None] * np.log(rates) + (size - hits + b.ravel() - 1)[:, None] * np.log1p(
            -rates
        )
        each = np.exp(log - log.max(axis=1, keepdims=True))
        found.append(each / each.sum(axis=1, keepdims=True))
    return found


@pytest.mark.parametrize(
    ("x", "n"), [((14, 8), (20, 20)), ((3, 30), (10, 60)), ((1.5, 12.25), (40.5, 30.0)), ((9, 14, 17), (20, 20, 20))]
)
def test_range_and_means_are_those_of_a_sum_over_everything(x: tuple[float, ...], n: tuple[float, ...]) -> None:
    hits, sizes = np.array(x, float), np.array(n, float)
    points, cells = (70, 300) if len(x) == 2 else (50, 70)
    rates = (np.arange(cells) + 0.5) / cells
    weight = prior_and_likelihood(hits, sizes, points)[0].ravel()
    each = densities(hits, sizes, points, rates)
    if len(x) == 2:
        joint = (weight[:, None] * each[0]).T @ each[1]
        gap = np.abs(rates[:, None] - rates)
    else:
        pair = np.einsum("gi,gj->gij", each[1], each[2]).reshape(len(weight), -1)
        joint = ((weight[:, None] * each[0]).T @ pair).reshape(cells, cells, cells)
        corners = np.meshgrid(rates, rates, rates, indexing="ij")
        gap = np.max(corners, axis=0) - np.min(corners, axis=0)
    order = np.argsort(gap, axis=None, kind="stable")
    reached = np.cumsum(joint.ravel()[order])
    exact = gap.ravel()[order][np.searchsorted(reached, [0.025, 0.5, 0.975])]

    ranges = np.ptp(draws(hits, sizes, 40_000, np.random.default_rng(3)), axis=1)
    assert np.quantile(ranges, [0.025, 0.5, 0.975]) == pytest.approx(exact, abs=0.012)
    mean, _ = centres(hits, sizes)
    assert mean == pytest.approx([weight @ (one @ rates) for one in each], abs=0.004)


GROUPS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).filter(any), min_size=2, max_size=9)


@given(GROUPS)
@settings(max_examples=40, deadline=None)
def test_what_holds_for_any_counts(groups: list[tuple[int, int]]) -> None:
    x = np.array([a for a, _ in groups], float)
    n = np.array([a + b for a, b in groups], float)
    mean, own = centres(x, n)
    assert ((mean >= 0) & (mean <= 1) & (own > 0) & (own <= 1)).all()
    found = strength(x, n)
    assert found.weights.sum() == pytest.approx(1)
    # Hits and misses change places; groups change places.
    assert centres(n - x, n)[0] == pytest.approx(1 - mean, abs=1e-9)
    assert centres(x[::-1], n[::-1])[0] == pytest.approx(mean[::-1], abs=1e-9)
    # Of two groups as large, the one with more hits keeps the higher rate.
    for i in range(len(x)):
        for j in range(len(x)):
            if n[i] == n[j] and x[i] > x[j]:
                assert mean[i] > mean[j] - 1e-12
    # A group without faces changes nothing for the others, and gets what they have in common.
    more, weighs = centres(np.append(x, 0), np.append(n, 0))
    assert more[:-1] == pytest.approx(mean, abs=1e-12)
    assert weighs[-1] == 0


def test_means_of_draws_are_the_means() -> None:
    x, n = np.array([0.0, 3, 50, 9]), np.array([7.0, 9, 100, 9])
    drawn = draws(x, n, 50_000, np.random.default_rng(5))
    assert drawn.mean(axis=0) == pytest.approx(centres(x, n)[0], abs=0.003)
    assert ((drawn >= 0) & (drawn <= 1)).all()


def test_large_groups_keep_their_own_rates_and_equal_ones_are_pooled() -> None:
    n = np.array([1e6, 1e6, 1e6])
    mean, own = centres(n * [0.2, 0.5, 0.7], n)
    assert mean == pytest.approx([0.2, 0.5, 0.7], abs=1e-4)
    assert (own > 0.9999).all()
    equal = np.ptp(draws(n * 0.7, n, 2000, np.random.default_rng(1)), axis=1)
    assert np.quantile(equal, 0.975) < 0.002
    assert len(strength(n * 0.7, n).strengths) == POINTS
    # Huge counts and huge strengths together: logarithms of gamma functions still tell them apart.
    huge = np.full(3, 1e9)
    assert centres(huge * [0.2, 0.5, 0.7], huge)[0] == pytest.approx([0.2, 0.5, 0.7], abs=1e-6)
