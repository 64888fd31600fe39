"""What is wrong in a file of law is said with file, key and line."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.rights import read

TEXT = (resources.files("misread.rights.places") / "law" / "eu.toml").read_text(encoding="utf-8")


def problems(text, **others):
    with pytest.raises(MisreadError) as caught:
        read({"eu.toml": text, **others})
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "key", "what", "mend"),
    [
        ('effect = "prohibits"', 'effect = "forbids"', "provision[0].effect", "'forbids'", "write that"),
        ("summary = ", "sumary = ", "provision[0].sumary", "`sumary` is no key here", "did you mean `summary`?"),
        ('pinpoint = "Art. 15 GDPR"\n', "", "provision[4].pinpoint", "is missing", "add it"),
        ("applies_from = 2027-12-02", 'applies_from = "soon"', "provision[2].applies[1].applies_from", "'soon'", "write that"),
        ('sources = ["aia-2024"]', 'sources = ["aia-2025"]', "provision[0].sources[0]", "`aia-2025`", "`aia-2024`?"),
        ('set_by = "omnibus-ai-2026"', 'set_by = "omnibus"', "provision[2].applies[1].set_by", "`omnibus`", "`omnibus-ai-2026`?"),
        ('grounds = ["eu.gdpr.15"]', 'grounds = ["eu.gdpr.155"]', "route[0].grounds[0]", "`eu.gdpr.155`", "`eu.gdpr.15`?"),
        ('deadline = "eu.gdpr.12-3"', 'deadline = "eu.gdpr.13"', "route[0].deadline", "`eu.gdpr.13`", "did you mean"),
        ('length = "1 calendar-month"', 'length = "1 month"', "deadline[0].length", "'1 month'", "write that"),
        ('by = "2 calendar-month"', 'by = "30 calendar-day"', "deadline[0].extend", "another unit", "correct"),
        ('id = "eu.gdpr.78-2"', 'id = "eu.gdpr.12-3"', "deadline[1].id", "used twice", "correct"),
        ("known_from = 2026-07-24", "known_from = 2020-07-24", "provision[2]", "the order in which it became known", "correct"),
        ("superseded = 2026-07-27", "superseded = 2016-07-27", "provision[2].applies[0]", "superseded before it is known", "correct"),
        ('sources = ["aia-2024-85"]', "sources = []", "provision[3].quote", "nobody read in an official", "correct"),
        ("extends = []", 'extends = ["un"]', "extends[0]", "`un`", "add it"),
        ('length = "3 calendar-month"', 'length = "3 calendar-month"\nnone = true', "deadline[1]", "exactly one of", "correct"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(old, new, key, what, mend):
    text = TEXT if old in TEXT else TEXT.replace('name = "European Union"', 'name = "European Union"\nextends = []')
    at = text.index(old)
    changed = text[:at] + new + text[at + len(old) :]
    (problem,) = [p for p in problems(changed) if p.key == key]
    assert problem.file == "eu.toml"
    assert what in problem.what
    assert mend in problem.mend or mend in problem.what
    # The line is that of the key, or of the table that lacks it.
    assert problem.line is not None
    shown = changed.splitlines()[problem.line - 1]
    named = [part for part in re.split(r"[.\[\]0-9]+", key) if part]
    assert shown.startswith(named[-1]) or shown in (f"[[{named[0]}]]", f"[[{'.'.join(named)}]]")


def test_all_mistakes_are_told_at_once():
    text = TEXT.replace('effect = "prohibits"', 'effect = "forbids"').replace('kind = "records"', 'kind = "shout"')
    assert {p.key for p in problems(text)} == {"provision[0].effect", "route[6].kind"}


def test_what_a_letter_rests_on_cannot_be_a_bill():
    text = TEXT.replace('grounds = ["eu.aia.85"]', 'grounds = ["omnibus-data"]')
    assert [p.key for p in problems(text)] == ["route[5].grounds[0]"]


def test_two_files_of_one_place():
    (problem, *_) = problems(TEXT, **{"zz.toml": TEXT})
    assert "`eu` is used twice" in problem.what


def refused(texts):
    """The problems of some texts; none where they are read."""
    try:
        read(texts)
    except MisreadError as error:
        return error.problems
    return ()


@given(st.text(max_size=60))
def test_no_text_makes_it_fall_over(text):
    found = refused({"x.toml": text})
    assert found
    assert all(p.file == "x.toml" for p in found)


@given(st.integers(0, len(TEXT.splitlines()) - 1))
def test_a_line_less_is_read_or_refused_with_its_file(number):
    lines = TEXT.splitlines()
    del lines[number]
    assert all(p.file == "eu.toml" and p.what for p in refused({"eu.toml": "\n".join(lines)}))
