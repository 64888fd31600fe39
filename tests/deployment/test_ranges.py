"""Numbers with stated ranges: how they are read, what is refused, and the deployment at other values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.deployment import digest, load, ranges, shipped, to_toml
from misread.deployment.origin import is_row, leaves, named_path
from misread.deployment.text.schema import number_at, said

from .samples import SMALL

BORED = "bored = 7\n"


def ranged(low=3.0, high=14.0, value=7.0, more=', source = "B10"', text=SMALL):
    assert BORED in text
    return text.replace(BORED, f"bored = {{ value = {value}, low = {low}, high = {high}{more} }}\n", 1)


def test_the_value_is_read_and_the_range_kept(file):
    d = load(file(ranged()))
    assert d.pupil.mean_minutes["bored"] == 7.0
    (r,) = d.ranges
    assert (r.name, r.low, r.high, r.source, r.whole) == ("pupil.mean_minutes.bored", 3.0, 14.0, "B10", False)
    assert load(file(ranged(more=""))).ranges[0].source == "assumption"
    assert load(file(SMALL)).ranges == ()


def test_whole_numbers_stay_whole(file):
    d = load(file(SMALL.replace("days_per_year = 180", "days_per_year = { value = 180, low = 170, high = 190 }")))
    (r,) = d.ranges
    assert r.whole
    drawn = [r.along(u / 1000) for u in range(1000)]
    assert set(drawn) == set(range(170, 191))
    assert r.along(1.0) == 190
    assert isinstance(ranges.at(d, {r.path: drawn[0]}).calendar.days_per_year, int)
    # Minutes are no whole numbers, however they are written.
    text = SMALL.replace("lesson_minutes = 40.0", "lesson_minutes = { value = 40, low = 30, high = 50 }")
    assert not load(file(text)).ranges[0].whole


def test_a_range_changes_the_digest_and_its_source_does_not(file):
    plain, one = digest(load(file(SMALL))), digest(load(file(ranged())))
    assert plain != one != digest(load(file(ranged(high=15.0))))
    assert one == digest(load(file(ranged(more=', source = "other"'))))
    assert load(file(ranged())) != load(file(SMALL))


def test_written_again(file):
    d = load(file(ranged()))
    again = load(file(to_toml(d), "again.toml"))
    assert again == d
    assert again.ranges == d.ranges
    assert digest(again) == digest(d)


def test_the_author_s_words_are_told(file):
    (told,) = (w for w in load(file(ranged())).origin.parameters() if w.key == "pupil.mean_minutes.bored")
    assert told.value == '{ value = 7.0, low = 3.0, high = 14.0, source = "B10" }'
    assert "range: B10" in told.comment


@pytest.mark.parametrize(
    ("text", "key", "what"),
    [
        (ranged(low=9.0), "pupil.mean_minutes.bored.low", "`value` (7) is below `low` (9)"),
        (ranged(high=5.0), "pupil.mean_minutes.bored.high", "`value` (7) is above `high` (5)"),
        (ranged(low=20.0), "pupil.mean_minutes.bored.low", "`low` (20) is above `high` (14)"),
        (ranged(low='"3"'), "pupil.mean_minutes.bored.low", "no finite number"),
        (ranged(low="nan"), "pupil.mean_minutes.bored.low", "no finite number"),
        (ranged(low="true"), "pupil.mean_minutes.bored.low", "no finite number"),
        (ranged(low=0.0), "pupil.mean_minutes.bored.low", "not what it can be"),
        (ranged(more=", step = 1"), "pupil.mean_minutes.bored.step", 'no key "step"'),
        (ranged(more=', source = " "'), "pupil.mean_minutes.bored.source", "says nothing"),
        (SMALL.replace(BORED, "bored = { value = 7.0, high = 9.0 }\n"), "pupil.mean_minutes.bored", "`low` is missing"),
        (SMALL.replace(BORED, "bored = { low = 7.0, high = 9.0 }\n"), "pupil.mean_minutes.bored", "`value` is missing"),
        (
            SMALL.replace("days_per_year = 180", "days_per_year = { value = 180, low = 10.5, high = 190 }"),
            "calendar.days_per_year.low",
            "not what it can be",
        ),
        (
            SMALL.replace(
                "observe_every_seconds = 300", "observe_every_seconds = { value = 300, low = 60, high = 2000 }"
            ),
            "camera.observe_every_seconds.high",
            "can never fire",
        ),
    ],
)
def test_what_is_wrong_with_a_range(file, problems, text, key, what):
    assert text != SMALL
    found = problems(load, file(text))
    assert what in found[key].what
    assert found[key].line == next(
        i for i, line in enumerate(text.splitlines(), 1) if "value =" in line or "low =" in line
    )
    assert found[key].expected
    assert found[key].mend


def test_an_expression_called_value_is_no_range(file):
    text = SMALL.replace("neutral", "value").replace("happy", "low")
    assert load(file(text)).ranges == ()


def test_settings_and_policies_give_and_take_ranges(file):
    path = file(ranged())
    assert load(path, settings=["pupil.mean_minutes.bored=5"]).ranges == ()
    (r,) = load(
        file(SMALL, "plain.toml"), settings=["pupil.mean_minutes.bored={ value = 5, low = 4, high = 6 }"]
    ).ranges
    assert (r.low, r.value, r.high) == (4, 5, 6)
    policy = file("[pupil.mean_minutes]\nbored = { value = 8, low = 8, high = 9 }", "policy.toml")
    (r,) = load(path, policies=[policy]).ranges
    assert (r.low, r.value, r.high) == (8, 8, 9)


ROW = ("display", "default", "bored")


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_rest_of_a_row_gives_way_in_proportion(tmp_path_factory, p, q):
    path = tmp_path_factory.getbasetemp() / "row.toml"
    path.write_text(SMALL)
    d = load(path)
    row = d.display["default"]["bored"]
    one, *others = row
    new = ranges.at(d, {(*ROW, one): p}).display["default"]["bored"]
    assert math.isclose(sum(new.values()), 1)
    assert math.isclose(new[one], p)
    total = sum(row[x] for x in others)
    assert all(math.isclose(new[x], row[x] / total * (1 - p), abs_tol=1e-15) for x in others)
    both = ranges.at(d, {(*ROW, one): p, (*ROW, others[0]): q}).display["default"]["bored"]
    assert math.isclose(sum(both.values()), 1)
    if p + q > 1:
        assert math.isclose(both[one], p / (p + q))


def test_shares_of_groups_give_way_too(file):
    d = load(file(SMALL))
    first, second = d.population.groups
    path = named_path(d.origin.data, ["population", "groups", 0, "share"])
    moved = ranges.at(d, {path: 0.5}).population.groups
    assert [g.share for g in moved] == [0.5, 0.5]
    assert [g.name for g in moved] == [first.name, second.name]
    assert ranges.at(d, {}) is d


@pytest.mark.parametrize("name", shipped())
def test_numbers_are_expected_where_the_models_words_say_so(name):
    # What a key means is looked up on another way, through the models each time: there a number is called one.
    for path, value in leaves(load(name).origin.data):
        for at in [(*path, key) for key in value] if is_row(path) and isinstance(value, dict) else [path]:
            words, _meaning = said(at)
            whole = "whole number" in words or "school year" in words
            assert number_at(at) is (int if whole else float if words.startswith("a number") else None), (at, words)


@pytest.mark.parametrize(
    "path", [(), ("nowhere",), ("pupil",), ("pupil", "next", "bored"), ("rules", 0), ("rules", "a", "b"), ("title", 0)]
)
def test_no_number_is_expected_elsewhere(path):
    assert number_at(path) is None
