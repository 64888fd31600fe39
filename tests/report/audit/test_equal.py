"""Where groups would lie if all were equal, against drawing equal groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from misread.audit.rates import Estimate
from misread.report.audit.sections.equal import bands, spread


def group(name: str, n: float, value: float | None, *, low: float | None = 0.1, persons: int | None = None) -> Estimate:
    return Estimate("accuracy", (("tone", name),), None, None, value, low, low, n, None, persons, n, "wilson")


@pytest.mark.parametrize(
    ("sizes", "rate"),
    [((200, 200), 0.7), ((50, 50, 50, 50, 50, 50), 0.5), ((500, 500, *(40,) * 10), 0.7), ((60,) * 12, 0.2)],
)
def test_dots_of_equal_groups_lie_in_their_bands_in_nineteen_of_twenty_tables(sizes, rate):
    rng = np.random.default_rng(5)
    n = np.array(sizes, dtype=float)
    within = 0
    tables = 2000
    for hits in rng.binomial(sizes, rate, (tables, len(sizes))):
        low, high = spread(hits.sum() / n.sum(), n, None, 0.95)
        share = hits / n
        within += bool(((low <= share) & (share <= high)).all())
    assert within / tables == pytest.approx(0.95, abs=0.025)


def test_the_larger_a_group_the_narrower_its_band():
    small, large = bands([group("a", 20, 0.5), group("b", 500, 0.5)], [None, None])
    assert small[1] - small[0] > large[1] - large[0]
    # Of one table, both lie equally far from what all have in common, each by its weight.
    assert (small[1] - 50) * 20 == pytest.approx((large[1] - 50) * 500)


def test_few_persons_make_bands_wider():
    known = [group(name, 100, 0.5, persons=6) for name in "ab"]
    rows = [replace(e, persons=None) for e in known]
    assert bands(known, [6.0, 6.0])[0][0] < bands(rows, [None, None])[0][0]


def test_a_band_is_as_wide_as_the_interval_before_it_takes_persons_to_be_worth():
    """Six persons of whom one has most of the faces are worth 2.5: Student's t stands on those, not on six."""
    known = [group(name, 100, 0.5, persons=6) for name in "ab"]
    half = [band[1] - 50 for band in bands(known, [2.5, 6.0])]
    assert half[0] / half[1] == pytest.approx(scipy.stats.t.ppf(0.975, 1.5) / scipy.stats.t.ppf(0.975, 5))


def test_groups_that_are_not_compared_have_no_band():
    rest = [group("a", 50, 0.5), group("b", 50, 0.7)]
    for other in (group("c", 9, 0.5, low=None), group("c", 0, None, low=None), group("(missing)", 50, 0.1)):
        found = bands([*rest, other], [None] * 3)
        assert found[2] is None
        assert found[:2] == bands(rest, [None] * 2)
    assert bands(rest[:1], [None]) == [None]
    assert bands([], []) == []
