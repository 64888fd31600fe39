"""`misread.audit(…)` as a library: how it is called, and what is said where that makes no sense."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import numpy as np
import pyarrow as pa
import pytest

import misread as mr
import misread.audit.table as counts
from misread import audit
from misread.audit.intervals.posterior import beta_binomial

FACE = ["sad", "happy", "fear", "sad"] * 10
SAID = ["sad", "sad", "fear", "happy", "sad", "happy", "fear", "sad"] * 5
ROWS = {"face": FACE, "said": SAID, "age": ["9-12"] * 20 + ["13-15"] * 20, "sex": ["f", "m"] * 20}
ROWS |= {"who": [f"p{i // 5}" for i in range(40)]}


@pytest.fixture(scope="module")
def found():
    return audit(pa.table(ROWS), truth="face", prediction="said", groups=("age", "sex"))


def problem(called):
    with pytest.raises(mr.MisreadError) as caught:
        called()
    (one,) = caught.value.problems
    return one


def wrong(**asked):
    return problem(lambda: audit(pa.table(ROWS), **({"truth": "face", "prediction": "said"} | asked)))


@pytest.mark.parametrize(
    "first",
    [
        "import misread.audit.table as t",
        "from misread.audit.table import CountTable",
        "from misread import audit",
    ],
)
def test_a_folder_and_a_call_whatever_is_imported_first(first):
    code = f"""
        {first}
        import misread
        import misread.audit.table as table
        from misread import audit
        assert audit is misread.audit is __import__("sys").modules["misread.audit"]
        assert table is misread.audit.table
        try:
            audit([], truth="face", prediction="said")
        except misread.MisreadError as error:
            print(error)
    """
    run = [sys.executable, "-c", dedent(code)]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert "It is a list, and no table." in said


def test_the_call_is_that_of_the_api(found):
    assert isinstance(found, mr.Audit)
    assert isinstance(found.table, counts.CountTable)
    assert audit(pa.table(ROWS), truth="face", prediction="said").table == found.table.margin()


@pytest.mark.parametrize(
    ("asked", "key", "what"),
    [
        ({"truth": pa.array(FACE)}, "truth", "It is a StringArray."),
        ({"person": 3}, "person", "It is an int."),
        ({"groups": 3}, "groups", "It is an int."),
        ({"groups": [3]}, "groups", "It is an int."),
        ({"votes": ("said", None)}, "votes", "It is a NoneType."),
        ({"bands": ("age", 3)}, "bands", "It is a tuple."),
        ({"groups": "age", "bands": {"age": 3}}, "bands", "It is an int."),
        ({"groups": "age", "bands": {"age": "0,6"}}, "bands", "It is a str."),
        ({"map_labels": [("a", "b")]}, "map_labels", "It is a list."),
        ({"score_scale": "100"}, "score_scale", "It is a str."),
        ({"max_labels": 3.5}, "max_labels", "It is a float."),
        ({"level": 95}, "level", "It is 95."),
        ({"level": "0.9"}, "level", "It is '0.9'."),
        ({"seed": 1.5}, "seed", "It is 1.5."),
        ({"replicates": True}, "replicates", "It is True."),
        ({"permutations": 0}, "permutations", "It is 0."),
        ({"prevalence": "5 %"}, "prevalence", "It is '5 %'."),
        ({"prevalence": {"sad": 1}}, "prevalence", "It is 1."),
    ],
)
def test_an_argument_of_another_kind(asked, key, what):
    one = wrong(**asked)
    assert (one.key, one.what) == (key, what)
    assert one.expected


def test_an_argument_that_there_is_not():
    one = wrong(truht="face")
    assert one.what == 'There is no argument "truht".'
    assert one.mend == 'did you mean "truth"?'
    assert wrong(frame=1).mend == "leave it out."


def test_what_is_wrong_is_told_before_a_table_is_read():
    assert problem(lambda: audit("nowhere.csv", truth="face", prediction="said", level=2)).key == "level"


def test_no_groups_may_be_said_in_several_ways():
    for none in (None, (), []):
        assert audit(pa.table(ROWS), truth="face", prediction="said", groups=none).table.columns == ()


def test_one_column_needs_no_list(found):
    assert list(found.confusion(within="age")) == list(found.confusion(within=["age"]))
    assert found.precision_at(0.2, within="sex") == found.precision_at(0.2, within=("sex",))
    for ask in (found.difference, found.disparity):
        assert ask("accuracy", between="age", within="sex") == ask("accuracy", between="age", within=["sex"])
    assert found.pooled("accuracy", over="age", within="sex") == found.pooled("accuracy", over=["age"], within=["sex"])
    assert found.calibration(within="age") == ()


@pytest.mark.parametrize(
    ("ask", "key", "what"),
    [
        (lambda a: a.rates("agee"), "groups", "'agee' is no group column of this audit."),
        (lambda a: a.confusion(within="agee"), "groups", "'agee' is no group column of this audit."),
        (lambda a: a.confusion(interval="wald"), "interval", "It is 'wald'."),
        (lambda a: a.composites("age", "age"), "groups", "'age' is named twice."),
        (lambda a: a.disparity("accuracy", between="age", within="age"), "groups", "'age' is named twice."),
        (lambda a: a.compared("age", within=("sex", "age")), "groups", "'age' is named twice."),
        (lambda a: a.pooled("accuracy", over="age", within="age"), "groups", "'age' is named twice."),
        (lambda a: a.difference("recal", between="age"), "statistic", "There is no 'recal' in this table."),
        (lambda a: a.difference("accuracy", between="age", against="7"), "against", "'age' has no level '7'."),
        (lambda a: a.disparity("kappa", between="age"), "statistic", "There is no 'kappa' in this table."),
        (
            lambda a: a.pooled("recall", over="age", expression="joy"),
            "statistic",
            "There is no 'recall joy' in this table.",
        ),
        (
            lambda a: a.precision_at({"joy": 0.1}),
            "prevalence",
            "'joy' has no precision in this table.",
        ),
    ],
)
def test_what_an_audit_has_not(found, ask, key, what):
    one = problem(lambda: ask(found))
    assert one.key == key
    assert one.what.startswith(what)
    assert one.mend


def test_composites_may_differ_too(found):
    assert {d.statistic for d in found.difference("kappa", between="age")} == {"kappa"}


def test_the_headline_does_not_know_the_scale_of_weights():
    def headline(weights):
        table = pa.table({**ROWS, "w": weights})
        return audit(table, truth="face", prediction="said", person="who", weights="w").headline

    rng = np.random.default_rng(3)
    uneven = rng.uniform(0.5, 3, 40)
    plain = audit(pa.table(ROWS), truth="face", prediction="said", person="who").headline
    x, n = np.zeros(8), np.full(8, 5.0)
    np.add.at(x, np.arange(40) // 5, [f == s for f, s in zip(FACE, SAID, strict=True)])
    assert plain == beta_binomial(x, n)
    for same in (headline(np.full(40, 0.01)), headline(np.full(40, 100.0))):
        assert same.low == pytest.approx(plain.low, rel=1e-9)
        assert same.high == pytest.approx(plain.high, rel=1e-9)
    one, other = headline(uneven), headline(50 * uneven)
    assert one.low == pytest.approx(other.low, rel=1e-9)
    # Uneven weights are worth fewer faces.
    assert one.high - one.low > plain.high - plain.low
