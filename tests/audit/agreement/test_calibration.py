"""Calibration: against rows one by one, closed forms, and how often a perfect model is called imperfect."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.audit.agreement import VoteTable, calibration, ceiling
from misread.audit.agreement.calibration import beyond_chance, expected_error, null
from misread.audit.intervals.methods import METHODS
from misread.audit.intervals.proportion import wilson
from misread.audit.table.model import CountTable, Scores
from tests.audit.agreement.rows import table_of

WORDS, LABELS = ("sad", "happy"), ("sad", "happy", "none")


def answers(right, rng):
    """Truth and answer with these answers right."""
    truth = rng.integers(0, 2, len(right))
    return [WORDS[t] for t in truth], [WORDS[t if ok else 1 - t] for t, ok in zip(truth, right, strict=True)]


def scored(score, right, rng, **more) -> CountTable:
    truth, answer = answers(right, rng)
    return table_of(WORDS, LABELS, truth, answer, score=list(score), **more)


def from_bins(n, hits, total) -> CountTable:
    """A table with nothing but these bins."""
    n, hits, total = (np.array([values], dtype=float) for values in (n, hits, total))
    counts = np.zeros((1, 2, 3))
    counts[0, 0, 0], counts[0, 0, 1] = hits.sum(), n.sum() - hits.sum()
    scores = Scores(np.linspace(0, 1, n.shape[1] + 1), n, hits, total, total**2)
    return CountTable(WORDS, LABELS, (), (), np.zeros((1, 0), dtype=np.int32), counts, np.zeros((1, 3)), scores=scores)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_error_is_that_of_rows(rows):
    score, right = np.array([s for s, _ in rows]), np.array([ok for _, ok in rows])
    found = calibration(scored(score, right, np.random.default_rng(0)), draws=50)[0]
    place = np.minimum((score * 20).astype(int), 19)
    gaps = [abs(right[place == b].mean() - score[place == b].mean()) * (place == b).mean() for b in set(place.tolist())]
    assert found.error == pytest.approx(sum(gaps), abs=1e-12)
    assert found.overconfidence.value == pytest.approx(score.mean() - right.mean(), abs=1e-12)
    low, high = wilson(right.sum(), len(right))
    assert found.overconfidence.low == pytest.approx(score.mean() - high, abs=1e-12)
    assert found.overconfidence.high == pytest.approx(score.mean() - low, abs=1e-12)
    assert found.n == len(rows)
    assert found.bins.n.sum() == len(rows)
    assert 1 / 51 <= found.p <= 1


def mean_distance(n: int, p: float) -> float:
    """E|X − np| of a binomial, de Moivre's closed form."""
    if p in (0, 1):
        return 0.0
    m = math.floor(n * p) + 1
    return 2 * m * math.comb(n, m) * p**m * (1 - p) ** (n - m + 1)


def test_mean_of_chance_is_de_moivres():
    n, score = np.array([3.0, 0, 17, 40, 8]), np.array([0.1, 0, 0.45, 0.8, 1.0])
    exact = sum(mean_distance(int(faces), s) for faces, s in zip(n, score, strict=True)) / n.sum()
    drawn = null(n, n * score, 1.0, 200_000, np.random.default_rng(1))
    assert drawn.mean() == pytest.approx(exact, abs=4 * drawn.std() / math.sqrt(len(drawn)))


def test_beyond_chance_word_for_word():
    """Kumar, Liang and Ma's estimator bin by bin, and that it takes away what a perfect model would show."""
    n, hits, total = np.array([10.0, 1, 6, 0]), np.array([3.0, 1, 6, 0]), np.array([5.5, 0.6, 4.5, 0])
    first = (0.55 - 0.3) ** 2 - 0.3 * 0.7 / 9
    third = (0.75 - 1.0) ** 2
    assert beyond_chance(n, hits, total) == pytest.approx(math.sqrt(10 / 17 * first + 6 / 17 * third), abs=1e-12)
    rng = np.random.default_rng(2)
    faces, score = np.full(10, 25.0), np.linspace(0.05, 0.95, 10)
    squares, plain = [], []
    for _ in range(4000):
        hit = rng.binomial(25, score)
        share = hit / 25
        plain.append(((share - score) ** 2).mean())
        squares.append(((share - score) ** 2 - share * (1 - share) / 24).mean())
    assert abs(np.mean(squares)) < 4 * np.std(squares) / math.sqrt(4000)
    assert np.mean(plain) > 20 * abs(np.mean(squares))
    # Nothing to take away where every face of a bin is right.
    assert beyond_chance(faces, faces, faces * 0.5) == pytest.approx(0.5)


