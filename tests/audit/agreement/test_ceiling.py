"""Agreement of raters: against statsmodels, every pair of raters, and the figures of FER+."""

from __future__ import annotations

import csv
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t
from statsmodels.stats.inter_rater import fleiss_kappa

from misread.audit.agreement import VoteTable, ceiling, faces
from misread.audit.intervals.proportion import wilson
from tests.audit.agreement.rows import DATA

WORDS = ("anger", "fear", "sadness")

same_number = st.integers(2, 6).flatmap(
    lambda raters: st.lists(
        st.lists(st.integers(0, 2), min_size=raters, max_size=raters).map(lambda v: np.bincount(v, minlength=3)),
        min_size=2,
        max_size=12,
    )
)
any_number = st.lists(
    st.lists(st.integers(0, 2), min_size=2, max_size=6).map(lambda v: np.bincount(v, minlength=3)),
    min_size=2,
    max_size=12,
)


def one_by_one(votes: np.ndarray) -> list[list[int]]:
    """Each face's votes as a list of words, one a rater."""
    return [[word for word, n in enumerate(face) for _ in range(n)] for face in votes]


def leave_one_out(face: list[int]) -> dict[int, tuple[float, float]]:
    """Word → chance that the others' word is this one and the rater says it; chance that it is theirs."""
    found = dict.fromkeys(range(3), (0.0, 0.0))
    for i, said in enumerate(face):
        others = face[:i] + face[i + 1 :]
        top = max(others.count(word) for word in range(3))
        tied = [word for word in range(3) if others.count(word) == top]
        for word in tied:
            x, n = found[word]
            share = 1 / len(tied) / len(face)
            found[word] = x + share * (said == word), n + share
    return found


@given(same_number)
def test_kappa_is_that_of_statsmodels(votes):
    votes = np.array(votes)
    kappa, _ = faces.fleiss(votes, np.ones(len(votes)))
    if np.count_nonzero(votes.sum(axis=0)) == 1:
        assert np.isnan(kappa)
    else:
        assert kappa == pytest.approx(fleiss_kappa(votes, method="fleiss"), abs=1e-12)


@given(any_number)
def test_pairs_and_leave_one_out_are_those_of_every_rater(votes):
    votes = np.array(votes)
    said, theirs = faces.leave_one_out(votes)
    for i, face in enumerate(one_by_one(votes)):
        pairs = list(combinations(face, 2))
        assert faces.pairs(votes)[i] == pytest.approx(sum(a == b for a, b in pairs) / len(pairs), abs=1e-12)
        for word, (x, n) in leave_one_out(face).items():
            assert said[i, word] == pytest.approx(x, abs=1e-12)
            assert theirs[i, word] == pytest.approx(n, abs=1e-12)


@given(any_number)
def test_alpha_is_that_of_all_pairs_of_votes(votes):
    """Krippendorff's own words: disagreement within faces, each face's pairs by its raters less one, by that of all."""
    votes = np.array(votes)
    alpha, _ = faces.krippendorff(votes, np.ones(len(votes)))
    told = one_by_one(votes)
    everything = [word for face in told for word in face]
    n = len(everything)
    seen = sum(sum(a != b for a, b in permutations(face, 2)) / (len(face) - 1) for face in told) / n
    chance = sum(a != b for a, b in permutations(everything, 2)) / (n * (n - 1))
    if chance == 0:
        assert np.isnan(alpha)
    else:
        assert alpha == pytest.approx(1 - seen / chance, abs=1e-12)


@pytest.mark.parametrize("coefficient", [faces.fleiss, faces.krippendorff])
def test_influence_is_the_derivative(coefficient):
    rng = np.random.default_rng(3)
    votes = np.array([np.bincount(rng.integers(0, 3, rng.integers(2, 8)), minlength=3) for _ in range(15)])
    weight = rng.integers(1, 4, 15).astype(float)
    _, influence = coefficient(votes, weight)
    assert weight @ influence == pytest.approx(0, abs=1e-9)
    moved = []
    for i in range(len(votes)):
        step = np.zeros(15)
        step[i] = 1e-5
        moved.append((coefficient(votes, weight + step)[0] - coefficient(votes, weight - step)[0]) / 2e-5)
    # One face more is one face more in all as well, which moves alpha a little: only what differs between faces counts.
    moved = (np.array(moved) - np.average(moved, weights=weight)) * weight.sum()
    np.testing.assert_allclose(influence, moved, atol=1e-5)


