"""Numbers in running text: digits and words, per cent and shares, ranges, what softens them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from misread.audit.claim.model import Hedge

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
UNITS = {word: value for value, word in enumerate(_UNITS)}
TENS = {word: 10 * value for value, word in enumerate(_TENS, start=2)}

_ONE = "|".join(sorted(_UNITS, key=len, reverse=True))
_WORD = (
    rf"(?:(?:a|one)\s+hundred|(?:{'|'.join(_TENS)})(?:[\s-]+(?:{'|'.join(_UNITS[1:10])}))?|{_ONE})"
    rf"(?:\s+point(?:\s+(?:{'|'.join(_UNITS[:10])}))+)?"
)
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)?|\.[0-9]+"
LARGEST = Decimal(10**15)
"""What is larger is no number that anybody claims, and is read as this."""
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_PART = rf"half(?=\s+(?:of|the)\b)|(?:a|{'|'.join(_UNITS[1:10])})[\s-]+(?:{'|'.join(list(_PARTS)[1:])})s?\b"
_TIMES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_PERCENT = r"%|per[\s-]?cent\b|pct\b|percentage\b(?!\s+points?)"
_POINTS = r"(?:percentage\s+|%[\s-]*)points?\b"
# A digit that belongs to a name (F1, top-1, CK-5, 1.2.3) is no number of its own.
_NUMBER = re.compile(
    rf"(?<![\w.,])(?<![A-Za-z]-)(?P<sign>[-+])?"
    rf"(?:(?P<digits>{_DIGITS})(?![\w])|(?P<part>\b(?:{_PART}))|(?P<word>\b{_WORD}\b))"
    rf"(?:\s+(?P<times>{'|'.join(_TIMES)})\b)?(?P<plus>\s*\+(?![/-]))?(?:[\s-]*(?P<points>{_POINTS})|[\s-]*(?P<percent>{_PERCENT}))?"
    r"(?P<after>\s*\+(?![/-]))?",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"\s*(?:times\s+)?(?P<by>out\s+of|\bin\b|\bof\b|/)\s*(?:every\s+)?", re.IGNORECASE)
ROUND = frozenset({2, 3, 4, 5, 8, 10, 20, 25, 30, 50, 100, 1000})
"""What shares are said of: "9 in 10", but not "3 in 2021". Other numbers are those of a test: "1,320 out of 1,500"."""

BEFORE: tuple[tuple[Hedge, str], ...] = (
    (
        "at_most",
        r"up\s+to|as\s+(?:much|high|good|many)\s+as|at\s+(?:most|best)|no(?:t)?\s+(?:more|greater|higher)\s+than"
        r"|(?:a\s+)?max(?:imum|\.)?(?:\s+of)?|below|under|(?:less|fewer|lower|smaller)\s+than|not\s+exceeding"
        r"|peak(?:s|ed|ing)?(?:\s+(?:at|of))?|<=?|≤",
    ),
    (
        "at_least",
        r"no(?:t)?\s+(?:less|fewer|lower)\s+than|over|above|at\s+least|(?:more|greater|higher|better)\s+than"
        r"|(?:a\s+)?min(?:imum|\.)?(?:\s+of)?|exceed(?:s|ed|ing)?|beyond|upwards?\s+of|in\s+excess\s+of|>=?|≥",
    ),
    (
        "about",
        r"about|around|roughly|approx(?:imately|\.)?|nearly|almost|(?:very\s+)?close\s+to|near|some|circa|ca\.?|~|≈|virtually"
        r"|an?\s+estimated",
    ),
    ("average", r"on\s+average|an?\s+average\s+of|averag(?:e|es|ing)(?:\s+of)?"),
)
AFTER: tuple[tuple[Hedge, str], ...] = (
    ("at_least", r"\s*,?\s*(?:or|and)\s+(?:more|higher|better|above|over|up)\b|\s+plus\b"),
    ("at_most", r"\s*,?\s*(?:or|and)\s+(?:less|lower|fewer|under|below)\b|\s+at\s+(?:most|best)\b|\s+max(?:imum)?\b"),
    ("average", r"\s+on\s+average\b"),
    ("about", r"\s+or\s+so\b"),
)
_BEFORE = tuple((hedge, re.compile(rf"(?<![\w-])(?:{words})\s*$", re.IGNORECASE)) for hedge, words in BEFORE)
_AFTER = tuple((hedge, re.compile(words, re.IGNORECASE)) for hedge, words in AFTER)
_TO = re.compile(r"\s*(?:-|–|—|\bto\b|\btill\b)\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:-|–|—|\band\b|\bto\b)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s*$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s*$", re.IGNORECASE)
_NEAR = 40
"""Characters before a number in which its softening words stand."""
_MARGIN = re.compile(r"\s*(?:±|\+/-|\+-|plus\s+or\s+minus)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes
    ----------
    start, end : int
        Where it stands, with its unit and what softens it.
    low, high : float
        Twice the same unless it is a range; shares as 0 … 1.
    unit : {"share", "bare", "points"}
        "bare" is a number of which the text does not say that it is a share.
    hedge : Hedge
        What softens it.
    margin : float or None
        What stands behind ±.
    of : float or None
        In "1,320 out of 1,500" the second.
    spelt : bool
        Whether it is written in words.
    moved : bool
        Whether it is a range that "from" begins: then it may be a change.
    """

    start: int
    end: int
    low: float
    high: float
    unit: Literal["share", "bare", "points"]
    hedge: Hedge = ""
    margin: float | None = None
    of: float | None = None
    spelt: bool = False
    moved: bool = False


