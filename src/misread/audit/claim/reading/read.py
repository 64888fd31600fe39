"""A vendor's sentence, read by rules: what it claims, what has to be asked, what it touches on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from misread.audit.claim.model import Choice, Claim, Hedge, Stated, Unclear
from misread.audit.claim.reading import words as known
from misread.audit.claim.reading.link import Linked, Word, by_pattern, clauses, linked, quantity_words, tight
from misread.audit.claim.reading.numbers import ROUND, Number, numbers
from misread.audit.claim.reading.text import clean, foreign

_ASPECTS = known.compiled(known.ASPECTS)
_PRAISED = known.compiled(known.PRAISED)
_COUNTED = re.compile(rf"\s+(?:[a-z][\w-]*\s+){{0,2}}?{known.COUNTED}", re.IGNORECASE)
_ELSE = re.compile(rf"[\s-]+(?:[a-z][\w-]*\s+){{0,1}}?(?:{known.ELSE_COUNTED})", re.IGNORECASE)
_TESTED = re.compile(
    r"\bon\s+(?:a\s+(?:set|total|sample)\s+of\s+)?$|\b(?:test|evaluat|validat|assess)\w*\b[^.;]{0,40}$", re.IGNORECASE
)
_TRAINED = re.compile(r"\b(?:train|learn)\w*\b[^.;]{0,40}$", re.IGNORECASE)
_SIGNED = frozenset({"kappa", "correlation"})
SPELT = 20
"""Smaller numbers in words, without a unit, count something."""
_ANY_SIZE = frozenset({"benefit", "opinion"})
MOSTLY = ("accuracy", "precision", "recall", "specificity", "detection", "agreement", "identity")
"""What a share without a word is most often of: the choices that are offered."""


def read(sentence: str) -> Claim:
    """What a sentence about such a system claims.

    Rules, no statistics: a word that is not known is not understood, and what may mean several things is asked about.
    Only English is read.

    Parameters
    ----------
    sentence : str
        As a vendor says it, at most 1,000 characters.

    Returns
    -------
    Claim
        What it states, what has to be asked, and on what else it touches.

    Raises
    ------
    MisreadError
        If it is empty, too long, or holds characters that nobody can see.
    """
    text = clean(sentence)
    if foreign(text):
        return Claim(text, unclear=(Unclear("language", text),))
    found, margins = _intervals(text, numbers(text))
    found, tested, every, counted = _counts(text, found)
    direct = {n.start: hit for n in found if (hit := by_pattern(text, n))}
    taken = [(n.start, n.end) for n in found] + [(start, end) for _quantity, start, end in direct.values()]
    words = quantity_words(text, taken)
    stated: list[tuple[int, Stated]] = []
    unclear: list[Unclear] = []
    used: list[Word] = []
    unused = [text[n.start : n.end] for n in counted]
    prevalence = None
    for start, end in clauses(text):
        inside = [n for n in found if start <= n.start < end and n.start not in direct]
        links = linked(text, [w for w in words if start <= w.start < end], [n for n in inside if _says(n)])
        links += [Linked(n, *direct[n.start]) for n in found if start <= n.start < end and n.start in direct]
        for one in sorted(links, key=lambda one: one.number.start):
            used += one.words
            said = text[one.start : one.end].strip()
            if one.quantity == "prevalence" and one.number.unit == "share":
                if 0 < one.number.low == one.number.high < 1 and one.number.hedge == "":
                    prevalence = one.number.low
                else:
                    unclear.append(Unclear("prevalence", said))
            elif one.number.unit == "bare" and not one.quantity:
                unused.append(text[one.number.start : one.number.end])
            elif known.NOT.search(_outside(text, start, end, one)):
                unclear.append(Unclear("denied", text[start:end].strip()))
            elif doubt := _doubt(text, start, end, one, [n for n in inside if _says(n)]):
                unclear.append(doubt)
            else:
                ends = _ends(margins.get(one.number.start))
                if ends is not None and not 0 <= ends[0] <= one.number.low <= one.number.high <= ends[1] <= 1:
                    unclear.append(Unclear("interval", said))
                    ends = None
                stated.append((one.start, _stated(said, one, ends)))
    stated += _praised(text, words, used, bool(stated or unclear))
    stated.sort(key=lambda one: one[0])
    claims = tuple(one for _at, one in stated)
    says = tuple(_says_of(text, tested))
    unclear += _contradictions(claims, grouped=any(aspect == "groups" for aspect, _words in says))
    if not claims and not unclear:
        unclear.append(_nothing(text, found))
        unused = [] if unclear[-1].kind == "unit" else unused
    return Claim(text, claims, tuple(dict.fromkeys(unclear)), says, tuple(unused), tested, prevalence, every)


def _says(number: Number) -> bool:
    """Whether a number can be what is claimed: "seven" without a unit is not, "ninety-five" may be."""
    return number.unit != "bare" or not number.spelt or number.low >= SPELT


def _outside(text: str, start: int, end: int, one: Linked) -> str:
    """A clause up to the claim's end without the words that soften its number: "no more than" denies nothing."""
    return text[start : one.number.start] + " " + text[one.number.end : min(end, one.end)]


