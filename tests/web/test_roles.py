"""What the page guesses that a column means, by its name alone."""

import pytest

from misread.web.pages.audit.held import Column
from misread.web.pages.audit.roles import guesses


@pytest.mark.parametrize(
    "name", ["child", "Children", "child_name", "pupil no.", "Student ID", "students", "learner", "kid-code", "actor"]
)
def test_whoever_is_in_school_is_who_is_shown(name):
    assert guesses([Column(name, ("a", "b"), numbers=False, repeats=True)]) == ("person",)
    assert guesses([Column(name, ("a", "b"), numbers=False, repeats=False)]) == ("",), (
        "one face each tells nobody apart"
    )


@pytest.mark.parametrize("name", ["childhood", "kidney", "name", "school", "classroom"])
def test_other_columns_are_not(name):
    assert "person" not in guesses([Column(name, ("a", "b"), numbers=False, repeats=True)])
