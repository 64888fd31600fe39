"""Each group's own figure, raw and pooled."""

from __future__ import annotations

import numpy as np
import pytest

from misread.audit.groups import pooled
from misread.audit.groups.pooling import centres
from misread.audit.rates import rates
from misread.audit.table.model import MISSING, CountTable
from misread.errors import MisreadError
from tests.audit.groups.made import LABELS, WORDS, of_hits, table_of


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
