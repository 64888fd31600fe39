"""Means of the sampled engine against the exact one."""

from __future__ import annotations

import numpy as np
import pytest

from misread.engine.sampled.simulate import simulate
from misread.study.exact.run import measured
from tests.engine.sampled.schools import made, text_of

SCHOOLS = 40

ONE_PUPIL = text_of(pupils_per_school=30, days_per_year=6, school_years=2).split('[[rules]]\nname = "happiest"')[0]
CORE = ONE_PUPIL + '[file]\nkeep_days = 8\n[[file.marks]]\nname = "moody"\nrule = "kept"\nflags = 9\n'
DIFFERENT = (
    CORE
    + """
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
levels = 3
[[traits]]
name = "temperament"
acts_on = "state"
state = "anxious"
sd = 0.4
levels = 2
[[situations]]
name = "plain"
share = 0.7
[[situations]]
name = "told off"
share = 0.3
mean_minutes = { anxious = 3.0 }
display = "flat"
[[ages]]
from_year = 2
mean_minutes = { bored = 1.4 }
display = "flat"
"""
)
LONG = CORE.replace("observe_every_seconds = 300", "observe_every_seconds = 75")  # 32 looks a lesson


def ratios(found, school, deployment):
    """Each quantity of one school: {(id, rule or label): (numerator, denominator)}."""
    watched = school.watched
    days, years, lessons = (
        deployment.calendar.days_per_year,
        deployment.population.school_years,
        deployment.calendar.lessons_per_day,
    )
    labels = school.labels[..., watched].sum(axis=(1, 2))
    out = {("label_share", y): (n, labels.sum()) for y, n in zip(deployment.classifier.labels, labels, strict=True)}
    pupils = watched.sum()
    for r, rule in enumerate(deployment.rules):
        flags, false = (a[0, r][:, watched].sum() for a in (school.flags, school.false))
        tally = school.tally[0, r][..., watched].sum(axis=(1, 2))
        looks = labels.sum() if not rule.flag.startswith("share") else pupils * years * days * lessons
        first, wrong = school.first_flag[0, r], school.first_false[0, r]
        own = {
            "flags_per_pupil_year": (flags, pupils * years),
            "false_flags_per_pupil_year": (false, pupils * years),
            "flag_ppv": (flags - false, flags),
            "claimed_share": (school.claimed[r][:, watched].sum(), labels.sum()),
            "lesson_prevalence": (tally[0], tally[0] + tally[2]),
            "lesson_sensitivity": (tally[1], tally[0]),
            "lesson_false_positive_rate": (tally[3], tally[2]),
            "spells_missed": (tally[5], tally[4]),
            "flags_on_file_end": (school.on_file[0, r, watched].sum(), pupils),
        }
        for by, end in (("day_1", 1), ("week_1", 5), ("year_1", days), ("end", days * years)):
            false_by = (wrong >= 0) & (wrong < end) & watched
            some_by = (first >= 0) & (first < end) & watched
            own[f"p_false_flag_by_{by}"] = (false_by.sum(), pupils)
            own[f"p_only_true_flags_by_{by}"] = ((some_by & ~false_by).sum(), pupils)
        out.update({(id, rule.name): value for id, value in own.items()})
        lift = found.one("flag_ppv", rule=rule.name).value / found.one("flag_lift", rule=rule.name).value
        out["base", rule.name] = (school.true_if_random[r][:, watched].sum() / lift, looks)
    for m, mark in enumerate(deployment.file.marks):
        earned = school.mark_day[0, m, watched] >= 0
        out["p_mark", mark.name] = (earned.sum(), pupils)
        out["p_mark_unearned", mark.name] = ((earned & school.unearned[0, m, watched]).sum(), pupils)
    return out


@pytest.mark.parametrize("text", [CORE, LONG, DIFFERENT], ids=["core", "many looks", "pupils who differ"])
def test_means_are_the_exact_engine_s(text, tmp_path):
    school = made(tmp_path, text)
    found = measured(school.deployment, draws=0).findings
    sampled = [ratios(found, simulate(school.tables, 21, s), school.deployment) for s in range(SCHOOLS)]
    compared = 0
    for id, name in sampled[0]:
        top, bottom = (np.array([s[id, name][i] for s in sampled], float) for i in (0, 1))
        mean = top.sum() / bottom.sum()
        se = np.sqrt(((top - mean * bottom) ** 2).sum() * SCHOOLS / (SCHOOLS - 1)) / bottom.sum()
        if id.startswith("p_mark"):
            rule = next(m.rule for m in school.deployment.file.marks if m.name == name)
            where = {"mark": name, "rule": rule}
        else:
            where = {"label" if id == "label_share" else "rule": name}
        want = 1.0 if id == "base" else found.one(id, **where).value
        # What happens to nearly everybody has no spread to judge by.
        rare = 5e-3 * max(1, want) if se == 0 else 0
        assert abs(mean - want) <= 4.5 * se + rare, (id, name, mean, want, se)
        compared += 1
    assert compared == 4 + 4 * 18 + 2
