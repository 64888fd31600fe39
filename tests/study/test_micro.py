"""Short movements: closed forms against enumeration and draws, and what an F1 score fixes and leaves open."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.deployment import load
from misread.errors import MisreadError
from misread.evidence import catalogue, number
from misread.study.micro import (
    FACE_PER_EYES,
    RANGE,
    Resolution,
    examine,
    filled,
    frames,
    given_resolution,
    smeared,
    touched,
    whole_frames,
)
from misread.study.micro.spotting import errors_per_hit, least, outcome, rates, scores, spotted

DURATION = st.fractions(Fraction(1, 100), 2, max_denominator=200)
RATE = st.fractions(1, 240, max_denominator=50)
PART = st.fractions(0, 1, max_denominator=60)


# --- the arithmetic of D02 ---------------------------------------------------------------------------------------------


def test_the_catalogues_own_arithmetic():
    said = {f.name: f.value for f in catalogue()["D02"].figures}
    assert frames(Fraction(1, 25), 25).mean == said["frames of an event of 1/25 s at 25 frames a second"] == 1
    assert frames(Fraction(1, 25), 25).one_more == 0
    assert frames(Fraction(1, 25), 8).mean == said["frames of an event of 1/25 s at 8 frames a second"] == 0.32
    assert Fraction(touched(Fraction(1, 2), 30)).limit_denominator(1000) == Fraction(
        said["chance that a look every 30 s sees an event of 0.5 s"]
    )


# --- closed forms, a second way ----------------------------------------------------------------------------------------


def overlaps(start, duration, opened, exposure):
    """Seconds that a movement from `start` shares with each exposure."""
    return np.maximum(0, np.minimum(start + duration, opened + exposure) - np.maximum(start, opened))


def drawn(duration, period, exposure, n=200_000, seed=1):
    """Movements that begin at random: frames touched, frames that are filled, and the share filled of those touched."""
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, period, n)
    reach = math.ceil((duration + exposure) / period) + 2
    met, whole, light = np.zeros(n, int), np.zeros(n, int), np.zeros(n)
    for k in range(-reach, reach + 1):
        if exposure:
            shared = overlaps(start, duration, k * period, exposure)
            met += shared > 0
            whole += shared >= exposure * (1 - 1e-9)
            light += shared
        else:
            on = (start <= k * period) & (k * period < start + duration)
            met += on
            whole += on
    return met, whole, light.sum() / (met.sum() * exposure) if exposure else 1.0


CASES = [
    (Fraction(1, 25), Fraction(25), Fraction(0)),
    (Fraction(1, 25), Fraction(25), Fraction(1, 100)),
    (Fraction(1, 25), Fraction(8), Fraction(1, 8)),
    (Fraction(1, 5), Fraction(30), Fraction(1, 60)),
    (Fraction(1, 2), Fraction(1, 30), Fraction(1, 8)),
    (Fraction(1, 2), Fraction(7), Fraction(1, 7)),
    (Fraction(1, 25), Fraction(200), Fraction(1, 250)),
]


@pytest.mark.parametrize(("d", "f", "e"), CASES)
def test_against_movements_drawn_at_random(d, f, e):
    met, whole, light = drawn(float(d), float(1 / f), float(e))
    law, inside = frames(d, f, e), whole_frames(d, f, e)
    n = len(met)
    for counted, of in ((met, law), (whole, inside)):
        assert set(np.unique(counted)) <= {of.fewest, of.fewest + 1}
        for m in range(1, int(counted.max()) + 3):
            p = of.at_least(m)
            assert abs((counted >= m).mean() - p) < 5 * math.sqrt(p * (1 - p) / n) + 1e-12
    assert (met > 0).mean() == pytest.approx(touched(d, 1 / f, e), abs=5 / math.sqrt(n))
    assert light == pytest.approx(filled(d, e), abs=0.01)


@given(DURATION, RATE, PART)
@settings(deadline=None)
def test_against_every_start_on_a_fine_grid(d, f, part):
    """All starts within a period that are whole parts of it, off the edges: counts are counted, not derived."""
    period = 1 / f
    e = part * period
    law, inside = frames(d, f, e), whole_frames(d, f, e)
    cells, counts, wholes = 60, [], []
    reach = math.ceil((d + e) * f) + 1
    for i in range(cells):
        # Irrational enough never to fall on an edge.
        start = period * (Fraction(i, cells) + Fraction(1, 7919))
        opened = [k * period for k in range(-reach, reach + 1)]
        counts.append(sum(start < k + e and k < start + d for k in opened))
        wholes.append(sum(start <= k and k + e <= start + d for k in opened))
    for found, of_ in ((counts, law), (wholes, inside)):
        assert set(found) <= {of_.fewest, of_.fewest + 1}
        # Those with one more begin within one stretch of the period: its ends may each fall between two starts.
        assert abs(sum(found) / cells - of_.mean) <= 1 / cells + 1e-12


@given(DURATION, RATE, PART)
def test_looks_are_frames_far_apart(d, f, part):
    assert touched(d, 1 / f, part / f) == pytest.approx(frames(d, f, part / f).at_least(1), abs=1e-12)


@given(DURATION, RATE, PART, DURATION, RATE, PART, st.integers(1, 12))
def test_longer_movements_more_frames_and_longer_exposures_never_show_less(d1, f1, p1, d2, f2, p2, m):
    (d, d_more), (f, f_more) = sorted((d1, d2)), sorted((f1, f2))
    e, e_more = sorted((p1 / f_more, p2 / f_more))
    law = frames(d, f, e)
    assert touched(d, 1 / f, e) <= touched(d_more, 1 / f, e)
    assert touched(d, 1 / f, e) <= touched(d, 1 / f_more, e)
    assert touched(d, 1 / f, e) <= touched(d, 1 / f, e_more)
    for other in (frames(d_more, f, e), frames(d, f_more, e), frames(d, f, e_more)):
        assert law.mean <= other.mean + 1e-12
        assert law.at_least(m) <= other.at_least(m)
    assert law.at_least(m + 1) <= law.at_least(m)
    # What lies inside a movement grows with it and shrinks with the exposure.
    assert whole_frames(d, f, e_more).mean <= whole_frames(d, f, e).mean <= whole_frames(d_more, f, e).mean
    assert filled(d, e_more) <= filled(d, e) <= filled(d_more, e)
    assert smeared(d_more, e) <= smeared(d, e) <= smeared(d, e_more)


@given(DURATION, RATE, PART)
def test_shares_are_shares(d, f, part):
    e = part / f
    law = frames(d, f, e)
    assert 0 <= law.one_more < 1
    assert law.mean == pytest.approx(float((d + e) * f), rel=1e-12)
    assert whole_frames(d, f, e).mean <= law.mean
    assert 0 < filled(d, e) <= 1
    assert 0 <= smeared(d, e) <= 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: touched(0, 30),
        lambda: touched(0.1, 0),
        lambda: touched(0.1, 30, -0.1),
        lambda: touched(math.nan, 30),
        lambda: touched(0.1, math.nan),
        lambda: frames(0.1, 0),
        lambda: frames(0.1, math.inf),
        lambda: frames(0.1, 25, 0.05),
        lambda: whole_frames(-1, 25),
        lambda: filled(0.1, math.inf),
        lambda: least(0),
        lambda: least(1.1),
        lambda: errors_per_hit(math.nan),
        lambda: outcome(0.4, 0.2, 1),
        lambda: outcome(0.4, 1.01, 1),
        lambda: outcome(0.4, 0.5, -1),
    ],
)
def test_numbers_that_cannot_be_are_refused(call):
    with pytest.raises(ValueError, match=r"\w"):
        call()


# --- what an F1 score fixes --------------------------------------------------------------------------------------------


def test_f1_counted_from_hits_misses_and_false_ones():
    """Every table of up to 12 of each: F1 by its definition, and the point on the curve that it lies on."""
    for hits in range(1, 13):
        for false in range(13):
            for missed in range(13):
                f1 = 2 * hits / (2 * hits + false + missed)
                assert errors_per_hit(f1) == pytest.approx((false + missed) / hits, rel=1e-9, abs=1e-12)
                events = hits + missed
                at = outcome(f1, hits / events, events)
                assert at.precision == pytest.approx(hits / (hits + false), rel=1e-9)
                assert (at.hits, at.false, at.missed) == pytest.approx((hits, false, missed), abs=1e-9)
                assert least(f1) <= at.recall + 1e-12
                assert least(f1) <= at.precision + 1e-12


@given(st.floats(0.001, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1000))
def test_along_the_curve_more_hits_cost_more_false_ones(f1, a, b, per_hour):
    low = least(f1)
    few, many = (outcome(f1, low + (1 - low) * x, per_hour) for x in sorted((a, b)))
    assert few.hits <= many.hits
    assert few.false <= many.false * (1 + 1e-12) + 1e-9
    for at in (few, many):
        assert at.hits + at.missed == pytest.approx(per_hour, abs=1e-9)
        if at.recall + at.precision:
            assert 2 * at.recall * at.precision / (at.recall + at.precision) == pytest.approx(f1, rel=1e-9)


def test_the_ends_of_the_curve():
    score = max(scores(), key=lambda s: s.f1)
    rate = rates()[0]
    found = spotted(score, rate)
    assert found.even.precision == pytest.approx(found.even.recall) == pytest.approx(score.f1)
    assert found.surest.precision == pytest.approx(1)
    assert found.surest.false == pytest.approx(0, abs=1e-12)
    assert found.keenest.missed == 0
    assert found.keenest.precision == pytest.approx(least(score.f1))


def test_scores_are_those_of_the_catalogue():
    found = scores()
    assert [s.f1 for s in found] == sorted(s.f1 for s in found)
    assert sorted((s.id, s.f1) for s in found) == [
        ("D03", 0.0179),
        ("D03", 0.0316),
        ("D04", 0.0082),
        ("D04", 0.0364),
        ("D05", 0.4),
        ("D13", 0.3299),
    ]
    assert [(s.id, s.status) for s in found if s.bound] == [("D05", "unverified")]


def test_rates_are_counted_from_the_catalogue():
    lying, laboratory = rates()
    assert laboratory.per_hour == pytest.approx(159 * 3600 / (147 * 35.5))
    assert lying.per_hour == pytest.approx(60 * 14 / 697)
    assert "60 expressions an hour" in lying.assumption
    assert rates(30)[0].per_hour == pytest.approx(30 * 14 / 697)
    assert "expressions an hour" not in rates(30)[0].assumption
    assert number(catalogue(), "D13", "videos") == number(catalogue(), "D06", "SAMM, videos")
    assert number(catalogue(), "D13", "micro-expressions") == number(catalogue(), "D07", "SAMM, samples")


# --- a deployment ------------------------------------------------------------------------------------------------------


def of(*settings, **options):
    return examine(load("one-classroom", settings=settings), **options)


def test_what_is_not_given_is_a_range_that_holds_what_may_be_given():
    wide = of()
    assert wide.frames_per_second is wide.exposure is wide.resolution is wide.given_film is None
    assert not wide.fall_on_a_look.known
    assert [f.per_second for f in wide.films] == list(RANGE)
    for exposure in (0.001, 10, 40, 125):
        narrow = of(f"camera.exposure_ms={exposure}")
        for a, b in zip(wide.looked, narrow.looked, strict=True):
            assert b.touched.known
            assert a.touched.low <= b.touched.low <= a.touched.high
        for a, b in zip(wide.films, narrow.films, strict=True):
            for x, y in zip(a.lengths, b.lengths, strict=True):
                for key in ("frames", "some", "enough", "filled", "smeared"):
                    assert getattr(x, key).low <= getattr(y, key).low <= getattr(x, key).high


def test_what_is_given_is_used():
    found = of("camera.frames_per_second=29.97", "camera.exposure_ms=20")
    assert found.given_film is not None
    assert found.given_film.per_second == 29.97
    assert found.given_film.lengths[0].frames.low == pytest.approx(0.06 * 29.97)
    assert [f.given for f in found.films].count(True) == 1
    assert found.looked[-1].touched.low == pytest.approx(0.52 / 300)
    assert of("camera.frames_per_second=25").given_film.exposure.high == 1 / 25
    assert len(of("camera.frames_per_second=25").films) == len(RANGE)


def test_the_range_holds_every_length_between():
    found = of("camera.exposure_ms=5")
    for d in np.linspace(1 / 25, 1 / 2, 40):
        assert found.fall_on_a_look.low - 1e-12 <= touched(float(d), 300, 0.005) <= found.fall_on_a_look.high + 1e-12


def test_a_look_longer_than_the_lesson_is_one_look_a_lesson():
    lesson = load("one-classroom").calendar.lesson_minutes
    found = of("camera.observe_every_seconds=100000", "rules=[]", "file.marks=[]", "camera.exposure_ms=10")
    assert found.every == lesson * 60
    assert found.fall_on_a_look.high == pytest.approx(0.51 / (lesson * 60))


def test_looks_close_together_are_a_film():
    found = of("camera.observe_every_seconds=0.04", "camera.exposure_ms=10", needed=3)
    film = next(f for f in found.films if f.per_second == 25)
    for looked, filmed in zip(found.looked, film.lengths, strict=True):
        assert looked.touched == filmed.some
        assert looked.enough == filmed.enough
    assert of(needed=2).looked[-1].enough.high == 0


def test_pixels_and_the_share_that_frames_and_pixels_cover():
    seats = Resolution((10.0, 127.0, 128.0, 200.0), "made up")
    assert seats.across_face.low == pytest.approx(10 * FACE_PER_EYES)
    # 280 pixels across a face (D12) are 127.3 between the eyes.
    assert seats.reached(280) == 0.5
    film = of("camera.frames_per_second=200", resolution=seats)
    assert film.covered is not None
    assert film.covered.high == 0.5
    assert of(resolution=seats).covered.high == 0
    assert of().covered is None
    assert given_resolution(30).between_eyes == (30,)


def test_lasting_faces_give_the_number_of_expressions():
    lasting = load("one-classroom", settings=["face.hold_minutes=0.5"])
    assert examine(lasting).rates[0].per_hour == pytest.approx(120 * 14 / 697)


def test_movements_that_fall_on_looks_are_the_rate_times_the_share():
    found = of("camera.exposure_ms=10", events_per_hour=100)
    assert found.rates[0].per_hour == 100
    assert found.met[0].high == pytest.approx(100 * 0.51 / 300)
    assert all(s.rate is found.rates[0] for s in found.spotted)


@pytest.mark.parametrize("options", [{"needed": 0}, {"events_per_hour": 0}, {"events_per_hour": math.nan}])
def test_mistakes_are_said(options):
    with pytest.raises(MisreadError):
        of(**options)


@pytest.mark.parametrize("pixels", [0, -3, math.nan, math.inf])
def test_no_number_of_pixels(pixels):
    with pytest.raises(MisreadError, match="pixels"):
        given_resolution(pixels)
