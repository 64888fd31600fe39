"""The level of several intervals that shall hold together."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.coverage.peers import bonferroni

from misread.audit.intervals.many import sidak


@pytest.mark.parametrize("k", [1, 2, 7, 60])
def test_independent_intervals_hold_together(k):
    assert sidak(0.95, k) ** k == pytest.approx(0.95, abs=1e-12)
    # Bonferroni's asks for more, and hardly.
    assert sidak(0.95, k) <= bonferroni(0.95, k) + 1e-12
    assert bonferroni(0.95, k) - sidak(0.95, k) < 0.002 / k


def test_one_interval_has_the_level_itself_and_nonsense_is_refused():
    assert sidak(0.9, 1) == pytest.approx(0.9, abs=1e-15)
    with pytest.raises(ValueError, match="at least one"):
        sidak(0.95, 0)
    for wrong in (0, 1, 1.5, np.nan):
        with pytest.raises(ValueError, match="level"):
            sidak(wrong, 3)
