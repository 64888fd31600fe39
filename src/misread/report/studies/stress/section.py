"""The section of the report: each claim with its picture."""

from __future__ import annotations

from dataclasses import dataclass

from misread.report.studies.stress.words import headline, line, needed_in_words, setting_in_words, shown, state_of
from misread.report.words.sources import Evidence, Library
from misread.study.stress import Question, Stress, Verdict

WORDS = {"holds": "holds", "depends": "depends", "not so": "not so as stated"}


@dataclass(frozen=True, slots=True)
class ClaimStory:
    """One claim.

    Attributes
    ----------
    words, state, mark : str
        The claim; ``"holds"``, ``"depends"`` or ``"not so"``; the same in words for the mark.
    sentence : str
        What became of it, in one or two sentences.
    stated, kindest, limit : float
        Places on the picture, in per cent of its width.
    stated_words, kindest_words, limit_words : str
        What they are.
    settings : tuple of str
        What has to be so for it to break.
    """

    words: str
    state: str
    mark: str
    sentence: str
    stated: float
    kindest: float
    limit: float
    stated_words: str
    kindest_words: str
    limit_words: str
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleStory:
    """The claims about one rule, and how good a classifier would have to be."""

    rule: str
    claims: tuple[ClaimStory, ...]
    needed: str


@dataclass(frozen=True, slots=True)
class StressStory:
    """Everything the section says."""

    headline: str
    inputs: int
    rules: tuple[RuleStory, ...]
    questions: tuple[Question, ...]
    evidence: tuple[Evidence, ...]
    unsettled: bool


def tell(stress: Stress, library: Library) -> StressStory:
    """The section's words and pictures; what it cites is looked up in the library."""
    return StressStory(
        headline=headline(stress),
        inputs=max((v.inputs for v in stress.verdicts), default=0),
        rules=tuple(
            RuleStory(
                rule=n.rule,
                claims=tuple(_claim(v) for v in stress.verdicts if v.rule == n.rule),
                needed=needed_in_words(n),
            )
            for n in stress.needed
        ),
        questions=stress.questions,
        evidence=library.look_up(" ".join(needed_in_words(n) for n in stress.needed)),
        unsettled=any(not v.settled for v in stress.verdicts),
    )


def _claim(v: Verdict) -> ClaimStory:
    state = state_of(v)
    return ClaimStory(
        words=v.claim.words,
        state=state,
        mark=WORDS[state],
        sentence=line(v).removeprefix(v.claim.words).strip(),
        stated=_place(v, v.stated),
        kindest=_place(v, v.kindest),
        limit=_place(v, v.claim.limit),
        stated_words=shown(v, v.stated),
        kindest_words=shown(v, v.kindest),
        limit_words=shown(v, v.claim.limit),
        settings=tuple(setting_in_words(s) for s in v.settings),
    )


def _place(v: Verdict, value: float | None) -> float:
    """Per cent of the picture's width: shares as they are, ratios so that 1 lies a quarter in and none falls off."""
    if value is None:
        return 0.0
    if v.claim.finding in ("flag_lift", "disparity_false_flags"):
        return round(100 * value / (value + 3), 3)
    return round(100 * min(max(value, 0.0), 1.0), 3)