def test_a_table_made_of_rows_says_the_same_as_one_of_distinct_votes():
    rng = np.random.default_rng(1)
    votes = np.array([np.bincount(rng.integers(0, 3, 4), minlength=3) for _ in range(60)])
    table = VoteTable.everybody(WORDS, votes)
    assert len(table.vectors) < 16
    assert table.total == 60
    singly = VoteTable(
        WORDS,
        (),
        (),
        np.zeros((1, 0), dtype=np.int32),
        votes.astype(np.int32),
        np.zeros(60, dtype=np.int32),
        np.ones(60),
    )
    for a, b in zip(ceiling(table).estimates, ceiling(singly).estimates, strict=True):
        assert (a.statistic, a.label, a.note) == (b.statistic, b.label, b.note)
        for field in ("value", "low", "high", "n", "n_eff"):
            one, other = getattr(a, field), getattr(b, field)
            assert one == (other if other is None else pytest.approx(other, rel=1e-9)), field


def test_overall_agreement_is_made_of_the_words():
    rng = np.random.default_rng(2)
    votes = np.array([np.bincount(rng.integers(0, 3, rng.integers(2, 6)), minlength=3) for _ in range(80)])
    found = ceiling(VoteTable.everybody(WORDS, votes))
    for statistic in ("leave_one_out", "commonest_share", "rater_pairs", "unanimous"):
        words = [found.find(statistic, word) for word in WORDS]
        assert sum(e.n for e in words) == pytest.approx(found.find(statistic).n)
        assert sum(e.n * e.value for e in words) / sum(e.n for e in words) == pytest.approx(found.find(statistic).value)
    assert found.leave_one_out.value < found.commonest_share.value


@pytest.mark.parametrize("name", ["fleiss_kappa", "krippendorff_alpha"])
def test_interval_of_a_coefficient_is_that_of_its_faces(name):
    """Variance of the influences, by hand, on the scale of log(1 − value)."""
    rng = np.random.default_rng(8)
    votes = np.array([np.bincount(rng.choice(3, 4, p=[0.6, 0.3, 0.1]), minlength=3) for _ in range(9)])
    found = ceiling(VoteTable.everybody(WORDS, votes)).find(name)
    value, influence = (faces.fleiss if name == "fleiss_kappa" else faces.krippendorff)(votes, np.ones(9))
    error = np.sqrt(9 / 8 * (influence**2).sum()) / 9
    t = 2.306004135  # Student's, eight degrees of freedom, from a table
    assert found.value == value
    assert np.log(1 - found.low) == pytest.approx(np.log(1 - value) + t * error / (1 - value), abs=1e-8)
    assert np.log(1 - found.high) == pytest.approx(np.log(1 - value) - t * error / (1 - value), abs=1e-8)


def test_what_is_counted_is_votes_pairs_and_faces():
    found = ceiling(VoteTable.everybody(WORDS, np.array([[3, 1, 0], [0, 4, 0], [1, 1, 2]] * 4)))
    n = {e.statistic: e.n for e in found.estimates if e.label is None}
    assert n == {
        "leave_one_out": 48, "commonest_share": 48, "rater_pairs": 72, "unanimous": 12,
        "fleiss_kappa": 48, "krippendorff_alpha": 48,
    }  # fmt: skip


def test_groups_are_tables_of_their_own():
    rng = np.random.default_rng(4)
    votes = np.array([np.bincount(rng.integers(0, 3, 5), minlength=3) for _ in range(70)], dtype=np.int32)
    tone, age = rng.integers(0, 2, 70), rng.integers(0, 3, 70)
    strata, at = np.unique(np.stack([tone, age], axis=1), axis=0, return_inverse=True)
    table = VoteTable(
        WORDS,
        ("tone", "age"),
        (("dark", "light"), ("6", "9", "12")),
        strata.astype(np.int32),
        votes,
        at.reshape(-1).astype(np.int32),
        np.ones(70),
    )
    found = ceiling(table)
    assert found.kappa == ceiling(VoteTable.everybody(WORDS, votes)).kappa
    for column, codes, levels in (("tone", tone, ("dark", "light")), ("age", age, ("6", "9", "12"))):
        for i, level in enumerate(levels):
            alone = ceiling(VoteTable.everybody(WORDS, votes[codes == i]))
            here = found.find("leave_one_out", group=((column, level),))
            assert (here.value, here.low, here.n) == pytest.approx(
                (alone.leave_one_out.value, alone.leave_one_out.low, alone.leave_one_out.n)
            )
    with pytest.raises(KeyError):
        found.find("leave_one_out", group=(("tone", "green"),))


