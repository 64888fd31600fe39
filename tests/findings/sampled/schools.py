"""A deployment with every further table, and schools of it that were never simulated: counts drawn at random.

What is tested is what becomes of counts, so that the counts themselves need only fit together.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from misread.deployment import load
from misread.deployment.profiles import resolve_profiles
from misread.engine.chain import compile_chain
from misread.engine.sampled.outcome import School
from misread.findings.about import KEYS

EVERYTHING = """
[population]
schools = 40
pupils_per_school = 70
school_years = 3
class_size = 30
opt_out = 0.2
groups = [
  { name = "most", share = 0.75, profile = "kind" },
  { name = "few", share = 0.25, profile = "harsh" },
]
[calendar]
days_per_year = 8
lessons_per_day = 2
lesson_minutes = 20.0
break_minutes = 3.5
[pupil]
states = ["engaged", "bored", "anxious"]
mean_minutes = { engaged = 12.0, bored = 7, anxious = 4.5 }
[pupil.next]
engaged = { bored = 0.75, anxious = 0.25 }
bored = { engaged = 1 }
anxious = { engaged = 0.6, bored = 0.4 }
[display.default]
engaged = { neutral = 0.75, happy = 0.25 }
bored = { neutral = 0.7, sad = 0.3 }
anxious = { neutral = 0.6, sad = 0.4 }
[camera]
observe_every_seconds = 300
[[camera.views]]
name = "front"
share = 0.6
[[camera.views]]
name = "back"
share = 0.4
lost = 0.3
[classifier]
labels = ["neutral", "happy", "sad", "none"]
[classifier.confusion.kind]
neutral = { neutral = 0.86, happy = 0.05, sad = 0.07, none = 0.02 }
happy = { neutral = 0.1, happy = 0.9 }
sad = { neutral = 0.4, sad = 0.6 }
[classifier.confusion.harsh]
neutral = { neutral = 0.5, sad = 0.4, none = 0.1 }
happy = { neutral = 0.1, happy = 0.9 }
sad = { neutral = 0.2, sad = 0.8 }
[[rules]]
name = "sad enough"
labels = ["sad"]
flag = "2 of last 3"
after_flag = "keep"
claims = ["bored", "anxious"]
notify = ["teacher", "parent"]
[[rules]]
name = "mostly sad"
labels = ["sad"]
flag = "share over 0.5"
claims = ["anxious"]
notify = []
[[rules]]
name = "saddest"
labels = ["sad"]
flag = "top 3 of class"
claims = ["bored"]
notify = ["teacher"]
[file]
keep_days = 10
marks = [
  { name = "resistant", rule = "sad enough", flags = 4 },
  { name = "gloomy", rule = "saddest", flags = 2, within = "rolling year" },
]
[[traits]]
name = "easily sad"
acts_on = "display"
expression = "sad"
sd = 0.6
levels = 3
[[traits]]
name = "worried"
acts_on = "state"
state = "anxious"
sd = 0.4
levels = 2
[[situations]]
name = "plain"
share = 0.6
[[situations]]
name = "test"
share = 0.3
mean_minutes = { anxious = 2.0 }
[[situations]]
name = "told off"
share = 0.1
[[ages]]
from_year = 3
mean_minutes = { bored = 1.5 }
[feedback]
expression = "neutral"
max = 0.8
strength = 0.1
saturates_at = 8
[[decisions]]
name = "advanced class"
rule = "sad enough"
choose = "fewest"
share = 0.25
after_year = 2
[[decisions]]
name = "helped"
mark = "gloomy"
choose = "most"
share = 0.4
after_year = 3
"""


@lru_cache
def everything(folder, text=EVERYTHING):
    """The deployment and its chain."""
    path = folder / "everything.toml"
    path.write_text(text)
    deployment = load(path)
    return compile_chain(deployment, resolve_profiles(deployment)), deployment


def school(chain, deployment, seed, pupils=None):
    """A school of random counts; those of pupils who are not watched are 0."""
    rng = np.random.default_rng(seed)
    n = pupils or deployment.population.pupils_per_school
    years, days, lessons_a_day = chain.years, chain.days, chain.lessons
    rules, labels, states = len(deployment.rules), len(chain.labels), len(chain.states)
    kinds, situations = chain.kinds, max(1, len(chain.situations))
    watched = rng.random(n) >= deployment.population.opt_out
    lessons = rng.multinomial(days * lessons_a_day, np.full(situations, 1 / situations), (years, n)).transpose(2, 0, 1)
    looks = days * lessons_a_day * chain.looks
    # At most a flag a lesson, which no rule here exceeds; some pupils draw more than others.
    odds = np.minimum(rng.gamma(1.0, 0.2, n), 0.9)
    bad = rng.binomial(np.broadcast_to(lessons, (2, rules, *lessons.shape)), odds)
    of_situation = np.stack([bad + rng.binomial(lessons - bad, odds), bad], axis=2)
    flags, false = of_situation.sum(axis=3).transpose(2, 0, 1, 3, 4)
    in_all = days * years
    first_false = np.where(false.sum(axis=2) > 0, rng.integers(0, in_all, (2, rules, n)), -1)
    sooner = np.where(first_false >= 0, first_false, in_all)
    first_flag = np.where(flags.sum(axis=2) > 0, np.minimum(sooner, rng.integers(0, in_all, (2, rules, n))), -1)
    tally = rng.integers(0, 9, (2, rules, 6, years, n))
    tally[:, :, (0, 2, 4)] += tally[:, :, (1, 3, 5)]
    tally[1, :, (0, 2)] = tally[0, :, (0, 2)]
    half_lessons = np.stack([lessons[:, -1] // 2, lessons[:, -1] - lessons[:, -1] // 2])
    odd = rng.binomial(of_situation[0, :, 0, :, -1], 0.5)
    half = np.stack([odd, of_situation[0, :, 0, :, -1] - odd], axis=1)
    mark_day = np.where(rng.random((2, len(deployment.file.marks), n)) < 0.4, 7, -1)
    on_file = rng.poisson(3.0, (2, len(deployment.decisions), n)).astype(float)
    counts = {
        "flags": flags,
        "false": false,
        "tally": tally,
        "claimed": rng.binomial(looks, 0.3, (rules, years, n)),
        "true_if_random": rng.binomial(looks, 0.5, (rules, years, n)),
        "labels": rng.multinomial(looks, np.full(labels, 1 / labels), (years, n)).transpose(2, 0, 1),
        "lessons": lessons,
        "by_situation": of_situation,
        "half": half,
        "half_lessons": half_lessons,
        "on_file": rng.poisson(1.5, (2, rules, n)),
        "at_decision": on_file,
        "unearned": (mark_day >= 0) & (rng.random(mark_day.shape) < 0.5),
        "masking": rng.random(n) * (deployment.feedback is not None),
        "state_flags": rng.poisson(1.0, (rules, states, n)),
        "second": rng.binomial(2 * flags[0, :, -1], 0.5),
    }
    return School(
        school=seed,
        kind=rng.integers(0, kinds, n).astype(np.int16),
        klass=(np.arange(n) // deployment.population.class_size).astype(np.int32),
        watched=watched,
        view=rng.integers(0, max(1, len(chain.views)), (years, n)).astype(np.int16),
        first_flag=np.where(watched, first_flag, -1),
        first_false=np.where(watched, first_false, -1),
        mark_day=np.where(watched, mark_day, -1),
        **{name: np.where(watched, values, 0).astype(values.dtype) for name, values in counts.items()},
    )


def only(found, id, **where):
    """The one row that fits; keys not given are absent."""
    want = {"rule": None, "group": "all", **dict.fromkeys(KEYS), **where, "id": id}
    (row,) = [f for f in found if all(getattr(f, k) == v for k, v in want.items())]
    return row
