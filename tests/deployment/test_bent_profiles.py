"""Odds of a label, and labels written whatever the face shows, against rows computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread import evidence
from misread.deployment import digest, load, ranges, resolve_profiles, to_toml
from misread.deployment.profiles.bent import with_odds, with_regardless

from .samples import SMALL, with_profile

NO_NONE = SMALL.replace('"sad", "none"]', '"sad"]')
SPEC = """from = "evidence:Z01"
expressions = { happy = "happiness", sad = "sadness" }
labels = { happiness = "happy", sadness = "sad" }
drop = ["other"]
"""
# Z01 without "other": neutral 60 10 10, happiness 10 80 10 of 100 (by share), sadness 20 0 20.


@pytest.fixture
def rows(file, fake_evidence):
    """Expression → label → probability of a profile of this text."""

    def of(spec, text=NO_NONE):
        found = resolve_profiles(load(file(with_profile(spec, text))))["reference"]
        return {
            x: dict(zip(found.labels, map(float, p), strict=True))
            for x, p in zip(found.expressions, found.p, strict=True)
        }

    return of


@pytest.fixture
def refused(file, problems, fake_evidence):
    def of(spec, text=NO_NONE):
        found = problems(load, file(with_profile(spec, text)))
        return {k.removeprefix("classifier.confusion.reference."): str(p) for k, p in found.items()}

    return of


def test_the_odds_of_a_label_in_every_row_but_its_own(rows):
    plain, found = rows(SPEC), rows(SPEC + "odds = { sad = 2 }")
    # 10/80 sad: odds 1 to 7, then 2 to 7; the others stay 6 to 1.
    assert found["neutral"] == pytest.approx({"neutral": 7 / 9 * 6 / 7, "happy": 7 / 9 / 7, "sad": 2 / 9})
    # 0.1 sad: odds 1 to 9, then 2 to 9.
    assert found["happy"] == pytest.approx({"neutral": 1 / 11, "happy": 8 / 11, "sad": 2 / 11})
    assert found["sad"] == plain["sad"]


def test_only_where_it_is_said(rows):
    plain, found = rows(SPEC), rows(SPEC + 'odds = { sad = 2 }\nodds_on = ["neutral"]')
    assert found["neutral"]["sad"] == pytest.approx(2 / 9)
    assert found["happy"] == plain["happy"]


def test_several_odds_are_against_the_labels_not_named(rows):
    found = rows(SPEC + "odds = { sad = 2, happy = 0.5 }")
    assert found["neutral"] == pytest.approx({"neutral": 60 / 85, "happy": 5 / 85, "sad": 20 / 85})
    # Its own label stays as heavy as it was.
    assert found["happy"] == pytest.approx({"neutral": 1 / 11, "happy": 8 / 11, "sad": 2 / 11})


def test_odds_come_after_the_diagonal_and_before_rows_are_added(rows):
    spec = SPEC.replace('sad = "sadness"', 'sad = ["sadness", "neutral"]') + "diagonal = 0.9\nodds = { sad = 2 }"
    # sadness 20 20 → 22 18, its own row; neutral 60 10 10 → 54 13 13 → 54 13 26, divided to 80 again.
    neutral = {k: v * 80 / 93 for k, v in {"neutral": 54, "happy": 13, "sad": 26}.items()}
    assert rows(spec)["sad"] == pytest.approx(
        {
            "neutral": (22 + neutral["neutral"]) / 120,
            "happy": neutral["happy"] / 120,
            "sad": (18 + neutral["sad"]) / 120,
        }
    )


def test_written_whatever_the_face_shows(rows, file, fake_evidence):
    found = rows(SPEC + "regardless = { none = 0.2 }", SMALL)
    assert found["neutral"] == pytest.approx({"neutral": 0.6, "happy": 0.1, "sad": 0.1, "none": 0.2})
    # A label that the matrix may write anyway has both ways to it.
    assert rows(SPEC + "regardless = { sad = 0.2 }")["sad"] == pytest.approx({"neutral": 0.4, "happy": 0, "sad": 0.6})
    profile = resolve_profiles(load(file(with_profile(SPEC + "regardless = { none = 0.2 }", SMALL))))["reference"]
    assert profile.support.all()
    assert "written whatever the face shows: none 20 % (assumption)" in profile.source


def test_in_a_claim(rows):
    claim = 'from = "claim"\naccuracy = 0.7\nodds = { sad = 2 }\nregardless = { none = 0.5 }'
    found = rows(claim, SMALL)
    assert found["neutral"] == pytest.approx(
        {"neutral": 0.35 / 1.1, "happy": 0.05 / 1.1, "sad": 0.1 / 1.1, "none": 0.5 + 0.05 / 1.1}
    )
    assert found["sad"] == pytest.approx({"neutral": 0.05, "happy": 0.05, "sad": 0.35, "none": 0.55})


def test_the_source_says_so(file, fake_evidence):
    spec = SPEC + 'odds = { sad = 1.36 }\nodds_on = ["neutral"]'
    said = resolve_profiles(load(file(with_profile(spec, NO_NONE))))["reference"].source
    assert "the odds of sad × 1.36, on neutral (assumption)" in said


@pytest.mark.parametrize(
    ("more", "key", "says"),
    [
        ("odds = { sat = 2 }", "odds.sat", 'did you mean "sad"?'),
        ("odds = { sad = 0 }", "odds.sad", "a number above 0"),
        ('odds = { sad = 2 }\nodds_on = ["neutrl"]', "odds_on", 'did you mean "neutral"?'),
        ('odds = { sad = 2 }\nodds_on = ["neutral", "neutral"]', "odds_on", "twice"),
        ('odds_on = ["neutral"]', "odds_on", "`odds` beside it"),
        ('odds = { sad = 2 }\nodds_on = ["away"]\nrows = { away = { sad = 1 } }', "odds_on", "leaves it alone"),
        ("regardless = { sat = 0.2 }", "regardless.sat", 'did you mean "sad"?'),
        ("regardless = { sad = 1.2 }", "regardless.sad", "from 0 to 1"),
        ("regardless = { sad = 0.6, happy = 0.6 }", "regardless", "adds to 1.2"),
    ],
)
def test_refused(more, key, says, refused):
    found = refused(SPEC + more)
    assert says in found[key]
    assert len(found) == 1


def test_a_range_of_odds(file, fake_evidence):
    """A range stays one number: the others of the table are left alone, and nothing has to add to 1."""
    spec = SPEC + "odds = { sad = { value = 2, low = 1, high = 3 }, happy = 1.5 }"
    d = load(file(with_profile(spec, NO_NONE)))
    (r,) = d.ranges
    assert (r.low, r.high) == (1, 3)
    other = ranges.at(d, {r.path: 3.0})
    assert other.classifier.confusion["reference"].odds == {"sad": 3.0, "happy": 1.5}
    again = load(file(to_toml(d), "again.toml"))
    assert again == d
    assert digest(again) == digest(d)


def test_absent_keys_leave_the_digest_alone(file, fake_evidence):
    plain = digest(load(file(with_profile(SPEC, NO_NONE))))
    assert plain != digest(load(file(with_profile(SPEC + "odds = { sad = 2 }", NO_NONE))))
    assert plain != digest(load(file(with_profile(SPEC + "regardless = { sad = 0.1 }", NO_NONE))))


weights = st.lists(st.floats(1e-3, 1), min_size=2, max_size=6)


@given(weights, st.floats(1e-3, 1e3))
def test_one_label_alone_gets_exactly_its_odds(values, factor):
    row = dict(zip("abcdef", (v / math.fsum(values) for v in values), strict=False))
    found = with_odds(row, None, {"a": factor})
    assert math.fsum(found.values()) == pytest.approx(1)
    rest = math.fsum(v for k, v in found.items() if k != "a")
    before = math.fsum(v for k, v in row.items() if k != "a")
    assert found["a"] / rest == pytest.approx(factor * row["a"] / before)
    assert all(found[k] / found["b"] == pytest.approx(row[k] / row["b"]) for k in row if k != "a")
    assert with_odds(row, "a", {"a": factor}) == pytest.approx(row)


@given(weights, st.floats(0, 1))
def test_a_draw_in_two_steps(values, share):
    """Written regardless is a mixture: first whether the face is read at all, then the row."""
    row = dict(zip("abcdef", (v / math.fsum(values) for v in values), strict=False))
    found = with_regardless(row, {"a": share, "z": 0.0})
    assert found["a"] == pytest.approx(share + (1 - share) * row["a"])
    assert found["b"] == pytest.approx((1 - share) * row["b"])
    assert math.fsum(found.values()) == pytest.approx(1)


def test_the_odds_of_e01_on_m14():
    """Counted from the matrix anew: odds × 1.36 on every face but a frown, all else in proportion."""
    profiles = resolve_profiles(load("as-described", policies=["anger-bias-e01"]))
    matrix = evidence.matrix("M14")
    kept = [c for c in matrix.columns if c != "other"]
    words = {"happiness": "happy", "sadness": "sad", "anger": "angry"}
    black = profiles["as E01's teachers read Black children"]
    for expression, name in {"neutral": "neutral", "happy": "happiness", "sad": "sadness", "frown": "anger"}.items():
        counts = {words.get(c, c): matrix.counts[name][c] for c in kept}
        total, right = sum(counts.values()), words.get(name, name)
        lost = 0.05 * counts[right]
        others = total - counts[right]
        p = {k: (0.95 * v if k == right else v * (1 + lost / others)) / total for k, v in counts.items()}
        if expression != "frown":
            odds = 1.36 * p["angry"] / (1 - p["angry"])
            angry = odds / (1 + odds)
            p = {k: angry if k == "angry" else v * (1 - angry) / (1 - p["angry"]) for k, v in p.items()}
        found = dict(zip(black.labels, black.p[black.expressions.index(expression)], strict=True))
        np.testing.assert_allclose([found[k] for k in p], list(p.values()), rtol=1e-12)