def test_groups_and_seed():
    rng = np.random.default_rng(3)
    score = rng.beta(4, 2, 300)
    group = ["light" if i % 3 else "dark" for i in range(300)]
    right = rng.random(300) < score * np.where(np.array(group) == "dark", 0.6, 1)
    table = scored(score, right, rng, group=group)
    again, found = calibration(table), calibration(table)
    assert [c.group for c in found] == [(("tone", "dark"),), (("tone", "light"),)]
    assert [c.p for c in found] == [c.p for c in again]
    assert found[0].p < 0.01 < 0.05 < found[1].p
    assert found[0].overconfidence.low > 0.1
    assert found[0].chance < found[0].chance_high < found[0].error
    one = calibration(table.where({"tone": "light"}))[0]
    assert (one.error, one.overconfidence.value) == (found[1].error, found[1].overconfidence.value)
    whole = calibration(table.margin())[0]
    assert whole.n == 300
    assert whole.error == pytest.approx(expected_error(*(v.sum(axis=0) for v in _bins(table))))


def _bins(table):
    return table.scores.n, table.scores.hits, table.scores.total


def test_what_cannot_be_told_is_said():
    none = calibration(from_bins([0, 0], [0, 0], [0, 0]))[0]
    assert (none.error, none.p, none.beyond, none.chance) == (None, None, None, None)
    assert none.note == none.overconfidence.note == "not estimable: no face with a score"
    assert (none.overconfidence.value, none.overconfidence.low) == (None, None)
    rng = np.random.default_rng(4)
    few = calibration(scored([0.9] * 12, [True] * 12, rng, person=[i % 3 for i in range(12)]))[0]
    assert few.error == pytest.approx(0.1)
    assert (few.p, few.chance, few.note) == (None, None, "too few persons (3)")
    assert (few.overconfidence.low, few.overconfidence.persons) == (None, 3)
    with pytest.raises(ValueError, match="no scores"):
        calibration(table_of(WORDS, LABELS, ["sad"], ["sad"]))


def test_persons_widen_what_chance_may_show():
    """Persons whose faces are copies of each other: chance is drawn with as many faces as there are persons."""
    rng = np.random.default_rng(5)
    score = np.repeat(rng.beta(4, 2, 40), 10)
    right = np.repeat(rng.random(40) < score[::10], 10)
    person = np.repeat(np.arange(40), 10).tolist()
    known = calibration(scored(score, right, rng, person=person))[0]
    naive = calibration(scored(score, right, rng))[0]
    assert known.error == naive.error
    assert known.n_eff == pytest.approx(40, rel=0.05)
    assert known.chance > 2 * naive.chance
    assert known.p > naive.p
    assert known.persons == 40
    assert np.nansum(known.bins.high - known.bins.low) > 1.3 * np.nansum(naive.bins.high - naive.bins.low)
    assert known.overconfidence.high - known.overconfidence.low > 2.5 * (
        naive.overconfidence.high - naive.overconfidence.low
    )


def test_only_persons_with_a_score_count():
    """Sixty persons; twenty have scores. What is said is what the twenty alone would say."""
    from misread.audit.reading import Ask, count

    rng = np.random.default_rng(31)
    person = np.repeat(np.arange(60), 6)
    score = np.where(person < 20, np.round(rng.beta(4, 2, 360), 3), np.nan)
    right = rng.random(360) < np.where(person < 20, np.nan_to_num(score), 0.5)
    rows = pd.DataFrame({"truth": "sad", "answer": np.where(right, "sad", "happy"), "who": person, "sure": score})
    rows.loc[::7, "truth"] = "happy"
    asked = Ask(truth="truth", prediction="answer", person="who", score="sure")
    whole = calibration(count(rows, asked).table.margin())[0]
    alone = calibration(count(rows[person < 20], asked).table.margin())[0]
    assert (whole.persons, whole.n) == (alone.persons, alone.n) == (20, 120)
    assert (whole.p, whole.beyond, whole.n_eff) == (alone.p, alone.beyond, alone.n_eff)
    one = calibration(count(rows.assign(sure=np.where(person == 0, 0.9, np.nan)), asked).table.margin())[0]
    assert (one.persons, one.p, one.chance, one.beyond, one.note) == (1, None, None, None, "too few persons (1)")