def test_faces_of_the_same_person_count_for_less():
    """Each person's faces are copies: the interval is that of the persons, whatever the number of copies."""
    rng = np.random.default_rng(5)
    own = np.array([np.bincount(rng.integers(0, 3, 4), minlength=3) for _ in range(30)])
    copies = np.repeat(own, 6, axis=0)
    person = np.repeat(np.arange(30), 6)
    alone = ceiling(VoteTable.everybody(WORDS, own))
    known = ceiling(VoteTable.everybody(WORDS, copies, person=person.astype(np.int32), persons=30))
    naive = ceiling(VoteTable.everybody(WORDS, copies))
    assert known.persons == 30
    assert known.faces == 180
    for statistic in ("leave_one_out", "commonest_share", "unanimous", "fleiss_kappa"):
        a, b, c = (found.find(statistic) for found in (alone, known, naive))
        assert (b.value, b.persons) == (pytest.approx(a.value), 30)
        assert (c.low, c.high) != pytest.approx((b.low, b.high))
        assert b.high - b.low > 1.2 * (c.high - c.low)
        if statistic in ("unanimous", "fleiss_kappa"):
            assert (b.low, b.high) == pytest.approx((a.low, a.high), rel=1e-9)


def test_what_cannot_be_told_is_said():
    found = ceiling(VoteTable.everybody(WORDS, np.array([[2, 0, 0], [3, 0, 0], [1, 0, 0], [0, 0, 0]])))
    assert (found.faces, found.lone, found.votes) == (2, 2, 5)
    assert found.leave_one_out.value == 1
    assert (found.leave_one_out.low, found.leave_one_out.note) == (None, "too few faces (2)")
    assert found.kappa.value is None
    assert found.kappa.note == "not estimable: one word was given for every face"
    assert found.find("leave_one_out", "fear").note == "not estimable: no such face"
    nobody = ceiling(VoteTable.everybody(WORDS, np.array([[1, 0, 0]])))
    assert nobody.faces == 0
    assert nobody.alpha.value is None
    assert nobody.leave_one_out.value is None
    agreed = ceiling(VoteTable.everybody(WORDS, np.array([[3, 0, 0]] * 4 + [[0, 3, 0]] * 4)))
    assert agreed.kappa.value == 1
    assert (agreed.kappa.low, agreed.kappa.note) == (None, "no interval: all raters agree on every face")


def test_a_table_with_wrong_shapes_is_a_bug():
    with pytest.raises(AssertionError, match="shapes"):
        VoteTable.everybody(WORDS, np.ones((3, 2), dtype=int))


def simulated(faces_: int, raters: int, rng: np.random.Generator) -> np.ndarray:
    clear = rng.dirichlet([0.4, 0.4, 0.4], faces_)
    return np.array([rng.multinomial(raters, p) for p in clear])


@pytest.mark.long
@pytest.mark.parametrize(("faces_", "raters"), [(20, 3), (50, 5), (200, 3)])
def test_intervals_hold_the_truth(faces_, raters):
    rng = np.random.default_rng(7)
    truth = ceiling(VoteTable.everybody(WORDS, simulated(200_000, raters, rng)))
    inside = dict.fromkeys(("leave_one_out", "commonest_share", "fleiss_kappa", "krippendorff_alpha"), 0)
    for _ in range(600):
        found = ceiling(VoteTable.everybody(WORDS, simulated(faces_, raters, rng)))
        for name in inside:
            e = found.find(name)
            inside[name] += e.low <= truth.find(name).value <= e.high
    assert all(n / 600 >= 0.92 for n in inside.values()), inside


def ferplus() -> tuple[list[str], np.ndarray]:
    path = DATA / "ferplus_votes.csv"
    if not path.exists():
        pytest.skip("no folder shared/data beside the repository")
    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    return head[2:], np.array([[int(n) for n in row[2:]] for row in rows])


