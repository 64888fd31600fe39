"""The truth twin of a child's file: what was so, entry by entry. Only a model has one, and no system would."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from misread.engine.sampled.replay import Facts
    from misread.report.file.entries import ChildFile, Entry

FORMAT = "misread-truth/1"


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true at one entry of a file.

    Attributes
    ----------
    state, expression, situation : str
        At a look: what is true of the pupil, what the face shows, the kind of lesson (empty where the deployment
        tells none apart).
    right : bool or None
        Whether a flag's claim was so; of a mark, whether it was earned, that is on flags more than half of which were
        true. None for labels and decisions.
    chosen : float or None
        Of a decision: the chance of being chosen on the flags of a reader without error.
    wrong : float or None
        Of a decision: the chance that it differs from that one.
    """

    state: str = ""
    expression: str = ""
    situation: str = ""
    right: bool | None = None
    chosen: float | None = None
    wrong: float | None = None


def twin_json(file: ChildFile, facts: Facts) -> str:
    """The twin of a file: the same entries in the same order, each with what was so.

    Parameters
    ----------
    file : ChildFile
        The file.
    facts : Facts
        What is so about the pupil for good.

    Returns
    -------
    str
        JSON, an entry a line.
    """
    head = {"format": FORMAT, "deployment": file.deployment, "seed": file.seed, "pupil": facts_json(facts)}
    # One encoder for all entries.
    encoded = json.JSONEncoder(ensure_ascii=False).encode
    rows = ",\n".join(_rows(file, encoded))
    return f'{encoded(head)[:-1]}, "entries": [\n{rows}\n]}}\n'


def facts_json(facts: Facts) -> dict[str, Any]:
    """What is so about a pupil for good, as JSON has it."""
    return {
        "school": facts.school,
        "pupil": facts.pupil,
        "class": facts.klass,
        "group": facts.group,
        "watched": facts.watched,
        "traits": [{"trait": name, "level": level, "u": round(u, 6)} for name, level, u in facts.traits],
        "seats": list(facts.views),
    }


def _rows(file: ChildFile, encoded: Callable[[Any], str]) -> Iterator[str]:
    """Every entry's text: its time, which holds nothing to be escaped, then the rest, the same ones written once."""
    known: dict[tuple[str, str, str, str, str, bool | None], str] = {}
    for entry, truth in file.held_truth():
        same = (entry.kind.value, entry.word, truth.state, truth.expression, truth.situation, truth.right)
        if not entry.lesson or same not in known:
            known[same] = encoded({"entry": entry.kind.value, "word": entry.word, **_true(entry, truth)})[1:]
        yield f'{{"at": "{entry.at.isoformat()}", {known[same]}'


def _true(entry: Entry, truth: Truth) -> dict[str, Any]:
    """Only what an entry of this kind can have."""
    if truth.chosen is not None:
        return {"chosen_by_perfect_reader": truth.chosen, "wrong": truth.wrong}
    if not entry.lesson:
        return {"earned": truth.right}
    situation = {"situation": truth.situation} if truth.situation else {}
    right = {} if truth.right is None else {"right": truth.right}
    return {"state": truth.state, "expression": truth.expression, **situation, **right}
