"""Deployment files that tests start from."""

from __future__ import annotations

from dataclasses import dataclass, field

from misread.errors import MisreadError

SMALL = """\
title = "A small one"

[population]
schools = 2                      # assumption: two
pupils_per_school = 100
school_years = 3
groups = [
  { name = "reference", share = 0.8 },                                   # assumption: four of five
  { name = "flat-affect", share = 0.2, display = "flat", profile = "reference" },
]

[calendar]
days_per_year = 180
lessons_per_day = 6
lesson_minutes = 40.0
break_minutes = 10

# How states come and go.
[pupil]
states = ["engaged", "bored", "anxious"]
[pupil.mean_minutes]
engaged = 12.0                   # B08
bored = 7
anxious = 9.0
[pupil.next]
engaged = { bored = 0.75, anxious = 0.25 }
bored = { engaged = 0.7, anxious = 0.3 }
anxious = { engaged = 0.6, bored = 0.4 }

[display.default]
engaged = { neutral = 0.75, happy = 0.25 }
bored = { neutral = 0.7, sad = 0.3 }
anxious = { neutral = 0.6, sad = 0.4 }
[display.flat]
engaged = { neutral = 1 }
bored = { neutral = 0.9, sad = 0.1 }
anxious = { neutral = 0.8, sad = 0.2 }

[camera]
observe_every_seconds = 300      # the press report

[classifier]
labels = ["neutral", "happy", "sad", "none"]
[classifier.confusion.reference]
neutral = { neutral = 0.86, happy = 0.05, sad = 0.07, none = 0.02 }
happy = { neutral = 0.1, happy = 0.9 }
sad = { neutral = 0.4, sad = 0.6 }
faces_per_row = 200

[[rules]]
name = "negative affect"
labels = ["sad"]
flag = "3 of last 6"
after_flag = "clear"
claims = ["bored", "anxious"]
true_if = "in_window"
notify = ["teacher"]

[[rules]]
name = "glum lesson"
labels = ["sad"]
flag = "share over 0.3"
claims = ["bored"]

[file]
keep_days = "forever"
[[file.marks]]
name = "resistant"
rule = "negative affect"
flags = 20
"""

FULL = (
    SMALL.replace("school_years = 3\n", 'school_years = 3\nopt_out = 0.1\nopt_out_rank = "worst"\n').replace(
        "flags = 20\n", 'flags = 20\nwithin = "rolling year"\n'
    )
    + """
[face]
hold_minutes = 2.0

[[camera.views]]
name = "front"
share = 0.8
[[camera.views]]
name = "back, side row"
share = 0.2
lost = 0.35
dilution = 0.25

[[traits]]
name = "resting sadness"
acts_on = "display"
expression = "sad"
sd = 0.6
[[traits]]
name = "read as sad"
acts_on = "label"
label = "sad"
sd = 0.8
levels = 3
[[traits]]
name = "temperament"
acts_on = "state"
state = "anxious"
sd = 0.4

[[situations]]
name = "plain"
share = 0.95
[[situations]]
name = "told off"
share = 0.05
mean_minutes = { anxious = 3.0 }
display = "flat"

[[ages]]
from_year = 2
mean_minutes = { bored = 1.4 }
display = "flat"
profile = "reference"

[feedback]
expression = "neutral"
max = 0.8
strength = 0.05
saturates_at = 64

[[rules]]
name = "saddest"
labels = ["sad"]
flag = "top 3 of class"
claims = ["anxious"]

[[decisions]]
name = "advanced class"
rule = "negative affect"
by = "the school"
choose = "fewest"
share = 0.25
after_year = 3
[[decisions]]
name = "remedial class"
mark = "resistant"
choose = "most"
share = 0.1
after_year = 2
"""
)


def with_profile(profile: str, text: str = SMALL) -> str:
    """The sample with another profile `reference`."""
    start = text.index("[classifier.confusion.reference]")
    end = text.index("[[rules]]")
    return text[:start] + "[classifier.confusion.reference]\n" + profile + "\n\n" + text[end:]


@dataclass(frozen=True)
class FakeMatrix:
    """A published matrix small enough to compute by hand."""

    rows: tuple[str, ...] = ("neutral", "happiness", "sadness", "anger")
    columns: tuple[str, ...] = ("neutral", "happiness", "sadness", "other")
    counts: dict[str, dict[str, float]] = field(
        default_factory=lambda: {
            "neutral": {"neutral": 60.0, "happiness": 10.0, "sadness": 10.0, "other": 20.0},
            "happiness": {"neutral": 10.0, "happiness": 80.0, "sadness": 10.0, "other": 0.0},
            "sadness": {"neutral": 20.0, "happiness": 0.0, "sadness": 20.0, "other": 10.0},
            "anger": {"neutral": 30.0, "happiness": 0.0, "sadness": 10.0, "other": 10.0},
        }
    )
    row_units: dict[str, float] = field(
        default_factory=lambda: {"neutral": 50.0, "happiness": 40.0, "sadness": 30.0, "anger": 20.0}
    )
    units_note: str = "units are people"
    short: str = "Nobody (2020)"
    status: str = "verified"


def problems_in(call, *args, **kwargs):
    """The problems that a call raises; none if it raises none."""
    try:
        call(*args, **kwargs)
    except MisreadError as error:
        return error.problems
    return ()


COUPLED = """
[[rules]]
name = "saddest"
labels = ["sad"]
flag = "top 3 of class"
claims = ["anxious"]

[[decisions]]
name = "advanced class"
rule = "negative affect"
choose = "fewest"
share = 0.25
after_year = 2
"""
"""A policy that couples the pupils of `SMALL`: a ranking and a decision."""
