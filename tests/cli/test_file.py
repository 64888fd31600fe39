"""`misread file`: a child's whole file, six ways to write it out, and the truth beside it."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from itertools import pairwise

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from misread.cli.child.file import file as file_command
from misread.deployment import load, resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.sampled.simulate import simulate
from misread.engine.sampled.tables import tables_of
from misread.errors import MisreadError
from misread.report.file import LAYOUTS, ChildFile, Entry, Kind, export, twin_json
from misread.report.file.dates import after_opening, first_days, opening, school_day
from misread.report.file.messages import message
from misread.report.file.summary import true_years_of, years_of
from misread.report.file.truth import Truth
from tests.deployment.samples import FULL

from .exports import read
from .small import FACTS, TINY, Invented, held_by


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    path = tmp_path_factory.mktemp("full") / "full.toml"
    path.write_text(FULL)
    return load(path)


def moment(day, minute):
    return opening(day) + after_opening(minute)


# The calendar.


def test_school_begins_on_a_monday_in_september_and_knows_no_weekend():
    starts = first_days(180, 12)
    assert starts[0] == date(2001, 9, 3)
    assert [s.year for s in starts] == list(range(2001, 2013))
    assert all(s.weekday() == 0 and s.month == 9 and s.day <= 7 for s in starts)
    days = [school_day(starts[0], d) for d in range(1, 181)]
    assert days[4:6] == [date(2001, 9, 7), date(2001, 9, 10)]
    assert all(d.weekday() < 5 for d in days)
    assert days[-1] < starts[1]


@given(st.integers(1, 366), st.integers(1, 15))
@settings(max_examples=60, deadline=None)
def test_no_day_belongs_to_two_school_years(days, years):
    starts = first_days(days, years)
    assert len(starts) == years
    for one, following in pairwise(starts):
        assert school_day(one, days) < following


def test_the_first_lesson_begins_at_eight():
    assert moment(date(2001, 9, 3), 2.5) == datetime(2001, 9, 3, 8, 2, 30)
    assert moment(date(2001, 9, 3), 0.0005) == datetime(2001, 9, 3, 8, 0, 0, 30_000)
    assert moment(date(2001, 9, 3), 1000) == datetime(2001, 9, 4, 0, 40)


# Messages.


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "Negative affect: 3 of the last 6 readings were “sad”. The child is taken to be bored or anxious."),
        ({"after_flag": "keep"}, "Negative affect: 3 or more of the last 6 readings were “sad”. The child is taken to be bored or anxious."),
        ({"flag": "run of 4"}, "Negative affect: 4 readings in a row were “sad”. The child is taken to be bored or anxious."),
        ({"flag": "run of 1"}, "Negative affect: a reading was “sad”. The child is taken to be bored or anxious."),
        ({"flag": "share over 0.29"}, "Negative affect: more than 29 of 100 readings of the lesson were “sad”. The child is taken to be bored or anxious."),
        ({"flag": "top 3 of class"}, "Negative affect: among the 3 children of the class with most readings of “sad” in the lesson. The child is taken to be bored or anxious."),
        ({"labels": ("sad", "angry", "fear")}, "Negative affect: 3 of the last 6 readings were “sad”, “angry” or “fear”. The child is taken to be bored or anxious."),
        ({"notify": ()}, ""),
    ],
)  # fmt: skip
def test_a_message_says_why(full, change, said):
    assert message(full.rules[0].model_copy(update=change)) == said


# What goes into the file.


def test_every_look_flag_mark_and_decision_has_its_entry(full):
    file = held_by(full)
    looks = list(Invented(full).years(1, 5))
    assert [(e.year, e.day, e.lesson, e.look, e.word) for e in file.entries if e.kind is Kind.LABEL] == [
        (x.year, x.day, x.lesson, x.look, x.label) for x in looks
    ]
    assert [(e.year, e.minute, e.word, e.told) for e in file.entries if e.kind is Kind.FLAG] == [
        (x.year, x.minute, f.rule, f.notify) for x in looks for f in x.flags
    ]
    late = [(e.word, e.year, e.day, e.chance, e.by) for e in file.entries if not e.lesson]
    assert late == [
        ("resistant", 2, 2, None, ""),
        ("remedial class", 2, 180, 1.0, ""),
        ("advanced class", 3, 180, 0.123456, "the school"),
    ]
    assert [e.at for e in file.entries] == sorted(e.at for e in file.entries)
    assert all(e.kind is not Kind.FLAG or e.message for e in file.entries)


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_column_of_the_file_comes_from_what_is_true(full, name):
    """Other states, faces, situations, rights and wrongs under the same labels: not a byte of the file changes."""
    one, other = held_by(full, truth=0), held_by(full, truth=1)
    assert one.entries == other.entries
    assert one.truth != other.truth
    assert twin_json(one, FACTS) != twin_json(other, FACTS)
    assert export(one, LAYOUTS[name]) == export(other, LAYOUTS[name])
    assert years_of(one) == years_of(other)


def test_an_entry_and_its_truth_have_no_field_in_common():
    assert set(Entry._fields) & {f.name for f in fields(Truth)} == set()


def test_what_keep_days_forgets_is_gone(full):
    short = full.model_copy(update={"file": full.file.model_copy(update={"keep_days": 179})})
    file = held_by(short)
    gone = [e for e in file.entries if e not in file.held()]
    assert {e.kind for e in gone} == {Kind.FLAG}
    # Three days of looks begin each year of 180: of the last, only days 2 and 3 are within 179.
    kept = [e for e in file.held() if e.kind is Kind.FLAG]
    assert {(e.year, e.day) for e in kept} == {(3, 2), (3, 3)}
    assert file.on_file == tuple(
        sum(e.kind is Kind.FLAG and e.year == y and e.day > 1 for e in file.entries) for y in (1, 2, 3)
    )
    assert len(json.loads(twin_json(file, FACTS))["entries"]) == len(file.held())


def test_some_years_are_that_part_of_the_whole(full):
    whole, part = held_by(full), held_by(full, years=(2, 2))
    assert part.entries == tuple(e for e in whole.entries if e.year == 2)
    # What is held at the end of year 2 counts the flags of year 1.
    assert part.on_file == whole.on_file[1:2] == (sum(e.kind is Kind.FLAG and e.year < 3 for e in whole.entries),)


def test_the_summary_counts_the_entries(full):
    file = held_by(full)
    for y, true in zip(years_of(file), true_years_of(file), strict=True):
        mine = [(e, t) for e, t in zip(file.entries, file.truth, strict=True) if e.year == y.year]
        flags = [(e, t) for e, t in mine if e.kind is Kind.FLAG]
        assert sum(y.labels.values()) == 3 * 48
        assert sum(y.flags.values()) == len(flags) > 0
        assert y.told.get("teacher", 0) == sum("teacher" in e.told for e, _ in flags)
        assert sum(true.wrong.values()) == sum(not t.right for _, t in flags)
    assert [y.marks for y in years_of(file)] == [(), ("resistant",), ()]


def test_the_twin_has_the_same_entries_in_the_same_order(full):
    file = held_by(full)
    twin = json.loads(twin_json(file, FACTS))
    assert [(r["at"], r["entry"], r["word"]) for r in twin["entries"]] == [
        (e.at.isoformat(), str(e.kind), e.word) for e in file.held()
    ]
    assert twin["pupil"]["group"] == "reference"
    for row, true in zip(twin["entries"], file.truth, strict=True):
        if row["entry"] == "flag":
            assert (row["state"], row["right"]) == (true.state, true.right)
        elif row["entry"] == "decision":
            assert row["chosen_by_perfect_reader"] == true.chosen


def test_the_pupil_is_a_number(full):
    file = held_by(full)
    assert isinstance(file, ChildFile)
    assert file.name == "pupil 5 of school 1"
    assert b"pupil 5 of school 1" in export(file, LAYOUTS["days"])


def test_a_decision_is_wrong_as_often_as_two_choices_drawn_apart_differ(full):
    file = held_by(full)
    (tied,) = (t for e, t in zip(file.entries, file.truth, strict=True) if e.word == "advanced class")
    assert tied.wrong == pytest.approx(0.123456 * (1 - tied.chosen) + (1 - 0.123456) * tied.chosen)


# The command.


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    path = tmp_path_factory.mktemp("tiny") / "tiny.toml"
    path.write_text(TINY)
    return str(path)


def call(*args):
    done = CliRunner().invoke(file_command, [*map(str, args)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_a_childs_file_has_the_flags_that_the_engine_counts(tiny):
    deployment = load(tiny)
    chain = compile_chain(deployment, resolve_profiles(deployment))
    school = simulate(tables_of(chain, deployment), 1, 1)
    rules = [r.name for r in deployment.rules]
    total = 0
    for pupil in (1, 8, 33):
        found = json.loads(call(tiny, "--school", 2, "--pupil", pupil, "--truth", "--json"))
        for y, (said, true) in enumerate(zip(found["years"], found["truth"]["years"], strict=True)):
            assert [said["flags"].get(r, 0) for r in rules] == school.flags[0, :, y, pupil - 1].tolist()
            assert [true["wrong"].get(r, 0) for r in rules] == school.false[0, :, y, pupil - 1].tolist()
            assert [said["labels"].get(w, 0) for w in chain.labels] == school.labels[:, y, pupil - 1].tolist()
            total += sum(said["flags"].values())
        assert found["years"][-1]["on_file"] == school.on_file[0, :, pupil - 1].sum()
    assert total > 20


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_is_written_by_the_command(tiny, tmp_path, name):
    out = tmp_path / f"child{LAYOUTS[name].suffix}"
    shown = call(tiny, "--pupil", 4, "--layout", name, "--truth", "--out", out)
    assert f"Export: {out}" in shown
    entries = list(read(name, out.read_bytes()))
    twin = json.loads((tmp_path / "child-truth.json").read_text(encoding="utf-8"))
    assert [(e[0].isoformat(), e[2], e[3]) for e in entries] == [
        (r["at"], r["entry"], r["word"]) for r in twin["entries"]
    ]
    assert sum(e[2] == "label" for e in entries) == 3 * 12 * 48
    assert {e[2] for e in entries} >= {"label", "flag", "decision"}
    first = out.read_bytes()
    call(tiny, "--pupil", 4, "--layout", name, "--out", out)
    assert out.read_bytes() == first


def test_the_truth_is_in_the_twin_alone(tiny, tmp_path):
    for truth in ((), ("--truth",)):
        call(tiny, "--pupil", 4, "--as-export", "json", "--out", tmp_path / f"{len(truth)}.json", *truth)
    assert (tmp_path / "0.json").read_bytes() == (tmp_path / "1.json").read_bytes()
    assert not (tmp_path / "0-truth.json").exists()
    text = (tmp_path / "1.json").read_text(encoding="utf-8")
    # "engaged", a state, is no label here, and no claim of a rule: it can come from the truth only.
    assert "engaged" not in text
    assert "engaged" in (tmp_path / "1-truth.json").read_text(encoding="utf-8")


def test_where_it_goes_without_a_name(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call(tiny, "--school", 2, "--pupil", 4, "--as-export", "csv", "--years", "1")
    (written,) = tmp_path.rglob("*.csv")
    assert written.name == "school-2-pupil-4-seed-1-log.csv"
    assert written.parent.parent.name == "misread-out"


def test_the_summary_in_the_terminal(tiny):
    shown = call(tiny, "--pupil", 4, "--truth")
    found = json.loads(call(tiny, "--pupil", 4, "--truth", "--json"))
    wrong = sum(sum(y["wrong"].values()) for y in found["truth"]["years"])
    given = sum(sum(y["flags"].values()) for y in found["years"])
    assert "pupil 4 of school 1, years 1 to 3: 1,728 labels" in shown
    assert f"Of {given} flags, {wrong} claimed what was not so." in shown
    assert "On the flags of a reader without error:" in shown
    plain = call(tiny, "--pupil", 4)
    assert "wrong" not in plain
    assert "without error" not in plain
    assert "truth" not in json.loads(call(tiny, "--pupil", 4, "--json"))


def test_thirty_days_on_file(tiny):
    long, short = (
        json.loads(call(tiny, "--pupil", 4, "--json", *more)) for more in ((), ("--set", "file.keep_days=3"))
    )
    assert [y["flags"] for y in long["years"]] == [y["flags"] for y in short["years"]]
    assert short["years"][-1]["on_file"] < long["years"][-1]["on_file"]
    gone = sum(sum(y["flags"].values()) for y in long["years"]) - short["years"][-1]["on_file"]
    assert long["entries_held"] - short["entries_held"] == gone


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--pupil", 0), "There is no number 0"),
        (("--pupil", 36), "35 pupils in each school"),
        (("--school", 3), "2 schools"),
        (("--years", "5-2"), "It ends before it begins"),
        (("--years", "2-9"), "There are no such years"),
        (("--years", "0"), "There are no such years"),
        (("--years", "one"), "a school year from 1 to 3"),
        (("--layout", "nonsense"), "There is no layout 'nonsense'"),
        (("--as-export", "csv", "--layout", "days"), "one of json, not of csv"),
        (("--out", "x.csv"), "Nothing is written without a format"),
        (("--as-export", "csv", "--out", "."), "That is a folder"),
        (("--as-export", "csv", "--out", " "), "It names no file"),
        (("--as-export", "csv", "--out", "/dev/null/x.csv"), "no folder"),
    ],
)
def test_what_cannot_be_is_refused(tiny, args, said):
    with pytest.raises(MisreadError, match=said):
        call(tiny, *args)
