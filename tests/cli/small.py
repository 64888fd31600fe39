"""A school that has every further table and is replayed in a moment, and pupils who are wholly invented."""

from __future__ import annotations

from random import Random

from misread.engine.sampled.replay import Facts, Flag, Look
from misread.report.file import child_file
from tests.deployment.samples import FULL

TINY = (
    FULL.replace("pupils_per_school = 100", "pupils_per_school = 35")
    .replace("days_per_year = 180", "days_per_year = 12")
    .replace("sd = 0.6\n", "sd = 0.6\nlevels = 2\n")
    .replace("sd = 0.4\n", "sd = 0.4\nlevels = 2\n")
    .replace("levels = 3\n", "levels = 2\n")
    .replace("flags = 20\n", "flags = 4\n")
)
"""Three years of 12 days, 35 pupils in two classes, one in ten of whom has opted out."""

FACTS = Facts(1, 5, 1, "reference", True, (), (), (1, 2))


class Invented:
    """Looks as a replay would tell them, by lot and against all sense: what a file makes of them is tested."""

    def __init__(self, deployment, seed=1, truth=0, days=3):
        self.deployment, self.seed, self.truth, self.days = deployment, seed, truth, days

    def years(self, school, pupil, first=1, last=None):
        d = self.deployment
        seen, true = Random(f"{self.seed} {school} {pupil}"), Random(f"{self.truth} true")
        for year in range(1, (last or d.population.school_years) + 1):
            for day in range(1, self.days + 1):
                for lesson in range(1, 7):
                    situation = true.choice(["plain", "told off"])
                    for look in range(1, 9):
                        label = seen.choice(d.classifier.labels)
                        flags = tuple(
                            Flag(r.name, true.random() < 0.5, r.notify) for r in d.rules if seen.random() < 0.05
                        )
                        minute = (lesson - 1) * 50 + (look - 1) * 5.0
                        state, face = true.choice(d.pupil.states), true.choice(["neutral", "sad"])
                        found = Look(year, day, lesson, look, minute, situation, state, face, label, (), flags)
                        if year >= first:
                            yield found

    def marks(self, *_):
        true = Random(f"{self.truth} marks")
        return [("resistant", 182, true.random() < 0.5)]

    def decisions(self, *_):
        true = Random(f"{self.truth} decisions")
        return [("advanced class", 0.123456, true.random()), ("remedial class", 1.0, true.random())]


def held_by(deployment, years=None, **how):
    return child_file(deployment, Invented(deployment, **how), 1, 5, 1, years)
