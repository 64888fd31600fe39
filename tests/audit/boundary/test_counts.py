"""Whoever has every file of an audit gets no figure of one to four persons, by sums and differences of all that is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from misread.audit.reading import Ask, count
from misread.audit.result import Audit
from misread.audit.written.build import write
from misread.audit.written.told.estimates import to_csv
from misread.errors import MisreadError
from tests.audit.boundary.attack import (
    ALL,
    attacked,
    files_of,
    follow_from_counts,
    gets_away,
    made,
    sums_told,
    table,
)

DATA = Path(__file__).parents[4] / "shared" / "data"
OPTIONS = ("anger", "disgust", "fear", "happiness", "neutral", "sadness")


@given(st.integers(0, 2**32), st.integers(6, 22), st.integers(1, 3), st.booleans())
@example(3497337205, 20, 2, False)
@example(114642451, 17, 3, True)
@example(1899802526, 14, 2, True)
@settings(max_examples=25)
def test_nothing_of_one_to_four_persons_can_be_had(seed, persons, columns, nested):
    attacked(made(seed, persons, columns, nested=nested))


@pytest.mark.long
@given(st.integers(0, 2**32), st.integers(6, 30), st.integers(1, 4), st.booleans(), st.sampled_from([0.0, 0.1, 0.3]))
@settings(max_examples=400, deadline=None)
def test_nothing_of_one_to_four_persons_can_be_had_at_length(seed, persons, columns, nested, rare):
    attacked(made(seed, persons, columns, rare=rare, nested=nested))


def test_without_the_rule_the_attack_succeeds():
    """Two columns that differ by three persons: the light ones less the children are these three."""
    found = table(("child", "light", 20, ALL), ("adult", "light", 3, ALL), ("adult", "dark", 12, ALL))
    S, E, _ = found.counts.shape
    sums = []
    for columns in ((), ("age",), ("tone",)):
        margin = found.margin(*columns)
        for s in range(len(margin.strata)):
            inside = [margin.names(s).items() <= found.names(i).items() for i in range(S)]
            for e in range(E):
                sum_ = np.zeros((S, E), dtype=bool)
                sum_[inside, e] = True
                sums.append(sum_.reshape(-1))
    assert gets_away(np.array(sums), found) is not None
    written = attacked(found)
    assert any("groups left out" in warning for warning in written.warnings)
    # What comes first is told whole.
    assert not any(part.left_out for part in written.margins[1].parts)
    assert any(part.left_out for part in written.margins[2].parts)


def test_where_most_crossings_are_of_few_persons_all_are_left_out():
    groups = [
        ("child", "light", 9, ALL),
        ("child", "dark", 3, ALL),
        ("adult", "light", 3, ALL),
        ("adult", "dark", 4, ALL),
    ]
    written = attacked(table(*groups))
    assert [part.left_out for part in written.margins[1].parts + written.margins[2].parts] == [False] * 4
    assert all(part.left_out for part in written.margins[-1].parts)
    assert any(
        "groups left out, of fewer than 5 persons" in w and "4 of 4 by age × tone" in w for w in written.warnings
    )


def test_levels_of_few_persons_are_one_if_they_are_five_together():
    written = attacked(table(("child", "light", 3, ALL), ("adult", "light", 2, ALL), ("(missing)", "light", 20, ALL)))
    (age, _) = written.columns
    assert set(age.levels) == {"(few)", "(missing)"}
    assert [part.persons for part in written.margins[1].parts] == [5, 20]
    assert any('2 levels of "age" with fewer than 5 persons each are one level now' in w for w in written.warnings)


def test_else_they_are_told_with_the_largest_level():
    written = attacked(table(("child", "light", 3, ALL), ("adult", "light", 20, ALL), ("(missing)", "light", 6, ALL)))
    assert {part.levels["age"]: part.persons for part in written.margins[1].parts} == {
        "adult + (few)": 23,
        "(missing)": 6,
    }


def test_an_expression_that_few_show_is_in_no_figure():
    written = attacked(
        table(("child", "light", 3, ("joy", "fear")), ("child", "dark", 20, ALL), ("child", "light", 9, ALL))
    )
    (everybody,) = written.margins[0].parts
    fear = written.expressions.index("fear")
    assert [row.left_out for row in everybody.rows] == [e == fear for e in range(4)]
    accuracy = next(e for e in written.estimates if e.statistic == "accuracy" and not e.group)
    assert accuracy.note == "without fear: too few persons"
    recall = next(e for e in written.estimates if (e.statistic, e.expression) == ("recall", "fear") and not e.group)
    assert (recall.value, recall.hits, recall.n) == (None, None, 0)
    assert recall.note == "left out: too few persons"
    assert any("fewer than 5 persons show {fear}" in w or "fear" in w for w in written.warnings)


def test_one_that_few_of_a_level_show_is_in_no_figure_of_the_column():
    found = table(("child", "light", 9, ALL), ("child", "dark", 20, ("joy", "fear")), ("child", "light", 3, ("fear",)))
    written = attacked(found)
    fear = written.expressions.index("fear")
    by_tone = next(margin for margin in written.margins if margin.columns == ("tone",))
    assert all(part.rows[fear].left_out for part in by_tone.parts)
    assert not written.margins[0].parts[0].rows[fear].left_out
    assert any('by "tone", faces that show' in w for w in written.warnings)


def test_a_column_that_names_persons_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    lines = [f"p{i % 8},n{i % 8},{'ab'[i % 2]},{'ab'[i // 8 % 2]}" for i in range(80)]
    path.write_text("who,name,shown,said\n" + "\n".join(lines))
    asked = {"truth": "shown", "prediction": "said", "person": "who"}
    with pytest.raises(MisreadError, match="8 of them are one person each: it tells persons apart"):
        Audit(count(path, Ask(**asked, groups=("name",))))
    assert Audit(count(path, Ask(**asked))).facts.persons == 8


def test_of_fewer_than_five_persons_nothing_is_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("who,shown,said\n" + "\n".join(f"p{i % 4},{'ab'[i % 2]},a" for i in range(80)))
    with pytest.raises(MisreadError, match="4 persons only in 'who': nothing is told of so few"):
        Audit(count(path, Ask(truth="shown", prediction="said", person="who")))


def test_rows_that_are_a_person_each_are_persons_all_the_same(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "who,g,shown,said\n" + "\n".join(f"p{i},{'xy'[i >= 37]},{'ab'[i % 2]},{'ab'[i % 3 > 0]}" for i in range(40))
    )
    audit = Audit(count(path, Ask(truth="shown", prediction="said", groups=("g",), person="who")))
    assert audit.table.people is None
    assert audit.table.levels == (("x + (few)",),)


@pytest.mark.skipif(not DATA.exists(), reason="needs the data folder")
@pytest.mark.parametrize("groups", [("race",), ("sex", "race")])
def test_the_one_actor_of_unknown_race(groups):
    counted = count(
        DATA / "cremad_votes.csv", Ask(truth="expression", votes=OPTIONS, groups=groups, person="actor", unit="clips")
    )
    audit = Audit(counted, permutations=19, replicates=100)
    written = write(audit)
    said = json.loads(written.text())
    sums, parts = sums_told(said, counted.table)
    assert len(sums)
    assert gets_away(sums, counted.table) is None
    follow_from_counts(said["estimates"], parts, counted.table)
    texts, _ = files_of(audit, written)
    assert not [name for name, text in texts.items() if "Unknown" in text]
    assert "Unknown" not in to_csv(written.estimates, groups)
    assert {"African American", "Asian", "Caucasian + (few)"} == set(written.columns[-1].levels)
