"""The greatest disparity: what it is made of, who takes part, and how often it claims what is not there."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy.optimize import brentq

from misread.audit.groups import Disparity, disparities, disparity, permuting, pooled
from misread.audit.groups.disparity import adjusted
from misread.audit.groups.pooling import centres, draws
from misread.audit.groups.welch import second_opinion
from misread.audit.table.model import MISSING, CountTable
from misread.errors import MisreadError
from tests.audit.groups.made import LABELS, WORDS, of_hits, table_of

HITS, TRIALS = [40, 12, 70, 33], [60, 40, 90, 50]


def recall(table: CountTable, **more: object) -> Disparity:
    (found,) = disparity(table, "recall", expression="sad", between="tone", **more)  # type: ignore[arg-type]
    return found


def faces(rng: np.random.Generator, rows: int, groups: int = 3, persons: int = 60) -> dict[str, np.ndarray]:
    """Rows of persons who are in one group each."""
    person = rng.integers(0, persons, rows)
    truth = rng.integers(0, 2, rows)
    right = rng.random(rows) < rng.beta(5, 3, persons)[person]
    return {
        "groups": person % groups,
        "truth": truth,
        "answer": np.where(right, truth, rng.choice([0, 1, 2], rows)),
        "person": person,
    }


def test_raw_range_and_who_makes_it() -> None:
    found = recall(of_hits(HITS, TRIALS))
    rates = np.array(HITS) / TRIALS
    assert found.seen == pytest.approx(rates.max() - rates.min(), abs=1e-12)
    assert found.ratio_seen == pytest.approx(rates.min() / rates.max(), abs=1e-12)
    assert (found.highest, found.lowest) == ("g2", "g1")
    assert (found.groups, found.n, found.persons, found.left_out) == (4, 240, None, ())


def test_what_survives_the_kindest_reading() -> None:
    # Bounds of Wilson's intervals as roots of the score equation, at the level that holds for four at once.
    from scipy.stats import norm

    z = norm.ppf(1 - (1 - 0.95 ** (1 / 4)) / 2)

    def bound(x: int, n: int, side: int) -> float:
        seen = x / n
        far = (0, seen) if side < 0 else (seen, 1)
        return float(brentq(lambda p: (seen - p) ** 2 - z * z * p * (1 - p) / n, *far))

    hits, trials = [55, 8, 70, 33], [60, 40, 90, 50]
    low = max(bound(x, n, -1) for x, n in zip(hits, trials, strict=True))
    high = min(bound(x, n, 1) for x, n in zip(hits, trials, strict=True))
    assert low > high
    found = recall(of_hits(hits, trials))
    assert found.at_least == pytest.approx(low - high, abs=1e-9)
    assert found.p == 1 / 2000
    assert 0 < found.low < found.value < found.high < 1
    assert found.low > found.at_least  # pooling tells more than the kindest reading
    assert found.note == ""


def test_where_there_is_no_difference_it_says_what_would_not_have_been_seen() -> None:
    found = recall(of_hits([14, 12, 19], [20, 20, 25]))
    assert found.p > 0.05
    assert (found.low, found.at_least) == (0, 0)
    assert found.note == f"no difference shown; a gap under {found.visible:.2g} may well have gone unseen"
    assert found.seen < found.chance_high


def test_one_comparison_is_the_same_by_itself_and_among_all() -> None:
    rng = np.random.default_rng(8)
    for table in (
        table_of(rng.integers(0, 4, 400), rng.integers(0, 2, 400), rng.integers(0, 3, 400)),
        table_of(**faces(rng, 600)),
    ):
        together = disparities(table)
        assert [d.statistic for d in together] == ["accuracy", *["recall"] * 2, *["false_positive_rate"] * 2]
        for each in together:
            (alone,) = disparity(table, each.statistic, expression=each.expression, label=each.label, between="tone")
            assert replace(each, adjusted=alone.adjusted, looked_at=1, note=alone.note) == alone
            assert each.looked_at == 5
            assert each.p <= each.adjusted <= 1


def test_holm() -> None:
    plain = recall(of_hits(HITS, TRIALS), permutations=99)
    listed = adjusted([replace(plain, p=p) for p in (0.04, 0.01, None, 0.03, 0.02)])
    assert [d.adjusted for d in listed] == pytest.approx([0.06, 0.04, None, 0.06, 0.06])
    assert {d.looked_at for d in listed} == {4}
    # What is left over by the largest is not less than what came before.
    assert [d.adjusted for d in adjusted([replace(plain, p=p) for p in (0.3, 0.9)])] == pytest.approx([0.6, 0.9])


def test_what_is_small_by_itself_may_be_chance_among_many() -> None:
    plain = recall(of_hits([14, 12, 19], [20, 20, 25]), permutations=99)
    one, two, three = adjusted([replace(plain, p=p, note="") for p in (0.001, 0.03, 0.4)])
    assert (one.note, three.note) == ("", "")
    assert two.note == "among 3 comparisons it may be chance (adjusted p 0.06)"


def test_with_many_comparisons_groups_are_dealt_more_often() -> None:
    # Thirty words and a column: 61 comparisons. Nothing but the first group differs.
    words = tuple(f"w{i}" for i in range(30))
    counts = np.zeros((2, 30, 31))
    counts[0, np.arange(30), np.arange(30)] = counts[1, np.arange(30), np.arange(30)] = 30
    counts[1, 0, 0], counts[1, 0, 1] = 0, 30
    strata = np.array([[0], [1]], dtype=np.int32)
    table = CountTable(words, (*words, "none"), ("tone",), (("a", "b"),), strata, counts, np.zeros((2, 31)))
    found = disparities(table)
    assert {d.permutations for d in found} == {40 * 61}
    (sad,) = (d for d in found if d.expression == "w0")
    assert sad.p == 1 / 2441
    assert sad.adjusted == pytest.approx(61 / 2441)


def test_with_many_comparisons_one_by_itself_is_the_same_too() -> None:
    rng = np.random.default_rng(18)
    words = tuple(f"w{i}" for i in range(30))
    counts = rng.poisson(2, (3, 30, 31)).astype(float)
    strata = np.arange(3, dtype=np.int32)[:, None]
    table = CountTable(words, (*words, "none"), ("tone",), (("a", "b", "c"),), strata, counts, np.zeros((3, 31)))
    (alone,) = disparity(table, "accuracy", between="tone")
    each = disparities(table)[0]
    assert each.permutations == 40 * 61 > 1999
    assert replace(each, adjusted=alone.adjusted, looked_at=1, note=alone.note) == alone


def test_several_columns_within_others_are_adjusted_once_and_together() -> None:
    rng = np.random.default_rng(19)
    counts = rng.poisson(9, (12, 2, 3)).astype(float)
    counts[:6, 0, 0] += 4
    strata = np.array([(a, g, x) for a in (0, 1) for g in range(3) for x in (0, 1)], dtype=np.int32)
    levels = (("young", "old"), ("a", "b", "c"), ("f", "m"))
    table = CountTable(WORDS, LABELS, ("age", "tone", "sex"), levels, strata, counts, np.zeros((12, 3)))
    found = disparities(table, between=("tone", "sex"), within=("age",))
    assert [(d.column, d.within[0][1]) for d in found[::5]] == [(c, a) for c in ("tone", "sex") for a in levels[0]]
    assert {d.looked_at for d in found} == {20}
    tested = sorted(d.p for d in found)
    assert min(d.adjusted for d in found) == pytest.approx(min(1, 20 * tested[0]))
    assert all(d.note.count("comparisons it may be chance") <= 1 for d in found)
    for d in found:
        alone = disparity(table, d.statistic, expression=d.expression, label=d.label, between=d.column, within=("age",))
        (same,) = (other for other in alone if other.within == d.within)
        assert replace(d, adjusted=same.adjusted, looked_at=2, note=same.note) == same
    # Without columns named: all but those they are kept apart by.
    assert {d.column for d in disparities(table, within=("age",))} == {"tone", "sex"}


def test_one_person_with_most_of_the_faces_makes_no_group() -> None:
    rng = np.random.default_rng(40)
    person = np.r_[np.repeat(np.arange(40), 10), np.repeat(40, 300), np.arange(41, 61)]
    table = table_of(np.minimum(person // 20, 2), np.zeros(720), rng.integers(0, 2, 720), person=person)
    found = recall(table)
    assert (found.groups, found.left_out) == (2, ("g2",))
    assert "or one person with most of the faces): g2" in found.note
    *_, raw, after = pooled(table, "recall", expression="sad", over="tone")
    assert raw.note == after.note == "one person has most of the faces"
    assert (raw.low, after.value, after.low) == (None, None, None)


def test_persons_with_many_faces_count_as_fewer_persons() -> None:
    # As with ten faces each, but two persons of each group have thirty: by hand, with k = (Σn)² / Σn² persons.
    from scipy.stats import norm, t

    faces_of = np.array([30, 30, 10, 10, 10, 10, 10] * 2)
    own = np.array([28, 25, 8, 10, 9, 10, 9, 2, 5, 2, 1, 3, 1, 0])
    person = np.repeat(np.arange(14), faces_of)
    hit = np.concatenate([np.arange(n) < x for x, n in zip(own, faces_of, strict=True)])
    table = table_of(person // np.repeat(7, len(person)), np.zeros(len(person)), np.where(hit, 0, 1), person=person)
    found = recall(table)
    n, k = 110, 110**2 / (2 * 900 + 5 * 100)
    quantile = t.ppf(1 - (1 - np.sqrt(0.95)) / 2, k - 1)
    bounds, worths = [], []
    for chosen, side in ((slice(0, 7), -1), (slice(7, 14), 1)):
        p = own[chosen].sum() / n
        spread = k / (k - 1) * ((own[chosen] - faces_of[chosen] * p) ** 2).sum() / n**2
        worths.append(min(n, p * (1 - p) / spread))
        far = (0, p) if side < 0 else (p, 1)
        bounds.append(brentq(lambda r, p=p, w=worths[-1]: (p - r) ** 2 - quantile**2 * r * (1 - r) / w, *far))
    assert found.at_least == pytest.approx(max(0, bounds[0] - bounds[1]), abs=1e-9)
    assert found.at_least > 0
    rate = own.reshape(2, 7).sum(axis=1) / n
    cautious = np.array(worths) * (norm.ppf(0.975) / t.ppf(0.975, k - 1)) ** 2
    assert [e.value for e in pooled(table, "recall", expression="sad", over="tone")[1::2]] == pytest.approx(
        centres(rate * cautious, cautious)[0]
    )


def test_very_many_persons_are_not_dealt(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = faces(np.random.default_rng(50), 3000, persons=600)
    table = table_of(**rows)
    dealt = recall(table)
    monkeypatch.setattr(permuting, "MANY", 400)
    found = recall(table)
    raw = pooled(table, "recall", expression="sad", over="tone")[::2]
    even = [
        (sizes := np.unique(rows["person"][(rows["groups"] == g) & (rows["truth"] == 0)], return_counts=True)[1]).sum()
        ** 2
        / (sizes**2).sum()
        for g in range(3)
    ]
    x, n, worth = (np.array([getattr(e, name) for e in raw]) for name in ("hits", "n", "n_eff"))
    assert found.p == pytest.approx(second_opinion(x, n, worth, np.array(even)), rel=1e-9)
    assert found.p == pytest.approx(dealt.p, abs=0.05)
    assert found.permutations == 0
    assert "too many persons to be dealt to groups anew: p is that of Welch's test alone" in found.note
    assert (found.chance, found.chance_high) == pytest.approx((dealt.chance, dealt.chance_high), rel=0.1)
    same = ("seen", "value", "high", "at_least", "visible", "persons")
    assert [getattr(found, name) for name in same] == [getattr(dealt, name) for name in same]
    # Persons in both groups would count as two for Welch's test: these are dealt whatever their number.
    both = table_of(rows["groups"] ^ (np.arange(3000) % 2), np.zeros(3000), rows["answer"] > 0, person=rows["person"])
    assert recall(both).permutations == 1999


def test_a_single_cell_can_be_compared() -> None:
    found = disparity(of_hits(HITS, TRIALS), "confusion", expression="sad", label="happy", between="tone")
    assert found[0].seen == pytest.approx(recall(of_hits(HITS, TRIALS)).seen)
    assert (found[0].highest, found[0].lowest) == ("g1", "g2")


def test_missing_and_small_levels_take_no_part_and_are_named() -> None:
    whole = recall(of_hits(HITS, TRIALS, levels=("a", "b", "c", "d")))
    more = recall(of_hits([*HITS, 0, 4], [*TRIALS, 30, 4], levels=("a", "b", "c", "d", MISSING, "e")))
    assert more.left_out == (MISSING, "e")
    assert "left out" in more.note
    assert "e" in more.note
    assert replace(more, left_out=(), note=whole.note) == whole


def test_fewer_than_two_levels_are_nothing_to_compare() -> None:
    found = recall(of_hits([3, 2], [10, 4]))
    assert found.groups == 1
    assert found.left_out == ("g1",)
    told = ("p", "adjusted", "seen", "chance", "chance_high", "value", "low", "high", "at_least", "visible")
    assert {getattr(found, name) for name in told} == {None}
    assert (found.highest, found.lowest, found.permutations, found.looked_at) == ("", "", 0, 0)
    assert found.note.startswith("nothing to compare")
    # No happy face at all.
    (none,) = disparity(of_hits(HITS, TRIALS), "recall", expression="happy", between="tone")
    assert (none.groups, none.p, none.n) == (0, None, 0)


def test_within_is_each_part_by_itself() -> None:
    rng = np.random.default_rng(3)
    young, old = (table_of(**faces(rng, 300)) for _ in range(2))
    both = CountTable(
        WORDS,
        LABELS,
        ("age", "tone"),
        (("young", "old"), young.levels[0]),
        np.array([(a, g) for a in (0, 1) for g in range(3)], dtype=np.int32),
        np.concatenate([young.counts, old.counts]),
        np.zeros((6, 3)),
    )
    found = disparity(both, "accuracy", between="tone", within=("age",))
    assert [d.within for d in found] == [(("age", "young"),), (("age", "old"),)]
    assert {d.looked_at for d in found} == {2}
    for each, table in zip(found, (young, old), strict=True):
        (alone,) = disparity(replace(table, people=None), "accuracy", between="tone")
        assert replace(each, within=(), adjusted=alone.adjusted, looked_at=1) == alone


def test_persons_are_counted_and_make_intervals_wider() -> None:
    rows = faces(np.random.default_rng(21), 2400)
    (clustered,) = disparity(table_of(**rows), "accuracy", between="tone")
    (plain,) = disparity(table_of(**{**rows, "person": None}), "accuracy", between="tone")
    assert (clustered.persons, plain.persons) == (60, None)
    assert clustered.seen == plain.seen
    assert clustered.chance > 1.5 * plain.chance
    assert clustered.visible > 1.5 * plain.visible
    assert clustered.p > plain.p


def test_few_persons_make_what_survives_smaller() -> None:
    # Ten faces of each person, read well by six persons and badly by six others: Wilson's bounds with t on five.
    from scipy.stats import t

    own = np.array([10, 9, 8, 10, 9, 10, 1, 0, 2, 1, 3, 1])
    person = np.repeat(np.arange(12), 10)
    hit = np.tile(np.arange(10), 12) < np.repeat(own, 10)
    found = recall(table_of(person // 6, np.zeros(120), np.where(hit, 0, 1), person=person))
    quantile = t.ppf(1 - (1 - np.sqrt(0.95)) / 2, 5)
    bounds = []
    for x, side in ((own[:6], -1), (own[6:], 1)):
        p = x.sum() / 60
        spread = 6 / 5 * ((x - 10 * p) ** 2).sum() / 3600
        worth = min(60, p * (1 - p) / spread)
        far = (0, p) if side < 0 else (p, 1)
        bounds.append(brentq(lambda r, p=p, w=worth: (p - r) ** 2 - quantile**2 * r * (1 - r) / w, *far))
    assert found.at_least == pytest.approx(bounds[0] - bounds[1], abs=1e-9)


def test_the_range_counts_few_persons_as_fewer_faces() -> None:
    from scipy.stats import norm, t

    own = np.array([10, 9, 8, 6, 9, 4, 5, 3, 9, 8, 4, 7])
    person = np.repeat(np.arange(12), 10)
    hit = np.tile(np.arange(10), 12) < np.repeat(own, 10)
    table = table_of(person // 6, np.zeros(120), np.where(hit, 0, 1), person=person)
    raw = pooled(table, "recall", expression="sad", over="tone")[::2]
    n = np.array([e.n_eff for e in raw]) * (norm.ppf(0.975) / t.ppf(0.975, 5)) ** 2
    rate = np.array([e.value for e in raw])
    found = pooled(table, "recall", expression="sad", over="tone")[1::2]
    assert [e.value for e in found] == pytest.approx(centres(rate * n, n)[0])
    ranges = np.ptp(draws(rate * n, n, 40_000, np.random.default_rng(7)), axis=1)
    assert recall(table).high == pytest.approx(np.quantile(ranges, 0.975), abs=0.02)
    wide = np.ptp(
        draws(np.array([e.hits for e in raw]), np.array([60.0, 60]), 40_000, np.random.default_rng(7)), axis=1
    )
    assert recall(table).high > np.quantile(wide, 0.975) + 0.04


def test_persons_without_such_a_face_are_not_dealt() -> None:
    rows = faces(np.random.default_rng(31), 600)
    sad = rows["truth"] == 0
    whole = recall(table_of(**rows))
    some = {name: values[sad] for name, values in rows.items()}
    # Twenty persons more in each group, who are only ever happy.
    more = np.arange(1000, 1060)
    added = {"groups": more % 3, "truth": np.ones(60, int), "answer": np.ones(60, int), "person": more}
    together = {name: np.r_[values, added[name]] for name, values in rows.items()}
    assert recall(table_of(**some)) == whole == recall(table_of(**together))


def test_a_group_of_four_persons_takes_no_part_however_many_faces() -> None:
    person = np.r_[np.repeat(np.arange(20), 10), np.repeat(np.arange(20, 24), 100)]
    group = np.where(person < 10, 0, np.where(person < 20, 1, 2))
    table = table_of(group, np.zeros(600), np.arange(600) % 2, person=person)
    assert recall(table).left_out == ("g2",)


def test_persons_in_several_groups_are_said_to_be() -> None:
    rng = np.random.default_rng(5)
    person = np.tile(np.arange(30), 20)
    table = table_of(rng.integers(0, 2, 600), np.zeros(600), rng.integers(0, 2, 600), person=person)
    found = recall(table)
    assert found.persons == 30
    assert "persons in several levels are compared with themselves" in found.note


def test_the_second_opinion_is_heard_where_groups_are_built_differently() -> None:
    # Six persons with thirty faces each, sixty with three; those of the first group differ much from one another.
    rng = np.random.default_rng(1)
    faces_of = np.r_[np.full(6, 30), np.full(60, 3)]
    person = np.repeat(np.arange(66), faces_of)
    own = np.r_[1, 0.9, 0.3, 0.8, 1, 0.95, np.full(60, 0.5)]
    hit = rng.random(len(person)) < own[person]
    table = table_of(person >= 6, np.zeros(len(person)), np.where(hit, 0, 1), person=person)
    found = recall(table)
    x, n = np.array([hit[person < 6].sum(), hit[person >= 6].sum()], float), np.array([180.0, 180])
    worth = np.array([e.n_eff for e in pooled(table, "recall", expression="sad", over="tone")[::2]])
    doubt = second_opinion(x, n, worth, np.array([6.0, 60]))
    assert found.p == pytest.approx(doubt)
    assert 0.01 < doubt < 0.1


def test_it_is_not_heard_where_persons_are_compared_with_themselves() -> None:
    # Twenty persons in both groups, who differ much; each is read a little better in the first.
    own = np.linspace(2, 19, 20).astype(int)
    hits = np.r_[own + 1, own - 1]
    person = np.repeat(np.tile(np.arange(20), 2), 20)
    hit = np.tile(np.arange(20), 40) < np.repeat(hits, 20)
    table = table_of(np.repeat([0, 1], 400), np.zeros(800), np.where(hit, 0, 1), person=person)
    found = recall(table)
    worth = np.array([e.n_eff for e in pooled(table, "recall", expression="sad", over="tone")[::2]])
    x = np.array([hits[:20].sum(), hits[20:].sum()], float)
    assert second_opinion(x, np.full(2, 400.0), worth, np.full(2, 20.0)) > 0.2
    assert found.p == 1 / 2000


def test_weights_of_persons_that_are_all_alike_change_nothing() -> None:
    rows = faces(np.random.default_rng(33), 200)
    (plain,) = disparity(table_of(**rows), "accuracy", between="tone")
    (weighted,) = disparity(table_of(**rows, weights=np.full(200, 1e-3)), "accuracy", between="tone")
    for name in ("p", "seen", "chance", "value", "high", "at_least", "visible", "persons"):
        assert getattr(weighted, name) == pytest.approx(getattr(plain, name), abs=1e-9), name


def test_weights_that_are_all_alike_change_nothing() -> None:
    rng = np.random.default_rng(6)
    rows = (rng.integers(0, 4, 400), rng.integers(0, 2, 400), rng.integers(0, 3, 400))
    (plain,) = disparity(table_of(*rows), "accuracy", between="tone")
    (weighted,) = disparity(table_of(*rows, weights=np.full(400, 2.5)), "accuracy", between="tone")
    assert weighted.n == pytest.approx(2.5 * plain.n)
    for name in ("p", "seen", "chance", "value", "high", "at_least", "visible"):
        assert getattr(weighted, name) == pytest.approx(getattr(plain, name), abs=1e-9), name


def test_the_seed_is_all_that_chance_comes_from() -> None:
    table = of_hits(HITS, TRIALS)
    assert recall(table) == recall(table)
    other = recall(table, seed=2)
    assert (other.seed, other.seen) == (2, recall(table).seen)
    assert other.value != recall(table).value
    assert other.value == pytest.approx(recall(table).value, abs=0.02)


def test_what_is_not_a_rate_or_more_than_one_is_refused() -> None:
    table = of_hits(HITS, TRIALS)
    with pytest.raises(MisreadError, match="no rate named 'kappa'"):
        disparity(table, "kappa", between="tone")
    with pytest.raises(MisreadError, match="'recall' names 2 rates"):
        disparity(table, "recall", between="tone")
    with pytest.raises(MisreadError, match="'recall angry' names no rate"):
        disparity(table, "recall", expression="angry", between="tone")


def test_no_field_holds_anything_of_one_person() -> None:
    found = recall(table_of(**faces(np.random.default_rng(1), 300)))
    for field in fields(found):
        value = getattr(found, field.name)
        assert value is None or isinstance(value, (str, int, float, tuple)), field.name


def claims(groups: int, faces: int, runs: int) -> float:
    """Share of runs with equal groups in which a difference of more than five points is claimed."""
    rng = np.random.default_rng(groups)
    found = [recall(of_hits(rng.binomial(faces, 0.7, groups), [faces] * groups), permutations=199) for _ in range(runs)]
    assert np.mean([d.at_least > 0 for d in found]) < 0.05
    assert np.mean([d.p < 0.05 for d in found]) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    return float(np.mean([d.low > 0.05 for d in found]))


def test_equal_groups_are_not_claimed_to_differ() -> None:
    assert claims(6, 20, 60) <= 0.05


@pytest.mark.long
@pytest.mark.parametrize(("groups", "faces"), [(6, 20), (6, 100), (12, 100), (60, 20), (60, 100)])
def test_equal_groups_are_not_claimed_to_differ_at_any_size(groups: int, faces: int) -> None:
    assert claims(groups, faces, 300) <= 0.05


@pytest.mark.long
@pytest.mark.parametrize(("groups", "faces"), [(6, 100), (12, 500), (60, 20), (60, 100)])
def test_the_interval_holds_the_true_range(groups: int, faces: int) -> None:
    rng = np.random.default_rng(faces + groups)
    a = 0.7 * (0.21 / 0.05**2 - 1)
    held = []
    for _ in range(300):
        rate = rng.beta(a, a * 3 / 7, groups)
        found = recall(of_hits(rng.binomial(faces, rate), [faces] * groups), permutations=199)
        held.append((found.low <= np.ptp(rate) <= found.high, found.at_least <= np.ptp(rate)))
    inside, least = np.mean(held, axis=0)
    assert inside > 0.91
    assert least > 0.95


@pytest.mark.long
def test_nor_where_one_person_of_each_group_has_many_more_faces() -> None:
    # Three equal groups of fifteen persons, one of them with sixty faces and the others with ten.
    rng = np.random.default_rng(77)
    faces_of = np.tile(np.r_[60, np.full(14, 10)], 3)
    person = np.repeat(np.arange(45), faces_of)
    found = []
    for _ in range(300):
        hit = rng.random(len(person)) < rng.beta(0.7 * 4, 0.3 * 4, 45)[person]
        table = table_of(person // 15, np.zeros(len(person)), np.where(hit, 0, 1), person=person)
        found.append(recall(table, permutations=199))
    assert np.mean([d.at_least > 0 for d in found]) <= 0.05
    assert np.mean([d.p < 0.05 for d in found]) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert np.mean([d.low > 0.05 for d in found]) <= 0.05


@pytest.mark.long
@pytest.mark.parametrize(("groups", "persons", "spread"), [(6, 6, 0.07), (12, 8, 0.0), (12, 30, 0.05)])
def test_it_does_so_with_persons_too(groups: int, persons: int, spread: float) -> None:
    rng = np.random.default_rng(persons)
    faces, icc = 10, 0.2
    number = np.repeat(np.arange(groups * persons), faces)
    held, claimed = [], []
    for _ in range(200):
        a = 0.7 * (0.21 / spread**2 - 1) if spread else np.inf
        rate = rng.beta(a, a * 3 / 7, groups) if spread else np.full(groups, 0.7)
        own = rng.beta(*(np.repeat(r, persons) * (1 / icc - 1) for r in (rate, 1 - rate)))
        hit = rng.random(len(number)) < own[number]
        found = recall(
            table_of(number // persons, np.zeros(len(number)), np.where(hit, 0, 1), person=number), permutations=199
        )
        held.append(found.low <= np.ptp(rate) <= found.high)
        claimed.append(found.low > np.ptp(rate) + 0.05)
    assert np.mean(held) > 0.9
    assert np.mean(claimed) <= 0.05


@pytest.mark.long
def test_what_is_shown_looks_larger_than_it_is() -> None:
    rng, groups, each, faces_of = np.random.default_rng(11), 6, 10, 20
    person = np.repeat(np.arange(groups * each), faces_of)
    told = []
    for _ in range(600):
        true = np.clip(rng.normal(0.7, 0.05, groups), 0.01, 0.99)
        own = np.repeat(true, each)
        right = rng.random(len(person)) < rng.beta(4 * own, 4 * (1 - own))[person]
        table = table_of(person // each, np.zeros(len(person)), np.where(right, 0, 1), person=person)
        found = recall(table, permutations=199)
        told.append((found.p < 0.05, found.value, np.ptp(true), found.low <= np.ptp(true) <= found.high))
    shown, value, true_range, held = (np.array(column) for column in zip(*told, strict=True))
    assert shown.mean() == pytest.approx(0.14, abs=0.045)
    assert value[shown].mean() / true_range[shown].mean() == pytest.approx(1.8, abs=0.25)
    assert held[shown].mean() == pytest.approx(0.86, abs=0.08)
    assert held.mean() == pytest.approx(0.98, abs=0.02)
