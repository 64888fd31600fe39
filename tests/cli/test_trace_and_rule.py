"""`misread trace` and `misread rule`: what they print is what the engine says."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.engine.rules import k_of_last
from tests.deployment.samples import SMALL


@pytest.fixture
def school(tmp_path):
    path = tmp_path / "school.toml"
    path.write_text(SMALL)
    return str(path)


def call(*args):
    done = CliRunner().invoke(cli, [*map(str, args)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def day(school, *args):
    return json.loads(call("trace", school, "--json", *args))


def test_a_pupils_day(school):
    found = day(school, "--pupil", 7, "--day", 3)
    (pupil,) = found["pupils"]
    assert (pupil["pupil"], found["day"]) == (7, 3)
    looks = pupil["looks"]
    assert [(x["lesson"], x["look"]) for x in looks] == [(i, j) for i in range(1, 7) for j in range(1, 9)]
    assert [x["minute"] for x in looks[:9]] == [0, 5, 10, 15, 20, 25, 30, 35, 50]
    for x in looks:
        assert x["state"] in {"engaged", "bored", "anxious"}
        assert (x["hits"] == ["negative affect", "glum lesson"]) == (x["label"] == "sad")


def test_flags_are_what_the_looks_say(school):
    """Rules applied again to the printed looks, word by word."""
    flags = 0
    for pupil in day(school)["pupils"]:
        for lesson in range(1, 7):
            looks = [x for x in pupil["looks"] if x["lesson"] == lesson]
            cleared = 0
            for i, x in enumerate(looks):
                sad = [y["label"] == "sad" for y in looks[max(cleared, i - 5) : i + 1]]
                claimed = any(y["state"] in {"bored", "anxious"} for y in looks[max(0, i - 5) : i + 1])
                fired = [f for f in x["flags"] if f["rule"] == "negative affect"]
                assert bool(fired) == (sum(sad) >= 3)
                if fired:
                    cleared = i + 1
                    flags += 1
                    assert fired[0]["true"] == claimed
                    assert fired[0]["notify"] == ["teacher"]
            glum = [f for x in looks for f in x["flags"] if f["rule"] == "glum lesson"]
            assert bool(glum) == (sum(x["label"] == "sad" for x in looks) > 2.4)
    assert flags > 0


def test_the_same_seed_gives_the_same_day(school):
    assert day(school, "--pupil", 2) == day(school, "--pupil", 2)
    assert day(school, "--pupil", 2) != day(school, "--pupil", 2, "--seed", 2)
    assert day(school, "--pupil", 2)["pupils"] != day(school, "--pupil", 2, "--day", 2)["pupils"]


def test_the_class_holds_the_same_pupils(school):
    whole = {p["pupil"]: p for p in day(school, "--day", 4)["pupils"]}
    assert sorted(whole) == list(range(1, 31))
    assert whole[5] == day(school, "--pupil", 5, "--day", 4)["pupils"][0]


def test_a_rule_never_changes_the_pupil(school):
    """Common random numbers: with another rule the same pupil does and shows the same."""
    other = day(school, "--pupil", 3, "--set", "rules.negative affect.flag=run of 2")
    kept = ("state", "expression", "label")
    assert [[x[k] for k in kept] for x in other["pupils"][0]["looks"]] == [
        [x[k] for k in kept] for x in day(school, "--pupil", 3)["pupils"][0]["looks"]
    ]


def test_what_is_shown_counts_what_the_json_holds(school):
    looks = day(school, "--pupil", 9)["pupils"][0]["looks"]
    flags = [f for x in looks for f in x["flags"]]
    shown = call("trace", school, "--pupil", 9)
    assert shown.count("⚑") == len(flags)
    wrong = sum(not f["true"] for f in flags)
    assert f"{wrong} wrong, {len(flags) - wrong} right." in shown
    assert "counts sad; flags at 3 of last 6; claims bored or anxious" in shown


def test_follow_shows_the_same(school, monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    assert call("trace", school, "--pupil", 9, "--follow") == call("trace", school, "--pupil", 9)
    assert len(slept) == 48


def test_a_rule_as_table_is_the_automaton():
    found = json.loads(call("rule", "3 of last 6", "--json"))
    machine = k_of_last(3, 6, "clear", "at_flag")
    assert len(found["states"]) == machine.size
    for hits in ([1, 1, 1], [1, 0, 0, 0, 0, 1, 0, 1], [1, 0, 1, 0, 0, 0, 1, 1], [0] * 9):
        state, at, flags, want = 0, 0, [], []
        for hit in hits:
            step = found["states"][state]["on_hit" if hit else "on_miss"]
            flags.append(step["flag"])
            state = step["to"]
            want.append(bool(machine.event[at, hit, 0]))
            at = machine.next[at, hit, 0]
        assert flags == want


@pytest.mark.parametrize("after", ["clear", "mute lesson", "keep"])
def test_a_rule_as_picture(after):
    shown = call("rule", "2 of last 3", "--after", after)
    assert "⚑" in shown
    states = json.loads(call("rule", "2 of last 3", "--after", after, "--json"))["states"]
    for row in states:
        assert f"S{row['state']}" in shown
    assert ("muted" in shown) == (after == "mute lesson")


def test_a_rule_for_graphviz():
    dot = call("rule", "run of 2", "--dot")
    assert dot.startswith("digraph")
    assert dot.count("->") == 4
