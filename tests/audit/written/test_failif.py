"""Conditions for pipelines: read, refused, held against figures."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.audit.written.failif import FIELDS, Condition, fired, parse
from misread.errors import MisreadError


def test_every_part_is_read():
    found = parse('confusion."looks \\"off\\"".a.b.low <= 5 %'.replace("a.b", '"a.b"'))
    assert found.statistic == "confusion"
    assert found.words == ('looks "off"', "a.b")
    assert (found.field, found.op, found.number) == ("low", "<=", 0.05)
    found = parse("recall.sad.disparity.age.low > 0.10")
    assert (found.words, found.disparity, found.column, found.number) == (("sad",), True, "age", 0.1)
    assert parse("recall.sad.disparity.p<.05").column is None
    assert parse("accuracy[age=9-12, sex].value>=1e-1").group == (("age", "9-12"), ("sex", None))


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8).filter(
    lambda w: w.strip() == w and w != "disparity"
)


@given(
    words,
    st.sampled_from(FIELDS),
    st.sampled_from(["<", "<=", ">", ">="]),
    st.floats(-10, 10).map(lambda x: round(x, 4)),
)
def test_any_word_in_quotes(word, field, op, number):
    quoted = '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
    found = parse(f"recall.{quoted}.{field} {op} {number}")
    assert found == Condition(found.text, "recall", (word,), (), False, None, field, op, number)


def about(statistic, value, *, expression=None, group=(), low=None, note=""):
    return SimpleNamespace(
        statistic=statistic, expression=expression, label=None, group=group, value=value, low=low, note=note
    )


FIGURES = [
    about("accuracy", 0.8, low=0.7),
    about("accuracy", 0.6, group=(("age", "6-8"),), low=None, note="too few persons (3)"),
    about("accuracy", 0.9, group=(("age", "9-12"),), low=0.85),
    about("recall", None, expression="sad", note="not estimable: no such face"),
    about("recall", 0.5, expression="fear"),
]


def holds(text):
    return [(one.what, one.value) for one in fired([parse(text)], FIGURES, [])]


def test_each_comparison_and_both_sides_of_it():
    for op, below, at, above in (("<", 0, 0, 1), ("<=", 0, 1, 1), (">", 1, 0, 0), (">=", 1, 1, 0)):
        for number, expected in ((0.79, below), (0.8, at), (0.81, above)):
            assert len(holds(f"accuracy.value {op} {number}")) == expected


def test_about_everybody_a_group_or_each_group():
    assert holds("accuracy.value < 0.85") == [("value of accuracy", 0.8)]
    assert holds("accuracy[age=9-12].value < 0.95") == [("value of accuracy for age 9-12", 0.9)]
    assert [value for _, value in holds("accuracy[age].value < 0.95")] == [0.6, 0.9]


def test_any_level_in_quotes():
    condition = parse('accuracy[age="9-12, \\"big\\"", "skin tone" = a = b,sex].low < 1')
    assert condition.group == (("age", '9-12, "big"'), ("skin tone", "a = b"), ("sex", None))
    assert (condition.statistic, condition.field) == ("accuracy", "low")


def test_what_cannot_be_told_fires_and_says_so():
    (one,) = fired([parse("recall.sad.value < 0.1")], FIGURES, [])
    assert one.value is None
    assert str(one) == "recall.sad.value < 0.1: value of recall.sad cannot be told: not estimable: no such face"
    assert holds("accuracy[age=6-8].low < 0.1") == [("low of accuracy for age 6-8", None)]


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("accuracy.low", "no comparison", "add < or >"),
        ("low < 1", "names a statistic, but nothing", "add one of value"),
        ("accuracy.lo < 1", "'lo' is nothing that an estimate has", "did you mean `low`"),
        ("acuracy.low < 1", "'acuracy' is no statistic", "did you mean `accuracy`"),
        ("ACCURACY.low < 1", "'ACCURACY' is no statistic", "did you mean `accuracy`"),
        ("recall.low < 1", "recall of what?", "after the statistic"),
        ("recall.feer.value < 1", "recall of 'feer'", "did you mean `fear`"),
        ("accuracy[sex=f].low < 1", "Nothing was estimated by sex", "group columns"),
        ("accuracy[age=99].low < 1", "There is no such group", "name one of these"),
        ("accuracy low < 1", "A dot is missing", "add it"),
        ("accuracy.disparity.low > 1", "There are no groups", "--group"),
        ("accuracy.disparity.age.sex.low > 1", "After `disparity`", "take the rest out"),
        ("recall.a.b.c.low < 1", "It has 3 words", "quote words"),
        ('recall."sad.low < 1', "It cannot be read", "quote"),
        ("< 1", "It names a statistic", "add one of"),
    ],
)
def test_what_is_refused(text, what, mend):
    with pytest.raises(MisreadError) as caught:
        fired([parse(text)], FIGURES, [])
    (problem,) = caught.value.problems
    assert what in problem.what
    assert mend in problem.mend
    assert (problem.file, problem.key) == ("--fail-if", text)


def test_differences_of_a_real_audit(written):
    of_age = {d.column: d for d in written.disparities if (d.statistic, d.expression) == ("recall", "sadness")}
    seen = of_age["age"].seen
    (one,) = fired([parse(f"recall.sadness.disparity.age.seen >= {seen}")], written.estimates, written.disparities)
    assert one.value == seen
    assert one.what == "seen of recall.sadness between levels of age"
    either = fired([parse("recall.sadness.disparity.seen > 0")], written.estimates, written.disparities)
    assert len(either) == sum(d.seen > 0 for d in of_age.values())
