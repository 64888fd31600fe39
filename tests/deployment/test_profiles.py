"""Profiles, against rows computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from misread.deployment import load, resolve_profiles

from .samples import FULL, SMALL, with_profile

BASE = """from = "evidence:Z01"
expressions = { happy = "happiness", sad = "sadness" }
labels = { happiness = "happy", sadness = "sad" }
"""
NO_NONE = SMALL.replace('"sad", "none"]', '"sad"]')
DROPPED = BASE + 'drop = ["other"]\n'


@pytest.fixture
def profile(file, fake_evidence):
    """The profile `reference` of a sample with other rows."""

    def of(spec, text=NO_NONE):
        return resolve_profiles(load(file(with_profile(spec, text))))["reference"]

    return of


@pytest.fixture
def refused(file, problems, fake_evidence):
    """What is wrong with such a profile, by the end of the key."""

    def of(spec, text=NO_NONE):
        found = problems(load, file(with_profile(spec, text)))
        return {k.removeprefix("classifier.confusion.reference."): p for k, p in found.items()}

    return of


def row(profile, expression):
    found = profile.p[profile.expressions.index(expression)]
    return dict(zip(profile.labels, found, strict=True))


def units(profile, expression):
    return profile.n[profile.expressions.index(expression)]


def test_inline(file):
    found = resolve_profiles(load(file(SMALL)))["reference"]
    assert found.expressions == ("neutral", "happy", "sad")
    assert found.labels == ("neutral", "happy", "sad", "none")
    np.testing.assert_allclose(found.p, [[0.86, 0.05, 0.07, 0.02], [0.1, 0.9, 0, 0], [0.4, 0, 0.6, 0]], atol=1e-15)
    assert found.n.tolist() == [200, 200, 200]
    assert found.support.all()
    assert "200 faces" in found.source


def test_rows_are_divided_by_their_sum(file):
    text = SMALL.replace("happy = { neutral = 0.1, happy = 0.9 }", "happy = { neutral = 0.1000000005, happy = 0.9 }")
    found = resolve_profiles(load(file(text)))["reference"]
    assert found.p[1].sum() == pytest.approx(1, abs=1e-15)
    assert load(file(text)).classifier.confusion["reference"].rows["happy"]["neutral"] == 0.1000000005


def test_inline_support_and_no_units(file):
    spec = "neutral = { neutral = 1, happy = 0 }\nhappy = { happy = 1 }\nsad = { sad = 0.5, neutral = 0.5 }"
    found = resolve_profiles(load(file(with_profile(spec, NO_NONE.replace('"sad"]\n[class', '"sad"]\n[class')))))
    assert np.isnan(found["reference"].n).all()
    assert found["reference"].support.all()
    found = resolve_profiles(
        load(file(SMALL.replace("none = 0.02", "none = 0.02").replace("profile = ", "profile = ")))
    )


def test_labels_that_only_another_profile_names_are_no_support(file):
    other = "[classifier.confusion.b]\nneutral = { neutral = 1 }\nsad = { none = 1 }\n[[rules]]"
    text = SMALL.replace(", none = 0.02", "").replace("0.86", "0.88").replace("[[rules]]", other, 1)
    text = text.replace('profile = "reference"', 'profile = "b"')
    found = resolve_profiles(load(file(text)))
    assert list(found) == ["reference", "b"]
    assert found["reference"].support.tolist() == [[True, True, True, False]] * 3
    assert found["b"].support.tolist() == [[True, False, False, True]] * 2


def test_claim(profile):
    found = profile('from = "claim"\naccuracy = 0.95', SMALL)
    assert found.expressions == ("neutral", "happy", "sad")
    assert row(found, "sad") == pytest.approx({"neutral": 0.05 / 3, "happy": 0.05 / 3, "sad": 0.95, "none": 0.05 / 3})
    assert np.isnan(found.n).all()
    assert found.support.all()
    assert "95 %" in found.source


def test_claim_finds_the_right_label(profile, refused):
    face = SMALL.replace("sad = ", "frown = ", 5).replace("sad = 0.07", "sad = 0.07")
    assert "frown = 0.3" in face
    by_expression = profile('from = "claim"\naccuracy = 0.9\nexpressions = { frown = "sad" }', face)
    by_both = profile(
        'from = "claim"\naccuracy = 0.9\nexpressions = { frown = "sadness" }\nlabels = { sadness = "sad" }',
        face,
    )
    by_label = profile('from = "claim"\naccuracy = 0.9\nlabels = { frown = "sad" }', face)
    for found in (by_expression, by_both, by_label):
        assert row(found, "frown")["sad"] == 0.9
    problem = refused('from = "claim"\naccuracy = 0.9', face)["expressions.frown"]
    assert 'expressions = { frown = "…" }' in problem.mend


def test_claim_with_rows(profile):
    found = profile(
        'from = "claim"\naccuracy = 1\nfaces_per_row = 50\nrows = { sad = { none = 0.5, sad = 0.5 } }', SMALL
    )
    assert row(found, "sad") == {"neutral": 0, "happy": 0, "sad": 0.5, "none": 0.5}
    assert units(found, "sad") == 50
    assert math.isnan(units(found, "neutral"))
    assert found.support[found.expressions.index("sad")].tolist() == [False, False, True, True]


@pytest.mark.parametrize("key", ['drop = ["x"]', "diagonal = 0.9", 'loss_to = "sad"', "units = 3"])
def test_claims_have_no_matrix(key, refused):
    assert "means nothing in a claim" in refused(f'from = "claim"\naccuracy = 0.9\n{key}', SMALL)[key.split()[0]].what


def test_claims_say_how_accurate(refused):
    assert "how often" in refused('from = "claim"', SMALL)["accuracy"].what
    assert (
        "one right label"
        in refused('from = "claim"\naccuracy = 0.9\nexpressions = { sad = ["sad", "none"] }', SMALL)[
            "expressions.sad"
        ].what
    )


def test_matrix(profile):
    found = profile(DROPPED)
    assert found.expressions == ("neutral", "happy", "sad")
    assert row(found, "neutral") == pytest.approx({"neutral": 60 / 80, "happy": 10 / 80, "sad": 10 / 80})
    assert row(found, "happy") == pytest.approx({"neutral": 0.1, "happy": 0.8, "sad": 0.1})
    assert row(found, "sad") == pytest.approx({"neutral": 0.5, "happy": 0, "sad": 0.5})
    # The catalogue's units, less the share of the row that was dropped.
    assert units(found, "neutral") == pytest.approx(50 * 80 / 100)
    assert units(found, "happy") == pytest.approx(40)
    assert units(found, "sad") == pytest.approx(30 * 40 / 50)
    assert found.support.all()
    for words in (
        "Z01",
        "Nobody (2020)",
        "verified",
        "happy read as happiness",
        "left out",
        "other",
        "units are people",
    ):
        assert words in found.source


def test_several_columns_to_one_label(profile):
    found = profile(BASE.replace("labels = {", 'labels = { other = "sad",'))
    assert row(found, "neutral") == pytest.approx({"neutral": 0.6, "happy": 0.1, "sad": 0.3})
    assert units(found, "neutral") == 50


def test_several_rows_are_added_with_their_counts(profile):
    found = profile(DROPPED.replace('sad = "sadness"', 'sad = ["sadness", "anger"]'))
    assert row(found, "sad") == pytest.approx({"neutral": 50 / 80, "happy": 0, "sad": 30 / 80})
    assert units(found, "sad") == pytest.approx(30 * 40 / 50 + 20 * 40 / 50)


def test_units(profile):
    found = profile(DROPPED + "units = 56")
    assert units(found, "neutral") == 56
    assert units(found, "sad") == 40
    assert "56 independent units" in found.source


def test_diagonal_in_proportion(profile):
    found = profile(DROPPED + "diagonal = 0.9")
    # Of 60/80, a tenth goes to two others of 10/80 each.
    assert row(found, "neutral") == pytest.approx({"neutral": 54 / 80, "happy": 13 / 80, "sad": 13 / 80})
    assert row(found, "sad") == pytest.approx({"neutral": 22 / 40, "happy": 0, "sad": 18 / 40})
    assert "× 0.9" in found.source


def test_diagonal_above_one_takes_from_the_others(profile, refused):
    found = profile(DROPPED + "diagonal = 1.1")
    assert row(found, "neutral") == pytest.approx({"neutral": 66 / 80, "happy": 7 / 80, "sad": 7 / 80})
    assert "past 1" in refused(DROPPED + "diagonal = 1.5")["diagonal"].what


def test_diagonal_with_a_label_for_the_loss(profile):
    found = profile(DROPPED + 'diagonal = 0.9\nloss_to = "happy"')
    assert row(found, "neutral") == pytest.approx({"neutral": 54 / 80, "happy": 16 / 80, "sad": 10 / 80})
    # Where the right label gets its own loss back, nothing changes.
    assert row(found, "happy") == pytest.approx({"neutral": 0.1, "happy": 0.8, "sad": 0.1})


def test_a_label_that_only_gets_the_loss(profile):
    found = profile(DROPPED + 'diagonal = 0.5\nloss_to = "none"', SMALL)
    assert row(found, "neutral") == pytest.approx(
        {"neutral": 30 / 80, "happy": 10 / 80, "sad": 10 / 80, "none": 30 / 80}
    )
    assert found.support.all()


def test_diagonal_comes_before_rows_are_added(profile):
    added = DROPPED.replace('sad = "sadness"', 'sad = ["sadness", "neutral"]') + "diagonal = 0.9"
    # sadness 20 20 → 22 18; neutral 60 10 10 → 54 13 13
    assert row(profile(added), "sad") == pytest.approx({"neutral": 76 / 120, "happy": 13 / 120, "sad": 31 / 120})


def test_a_row_without_a_column_has_no_right_label(refused):
    spec = DROPPED.replace('sad = "sadness"', 'sad = "anger"') + "diagonal = 0.9"
    assert "no right label" in refused(spec)["diagonal"].what


def test_written_rows_beside_a_matrix(profile):
    away = SMALL.replace("bored = { neutral = 0.7, sad = 0.3 }", "bored = { neutral = 0.7, away = 0.3 }")
    found = profile(DROPPED + "rows = { away = { none = 1 } }", away)
    assert row(found, "away")["none"] == 1
    assert math.isnan(units(found, "away"))
    assert found.support[found.expressions.index("away")].tolist() == [False, False, False, True]
    assert found.support[0].tolist() == [True, True, True, False]
    assert units(profile(DROPPED + "faces_per_row = 9\nrows = { away = { none = 1 } }", away), "away") == 9


@pytest.mark.parametrize(
    ("spec", "key", "says"),
    [
        (BASE, "labels", 'drop = ["other"]'),
        (DROPPED.replace("Z01", "Z02"), "from", 'did you mean "Z01"?'),
        (DROPPED.replace('["other"]', '["othr"]'), "drop", 'did you mean "other"?'),
        (DROPPED.replace("labels = {", 'labels = { other = "sad",'), "drop", "has a label too"),
        (DROPPED.replace("sadness =", "sadnes ="), "labels.sadnes", 'did you mean "sadness"?'),
        (DROPPED.replace('= "sad" }', '= "sat" }'), "labels.sadness", 'did you mean "sad"?'),
        (DROPPED.replace('"sadness" }', '"sadnes" }'), "expressions.sad", 'did you mean "sadness"?'),
        (DROPPED.replace(', sad = "sadness" }', "}"), "expressions.sad", 'expressions = { sad = "…" }'),
        (DROPPED + "rows = { sad = { sad = 1 } }", "rows.sad", "stands under `expressions` too"),
        (DROPPED + "rows = { away = { sadd = 1 } }", "rows.away.sadd", 'did you mean "sad"?'),
        (DROPPED + "rows = { away = { sad = 0.9 } }", "rows.away", "adds to 0.9"),
        (DROPPED + "accuracy = 0.9", "accuracy", "means nothing beside a matrix"),
        (DROPPED + 'loss_to = "sad"', "loss_to", "Nothing is lost"),
        (DROPPED + 'diagonal = 0.9\nloss_to = "sat"', "loss_to", 'did you mean "sad"?'),
        (DROPPED + "neutral = { neutral = 1 }", "neutral", "[classifier.confusion.reference.rows]"),
        (DROPPED.replace('"evidence:Z01"', '"evidnce:Z01"'), "from", '"claim", "evidence:ID" or "audit:PATH"'),
        (DROPPED.replace('"evidence:Z01"', "3"), "from", "It is 3."),
        (BASE.replace("labels = { happiness", 'drop = ["other", "neutral", "sadness", "happiness"]\nlabels = { x'), "labels.x", "no column"),
    ],
)  # fmt: skip
def test_refused(spec, key, says, refused):
    assert says in str(refused(spec)[key])


def test_a_row_of_which_nothing_is_left(refused, monkeypatch):
    from misread import evidence

    matrix = evidence.matrix("Z01")
    matrix.counts["sadness"].update(neutral=0.0, sadness=0.0)
    assert "Nothing is left" in refused(DROPPED)["drop"].what


def test_feedback_and_ages_bring_their_faces(file, problems):
    hidden = FULL.replace('expression = "neutral"\nmax', 'expression = "blank"\nmax').replace(
        "engaged = { neutral = 1 }", "engaged = { neutral = 0.9, blank = 0.1 }"
    )
    found = problems(load, file(hidden))
    assert "no row" in found["classifier.confusion.reference.blank"].what
