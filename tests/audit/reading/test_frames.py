"""Every kind of dataframe gives the table that one gets by counting row after row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.audit.reading import Ask, count
from misread.audit.table import MISSING, same
from misread.errors import MisreadError
from tests.audit.reading.makers import MADE, MAKERS, Rows, as_counter, by_hand, missing, persons_by_hand, persons_of

WORDS = ("no_face",)


# Dask takes as long as all others together: one test of it is short.
@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.long) if name == "dask" else name for name in MAKERS])
def make(request):
    return MAKERS[request.param]


@pytest.mark.long
def test_dask_gives_the_same():
    ask = Ask(truth="face", prediction="said", groups=("age",), person="actor", weights="weight", missing=WORDS)
    one, other = (count(MAKERS[name](MADE), ask) for name in ("pyarrow", "dask"))
    assert same(one.table, other.table)
    assert one.facts.warnings == other.facts.warnings


def test_counts_are_those_of_the_rows(make):
    ask = Ask(truth="face", prediction="said", groups=("age", "tone"), missing=WORDS)
    counted = count(make(MADE), ask)
    assert as_counter(counted.table) == by_hand(MADE, "face", "said", ("age", "tone"), words=WORDS)
    assert counted.table.total == counted.facts.rows == 12
    assert counted.table.levels == (("9-12", "13-15", MISSING), ("1", "2", MISSING))
    assert counted.table.expressions == ("fear", "happy", "sad")
    assert counted.table.labels == ("happy", "sad", "none")


def test_facts_say_what_was_missing(make):
    facts = count(make(MADE), Ask(truth="face", prediction="said", missing=WORDS)).facts
    assert facts.missing_truth == 1
    assert facts.missing_answers == (("empty", 2), ("no_face", 1), ("none", 1))
    assert (
        '4 of 11 answers are missing (empty: 2, "no_face": 1, "none": 1), counted as "none" (36.4 %).' in facts.warnings
    )
    assert "1 of 12 rows have no truth; they are counted, and in no rate." in facts.warnings
    assert facts.digest == ""


def test_persons_are_those_of_the_rows(make):
    counted = count(make(MADE), Ask(truth="face", prediction="said", groups=("age",), person="actor", missing=WORDS))
    assert persons_of(counted.table) == persons_by_hand(MADE, "face", "said", "actor", ("age",), words=WORDS)
    assert (counted.facts.persons, counted.facts.alone) == (6, 2)
    people = counted.table.people
    # Rows that name nobody have the last numbers, and one row each.
    assert all(people.count[people.person == p].sum() == 1 for p in (4, 5))
    assert '2 rows without "actor": each is taken as a person of its own.' in counted.facts.warnings
    assert 'fewer than 5 of 4 persons occur in more than one level of "age".' in counted.facts.warnings


def test_weights_add_with_their_squares(make):
    ask = Ask(truth="face", prediction="said", groups=("age",), weights="weight", person="actor", missing=WORDS)
    counted = count(make(MADE), ask)
    assert as_counter(counted.table) == by_hand(MADE, "face", "said", ("age",), "weight", WORDS)
    squares = {**MADE, "weight": [w**2 for w in MADE["weight"]]}
    told = {
        key: n for key, n in by_hand(squares, "face", "said", ("age",), "weight", WORDS).items() if key[1] is not None
    }
    table = counted.table
    for (levels, face, said), n in told.items():
        s = next(s for s in range(len(table.strata)) if tuple(table.names(s).values()) == levels)
        assert table.squares[s, table.expressions.index(face), table.labels.index(said)] == pytest.approx(n, rel=1e-12)
    assert table.squares.sum() == pytest.approx(sum(told.values()), rel=1e-12)
    assert counted.facts.left_out == (("weight 0", 1),)
    assert table.people.count.sum() == table.counts.sum()


def test_scores_fall_into_twenty_bins(make):
    counted = count(make(MADE), Ask(truth="face", prediction="said", groups=("age",), score="sure", missing=WORDS))
    scores = counted.table.scores
    n, hits, total, squares = np.zeros((4, 3, 20))
    unscored = 0
    for face, said, age, sure in zip(MADE["face"], MADE["said"], MADE["age"], MADE["sure"], strict=True):
        if face is None:
            continue
        if missing(sure):
            unscored += 1
            continue
        at = ["9-12", "13-15", None].index(age), min(int(sure * 20), 19)
        n[at], hits[at], total[at], squares[at] = (
            n[at] + 1,
            hits[at] + (face == said),
            total[at] + sure,
            squares[at] + sure**2,
        )
    assert any(warning.startswith(f"{unscored} row") and '"sure"' in warning for warning in counted.facts.warnings)
    np.testing.assert_array_equal(scores.n, n)
    np.testing.assert_array_equal(scores.hits, hits)
    np.testing.assert_allclose(scores.total, total, rtol=1e-12)
    np.testing.assert_allclose(scores.squares, squares, rtol=1e-12)
    np.testing.assert_allclose(scores.edges, np.linspace(0, 1, 21), rtol=1e-15)


def test_scores_and_persons_and_weights_together(make):
    both = count(
        make(MADE), Ask(truth="face", prediction="said", person="actor", score="sure", weights="weight", missing=WORDS)
    )
    assert both.table.people is not None
    percent = {**MADE, "sure": [None if s is None else 100 * s for s in MADE["sure"]]}
    scaled = count(
        make(percent),
        Ask(truth="face", prediction="said", score="sure", weights="weight", score_scale=100, missing=WORDS),
    )
    np.testing.assert_allclose(both.table.scores.n, scaled.table.scores.n)
    np.testing.assert_allclose(both.table.scores.total, scaled.table.scores.total, rtol=1e-12)
    told = [
        (w, s)
        for face, s, w in zip(MADE["face"], MADE["sure"], MADE["weight"], strict=True)
        if face is not None and not missing(s)
    ]
    scores = both.table.scores
    assert scores.n.sum() == sum(w for w, _ in told)
    assert scores.total.sum() == pytest.approx(sum(w * s for w, s in told), rel=1e-12)
    assert scores.squares.sum() == pytest.approx(sum(w * s**2 for w, s in told), rel=1e-12)


def test_bands_of_numbers(make):
    rows: Rows = {
        "face": ["sad"] * 8,
        "said": ["sad"] * 8,
        "years": [5, 6, 8.9, 9, 11, 17.5, 18, None],
    }
    table = count(
        make(rows), Ask(truth="face", prediction="said", groups=("years",), bands={"years": (6, 9, 12, 18)})
    ).table
    assert table.levels == (("below 6", "6-8", "9-11", "12-17", "18+", MISSING),)
    assert table.counts[:, 0, 0].tolist() == [1, 2, 2, 1, 1, 1]


def test_a_number_may_mean_missing_in_every_column_of_numbers(make, tmp_path):
    """The same from every library and from text: bands, scores and votes."""
    rows: Rows = {
        "face": ["sad"] * 6,
        "said": ["sad"] * 6,
        "years": [5, -1, 9, -1, 11, 9],
        "sure": [0.5, 0.5, -1.0, 1.0, -1.0, 0.25],
        "sad": [3, 2, -1, 1, 0, 2],
        "fear": [0, 1, 3, 2, 3, -1],
    }
    ask = Ask(
        truth="face",
        prediction="said",
        groups=("years",),
        bands={"years": (6, 10)},
        score="sure",
        votes=("sad", "fear"),
        missing=("-1",),
    )
    path = tmp_path / "a.csv"
    lines = [",".join(rows), *(",".join(map(str, row)) for row in zip(*rows.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n")
    for counted in (count(make(rows), ask), count(path, ask)):
        assert counted.table.levels == (("below 6", "6-9", "10+", MISSING),)
        assert counted.table.counts[:, 0, 0].tolist() == [1, 2, 1, 2]
        assert '2 rows without "sure": left out of calibration alone.' in counted.facts.warnings
        assert counted.table.scores.n.sum() == 4
        assert counted.votes.count @ counted.votes.vectors.sum(axis=1) == 17


def test_a_missing_weight_is_said_to_be_missing(make):
    asked = Ask(truth="face", prediction="said", weights="weight", missing=("-9", *WORDS))
    with pytest.raises(MisreadError, match=r"is missing, negative or no number in 1 row\."):
        count(make({**MADE, "weight": [-9.0, *MADE["weight"][1:]]}), asked)


def test_where_each_row_has_its_own_person_all_tables_take_rows_as_independent(make):
    rows: Rows = {"face": ["sad", "fear"] * 3, "said": ["sad"] * 6, "dark": ["sad", "fear"] * 3}
    rows |= {"who": list("abcdef"), "sad": [1] * 6, "fear": [2] * 6}
    counted = count(
        make(rows), Ask(truth="face", prediction="said", person="who", paired=("dark",), votes=("sad", "fear"))
    )
    ((_, paired),) = counted.paired
    assert counted.table.people is None
    assert paired.people is None
    assert counted.votes.person is None
    assert counted.facts.columns[-1] == ("paired", "dark")


def test_the_same_faces_under_another_condition(make):
    counted = count(make(MADE), Ask(truth="face", prediction="said", person="actor", paired=("dark",), missing=WORDS))
    ((name, table),) = counted.paired
    assert name == "dark"
    # Rows without truth take no part where persons are known.
    told = {
        key: [v for v, face in zip(values, MADE["face"], strict=True) if face is not None]
        for key, values in MADE.items()
    }
    hand = by_hand(told, "said", "dark", words=WORDS)
    # No answer is an answer here.
    expected = {(levels, "none" if e in (None, "none") else e, label): 0.0 for levels, e, label in hand}
    for (levels, e, label), n in hand.items():
        expected[levels, "none" if e in (None, "none") else e, label] += n
    assert dict(as_counter(table)) == expected
    assert table.expressions[-1] == table.labels[-1] == "none"
    assert table.untold.sum() == 0
    assert table.people.count.sum() == 11
    without = count(make(MADE), Ask(truth="face", prediction="said", paired=("dark",), missing=WORDS))
    assert without.paired[0][1].total == 12


def test_words_are_mapped_and_folded(make):
    rows: Rows = {"face": ["Sad", "HAPPY ", "sad"], "said": ["traurig", "happy", " SAD"], "sex": ["F", "f", "F "]}
    ask = Ask(truth="face", prediction="said", groups=("sex",), map_labels={"Traurig": "sad"}, fold_case=True)
    table = count(make(rows), ask).table
    assert table.levels == (("f",),)
    assert table.counts[0].tolist() == [[1, 0, 0], [0, 2, 0]]
    assert table.labels == ("happy", "sad", "none")


def test_a_map_that_nothing_needs_is_said(make):
    asked = Ask(truth="face", prediction="said", map_labels={"joy": "happy"}, missing=WORDS)
    assert 'map_labels names words that do not occur: "joy".' in count(make(MADE), asked).facts.warnings


def test_a_source_stays_as_it_is():
    import narwhals as nw

    from misread.audit.reading.frames import Source

    ask = Ask(truth="face", prediction="said", missing=WORDS)
    given = Source(nw.from_native(MAKERS["pyarrow"](MADE)), "answers.csv", "csv", 12)
    counted = count(given, ask)
    assert (counted.facts.source, counted.facts.kind) == ("answers.csv", "csv")
    assert same(counted.table, count(MAKERS["pyarrow"](MADE), ask).table)


def test_columns_of_python_objects():
    import pandas as pd

    mixed = pd.Series([1, "1", 1.0, pd.NA, None, float("nan"), 2.5, "sad"], dtype=object)
    table = count(pd.DataFrame({"face": ["1"] * 8, "said": mixed}), Ask(truth="face", prediction="said")).table
    assert dict(zip(table.labels, table.counts[0, 0].tolist(), strict=True)) == {"1": 3, "sad": 1, "2.5": 1, "none": 3}


LETTER = st.sampled_from(["a", "b", "c", None])
ROW = st.tuples(LETTER.filter(bool), LETTER, st.sampled_from(["x", "y", None]), st.sampled_from(["p", "q", "r", None]))


@settings(max_examples=8)
@given(st.lists(ROW, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_the_table_does_not_know_the_order_of_rows(rows, random):
    def table(order):
        columns = dict(zip(("face", "said", "age", "actor"), map(list, zip(*order, strict=True)), strict=True))
        columns["face"][0:0], columns["said"][0:0] = ["a"], ["a"]
        columns["age"][0:0], columns["actor"][0:0] = ["x"], ["p"]
        ask = Ask(truth="face", prediction="said", groups=("age",), person="actor")
        return [count(MAKERS[name](columns), ask).table for name in ("pyarrow", "polars", "pyarrow chunks")]

    shuffled = list(rows)
    random.shuffle(shuffled)
    first, *others = [*table(rows), *table(shuffled)]
    for other in others:
        assert same(first, other)
        np.testing.assert_array_equal(first.counts, other.counts)
        assert first.levels == other.levels
        if first.people is not None:
            np.testing.assert_array_equal(first.people.person, other.people.person)
            np.testing.assert_array_equal(first.people.cell, other.people.cell)


def test_large_tables_are_looked_at_before_they_are_grouped(monkeypatch):
    from misread.audit.reading import frames
    from misread.audit.reading.doubts import refused

    rows = 2_000
    face = ["sad", "happy"] * (rows // 2)
    table = {"face": face, "said": face, "actor": [f"p{i}" for i in range(rows)]}
    whole = count(MAKERS["pyarrow"](table), Ask(truth="face", prediction="said", person="actor"))
    monkeypatch.setattr(refused, "LARGE", 100)
    monkeypatch.setattr(refused, "HEAD", 500)
    monkeypatch.setattr(frames, "HEAD", 500)
    for name in ("pyarrow", "duckdb", "polars lazy"):
        looked = count(MAKERS[name](table), Ask(truth="face", prediction="said", person="actor"))
        assert same(looked.table, whole.table)
        assert looked.facts.warnings == whole.facts.warnings
        assert 'every row has its own "actor": intervals treat rows as independent.' in looked.facts.warnings
        assert ("person", "actor") in looked.facts.columns
