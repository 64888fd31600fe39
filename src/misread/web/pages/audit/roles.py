"""What a column can mean, and what its name and its words make one guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from misread.language import mark
from misread.web.pages.audit.held import Column

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "": mark("not used"),
        "truth": mark("what the face shows"),
        "prediction": mark("what the model answered"),
        "groups": mark("a group: age, sex, light"),
        "person": mark("who is shown"),
        "score": mark("how sure the model was"),
        "votes": mark("votes for its own word"),
        "paired": mark("answer in another light"),
        "model": mark("which model answered"),
        "weights": mark("how much a row counts"),
        "id": mark("which picture it is"),
    }
)
"""Argument of the audit → what the page calls it."""
SEVERAL = frozenset({"groups", "votes", "paired"})
"""What several columns can be; all others are one."""
NAMED = (
    ("truth", r"(ground[ _]?)?truth|true([ _]?(label|emotion|expression))?|y_true|actual|gold|target|intended|acted"
              r"|expression|emotion"),
    ("prediction", r"predict.*|y_pred|pred|answer|output|guess(ed)?|recogni[sz]ed|(model|predicted)[ _]?label"),
    ("person", r"(person|subject|actor|participant|individual|poser|identity|speaker|child(ren)?|pupil|student|learner"
               r"|kid)s?([ _-]?(id|no|nr|number|code|name))?\.?"),
    ("score", r"score|confidence|probability|prob|certainty"),
    ("model", r"model|product|classifier|system|algorithm"),
    ("weights", r"weights?"),
    ("groups", r"groups?|age.*|gender|sex|race|ethnicity|ethnic.*|skin.*|tone|country|light(ing)?|camera|condition"
               r"|modality|(picture[ _]?|data)?set|pose|glasses"),
)  # fmt: skip
"""Meaning → how a column is called that has it; no name is of two meanings."""
SHARED = 0.5
"""Share of an answer's words that are words of the truth."""


def guesses(columns: Sequence[Column]) -> tuple[str, ...]:
    """What each column may mean: nothing is taken of it until somebody says so.

    Parameters
    ----------
    columns : sequence of Column
        Columns of a file.

    Returns
    -------
    tuple of str
        Keys of `ROLES`; empty where there is nothing to guess by.
    """
    found = dict(_by_name(columns))
    _by_words(columns, found)
    return tuple(found.get(i, "") for i in range(len(columns)))


def _by_name(columns: Sequence[Column]) -> Iterator[tuple[int, str]]:
    for role, called in NAMED:
        for i, column in enumerate(columns):
            if not re.fullmatch(called, column.name.strip(), re.IGNORECASE):
                continue
            if (role == "score" and not column.numbers) or (role == "person" and not column.repeats):
                continue
            yield i, role
            if role not in SEVERAL:
                break


def _by_words(columns: Sequence[Column], found: dict[int, str]) -> None:
    """Answers use the words of the truth, and votes stand in columns that are called by them."""
    truth = next((i for i, role in found.items() if role == "truth"), None)
    if truth is None or "prediction" in found.values():
        return
    words = set(columns[truth].words)
    voted = [i for i, one in enumerate(columns) if i not in found and one.numbers and one.name in words]
    if len(voted) > 1:
        found.update(dict.fromkeys(voted, "votes"))
        return
    for i, column in enumerate(columns):
        if i not in found and not column.numbers and len(words & set(column.words)) > SHARED * len(column.words):
            found[i] = "prediction"
            return
