"""What counts could have shown: against a textbook's formula, and against how often it is in fact shown."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from misread.audit.groups import Disparity, disparity, power
from misread.audit.groups.permuting import beside, deal_persons, deal_trials
from misread.audit.groups.power import visible
from misread.audit.groups.seen import Units
from tests.audit.groups.made import table_of


def shown(rates: list[float], faces: int, runs: int, seed: int) -> float:
    """How often the permutation p is below 0.05."""
    rng = np.random.default_rng(seed)
    n = np.full(len(rates), float(faces))
    return float(
        np.mean(
            [
                beside(deal_trials(x, n, 199, rng)).p < 0.05
                for x in rng.binomial(faces, rates, size=(runs, len(rates))).astype(float)
            ]
        )
    )


def test_two_groups_need_what_the_textbook_says() -> None:
    # (z(0.975) + z(0.8))² · 2 p̄(1 − p̄) / gap²
    z = norm.ppf(0.975) + norm.ppf(0.8)
    for row in power(faces_a_person=(1,), iccs=(0.0,), base=0.7):
        middle = row.base - row.gap / 2
        assert row.faces == pytest.approx(2 * z**2 * middle * (1 - middle) / row.gap**2, rel=0.02)
        assert row.persons == row.faces
        assert 0.8 <= row.power < 0.82


def test_faces_of_one_person_are_worth_fewer_and_a_face_of_everybody_is_worth_one() -> None:
    table = {(row.faces_a_person, row.icc): row for row in power(gaps=(0.1,))}
    assert (1, 0.1) not in table  # one face of a person resembles no other
    assert table[20, 0.0].faces == pytest.approx(table[1, 0.0].faces, rel=0.1)
    for each, icc in ((5, 0.1), (20, 0.2)):
        worth = 1 + (each - 1) * icc
        assert table[each, icc].faces == pytest.approx(table[1, 0.0].faces * worth, rel=0.05)
        assert table[each, icc].faces == table[each, icc].persons * each


def test_no_group_of_fewer_than_five_is_enough() -> None:
    assert {row.persons for row in power(base=0.9, gaps=(0.8,), faces_a_person=(20,), iccs=(0.0,))} == {5}


def test_a_rate_below_one_half_has_the_other_above_it() -> None:
    low, high = (power(base=base, gaps=(0.1,), faces_a_person=(1,), iccs=(0.0,))[0] for base in (0.05, 0.95))
    assert low.faces == high.faces


def test_the_gap_is_shown_as_often_as_it_says() -> None:
    (row,) = power(gaps=(0.2,), faces_a_person=(1,), iccs=(0.0,))
    assert shown([0.7, 0.5], row.faces, 500, 1) == pytest.approx(0.8, abs=0.055)


def test_with_persons_too() -> None:
    (row,) = power(gaps=(0.2,), faces_a_person=(5,), iccs=(0.2,))
    rng = np.random.default_rng(2)
    m, runs = row.persons, 300
    group = np.repeat(np.arange(2, dtype=np.int32), m)
    rate = np.where(group == 0, 0.7, 0.5)
    n = np.full((2 * m, 1), 5.0)
    found = []
    for _ in range(runs):
        x = rng.binomial(5, rng.beta(rate * 4, (1 - rate) * 4))[:, None].astype(float)
        (dealt,) = deal_persons(Units(group, np.arange(2 * m, dtype=np.int32), x, n), 2, 199, rng)
        found.append(beside(dealt).p < 0.05)
    assert np.mean(found) == pytest.approx(0.8, abs=0.07)


@pytest.mark.parametrize(("groups", "faces"), [(2, 60), (6, 100), (12, 100)])
def test_the_visible_gap_is_shown_four_times_out_of_five(groups: int, faces: int) -> None:
    gap = visible(np.full(groups, 0.7), np.full(groups, float(faces)), groups * faces)
    ends = [0.7 - gap / 2, 0.7 + gap / 2, *[0.7] * (groups - 2)]
    assert shown(ends, faces, 400, groups) == pytest.approx(0.8, abs=0.07)


@pytest.mark.long
def test_with_many_groups_it_is_a_little_less_than_stated() -> None:
    # The largest of sixty z says more of two groups that stand out than their sum of squares does.
    gap = visible(np.full(60, 0.7), np.full(60, 100.0), 6000)
    ends = [0.7 - gap / 2, 0.7 + gap / 2, *[0.7] * 58]
    assert 0.8 < shown(ends, 100, 400, 60) < 0.97


@pytest.mark.long
@pytest.mark.parametrize(
    ("persons", "faces", "rate", "icc", "said"),
    [(6, 10, 0.7, 0.2, 0.7), (7, 20, 0.5, 0.3, 0.7), (12, 20, 0.95, 0.1, 0.25)],
)
def test_with_few_persons_it_promises_too_much(persons: int, faces: int, rate: float, icc: float, said: float) -> None:
    rng, runs = np.random.default_rng(7), 300
    group = np.repeat([0, 1], persons * faces)
    who = np.repeat(np.arange(2 * persons), faces)

    def found(low: float, high: float) -> Disparity:
        each = np.repeat([low, high], persons)
        right = rng.random(len(who)) < rng.beta(each * (1 / icc - 1), (1 - each) * (1 / icc - 1))[who]
        table = table_of(group, np.zeros(len(who)), np.where(right, 0, 1), person=who)
        (gap,) = disparity(table, "recall", expression="sad", between="tone", permutations=199)
        return gap

    gap = float(np.median([found(rate, rate).visible or 1.0 for _ in range(20)]))
    low = min(rate - gap / 2, 0.999 - gap)
    assert np.mean([(found(low, low + gap).p or 1.0) < 0.05 for _ in range(runs)]) == pytest.approx(
        said, abs=0.08 if said > 0.5 else 0.2
    )


def test_the_visible_gap_near_nought_and_with_next_to_nothing() -> None:
    # A rate of 2 % cannot fall by 10 points: the gap lies above it.
    low = visible(np.array([0.02, 0.02]), np.array([100.0, 100.0]), 200)
    assert 0.05 < low < 0.12
    assert low == pytest.approx(visible(np.array([0.98, 0.98]), np.array([100.0, 100.0]), 200))
    assert visible(np.array([0.0, 0.0]), np.array([100.0, 100.0]), 200) > 0.03
    assert visible(np.array([0.5, 0.5]), np.array([3.0, 3.0]), 6) > 0.9
    assert visible(np.array([0.5, 0.5]), np.array([1.0, 1.0]), 2) == 1.0


def test_larger_groups_show_smaller_gaps() -> None:
    found = [visible(np.full(4, 0.6), np.full(4, size), 4 * size) for size in (10.0, 40.0, 160.0, 640.0)]
    assert found == sorted(found, reverse=True)
    assert found[2] / found[3] == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize(
    "wrong",
    [{"groups": 1}, {"base": 1.2}, {"wanted": 1.0}, {"gaps": (0.0,)}, {"faces_a_person": (0,)}, {"iccs": (1.5,)}],
    ids=str,
)
def test_what_is_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must be|out of range"):
        power(**wrong)  # type: ignore[arg-type]