def test_who_has_a_score_stays_with_margins_strata_and_sums_of_tables():
    from misread.audit.reading import Ask, count

    rng = np.random.default_rng(32)
    rows = pd.DataFrame(
        {
            "truth": rng.choice(WORDS, 300),
            "answer": rng.choice(LABELS, 300),
            "who": [None if i % 9 == 0 else f"p{i % 30}" for i in range(300)],
            "tone": rng.choice(["dark", "light"], 300),
            "sure": np.where(rng.random(300) < 0.3, np.nan, rng.random(300)),
            "weight": rng.choice([0.5, 1.0, 3.0], 300),
        }
    )
    for weights in (None, "weight"):
        asked = Ask(truth="truth", prediction="answer", person="who", score="sure", groups=("tone",), weights=weights)
        table = count(rows, asked).table
        for part, inside in ((table.margin(), rows), (table.where({"tone": "dark"}), rows[rows.tone == "dark"])):
            place = np.where(inside.sure.isna(), 20, np.minimum(inside.sure.fillna(0) * 20, 19) // 1).astype(int)
            each = inside.assign(
                w=1.0 if weights is None else inside.weight, cell=2 * place + (inside.truth == inside.answer)
            )
            by = each[each.who.notna()].groupby(["who", "cell"]).w.sum()
            found = part.scores.people
            lone = int(each.who.isna().sum())
            assert (found.k, found.alone) == (each.who.nunique() + lone, lone)
            named = found.person < found.k - found.alone
            assert np.allclose(np.sort(found.count[named]), np.sort(by.to_numpy()))
            scored_too = found.cell < 40
            assert found.count[scored_too].sum() == pytest.approx(part.scores.n.sum())
            assert found.count[scored_too & (found.cell % 2 == 1)].sum() == pytest.approx(part.scores.hits.sum())
        first = rows.who.isin([f"p{i}" for i in range(15)])
        assert count(rows[first], asked).table + count(rows[~first], asked).table == table


@pytest.mark.parametrize("scale", [0.01, 1.0, 50.0])
def test_the_scale_of_weights_changes_nothing(scale):
    rng = np.random.default_rng(33)
    score = rng.beta(4, 2, 200)
    table = scored(score, rng.random(200) < score * 0.7, rng, person=(np.arange(200) % 40).tolist())
    plain = calibration(table)[0]
    people, scores = table.people, table.scores
    weighted = replace(
        table,
        counts=table.counts * scale,
        squares=table.counts * scale**2,
        people=replace(people, count=people.count * scale),
        scores=replace(
            scores,
            n=scores.n * scale,
            hits=scores.hits * scale,
            total=scores.total * scale,
            people=replace(scores.people, count=scores.people.count * scale),
        ),
    )
    found = calibration(weighted)[0]
    assert plain.beyond > 0.1
    for name in ("error", "chance", "p", "beyond", "n_eff", "persons"):
        assert getattr(found, name) == pytest.approx(getattr(plain, name), rel=1e-9), name


def test_one_person_with_most_of_the_faces_gives_no_interval():
    rng = np.random.default_rng(34)
    score = rng.beta(4, 2, 440)
    person = [0] * 400 + list(range(1, 41))
    found = calibration(scored(score, rng.random(440) < score, rng, person=person))[0]
    assert (found.persons, found.p, found.beyond, found.n_eff) == (41, None, None, None)
    assert found.note == found.overconfidence.note == "one person has most of the faces"
    assert np.isnan(found.bins.low).all()


@pytest.mark.parametrize(("faces", "error"), [(30, 0.197), (100, 0.112), (300, 0.067), (1000, 0.036)])
def test_a_perfect_model_does_not_show_zero(faces, error):
    """With 15 bins, as has been measured; the chance figure of each table says the same on average."""
    rng = np.random.default_rng(6)
    seen, chance = [], []
    edges = np.linspace(0, 1, 16)
    for _ in range(300):
        score = rng.beta(4, 2, faces)
        place = np.minimum(np.searchsorted(edges, score, side="right") - 1, 14)
        n, total = np.bincount(place, minlength=15).astype(float), np.bincount(place, score, 15)
        hits = np.bincount(place, rng.random(faces) < score, 15)
        seen.append(expected_error(n, hits, total))
        chance.append(null(n, total, 1.0, 20, rng).mean())
    assert np.mean(seen) == pytest.approx(error, abs=0.006)
    assert np.mean(chance) == pytest.approx(np.mean(seen), abs=4 * np.std(seen) / math.sqrt(300))


@pytest.mark.long
@pytest.mark.parametrize("faces", [30, 100, 1000])
def test_a_perfect_model_is_called_imperfect_in_one_of_twenty(faces):
    rng = np.random.default_rng(7)
    alarms, outside, runs = 0, 0, 1200
    for _ in range(runs):
        score = rng.beta(4, 2, faces)
        right = rng.random(faces) < score
        place = np.minimum((score * 20).astype(int), 19)
        n = np.bincount(place, minlength=20)
        table = from_bins(n, np.bincount(place, right, 20), np.bincount(place, score, 20))
        found = calibration(table, draws=299)[0]
        alarms += found.p <= 0.05
        outside += not found.overconfidence.low <= 0 <= found.overconfidence.high
    assert 0.03 <= alarms / runs <= 0.068, alarms / runs
    assert outside / runs <= 0.065, outside / runs


@pytest.mark.long
@pytest.mark.parametrize(("persons", "faces", "spread"), [(12, 20, 1.0), (40, 10, 1.0), (40, 10, 0.0)])
def test_the_same_with_several_faces_a_person(persons, faces, spread):
    """Calibrated over persons, each being difficult or easy beyond the score: seldom called imperfect."""
    rng = np.random.default_rng(8)
    alarms, naive, outside, runs = 0, 0, 0, 400
    for _ in range(runs):
        score = rng.beta(4, 2, persons * faces)
        # A person's own draw decides all faces of a share `spread` of them: still right as often as the score says.
        who = np.repeat(np.arange(persons), faces)
        own = rng.random(persons)[who]
        right = np.where(rng.random(persons * faces) < spread / 2, own, rng.random(persons * faces)) < score
        truth, answer = answers(right, rng)
        table = table_of(WORDS, LABELS, truth, answer, score=score.tolist(), person=who.tolist())
        found = calibration(table, draws=299)[0]
        alarms += found.p <= 0.05
        naive += calibration(table_of(WORDS, LABELS, truth, answer, score=score.tolist()), draws=299)[0].p <= 0.05
        outside += not found.overconfidence.low <= 0 <= found.overconfidence.high
    assert alarms / runs <= 0.07, (alarms / runs, naive / runs)
    assert outside / runs <= 0.09, outside / runs
    if spread:
        assert naive / runs > 0.09, naive / runs


def test_methods_are_known():
    rng = np.random.default_rng(9)
    table = scored([0.9] * 12, [True] * 12, rng, person=list(range(12)))
    methods = {
        calibration(table)[0].overconfidence.method,
        calibration(scored([0.9], [True], rng))[0].overconfidence.method,
    }
    assert methods == {"wilson", "wilson-persons"}
    assert {*methods, "calibration-null", "trait-likelihood"} <= set(METHODS)
    votes = ceiling(
        VoteTable.everybody(("a", "b"), np.array([[2, 1]] * 6 + [[0, 3]] * 6), person=np.arange(12), persons=12)
    )
    assert {e.method for e in votes.estimates} == {"wilson-persons", "linear-persons"}
    alone = ceiling(VoteTable.everybody(("a", "b"), np.array([[2, 1]] * 6 + [[0, 3]] * 6)))
    assert {e.method for e in alone.estimates} == {"wilson-faces", "linear-faces"}
    assert {e.method for e in (*votes.estimates, *alone.estimates)} <= set(METHODS)


def test_weighted_faces_are_worth_fewer():
    """A few heavy rows: intervals and chance are those of Kish's effective number."""
    rng = np.random.default_rng(10)
    plain = from_bins([0, 50], [0, 40], [0, 45])
    heavy = replace(plain, squares=plain.counts * 2)
    found, light = calibration(heavy)[0], calibration(from_bins([0, 25], [0, 20], [0, 22.5]))[0]
    assert (found.n, found.n_eff, found.overconfidence.method) == (50, 25, "wilson-weights")
    assert found.error == pytest.approx(light.error)
    assert (found.overconfidence.low, found.p) == pytest.approx((light.overconfidence.low, light.p))
    assert null(np.array([50.0]), np.array([45.0]), 0.5, 10, rng).shape == (10,)
