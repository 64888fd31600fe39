"""What a card can see: more of a larger difference, more with more heads, and computed without any picture."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from misread.closed.card.counted.power import WANTED, plan, power, rates, seen

FEW = 400


def test_a_larger_difference_is_seen_more_often() -> None:
    found = [power(20, 3, 0.1, difference, 0.2, FEW) for difference in (0.0, 0.1, 0.2, 0.3, 0.5)]
    assert found == sorted(found)
    assert found[0] < 0.05
    assert found[-1] > 0.98


def test_more_heads_see_more_and_heads_that_are_alike_less() -> None:
    assert power(10, 3, 0.1, 0.2, 0.2, FEW) < power(20, 3, 0.1, 0.2, 0.2, FEW) < power(60, 3, 0.1, 0.2, 0.2, FEW)
    assert power(20, 3, 0.1, 0.2, 0.6, FEW) < power(20, 3, 0.1, 0.2, 0.0, FEW)


def test_what_is_seen_is_seen_with_that_power() -> None:
    found = seen(20, 3, 0.1, 0.2, FEW)
    assert power(20, 3, 0.1, found.difference + 0.01, 0.2, FEW) >= WANTED
    assert power(20, 3, 0.1, found.difference - 0.03, 0.2, FEW) < WANTED
    assert 0.1 < found.difference < 0.4


def test_a_plan_has_every_assumption() -> None:
    found = plan(20, 3, 50)
    assert len({(s.control, s.alike) for s in found}) == len(found) == 9


def test_rates_have_the_share_and_the_likeness_asked_for() -> None:
    draw = np.random.default_rng(1)
    values = rates(0.3, 0.4, 20, 3, draw, 4000)
    assert values.mean() == pytest.approx(0.3, abs=0.005)
    # Variance of a mean of 3 with that correlation: p (1 - p) (1 + 2 × 0.4) / 3.
    assert values.var() == pytest.approx(0.21 * 1.8 / 3, rel=0.04)


@pytest.mark.parametrize("given", [(0.9, 0.2, 0.1), (-0.1, 0.2, 0.1), (0.1, 0.2, 1.0)])
def test_shares_that_are_none_are_refused(given: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="shares"):
        power(20, 3, *given, FEW)


def test_it_needs_no_picture() -> None:
    code = (
        "import sys\nfrom misread.closed.card.counted.power import power\npower(20, 3, .1, .2, .2, 20)\n"
        "print([m for m in ('vtkmodules', 'onnxruntime', 'misread.closed.render') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
