"""Questions for the vendor: the inputs that a search found to decide, with the value at which the conclusion turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from misread.deployment import Deployment
from misread.study.stress.inputs import question_about
from misread.study.stress.verdicts import Setting, Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask.

    Attributes
    ----------
    words : str
        The question.
    turns : tuple of str
        What turns, and where.
    input : str
        The input it is about.
    """

    words: str
    turns: tuple[str, ...]
    input: str


def questions(deployment: Deployment, verdicts: Sequence[Verdict]) -> tuple[Question, ...]:
    """The questions that follow from what was found; one for each input that decides something."""
    found: dict[str, tuple[str, list[str]]] = {}
    paths = {r.name: r.path for r in deployment.ranges}
    for v in verdicts:
        for s in v.settings:
            words = question_about(s.kind, s.about, paths.get(s.name))
            _, turns = found.setdefault(s.name, (words, []))
            turns.append(_turn(v, s))
    return tuple(Question(words, tuple(turns), name) for name, (words, turns) in found.items())


def _turn(v: Verdict, s: Setting) -> str:
    claim = f"“{v.claim.words.rstrip('.')}” ({v.rule})"
    if isinstance(s.kind_value, str) or isinstance(s.stated, str) or s.turn is None:
        return f"{claim} turns if the answer is: {s.kind_value}"
    return f"{claim} turns at {in_units(s.turn, s.unit)} (stated: {in_units(s.stated, s.unit)}), the rest as found"


def in_units(value: float, unit: str) -> str:
    """A number as people read it, shares as so many of 100."""
    return f"{100 * value:.3g} of 100" if unit == "1" else f"{value:.3g} {unit}".rstrip()
