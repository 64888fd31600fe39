"""A benchmark of a made-up model, small enough to count by hand, whose names could give somebody away."""

from __future__ import annotations

import csv
import random
from pathlib import Path

WORDS = ("neutral", "happiness", "sadness", "anger", "fear")
TELLTALE = ("Zebulon", "kitchen-window", ".jpeg", "Quimby")
"""What must stand in no file that is written."""
ASK = {"truth": "shown", "prediction": "said", "groups": ("age", "sex"), "person": "who"}
OPTIONS = ("--truth", "shown", "--prediction", "said", "--group", "age", "--group", "sex", "--person", "who")


def predictions(path: Path, *, persons: int = 24, faces: int = 25, seed: int = 1, missing: int = 3) -> Path:
    """Write a CSV of answers: each person has a word that is read into their face too often."""
    rng = random.Random(seed)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["picture", "who", "age", "sex", "shown", "said", "sure"])
        for person in range(persons):
            age, sex = ("6-8", "9-12", "13-15")[person % 3], "fm"[person % 2]
            own = rng.choice(WORDS[1:])
            for face in range(faces):
                shown = WORDS[face % len(WORDS)]
                wrong = own if rng.random() < 0.6 else rng.choice(WORDS)
                said = shown if rng.random() < 0.7 else wrong
                said = "" if person == 0 and face < missing else said
                name = f"kitchen-window/{person}-{face}.jpeg"
                rows.writerow([name, f"Zebulon Quimby {person}", age, sex, shown, said, f"{rng.random():.4f}"])
    return path
