"""Kinds of values in the deployment file: words, shares, durations, counts, rows."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field


@dataclass(frozen=True, slots=True)
class Says:
    """What is expected of a value, in plain words."""

    words: str


def _visible(text: str) -> str:
    # Control and bidirectional characters could make a terminal or a page show something else than is there.
    if text.isprintable():
        # None of those is: most texts need no closer look.
        return text
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in "\u061c\u200e\u200f" for c in text) or any(
        "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in text
    ):
        raise ValueError("it holds control characters")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank")
    return text


def as_list(value: Any) -> Any:
    """A single word as a list of one."""
    return [value] if isinstance(value, str) else value


Line = Annotated[str, Field(max_length=2000), AfterValidator(_visible), Says("one line of text, in quotes")]
Word = Annotated[
    str,
    Field(min_length=1, max_length=200),
    AfterValidator(_visible),
    AfterValidator(_not_blank),
    Says("a word or name in quotes, of at most 200 characters"),
]
Words = Annotated[tuple[Word, ...], Field(strict=False), Says('a list of words, such as ["sad", "angry"]')]
SomeWords = Annotated[
    tuple[Word, ...],
    Field(strict=False, min_length=1),
    Says('a list of at least one word, such as ["sad", "angry"]'),
]
Share = Annotated[float, Field(ge=0, le=1), Says("a number from 0 to 1")]
Weight = Annotated[float, Field(ge=0, le=1e9), Says("a number from 0 up (to 1,000,000,000)")]
Duration = Annotated[float, Field(ge=1e-6, le=1e9), Says("a number above 0 (from 0.000001 to 1,000,000,000)")]
Factor = Annotated[float, Field(ge=1e-6, le=1e6), Says("a number above 0 to multiply by (from 0.000001 to 1,000,000)")]
Count = Annotated[int, Field(ge=1, le=10**9), Says("a whole number from 1 to 1,000,000,000")]
Row = Annotated[dict[Word, Weight], Says("a row of weights that add to 1, such as { neutral = 0.9, sad = 0.1 }")]
Spread = Annotated[float, Field(ge=0, le=10), Says("a number from 0 to 10")]
Levels = Annotated[int, Field(ge=1, le=64), Says("a whole number from 1 to 64")]
Year = Annotated[int, Field(ge=1, le=15), Says("a school year, counted from 1")]
Metres = Annotated[float, Field(ge=0.01, le=1000), Says("a number of metres from 0.01 to 1,000")]
Place = Annotated[float, Field(ge=-1000, le=1000), Says("a number of metres")]
Millimetres = Annotated[float, Field(ge=1, le=1000), Says("a number of millimetres from 1 to 1,000")]
Turn = Annotated[float, Field(ge=-180, le=180), Says("a number of degrees from -180 to 180")]
Tilt = Annotated[float, Field(ge=-90, le=90), Says("a number of degrees from -90 to 90")]
Opening = Annotated[float, Field(ge=1, le=170), Says("a number of degrees from 1 to 170")]
Pixels = Annotated[int, Field(ge=1, le=100_000), Says("a whole number of pixels from 1 to 100,000")]
Few = Annotated[int, Field(ge=1, le=40), Says("a whole number from 1 to 40")]
