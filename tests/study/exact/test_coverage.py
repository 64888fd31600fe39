"""Do 95 % intervals hold the truth in 95 % of cases? Truths are drawn from the prior, counts from the truths."""

from __future__ import annotations

import numpy as np
import pytest

from misread.deployment import load
from misread.engine.chain import compile_chain
from misread.findings.measure import measure
from misread.findings.summary import interval
from misread.profile import Profile
from misread.study.exact.draws import cells_of, drawn, drawn_rows

SCHOOL = """
[population]
schools = 1
pupils_per_school = 30
school_years = 1
groups = [
  { name = "most", share = 0.75, profile = "camera" },
  { name = "few", share = 0.25, display = "flat", profile = "camera" },
]
[calendar]
days_per_year = 10
lessons_per_day = 2
lesson_minutes = 20.0
break_minutes = 10.0
[pupil]
states = ["engaged", "bored"]
mean_minutes = { engaged = 12.0, bored = 7.0 }
next = { engaged = { bored = 1 }, bored = { engaged = 1 } }
[display.default]
engaged = { neutral = 0.8, sad = 0.2 }
bored = { neutral = 0.4, sad = 0.6 }
[display.flat]
engaged = { neutral = 1 }
bored = { neutral = 0.9, sad = 0.1 }
[camera]
observe_every_seconds = 300
[classifier]
labels = ["neutral", "sad", "none"]
[classifier.confusion.camera]
neutral = { neutral = 0.8, sad = 0.1, none = 0.1 }
sad = { neutral = 0.4, sad = 0.5, none = 0.1 }
[[rules]]
name = "sad"
labels = ["sad"]
flag = "2 of last 3"
claims = ["bored"]
"""
CHECKED = ("flag_ppv", "false_flags_per_pupil_year", "p_false_flag_by_week_1", "lesson_sensitivity", "spells_missed")
FACES = {"neutral": 60, "sad": 25}


def covered(repeats, folder):
    """Share of repeats in which the interval held the truth, for each finding checked."""
    path = folder / "school.toml"
    path.write_text(SCHOOL)
    deployment = load(path)
    support = np.ones((2, 3), dtype=bool)
    n = np.array([float(FACES[x]) for x in FACES])
    rng = np.random.default_rng(2026)

    def profile(p):
        return {"camera": Profile("camera", tuple(FACES), deployment.classifier.labels, p, n, support)}

    def samples(p, draws, seed):
        profiles = profile(p)
        chain = compile_chain(deployment, profiles)
        rows = drawn_rows(profiles, drawn(cells_of(profiles), draws, seed))
        found = measure(chain, deployment, chain.emissions(rows))
        return {q.id: q.samples for q in found if q.id in CHECKED and q.group == "all" and not q.reader}

    held = dict.fromkeys(CHECKED, 0)
    for repeat in range(repeats):
        truth = rng.dirichlet([0.5] * 3, 2)
        seen = np.stack([rng.multinomial(k, row) / k for k, row in zip(FACES.values(), truth, strict=True)])
        some = samples(seen, 256, repeat)
        for id, (true,) in samples(truth, 0, 0).items():
            low, high = interval(some[id][1:])
            held[id] += low <= true <= high
    return {id: count / repeats for id, count in held.items()}


@pytest.fixture
def few_dimensions(monkeypatch):
    # Six cells need no thousand dimensions, which are slow to scramble.
    monkeypatch.setattr("misread.study.exact.draws.BLOCK", 8)


@pytest.mark.usefixtures("few_dimensions")
def test_a_small_sample_of_intervals_holds_the_truth(tmp_path):
    shares = covered(100, tmp_path)
    # 100 trials of chance 0.95: 88 or fewer, or all, would each come once in 170 times or less.
    assert all(0.89 <= share < 1 for share in shares.values()), shares


@pytest.mark.long
@pytest.mark.usefixtures("few_dimensions")
def test_intervals_hold_the_truth_as_often_as_they_say(tmp_path):
    shares = covered(2000, tmp_path)
    print(shares)
    assert all(0.94 <= share <= 0.965 for share in shares.values()), shares
