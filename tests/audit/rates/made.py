"""Rows of a made-up model's answers, and the count table that plain Python makes of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from hypothesis import strategies as st

from misread.audit.table import CountTable, People

EXPRESSIONS = ("anger", "fear", "joy", "pride")
"""The system has no word for the last."""
LABELS = ("anger", "contempt", "fear", "joy", "none")
COLUMNS = {"age": ("child", "adult", "(missing)"), "tone": ("dark", "light")}


@dataclass(frozen=True)
class Row:
    """One face: whose, of which groups, what it shows and what was answered."""

    age: str
    tone: str
    truth: str
    answer: str
    person: int
    weight: float = 1.0

    @property
    def group(self) -> tuple[str, str]:
        return self.age, self.tone


def rows(
    most: int = 120,
    *,
    expressions: Sequence[str] = EXPRESSIONS,
    labels: Sequence[str] = LABELS,
    ages: Sequence[str] = COLUMNS["age"],
    weights: bool = False,
) -> st.SearchStrategy[list[Row]]:
    """Lists of any rows at all, drawn from one seed so that large ones are cheap."""

    def made(seed: int, n: int, persons: int, right: float, wandering: bool) -> list[Row]:
        rng = np.random.default_rng(seed)
        home = [(str(rng.choice(ages)), str(rng.choice(COLUMNS["tone"]))) for _ in range(persons)]
        found = []
        for _ in range(n):
            person = int(rng.integers(persons))
            age, tone = home[person]
            if wandering:  # one person in several groups
                age = str(rng.choice(ages))
                tone = str(rng.choice(COLUMNS["tone"]))
            truth = str(rng.choice(expressions))
            told = rng.random() < right and truth in labels
            answer = truth if told else str(rng.choice(labels))
            weight = float(rng.choice([0.25, 1.0, 1.5, 4.0])) if weights else 1.0
            found.append(Row(age, tone, truth, answer, person, weight))
        return found

    return st.builds(
        made,
        st.integers(0, 2**32),
        st.integers(1, most),
        st.integers(1, 30),
        st.sampled_from([0.0, 0.5, 0.9, 1.0]),
        st.booleans(),
    )


def table_of(given: Sequence[Row], *, persons: bool = False, weighted: bool = False) -> CountTable:
    """Counted face by face."""
    groups = [g for g in product(*COLUMNS.values()) if g in {row.group for row in given}]
    shape = (len(groups), len(EXPRESSIONS), len(LABELS))
    counts, squares = np.zeros(shape), np.zeros(shape)
    cells: Counter[tuple[int, int, int]] = Counter()
    for row in given:
        at = groups.index(row.group), EXPRESSIONS.index(row.truth), LABELS.index(row.answer)
        counts[at] += row.weight
        squares[at] += row.weight**2
        cells[at[0], row.person, at[1] * len(LABELS) + at[2]] += row.weight
    people = None
    if persons:
        known = sorted({row.person for row in given})
        there = sorted((s, known.index(person), cell, count) for (s, person, cell), count in cells.items())
        s, person, cell, count = zip(*there, strict=True)
        people = People(
            np.array(s, np.int32),
            np.array(person, np.int32),
            np.array(cell, np.int32),
            np.array(count, float),
            len(known),
        )
    return CountTable(
        EXPRESSIONS,
        LABELS,
        tuple(COLUMNS),
        tuple(COLUMNS.values()),
        np.array([[COLUMNS[c].index(level) for c, level in zip(COLUMNS, g, strict=True)] for g in groups], np.int32),
        counts,
        np.zeros((len(groups), len(LABELS))),
        squares=squares if weighted else None,
        people=people,
    )


def by_person(given: Sequence[Row], hit: Callable[[Row], bool], of: Callable[[Row], bool]) -> list[tuple[float, float]]:
    """Hits and trials of each person, face by face; those without a trial left out."""
    x: defaultdict[int, float] = defaultdict(float)
    n: defaultdict[int, float] = defaultdict(float)
    for row in given:
        if of(row):
            n[row.person] += row.weight
            x[row.person] += row.weight * hit(row)
    return [(x[person], n[person]) for person in n]


def meant(
    statistic: str, expression: str | None, label: str | None
) -> tuple[Callable[[Row], bool], Callable[[Row], bool]]:
    """What each rate counts, and what it is a share of, in words of rows."""
    return {
        "accuracy": (lambda r: r.answer == r.truth, _any),
        "none_share": (lambda r: r.answer == "none", _any),
        "recall": (lambda r: r.answer == expression, lambda r: r.truth == expression),
        "precision": (lambda r: r.truth == label, lambda r: r.answer == label),
        "false_positive_rate": (lambda r: r.answer == label, lambda r: r.truth != label),
        "confusion": (lambda r: r.answer == label, lambda r: r.truth == expression),
    }[statistic]


def _any(_: Row) -> bool:
    return True
