"""Mistakes that many tables can hold: rows that do not add to 1, unknown words, names used twice."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from misread.deployment.origin import NAMED, Origin, Path, quoted, spell
from misread.deployment.text.source import near
from misread.errors import Problem

TOLERANCE = 1e-9
"""How far a row's sum may be from 1."""


def adds_to_one(origin: Origin, path: Path, weights: Iterable[float], what: str = "The row") -> Iterator[Problem]:
    """A row, or the shares of a list, must add to 1."""
    total = math.fsum(weights)
    if abs(total - 1) > TOLERANCE:
        by = f"{abs(1 - total):.10g}"
        mend = f"add {by} to one of them" if total < 1 else f"take {by} off"
        yield origin.problem(path, f"{what} adds to {total:.10g}.", "1, within 0.000000001.", f"{mend}.")


def unknown(origin: Origin, path: Path, word: str, known: Collection[str], kind: str, home: str) -> Problem:
    """A word that is none of a list; `kind` says of what, `home` where the list stands."""
    meant = near(word, known)
    return origin.problem(
        path,
        f"{quoted(word)} is no {kind}.",
        expected=f"one of {listed(known)}." if known else f"a {kind}; there is none.",
        mend=f"did you mean {quoted(meant)}?" if meant else f"add it to `{home}`, or take one that is there.",
    )


def twice(origin: Origin, path: Path, words: Sequence[str]) -> Iterator[Problem]:
    """No word may stand in a list twice."""
    if len(set(words)) == len(words):
        return
    for word, times in Counter(words).items():
        if times > 1:
            said = "twice" if times == 2 else f"{times} times"
            yield origin.problem(path, f"{quoted(word)} stands in it {said}.", "every word once.", "take one out.")


def names_twice(origin: Origin, path: Path, items: Sequence[Any]) -> Iterator[Problem]:
    """No two entries of an array of tables may have one name."""
    by = NAMED[path]
    seen: set[object] = set()
    for at, item in origin.entries(path, items):
        name = getattr(item, by)
        if name in seen:
            said = quoted(name) if isinstance(name, str) else str(name)
            mend = f"give it another `{by}`." if isinstance(name, str) else "join the two entries."
            yield origin.problem((*at, by), f"The {by} {said} is used twice in `{spell(path)}`.", mend=mend)
        seen.add(name)


def a_row_each(
    origin: Origin, path: Path, given: Mapping[str, Any], wanted: Sequence[str], kind: str, home: str
) -> Iterator[Problem]:
    """A table must have a key for every word of a list, and no other."""
    lacking = [w for w in wanted if w not in given]
    for word in given:
        if word not in wanted:
            # A word that lacks its key and resembles the unknown one was meant: told once.
            if meant := near(word, lacking):
                lacking.remove(meant)
            yield unknown(origin, (*path, word), word, wanted, kind, home)
    for word in lacking:
        yield origin.problem(
            (*path, word), f"The {kind} {quoted(word)} has no entry in `{spell(path)}`.", mend="add one."
        )


def listed(words: Iterable[str]) -> str:
    """Words as a list, cut where it is long."""
    all_words = list(words)
    return ", ".join(map(quoted, all_words[:20])) + (" …" if len(all_words) > 20 else "")