def numbers(text: str) -> list[Number]:
    """All numbers of a text in its order, ranges as one, with what softens them."""
    found: list[Number] = []
    at = 0
    while (match := _NUMBER.search(text, at)) is not None:
        number = _out_of(text, _single(match))
        number = _range(text, number)
        number = _softened(text, number)
        found.append(number)
        at = max(number.end, match.end())
    return found


def share(text: str) -> float | None:
    """The share that a text is, with nothing beside it: "5 %", "0.05", "5 of 100".

    None where it is no share, or not one: "5" alone may mean two things.
    """
    typed = text.strip()
    found = numbers(typed)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(typed)):
        return None
    one = found[0]
    return one.low if one.unit == "share" and one.low == one.high and not one.hedge else None


def _single(match: re.Match[str]) -> Number:
    if match["part"]:
        part = _part(match["part"])
        return Number(match.start(), match.end(), part, part, "share", spelt=True)
    value = _spelt(match["word"]) if match["word"] else _digits(match["digits"])
    value *= _TIMES.get((match["times"] or "").lower(), 1)
    value = min(value, LARGEST)
    value = -value if match["sign"] == "-" else value
    percent = bool(match["percent"] or match["points"])
    # "0.95" is a share; "1" and "95" do not say so.
    share = percent or (match["word"] is None and "." in match["digits"].replace(",", ".") and 0 <= value <= 1)
    at = float(value / 100 if percent else value)
    plus = match["plus"] or match["after"]
    return Number(
        match.start(),
        match.end(),
        at,
        at,
        "points" if match["points"] else "share" if share else "bare",
        hedge="at_least" if plus else "",
        spelt=match["word"] is not None,
    )


def _digits(text: str) -> Decimal:
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", "."))


def _spelt(text: str) -> Decimal:
    """A number in words, up to a hundred; "point" begins its decimals."""
    whole, _point, decimals = re.sub(r"[\s-]+", " ", text.lower()).partition(" point ")
    words = whole.split()
    value = 100 if words[-1] == "hundred" else sum(TENS.get(word, UNITS.get(word, 0)) for word in words)
    digits = "".join(str(UNITS[word]) for word in decimals.split())
    return Decimal(f"{value}.{digits}" if digits else value)


def _part(text: str) -> float:
    """A fraction in words: half, two thirds."""
    *number, part = re.split(r"[\s-]+", text.lower())
    return UNITS.get(number[0] if number else "one", 1) / _PARTS[part.removesuffix("s")]


def _next(text: str, at: int) -> Number | None:
    match = _NUMBER.match(text, at)
    return _single(match) if match else None


def _out_of(text: str, number: Number) -> Number:
    """ "9 out of 10" as a share."""
    between = _OUT_OF.match(text, number.end)
    second = _next(text, between.end()) if between and number.unit == "bare" else None
    if (
        second is None
        or between is None
        or second.unit != "bare"
        or not 0 <= number.low <= second.low
        or not second.low
    ):
        return number
    surely = between["by"].lower().startswith("out")
    if not surely and second.low not in ROUND:
        return number
    return replace(
        number,
        end=second.end,
        low=number.low / second.low,
        high=number.low / second.low,
        unit="share",
        of=second.low,
    )


def _range(text: str, number: Number) -> Number:
    """ "85 to 95 %" as one, "95 ± 2 %" too."""
    head = text[max(0, number.start - _NEAR) : number.start]
    if (margin := _MARGIN.match(text, number.end)) and (width := _next(text, margin.end())):
        share = "share" in (number.unit, width.unit) or width.unit == "points"
        value = number.low / (100 if share and number.unit == "bare" else 1)
        wide = width.low / (100 if share and width.unit == "bare" else 1)
        return replace(
            number,
            end=width.end,
            low=value,
            high=value,
            unit="share" if share else number.unit,
            hedge="margin",
            margin=abs(wide),
        )
    between = _BETWEEN.search(head)
    joined = (_AND if between else _TO).match(text, number.end)
    second = _next(text, joined.end()) if joined else None
    if second is None or number.of is not None:
        return number
    if number.unit == "bare" and second.unit == "share" and number.low > 1:
        number = replace(number, low=number.low / 100, high=number.high / 100, unit="share")
    if number.unit != second.unit or number.low > second.low:
        return number
    begun = between or _FROM.search(head)
    return replace(
        number,
        start=number.start - len(head) + begun.start() if begun else number.start,
        end=second.end,
        high=second.low,
        hedge="between",
        moved=begun is not None and between is None,
    )


def _softened(text: str, number: Number) -> Number:
    """With the words before and behind it that soften it."""
    if number.hedge in ("between", "margin"):
        return number
    head = text[max(0, number.start - _NEAR) : number.start]
    for hedge, words in _BEFORE:
        if match := words.search(head):
            return replace(number, start=number.start - len(head) + match.start(), hedge=hedge)
    for hedge, words in _AFTER:
        if match := words.match(text, number.end):
            return replace(number, end=match.end(), hedge=hedge)
    return number
