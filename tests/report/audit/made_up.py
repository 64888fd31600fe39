"""Made-up tables of answers, small enough to count by hand, and their reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from misread.audit.reading import Ask, count
from misread.audit.result import Audit
from misread.report.audit import render

WORDS = ("afraid", "angry", "happy", "sad")
AGES = ("6-8", "9-12", "13-15")
COMMAND = "misread audit answers.csv --truth shown --prediction answer"
ASK = Ask(
    truth="shown",
    prediction="answer",
    groups=("age", "tone"),
    person="who",
    score="score",
    paired=("dimmed",),
    votes=WORDS,
)
"""Everything that an audit can be asked about."""

Rows = Sequence[Mapping[str, Any]]


@cache
def rows(n: int = 900, persons: int = 60) -> Rows:
    """Answers about people of three ages and two tones; dark ones and the afraid are read worse."""
    rng = np.random.default_rng(7)
    made = []
    for i in range(n):
        who = i % persons
        tone = "dark" if who % 2 else "pale"
        shown = WORDS[rng.integers(4)]
        sure = float(np.round(rng.beta(5, 2), 3))
        hit = rng.random() < sure - 0.3 * (tone == "dark") - 0.2 * (shown == "afraid")
        answer = shown if hit else WORDS[rng.integers(4)]
        votes = rng.multinomial(5, [0.7 if word == shown else 0.1 for word in WORDS])
        made.append(
            {
                "shown": shown if rng.random() > 0.02 else None,
                "answer": answer if rng.random() > 0.05 else None,
                "dimmed": answer if rng.random() > 0.2 else WORDS[rng.integers(4)],
                "age": AGES[who % 3],
                "tone": tone,
                "who": f"Person Nr. {who}",
                "score": sure,
                **dict(zip(WORDS, map(int, votes), strict=True)),
            }
        )
    return tuple(made)


def audit(table: Rows, ask: Ask = ASK, **options: Any) -> Audit:
    """The audit of some rows."""
    columns = {name: [row.get(name) for row in table] for name in table[0]}
    return Audit(count(pa.table(columns), ask), permutations=199, replicates=100, **options)


def page_of(table: Rows, ask: Ask = ASK, **options: Any) -> str:
    """The report of some rows."""
    return render(audit(table, ask, **options), command=COMMAND)


@cache
def report() -> str:
    """The report of everything that an audit can be asked about."""
    return page_of(rows())


@cache
def small() -> str:
    """The same of two words and one column, for what looks at every mark of a page."""
    few = [row for row in rows() if {row["shown"], row["answer"], row["dimmed"]} <= {"afraid", "sad", None}]
    return page_of(few, replace(ASK, groups=("tone",), votes=("afraid", "sad")))


def plain(n: int = 200) -> Rows:
    """The same without persons, groups, scores, votes or conditions."""
    return tuple({"shown": row["shown"], "answer": row["answer"]} for row in rows()[:n])


PLAIN = Ask(truth="shown", prediction="answer")

STRANGE = ('<b>brave</b> & "bold"', "עצוב", "a-word-that-goes-on-and-on-as-the-words-that-people-make-up-do", "'")


@cache
def large(words: int = 20, groups: int = 60) -> str:
    """The report of many words and many groups, some with names that pages stumble over; without persons."""
    rng = np.random.default_rng(3)
    names = (*STRANGE, *(f"word {i}" for i in range(words - len(STRANGE))))
    levels = (*(f"{name} school" for name in STRANGE), *(f"school {i}" for i in range(groups - len(STRANGE))))
    made = []
    for i in range(3000):
        shown = names[rng.integers(words)]
        answer = shown if rng.random() < 0.5 else names[rng.integers(words)]
        made.append({"shown": shown, "answer": answer, "<i>school</i>": levels[i % groups]})
    return page_of(made, Ask(truth="shown", prediction="answer", groups=("<i>school</i>",)))
