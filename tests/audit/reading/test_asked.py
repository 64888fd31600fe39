"""What is asked of an audit in Python, and what is said of what there is not."""

import numpy as np
import pandas as pd
import pytest

import misread as mr
from misread.errors import MisreadError

FRAME = pd.DataFrame(
    {
        "face": ["sad", "happy", "sad", "happy"] * 30,
        "said": ["sad", "sad", "sad", "happy"] * 30,
        "sex": ["f", "m"] * 60,
        "who": [f"Ada {i % 20}" for i in range(120)],
        "sure": [0.5, 0.25, 0.75, 1.0] * 30,
    }
)


@pytest.fixture(scope="module")
def audit():
    return mr.audit(FRAME, truth="face", prediction="said", groups="sex", person="who", score="sure")


def problem(what, *given, **named):
    with pytest.raises(MisreadError) as caught:
        what(*given, **named)
    return caught.value.problems[0]


def test_an_audit_in_a_notebook_is_one_line_without_counts(audit):
    assert repr(audit) == "<Audit of the pandas table: 120 rows, 20 persons, by sex>"
    assert not hasattr(audit, "_repr_html_")
    bare = mr.audit(FRAME, truth="face", prediction="said")
    assert repr(bare) == "<Audit of the pandas table: 120 rows, persons not known>"


def test_an_unknown_statistic_is_answered_with_all_that_there_are(audit):
    known = ("accuracy", "recall sad", "balanced_accuracy", "macro_f1", "kappa", "alpha")
    said = problem(audit.difference, "recal", between="sex").expected
    assert all(name in said for name in known)
    assert "kappa" not in problem(audit.disparity, "recal", between="sex").expected, "of composites there is none"
    for name in ("balanced_accuracy", "macro_f1", "kappa", "alpha"):
        assert len(audit.difference(name, between="sex")) == 2


def test_a_composite_is_about_no_word(audit):
    assert problem(audit.difference, "kappa", between="sex", expression="sad").key == "expression"
    assert problem(audit.difference, "alpha", between="sex", label="sad").key == "label"


def test_an_argument_that_there_is_not():
    said = problem(mr.audit, FRAME, truth="face", prediction="said", grups="sex")
    assert said.mend == 'did you mean "groups"?'
    assert "spoken" not in said.expected


def test_crossings_that_are_not_told_say_why():
    """Of many group columns pairs are told, and all of them crossed: no other reason is made up."""
    groups = list("abcde")
    person = np.arange(600) % 200
    frame = pd.DataFrame({name: (person >> i) % 2 for i, name in enumerate(groups)} | {"who": person})
    frame = frame.assign(face=np.where(person % 3, "sad", "happy"), said=np.where(person % 7, "sad", "happy"))
    asked = {"truth": "face", "prediction": "said"}
    audit = mr.audit(frame, **asked, groups=groups, person="who")
    for what in (
        lambda: audit.rates("a", "b", "c"),
        lambda: audit.disparity("accuracy", between="a", within=["b", "c"]),
        lambda: audit.difference("kappa", between="a", within=["b", "c", "d"]),
        lambda: audit.compared("a", ["b", "c"]),
    ):
        assert problem(what).what == "Of 5 group columns pairs are told, and all of them crossed."
    assert audit.rates("a", "b").value.shape[0] == 4
    assert audit.compared(["a", "b", "c"], "d")
    assert mr.audit(frame, **asked, groups=groups).rates("a", "b", "c"), "where nobody says who is shown, all are told"
    assert mr.audit(frame, **asked, groups=groups[:3], person="who").rates("a", "b", "c")
