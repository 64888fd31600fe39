"""`misread trace`: what it prints is what the sampled engine does to its own pupils."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from misread.cli.child.trace import trace
from misread.errors import MisreadError
from tests.deployment.samples import SMALL

from .calls import mistake
from .small import TINY


@pytest.fixture
def school(tmp_path):
    path = tmp_path / "school.toml"
    path.write_text(SMALL)
    return str(path)


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return str(path)


def call(*args, code=0):
    done = CliRunner().invoke(trace, [*map(str, args)], catch_exceptions=False)
    assert done.exit_code == code
    return done.stdout


def day(school, *args):
    return json.loads(call(school, "--json", *args))


def test_a_pupils_day(school):
    found = day(school, "--pupil", 7, "--day", 3)
    (pupil,) = found["pupils"]
    assert (pupil["pupil"], pupil["class"], found["day"], found["year"], found["school"]) == (7, 1, 3, 1, 1)
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


def test_the_top_of_a_class_is_flagged(tiny):
    """`saddest` flags the three with most sad labels of the lesson, nobody with none."""
    pupils = [p for p in day(tiny, "--day", 2)["pupils"] if p["watched"]]
    for lesson in range(1, 7):
        looks = {p["pupil"]: [x for x in p["looks"] if x["lesson"] == lesson] for p in pupils}
        sad = {p: sum(x["label"] == "sad" for x in mine) for p, mine in looks.items()}
        flagged = {p for p, mine in looks.items() if any(f["rule"] == "saddest" for f in mine[-1]["flags"])}
        cut = sorted(sad.values())[-3]
        assert {p for p, n in sad.items() if n > max(cut, 0)} <= flagged
        assert all(sad[p] >= max(cut, 1) for p in flagged)
        assert len(flagged) == min(3, sum(n > 0 for n in sad.values()))


def test_the_same_seed_gives_the_same_day(school):
    assert day(school, "--pupil", 2) == day(school, "--pupil", 2)
    assert day(school, "--pupil", 2) != day(school, "--pupil", 2, "--seed", 2)
    assert day(school, "--pupil", 2)["pupils"] != day(school, "--pupil", 2, "--day", 2)["pupils"]
    assert day(school, "--pupil", 2)["pupils"] != day(school, "--pupil", 2, "--school", 2)["pupils"]


def test_the_class_holds_the_same_pupils(school):
    whole = {p["pupil"]: p for p in day(school, "--day", 4)["pupils"]}
    assert sorted(whole) == list(range(1, 31))
    assert whole[5] == day(school, "--pupil", 5, "--day", 4)["pupils"][0]


def test_a_class_is_the_one_asked_for(tiny):
    pupils = day(tiny, "--class", 2)["pupils"]
    assert [(p["pupil"], p["class"]) for p in pupils] == [(n, 2) for n in range(31, 36)]


def test_a_class_has_one_situation_a_lesson_and_each_pupil_a_seat(tiny):
    pupils = day(tiny, "--day", 15)["pupils"]
    watched = [p for p in pupils if p["watched"]]
    kinds = [{x["situation"] for p in watched for x in p["looks"] if x["lesson"] == n} for n in range(1, 7)]
    assert all(len(kind) == 1 for kind in kinds)
    assert {p["view"] for p in pupils} == {"front", "back, side row"}
    assert all(p["looks"] == [] for p in pupils if not p["watched"])


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
    shown = call(school, "--pupil", 9)
    assert shown.count("⚑") == len(flags)
    wrong = sum(not f["true"] for f in flags)
    assert f"{wrong} wrong, {len(flags) - wrong} right." in shown
    assert "counts sad; flags at 3 of last 6; claims bored or anxious" in shown


def test_who_is_told_is_counted(school):
    pupils = day(school)["pupils"]
    alerts = sum("teacher" in f["notify"] for p in pupils for x in p["looks"] for f in x["flags"])
    assert alerts > 1
    assert f"Sent: {alerts} alerts to the teacher." in call(school)


def test_a_pupil_who_has_opted_out_is_not_looked_at(tiny):
    left_out = next(p["pupil"] for p in day(tiny)["pupils"] if not p["watched"])
    assert "opted out: no look, no label, no flag." in call(tiny, "--pupil", left_out)
    assert "opted out and are not looked at." in call(tiny) or "1 pupil opted out" in call(tiny)


class Clock:
    """A clock that runs only while somebody sleeps."""

    def __init__(self, monkeypatch, stop_after=None):
        self.now, self.slept, self.stop_after = 0.0, 0, stop_after
        monkeypatch.setattr("time.sleep", self.sleep)
        monkeypatch.setattr("time.monotonic", lambda: self.now)

    def sleep(self, seconds):
        if self.slept == self.stop_after:
            raise KeyboardInterrupt
        self.slept += 1
        self.now += seconds


@pytest.mark.parametrize(("speed", "seconds"), [(1, 17_100), (600, 28.5)])
def test_follow_shows_the_same_in_time(school, monkeypatch, speed, seconds):
    at_once = call(school, "--pupil", 9)
    clock = Clock(monkeypatch)
    assert call(school, "--pupil", 9, "--follow", "--speed", speed) == at_once
    # The last look is at minute 5 · 50 + 35.
    assert clock.now == pytest.approx(seconds)
    assert clock.slept == 47


@pytest.mark.parametrize("who", [("--pupil", 9), ()])
def test_ctrl_c_ends_it_with_what_was_seen(school, monkeypatch, who):
    Clock(monkeypatch, stop_after=3)
    shown = call(school, *who, "--follow", code=130)
    assert "Stopped after the look at 08:15." in shown
    assert "wrong," in shown
    assert "08:20" not in shown


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--pupil", 0), "There is no number 0: the deployment has 100 pupils in each school"),
        (("--pupil", 101), "There is no number 101"),
        (("--school", 3), "the deployment has 2 schools"),
        (("--class", 5), "the deployment has 4 classes"),
        (("--class", 0), "There is no number 0"),
        (("--day", 541), "the deployment has 540 school days"),
        (("--class", 1, "--pupil", 1), "A pupil and a class are asked for at once"),
    ],
)
def test_who_is_not_there_is_refused(school, args, said):
    with pytest.raises(MisreadError, match=said):
        call(school, *args)


def test_follow_and_json_are_not_for_each_other(school):
    assert "leave one out" in mistake("trace", school, "--follow", "--json")
