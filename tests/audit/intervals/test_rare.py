"""Rare rates of persons: where the interval that is used holds the truth too seldom, as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from misread.audit.intervals.effective import of_persons

PAGE = Path(__file__).parents[3] / "docs" / "audit" / "intervals.md"
MARK = re.compile(r"<!-- rare -->\n\|.*\n\|[-:|]+\n((?:\|.*\n)+)")


def told() -> list[tuple[int, str, float, float, float, float]]:
    """Persons, faces of each, rate, ICC; how often the interval holds the truth, and lies below it."""
    (rows,) = MARK.findall(PAGE.read_text(encoding="utf-8"))
    found = []
    for row in rows.splitlines():
        persons, faces, *numbers = (cell.strip() for cell in row.strip("|").split("|"))
        rate, icc, held, below = map(float, numbers)
        found.append((int(persons.replace(",", "")), faces, rate, icc, held, below))
    return found


def measured(persons: int, faces: str, rate: float, icc: float, times: int) -> tuple[float, float]:
    """How often intervals hold the rate, and how often they lie below it, where persons' rates follow a beta."""
    rng = np.random.default_rng(1)
    shape = times, persons
    n = np.full(shape, 20) if faces == "20" else np.maximum(1, np.rint(np.exp(rng.normal(np.log(10), 1.2, shape))))
    x = rng.binomial(n.astype(int), rng.beta(rate * (1 / icc - 1), (1 - rate) * (1 / icc - 1), shape))
    x, n = x.astype(float), n.astype(float)
    sums = (x.sum(axis=1), n.sum(axis=1), (x * x).sum(axis=1), (x * n).sum(axis=1), (n * n).sum(axis=1))
    low, high, _ = of_persons(*sums, np.full(times, persons))
    given = ~np.isnan(low)
    return float(((low <= rate) & (rate <= high))[given].mean()), float((high < rate)[given].mean())


@pytest.mark.parametrize(("persons", "faces", "rate", "icc", "held", "below"), told())
def test_how_often_rare_rates_are_held(
    persons: int, faces: str, rate: float, icc: float, held: float, below: float
) -> None:
    # What is left of chance, three standard errors of 3,000 tables and the last digit, is under two points.
    assert measured(persons, faces, rate, icc, 3000) == pytest.approx((held, below), abs=0.025)


def test_the_page_names_the_worst() -> None:
    rows = told()
    assert min(held for *_, held, _ in rows) < 0.85
    assert all(below > 0.05 for *_, held, below in rows if held < 0.93)
