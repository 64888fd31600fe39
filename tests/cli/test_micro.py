"""`misread micro`: what it prints, as text and as JSON, and what it refuses."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from misread.cli import cli
from tests.cli import calls


def call(*args):
    done = CliRunner().invoke(cli, ["micro", *map(str, args)], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def as_json(*args):
    return json.loads(call(*args, "--json"))


def mistake(*args):
    """What is said of a user's mistake, on one line."""
    return " ".join(calls.mistake("micro", *args).split())


def test_the_press_reports_cameras():
    shown = " ".join(call("as-described").split())
    # (1/2 + 1/8) / 300 = 1/480, worked out by hand.
    assert "At most one in 480 of the movements that last from 1/25 to 1/2 of a second" in shown
    assert "does not give how many frames a second are filmed, how long a frame is exposed or how many pixels" in shown
    assert "pixels unknown" in shown
    assert "not given" in shown
    for id in ("D03", "D04", "D05", "D06", "D09", "D12", "D13", "D14"):
        assert id in shown
    assert "Assumed: that movements begin at any time alike" in shown


def test_what_is_given_is_shown_as_given():
    given = ("--set", "camera.frames_per_second=25", "--set", "camera.exposure_ms=10", "--between-eyes", "20")
    shown = " ".join(call("one-classroom", *given).split())
    assert "does not give" not in shown
    assert "25 (given)" in shown
    assert "44; so many at 0 % of the seats" in shown
    # (1/25 + 1/100) × 25 frames.
    assert "a movement of 1/25 s is on 1.2 frames" in shown


def test_json_says_the_same():
    found = as_json("as-described", "--set", "camera.exposure_ms=20", "--events-per-hour", "6")
    assert found["format"] == "misread-micro/1"
    assert found["given"] == {
        "observe_every_seconds": 300.0,
        "frames_per_second": None,
        "exposure_ms": 20.0,
        "pixels_between_eyes": None,
    }
    assert found["falls_on_a_look"]["low"] == pytest.approx(0.06 / 300)
    assert found["falls_on_a_look"]["high"] == pytest.approx(0.52 / 300)
    assert [f["frames_per_second"] for f in found["films"]] == [8, 25, 30, 100, 200]
    assert found["given_film"] is None
    assert found["on_enough_frames_with_enough_pixels"] is None
    (rate,) = found["rates"]
    assert rate["fall_on_a_look_per_pupil_hour"]["high"] == pytest.approx(6 * 0.52 / 300)
    for s in found["spotting"]:
        even = s["precision_equals_recall"]
        assert even["hits"] == pytest.approx(6 * s["f1"])
        assert even["false"] == pytest.approx(6 * (1 - s["f1"]))
        assert s["nothing_missed"]["hits"] == 6
        assert s["nothing_false"]["precision"] == pytest.approx(1)


def test_the_frames_needed_are_the_users():
    found = {n: as_json("as-described", "--frames", n)["films"] for n in (1, 2, 9)}
    for film in zip(*found.values(), strict=True):
        for lengths in zip(*(f["lengths"] for f in film), strict=True):
            shares = [x["enough"]["high"] for x in lengths]
            assert shares == sorted(shares, reverse=True)
    assert found[1][0]["lengths"][0]["enough"]["low"] == pytest.approx(0.32)


def test_policies_and_settings_apply(tmp_path):
    policy = tmp_path / "film.toml"
    policy.write_text("[camera]\nframes_per_second = 100\n")
    found = as_json("one-classroom", "--with", policy)
    assert found["given_film"] == 100
    assert found["seconds_a_look_lasts"] == {"low": 0.0, "high": 0.01}


def test_the_same_question_gives_the_same_bytes():
    assert call("one-classroom", "--json") == call("one-classroom", "--json")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["as-describe"], "as-described"),
        (["as-described", "--between-eyes", "nan"], "--between-eyes nan is no number of pixels"),
        (["as-described", "--between-eyes", "0"], "Mend: give such a number"),
        (["as-described", "--events-per-hour", "-1"], "no rate of movements"),
        (["as-described", "--events-per-hour", "inf"], "no rate of movements"),
        (["as-described", "--frames", "0"], "--frames"),
        (["as-described", "--set", "camera.frames_per_second=0"], "camera.frames_per_second"),
        (["as-described", "--set", "camera.exposure_ms=-4"], "camera.exposure_ms"),
        (
            ["as-described", "--set", "camera.frames_per_second=25", "--set", "camera.exposure_ms=41"],
            "at most 40 milliseconds",
        ),
        (["as-described", "--set", "camera.frames_per_second=0.001"], "look more often than it films"),
        (["as-described", "--set", "camera.exposure_ms=300001"], "from one look to the next"),
    ],
)
def test_mistakes(args, said):
    assert said in mistake(*args)


def test_a_frame_may_be_open_for_all_of_its_length():
    assert as_json("as-described", "--set", "camera.frames_per_second=25", "--set", "camera.exposure_ms=40")
