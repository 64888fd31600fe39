"""Votes of several raters: each an answer, or what tells how far raters agree."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from misread.audit.reading import Ask, count
from misread.audit.table import same
from misread.errors import MisreadError
from tests.audit.reading.makers import MAKERS

ROWS = {
    "face": ["sad", "happy", "sad", None, "sad", "happy"],
    "sex": ["f", "f", "m", "m", "f", "f"],
    "actor": ["a", "a", "b", "b", None, None],
    "sad": [3, 0, 2, 1, 3, 0],
    "happy": [0, 3, 1, 1, 0, None],
    "odd": [1, 0, 0, 1, 1, 0],
}
OPTIONS = ("sad", "happy", "odd")


@pytest.fixture(params=["pandas", "polars lazy", "pyarrow", "duckdb"])
def make(request):
    return MAKERS[request.param]


def votes_by_hand(key):
    """What is counted for each (group, expression or person …) and option."""
    found = Counter()
    for i in range(6):
        for option in OPTIONS:
            found[(*(ROWS[name][i] for name in key), option)] += ROWS[option][i] or 0
    return found


def test_each_vote_is_an_answer(make):
    counted = count(make(ROWS), Ask(truth="face", votes=OPTIONS, groups=("sex",), person="actor"))
    table = counted.table
    assert table.unit == "votes"
    assert table.labels == ("happy", "sad", "odd", "none")
    hand = votes_by_hand(("sex", "face"))
    for s, sex in enumerate(("f", "m")):
        for e, face in enumerate(table.expressions):
            for i, option in enumerate(table.labels[:-1]):
                assert table.counts[s, e, i] == hand[sex, face, option]
    assert table.untold[1].tolist() == [1, 1, 1, 0]
    assert table.total == sum(hand.values())
    # Two persons with names, and a face of nobody with all its votes; the face without votes is in none.
    assert (table.people.k, table.people.alone) == (3, 1)
    assert table.people.count[table.people.person == 2].tolist() == [3, 1]
    assert counted.facts.left_out == (("without a vote", 1),)
    assert "1 cell of votes without a number: taken as no vote." in counted.facts.warnings


def test_without_persons_the_votes_on_one_face_are_one_cluster(make):
    table = count(make(ROWS), Ask(truth="face", votes=OPTIONS)).table
    clusters = Counter()
    for p in range(table.people.k):
        mine = table.people.person == p
        clusters[
            tuple(sorted(zip(table.people.cell[mine].tolist(), table.people.count[mine].tolist(), strict=True)))
        ] += 1
    # Cells are expression × label: happy 0, sad 1; happy 0, sad 1, odd 2, none 3.
    assert clusters == {((5, 3.0), (6, 1.0)): 2, ((0, 3.0),): 1, ((4, 1.0), (5, 2.0)): 1}
    assert table.people.alone == table.people.k == 4


def test_votes_alone(make):
    counted = count(make(ROWS), Ask(votes=OPTIONS, groups=("sex",)))
    assert counted.table.expressions == ()
    assert counted.table.untold.sum() == counted.table.total == 17
    votes = counted.votes
    faces = Counter()
    for i in range(6):
        faces[(ROWS["sex"][i], tuple(ROWS[option][i] or 0 for option in ("happy", "odd", "sad")))] += 1
    assert votes.options == ("happy", "odd", "sad")
    found = {
        (votes.levels[0][votes.strata[s, 0]], tuple(v.tolist())): n
        for s, v, n in zip(votes.stratum, votes.vectors, votes.count, strict=True)
    }
    assert found == dict(faces)
    assert (votes.person, votes.persons) == (None, 0)


def test_votes_beside_answers(make):
    rows = {**ROWS, "said": ["sad", "happy", "happy", "sad", "sad", None]}
    asked = Ask(truth="face", prediction="said", votes=OPTIONS, person="actor")
    counted = count(make(rows), asked)
    assert counted.table.total == 6
    assert counted.votes.total == 6
    # Two named persons, and two faces of nobody.
    assert counted.votes.persons == 4
    assert sorted(counted.votes.count[counted.votes.person >= 2].tolist()) == [1, 1]
    without = count(make(rows), Ask(truth="face", prediction="said", person="actor"))
    assert same(counted.table, without.table)


def test_options_are_mapped_and_missing(make):
    asked = Ask(truth="face", votes=OPTIONS, missing=("odd",), map_labels={"happy": "sad"})
    with pytest.raises(MisreadError, match="occur"):
        count(make({**ROWS, "face": ["glad"] * 6}), asked)
    counted = count(make({**ROWS, "face": ["sad"] * 6}), asked)
    assert counted.table.labels == ("sad", "none")
    assert counted.table.counts[0].tolist() == [[14, 3]]
    assert counted.votes.options == ("sad", "none")
    np.testing.assert_array_equal(counted.votes.vectors[counted.votes.vectors[:, 1] == 1][:, 0], [2, 3])


@pytest.mark.parametrize("bad", [-1, 0.5, float("inf"), 1e9])
def test_votes_are_whole_numbers(bad):
    with pytest.raises(MisreadError, match="whole number from 0") as caught:
        count(pa.table({**ROWS, "sad": [1.0, 2.0, bad, 0.0, 0.0, 0.0]}), Ask(votes=OPTIONS, spoken="options"))
    assert caught.value.problems[0].key == "--votes"
