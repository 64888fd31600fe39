"""Reading where somebody looks with an error: closed forms against draws and against numerical integration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from misread.deployment import load
from misread.evidence import catalogue
from misread.study.gaze import (
    Stretch,
    away_rates,
    deviation,
    displaced,
    half_angle,
    read_as_away,
)


def test_the_mean_angle_of_draws_is_the_mean_error():
    """A direction in the plane, off by the same deviation along both axes."""
    off = np.random.default_rng(1).normal(0, deviation(12.0), (2, 400_000))
    size = np.hypot(*off)
    assert size.mean() == pytest.approx(12.0, abs=5 * size.std() / math.sqrt(size.size))


def test_the_board_by_hand():
    assert half_angle(5, 5) == pytest.approx(45)
    assert math.tan(math.radians(half_angle(2, 5))) == pytest.approx(0.4)


def test_metres_at_five_metres_are_those_of_the_evidence():
    (figure,) = (v for v in catalogue()["C11"].value if v.name == "10 degrees at 5 m (arithmetic)")
    assert round(displaced(10, 5), 2) == float(figure.value)


@pytest.mark.parametrize("error", [4.0, 10.0, 14.0, 40.0])
def test_against_draws(error):
    rng = np.random.default_rng(2)
    edge, n = half_angle(2, 5), 400_000
    looks = {"at_board": rng.uniform(-edge, edge, n), "away": rng.uniform(edge, 90, n) * rng.choice([-1, 1], n)}
    found = away_rates(error, 2, 5)
    for name, true in looks.items():
        read = true + rng.normal(0, deviation(error), n)
        p = float(np.mean(np.abs(read) > edge))
        assert getattr(found, name) == pytest.approx(p, abs=5 * math.sqrt(p * (1 - p) / n)), name


@pytest.mark.parametrize("gaze", [(Stretch(-30, -10, 2), Stretch(5, 60, 1)), (Stretch(-21, 21),), (Stretch(80, 90),)])
def test_against_integration(gaze):
    edge, sigma = 21.8, 7.3

    def past(g):
        return norm.sf((edge - g) / sigma) + norm.cdf((-edge - g) / sigma)

    means = [(s.weight, quad(past, s.low, s.high, epsabs=1e-13)[0] / (s.high - s.low)) for s in gaze]
    expected = sum(w * p for w, p in means) / sum(w for w, _ in means)
    assert read_as_away(gaze, edge, sigma) == pytest.approx(expected, rel=1e-10)


def test_limits():
    hardly = away_rates(1e-6, 2, 5)
    assert hardly.at_board == pytest.approx(0, abs=1e-6)
    assert hardly.away == pytest.approx(1, abs=1e-6)
    # With no idea where anybody looks, nearly every direction lies past the board, whoever looks where.
    lost = away_rates(1e6, 2, 5)
    assert lost.at_board == pytest.approx(lost.away, abs=1e-4)
    assert lost.at_board > 0.9999


def test_a_larger_error_and_a_narrower_board_make_more_of_it():
    wrong = [away_rates(e, 2, 5).at_board for e in (4, 5, 10, 14)]
    assert wrong == sorted(wrong)
    assert away_rates(10, 1, 5).at_board > away_rates(10, 2, 5).at_board > away_rates(10, 2, 3).at_board


@pytest.mark.parametrize(
    "call",
    [
        lambda: deviation(-1),
        lambda: deviation(math.nan),
        lambda: half_angle(0, 5),
        lambda: half_angle(1, math.inf),
        lambda: read_as_away((), 20, 5),
        lambda: read_as_away((Stretch(3, 3),), 20, 5),
        lambda: read_as_away((Stretch(0, 3),), 20, 0),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(ValueError, match=r"above 0|0 degrees or more"):
        call()


def test_the_policy_holds_what_is_computed():
    """`gaze-error-c11`: its values, its ranges, and the table in its comment."""
    from misread.deployment import shipped_text

    text = shipped_text("gaze-error-c11")
    rates = {e: away_rates(e, 2, 5) for e in (10, 12, 14)}
    for error, rate in rates.items():
        (line,) = (words for words in text.splitlines() if words.startswith(f"#   {error} degrees"))
        assert line.split()[-2:] == [f"{rate.at_board:.3f}", f"{rate.away:.3f}"]
    d = load("as-described", policies=["gaze-error-c11"])
    camera = d.classifier.confusion["camera"]
    assert camera.regardless == {"away": round(rates[12].at_board, 3)}
    assert camera.rows["away"]["away"] == round(rates[12].away, 3)
    ranged = {r.path[3:]: (r.low, r.high) for r in d.ranges if r.path[:3] == ("classifier", "confusion", "camera")}
    assert ranged[("regardless", "away")] == (round(rates[10].at_board, 3), round(rates[14].at_board, 3))
    assert ranged[("rows", "away", "away")] == (round(rates[14].away, 3), round(rates[10].away, 3))


def test_what_as_described_says_of_it():
    """15 to 20 of 100 looks at a board 4 m wide and 5 m away, at 10 to 14 degrees."""
    from misread.deployment import shipped_text

    assert "would read 15 to 20 of 100 looks at a board 4 m wide and 5 m away so" in shipped_text("as-described")
    assert [round(100 * away_rates(e, 2, 5).at_board) for e in (10, 14)] == [15, 20]
