"""Which number belongs to which word: by what stands between them, never by what is likely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from misread.audit.claim.reading.numbers import Number
from misread.audit.claim.reading.words import PATTERNS, QUANTITIES, compiled

RATES = frozenset(
    {
        "accuracy", "error_rate", "precision", "false_discovery_rate", "recall", "miss_rate", "specificity",
        "false_positive_rate", "negative_predictive_value", "f1", "auc", "balanced_accuracy", "agreement", "kappa",
        "correlation", "detection", "identity",
    }
)  # fmt: skip
"""Words with a meaning of their own: beside them, vaguer ones ("score", "performance") say nothing more."""
WEAK = frozenset({"vague", "benefit", "confidence", "opinion"})

_QUANTITIES = compiled(QUANTITIES)
_PATTERNS = tuple(
    (quantity, re.compile(before, re.IGNORECASE), re.compile(behind, re.IGNORECASE))
    for quantity, before, behind in PATTERNS
)
_KINDS = (
    r"overall|average|mean|total|test|validation|reported|claimed|classification|prediction|recognition|detection|reading"
    r"|emotion(?:al)?s?|expression|facial|face|mood|engagement|attention|top|level|state[\s-]of[\s-]the[\s-]art|human[\s-]level"
    r"|impressive|stunning|high|remarkable|certified|validated|proven|scientifically|field|real[\s-]world"
)
_TO_WORD = re.compile(
    rf"(?:-|\s*)(?:(?:{_KINDS})[\s-]+|of\s+(?:the\s+|all\s+)?(?:time|cases|situations|occasions)\s+(?:is\s+|are\s+)?|(?:rate\s+)?of\s+|in\s+|the\s+|a\s+)*",
    re.IGNORECASE,
)
_TO_NUMBER = re.compile(
    r"(?:\s*[:=,(\-–]\s*|\s+(?:rate|score|level|value|figure|of|is|was|are|were|at|in|to|be|being|reach\w*|stands|with|a|an|the|that"
    r"|has|have|been|measured|reported|shown|achiev\w+|estimated|by|as|now|some|over)(?!\w))*\s*",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:and|or|/|,|&|\(|and/or|as\s+well\s+as)\s*(?:a\s+|an\s+|the\s+)?", re.IGNORECASE)
_LISTED = re.compile(
    r"\s*(?:,|/|&|(?:,\s*)?(?:and|or|then|vs\.?|versus|against|compared\s+(?:with|to)|instead\s+of))\s*", re.IGNORECASE
)
_SAID = re.compile(
    r"\b(?:say|says|said|think|thinks|believe\w*|claim\w*|who|which|according|than)\b|[,;:]", re.IGNORECASE
)
_OF_PEOPLE = re.compile(
    r"\s*of\s+(?:\w+\s+){0,3}(?:teachers|parents|pupils|students|children|kids|schools|users|people|customers)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[;!?]|(?<![0-9])\.(?=\s)|(?<=[0-9%)])\.\s+(?=[A-Z])|\bwhile\b|\bwhereas\b|\bbut\b", re.IGNORECASE
)
_WORDS_APART = 6
# What may stand behind a number that a word before it explains: "95 % on AffectNet", but not "95 % more pupils".
_GOES_ON = re.compile(
    r"\s*(?:$|[^\w\s]|(?:in|on|for|across|at|with|and|or|when|while|under|over|during|among|by|against|of|after|now)\b)",
    re.IGNORECASE,
)
_NOT_MORE = re.compile(r"(?!\s*(?:more|fewer|less|higher|lower|better|faster)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word for a quantity, and where it stands."""

    start: int
    end: int
    quantity: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A number with the quantity that it is of; `quantity` is "shared" where several words claim it, else empty."""

    number: Number
    quantity: str
    start: int
    end: int
    words: tuple[Word, ...] = ()


def quantity_words(text: str, taken: Sequence[tuple[int, int]]) -> list[Word]:
    """Words for quantities, in the order of the text; nothing that overlaps what is taken, or one another."""
    found: list[Word] = []
    at = 0
    while at < len(text):
        matches = ((q, m) for q, p in _QUANTITIES if (m := p.match(text, at)) and m.end() > at)
        quantity, match = next(matches, ("", None))
        if match is None or any(match.start() < end and start < match.end() for start, end in taken):
            at += 1
            continue
        found.append(Word(match.start(), match.end(), quantity))
        at = match.end()
    return found


def clauses(text: str) -> list[tuple[int, int]]:
    """Parts of a text in which words and numbers can belong together."""
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if a < b]


def by_pattern(text: str, number: Number) -> tuple[str, int, int] | None:
    """The quantity of "finds 95 % of bored children" and the like, and from where to where it is said."""
    head = text[: number.start]
    for quantity, before, behind in _PATTERNS:
        first, last = before.search(head), behind.match(text, number.end)
        if first and last:
            return quantity, first.start() if before.pattern else number.start, last.end()
    return None


def linked(text: str, words: Sequence[Word], found: Sequence[Number]) -> list[Linked]:
    """The numbers of one clause, each with its quantity, or with none where the words do not tell it."""
    words = _without_weak(_merged(text, words))
    pairs = _pairs(text, words, found)
    result = []
    for number in found:
        word = pairs.get(number.start)
        if word is None:
            result.append(Linked(number, "", number.start, number.end))
            continue
        others = [w for w in _chain(text, words, word) if w.quantity != word.quantity]
        free = [w for w in others if w not in pairs.values()]
        start, end = min(number.start, word.start), max(number.end, word.end)
        if free and word.quantity in RATES:
            result.append(Linked(number, "shared", start, end, (word, *free)))
        else:
            result.append(Linked(number, word.quantity, start, end, (word,)))
    return result


def _merged(text: str, words: Sequence[Word]) -> list[Word]:
    """The same quantity said twice in a row, as in "sensitivity (recall)", is said once."""
    found: list[Word] = []
    for word in words:
        if found and found[-1].quantity == word.quantity and _JOINED.fullmatch(text, found[-1].end, word.start):
            found[-1] = Word(found[-1].start, word.end, word.quantity)
        else:
            found.append(word)
    return found


def _without_weak(words: Sequence[Word]) -> list[Word]:
    sure = [word for word in words if word.quantity in RATES]
    near = [
        w
        for w in words
        if w.quantity == "vague" and any(abs(w.start - s.end) <= 1 or abs(s.start - w.end) <= 1 for s in sure)
    ]
    return [word for word in words if word not in near]


def _pairs(text: str, words: Sequence[Word], found: Sequence[Number]) -> dict[int, Word]:
    """Start of a number → its word."""
    order: list[Word | Number] = sorted([*words, *found], key=lambda one: one.start)
    kinds = [isinstance(one, Number) for one in order]
    if kinds and len(kinds) % 2 == 0 and all(a != b for a, b in pairwise(kinds)):
        couples = [_couple(order[i], order[i + 1]) for i in range(0, len(order), 2)]
        if all(_near(text, word, number) for word, number in couples):
            return {number.start: word for word, number in couples}
    pairs: dict[int, Word] = {}
    for number in found:
        near = [w for w in words if tight(text, w, number)]
        if len(near) == 1 and near[0] not in pairs.values():
            pairs[number.start] = near[0]
    for one, other in pairwise(found):
        # "95 % and 90 % accurate": which of them is it?
        if (one.start in pairs) != (other.start in pairs) and _LISTED.fullmatch(text, one.end, other.start):
            pairs.pop(one.start, None)
            pairs.pop(other.start, None)
    return pairs


def tight(text: str, word: Word, number: Number) -> bool:
    """Whether nothing but small words stands between them."""
    if word.end <= number.start:
        return _TO_NUMBER.fullmatch(text, word.end, number.start) is not None
    return number.end <= word.start and _TO_WORD.fullmatch(text, number.end, word.start) is not None


def _couple(first: Word | Number, second: Word | Number) -> tuple[Word, Number]:
    """A word and a number that stand side by side, the word first."""
    word, number = (first, second) if isinstance(first, Word) else (second, first)
    assert isinstance(word, Word)
    assert isinstance(number, Number)
    return word, number


def _near(text: str, word: Word, number: Number) -> bool:
    """Whether two neighbours can belong together, though other words stand between them."""
    if tight(text, word, number):
        return True
    between = text[min(word.end, number.end) : max(word.start, number.start)]
    behind = _GOES_ON if word.start < number.start else _NOT_MORE
    return (
        word.quantity not in ("vague", "opinion")
        and len(between.split()) <= _WORDS_APART
        and not _SAID.search(between)
        and not _OF_PEOPLE.match(text, number.end)
        and behind.match(text, number.end) is not None
    )


def _chain(text: str, words: Sequence[Word], word: Word) -> list[Word]:
    """Words for rates that "and" or a comma joins to one: "accuracy and precision"."""
    found = [word]
    grown = True
    while grown:
        grown = False
        for other in words:
            if other in found or other.quantity not in RATES:
                continue
            for one in list(found):
                a, b = (one, other) if one.start < other.start else (other, one)
                if a.end <= b.start and _JOINED.fullmatch(text, a.end, b.start):
                    found.append(other)
                    grown = True
                    break
    return found