def _intervals(text: str, found: Sequence[Number]) -> tuple[list[Number], dict[int, Number]]:
    """Numbers without those of confidence intervals; start of a number → the interval that is given for it."""
    kept, margins = list(found), {}
    for match in known.INTERVAL.finditer(text):
        kept = [n for n in kept if not match.start() <= n.start < match.end()]
        range_ = next((n for n in kept if match.end() - 1 <= n.start <= match.end() + 1 and n.high > n.low), None)
        before = [n for n in kept if n.end <= match.start() and n.unit == "share"]
        if range_ is not None:
            kept.remove(range_)
            behind = [n for n in kept if n.start >= range_.end and n.unit == "share"]
            if before or len(behind) == 1:
                margins[(before or behind)[-1].start] = range_
    return kept, margins


def _counts(text: str, found: Sequence[Number]) -> tuple[list[Number], float | None, float | None, list[Number]]:
    """Numbers that may be claims; how many were tested, how often is looked, in seconds; and the other numbers."""
    left, other = [], []
    tested = every = None
    for match in known.EVERY.finditer(text):
        if match["n"]:
            every = float(match["n"]) * (60 if match["unit"].lower().startswith("min") else 1)
    if size := known.SIZE.search(text):
        tested = float(size["n"].replace(",", ""))
    for number in found:
        said = text[number.start : number.end].lower()
        percent = "%" in said or "cent" in said or "pct" in said or number.unit == "points"
        counted = None if percent or number.of else _COUNTED.match(text, number.end)
        if number.of and number.of not in ROUND:
            tested = tested or number.of
        if counted:
            head = text[: number.start]
            if _TESTED.search(head) and not _TRAINED.search(head) and number.low >= 1:
                # "10.000 photos" may be ten thousand, or ten.
                sure = "." not in said and number.low == int(number.low) and number.hedge != "at_most"
                tested = number.low if sure else tested
            else:
                other.append(number)
        elif any(m.start() <= number.start < m.end() for p in (known.EVERY, known.SIZE) for m in p.finditer(text)):
            continue
        elif not percent and not number.of and (_ELSE.match(text, number.end) or _year(number)):
            other.append(number)
        else:
            left.append(number)
    return left, tested, every, other


def _year(number: Number) -> bool:
    return number.unit == "bare" and number.low == int(number.low) and 1900 <= number.low <= 2100


def _doubt(text: str, start: int, end: int, one: Linked, beside: Sequence[Number]) -> Unclear | None:
    """Why a number of the clause from `start` to `end` cannot be taken as it stands; None where it can."""
    number = one.number
    said = text[one.start : one.end].strip()
    shown = _shown(number)
    if not one.quantity and not 0 <= number.low <= number.high <= 1:
        return Unclear("quantity", said)
    if not one.quantity:
        kind = "which" if len(beside) > 1 else "quantity"
        return Unclear(kind, said, _choices(MOSTLY, shown))
    if one.quantity == "within" or text[: number.start].rstrip().endswith(("±", "+/-")):
        return Unclear("within", said)
    if one.quantity == "relative":
        return Unclear("relative", said)
    led = text[one.start : number.start]
    if (number.moved and known.BETTER.search(text[start:end])) or (
        one.quantity == "benefit" and re.search(r"\bto\s*$", led)
    ):
        fits = 0 <= number.low <= number.high <= 1
        return Unclear("change", said, _choices(("accuracy",), f"{100 * number.high:g} %") if fits else ())
    if one.quantity in _ANY_SIZE:
        fits = 0 < number.low <= 100
        return (
            Unclear("unit", said, _choices((one.quantity,), shown) if fits else ()) if number.unit == "bare" else None
        )
    if number.low < (-1 if one.quantity in _SIGNED else 0):
        return Unclear("below", said)
    if number.high > (100 if number.unit == "bare" else 1):
        return Unclear("above", said)
    if one.quantity == "shared":
        quantities = tuple(dict.fromkeys(word.quantity for word in one.words))
        return Unclear("shared", said, (*_choices(quantities, shown), Choice("both", "")))
    if one.quantity == "vague_alarm" and number.unit == "bare":
        # "5 false alarms per day" is how many, and no share of anything.
        return Unclear("unit", said)
    if one.quantity == "vague_alarm":
        meant = ("miss_rate",) if "negative" in said.lower() else ("false_positive_rate", "false_discovery_rate")
        return Unclear("alarm", said, _choices(meant, shown))
    if one.quantity == "prevalence":
        return Unclear("prevalence", said)
    if one.quantity == "vague_mean":
        return Unclear("vague", said, _choices(("precision", "auc"), shown))
    if one.quantity == "vague":
        return Unclear("vague", said, _choices(("accuracy", "recall", "agreement"), shown))
    if number.unit == "bare":
        # 0 and 1 may be shares as well.
        value = 100 * number.low if number.low in (0, 1) else number.low
        return Unclear("unit", said, _choices((one.quantity,), f"{value:g} %"))
    return None