def test_ten_raters_on_35887_faces():
    """What is known of FER+, with its eight words as options."""
    options, votes = ferplus()
    assert options[8:] == ["unknown", "NF"]
    found = ceiling(VoteTable.everybody(options[:8], votes[:, :8]))
    assert (found.faces, found.lone) == (35_711, 176)
    assert found.leave_one_out.value == pytest.approx(0.731, abs=5e-4)
    assert found.commonest_share.value == pytest.approx(0.770, abs=5e-4)
    assert found.rater_pairs.value == pytest.approx(0.650, abs=5e-4)
    assert found.kappa.value == pytest.approx(0.554, abs=5e-4)
    assert found.unanimous.value == pytest.approx(0.26, abs=5e-3)
    words = {word: round(found.find("commonest_share", word).value, 2) for word in options[:8]}
    assert words == {
        "neutral": 0.75, "happiness": 0.91, "surprise": 0.75, "sadness": 0.69,
        "anger": 0.68, "disgust": 0.50, "fear": 0.59, "contempt": 0.55,
    }  # fmt: skip
    # With whoever saw several equally common words given to the first of them.
    first = votes[:, :8][votes[:, :8].sum(axis=1) > 1]
    held = faces.held(first)
    by_first = [round(float(held[first.argmax(axis=1) == i].mean()), 2) for i in range(8)]
    assert by_first == [0.74, 0.91, 0.75, 0.71, 0.69, 0.53, 0.61, 0.59]
    assert found.leave_one_out.high - found.leave_one_out.low < 0.006


def test_who_cannot_tell_disagrees_with_a_word():
    """With "unknown" and "NF" as options, saying so is an answer like another: agreement is lower."""
    options, votes = ferplus()
    found = ceiling(VoteTable.everybody(options, votes))
    assert found.lone == 0
    assert found.leave_one_out.value == pytest.approx(0.702, abs=5e-4)


def test_persons_with_many_faces_count_as_fewer_persons():
    """Twelve persons, two of them with thirty faces and ten with five: intervals by hand, with k = (Σn)² / Σn²."""
    rng = np.random.default_rng(41)
    person = np.repeat(np.arange(12), [30, 30] + [5] * 10)
    votes = rng.multinomial(4, rng.dirichlet([1.2, 0.6, 0.4], 12)[person])
    found = ceiling(VoteTable.everybody(("sad", "happy", "calm"), votes, person=person, persons=12))
    k = 110**2 / (2 * 900 + 10 * 25)
    # How much each person's faces move kappa, by giving them a little more weight.
    step, weight = 1e-6, np.ones(110)
    moved = [
        (faces.fleiss(votes, weight + step * (person == who))[0] - found.kappa.value) / step * 110 for who in range(12)
    ]
    spread = k / (k - 1) * np.sum(np.square(moved)) / 110**2
    left = 1 - found.kappa.value
    far = t.ppf(0.975, k - 1) * np.sqrt(spread) / left
    assert (found.kappa.low, found.kappa.high) == pytest.approx(
        (1 - left * np.exp(far), 1 - left * np.exp(-far)), rel=1e-4
    )
    same = faces.pairs(votes)
    p = same.mean()
    each = np.array([(same[person == who] - p).sum() for who in range(12)])
    worth = min(110 * 6, p * (1 - p) / (k / (k - 1) * (each**2).sum() / 110**2))
    assert found.rater_pairs.n_eff == pytest.approx(worth)
    expected = wilson(p * worth, worth, quantile=t.ppf(0.975, k - 1))
    assert (found.rater_pairs.low, found.rater_pairs.high) == pytest.approx(tuple(map(float, expected)))


def test_one_person_with_most_of_the_faces_gives_no_interval():
    rng = np.random.default_rng(42)
    person = np.r_[np.zeros(80, int), np.arange(1, 9)]
    votes = rng.multinomial(3, [0.6, 0.4], 88)
    found = ceiling(VoteTable.everybody(("sad", "happy"), votes, person=person, persons=9))
    for one in (found.leave_one_out, found.kappa, found.alpha):
        assert (one.low, one.high, one.n_eff, one.note) == (None, None, None, "one person has most of the faces")
        assert one.value is not None