def _shown(number: Number) -> str:
    if number.unit == "bare":
        return f"{number.low:g} %"
    if number.high > number.low:
        return f"{100 * number.low:g} to {100 * number.high:g} %"
    return f"{100 * number.low:g} %"


def _choices(quantities: Sequence[str], number: str) -> tuple[Choice, ...]:
    """Sentences that are understood; none where the number is no share of anything."""
    return tuple(Choice(q, known.TRY[q] % number if q in known.TRY else "") for q in quantities)


def _ends(interval: Number | None) -> tuple[float, float] | None:
    """Ends of an interval as shares: "86–90" beside a share is in per cent."""
    if interval is None:
        return None
    scale = 100 if interval.unit == "bare" and interval.high > 1 else 1
    return interval.low / scale, interval.high / scale


def _stated(said: str, one: Linked, ends: tuple[float, float] | None) -> Stated:
    number = one.number
    hedge: Hedge = number.hedge
    value: float | None = number.low if number.low == number.high else None
    low, high = number.low, number.high
    lowest = -1.0 if one.quantity in _SIGNED else 0.0
    if ends is not None:
        hedge, (low, high) = "margin", ends
    elif number.margin is not None:
        # Decimal fractions that are no binary ones would show it.
        low, high = max(lowest, round(low - number.margin, 12)), min(1.0, round(high + number.margin, 12))
    elif one.quantity not in _ANY_SIZE:
        low, high = (lowest, high) if hedge == "at_most" else (low, 1.0) if hedge == "at_least" else (low, high)
    return Stated(one.quantity, value, low, high, hedge, said)


def _praised(text: str, words: Sequence[Word], used: Sequence[Word], other: bool) -> Iterator[tuple[int, Stated]]:
    """Praise without a number; an "accurate" that no number goes with is praise where nothing else is claimed."""
    found: list[tuple[int, int]] = []
    for quantity, pattern in _PRAISED:
        for match in pattern.finditer(text):
            spans = [*found, *((word.start, word.end) for word in used)]
            if any(match.start() < end and start < match.end() for start, end in spans):
                continue
            found.append(match.span())
            clause = next(text[a:b] for a, b in clauses(text) if a <= match.start() < b)
            if not known.NOT.search(clause):
                yield match.start(), Stated(quantity, None, 0.0, 1.0, "", match[0])
    if not other and not found:
        for word in words:
            clause = next(text[a:b] for a, b in clauses(text) if a <= word.start < b)
            # "An accuracy of 95 basis points" has a number, if none that is understood.
            if any(tight(text, word, number) for number in numbers(text)):
                continue
            if word.quantity in ("accuracy", "precision") and not known.NOT.search(clause):
                yield word.start, Stated("praise", None, 0.0, 1.0, "", text[word.start : word.end])
                return


def _says_of(text: str, tested: float | None) -> Iterator[tuple[str, str]]:
    for aspect, pattern in _ASPECTS:
        if match := pattern.search(text):
            yield aspect, match[0]
    if tested is not None:
        yield "n", f"{tested:,.0f}"


def _contradictions(claims: Sequence[Stated], *, grouped: bool) -> Iterator[Unclear]:
    """Numbers that cannot all be true of one test."""
    exact: dict[str, float] = {}
    for one in claims:
        if one.value is None or one.hedge not in ("", "about"):
            continue
        if one.quantity in exact and exact[one.quantity] != one.value and not grouped:
            yield Unclear("two_values", one.words)
        exact.setdefault(one.quantity, one.value)
    if {"accuracy", "recall", "specificity"} <= exact.keys():
        low, high = sorted((exact["recall"], exact["specificity"]))
        # Each is rounded: half a point either way.
        if not low - 0.005 <= exact["accuracy"] <= high + 0.005:
            yield Unclear("contradiction", ", ".join(one.words for one in claims))


def _nothing(text: str, found: Sequence[Number]) -> Unclear:
    """Nothing was claimed, or nothing that is known."""
    bare = next((n for n in found if n.unit == "bare" and not n.spelt), None)
    if bare is not None and re.fullmatch(r"\W*", text[: bare.start] + text[bare.end :]):
        fits = 1 < bare.low <= 100
        return Unclear("unit", text, _choices(MOSTLY, f"{bare.low:g} %") if fits else ())
    return Unclear("nothing", text)
